//! What orders draw on: who orders, from which division, for which domain and organization, signed by whom.

use std::sync::Arc;

use jiff::Timestamp;

use super::dice::Dice;
use super::scenarios::{Asked, Fate, Scenario, Step};
use crate::sandbox::ca::{Ca, KeyKind as CaKey, Purpose};
use crate::sandbox::model::{Account, Approval, Contact, DcvMethod, KeyKind, Role, ValidationType};
use crate::sandbox::tables::{Family, Product, SignatureHash, Validation};

/// A domain, as orders see it.
pub(super) struct DomainView {
    pub(super) name: String,
    pub(super) organization_id: Option<u64>,
    pub(super) container_id: u64,
    pub(super) method: DcvMethod,
    /// Control is proven and in date.
    pub(super) ready: bool,
    /// Control was proven once, and is not in date any more.
    expired: bool,
}

struct OrganizationView {
    id: u64,
    contact: Arc<Contact>,
    validated: Vec<ValidationType>,
}

/// An intermediate, as certificates see it.
struct Signer {
    id: Arc<str>,
    purpose: Purpose,
    kind: CaKey,
    bits: u32,
}

/// Everything that orders draw on.
pub(super) struct World {
    pub(super) domains: Vec<DomainView>,
    organizations: Vec<OrganizationView>,
    containers: Vec<(u64, Approval)>,
    /// Users who order, likeliest first in number.
    requesters: Vec<u64>,
    pub(super) approvers: Vec<u64>,
    pub(super) fields: Vec<u64>,
    signers: Vec<Signer>,
}

impl World {
    pub(super) fn of(account: &Account, ca: &Ca, now: Timestamp) -> Self {
        let domains = account
            .domains
            .iter()
            .filter(|domain| domain.is_active)
            .map(|domain| DomainView {
                name: domain.name.clone(),
                organization_id: domain.organization_id,
                container_id: domain.container_id,
                method: domain.dcv.method,
                ready: domain.dcv.is_valid(now),
                expired: domain.dcv.approved.is_some() && !domain.dcv.is_valid(now),
            })
            .collect();
        let organizations = account
            .organizations
            .iter()
            .filter(|organization| organization.is_active)
            .map(|organization| OrganizationView {
                id: organization.id,
                contact: Arc::new(organization.contact.clone()),
                validated: ValidationType::ALL
                    .into_iter()
                    .filter(|kind| organization.is_validated_for(*kind, now))
                    .collect(),
            })
            .collect();
        let ids = |wanted: fn(Role) -> bool| -> Vec<u64> {
            account
                .users
                .iter()
                .filter(|user| wanted(user.role))
                .map(|user| user.id)
                .collect()
        };
        Self {
            domains,
            organizations,
            containers: account
                .containers
                .iter()
                .filter(|container| container.is_active)
                .map(|container| (container.id, container.approval))
                .collect(),
            requesters: ids(|_| true),
            approvers: ids(Role::approves),
            fields: account
                .fields
                .iter()
                .filter(|f| f.is_active)
                .map(|f| f.id)
                .collect(),
            signers: ca
                .intermediates()
                .iter()
                .map(|info| Signer {
                    id: info.id.as_str().into(),
                    purpose: info.purpose,
                    kind: info.key_kind,
                    bits: info.key_bits,
                })
                .collect(),
        }
    }

    /// The domain of an order; `None` only if the account has none at all.
    pub(super) fn domain(
        &self,
        part: &Scenario,
        product: &Product,
        dice: &mut Dice,
    ) -> Option<&DomainView> {
        if let Some(name) = part.domain
            && let Some(found) = self.domains.iter().find(|domain| domain.name == name)
        {
            return Some(found);
        }
        let fits = |domain: &DomainView| match part.fate {
            Fate::Pending => !domain.ready,
            Fate::Reissuing => domain.expired,
            Fate::Issued
            | Fate::NeedsApproval
            | Fate::Processing
            | Fate::WaitingPickup
            | Fate::Revoked
            | Fate::Canceled
            | Fate::Rejected => domain.ready && self.is_validated(domain, product),
        };
        let start = dice.between(0, self.domains.len() as i64 - 1).max(0) as usize;
        let (before, after) = self.domains.split_at(start.min(self.domains.len()));
        after
            .iter()
            .chain(before)
            .find(|domain| fits(domain))
            .or(self.domains.first())
    }

