//! An office: people who want something at several desks, and the account, which knows better.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use certdeck::app::popups::operations::{Choice, entries};
use certdeck::app::popups::{Popup, PromptKind};
use certdeck::app::writes::Watch;
use certdeck::domain::csr;
use certdeck::domain::operation::Operation;
use certdeck::domain::write::{Stage, WriteId};
use jiff::SignedDuration;

use crate::account::Server;
use crate::desk::Desk;
use crate::made::Made;
use crate::wants::{FAULTS, Fate, Fault, What, bare, is_true};

/// Longer than a write waits for anything.
const PATIENCE: Duration = Duration::from_secs(101);

/// The orders of each desk. The first and the last share one; those that share a store share none.
const ORDERS_OF: [[usize; 2]; 3] = [[0, 1], [2, 3], [0, 2]];

/// The store of each desk.
const STORES: [&str; 3] = ["shared", "shared", "own"];

/// Something that somebody wanted.
struct Want {
    desk: usize,
    order: usize,
    what: What,
    /// The CSR, or the note.
    text: String,
    /// Every request for it, and what becomes of that.
    sent: Vec<(WriteId, Fate)>,
    /// Whether somebody at another desk on the same store had the same text.
    shared: bool,
    /// How often somebody said yes to having it once more.
    more: usize,
}

/// A form of a store: the store, the order and the form's key.
type Place = (&'static str, usize, &'static str);

pub struct Office<'a> {
    made: &'a Made,
    server: &'a Server,
    folder: PathBuf,
    desks: Vec<Option<Desk<'a>>>,
    /// Whether something that was sent from a desk hangs.
    hangs: [bool; 3],
    wants: Vec<Want>,
    /// What was typed last in each form.
    typed: BTreeMap<Place, usize>,
}

impl<'a> Office<'a> {
    pub fn new(made: &'a Made, server: &'a Server, folder: &Path) -> Self {
        let mut office = Self {
            made,
            server,
            folder: folder.to_owned(),
            desks: Vec::new(),
            hangs: [false; 3],
            wants: Vec::new(),
            typed: BTreeMap::new(),
        };
        office.desks = STORES.map(|store| Some(office.started(store))).into();
        office
    }

