//! The command after issue: once for each verified certificate, one at a time and in its window; a failure stays red until it
//! is dismissed.

use jiff::tz::TimeZone;

use super::served_tests::{says, sees, target, with_serial};
use super::verify_tests::{facts, fetched_on, row, with_key};
use super::*;
use crate::app::installs::InstallCommand;
use crate::app::status::Tone;
use crate::domain::ids::CertificateId;
use crate::domain::install::{
    Install, InstallEnd, InstallExit, InstallJob, InstallRecord, InstallState, PemFile,
};
use crate::domain::testing::self_signed;
use crate::domain::window::Window;

const NAME: &str = "n1.example.net";

fn command(window: Option<&str>) -> InstallCommand {
    InstallCommand {
        name: "install-cert".into(),
        window: window.map(|text| Window::parse(text).unwrap()),
        zone: TimeZone::UTC,
        folder: "/var/lib/certdeck/issued".into(),
    }
}

fn desk(window: Option<&str>) -> Desk {
    let mut desk = Desk::with_orders(3);
    desk.model.engine.installs.command = Some(command(window));
    desk.nothing_is_late();
    desk
}

fn record(order: u64, state: InstallState) -> InstallRecord {
    let file = |part: &str| PemFile {
        path: format!("/etc/ssl/{order}/{part}.pem"),
        text: part.into(),
    };
    InstallRecord {
        install: Install {
            order: OrderId(order),
            certificate: CertificateId(order + 100),
            job: InstallJob {
                names: vec![format!("n{order}.example.net")],
                serial: format!("0B{order}"),
                certificate: file("cert"),
                chain: None,
                full_chain: file("fullchain"),
                spki_der: vec![1],
            },
        },
        state,
        at: "2026-11-20T12:00:00Z".parse().unwrap(),
        dismissed: false,
    }
}

fn ended(exit: InstallExit) -> InstallState {
    InstallState::Ended(InstallEnd {
        exit,
        output: "reloading\nnginx: configuration file test failed\n".into(),
    })
}

/// The orders for which the command is run.
fn runs(effects: &[Effect]) -> Vec<u64> {
    let all = effects.iter().filter_map(|effect| match effect {
        Effect::RunInstall { order, .. } => Some(order.0),
        _ => None,
    });
    all.collect()
}

fn end(desk: &mut Desk, order: u64, exit: InstallExit) -> Vec<Effect> {
    let InstallState::Ended(end) = ended(exit) else {
        unreachable!()
    };
    desk.tell(Msg::InstallEnded {
        order: OrderId(order),
        certificate: CertificateId(order + 100),
        end: Some(end),
    })
}

#[test]
fn a_verified_certificate_is_handed_over_before_it_counts_as_verified_and_another_never() {
    let (pem, _) = self_signed(NAME);
    let (other, _) = self_signed(NAME);
    for (key, is_good) in [(&pem, true), (&other, false)] {
        let sent = with_key(facts(key).spki_der, "{}");
        let (_, effects) = fetched_on(desk(None), sent, row(&pem), &pem, None);
        let planned = effects.iter().find_map(|effect| match effect {
            Effect::PlanInstall { install, again } => Some((install, again)),
            _ => None,
        });
        assert_eq!(planned.is_some(), is_good, "{effects:?}");
        let Some((install, again)) = planned else {
            continue;
        };
        assert!(!again);
        assert_eq!(install.certificate, CertificateId(8));
        assert_eq!(install.job.names, [NAME]);
        let path = &install.job.full_chain.path;
        assert!(path.starts_with("/var/lib/certdeck/issued/1/"), "{path}");
        assert!(install.job.certificate.text.contains("BEGIN CERTIFICATE"));
        let at = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted).unwrap();
        assert!(
            at(|effect| matches!(effect, Effect::PlanInstall { .. }))
                < at(|effect| matches!(effect, Effect::Journal { .. }))
        );
    }
    // Without a command nothing is handed over.
    let sent = with_key(facts(&pem).spki_der, "{}");
    let (_, effects) = fetched_on(Desk::with_orders(1), sent, row(&pem), &pem, None);
    let plans = |effect: &Effect| matches!(effect, Effect::PlanInstall { .. });
    assert!(!effects.iter().any(plans), "{effects:?}");
}

#[test]
fn the_command_runs_for_one_after_the_other_the_oldest_first() {
    let mut desk = desk(None);
    let waits = |order| record(order, InstallState::Waiting);
    let effects = desk.tell(Msg::Installs(vec![waits(3), waits(2), waits(1)]));
    assert_eq!(runs(&effects), [1]);
    let running = record(1, InstallState::Running);
    let effects = desk.tell(Msg::Installs(vec![running, waits(3), waits(2)]));
    assert_eq!(runs(&effects), [0; 0], "one at a time");
    end(&mut desk, 1, InstallExit::Code(0));
    assert!(says(&desk, "n1.example.net: install-cert is done."));
    let done = record(1, ended(InstallExit::Code(0)));
    let effects = desk.tell(Msg::Installs(vec![done, waits(3), waits(2)]));
    assert_eq!(runs(&effects), [2]);
    // Another certdeck was faster: the next one has its turn.
    desk.tell(Msg::InstallEnded {
        order: OrderId(2),
        certificate: CertificateId(102),
        end: None,
    });
    let elsewhere = record(2, InstallState::Running);
    let effects = desk.tell(Msg::Installs(vec![elsewhere, waits(3)]));
    assert_eq!(runs(&effects), [3]);
}

