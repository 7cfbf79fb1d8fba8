//! A reissue: what may change, and the request (fields: the documentation page *Reissue certificate*). Only what the
//! order's product takes is sent.

use super::super::dates;
use super::super::rules;
use super::super::rules::reissue::{Ask, Validity, check_reissue};
use super::super::validity::Foreseen;
use super::super::write::{Method, Outgoing, WriteKind};
use super::common::{checked, expected, key_material, platform, problem, sent_names};
use super::field_rules::{self, Need};
use super::json::Object;
use super::{Checked, Context, Draft, FieldId, entries, lists, validity};

/// Everything there is to say about the draft while it is typed.
pub fn check(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let mut checked = judge(draft, ctx);
    let taken = field_rules::reissue(FieldId::Names, draft.facts(ctx)).is_some();
    let dropped = lists::without(&ctx.order_names(), &draft.all_names());
    if taken && !dropped.is_empty() {
        let text = format!(
            "no longer on the certificate: {}; the review says what that may do",
            lists::words(&dropped)
        );
        checked.advice.push(problem(FieldId::Names, &text));
    }
    checked
}

/// What the rules say.
pub(super) fn judge(draft: &Draft, ctx: &Context<'_>) -> Checked {
    let asked = validity::asked(draft);
    let ask = Ask {
        common_name: &draft.common_name,
        dns_names: &draft.names,
        csr: draft.csr.as_ref(),
        hash: &draft.hash,
        ca_cert_id: (!draft.ica.is_empty()).then_some(draft.ica.as_str()),
        platform: draft.platform,
        validity: asked.clone().ok().flatten(),
        dcv_method: (!draft.dcv_method.is_empty()).then_some(draft.dcv_method.as_str()),
        comments: &draft.comments,
        skip_approval: draft.skip_approval,
        store_as_duplicate: draft.store_as_duplicate,
        taken: entries::ruled(draft, ctx),
    };
    let ruling = check_reissue(ctx.order, ctx.product, &ask, ctx.today);
    let csr = field_rules::reissue(FieldId::Csr, draft.facts(ctx));
    let mut checked = checked(&ruling, draft, csr == Some(Need::Required));
    if let Err(error) = asked {
        checked
            .problems
            .push(problem(draft.validity_field(), &error));
    }
    entries::check(draft, ctx, &mut checked);
    checked
}

/// The request; `None` while something keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>) -> Option<Outgoing> {
    if !judge(draft, ctx).allowed() {
        return None;
    }
    let mut body = Object::default();
    body.set_object("certificate", certificate(draft, ctx));
    let given = Given { draft, ctx };
    body.set_text(
        "dcv_method",
        given.if_taken(FieldId::Dcv, &draft.dcv_method),
    );
    body.set_text("comments", &draft.comments);
    body.set_flag("skip_approval", draft.skip_approval);
    body.set_text(
        "certificate_dcv_scope",
        given.if_taken(FieldId::DcvScope, &draft.dcv_scope),
    );
    body.set_flag("use_auth_key", given.flag(FieldId::UseAuthKey));
    body.set_text("cs_provisioning_method", given.text(FieldId::Provisioning));
    body.set_object("ship_info", ship_info(&given));
    body.set_object("subject", subject(&given));
    let beside = draft.store_as_duplicate && given.takes(FieldId::StoreAsDuplicate);
    body.set_flag("store_reissue_as_duplicate", beside);
    let order = ctx.order.id;
    let asked = validity::asked(draft).ok().flatten();
    let foreseen = Foreseen {
        asked,
        bounds: rules::reissue::bounds(ctx.order, ctx.today),
        begins: false,
    };
    Some(Outgoing {
        kind: if beside {
            WriteKind::ReissueAsDuplicate
        } else {
            WriteKind::Reissue
        },
        method: Method::Post,
        path: format!("/order/certificate/{order}/reissue"),
        body: body.text(),
        order: Some(order),
        request: None,
        certificate: None,
        expected: expected(draft, ctx, foreseen),
    })
}

/// What was given, as far as the product takes it.
struct Given<'a> {
    draft: &'a Draft,
    ctx: &'a Context<'a>,
}