    fn started(&self, store: &str) -> Desk<'a> {
        Desk::on_disk(self.server, &self.folder.join(store))
    }

    fn desk(&mut self, at: usize) -> &mut Desk<'a> {
        self.desks[at].as_mut().unwrap()
    }

    /// Somebody wants something, types it, and does not send it yet.
    pub fn begin(&mut self, at: usize, slot: usize, what: What) -> usize {
        let order = ORDERS_OF[at][slot];
        let place = what.form().map(|form| (STORES[at], order, form));
        let begun = place.and_then(|place| self.typed.get(&place));
        let begun = begun.filter(|number| {
            let want = &self.wants[**number];
            want.what == what && want.desk == at && want.sent.is_empty()
        });
        let number = begun.copied().unwrap_or(self.wants.len());
        if number == self.wants.len() {
            let text = match what {
                What::Note => format!("note {number}"),
                _ => self.made.csr(&self.made.orders[order], number),
            };
            self.wants.push(Want {
                desk: at,
                order,
                what,
                text,
                sent: Vec::new(),
                shared: false,
                more: 0,
            });
        }
        assert!(self.type_in(number), "it can be typed");
        number
    }

    /// Types what is wanted where it is sent from. What was typed there before is there; says no where it went meanwhile,
    /// or something else stands there.
    fn type_in(&mut self, number: usize) -> bool {
        let want = &self.wants[number];
        let (at, what, text) = (want.desk, want.what, want.text.clone());
        let place = what.form().map(|form| (STORES[at], want.order, form));
        let there = place.and_then(|place| self.typed.get(&place).copied());
        let order = self.made.orders[want.order].id;
        let was_sent = !want.sent.is_empty();
        if self.hangs[at] {
            self.finish(at);
        }
        let desk = self.desk(at);
        desk.home();
        desk.open_order(order);
        let Some(place) = place else {
            ask_for_a_note(desk);
            desk.type_text(&text);
            return true;
        };
        if there == Some(number) {
            desk.press(place.2);
            desk.settle();
            let form = desk.model.form.as_ref().expect("a form");
            let csr = form.reading.csr.as_ref().map(csr::Csr::pem);
            let kept = csr.is_some_and(|csr| bare(&csr) == bare(&text));
            // What hung may have reached the account only now.
            let arrived = self.effects(&self.wants[number]) > 0;
            assert!(kept || arrived, "what was typed is kept");
            return kept;
        }
        if was_sent {
            return false;
        }
        if what == What::Beside {
            desk.press("d");
            desk.settle();
            desk.paste(&text);
            desk.press("ctrl-t");
        } else {
            desk.press(place.2);
        }
        desk.settle();
        assert!(desk.model.form.is_some(), "{:?}", desk.model.status);
        desk.paste(&text);
        if what == What::Beside {
            // What was begun as a duplicate stays there or goes along; it is not what is asked for.
            self.typed.remove(&(place.0, place.1, "d"));
        }
        self.typed.insert(place, number);
        true
    }

    /// The desk is left as it is, or killed once what was typed is kept.
    pub fn leave(&mut self, at: usize, killed: bool) {
        self.desk(at).rest();
        if killed {
            self.kill(at);
        } else {
            self.desk(at).home();
        }
    }

    /// Somebody wants something and sends it.
    pub fn send(&mut self, at: usize, slot: usize, what: What, fault: Fault, waits: bool) {
        let number = self.begin(at, slot, what);
        self.go(at, number, fault, waits);
    }

    /// The CSR that was typed last at one of the two desks that share a store is sent from the other one too. Whether the
    /// account shall have it twice is asked only where it has it, or where the first may still arrive, says which of the
    /// two, and is answered with yes or no.
    pub fn send_beside(&mut self, at: usize, fault: Fault, insists: bool) {
        let (at, beside) = (at % 2, 1 - at % 2);
        let mut wants = self.wants.iter();
        let plain = [What::Duplicate, What::Reissue];
        let last = wants.rposition(|want| want.desk == at && plain.contains(&want.what));
        let Some(number) = last else {
            return;
        };
        if self.hangs[beside] {
            self.finish(beside);
        }
        let want = &mut self.wants[number];
        want.shared = true;
        let (order, form, text) = (want.order, want.what.form(), want.text.clone());
        let order = self.made.orders[order].id;
        let desk = self.desk(beside);
        desk.home();
        desk.open_order(order);
        desk.press(form.unwrap_or_default());
        desk.settle();
        desk.paste(&text);
        self.go(beside, number, fault, true);
        let desk = self.desk(beside);
        let asked = match desk.model.popups.last() {
            Some(Popup::Prompt(prompt)) => match &prompt.kind {
                PromptKind::Twice { word, .. } => Some((word.clone(), prompt.body.join("\n"))),
                _ => None,
            },
            _ => None,
        };
        let Some((word, told)) = asked else {
            return;
        };
        let want = &self.wants[number];
        let is_there = self.effects(want) > 0;
        let vanished = want.sent.iter().any(|(_, fate)| *fate == Fate::Vanishes);
        let is_true = (told.contains("CertCentral accepted it") && is_there)
            || (told.contains("was not found so far") && !is_there && vanished);
        assert!(is_true, "it is there: {is_there}, and said is: {told}");
        if !insists {
            return;
        }
        let desk = self.desk(beside);
        desk.type_text(&word);
        desk.press("enter");
        desk.settle();
        let want = &mut self.wants[number];
        want.more += 1;
        if let Some((_, fate)) = want.sent.last_mut() {
            *fate = Fate::Arrives;
        }
        self.look(beside);
    }

    /// What was wanted last is sent again: from its form, or, where it has none, from the list of what was sent.
    pub fn send_again(&mut self, at: usize, fault: Fault) {
        let mut wants = self.wants.iter();
        let last = wants.rposition(|want| want.desk == at && !want.sent.is_empty());
        let Some(number) = last else {
            return;
        };
        let form = self.wants[number].what.form();
        let ready = match form {
            Some(_) => self.type_in(number),
            None => self.ask_again(number),
        };
        if ready {
            self.go(at, number, fault, true);
        } else {
            self.desk(at).home();
        }
    }

    /// The question whether to send it again, if the desk asks it; then it is true.
    fn ask_again(&mut self, number: usize) -> bool {
        let want = &self.wants[number];
        let (at, op) = (want.desk, want.sent.last().map(|(op, _)| op.clone()));
        if self.hangs[at] {
            self.finish(at);
        }
        let desk = self.desk(at);
        desk.settle();
        let mut watches = desk.model.engine.writes.all.iter();
        let Some(row) = watches.position(|watch| Some(&watch.op) == op.as_ref()) else {
            return false;
        };
        desk.home();
        desk.press("W");
        for _ in 0..row {
            desk.press("j");
        }
        desk.press("s");
        desk.settle();
        let asks = matches!(desk.model.popups.last(),
            Some(Popup::Prompt(prompt)) if matches!(prompt.kind, PromptKind::SendAgain { .. }));
        let effects = self.effects(&self.wants[number]);
        assert!(!asks || effects == 0, "it is asked as if it were not there");
        asks
    }

    /// Enter is pressed on what is asked.
    fn go(&mut self, at: usize, number: usize, fault: Fault, waits: bool) {
        let want = &self.wants[number];
        // What the store may keep back is not waited for on the account.
        let watches = &self.desks[at].as_ref().unwrap().model.engine.writes.all;
        let busy = watches.iter().any(Watch::looks_on);
        let hangs = fault.2 && (want.shared || busy);
        let (fault, fate, endless) = if hangs { FAULTS[0] } else { fault };
        let what = want.what;
        let endpoint = what.endpoint();
        let sandbox = self.server.sandbox();
        let calls = sandbox.calls_of(endpoint);
        let spec = if fault.is_empty() {
            String::new()
        } else {
            format!("{fault}@{endpoint}")
        };
        let is_first = want.sent.is_empty();
        sandbox.set_faults(&spec).unwrap();
        let desk = self.desk(at);
        let before: Vec<WriteId> = desk
            .model
            .engine
            .writes
            .all
            .iter()
            .map(|w| w.op.clone())
            .collect();
        if what != What::Note {
            desk.press("ctrl-s");
        }
        desk.press("enter");
        let op = desk
            .model
            .engine
            .writes
            .all
            .first()
            .map(|watch| watch.op.clone());
        let Some(op) = op.filter(|op| !before.contains(op)) else {
            let busy = desk
                .model
                .engine
                .writes
                .all
                .iter()
                .any(|watch| watch.stage.is_open());
            assert!(!is_first || busy, "not sent: {:?}", desk.model.status);
            desk.home();
            sandbox.set_faults("").unwrap();
            return;
        };
        if endless {
            desk.until_account("the request", |server| {
                server.sandbox().calls_of(endpoint) > calls
            });
        } else {
            desk.gather(false);
        }
        if waits && !endless {
            desk.settle();
        }
        self.hangs[at] = endless;
        let was_sent = sandbox.calls_of(endpoint) > calls;
        let fate = if was_sent { fate } else { Fate::Stays };
        self.wants[number].sent.push((op, fate));
        sandbox.set_faults("").unwrap();
        self.look(at);
    }

    /// The answers come in this order.
    pub fn play(&mut self, at: usize, trouble: &str, picks: &[usize]) {
        let sandbox = self.server.sandbox();
        sandbox.set_faults(trouble).unwrap();
        for pick in picks {
            let hangs = self.hangs[at];
            let desk = self.desk(at);
            desk.gather(hangs);
            if !desk.take_any(*pick) && !desk.pass_the_deadline() {
                break;
            }
            self.look(at);
        }
        let hangs = self.hangs[at];
        self.desk(at).gather(hangs);
        sandbox.set_faults("").unwrap();
    }

    pub fn kill(&mut self, at: usize) {
        self.desks[at] = None;
        self.hangs[at] = false;
        self.desks[at] = Some(self.started(STORES[at]));
    }

    pub fn away(&mut self, at: usize) {
        let (home, other) = (self.server, &self.made.other);
        let desk = self.desk(at);
        desk.go_to(other.sandbox(), "other");
        // Whatever is asked to be done there is nothing of this account's.
        for key in ["W", "s", "enter", "esc", "R"] {
            desk.press(key);
            desk.settle_reads();
        }
        desk.go_to(home.sandbox(), "flow");
        self.look(at);
    }

    pub fn step_clock(&mut self, at: usize, by: i64) {
        self.desk(at).step_clock(SignedDuration::from_secs(by));
    }

    /// A desk goes on until it waits for nothing.
    pub fn finish(&mut self, at: usize) {
        self.hangs[at] = false;
        let desk = self.desk(at);
        desk.outwait(PATIENCE);
        desk.settle();
        self.look(at);
        while self
            .desk(at)
            .model
            .engine
            .writes
            .all
            .iter()
            .any(|watch| watch.stage.is_open())
        {
            self.desk(at).wait_for_the_deadline();
            self.look(at);
        }
    }

    /// Holds what a desk says against the account.
    fn look(&mut self, at: usize) {
        let desk = self.desks[at].as_ref().unwrap();
        for watch in &desk.model.engine.writes.all {
            let mut wants = self.wants.iter();
            let found = wants.find_map(|want| {
                let (_, fate) = want.sent.iter().find(|(op, _)| *op == watch.op)?;
                Some((want, *fate))
            });
            let Some((want, fate)) = found else { continue };
            let is_there = self.effects(want) > 0;
            let says = match &watch.stage {
                Stage::Sending | Stage::LookingUp(_) => None,
                Stage::NotFound(_) | Stage::Ended(_) => Some(false),
                Stage::Issued { problems, .. } => {
                    assert!(problems.is_empty(), "{problems:?}");
                    Some(true)
                }
                Stage::AwaitsApproval(_)
                | Stage::AwaitsCertificate(_)
                | Stage::Verifying(_)
                | Stage::Completed(_) => Some(true),
            };
            match says {
                Some(true) => assert!(is_there, "{:?}: {:?}", want.what, watch.stage),
                Some(false) => {
                    assert_ne!(fate, Fate::Arrives, "{:?}: {:?}", want.what, watch.stage);
                }
                None => {}
            }
        }
    }

    /// How often the account has what somebody wanted.
    fn effects(&self, want: &Want) -> usize {
        let order = self.made.orders[want.order].id;
        self.server.sandbox().with_account(|account| {
            let order = account.order(order).unwrap();
            match want.what {
                What::Note => order
                    .notes
                    .iter()
                    .filter(|note| note.text == want.text)
                    .count(),
                _ => order
                    .certificates
                    .iter()
                    .filter_map(|certificate| certificate.material.get())
                    .filter(|material| bare(&material.csr) == bare(&want.text))
                    .count(),
            }
        })
    }

    /// Everything comes to its end, and is held against the account.
    pub fn check(&mut self) {
        for what in What::ALL {
            let calls = self.made.other.sandbox().calls_of(what.endpoint());
            assert_eq!(calls, 0, "{what:?} went to the other account");
        }
        for at in 0..3 {
            self.finish(at);
        }
        // What one desk found is in the journal of the other.
        for at in 0..3 {
            let desk = self.desk(at);
            desk.home();
            desk.press("3");
            desk.settle();
        }
        for want in &self.wants {
            let fates = want.sent.iter().map(|(_, fate)| *fate);
            let arrived = fates.filter(|fate| *fate == Fate::Arrives).count();
            let effects = self.effects(want);
            let most = 1 + want.more;
            assert!(effects <= most, "{:?} is there {effects} times", want.what);
            assert_eq!(effects, arrived, "{:?}", want.what);
            let desk = self.desks[want.desk].as_ref().unwrap();
            for (op, fate) in &want.sent {
                let row = desk.model.journal.rows.iter().find(|row| row.op == *op);
                // What the store kept back is not written down.
                let told = row.map_or(*fate == Fate::Stays, |row| {
                    let twin = want.shared && *fate == Fate::Vanishes && effects > 0;
                    is_true(want.what, *fate, row) || (twin && row.certificate.is_some())
                });
                assert!(told, "{fate:?}: {row:?}");
            }
        }
        self.desks.clear();
        for store in ["shared", "own"] {
            self.check_drafts(store);
        }
    }

    /// What was typed is there for whoever starts next, until it was sent.
    fn check_drafts(&self, store: &'static str) {
        let typed = |want: &&Want| STORES[want.desk] == store && want.what != What::Note;
        let mut wants = self.wants.iter().filter(typed).peekable();
        if wants.peek().is_none() {
            return;
        }
        let desk = self.started(store);
        let holds = |want: &Want| {
            let line = want.text.lines().nth(2).unwrap();
            let mut drafts = desk.model.engine.drafts.texts.values();
            drafts.any(|draft| draft.contains(line))
        };
        for want in wants {
            let is_there = self.effects(want) > 0;
            let told = !holds(want) || !is_there || want.shared;
            assert!(told, "what was sent is begun no more");
        }
        for (_, number) in self.typed.iter().filter(|(place, _)| place.0 == store) {
            let want = &self.wants[*number];
            assert!(
                holds(want) || self.effects(want) > 0,
                "what was typed is lost"
            );
        }
    }
}

fn ask_for_a_note(desk: &mut Desk<'_>) {
    desk.press("m");
    desk.settle();
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    let lines = entries(&desk.model.engine, menu);
    let at = lines
        .iter()
        .position(|line| matches!(line.choice, Choice::One(Operation::Note)));
    for _ in 0..at.expect("notes are offered") {
        desk.press("j");
    }
    desk.press("enter");
}
