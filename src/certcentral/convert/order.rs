//! Orders, as order info tells them.

use std::borrow::Cow;

use super::{
    container, date, day, hex, moment, organization, person, product_ref, request, serial, some_id,
};
use crate::certcentral::wire;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Certificate, CustomField, Note, Order, Role};
use crate::domain::product::Platform;
use crate::domain::status::{CertificateStatus, OrderStatus};
use crate::domain::terms::{Lasted, OnOrder, Terms};

/// Order info; `None` when it has no order number.
pub fn order(detail: wire::detail::OrderDetail) -> Option<Order> {
    let id = OrderId(some_id(detail.id)?);
    let approver = detail.approver.and_then(person);
    let requests = detail.requests.into_iter();
    let product = product_ref(detail.product, detail.product_name_id);
    let terms = Terms {
        organization_contact: detail.organization_contact.map(on_order),
        technical_contact: detail.technical_contact.map(on_order),
        verified_contact: detail.verified_contacts.into_iter().next().map(on_order),
        lasted: lasted(detail.order_validity.as_ref(), detail.validity_years),
        payment: detail.payment_method,
        no_notices: detail.disable_renewal_notifications.unwrap_or(false),
        no_issuance_mail: detail.disable_issuance_email.unwrap_or(false),
        no_ct: detail.disable_ct.unwrap_or(false),
    };
    Some(Order {
        id,
        status: status(detail.status.as_deref()),
        certificate: primary(detail.certificate.unwrap_or_default()),
        product,
        organization: detail.organization.and_then(organization),
        container: detail.container.map(container),
        created: moment(detail.date_created.as_deref()),
        last_reissued: moment(detail.last_reissued_date.as_deref()),
        order_valid_till: day(detail.order_valid_till.as_deref()),
        is_plan: detail.is_multi_year_plan.unwrap_or(false),
        renewal_of: some_id(detail.renewal_of_order_id).map(OrderId),
        is_renewed: detail.is_renewed.unwrap_or(false)
            || some_id(detail.renewed_order_id).is_some(),
        renewed_by: some_id(detail.renewed_order_id).map(OrderId),
        allow_duplicates: detail.allow_duplicates,
        auto_reissue: detail.auto_reissue,
        auto_renew: detail.auto_renew,
        dcv_method: detail.dcv_method,
        provisioning: detail.cs_provisioning_method.filter(|text| text != "none"),
        user: detail.user.and_then(person),
        approver,
        requests: requests
            .filter_map(|entry| request::of_order(entry, id))
            .collect(),
        notes: detail.notes.into_iter().map(note).collect(),
        custom_fields: detail
            .custom_fields
            .into_iter()
            .filter_map(custom_field)
            .collect(),
        additional_emails: detail.additional_emails,
        terms,
    })
}

fn on_order(person: wire::common::Person) -> OnOrder {
    OnOrder {
        first_name: person.first_name.unwrap_or_default(),
        last_name: person.last_name.unwrap_or_default(),
        job_title: person.job_title.unwrap_or_default(),
        telephone: person.telephone.unwrap_or_default(),
        email: person.email.unwrap_or_default(),
    }
}

/// The newer spelling counts where there is one: beside an end date the older one says 1 year.
fn lasted(newer: Option<&wire::common::Validity>, older: Option<u64>) -> Option<Lasted> {
    let small = |number: Option<u64>| number.and_then(|number| u32::try_from(number).ok());
    let Some(length) = newer else {
        return small(older).map(Lasted::Years);
    };
    let years = small(length.years).map(Lasted::Years);
    years.or_else(|| small(length.days).map(Lasted::Days))
}

pub(super) fn primary(wire: wire::detail::DetailCertificate) -> Certificate {
    let (ca_id, ca_name) = match wire.ca_cert {
        Some(ca) => (ca.id.or(wire.ca_cert_id), ca.name),
        None => (wire.ca_cert_id, None),
    };
    Certificate {
        id: some_id(wire.id).map(CertificateId),
        status: wire.status.as_deref().map(CertificateStatus::parse),
        common_name: wire.common_name.unwrap_or_default(),
        dns_names: wire.dns_names,
        emails: wire.emails,
        serial: wire
            .serial_number
            .as_deref()
            .and_then(serial)
            .map(Cow::into_owned),
        thumbprint: wire
            .thumbprint
            .as_deref()
            .map(|text| hex(text).into_owned()),
        created: moment(wire.date_created.as_deref()),
        issued: moment(wire.date_issued.as_deref()),
        valid_from: day(wire.valid_from.as_deref()),
        valid_till: day(wire.valid_till.as_deref()),
        csr: wire.csr,
        key_size: wire.key_size.and_then(|bits| bits.try_into().ok()),
        hash: wire.signature_hash.map(|hash| hash.to_lowercase()),
        platform: wire.server_platform.and_then(platform),
        ca_id,
        ca_name,
        profile_option: wire.profile_option,
        ..Certificate::empty(Role::Primary)
    }
}

pub(super) fn platform(wire: wire::common::Platform) -> Option<Platform> {
    let id = wire.id?;
    let name = wire.name.unwrap_or_else(|| id.to_string());
    Some(Platform { id, name })
}

pub(super) fn status(text: Option<&str>) -> OrderStatus {
    OrderStatus::parse(text.unwrap_or_default())
}

/// Newer accounts count, older ones only say that there are some.
pub(super) fn count(count: Option<u64>, any: Option<bool>) -> u32 {
    let count = count.unwrap_or_else(|| u64::from(any.unwrap_or(false)));
    count.try_into().unwrap_or(u32::MAX)
}

fn note(note: wire::detail::Note) -> Note {
    let date = note.date_created.as_deref().or(note.date.as_deref());
    Note {
        id: note.id,
        date: moment(date).or_else(|| {
            // Some notes only have a day; its start is near enough for a list that sorts by it.
            let midnight = date.and_then(self::date)?.at(0, 0, 0, 0);
            Some(midnight.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        }),
        text: note.text.unwrap_or_default(),
        author: note.user.and_then(person),
    }
}

fn custom_field(field: wire::common::CustomField) -> Option<CustomField> {
    Some(CustomField {
        metadata_id: field.metadata_id.or(field.id)?,
        label: field.label.unwrap_or_default(),
        value: field.value.join(", "),
    })
}
