//! The account's clock is another than this machine's, or is seen for the first time.

use super::model::Model;
use crate::app::status::Tone;
use crate::domain::clock::ClockOffset;

/// Takes the offset: dates are compared by the account's clock from here on. A machine whose clock is wrong is told so
/// once; the header goes on saying it.
pub(super) fn told(model: &mut Model, offset: ClockOffset) {
    let before = model.today();
    let was_wrong = model.account.clock.is_some_and(ClockOffset::is_wrong);
    model.account.clock = Some(offset);
    let today = model.today();
    if today != before {
        model.orders.rebuild(&model.account, today);
    }
    if offset.is_wrong() && !was_wrong {
        let words = format!(
            "This machine's clock is {} of CertCentral's. Dates follow CertCentral's clock; correct this machine's.",
            offset.words()
        );
        model.tell(Tone::Warn, words);
    }
}
