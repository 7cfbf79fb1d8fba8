//! A new order or a renewal: what is typed against the rules, and the request (fields: the documentation page *Order Secure
//! Site SSL*, with what newer order pages add, and the pages of DV, private, code signing, email, client, document signing,
//! and mark orders).

use jiff::Span;
use jiff::civil::Date;
use serde_json::json;

use super::super::dates;
use super::super::names;
use super::super::product::Family;
use super::super::rules::place::{check_order, may_renew, not_ordered};
use super::super::rules::reissue::Validity;
use super::super::rules::{Finding, Reason, Ruling, Weight};
use super::super::validity::{Bounds, EndError, Foreseen, Industry, last_of};
use super::super::write::{Method, Outgoing, WriteKind};
use super::body::Body;
use super::common::{ask, checked, expected, problem};
use super::field_rules::{self, LENGTH_DAYS, LENGTH_UNTIL, Need, OWN_PROFILE};
use super::offer::{Definition, ValueKind};
use super::{
    Checked, Context, Draft, FieldId, FormKind, dcv_emails, emails, entries, mark, organization,
    validity,
};
use crate::domain::text::counted;

/// The choice of [`FieldId::RenewedBy`] that sends the thumbprint of the old certificate.
pub const BY_THUMBPRINT: &str = "thumbprint";

/// The longest order of a public product, in years (page *End of 4-6-year Multi-year Plans*).
const MOST_YEARS: u32 = 3;

/// The fields of the request, in the order of the page, up to the organisation. The name of a profile of the account's
/// own comes where the choice of it was.
const FIELDS: &[FieldId] = &[
    FieldId::CommonName,
    FieldId::Names,
    FieldId::Csr,
    FieldId::Emails,
    FieldId::CnIndicator,
    FieldId::FirstName,
    FieldId::LastName,
    FieldId::Pseudonym,
    FieldId::PrimaryUsage,
    FieldId::AdditionalUsages,
    FieldId::ProfileType,
    FieldId::Hash,
    FieldId::Units,
    FieldId::Platform,
    FieldId::Profile,
    FieldId::ProfileName,
    FieldId::Ica,
    FieldId::Validity,
    FieldId::Days,
    FieldId::Until,
    FieldId::RenewedBy,
    FieldId::OrderLength,
    FieldId::OrderDays,
    FieldId::OrderUntil,
    FieldId::Comments,
    FieldId::Discount,
    FieldId::ForeignSerial,
    FieldId::AutoRenew,
    FieldId::AutoReissue,
    FieldId::RenewalMessage,
    FieldId::NoNotices,
    FieldId::NoIssuanceMail,
    FieldId::MoreEmails,
    FieldId::Locale,
    FieldId::Payment,
    FieldId::Dcv,
    FieldId::DcvEmails,
    FieldId::DcvScope,
    FieldId::UseAuthKey,
    FieldId::SkipApproval,
    FieldId::DisableCt,
    FieldId::Provisioning,
    FieldId::ShipName,
    FieldId::ShipAddress,
    FieldId::ShipAddress2,
    FieldId::ShipCity,
    FieldId::ShipState,
    FieldId::ShipZip,
    FieldId::ShipCountry,
    FieldId::ShipMethod,
    FieldId::IncludePseudonym,
    FieldId::IncludeEmail,
    FieldId::IncludeName,
    FieldId::MarkLogo,
    FieldId::MarkHosting,
];

/// How long an order is asked to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Years(u32),
    Days(u32),
    /// Until this day.
    Until(Date),
}

/// The longest order of the product, in years; where no page tells, the longest that the account offers.
fn most_years(ctx: &Context<'_>) -> u32 {
    let offered = ctx
        .product
        .map_or(&[][..], |product| &product.order_validity_years);
    let longest = offered.iter().copied().max();
    match (ctx.order.product.family(), longest) {
        (Family::PublicTls | Family::VerifiedMark, _) | (_, None) => MOST_YEARS,
        (_, Some(longest)) => longest,
    }
}

