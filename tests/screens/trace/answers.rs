//! What comes to the desk in the trace: answers to what it asked for, and what happens by itself.

use certdeck::app::effect::Effect;
use certdeck::app::look::Ground;
use certdeck::app::msg::{
    Completion, Connection, CopyReport, FileProblem, KeyMade, Msg, SentText, SyncEvent, Unfinished,
};
use certdeck::app::remote::Ticket;
use certdeck::config::KeyPlace;
use certdeck::domain::clock::ClockOffset;
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::domain::ids::RequestId;
use certdeck::domain::order::CsrText;
use certdeck::domain::packed::Rows;
use certdeck::domain::write::{Before, Method, Outgoing, Stage, WriteId, WriteKind};
use jiff::{SignedDuration, Timestamp};

use super::csrs::CSRS;
use super::far::{Far, failure, late};
use super::words;
use crate::account::{self, ORDER, at};
use crate::hands::no_connection;

fn connection(account: &str) -> Connection {
    Connection {
        account: account.into(),
        key: Ok("the key store".into()),
        ..no_connection("work", Failure::local("", ""))
    }
}

/// What an earlier session left: a duplicate that may have arrived, and one that waits for its approval.
fn unfinished() -> Vec<Unfinished> {
    let one = |op: &str, csr: &str, stage: Stage| {
        let body = serde_json::json!({"certificate": {
            "common_name": "shop.example.net",
            "dns_names": ["shop.example.net", "www.shop.example.net", "api.example.net", "pay.example.net"],
            "csr": csr,
        }});
        let path = format!("/order/certificate/{ORDER}/duplicate");
        Unfinished {
            op: WriteId(op.into()),
            outgoing: Outgoing::kept(
                WriteKind::Duplicate,
                Method::Post,
                path,
                body.to_string(),
                Some(ORDER),
            )
            .with_expected(),
            sent: at("2026-11-20T13:50:00Z"),
            stage,
            order: Some(ORDER),
            before: Before {
                account: Some("demo account".into()),
                ..Before::default()
            },
            token: None,
        }
    };
    vec![
        one(
            "old-1",
            CSRS[0].1,
            Stage::LookingUp(Failure::local("certdeck ended before an answer came.", "")),
        ),
        one(
            "old-2",
            CSRS[1].1,
            Stage::AwaitsApproval(RequestId(300_000_041)),
        ),
    ]
}