#[test]
fn what_waits_for_the_window_runs_when_that_opens_and_not_before() {
    let mut desk = desk(Some("02:00-04:00"));
    let now = desk.now.to_zoned(TimeZone::UTC);
    let effects = desk.tell(Msg::Installs(vec![record(1, InstallState::Waiting)]));
    assert_eq!(runs(&effects), [0; 0]);
    let opens = desk.model.next_deadline().unwrap().to_zoned(TimeZone::UTC);
    assert_eq!((opens.hour(), opens.minute()), (2, 0));
    assert!(opens > now);
    let wait = opens.timestamp().duration_since(desk.now).as_secs();
    let before = desk.wait(wait - 1);
    assert_eq!(runs(&before), [0; 0]);
    assert_eq!(runs(&desk.wait(1)), [1]);
}

#[test]
fn a_failure_is_red_in_the_header_the_journal_and_the_activity_until_it_is_dismissed() {
    for exit in [
        InstallExit::Code(1),
        InstallExit::Signal(9),
        InstallExit::TimedOut(300),
        InstallExit::NotStarted("no such file".into()),
    ] {
        let mut desk = desk(None);
        let words = exit.words();
        end(&mut desk, 1, exit.clone());
        assert_eq!(desk.model.status.as_ref().unwrap().tone, Tone::Bad);
        let effects = desk.tell(Msg::Installs(vec![record(1, ended(exit.clone()))]));
        assert_eq!(runs(&effects), [0; 0], "never again by itself");
        assert!(says(&desk, "1 not installed"));
        desk.press("3");
        assert!(says(&desk, &words), "{words}");
        assert!(says(&desk, "configuration file test failed"));
        desk.press("x");
        let effects = desk.press("enter");
        let dismissed = Effect::DismissInstall {
            order: OrderId(1),
            certificate: CertificateId(101),
        };
        assert!(effects.contains(&dismissed), "{effects:?}");
        let seen = InstallRecord {
            dismissed: true,
            ..record(1, ended(exit))
        };
        desk.tell(Msg::Installs(vec![seen]));
        assert!(!says(&desk, "1 not installed"));
    }
}

#[test]
fn one_whose_certdeck_died_is_unknown_and_stands_on_top() {
    let mut desk = desk(None);
    let effects = desk.tell(Msg::Installs(vec![
        record(1, ended(InstallExit::Code(0))),
        record(2, InstallState::Lost),
    ]));
    assert_eq!(runs(&effects), [0; 0]);
    desk.press("3");
    assert_eq!(desk.model.journal.rows[0].order, Some(OrderId(2)));
    assert!(desk.model.journal.rows[0].is_unknown);
    assert!(says(&desk, "1 not installed"));
}

#[test]
fn after_it_is_installed_it_is_looked_for_until_it_is_seen() {
    let mut desk = desk(None).on_an_account();
    let connection = desk.model.engine.account.connection.as_mut();
    connection.unwrap().url = "https://www.digicert.com/services/v2".into();
    desk.model.engine.outside.checks = true;
    desk.tell(Msg::Installs(vec![record(1, InstallState::Waiting)]));
    end(&mut desk, 1, InstallExit::Code(0));
    let looks = |effects: &[Effect]| {
        let is_look = |effect: &&Effect| matches!(effect, Effect::LookServed(_));
        effects.iter().filter(is_look).count()
    };
    assert_eq!(looks(&desk.wait(59)), 0);
    assert_eq!(looks(&desk.wait(1)), 1);
    sees(&mut desk, NAME, with_serial("0A1"));
    assert_eq!(looks(&desk.wait(4 * 60 - 1)), 0);
    assert_eq!(looks(&desk.wait(1)), 1, "at five minutes");
    sees(&mut desk, NAME, with_serial("0B1"));
    assert!(says(&desk, "the new certificate is served at 1 place"));
    assert_eq!(looks(&desk.wait(3_600)), 0, "it was seen");

    // Not seen at the last look: where not is said.
    let effects = desk.tell(Msg::Installs(vec![record(1, InstallState::Waiting)]));
    assert_eq!(runs(&effects), [1]);
    end(&mut desk, 1, InstallExit::Code(0));
    for seconds in [60, 240, 600] {
        assert_eq!(looks(&desk.wait(seconds)), 1);
        sees(&mut desk, NAME, with_serial("0A1"));
    }
    assert!(says(
        &desk,
        "after 15 minutes the new certificate is not served at"
    ));
    assert!(says(&desk, &target(NAME).words()));
    assert_eq!(looks(&desk.wait(3_600)), 0);
}

#[test]
fn the_key_asks_and_runs_it_once_more_and_without_a_command_says_what_to_set() {
    let mut desk = desk(None);
    desk.press("I");
    assert!(says(&desk, "install-cert runs for certificate"));
    let effects = desk.press("enter");
    assert!(
        reads(&effects)
            .iter()
            .any(|read| matches!(read, Read::Chain(_))),
        "{effects:?}"
    );
    let mut desk = Desk::with_orders(1);
    desk.press("I");
    assert!(says(&desk, "No command is set: add [after_issue]"));
}
