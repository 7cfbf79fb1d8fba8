//! After a switch to another account nothing of the old one is shown, asked for or sent.

use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::packed::Rows;
use crate::domain::write::WriteId;
use proptest::prelude::*;
use proptest::sample::Index;

const HERE: &str = "demo account";
const THERE: &str = "other account";

/// The numbers of one account start where the other's end.
fn base(account: &str) -> u64 {
    if account == HERE { 0 } else { 1000 }
}

fn request(account: &str, id: u64) -> Request {
    let id = base(account) + id;
    Request {
        order: Some(OrderId(id)),
        ..testing::request(id, RequestKind::Duplicate, RequestStatus::Pending)
    }
}

fn requests(account: &str) -> Vec<Request> {
    (1..=3).map(|id| request(account, id)).collect()
}

/// What an account answers; with an odd number nothing came through.
fn answer(account: &str, read: &Read, luck: u64) -> Result<Data, Failure> {
    if luck.is_multiple_of(5) {
        return Err(lost());
    }
    Ok(match read {
        Read::Order(id) => {
            let mut info = order(id.0, Certificate::empty(Role::Primary));
            info.requests = requests(account);
            info.requests.retain(|request| request.order == Some(*id));
            Data::Order(Box::new(info))
        }
        Read::Duplicates(_) | Read::Reissues(_) => Data::Certificates(Vec::new()),
        Read::Requests => Data::Requests(requests(account)),
        Read::Request(id) => Data::Request(Box::new(request(account, id.0 - base(account)))),
        _ => return Err(lost()),
    })
}

/// The numbers of orders and requests that an effect asks the account about.
fn numbers(effect: &Effect) -> Vec<u64> {
    match effect {
        Effect::Read { read, .. } => match read {
            Read::Order(id) | Read::Duplicates(id) | Read::Reissues(id) => vec![id.0],
            Read::Domains(id, _) => vec![id.0],
            Read::Request(id) => vec![id.0],
            _ => Vec::new(),
        },
        Effect::Write { outgoing, .. } => {
            let order = outgoing.order.map(|order| order.0);
            let request = outgoing.request.map(|request| request.0);
            order.into_iter().chain(request).collect()
        }
        _ => Vec::new(),
    }
}

/// A desk, and what was asked of which account.
struct Both {
    desk: Desk,
    account: &'static str,
    asked: Vec<(&'static str, Effect)>,
    problems: Vec<String>,
}

impl Both {
    fn new() -> Self {
        let mut both = Self {
            desk: Desk::with_orders(3),
            account: HERE,
            asked: Vec::new(),
            problems: Vec::new(),
        };
        let effects = both.desk.press("R");
        both.took(effects);
        both
    }

    fn took(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let foreign = |number: &u64| (*number > 1000) != (self.account == THERE);
            if numbers(&effect).iter().any(foreign) {
                self.problems
                    .push(format!("{effect:?} left for {}", self.account));
            }
            if matches!(
                effect,
                Effect::Read { .. } | Effect::Write { .. } | Effect::Sync { .. }
            ) {
                self.asked.push((self.account, effect));
            }
        }
    }

    fn go_to(&mut self, account: &'static str) {
        self.account = account;
        let effects = self.desk.go_to(account);
        self.took(effects);
    }

    /// One of what was asked is answered, by the account that it was asked of.
    fn answered(&mut self, which: Index, luck: u64) {
        if self.asked.is_empty() {
            return;
        }
        let (account, effect) = self.asked.remove(which.index(self.asked.len()));
        let effects = match effect {
            Effect::Read { ticket, read } => {
                let result = answer(account, &read, luck);
                self.desk.tell(Msg::Reply {
                    ticket,
                    read,
                    result,
                })
            }
            Effect::Write { op, .. } => {
                let outcome = match luck % 3 {
                    0 => Ended::Unknown(lost()),
                    1 => Ended::Refused(Failure {
                        kind: FailureKind::Refused,
                        status: Some(400),
                        ..lost()
                    }),
                    _ => Ended::Accepted(Accepted::default()),
                };
                self.desk.tell(Msg::WriteEnded { op, outcome })
            }
            Effect::Sync { run } => {
                let rows: Rows = (1..=3)
                    .map(|n| summary(base(account) + n, &format!("n{n}.example.net")))
                    .collect();
                let rows = rows.into();
                let (done, total) = (3, 3);
                self.desk.tell(Msg::Sync {
                    run,
                    event: SyncEvent::Rows { rows, done, total },
                })
            }
            _ => Vec::new(),
        };
        self.took(effects);
    }
}

#[derive(Debug, Clone)]
enum Step {
    Press(&'static str),
    Answer(Index, u64),
    Cached(bool),
    Wait(i64),
    Switch,
}

fn step() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "1", "2", "j", "enter", "esc", "R", "a", "x", "space", "m", "W", "s", "o", "r", "n", "d",
        "enter", "enter",
    ]);
    prop_oneof![
        6 => keys.prop_map(Step::Press),
        8 => (any::<Index>(), 0..30_u64).prop_map(|(which, luck)| Step::Answer(which, luck)),
        1 => any::<bool>().prop_map(Step::Cached),
        2 => (1..20_i64).prop_map(Step::Wait),
        1 => Just(Step::Switch),
    ]
}