/// What comes of something that was asked for, in words and as a message.
pub fn reply(far: &Far, effect: Effect, well: bool) -> Option<(String, Msg)> {
    let why = || Failure::local("It did not work.", "");
    let or_fail = |text: &str| {
        if well {
            Ok(text.to_owned())
        } else {
            Err(why())
        }
    };
    let problem = || {
        if well {
            Ok(())
        } else {
            Err(FileProblem::Exists)
        }
    };
    let csr = |at: usize| CSRS[at].1.to_owned();
    Some(match effect {
        Effect::Read { ticket, read } => {
            let broke = || failure(FailureKind::Network, "The connection broke.", None);
            let result = if well {
                far.answer(&read)
            } else {
                Err(broke())
            };
            let said = words::read(&read);
            (
                said,
                Msg::Reply {
                    ticket,
                    read,
                    result,
                },
            )
        }
        Effect::Sync { run } => {
            let rows = Rows::from_iter(account::orders());
            let total = rows.len() as u64;
            let event = if well {
                SyncEvent::Rows {
                    rows: rows.into(),
                    done: total,
                    total,
                }
            } else {
                SyncEvent::Failed(why())
            };
            ("orders".into(), Msg::Sync { run, event })
        }
        Effect::Connect { .. } if well => (
            "connected".into(),
            Msg::Connected(connection("demo account")),
        ),
        Effect::Connect { .. } => ("connected".into(), Msg::NotConnected(why())),
        Effect::FindKeyPlaces => (
            "key places".into(),
            Msg::KeyPlaces {
                places: vec![KeyPlace::Store],
                kept: None,
            },
        ),
        Effect::MakeKey(spec) => {
            let made = KeyMade {
                csr: CsrText(csr(0)),
                path: spec.path,
            };
            let result = if well { Ok(made) } else { Err(why()) };
            (
                "key".into(),
                Msg::KeyMade {
                    form: spec.form,
                    result,
                },
            )
        }
        Effect::Copy {
            text,
            what,
            force: false,
        } if !well => {
            let words = "It is large.".into();
            ("copy".into(), Msg::CopyTooLarge { text, what, words })
        }
        Effect::Copy { .. } => {
            let report = CopyReport {
                words: "Copied".into(),
                verified: true,
                hint: None,
            };
            ("copy".into(), Msg::Copied(Ok(report)))
        }
        Effect::WriteFile { path, what, .. } => {
            // Its length would tell of keys that are made when the test runs.
            let (text, result) = (String::new(), problem());
            (
                "file".into(),
                Msg::FileSaved {
                    path,
                    text,
                    what,
                    result,
                },
            )
        }
        Effect::WriteNew {
            of,
            mut files,
            caveat,
            ..
        } => {
            let (path, _) = files.swap_remove(0);
            let result = problem();
            (
                "file".into(),
                Msg::NewFileSaved {
                    of,
                    path,
                    caveat,
                    result,
                },
            )
        }
        Effect::ReadFile { form, path } => {
            let result = or_fail(CSRS[1].1);
            ("file".into(), Msg::FileRead { form, path, result })
        }
        Effect::ReadEndpoints { path } => {
            let result = or_fail("lb1.internal:443\n10.0.0.8/30:8443\n");
            ("endpoints".into(), Msg::EndpointsRead { path, result })
        }
        Effect::CompletePath { typed } => {
            let goes_on = Completion {
                text: format!("{typed}/a.csr"),
                offers: Vec::new(),
            };
            let result = if well { Ok(goes_on) } else { Err(why()) };
            ("path".into(), Msg::PathCompleted { typed, result })
        }
        Effect::ReadCsrs { list, .. } => {
            let named = |(name, csr): &(&str, &str)| (format!("{name}.csr"), or_fail(csr));
            let files = CSRS.iter().take(5).map(named).collect();
            ("CSRs".into(), Msg::CsrsRead { list, files })
        }
        Effect::LoadPriorCsrs { order } => {
            let sent = if well { Ok(Vec::new()) } else { Err(why()) };
            ("CSRs sent".into(), Msg::PriorCsrs { order, sent })
        }
        Effect::Edit { .. } => ("edited".into(), Msg::Edited(or_fail(CSRS[2].1))),
        Effect::LoadJournal => {
            let rows = if well {
                Ok(account::journal())
            } else {
                Err(why())
            };
            ("journal".into(), Msg::Journal(rows))
        }
        Effect::ShowSent { what, .. } => {
            let result = or_fail("POST /order").map(SentText);
            ("what was sent".into(), Msg::JournalRequest { what, result })
        }
        _ => return None,
    })
}

/// Something that happens by itself.
pub fn event(name: &str, now: Timestamp) -> Msg {
    match name {
        "home" => Msg::Connected(connection("demo account")),
        "away" => Msg::Connected(connection("other account")),
        "nokey" => Msg::Connected(Connection {
            key: Err(failure(FailureKind::NoKey, "There is no API key.", None)),
            ..connection("")
        }),
        "rows" => Msg::Cached {
            account: "demo account".into(),
            rows: Rows::from_iter([late()]).into(),
        },
        "held" => Msg::ListOf {
            account: "demo account".into(),
            at: at("2026-11-20T10:00:00Z"),
            orders: 3,
        },
        // Of a run that there never was.
        "gone" => Msg::Sync {
            run: Ticket(0),
            event: SyncEvent::Finished {
                removed: vec![ORDER],
            },
        },
        "journal" => Msg::Journal(Ok(account::journal().split_off(1))),
        "resume" => Msg::Resume(unfinished()),
        "drafts" => Msg::Draft {
            key: "reissue-100000119".into(),
            json: r#"{"fields":{"comments":"from before"},"focus":"csr"}"#.into(),
            refusal: Some(failure(FailureKind::Refused, "It was refused.", Some(400))),
        },
        "notice" => Msg::Notice("Something to know.".into()),
        "done" => Msg::Done("It is done.".into()),
        "notkept" => Msg::NotKept("Nothing is kept.".into()),
        "keptagain" => Msg::KeptAgain,
        "paste" => Msg::OfPaste("Of this paste.".into()),
        "mistakes" => Msg::Mistakes(vec!["a setting is not known".into()]),
        "clock" => Msg::Clock(ClockOffset::default().measured(
            now + SignedDuration::from_hours(30),
            now,
            now,
        )),
        "small" => Msg::Resize(40, 10),
        _ => Msg::Ground(Ground::Dark),
    }
}
