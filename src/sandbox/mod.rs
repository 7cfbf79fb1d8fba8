//! A CertCentral of our own.
