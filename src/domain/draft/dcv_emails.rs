//! To which addresses the mails that validate a DV order go (`dcv_emails`, an example of the page *Order DV SSL*): an entry a
//! name, with an address at that name or at a domain above it. What is typed are the addresses; which name each of them
//! serves follows from its domain.

use serde_json::{Value, json};

use super::{Draft, FieldId, emails, lists};
use crate::domain::names::normalise;

/// The addresses that were typed.
fn typed(draft: &Draft) -> Vec<String> {
    emails::parse(draft.text(FieldId::DcvEmails))
}

/// The domain of an address, where that is the name or above it.
fn domain_for<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let (_, domain) = address.rsplit_once('@')?;
    let name = normalise(name);
    let bare = name.strip_prefix("*.").unwrap_or(&name);
    let above = normalise(domain);
    let rest = bare.strip_suffix(&above)?;
    (!above.is_empty() && (rest.is_empty() || rest.ends_with('.'))).then_some(domain)
}

/// What is wrong with them: each name needs one, and each serves a name.
pub(super) fn problems(draft: &Draft) -> Vec<String> {
    let addresses = typed(draft);
    let mut found: Vec<String> = addresses
        .iter()
        .filter_map(|address| emails::check(address).err())
        .map(|error| error.to_string())
        .collect();
    if addresses.is_empty() || !found.is_empty() {
        return found;
    }
    let asked = draft.all_names();
    for address in &addresses {
        if !asked.iter().any(|name| domain_for(address, name).is_some()) {
            found.push(format!(
                "{address} is neither at one of the names nor at a domain above one"
            ));
        }
    }
    let serves = |name: &str| addresses.iter().any(|one| domain_for(one, name).is_some());
    let without: Vec<String> = asked.into_iter().filter(|name| !serves(name)).collect();
    if !without.is_empty() {
        found.push(format!("no address for {}", lists::words(&without)));
    }
    found
}

/// The entries of the request: one for each name, with the first address that serves it.
pub(super) fn entries(draft: &Draft, names: &[String]) -> Value {
    let addresses = typed(draft);
    let entry = |name: &String| {
        let mut serving = addresses.iter();
        serving.find_map(|address| {
            let domain = domain_for(address, name)?;
            Some(json!({"dns_name": name, "email_domain": normalise(domain), "email": address}))
        })
    };
    names.iter().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(addresses: &str) -> Draft {
        Draft {
            names: vec!["www.example.net".into(), "*.shop.example.org".into()],
            texts: [
                (FieldId::CommonName, "example.net".to_owned()),
                (FieldId::DcvEmails, addresses.to_owned()),
            ]
            .into(),
            ..Draft::default()
        }
    }

    #[test]
    fn each_name_gets_the_address_of_its_domain_or_of_one_above() {
        let draft = draft("admin@example.net, hostmaster@Example.org");
        assert_eq!(problems(&draft), [""; 0]);
        assert_eq!(
            entries(&draft, &draft.all_names()),
            json!([
                {"dns_name": "example.net", "email_domain": "example.net", "email": "admin@example.net"},
                {"dns_name": "www.example.net", "email_domain": "example.net", "email": "admin@example.net"},
                {"dns_name": "*.shop.example.org", "email_domain": "example.org", "email": "hostmaster@Example.org"},
            ])
        );
        assert_eq!(entries(&Draft::default(), &draft.all_names()), json!([]));
    }

    #[rstest::rstest]
    #[case("", &[])]
    #[case("admin", &["not an email address"])]
    #[case("admin@example.net", &["no address for *.shop.example.org"])]
    #[case("admin@example.net a@example.org b@ample.net", &["b@ample.net is neither"])]
    #[case("admin@www.example.net", &["no address for example.net, *.shop.example.org"])]
    fn what_serves_no_name_or_leaves_one_without_is_told(
        #[case] typed: &str,
        #[case] told: &[&str],
    ) {
        let found = problems(&draft(typed));
        assert_eq!(found.len(), told.len(), "{found:?}");
        for (found, told) in found.iter().zip(told) {
            assert!(found.contains(told), "{found}");
        }
    }
}
