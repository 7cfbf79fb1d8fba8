//! Domains of the account. Their own `status` is deprecated; what counts is when control was proved and until when.

use super::{moment, organization, some_id};
use crate::certcentral::wire;
use crate::domain::dcv::{DcvMethod, Domain, DomainValidation};
use crate::domain::ids::DomainId;

/// A domain, from the list or in full; `None` without a number or a name.
pub fn domain(wire: wire::domains::Domain) -> Option<Domain> {
    let older_method = wire.dcv.iter().find_map(|dcv| dcv.method.clone());
    let invitations = wire.dcv.into_iter().flat_map(|dcv| dcv.dcv_invitations);
    let mut mailed: Vec<String> = Vec::new();
    for address in invitations.filter_map(|mail| mail.email) {
        if !mailed.contains(&address) {
            mailed.push(address);
        }
    }
    let token = wire.dcv_token.unwrap_or_default();
    // The nearest end counts: it is when the first kind of certificate needs a new proof.
    let ends = wire.dcv_expiration.unwrap_or_default();
    let by_kind = [ends.ov, ends.ev];
    let proved_until = moment(wire.dcv_expiration_datetime.as_deref()).or_else(|| {
        let ends = by_kind.iter().filter_map(|end| moment(end.as_deref()));
        ends.min()
    });
    Some(Domain {
        id: DomainId(some_id(wire.id)?),
        name: wire.name?,
        is_active: wire.is_active.unwrap_or(true),
        method: wire
            .dcv_method
            .or(older_method)
            .as_deref()
            .map(DcvMethod::parse),
        token: token.token,
        verification: token.verification_value,
        file_url: token.http_token_url,
        token_status: token.status,
        token_until: moment(token.expiration_date.as_deref()),
        proved: moment(wire.dcv_approval_datetime.as_deref()),
        proved_until,
        organization: wire
            .organization
            .and_then(organization)
            .map(|known| known.name),
        validations: wire
            .validations
            .into_iter()
            .filter_map(|row| {
                Some(DomainValidation {
                    kind: row.kind?,
                    status: row.status.unwrap_or_default(),
                    until: moment(row.validated_until.as_deref()),
                })
            })
            .collect(),
        mailed,
    })
}

/// The addresses that mails for a domain go to, each once.
pub fn addresses(wire: wire::domains::DcvAddresses) -> Vec<String> {
    let all = wire.base_emails.into_iter();
    let all = all.chain(wire.whois_emails).chain(wire.dns_txt_emails);
    let mut addresses: Vec<String> = Vec::new();
    for address in all.filter(|address| !address.trim().is_empty()) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}
