//! What has to be done at a time, without a message. Deadlines are distances: a clock that is set back puts none of them off.

use jiff::Timestamp;

use crate::app::model::Model;
use crate::app::screen::Screen;

impl Model {
    /// When something has to be done without a message, if ever. The only timer there is.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let engine = self.engine.next_deadline().into_iter();
        engine
            .chain(self.preview.due)
            .chain(self.form.as_ref().and_then(|form| form.draft_due))
            .chain(self.requests.due)
            .chain(self.plan.due.filter(|_| self.screen == Screen::Plan))
            .chain(
                self.domains
                    .dependents
                    .due
                    .filter(|_| self.screen == Screen::Domains),
            )
            .chain(
                self.endpoints
                    .due()
                    .filter(|_| self.screen == Screen::Endpoints),
            )
            .chain(
                self.auto
                    .due
                    .filter(|_| matches!(self.screen, Screen::Plan | Screen::Endpoints)),
            )
            .chain(self.late.due())
            .min()
    }

    /// Whether there is more to do than could be done in one go: it is done in steps, when nothing else has happened.
    pub fn has_more(&self) -> bool {
        let counts = match self.screen {
            Screen::Plan => self.plan.is_counting(),
            Screen::Domains => self.domains.dependents.is_counting(),
            Screen::Endpoints => self.endpoints.is_making(),
            _ => false,
        };
        counts || self.orders.sorting().is_some()
    }

    /// It is now so late; `due` if what has to be done at [`Model::next_deadline`] is to be done. Where the machine's clock
    /// was set back, what waits goes on waiting as long as it would have.
    pub(in crate::app) fn turn_to(&mut self, now: Timestamp, due: bool) {
        let before = std::mem::replace(&mut self.engine.now, now);
        if now >= before {
            return;
        }
        let reached = self.next_deadline().filter(|_| due).unwrap_or(before);
        let back = reached.duration_since(now);
        let dues = self
            .engine
            .writes
            .all
            .iter_mut()
            .map(|watch| &mut watch.due);
        let of_form = self.form.as_mut().map(|form| &mut form.draft_due);
        let looks = self.engine.served.dues();
        let of_endpoints = self.endpoints.dues();
        let all = dues.chain(looks).chain(of_form).chain(of_endpoints);
        for due in all.chain([
            &mut self.preview.due,
            &mut self.requests.due,
            &mut self.plan.due,
            &mut self.domains.dependents.due,
            &mut self.auto.due,
        ]) {
            *due = due.and_then(|due| due.checked_sub(back).ok());
        }
        self.late.set_back(back);
    }
}