/// The longest order of the product, in days. Code signing orders last as long as one certificate may since that has a limit
/// (a client says that longer ones are refused).
fn most_days(ctx: &Context<'_>) -> u32 {
    let years = most_years(ctx);
    let days = years * 365 + years.div_ceil(4);
    match Industry::of(ctx.order.product.family()) {
        Some(signing @ Industry::CodeSigning) => signing.days(ctx.today).unwrap_or(days),
        _ => days,
    }
}

/// The length that is asked for; an error when it cannot be read or ordered.
pub fn length(draft: &Draft, ctx: &Context<'_>) -> Result<Length, String> {
    let (today, most) = (ctx.today, most_years(ctx));
    let most_days = most_days(ctx);
    let is_signing = Industry::of(ctx.order.product.family()) == Some(Industry::CodeSigning);
    let (last, most) = if is_signing {
        let most = counted(most_days as usize, "day", "days");
        (last_of(today, most_days), most)
    } else {
        let last = today.saturating_add(Span::new().years(most));
        (last, counted(most as usize, "year", "years"))
    };
    match draft.text(FieldId::OrderLength) {
        LENGTH_DAYS => {
            let text = draft.text(FieldId::OrderDays);
            match text.parse::<u32>() {
                Ok(days) if (1..=most_days).contains(&days) => Ok(Length::Days(days)),
                Ok(_) if is_signing => Err(format!("an order is covered for 1 to {most}")),
                Ok(_) => {
                    let days = counted(most_days as usize, "day", "days");
                    Err(format!("an order is covered for 1 to {days} ({most})"))
                }
                Err(_) if text.is_empty() => Err("enter a number of days, such as 365".to_owned()),
                Err(_) => Err(format!(
                    "{text:?} is not a number of days: enter one such as 365"
                )),
            }
        }
        LENGTH_UNTIL => {
            let end =
                dates::parse(draft.text(FieldId::OrderUntil)).map_err(|error| error.to_string())?;
            if end <= today {
                return Err(format!("{} is not in the future", dates::print_iso(end)));
            }
            if end > last {
                return Err(format!(
                    "an order is covered for {most} at most: until {}",
                    dates::print_iso(last)
                ));
            }
            Ok(Length::Until(end))
        }
        years => years
            .parse()
            .map(Length::Years)
            .map_err(|_| "choose how long the order is covered".to_owned()),
    }
}

/// The last day of the order that is asked for.
pub fn end(length: Length, today: Date) -> Date {
    match length {
        Length::Years(years) => today.saturating_add(Span::new().years(years.min(10))),
        Length::Days(days) => last_of(today, days),
        Length::Until(end) => end,
    }
}

fn kind(renews: bool) -> FormKind {
    if renews {
        FormKind::Renew
    } else {
        FormKind::NewOrder
    }
}

/// Everything there is to say about the draft. `renews` tells a renewal from a new order.
pub fn check(draft: &Draft, ctx: &Context<'_>, renews: bool) -> Checked {
    let kind = kind(renews);
    let ask = ask(draft, None, entries::ruled(draft, ctx, kind));
    let mut ruling = Ruling::default();
    if renews {
        ruling
            .findings
            .extend(may_renew(ctx.order, ctx.today).findings);
    }
    let not_ordered = not_ordered(&ctx.order.product, &ctx.offer.products);
    if renews && not_ordered == Some(Reason::NotEnabled) {
        let name = ctx.order.product.name.clone();
        ruling.findings.push(Finding {
            field: None,
            weight: Weight::Advises,
            reason: Reason::NoLongerEnabled(name),
        });
    }
    ruling
        .findings
        .extend(check_order(ctx.order, ctx.product, &ask).findings);
    let csr = field_rules::order(FieldId::Csr, draft.facts(ctx), renews);
    let mut checked = checked(&ruling, draft, csr == Some(Need::Required));
    entries::check(draft, ctx, kind, &mut checked);
    for (field, text) in problems(draft, ctx, renews) {
        checked.problems.push(problem(field, &text));
    }
    if draft.is_given(FieldId::Units) {
        let text =
            "public certificates no longer contain organizational units: ignored or refused today";
        checked.advice.push(problem(FieldId::Units, text));
    }
    if draft.is_given(FieldId::UseAuthKey) && draft.text(FieldId::Dcv) == "email" {
        let text = "no email is needed where a request token is found: CertCentral looks for it in DNS or in a file";
        checked.advice.push(problem(FieldId::UseAuthKey, text));
    }
    checked.advice.extend(validity::beyond_offer(draft, ctx));
    checked
}

