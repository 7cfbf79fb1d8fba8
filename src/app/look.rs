//! How the terminal may be drawn on: which colours there are, and what they stand on.

/// How the terminal may be drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// The colours there are.
    pub colours: Colours,
    /// What they stand on.
    pub ground: Ground,
}

/// Which colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// None, modifiers only (`NO_COLOR`, or the setting).
    None,
    /// The terminal's own sixteen.
    #[default]
    Sixteen,
    /// Besides those the 240 that are the same in every terminal that has them.
    Fixed,
    /// 24-bit colours.
    True,
}

/// The terminal's background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ground {
    #[default]
    Unknown,
    Dark,
    Light,
}
