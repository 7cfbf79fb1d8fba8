//! Model, messages, update and effects. Pure.