fn problems(draft: &Draft, ctx: &Context<'_>, renews: bool) -> Vec<(FieldId, String)> {
    let mut found = organization::problems(draft, ctx, renews);
    if draft.public_key.is_some() {
        let text = "this is a bare public key: an order needs a CSR".to_owned();
        found.push((FieldId::Csr, text));
    }
    if draft.text(FieldId::Profile) == OWN_PROFILE && !draft.is_given(FieldId::ProfileName) {
        let text = Reason::Required("the name of the profile").to_string();
        found.push((FieldId::ProfileName, text));
    }
    let not_ordered = not_ordered(&ctx.order.product, &ctx.offer.products);
    if let Some(why) = not_ordered.filter(|_| !renews) {
        found.push((FieldId::Product, why.to_string()));
    }
    found.extend(not_in_container(draft, ctx));
    if let Some(why) = draft.given(FieldId::MarkLogo).and_then(mark::problem) {
        found.push((FieldId::MarkLogo, why.to_owned()));
    }
    let emails = dcv_emails::problems(draft).into_iter();
    found.extend(emails.map(|why| (FieldId::DcvEmails, why)));
    if draft.is_given(FieldId::UseAuthKey) && draft.text(FieldId::Dcv) == "dns-cname-token" {
        let text =
            "an AuthKey request token stands in a TXT record or a file, not in a CNAME record";
        found.push((FieldId::Dcv, text.to_owned()));
    }
    if let Err(why) = length(draft, ctx) {
        let field = match draft.text(FieldId::OrderLength) {
            LENGTH_DAYS => FieldId::OrderDays,
            LENGTH_UNTIL => FieldId::OrderUntil,
            _ => FieldId::OrderLength,
        };
        found.push((field, why));
    }
    match validity::asked(draft) {
        Err(why) => {
            found.push((draft.validity_field(), why));
        }
        Ok(Some(Validity::End(end))) if end <= ctx.today => {
            let past = EndError::Past {
                asked: end,
                today: ctx.today,
            };
            found.push((FieldId::Until, past.to_string()));
        }
        Ok(Some(asked)) => {
            let first = asked.last_day(ctx.today);
            let order = length(draft, ctx).map(|length| end(length, ctx.today));
            if let Some(order) = order.ok().filter(|order| first > *order) {
                let order = dates::print_iso(order);
                let text = format!(
                    "the first certificate cannot outlast its order, which expires on {order}"
                );
                found.push((draft.validity_field(), text));
            }
        }
        Ok(_) => {}
    }
    if renews
        && draft.text(FieldId::RenewedBy) == BY_THUMBPRINT
        && ctx.order.certificate.thumbprint.is_none()
    {
        let text = "CertCentral reports no thumbprint of this order: enter its order number";
        found.push((FieldId::RenewedBy, text.to_owned()));
    }
    for address in emails::parse(draft.text(FieldId::MoreEmails)) {
        if let Err(error) = emails::check(&address) {
            found.push((FieldId::MoreEmails, error.to_string()));
        }
    }
    let serial = draft.text(FieldId::ForeignSerial);
    if serial
        .chars()
        .any(|c| !c.is_ascii_hexdigit() && c != ':' && c != ' ')
    {
        let text = "a serial number consists of digits and the letters A to F";
        found.push((FieldId::ForeignSerial, text.to_owned()));
    }
    for field in definitions(ctx) {
        let value = draft.text(FieldId::Custom(field.id));
        let wrong = match (value.is_empty(), field.required) {
            (true, true) => Some(format!("{} is required by the account", field.label)),
            (true, false) => None,
            (false, _) => field.kind.wrong(value),
        };
        found.extend(wrong.map(|why| (FieldId::Custom(field.id), why)));
    }
    found
}