    /// Whether the domain's organization is validated for what the product says of it.
    fn is_validated(&self, domain: &DomainView, product: &Product) -> bool {
        let Some(organization) = self.organization(domain.organization_id) else {
            return product.validation == Validation::Dv;
        };
        product
            .validation
            .organization()
            .is_none_or(|kind| organization.validated.contains(&kind))
    }

    fn organization(&self, id: Option<u64>) -> Option<&OrganizationView> {
        self.organizations
            .iter()
            .find(|organization| Some(organization.id) == id)
    }

    /// Other domains of the same organization whose control is proven.
    pub(super) fn siblings(&self, of: &DomainView) -> Vec<&str> {
        self.domains
            .iter()
            .filter(|d| d.organization_id == of.organization_id && d.ready && d.name != of.name)
            .map(|d| d.name.as_str())
            .collect()
    }

    pub(super) fn contact(&self, organization_id: Option<u64>) -> Option<Arc<Contact>> {
        self.organization(organization_id)
            .map(|organization| Arc::clone(&organization.contact))
    }

    /// The division of an order: one whose approval is what the part asks for, else usually the domain's.
    pub(super) fn container(
        &self,
        asked: Option<Asked>,
        domain: &DomainView,
        dice: &mut Dice,
    ) -> (u64, Approval) {
        let wanted = asked.map(|asked| match asked.step {
            Step::Waits | Step::Refused => Approval::OneStep,
            Step::Submitted | Step::Reviewed => Approval::TwoStep,
        });
        let own = self
            .containers
            .iter()
            .find(|(id, _)| *id == domain.container_id);
        let any = *dice.pick(&self.containers);
        let stays = dice.percent(70);
        match wanted {
            None => own.filter(|_| stays).copied().unwrap_or(any),
            Some(approval) => own
                .into_iter()
                .chain(&self.containers)
                .find(|(_, a)| *a == approval)
                .copied()
                .unwrap_or(any),
        }
    }

    /// Somebody who orders: the first users order most.
    pub(super) fn requester(&self, dice: &mut Dice) -> u64 {
        let last = self.requesters.len() as i64 - 1;
        let at = dice.between(0, last).min(dice.between(0, last));
        self.requesters
            .get(at as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Intermediate and hash for a key: like signs like where the account has both.
    pub(super) fn signer(
        &self,
        product: &Product,
        key: Option<KeyKind>,
        dice: &mut Dice,
    ) -> (Arc<str>, SignatureHash) {
        let purpose = purpose(product);
        let (kind, bits) = match key {
            Some(KeyKind::P256) => (CaKey::Ec, 256),
            Some(KeyKind::P384) => (CaKey::Ec, 384),
            Some(KeyKind::Rsa(_) | KeyKind::Other(_)) | None => (CaKey::Rsa, 2048),
        };
        let rsa_hash = *dice.weighted(&[
            (94, SignatureHash::Sha256),
            (4, SignatureHash::Sha384),
            (2, SignatureHash::Sha512),
        ]);
        let of_purpose = || {
            self.signers
                .iter()
                .filter(|signer| signer.purpose == purpose)
        };
        let chosen = of_purpose()
            .find(|signer| signer.kind == kind && signer.bits == bits)
            .or_else(|| of_purpose().find(|signer| signer.kind == kind))
            .or_else(|| of_purpose().next());
        let hash = match chosen {
            Some(signer) if signer.kind == CaKey::Ec && signer.bits == 384 => SignatureHash::Sha384,
            Some(signer) if signer.kind == CaKey::Rsa && product.family != Family::CodeSigning => {
                rsa_hash
            }
            _ => SignatureHash::Sha256,
        };
        (
            chosen.map_or_else(|| "".into(), |signer| Arc::clone(&signer.id)),
            hash,
        )
    }
}

/// What the product's intermediates are for.
fn purpose(product: &Product) -> Purpose {
    match product.family {
        Family::PublicTls if product.validation == Validation::Ev => Purpose::Ev,
        Family::PublicTls => Purpose::Tls,
        Family::PrivateTls => Purpose::Private,
        Family::CodeSigning => Purpose::CodeSigning,
        Family::Client => Purpose::Client,
        Family::SecureEmail => Purpose::Email,
        Family::Document => Purpose::Document,
        Family::Vmc => Purpose::Vmc,
    }
}
