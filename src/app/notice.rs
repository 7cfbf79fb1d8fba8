//! What the status line says: what just happened, else what does not work and what to do about it, else what is being
//! waited for.

use super::account::SyncState;
use super::layout::Layout;
use super::model::Model;
use super::query::FilterError;
use crate::app::screen::Screen;
use crate::app::status::{Status, Tone};
use crate::domain::failure::Failure;
use crate::domain::text::sanitise;
use crate::domain::wrap::wrap;

impl Model {
    /// What the status line says, if anything.
    pub fn notice(&self) -> Option<Status> {
        if self.status.is_some() {
            return self.status.clone();
        }
        let told = |tone, words| Some(Status { words, tone });
        if let Some(error) = self.filter_error() {
            return told(Tone::Warn, sanitise(&error.to_string()).into_owned());
        }
        if let Some(failure) = self.standing_failure() {
            return told(Tone::Bad, failure.to_string());
        }
        let mut open = self
            .engine
            .writes
            .all
            .iter()
            .filter(|watch| watch.stage.is_open());
        let first = open.next()?;
        match open.count() {
            0 => told(Tone::Info, format!("{}: {}", first.name, first.words())),
            more => told(
                Tone::Info,
                format!("Waiting for {} responses or certificates", more + 1),
            ),
        }
    }

    /// What is wrong with the filter of the list that is looked at.
    pub fn filter_error(&self) -> Option<&FilterError> {
        let error = match self.screen {
            Screen::Orders => &self.orders.filter_error,
            Screen::Requests => &self.requests.filter_error,
            Screen::Domains => &self.domains.filter_error,
            Screen::Endpoints => &self.endpoints.filter_error,
            Screen::Journal | Screen::Plan => &None,
        };
        error.as_ref().filter(|_| self.order.is_none())
    }

    /// What of this screen could not be read, while what was there stays. An empty list tells it itself.
    fn standing_failure(&self) -> Option<&Failure> {
        if let Some(open) = &self.order {
            let data = self.engine.account.known.get(&open.id)?;
            let order = data
                .order
                .failure()
                .filter(|_| data.order.value().is_some());
            return order
                .or_else(|| data.duplicates.failure())
                .or_else(|| data.reissues.failure());
        }
        let own = match self.screen {
            Screen::Orders | Screen::Plan | Screen::Endpoints => match &self.engine.account.sync {
                SyncState::Failed(_) if self.engine.account.orders.is_empty() => return None,
                SyncState::Failed(failure) => Some(failure),
                SyncState::Never | SyncState::Running { .. } | SyncState::Done(_) => None,
            },
            Screen::Requests => self
                .engine
                .account
                .requests
                .waiting
                .failure()
                .filter(|_| self.engine.account.requests.waiting.value().is_some()),
            Screen::Domains => {
                let domains = &self.engine.account.domains;
                let list = domains
                    .list
                    .failure()
                    .filter(|_| domains.list.value().is_some());
                let organizations = domains
                    .organizations
                    .failure()
                    .filter(|_| domains.organizations.value().is_some());
                list.or(organizations).or(domains.expiring.failure())
            }
            Screen::Journal => self
                .journal
                .failure
                .as_ref()
                .filter(|_| !self.journal.rows.is_empty()),
        };
        own.or_else(|| self.engine.account.session.failure())
    }

    /// Where things are on a screen of this size, with as many lines for the status as its words need.
    pub fn layout_for(&self, width: u16, height: u16) -> Layout {
        let lines = self.notice().map_or(1, |told| {
            wrap(&told.words, Layout::status_columns(width)).len()
        });
        Layout::with(width, height, lines.min(4) as u16, self.order.is_some())
    }
}
