//! What a part above the engine goes by, and where it puts what comes of it.

use super::engine::Engine;
use super::turn::Turn;
use crate::keys::KeyMap;

/// What a part above the engine goes by, and where it puts what comes of it.
#[derive(Debug)]
pub struct Cx<'a> {
    pub engine: &'a mut Engine,
    pub keys: &'a KeyMap,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// Lines that a box over the screens has inside of its frame, behind a line to type in.
    pub box_lines: u16,
    pub turn: &'a mut Turn,
}
