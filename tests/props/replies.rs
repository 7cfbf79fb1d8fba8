//! Replies come in any order, late, twice, or not at all: the desk ends as if the newest alone had come.

use certdeck::app::effect::{Effect, Read};
use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Data, Msg};
use certdeck::app::remote::{Remote, Ticket};
use certdeck::app::update;
use certdeck::domain::account::Session;
use certdeck::domain::failure::Failure;
use certdeck::keys::KeyMap;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::hands;

fn desk() -> (Model, Vec<(Ticket, Read)>) {
    let keymap = KeyMap::default();
    let now = Timestamp::UNIX_EPOCH;
    let mut model = Model::new((120, 40), keymap, Look::default(), "props".into(), now);
    let connected = Msg::Connected(hands::connection("demo account"));
    let mut asked = Vec::new();
    let effects = update(&mut model, connected, now);
    gather(effects, &mut asked);
    (model, asked)
}

fn gather(effects: Vec<Effect>, asked: &mut Vec<(Ticket, Read)>) {
    for effect in effects {
        if let Effect::Read { ticket, read } = effect {
            asked.push((ticket, read));
        }
    }
}

/// An answer that tells which read it belongs to; every third read fails.
fn answer(ticket: Ticket, read: &Read) -> Result<Data, Failure> {
    if ticket.0.is_multiple_of(3) {
        return Err(Failure::local(format!("answer {}", ticket.0), ""));
    }
    match read {
        Read::Session => Ok(Data::Session(session(ticket))),
        _ => Ok(Data::Requests(Vec::new())),
    }
}

fn session(ticket: Ticket) -> Session {
    Session {
        user: format!("answer {}", ticket.0),
        ..Session::default()
    }
}

/// What is seen of a slot, and which answer it came from.
fn seen<T>(remote: &Remote<T>) -> String {
    match remote {
        Remote::Idle => "idle".into(),
        Remote::Loading { .. } => "loading".into(),
        Remote::Ready { .. } => "ready".into(),
        Remote::Failed { error, .. } => error.what.clone(),
    }
}

proptest! {
    #[test]
    fn any_interleaving_ends_like_the_newest_answer_alone(
        order in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..60),
    ) {
        let (mut model, mut open) = desk();
        let now = Timestamp::UNIX_EPOCH;
        let mut answered: Vec<(Ticket, Read)> = Vec::new();
        for (which, again) in order {
            if again {
                // Another look at everything, while earlier answers are still out.
                let effects = update(&mut model, hands::key("R"), now);
                gather(effects, &mut open);
            }
            // Answers that came already may come once more.
            let all = open.len() + answered.len();
            if all == 0 {
                continue;
            }
            let at = which.index(all);
            let (ticket, read) = if at < open.len() {
                open.remove(at)
            } else {
                answered[at - open.len()].clone()
            };
            let result = answer(ticket, &read);
            let effects = update(&mut model, Msg::Reply { ticket, read: read.clone(), result }, now);
            gather(effects, &mut open);
            answered.push((ticket, read));
        }
        let all: Vec<&(Ticket, Read)> = open.iter().chain(&answered).collect();
        for read in [Read::Session, Read::Requests] {
            let newest = all.iter().filter(|(_, of)| *of == read).map(|(ticket, _)| *ticket).max();
            let Some(newest) = newest else { continue };
            let expected = if open.iter().any(|(ticket, _)| *ticket == newest) {
                "loading".to_owned()
            } else {
                match answer(newest, &read) {
                    Ok(_) => "ready".to_owned(),
                    Err(failure) => failure.what,
                }
            };
            let is = match read {
                Read::Session => seen(&model.engine.account.session),
                _ => seen(&model.engine.account.requests.waiting),
            };
            prop_assert_eq!(is, expected);
            if let (Read::Session, Remote::Ready { value, .. }) = (&read, &model.engine.account.session) {
                prop_assert_eq!(value, &session(newest));
            }
        }
    }
}