impl Given<'_> {
    fn takes(&self, field: FieldId) -> bool {
        field_rules::reissue(field, self.draft.facts(self.ctx)).is_some()
    }

    fn if_taken<'b>(&self, field: FieldId, text: &'b str) -> &'b str {
        if self.takes(field) { text } else { "" }
    }

    fn text(&self, field: FieldId) -> &str {
        self.if_taken(field, self.draft.text(field))
    }

    fn flag(&self, field: FieldId) -> bool {
        !self.text(field).is_empty()
    }
}

fn certificate(draft: &Draft, ctx: &Context<'_>) -> Object {
    let given = Given { draft, ctx };
    let mut certificate = Object::default();
    if given.takes(FieldId::Csr) {
        certificate.set_text("csr", &key_material(draft));
    }
    let common_name = given.if_taken(FieldId::CommonName, &draft.common_name);
    if ctx.order.product.family().is_tls() {
        let common_name = lists::sent(common_name, &ctx.order_names());
        certificate.set_text("common_name", &common_name);
    } else {
        // The name of a person, not of a host: sent as typed.
        certificate.set_text("common_name", common_name);
    }
    if given.takes(FieldId::Names) {
        certificate.set_list("dns_names", &sent_names(draft, ctx));
    }
    if given.takes(FieldId::Emails) {
        certificate.set_list("emails", &draft.emails());
    }
    let upn = given.text(FieldId::Upn);
    if !upn.is_empty() {
        certificate.set_list("user_principle_name", &[upn.to_owned()]);
    }
    certificate.set_text("common_name_indicator", given.text(FieldId::CnIndicator));
    let mut individual = Object::default();
    individual.set_text("first_name", given.text(FieldId::FirstName));
    individual.set_text("last_name", given.text(FieldId::LastName));
    individual.set_text("pseudonym", given.text(FieldId::Pseudonym));
    certificate.set_object("individual", individual);
    let mut usage = Object::default();
    usage.set_text("primary_usage", given.text(FieldId::PrimaryUsage));
    if given.takes(FieldId::AdditionalUsages) {
        usage.set_list("additional_usages", &entries::usages(draft));
    }
    certificate.set_object("usage_designation", usage);
    certificate.set_flag("is_rsassa_pss", given.flag(FieldId::RsassaPss));
    if given.takes(FieldId::Platform) {
        certificate.set_object("server_platform", platform(draft));
    }
    certificate.set_object("cert_validity", cert_validity(draft, ctx));
    certificate.set_text("signature_hash", &draft.hash);
    certificate.set_text("ca_cert_id", &draft.ica);
    certificate.set_text("profile_option", &draft.profile);
    certificate
}

/// Where a token is shipped to; left out where the account's own address will do.
fn ship_info(given: &Given<'_>) -> Object {
    let mut object = Object::default();
    for (key, field) in [
        ("name", FieldId::ShipName),
        ("addr1", FieldId::ShipAddress),
        ("addr2", FieldId::ShipAddress2),
        ("city", FieldId::ShipCity),
        ("state", FieldId::ShipState),
        ("zip", FieldId::ShipZip),
        ("country", FieldId::ShipCountry),
        ("method", FieldId::ShipMethod),
    ] {
        object.set_text(key, given.text(field));
    }
    object
}

fn subject(given: &Given<'_>) -> Object {
    let mut object = Object::default();
    object.set_text("serial_number", given.text(FieldId::SubjectSerial));
    object.set_text("pseudonym", given.text(FieldId::SubjectPseudonym));
    object.set_text("job_title", given.text(FieldId::JobTitle));
    object.set_flag("include_pseudonym", given.flag(FieldId::IncludePseudonym));
    object.set_flag("include_email", given.flag(FieldId::IncludeEmail));
    object.set_flag(
        "include_given_name_surname",
        given.flag(FieldId::IncludeName),
    );
    object
}

/// Only plan orders take it, and of its three forms the later overrides the earlier, so that one alone is sent.
fn cert_validity(draft: &Draft, ctx: &Context<'_>) -> Object {
    let mut object = Object::default();
    match validity::asked(draft) {
        Ok(Some(asked)) if ctx.order.is_plan => match asked {
            Validity::Years(years) => object.set("years", years),
            Validity::Days(days) => object.set("days", days),
            Validity::End(end) => object.set("custom_expiration_date", dates::print_reissue(end)),
        },
        _ => {}
    }
    object
}
