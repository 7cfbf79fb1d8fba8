//! The certification authority: roots, intermediates, leaves.

/// The authority.
#[derive(Debug)]
pub struct Ca;
