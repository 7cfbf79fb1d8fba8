//! Orders, requests, certificates, CSRs, products, and what may be asked of an order and why not. Pure: no
//! clock, no I/O. Facts about the API come from the pages of its documentation that each file names.
//!
//! ```text
//! pasted text --pem, secret--> csr --+
//! order, product, certificate -------+--> draft --rules, validity--> review --> write     what will be sent, exactly
//! issued text --pem--> certificate --> chain                                              what came, in order and checked
//! ```
//!
//! [`coverage`] is the question of the day (reissue or renew?), [`text`] makes remote text safe to show, [`operation`]
//! holds what is too small for a form, [`failure`] says why something did not work, and [`mod@write`] is what is sent: what for,
//! what exactly, how that ended, and what came of it.

pub mod account;
mod asn1;
pub mod bundle;
pub mod caa;
pub mod catalogue;
pub mod certificate;
pub mod chain;
pub mod changes;
pub mod clock;
pub mod copyable;
pub mod coverage;
pub mod csr;
pub mod dates;
pub mod dcv;
pub mod domain_operation;
pub mod draft;
mod dress;
pub mod endpoint;
pub mod endpoint_list;
pub mod endpoint_plan;
pub mod expiring;
pub mod failure;
mod field;
pub mod file_pattern;
pub mod ids;
pub mod install;
pub mod key;
pub mod names;
pub mod operation;
pub mod order;
pub mod organization;
pub mod packed;
pub mod pem;
pub mod plan;
pub mod product;
pub mod request;
pub mod rules;
pub mod secret;
pub mod served;
pub mod sighting;
pub mod signature;
pub mod status;
pub mod subject;
pub mod terms;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;
pub mod validity;
pub mod window;
pub mod wrap;
pub mod write;
