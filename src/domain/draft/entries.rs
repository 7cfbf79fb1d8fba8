//! The entries that only some families take, checked as they are typed: what must be given, how long it may be, how
//! many there may be, and which values there are (documentation page *Reissue certificate*, and the order pages).

use super::common::problem;
use super::field_rules::{self, Need, SecureEmail};
use super::{Checked, Context, Draft, FieldId, FormKind, emails};
use crate::domain::names;
use crate::domain::rules::{Reason, reissue};

/// The longest text of a field, in characters.
const LONGEST: &[(FieldId, usize)] = &[
    (FieldId::Upn, 255),
    (FieldId::SubjectSerial, 100),
    (FieldId::SubjectPseudonym, 128),
    (FieldId::JobTitle, 128),
];

/// What stands in the place of the field in "... is required".
const REQUIRED: &[(FieldId, &str)] = &[
    (FieldId::Emails, "an email address"),
    (FieldId::CnIndicator, "the source of the common name"),
    (FieldId::FirstName, "the first name"),
    (FieldId::LastName, "the last name"),
    (FieldId::Pseudonym, "the pseudonym"),
    (FieldId::PrimaryUsage, "the primary usage"),
    (FieldId::ShipName, "the recipient"),
    (FieldId::ShipAddress, "the address"),
    (FieldId::ShipCity, "the city"),
    (FieldId::ShipState, "the state"),
    (FieldId::ShipZip, "the postal code"),
    (FieldId::ShipCountry, "the country"),
    (FieldId::ShipMethod, "the shipping priority"),
];

/// Everything there is to say of these entries of a reissue or an order.
pub(super) fn check(draft: &Draft, ctx: &Context<'_>, kind: FormKind, checked: &mut Checked) {
    let facts = draft.facts(ctx);
    let taken = |field| field_rules::need(field, kind, facts);
    for (field, what) in REQUIRED {
        if taken(*field) == Some(Need::Required) && !draft.is_given(*field) {
            let text = Reason::Required(what).to_string();
            checked.problems.push(problem(*field, &text));
        }
    }
    if taken(FieldId::Platform) == Some(Need::Required) && draft.number(FieldId::Platform).is_none()
    {
        let text = Reason::Required("the token that you own").to_string();
        checked.problems.push(problem(FieldId::Platform, &text));
    }
    for (field, longest) in LONGEST {
        let length = draft.text(*field).chars().count();
        if taken(*field).is_some() && length > *longest {
            let text = format!("{length} characters; the maximum is {longest}");
            checked.problems.push(problem(*field, &text));
        }
    }
    addresses(draft, ctx, kind, checked);
    if taken(FieldId::Upn).is_some() && draft.text(FieldId::Upn).split_whitespace().count() > 1 {
        let text = "at most one name: a user principal name looks like alice@example.com";
        checked.problems.push(problem(FieldId::Upn, text));
    }
    if taken(FieldId::Upn).is_some()
        && draft.is_given(FieldId::Upn)
        && !draft.text(FieldId::Upn).contains('@')
    {
        let text = "a user principal name looks like alice@example.com";
        checked.advice.push(problem(FieldId::Upn, text));
    }
    individual(draft, ctx, kind, checked);
    if taken(FieldId::AdditionalUsages).is_some() {
        for usage in usages(draft) {
            if !field_rules::ADDITIONAL_USAGES.contains(&usage.as_str()) {
                let text = format!(
                    "{usage:?} is not one of the usages known here ({}): CertCentral may refuse it",
                    field_rules::ADDITIONAL_USAGES.join(", ")
                );
                checked
                    .advice
                    .push(problem(FieldId::AdditionalUsages, &text));
            }
        }
    }
    signing(draft, ctx, kind, checked);
    pss(draft, ctx, kind, checked);
}

/// Additional uses as typed.
pub(super) fn usages(draft: &Draft) -> Vec<String> {
    emails::parse(draft.text(FieldId::AdditionalUsages))
}

fn addresses(draft: &Draft, ctx: &Context<'_>, kind: FormKind, checked: &mut Checked) {
    if field_rules::need(FieldId::Emails, kind, draft.facts(ctx)).is_none() {
        return;
    }
    let asked = draft.emails();
    for address in &asked {
        if let Err(error) = emails::check(address) {
            checked
                .problems
                .push(problem(FieldId::Emails, &error.to_string()));
        }
    }
    let dropped = emails::without(&ctx.order.certificate.emails, &asked);
    if !dropped.is_empty() && kind == FormKind::Reissue {
        let text = format!(
            "no longer on the certificate: {}; the review says what that may do",
            dropped.join(", ")
        );
        checked.advice.push(problem(FieldId::Emails, &text));
    }
    let kind = SecureEmail::of(ctx.order);
    if matches!(kind, Some(SecureEmail::Sponsor | SecureEmail::Organization))
        && let Some(address) = asked.iter().find(|address| is_public_provider(address))
    {
        let text = format!(
            "{address} is at a public mail provider: refused unless its domain is validated for the organization"
        );
        checked.advice.push(problem(FieldId::Emails, &text));
    }
}