/// What the container that is chosen does not allow.
fn not_in_container(draft: &Draft, ctx: &Context<'_>) -> Vec<(FieldId, String)> {
    let mut found = Vec::new();
    let product = &ctx.order.product;
    let container = draft.text(FieldId::Container).parse::<u64>().ok();
    let listed = ctx.offer.products.iter();
    let listed = listed
        .clone()
        .find(|known| known.product.name_id == product.name_id);
    if let (Some(container), Some(listed)) = (container, listed)
        && !listed.containers.is_empty()
        && !listed.containers.contains(&container)
    {
        let text = format!("{} may not be ordered in this division", product.name);
        found.push((FieldId::Container, text));
    }
    let limits = ctx.offer.limits.iter();
    for limit in limits.filter(|limit| limit.product == product.name_id) {
        for (allowed, field, what) in [
            (limit.auto_renew, FieldId::AutoRenew, "auto-renew"),
            (limit.auto_reissue, FieldId::AutoReissue, "auto-reissue"),
        ] {
            if allowed == Some(false) && draft.is_given(field) {
                found.push((field, format!("the division does not allow {what}")));
            }
        }
        let wild = draft.all_names();
        let wild = wild.iter().find(|name| names::is_wildcard(name));
        if let (Some(false), Some(name)) = (limit.wildcards, wild) {
            let text = format!("the division does not allow wildcards such as {name}");
            found.push((FieldId::CommonName, text));
        }
        if let (Ok(Length::Years(years)), false) =
            (length(draft, ctx), limit.order_years.is_empty())
            && !limit.order_years.contains(&years)
        {
            let years = counted(years as usize, "year", "years");
            let text = format!("the division does not allow orders of {years}");
            found.push((FieldId::OrderLength, text));
        }
    }
    found
}

/// The custom fields that may be given: those that the account defines, and those that the order has.
pub fn definitions(ctx: &Context<'_>) -> Vec<Definition> {
    let mut all = ctx.offer.fields.clone();
    for field in &ctx.order.custom_fields {
        if !all.iter().any(|known| known.id == field.metadata_id) {
            all.push(Definition {
                id: field.metadata_id,
                label: field.label.clone(),
                required: false,
                kind: ValueKind::Text,
            });
        }
    }
    all
}

/// The request; `None` while something keeps it from being sent.
pub fn outgoing(draft: &Draft, ctx: &Context<'_>, renews: bool) -> Option<Outgoing> {
    if !check(draft, ctx, renews).allowed() {
        return None;
    }
    let kind = kind(renews);
    let mut body = Body::default();
    body.put_fields(FIELDS, draft, ctx, kind);
    organization::put(&mut body, draft, ctx, kind);
    body.put_fields(&[FieldId::Container], draft, ctx, kind);
    let custom = definitions(ctx).into_iter().filter_map(|field| {
        let value = draft.given(FieldId::Custom(field.id))?;
        Some(json!({"metadata_id": field.id, "value": value}))
    });
    body.put("custom_fields", custom.collect::<Vec<_>>());
    body.put("alternative_order_id", ctx.reference.trim());
    let foreseen = foreseen(draft, ctx).ok()?;
    Some(Outgoing {
        kind: if renews {
            WriteKind::Renew
        } else {
            WriteKind::NewOrder
        },
        method: Method::Post,
        path: format!("/order/certificate/{}", ctx.order.product.name_id),
        body: body.text(),
        order: renews.then_some(ctx.order.id),
        request: None,
        certificate: None,
        expected: expected(draft, ctx, foreseen),
    })
}

/// What the end of the first certificate is foreseen by; an error when its length cannot be read.
pub fn foreseen(draft: &Draft, ctx: &Context<'_>) -> Result<Foreseen, String> {
    let length = length(draft, ctx).ok();
    Ok(Foreseen {
        asked: validity::asked(draft)?,
        bounds: Bounds {
            today: ctx.today,
            industry: Industry::of(ctx.order.product.family()),
            order_end: length.map(|length| end(length, ctx.today)),
            plan_end: None,
            original_end: None,
        },
        begins: !matches!(length, Some(Length::Until(_))),
    })
}
