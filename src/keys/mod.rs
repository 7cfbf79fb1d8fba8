//! Keys: one table says which key asks for what, where. Dispatch, the footer, the help, the command palette and
//! the README's section come from it; the config may rebind.

mod chord;
mod map;
mod table;

pub use chord::Chord;
pub use map::{KeyMap, KeyNotice};
pub use table::{Action, Binding, Place, TABLE};
