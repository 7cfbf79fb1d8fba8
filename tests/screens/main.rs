//! What the operator sees: the screens of made-up states as text, at 80x24, 120x40 and 40x10.

mod forms;
