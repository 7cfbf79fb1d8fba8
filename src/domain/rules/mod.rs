//! May I ask this of the order, and if not, why not: pure answers for forms, keys and reviews.
//!
//! A rule blocks where the API's documentation (pages *Duplicate certificate*, *Reissue certificate*) says so, and warns
//! where it is silent or where only other clients tell. Nothing here decides for the operator; a blocking finding names the
//! way out.

#[cfg(test)]
mod days_tests;
pub mod duplicate;
#[cfg(test)]
mod edge_tests;
mod fields;
pub mod newer;
pub mod place;
pub mod reissue;
pub mod renew;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::csr::Refusal;
use super::dates::print_iso;
use super::field::FieldId;
use super::ids::OrderId;
use super::names::NameError;
use super::validity::{End, EndError, Industry};
use crate::domain::text::{self, counted};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It cannot be sent like this.
    Blocks,
    /// It can be sent; the operator should know.
    Advises,
}

/// `today`, `in 1 day`, `in 5 days`.
fn in_days(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        days => format!(
            "in {}",
            text::days(usize::try_from(days).unwrap_or_default())
        ),
    }
}

/// One answer of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it is told; `None` for what is so of the order itself, before any field.
    pub field: Option<FieldId>,
    /// How much it weighs.
    pub weight: Weight,
    pub reason: Reason,
}

/// Everything that rules found, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ruling {
    pub findings: Vec<Finding>,
}

impl Ruling {
    /// Whether nothing blocks.
    pub fn allowed(&self) -> bool {
        self.blocking().next().is_none()
    }

    /// The reasons why not.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.weight == Weight::Blocks)
    }

    /// What should be known all the same.
    pub fn advice(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.weight == Weight::Advises)
    }

    fn block(&mut self, field: impl Into<Option<FieldId>>, reason: Reason) {
        self.findings.push(Finding {
            field: field.into(),
            weight: Weight::Blocks,
            reason,
        });
    }

    fn advise(&mut self, field: impl Into<Option<FieldId>>, reason: Reason) {
        self.findings.push(Finding {
            field: field.into(),
            weight: Weight::Advises,
            reason,
        });
    }

    fn sorted(mut self) -> Self {
        self.findings.sort_by_key(|finding| finding.field);
        self
    }
}

