//! What the choice fields of a form offer, and which of it is chosen at first.

use jiff::civil::{Date, date};

use super::field_rules::{self, SecureEmail};
use super::{Context, FieldId, FormKind, ValidityForm};
use crate::domain::product::{Choice, Family};

/// After this day the profile with client authentication is no longer issued (documentation page *Basic OV*).
const CLIENT_AUTH_ENDS: Date = date(2026, 5, 1);

fn choice(id: impl Into<String>, name: impl Into<String>) -> Choice {
    Choice {
        id: id.into(),
        name: name.into(),
    }
}

mod orders;

pub use orders::not_chosen;

/// Options of a field and the id of the one chosen at first.
pub fn options(id: FieldId, kind: FormKind, ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let none = |list: Vec<Choice>| (list, String::new());
    match id {
        FieldId::CommonName => common_names(ctx),
        FieldId::Platform => platforms(ctx),
        FieldId::Hash => hashes(kind, ctx),
        FieldId::Ica => none(icas(ctx)),
        FieldId::Validity => none(vec![
            choice(ValidityForm::Longest.id(), "maximum"),
            choice(ValidityForm::Year.id(), "1 year"),
            choice(ValidityForm::Days.id(), "custom days"),
            choice(ValidityForm::Until.id(), "custom date"),
        ]),
        FieldId::Profile if kind.makes_order() => {
            let own = choice(
                field_rules::OWN_PROFILE,
                "one of the account's own, by its name",
            );
            let list = profiles(ctx);
            let before = ctx.order.certificate.profile_option.clone();
            let before = before.filter(|before| list.iter().any(|known| known.id == *before));
            (
                list.into_iter().chain([own]).collect(),
                before.unwrap_or_default(),
            )
        }
        FieldId::Profile => none(profiles(ctx)),
        FieldId::Provisioning if kind.makes_order() => delivered_before(ctx),
        FieldId::Provisioning => none(provisioning(ctx)),
        FieldId::ProfileType => none(
            field_rules::PROFILE_TYPES
                .iter()
                .map(|(id, name)| choice(*id, *name))
                .collect(),
        ),
        FieldId::ShipTo => none(vec![
            choice("", "the account's default address"),
            choice("other", "another address"),
        ]),
        FieldId::ShipMethod => (
            vec![
                choice("STANDARD", "standard"),
                choice("EXPEDITED", "expedited"),
            ],
            "STANDARD".into(),
        ),
        FieldId::CnIndicator => {
            let known = SecureEmail::of(ctx.order).map_or(&[][..], SecureEmail::indicators);
            none(to_choose(known))
        }
        FieldId::PrimaryUsage => none(to_choose(field_rules::PRIMARY_USAGES)),
        _ if kind.makes_order() && orders::is_ours(id) => orders::options(id, ctx),
        FieldId::Dcv => none(vec![
            choice(
                "",
                if kind.makes_order() {
                    "account default"
                } else {
                    "same as the order"
                },
            ),
            choice("email", "email"),
            choice("dns-txt-token", "DNS TXT record"),
            choice("dns-cname-token", "DNS CNAME record"),
            choice("http-token", "file on the website"),
        ]),
        FieldId::DcvScope => none(vec![
            choice("", "account default"),
            choice("base_domain", "base domain"),
            choice("fqdn", "each full name"),
        ]),
        _ => none(Vec::new()),
    }
}

fn common_names(ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let own = ctx.order.certificate.common_name.clone();
    let names = if ctx.order.product.is_multi_domain() {
        ctx.order_names()
    } else {
        vec![own.clone()]
    };
    let list = names
        .into_iter()
        .map(|name| choice(name.clone(), name))
        .collect();
    (list, own)
}

/// A list of which one must be chosen: nothing is as good as anything else.
fn to_choose(known: &[(&str, &str)]) -> Vec<Choice> {
    let mut list = vec![choice("", "not selected")];
    list.extend(known.iter().map(|(id, name)| choice(*id, *name)));
    list
}

fn provisioning(ctx: &Context<'_>) -> Vec<Choice> {
    let words = |id: &str| {
        let known = field_rules::PROVISIONING
            .iter()
            .find(|(known, _)| *known == id);
        known.map_or_else(|| id.to_owned(), |(_, words)| (*words).to_owned())
    };
    let stored = ctx.order.provisioning.as_deref().map_or_else(
        || "as stored on the order".to_owned(),
        |stored| format!("as stored on the order ({})", words(stored)),
    );
    let mut list = vec![choice("", stored)];
    list.extend(
        field_rules::PROVISIONING
            .iter()
            .map(|(id, name)| choice(*id, *name)),
    );
    list
}

/// The ways of delivery for an order that renews another: that of the old one at first, where it is told.
fn delivered_before(ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let before = ctx.order.provisioning.as_deref();
    let known = field_rules::PROVISIONING;
    let unset = before.is_none().then(|| choice("", "account default"));
    let own = before.filter(|before| known.iter().all(|(id, _)| id != before));
    let own = own.map(|own| choice(own, own));
    let known = known.iter().map(|(id, name)| choice(*id, *name));
    (
        unset.into_iter().chain(own).chain(known).collect(),
        before.unwrap_or_default().to_owned(),
    )
}