/// The best-known providers of mail to everybody; the account's own list is not published.
fn is_public_provider(address: &str) -> bool {
    const PROVIDERS: &[&str] = &[
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "proton.me",
        "protonmail.com",
    ];
    let domain = address.rsplit('@').next().unwrap_or_default();
    PROVIDERS.iter().any(|known| names::same(domain, known))
}

/// A person is named by both names or by none, and the account may want one where the page does not.
fn individual(draft: &Draft, ctx: &Context<'_>, kind: FormKind, checked: &mut Checked) {
    let facts = draft.facts(ctx);
    if field_rules::need(FieldId::FirstName, kind, facts) == Some(Need::Optional) {
        match (
            draft.is_given(FieldId::FirstName),
            draft.is_given(FieldId::LastName),
        ) {
            (true, false) => checked.problems.push(problem(
                FieldId::LastName,
                &Reason::Required("the last name, in addition to the first,").to_string(),
            )),
            (false, true) => checked.problems.push(problem(
                FieldId::FirstName,
                &Reason::Required("the first name, in addition to the last,").to_string(),
            )),
            (false, false) if kind.makes_order() && !draft.is_given(FieldId::Pseudonym) => {
                let text = Reason::Required("a name or a pseudonym").to_string();
                checked.problems.push(problem(FieldId::FirstName, &text));
            }
            (false, false) if !draft.is_given(FieldId::Pseudonym) => checked.advice.push(problem(
                FieldId::FirstName,
                "newer documentation of orders requires a name or a pseudonym here as well: CertCentral may refuse \
                    without",
            )),
            _ => {}
        }
    }
    if field_rules::need(FieldId::IncludeName, kind, facts).is_some()
        && draft.is_given(FieldId::IncludeName)
        && !draft.is_given(FieldId::FirstName)
    {
        checked.problems.push(problem(
            FieldId::IncludeName,
            "there is no name to include: enter first and last name",
        ));
    }
    if field_rules::need(FieldId::IncludePseudonym, kind, facts).is_some()
        && draft.is_given(FieldId::IncludePseudonym)
        && !draft.is_given(FieldId::Pseudonym)
    {
        checked.problems.push(problem(
            FieldId::IncludePseudonym,
            "there is no pseudonym to include: enter it, or only that of the subject",
        ));
    }
}

fn signing(draft: &Draft, ctx: &Context<'_>, kind: FormKind, checked: &mut Checked) {
    let facts = draft.facts(ctx);
    if field_rules::need(FieldId::Provisioning, kind, facts).is_none() {
        return;
    }
    if !draft.is_given(FieldId::Provisioning) && kind == FormKind::Reissue {
        checked.advice.push(problem(
            FieldId::Provisioning,
            "if CertCentral no longer offers the order's method, it uses its own default and stores that on the order",
        ));
    }
    if field_rules::need(FieldId::ShipMethod, kind, facts).is_some()
        && draft.text(FieldId::ShipMethod) == "EXPEDITED"
    {
        checked
            .advice
            .push(problem(FieldId::ShipMethod, "expedited costs more"));
    }
    let country = draft.text(FieldId::ShipCountry);
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    if field_rules::need(FieldId::ShipCountry, kind, facts).is_some()
        && !country.is_empty()
        && !is_code
    {
        checked.advice.push(problem(
            FieldId::ShipCountry,
            "other countries have two letters, such as de or us: whether anything else is understood is not \
                documented",
        ));
    }
}

/// RSASSA-PSS counts only below an issuing CA with an RSA key.
fn pss(draft: &Draft, ctx: &Context<'_>, kind: FormKind, checked: &mut Checked) {
    let facts = draft.facts(ctx);
    if field_rules::need(FieldId::RsassaPss, kind, facts).is_none()
        || !draft.is_given(FieldId::RsassaPss)
    {
        return;
    }
    let chosen = draft.text(FieldId::Ica);
    let ica = ctx
        .product
        .and_then(|product| product.icas.iter().find(|ica| ica.id == chosen));
    let is_ecc = ica.is_some_and(|ica| {
        let words = format!("{} {}", ica.name, ica.chain).to_uppercase();
        words.contains("ECC") || words.contains("ECDSA")
    });
    let text = if is_ecc {
        "the chosen issuing CA seems to have an ECC key: it signs with ECC, and this has no effect"
    } else {
        "applies only if the issuing CA has an RSA key; one with an ECC key signs with ECC"
    };
    checked.advice.push(problem(FieldId::RsassaPss, text));
}

/// What a reissue does to the order's addresses: added and dropped.
pub(super) fn address_change(draft: &Draft, ctx: &Context<'_>) -> (Vec<String>, Vec<String>) {
    if !field_rules::has_emails(ctx.order.product.family()) {
        return (Vec::new(), Vec::new());
    }
    let (before, asked) = (&ctx.order.certificate.emails, draft.emails());
    (
        emails::without(&asked, before),
        emails::without(before, &asked),
    )
}

/// The names that a rule looks at: none where the product has none.
pub(super) fn ruled<'a>(draft: &'a Draft, ctx: &Context<'a>, kind: FormKind) -> reissue::Taken {
    let facts = draft.facts(ctx);
    reissue::Taken {
        csr: field_rules::need(FieldId::Csr, kind, facts) == Some(Need::Required),
        common_name: field_rules::need(FieldId::CommonName, kind, facts).is_some(),
    }
}