/// Why something may not be asked, or what should be known about it; `Display` gives the sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The order's state does not allow it.
    #[error("this needs an issued order; the status of this one is {0}")]
    State(String),
    /// A reissue is under way.
    #[error("a reissue is pending on this order: wait for it, or cancel it first")]
    ReissuePending,
    /// A reissue is under way, and a duplicate is asked for.
    #[error(
        "a reissue is pending on this order: the duplicate is issued next to it, from the order as it is now"
    )]
    BesideReissue,
    /// The certificate has ended, the order has not.
    #[error("the certificate has expired, but the order is covered until {}: CertCentral may refuse", print_iso(*.0))]
    CertificateEnded(Date),
    /// The order has ended.
    #[error("the order expired on {}: {}", print_iso(*.end), if *.renewable { "renew it" } else { "only a new order can continue it" })]
    OrderEnded {
        /// Its last day.
        end: Date,
        /// Whether it can be renewed here.
        renewable: bool,
    },
    /// The order ends within days, so the new certificate will as well.
    #[error("the order expires in {days} d, and the new certificate with it{}", if *.renewable { ": a renewal may serve better" } else { "" })]
    OrderEndsSoon {
        days: i32,
        /// Whether it can be renewed here.
        renewable: bool,
    },
    /// Another order has renewed this one.
    #[error("this order was renewed{}: use the newer order", .0.map(|id| format!(" by order {id}")).unwrap_or_default())]
    Renewed(Option<OrderId>),
    /// The order does not allow duplicates.
    #[error(
        "this order allows no duplicates: an administrator can turn on the feature, or reissue instead"
    )]
    OrderForbidsDuplicates,
    /// The product has no duplicates.
    #[error("{0} has no duplicates: reissue instead")]
    ProductForbidsDuplicates(String),
    /// Nothing is known of the product's fields.
    #[error(
        "certdeck does not know the product {0}, nor which fields its reissue accepts: use the console"
    )]
    ProductUnknown(String),
    /// The product has no order form here.
    #[error("{0}: only TLS products can be ordered here; use the console")]
    NotOrderedHere(String),
    /// No page describes an order of the product that renews another.
    #[error("{0}: the documentation does not describe how it is renewed; use the console")]
    NotRenewedHere(String),
    /// The product is none of the account's.
    #[error("not enabled for this account")]
    NotEnabled,
    /// The product of an order that is renewed is none of the account's any more.
    #[error("{0} is no longer among the account's products: CertCentral may refuse the renewal")]
    NoLongerEnabled(String),
    /// The order has ended, and a renewal is asked for.
    #[error("the order has expired: CertCentral may refuse to renew it; place a new order then")]
    MaybeTooLate,
    /// The order has longer to go than the console waits before it offers a renewal.
    #[error(
        "the order expires in {0} d: CertCentral offers a renewal from 90 days before, and may refuse it"
    )]
    MaybeTooEarly(i32),
    /// The order covers days beyond its certificate.
    #[error("the order is covered {0} d longer: a reissue is enough, and costs nothing")]
    OrderCovers(i32),
    /// A wildcard product without a wildcard.
    #[error("{0} requires a wildcard such as *.example.com as its common name")]
    WantsWildcard(String),
    /// A wildcard on a product that has none.
    #[error("{name} is a wildcard, which {product} does not accept")]
    NoWildcards { name: String, product: String },
    /// Names that a product for one name may not take, or charge for.
    #[error("{product} is for one name: {} may be refused or cost extra", list(.names))]
    ExtraNames { names: Vec<String>, product: String },
    /// A required field is empty.
    #[error("{0} is required")]
    Required(&'static str),
    /// A name is no name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The common name is not one that this order may have.
    #[error("{name} is not the order's common name ({order}); this product's duplicates keep it")]
    OtherCommonName {
        /// What was asked for.
        name: String,
        order: String,
    },
    /// The common name is none of the order's names.
    #[error(
        "{0} is not one of the order's names: a multi-domain order can use any of them as common name, others need a \
            reissue"
    )]
    CommonNameNotOnOrder(String),
    /// A name is not on the order.
    #[error("{0} is not on the order: a duplicate keeps the order's names, a reissue can add it")]
    NameNotOnOrder(String),
    /// A name is not below the order's wildcard.
    #[error(
        "{name} is not below {wildcard}: duplicates of wildcard orders can add only names below it"
    )]
    NotBelowWildcard { name: String, wildcard: String },
    /// A name below a wildcard, on a product that is not documented to take it.
    #[error(
        "{0} is below the order's wildcard, but only wildcard products are documented to accept extra names: it may \
            be refused"
    )]
    MaybeBelowWildcard(String),
    /// A duplicate lacks names of the order.
    #[error("excluded: {}. The documentation says that a duplicate keeps all names of the order; CertCentral may \
        refuse, or add them", list(.0))]
    NamesLeftOut(Vec<String>),
    /// A duplicate of a flexible product has fewer names.
    #[error("not on the duplicate: {}. Flex products allow that", list(.0))]
    NamesDropped(Vec<String>),
    /// A reissue adds names.
    #[error("new on the order: {}. Domain validation may be needed, and the account may be charged for it", list(.0))]
    NamesAdded(Vec<String>),
    /// The product takes no extra names.
    #[error("{product} accepts no extra names: {} cannot be added", list(.names))]
    NoExtraNames { names: Vec<String>, product: String },
    /// Wildcards cannot be validated like this.
    #[error("{name} cannot be validated by {method}: choose a DNS or email method")]
    WildcardDcv { name: String, method: String },
    /// Addresses cannot be validated like this.
    #[error(
        "{name} cannot be validated by {method}: an IP address is validated by a file, so choose a file method"
    )]
    AddressDcv { name: String, method: String },
    /// Names of a DV order that no one method proves.
    #[error(
        "{wildcard} cannot be validated by a file, and {address} only by one: order them separately"
    )]
    NoMethodForAll { wildcard: String, address: String },
    /// The CSR will be refused.
    #[error(transparent)]
    Csr(#[from] Refusal),
    /// The CSR holds names that will not be in the certificate.
    #[error("the CSR contains {}, which will not be in the certificate: names come from this form, not from the CSR", list(.0))]
    CsrNamesIgnored(Vec<String>),
    /// The same key as the certificate there is.
    #[error("this CSR was already used on this order: it leads to a certificate with the same key")]
    CsrUsedBefore,
    /// The hash is not allowed.
    #[error("{hash} is not allowed here: {}", .allowed.join(", "))]
    Hash {
        /// What was asked for.
        hash: String,
        allowed: Vec<String>,
    },
    /// The issuing CA is not allowed.
    #[error("the issuing CA {0} is not offered for this product: choose another or the default")]
    Ica(String),
    /// Whether the issuing CA counts is not known.
    #[error(
        "CertCentral offers this account no choice of issuing CA: the requested one is ignored or refused"
    )]
    IcaMaybeIgnored,
    /// The platform is not one of the product's.
    #[error("server platform {0} is not offered for this product: choose one from its list")]
    Platform(i64),
    /// The end date will be another one.
    #[error("{0}")]
    Cut(End),
    /// No date was asked for, so that it ends with the certificate it copies, soon.
    #[error(
        "without an expiration date it expires on {} like the certificate it duplicates, {}: set an expiration date, \
            up to {}",
        print_iso(*.ends), in_days(*.days), print_iso(*.latest)
    )]
    EndsSoon {
        /// When it would end.
        ends: Date,
        days: i32,
        /// The latest end that can be asked for.
        latest: Date,
    },
    /// The end date makes no sense.
    #[error(transparent)]
    End(#[from] EndError),
    /// Not a plan order.
    #[error("validity counts on Multi-year Plan orders only: it is not sent")]
    NotAPlan,
    /// Years other than one.
    #[error(
        "{} cannot be requested: a certificate gets 1 year at most; use days or an expiration date",
        counted(*.0 as usize, "year", "years")
    )]
    Years(u32),
    /// Days beyond the limit.
    #[error(
        "{} more than the {limit} a {of} certificate is limited to: it will be shortened",
        counted(*days as usize, "day is", "days are")
    )]
    Days {
        /// What was asked for.
        days: u32,
        limit: u32,
        of: Industry,
    },
    /// No days at all.
    #[error("0 days cannot be requested")]
    NoDays,
    #[error("the comment will be lost: CertCentral keeps none when approval is skipped")]
    CommentLost,
    /// Only public TLS reissues can be stored as duplicates.
    #[error(
        "only public TLS reissues can be stored as duplicates; for this product CertCentral would ignore it and \
            replace the certificate"
    )]
    CannotStore,
}

/// `a, b and c`; of more than three `a, b and 3 more`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => "nothing".into(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two}, and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two}, and {} more", rest.len()),
    }
}
