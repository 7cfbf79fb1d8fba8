//! Something read from the account. Old data stays on the screen while new data loads or after it failed; a
//! reply counts only if its ticket is the newest.
//!
//! ```text
//!            ask                 reply ok
//!   Idle ---------> Loading ----------------> Ready
//!                    |   ^  \  reply failed      |
//!                    |   |   `----> Failed       | ask
//!                    |   `------------|----------'
//! ```

use jiff::Timestamp;

use crate::domain::failure::Failure;

/// The number of a read; a later read has a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ticket(pub u64);

/// Since when what is open of an order counts as current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// What was asked for after this is as current as what is open.
    pub since: Ticket,
    /// When what was known before came, where it was.
    pub known: Option<Timestamp>,
}

/// How what is known of an order stands to what is open of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// It was read since.
    Current,
    /// It is being read.
    Reading,
    /// It could not be read.
    Failed(Failure),
}

/// Something read from the account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Remote<T> {
    #[default]
    Idle,
    Loading {
        /// The read that counts.
        ticket: Ticket,
        /// What was there before.
        prev: Option<T>,
        /// The read that brought that.
        asked: Ticket,
    },
    Ready {
        value: T,
        at: Timestamp,
        /// The read that brought it.
        asked: Ticket,
    },
    Failed {
        error: Failure,
        /// What was there before.
        prev: Option<T>,
        /// The read that brought that.
        asked: Ticket,
    },
}

impl<T> Remote<T> {
    /// What there is to show: the newest value, or the one before while a new one loads or after it failed.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Idle => None,
            Self::Loading { prev, .. } | Self::Failed { prev, .. } => prev.as_ref(),
            Self::Ready { value, .. } => Some(value),
        }
    }

    /// The same, to be brought up to date by what another read told.
    pub(in crate::app) fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Idle => None,
            Self::Loading { prev, .. } | Self::Failed { prev, .. } => prev.as_mut(),
            Self::Ready { value, .. } => Some(value),
        }
    }

    /// Whether a read is under way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// Whether there is nothing new, and nothing on its way.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Idle | Self::Failed { .. })
    }

    /// Whether the answer to the read with this ticket is the one that counts.
    pub fn awaits(&self, ticket: Ticket) -> bool {
        matches!(self, Self::Loading { ticket: newest, .. } if *newest == ticket)
    }

    /// Whether what is there was asked for after that ticket was given out, and came.
    pub fn is_since(&self, mark: Ticket) -> bool {
        matches!(self, Self::Ready { asked, .. } if *asked > mark)
    }

    /// The read that brought what is there.
    pub(in crate::app) fn asked(&self) -> Ticket {
        match self {
            Self::Idle => Ticket::default(),
            Self::Loading { asked, .. }
            | Self::Ready { asked, .. }
            | Self::Failed { asked, .. } => *asked,
        }
    }

    /// Whether what is there was asked for after what is there of the other, also while either is read anew.
    pub fn is_newer_than<U>(&self, other: &Remote<U>) -> bool {
        self.asked() > other.asked()
    }

    /// When the value that there is came, while nothing newer is on its way or failed.
    pub fn came_at(&self) -> Option<Timestamp> {
        match self {
            Self::Ready { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// The last failure, while nothing newer came.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// A read with this ticket starts.
    pub fn ask(&mut self, ticket: Ticket) {
        *self = Self::Loading {
            ticket,
            asked: self.asked(),
            prev: self.take(),
        };
    }

    /// A reply came. Returns whether it counted; a stale one changes nothing.
    pub fn reply(&mut self, ticket: Ticket, result: Result<T, Failure>, at: Timestamp) -> bool {
        if !self.awaits(ticket) {
            return false;
        }
        *self = match result {
            Ok(value) => Self::Ready {
                value,
                at,
                asked: ticket,
            },
            Err(error) => Self::Failed {
                error,
                asked: self.asked(),
                prev: self.take(),
            },
        };
        true
    }

    fn take(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Idle => None,
            Self::Loading { prev, .. } | Self::Failed { prev, .. } => prev,
            Self::Ready { value, .. } => Some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[test]
    fn a_stale_reply_changes_nothing() {
        let mut remote = Remote::default();
        remote.ask(Ticket(1));
        remote.ask(Ticket(2));
        assert!(!remote.reply(Ticket(1), Ok("old"), at()));
        assert!(remote.is_loading());
        assert!(remote.reply(Ticket(2), Ok("new"), at()));
        assert_eq!(remote.value(), Some(&"new"));
    }

    #[test]
    fn what_was_asked_for_before_is_not_since() {
        let mut remote = Remote::default();
        remote.ask(Ticket(3));
        assert!(!remote.is_since(Ticket(2)), "not there yet");
        remote.reply(Ticket(3), Ok(7), at());
        assert!(remote.is_since(Ticket(2)));
        assert!(!remote.is_since(Ticket(3)), "asked for before the mark");
        remote.ask(Ticket(5));
        remote.reply(Ticket(5), Err(Failure::local("gone", "")), at());
        assert!(!remote.is_since(Ticket(3)), "a failure is no look");
    }

    #[test]
    fn what_was_asked_for_later_is_newer_also_while_either_is_read_anew() {
        let (mut one, mut other) = (Remote::default(), Remote::default());
        one.ask(Ticket(1));
        one.reply(Ticket(1), Ok(1), at());
        other.ask(Ticket(2));
        assert!(!other.is_newer_than(&one), "not there yet");
        other.reply(Ticket(2), Ok(2), at());
        assert!(other.is_newer_than(&one));
        one.ask(Ticket(3));
        assert!(other.is_newer_than(&one), "what is there still is older");
        one.reply(Ticket(3), Err(Failure::local("gone", "")), at());
        assert!(other.is_newer_than(&one) && !one.is_newer_than(&other));
        one.ask(Ticket(4));
        one.reply(Ticket(4), Ok(4), at());
        other.ask(Ticket(5));
        assert!(one.is_newer_than(&other));
    }

    #[test]
    fn old_data_stays_while_loading_and_after_a_failure() {
        let mut remote = Remote::default();
        remote.ask(Ticket(1));
        remote.reply(Ticket(1), Ok(7), at());
        remote.ask(Ticket(2));
        assert_eq!(remote.value(), Some(&7));
        remote.reply(Ticket(2), Err(Failure::local("gone", "")), at());
        assert_eq!(remote.value(), Some(&7));
        assert!(remote.failure().is_some());
    }
}