fn platforms(ctx: &Context<'_>) -> (Vec<Choice>, String) {
    if matches!(
        ctx.order.product.family(),
        Family::CodeSigning | Family::EvCodeSigning
    ) {
        return tokens(ctx);
    }
    let current = ctx.order.certificate.platform.as_ref();
    let mut list: Vec<Choice> = ctx.product.map_or_else(Vec::new, |product| {
        product
            .platforms
            .iter()
            .map(|platform| choice(platform.id.to_string(), platform.name.clone()))
            .collect()
    });
    if !list.iter().any(|option| option.id == "-1") {
        list.push(choice("-1", "OTHER"));
    }
    if let Some(current) = current {
        let id = current.id.to_string();
        if !list.iter().any(|option| option.id == id) {
            list.insert(0, choice(id, current.name.clone()));
        }
    }
    let chosen = current.map_or(-1, |platform| platform.id).to_string();
    (list, chosen)
}

/// Tokens for code signing: none of them is a default, the one in use is chosen at first.
fn tokens(ctx: &Context<'_>) -> (Vec<Choice>, String) {
    let current = ctx.order.certificate.platform.as_ref();
    let offered = ctx.product.map_or(&[][..], |product| &product.platforms);
    let current = current.filter(|platform| is_hardware(platform.id));
    let mut list = to_choose(&[]);
    list.extend(
        offered
            .iter()
            .filter(|platform| is_hardware(platform.id))
            .chain(current.filter(|current| offered.iter().all(|known| known.id != current.id)))
            .map(|platform| choice(platform.id.to_string(), platform.name.clone())),
    );
    if offered.is_empty() && current.is_none() {
        // Nobody told which there are: the account's word for any.
        list.push(choice("-1", "OTHER"));
    }
    let chosen = current.map_or_else(String::new, |platform| platform.id.to_string());
    (list, chosen)
}

/// Whether a platform of code signing can be a token of one's own: neither "other" is one, which stands for an own HSM there, nor
/// Java, the one platform that took a CSR (glossary, *Server platforms*).
fn is_hardware(platform: i64) -> bool {
    !matches!(platform, -1 | 55)
}

fn hashes(kind: FormKind, ctx: &Context<'_>) -> (Vec<Choice>, String) {
    // SHA-1 is historic and private (glossary); a duplicate documents SHA-2 alone.
    let private = kind == FormKind::Reissue && ctx.order.product.family() == Family::PrivateTls;
    let usable = |id: &str| private || !id.eq_ignore_ascii_case("sha1");
    let mut list: Vec<Choice> = ctx.product.map_or_else(Vec::new, |product| {
        product
            .hashes
            .iter()
            .filter(|hash| usable(&hash.id))
            .cloned()
            .collect()
    });
    if list.is_empty() {
        let signing = matches!(
            ctx.order.product.family(),
            Family::CodeSigning | Family::EvCodeSigning
        );
        list = [
            ("sha256", "SHA-256"),
            ("sha384", "SHA-384"),
            ("sha512", "SHA-512"),
        ]
        .into_iter()
        .filter(|(id, _)| !signing || *id == "sha256")
        .map(|(id, name)| choice(id, name))
        .collect();
    }
    let offered = |id: &String| list.iter().any(|option| &option.id == id);
    let chosen = ctx
        .order
        .certificate
        .hash
        .as_ref()
        .map(|hash| hash.to_lowercase())
        .filter(offered)
        .or_else(|| {
            ctx.product
                .and_then(|product| product.default_hash.clone())
                .filter(offered)
        })
        .unwrap_or_else(|| "sha256".into());
    (list, chosen)
}

fn icas(ctx: &Context<'_>) -> Vec<Choice> {
    let mut list = vec![choice("", "default")];
    if let Some(product) = ctx.product {
        list.extend(product.icas.iter().map(|ica| {
            // A chain that begins with the CA itself says its name.
            let name = match ica.chain.as_str() {
                "" => ica.name.clone(),
                chain if chain.starts_with(&ica.name) => chain.to_owned(),
                chain => format!("{} ({chain})", ica.name),
            };
            choice(ica.id.clone(), name)
        }));
    }
    list
}

fn profiles(ctx: &Context<'_>) -> Vec<Choice> {
    let mut list = vec![
        choice("", "default"),
        choice("server_auth_only_eku", "server authentication only"),
    ];
    if ctx.today <= CLIENT_AUTH_ENDS {
        list.push(choice(
            "server_client_auth_eku",
            "server and client authentication",
        ));
    }
    // Accounts can have profiles of their own; the order's is one that this one has.
    if let Some(own) = &ctx.order.certificate.profile_option
        && !list.iter().any(|known| known.id == *own)
        && own != "server_client_auth_eku"
    {
        list.push(choice(own.clone(), own.clone()));
    }
    list
}