proptest! {
    #[test]
    fn nothing_of_one_account_is_asked_of_or_sent_to_the_other(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut both = Both::new();
        for step in steps {
            match step {
                Step::Press(key) => {
                    let effects = both.desk.press(key);
                    both.took(effects);
                }
                Step::Answer(which, luck) => both.answered(which, luck),
                Step::Cached(here) => {
                    let account = if here { HERE } else { THERE };
                    let rows = [summary(base(account) + 1, "kept.example.net")];
                    let rows = Rows::from_iter(&rows).into();
                    let effects = both.desk.tell(Msg::Cached { account: account.into(), rows });
                    both.took(effects);
                }
                Step::Wait(seconds) => {
                    let effects = both.desk.wait(seconds);
                    both.took(effects);
                }
                Step::Switch => {
                    let other = if both.account == HERE { THERE } else { HERE };
                    both.go_to(other);
                }
            }
            let shown = both.desk.model.orders.view.len();
            for at in 0..shown {
                let row = both.desk.model.orders.row(&both.desk.model.engine.account, at).map(|row| row.id.0);
                prop_assert!(row.is_none_or(|id| (id > 1000) == (both.account == THERE)), "{row:?}");
            }
            prop_assert!(both.problems.is_empty(), "{:?}", both.problems);
        }
    }
}

fn decisions(effects: &[Effect]) -> Vec<WriteId> {
    let writes = effects.iter().filter_map(|effect| match effect {
        Effect::Write { op, .. } => Some(op.clone()),
        _ => None,
    });
    writes.collect()
}

/// Three requests are marked and approved; the first is under way.
pub(super) fn approving() -> (Desk, WriteId) {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("2");
    let more = desk.press("R");
    let effects: Vec<Effect> = effects.into_iter().chain(more).collect();
    desk.answer(
        &effects,
        &Read::Requests,
        Ok(Data::Requests(requests(HERE))),
    );
    let mut asked = desk.press("space space space a");
    for request in requests(HERE) {
        let read = Read::Request(request.id);
        let more = desk.answer(&asked, &read, Ok(Data::Request(Box::new(request))));
        asked.extend(more);
    }
    let sent = decisions(&desk.press("enter"));
    assert_eq!(sent.len(), 1, "{:?}", desk.model.popups);
    (desk, sent[0].clone())
}

#[test]
fn the_rest_of_a_batch_is_not_sent_to_another_account() {
    let (mut desk, first) = approving();
    desk.go_to(THERE);
    let told = desk.told().to_owned();
    assert!(told.contains("2 requests were not decided"), "{told}");
    let outcome = Ended::Accepted(Accepted::default());
    let after = desk.tell(Msg::WriteEnded { op: first, outcome });
    assert!(decisions(&after).is_empty());
}

#[test]
fn an_open_question_is_not_answered_on_another_account() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("2 R");
    desk.answer(
        &effects,
        &Read::Requests,
        Ok(Data::Requests(requests(HERE))),
    );
    desk.press("a");
    assert!(matches!(desk.model.popups.last(), Some(Popup::Asking(_))));
    desk.go_to(THERE);
    assert!(desk.model.popups.is_empty());
    assert!(decisions(&desk.press("enter")).is_empty());
}

#[test]
fn what_was_sent_elsewhere_is_watched_again_back_there() {
    let (mut desk, first) = approving();
    desk.go_to(THERE);
    assert!(
        desk.model.engine.writes.all.is_empty() && desk.model.engine.writes.elsewhere.len() == 1
    );
    let outcome = Ended::Unknown(lost());
    desk.tell(Msg::WriteEnded {
        op: first.clone(),
        outcome,
    });
    let looks = desk.wait(60);
    assert!(
        !reads(&looks)
            .iter()
            .any(|read| matches!(read, Read::Order(id) if id.0 < 1000)),
        "{looks:?}"
    );
    desk.go_to(HERE);
    let watch = desk.model.engine.writes.all.first().unwrap();
    assert_eq!(watch.op, first);
    assert_eq!(desk.shown(0), hands::LOOKING);
    assert!(desk.model.engine.writes.elsewhere.is_empty());
}

#[test]
fn a_list_of_what_was_sent_opens_only_where_it_has_something_to_tell() {
    for over in [false, true] {
        let (mut desk, first) = approving();
        let mut sent = vec![first];
        while let Some(op) = sent.pop().filter(|_| over) {
            sent = decisions(&desk.ends(&op, Ended::Accepted(Accepted::default())));
        }
        let list = desk.watch_list();
        assert_eq!(list.contains("sending…"), !over, "{list}");
        desk.go_to(THERE);
        desk.press("W");
        let opens = matches!(desk.model.popups.last(), Some(Popup::Watches(_)));
        assert_eq!(opens, !over);
        let told = desk.model.status.as_ref().map(|told| told.words.as_str());
        let none = Some("Nothing was sent to this account in this session.");
        assert_eq!(told == none, over, "{told:?}");
    }
}
