//! A CertCentral of our own.

pub mod ca;
pub mod clock;
pub mod foundation;
pub mod generate;
pub mod model;
pub mod tables;
