//! Keys: one table says which key asks for what, where. Dispatch, the footer, the help, the command palette and
//! the page of keys come from it; the config may rebind.

mod action;
mod chord;
mod map;
mod place;
mod table;

pub use action::Action;
pub use chord::Chord;
pub use map::{KeyChange, KeyMap};
pub use place::Place;
pub use table::{Binding, Footer, TABLE, place_of};
