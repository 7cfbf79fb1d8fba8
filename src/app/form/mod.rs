//! Forms: what is typed for a duplicate or a reissue, until it is sent.

use crate::keys::Place;

/// An open form.
#[derive(Debug)]
pub struct Form {
    places: &'static [Place],
}

impl Form {
    /// The places whose keys hold.
    pub fn places(&self) -> &'static [Place] {
        self.places
    }

    /// Whether text that is typed goes into a field.
    pub fn is_typing(&self) -> bool {
        true
    }
}
