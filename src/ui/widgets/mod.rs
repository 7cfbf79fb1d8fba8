//! What every screen is made of.

pub(crate) mod facts;
pub(crate) mod field;
pub(crate) mod frame;
pub(crate) mod hints;
pub(crate) mod listing;
pub(crate) mod scroll;
pub(crate) mod sheet;
pub(crate) mod table;
pub(crate) mod tabs;
