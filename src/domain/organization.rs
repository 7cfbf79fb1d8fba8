//! What an organisation is validated for and until when, and what that means for an order of it: nothing is issued
//! while the validation that its product needs is missing or over.
//!
//! Sources: the organization pages of the Services API (*organization validation*: types, states), the documentation's
//! *organization validation* of OV and EV certificates.

use jiff::{SignedDuration, Timestamp};

use super::ids::OrganizationId;
use super::product::{Family, ProductRef};
use super::status::OrderStatus;

/// How long before its end a validation is said to end soon.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One validation of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// `ov`, `ev`, `cs`, `ev_cs`, `ds`, `smime`.
    pub kind: String,
    /// `active`, `pending`, `expired`.
    pub status: String,
    /// Last moment; not told while it is pending.
    pub until: Option<Timestamp>,
}

/// An organisation of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOrganization {
    pub id: OrganizationId,
    pub name: String,
    /// Whether it may be used.
    pub is_active: bool,
    /// City, state and country, as far as told.
    pub place: String,
    pub validations: Vec<Validation>,
}

/// How the validation that a product needs stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Valid until then, where told.
    Valid(Option<Timestamp>),
    /// Valid, but not for long.
    EndsSoon(Timestamp),
    Expired(Option<Timestamp>),
    /// Asked for, not done.
    Pending,
    Missing,
}

impl Validation {
    /// `EV CS` for `ev_cs`.
    pub fn label(&self) -> String {
        label(&self.kind)
    }

    /// How it stands. What has passed its end is over, whatever its state says.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match (self.status.as_str(), self.until) {
            ("expired", until) => Standing::Expired(until),
            (_, Some(until)) if until < now => Standing::Expired(Some(until)),
            ("pending", _) => Standing::Pending,
            (_, Some(until)) if until.duration_since(now) <= SOON => Standing::EndsSoon(until),
            (_, until) => Standing::Valid(until),
        }
    }
}

/// A kind of validation for people.
pub fn label(kind: &str) -> String {
    match kind {
        "smime" => "S/MIME".into(),
        kind => kind.to_uppercase().replace('_', " "),
    }
}

/// The validation that orders of a product need; `None` where the organisation is not looked at, or nobody knows.
pub fn needed(product: &ProductRef) -> Option<&'static str> {
    match product.family() {
        _ if product.has_no_organization() => None,
        Family::PublicTls if product.is_ev() => Some("ev"),
        Family::PublicTls => Some("ov"),
        Family::CodeSigning => Some("cs"),
        Family::EvCodeSigning => Some("ev_cs"),
        Family::DocumentSigning => Some("ds"),
        Family::SecureEmail if !product.name_id.contains("mailbox") => Some("smime"),
        Family::SecureEmail
        | Family::PrivateTls
        | Family::Client
        | Family::VerifiedMark
        | Family::Other => None,
    }
}

/// How the validation of a kind stands.
pub fn standing(all: &[Validation], kind: &str, now: Timestamp) -> Standing {
    let of_kind = all.iter().filter(|one| one.kind == kind);
    // An organisation can be validated anew while an older validation is still listed: the best one counts.
    let rank = |standing: &Standing| match standing {
        Standing::Valid(_) => 0,
        Standing::EndsSoon(_) => 1,
        Standing::Pending => 2,
        Standing::Expired(_) => 3,
        Standing::Missing => 4,
    };
    of_kind
        .map(|one| one.standing(now))
        .min_by_key(rank)
        .unwrap_or(Standing::Missing)
}

/// What that means for an order, where it means something.
pub fn meaning(standing: Standing, kind: &str, status: &OrderStatus) -> Option<String> {
    let kind = label(kind);
    let over = match standing {
        Standing::Valid(_) => return None,
        Standing::EndsSoon(_) => {
            return Some(format!(
                "{kind} validation expires soon; orders and reissues placed after that wait until it is renewed"
            ));
        }
        Standing::Expired(_) => format!("{kind} validation has expired"),
        Standing::Pending => format!("{kind} validation is not complete"),
        Standing::Missing => format!("not validated for {kind}"),
    };
    let then = match status {
        OrderStatus::NeedsApproval
        | OrderStatus::Pending
        | OrderStatus::Processing
        | OrderStatus::ReissuePending => "this order is waiting for it",
        OrderStatus::Issued | OrderStatus::Expired => {
            "a reissue or new order waits for it; a duplicate is refused"
        }
        OrderStatus::WaitingPickup
        | OrderStatus::Revoked
        | OrderStatus::Canceled
        | OrderStatus::Rejected
        | OrderStatus::Other(_) => return None,
    };
    Some(format!("{over}: {then}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn one(kind: &str, status: &str, until: Option<&str>) -> Validation {
        Validation {
            kind: kind.into(),
            status: status.into(),
            until: until.map(|until| until.parse().unwrap()),
        }
    }

    #[test]
    fn a_validation_is_over_after_its_end_and_ends_soon_before_it() {
        let stands = |status, until| one("ov", status, until).standing(now());
        assert_eq!(stands("pending", None), Standing::Pending);
        assert!(matches!(
            stands("active", Some("2026-11-20T11:59:59Z")),
            Standing::Expired(_)
        ));
        assert!(matches!(
            stands("active", Some("2026-12-20T11:00:00Z")),
            Standing::EndsSoon(_)
        ));
        assert!(matches!(
            stands("active", Some("2026-12-21T12:00:00Z")),
            Standing::Valid(_)
        ));
        assert_eq!(stands("expired", None), Standing::Expired(None));
    }

    #[test]
    fn the_best_of_a_kind_counts_and_another_kind_does_not() {
        let all = [
            one("ov", "expired", Some("2026-01-01T00:00:00Z")),
            one("ov", "pending", None),
            one("ev", "active", Some("2027-11-01T00:00:00Z")),
        ];
        assert_eq!(standing(&all, "ov", now()), Standing::Pending);
        assert_eq!(standing(&all, "cs", now()), Standing::Missing);
    }

    #[test]
    fn each_product_needs_its_validation() {
        let product = |name_id: &str, kind: &str, validation: Option<&str>| ProductRef {
            name_id: name_id.into(),
            name: String::new(),
            kind: kind.into(),
            validation: validation.map(Into::into),
        };
        for (product, kind) in [
            (
                product("ssl_securesite", "ssl_certificate", None),
                Some("ov"),
            ),
            (
                product("ssl_ev_securesite", "ssl_certificate", None),
                Some("ev"),
            ),
            (
                product("ssl_basic", "ssl_certificate", Some("ev")),
                Some("ev"),
            ),
            (product("ssl_dv_geotrust", "dv_ssl_certificate", None), None),
            (
                product("code_signing_ev", "code_signing_certificate", None),
                Some("ev_cs"),
            ),
            (
                product("secure_email_mailbox", "client_certificate", None),
                None,
            ),
            (
                product("secure_email_sponsor", "client_certificate", None),
                Some("smime"),
            ),
        ] {
            assert_eq!(needed(&product), kind, "{product:?}");
        }
    }

    #[test]
    fn an_order_that_waits_is_said_to_wait() {
        let told = |status| meaning(Standing::Expired(None), "ov", &status).unwrap_or_default();
        assert!(told(OrderStatus::Pending).ends_with("this order is waiting for it"));
        assert!(told(OrderStatus::Issued).contains("a duplicate is refused"));
        assert_eq!(told(OrderStatus::Revoked), "");
        assert_eq!(
            meaning(Standing::Valid(None), "ov", &OrderStatus::Pending),
            None
        );
    }
}
