//! The fields of the forms as options, made from one table; any other goes by its path in the API's request.

use std::collections::{HashMap, HashSet};

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::domain::draft::contact::{Contact, ContactField};
use crate::domain::draft::given::{self, Texts, with_choices};
use crate::domain::draft::{FieldId, FormKind};

/// An option that fills a field in.
struct Named {
    field: FieldId,
    name: &'static str,
    takes: Takes,
    /// What the request is for.
    of: Of,
    help: &'static str,
}

/// What stands behind an option.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// Nothing: it is turned on.
    Nothing,
    One(&'static str),
    /// The option can be given several times.
    Many(&'static str),
}

/// Which requests have a field.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    All,
    /// Duplicates and reissues.
    Certificates,
    /// New orders and renewals.
    Orders,
}

const fn named(
    field: FieldId,
    name: &'static str,
    takes: Takes,
    of: Of,
    help: &'static str,
) -> Named {
    Named {
        field,
        name,
        takes,
        of,
        help,
    }
}

const fn contact(who: Contact) -> FieldId {
    FieldId::Contact(who, ContactField::Who)
}

const SET: &str = "set";
const CUSTOM: &str = "custom-field";

const OPTIONS: &[Named] = &[
    named(
        FieldId::CommonName,
        "common-name",
        Takes::One("NAME"),
        Of::All,
        "Common name",
    ),
    named(
        FieldId::Names,
        "dns-name",
        Takes::Many("NAME"),
        Of::All,
        "A name besides the common name, in place of those of the order; can be given several times",
    ),
    named(
        FieldId::Emails,
        "email",
        Takes::Many("ADDRESS"),
        Of::All,
        "An address that the certificate is for (S/MIME and client products); can be given several times",
    ),
    named(
        FieldId::Organization,
        "organization",
        Takes::One("ORGANIZATION"),
        Of::Orders,
        "Organization, by its number or name",
    ),
    named(
        contact(Contact::Organization),
        "organization-contact",
        Takes::One("USER"),
        Of::Orders,
        "Contact of the organization: a user of the account, by number",
    ),
    named(
        contact(Contact::Technical),
        "technical-contact",
        Takes::One("USER"),
        Of::Orders,
        "Technical contact, who gets the certificate: a user of the account, by number",
    ),
    named(
        contact(Contact::Verified),
        "verified-contact",
        Takes::One("USER"),
        Of::Orders,
        "Contact who confirms an EV order: a user of the account, by number",
    ),
    named(
        FieldId::Container,
        "division",
        Takes::One("DIVISION"),
        Of::Orders,
        "Division, by its number or name",
    ),
    named(
        FieldId::OrderLength,
        "order-years",
        Takes::One("YEARS"),
        Of::Orders,
        "Years that the order is covered",
    ),
    named(
        FieldId::OrderDays,
        "order-days",
        Takes::One("DAYS"),
        Of::Orders,
        "Days that the order is covered",
    ),
    named(
        FieldId::OrderUntil,
        "order-until",
        Takes::One("DATE"),
        Of::Orders,
        "Last day that the order is covered, as YYYY-MM-DD",
    ),
    named(
        FieldId::Days,
        "valid-days",
        Takes::One("DAYS"),
        Of::All,
        "Days that the certificate is valid",
    ),
    named(
        FieldId::Hash,
        "signature-hash",
        Takes::One("HASH"),
        Of::All,
        "Signature hash, such as sha256",
    ),
    named(
        FieldId::Platform,
        "server-platform",
        Takes::One("PLATFORM"),
        Of::All,
        "Server platform, by its number or name",
    ),
    named(
        FieldId::Ica,
        "ca",
        Takes::One("CA"),
        Of::All,
        "Issuing CA, by its number or name",
    ),
    named(
        FieldId::Dcv,
        "dcv-method",
        Takes::One("METHOD"),
        Of::All,
        "How names are validated: email, dns-txt-token, dns-cname-token, or http-token",
    ),
    named(
        FieldId::Payment,
        "payment-method",
        Takes::One("METHOD"),
        Of::Orders,
        "How it is paid: balance, card, or profile",
    ),
    named(
        FieldId::AutoRenew,
        "auto-renew",
        Takes::Nothing,
        Of::Orders,
        "CertCentral renews the order before it expires",
    ),
    named(
        FieldId::AutoReissue,
        "auto-reissue",
        Takes::Nothing,
        Of::Orders,
        "CertCentral requests reissues of a Multi-year Plan by itself",
    ),
    named(
        FieldId::MoreEmails,
        "notify",
        Takes::Many("ADDRESS"),
        Of::Orders,
        "Another address that gets CertCentral's emails about the order; can be given several times",
    ),
    named(
        FieldId::StoreAsDuplicate,
        "as-duplicate",
        Takes::Nothing,
        Of::Certificates,
        "Store the reissue as a duplicate; the primary certificate stays primary",
    ),
    named(
        FieldId::Comments,
        "comments",
        Takes::One("TEXT"),
        Of::All,
        "Comment for the approver",
    ),
    named(
        FieldId::SkipApproval,
        "skip-approval",
        Takes::Nothing,
        Of::All,
        "Skip the approval step",
    ),
];

/// How a field is given: by its option, or by its path.
pub fn option_of(field: FieldId) -> String {
    match field {
        FieldId::Csr => "--csr, or --new-key".to_owned(),
        FieldId::Custom(id) => format!("--{CUSTOM} {id}=…"),
        _ => {
            let known = OPTIONS.iter().find(|one| one.field == field);
            known.map_or_else(
                || format!("--set {}=…", field.path()),
                |one| format!("--{}", one.name),
            )
        }
    }
}

impl Named {
    fn is_of(&self, orders: bool) -> bool {
        match self.of {
            Of::All => true,
            Of::Certificates => !orders,
            Of::Orders => orders,
        }
    }

    fn arg(&self) -> Arg {
        let arg = Arg::new(self.name).long(self.name).help(self.help);
        match self.takes {
            Takes::Nothing => arg.action(ArgAction::SetTrue),
            Takes::One(value) => arg.value_name(value),
            Takes::Many(value) => arg.value_name(value).action(ArgAction::Append),
        }
    }

    /// What was given.
    fn given(&self, matches: &ArgMatches) -> Option<String> {
        match self.takes {
            Takes::Nothing => matches.get_flag(self.name).then(|| "true".to_owned()),
            Takes::One(_) => matches.get_one::<String>(self.name).cloned(),
            Takes::Many(_) => {
                let all: Vec<&str> = matches
                    .get_many::<String>(self.name)?
                    .map(String::as_str)
                    .collect();
                Some(all.join("\n"))
            }
        }
    }
}

/// Fields of the form, where they are to be other than on the order. `ORDERS` are those of new orders and renewals, the others
/// those of duplicates and reissues.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields<const ORDERS: bool> {
    /// What was given, by field.
    pub texts: Texts,
    /// What was given of custom fields, by number or label.
    pub custom: Vec<(String, String)>,
}

impl<const ORDERS: bool> Args for Fields<ORDERS> {
    fn augment_args(command: Command) -> Command {
        let command = command.next_help_heading("Fields");
        let options = OPTIONS.iter().filter(|one| one.is_of(ORDERS));
        let mut command = options.fold(command, |command, one| command.arg(one.arg()));
        let pair = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
        if ORDERS {
            command = command.arg(
                pair(CUSTOM)
                    .value_name("ID=VALUE")
                    .value_parser(custom)
                    .help("Custom field of the account, by its number or label; can be given several times"),
            );
        }
        command.arg(
            pair(SET)
                .value_name("PATH=VALUE")
                .value_parser(|text: &str| set(text, ORDERS))
                .help("Any other field of the form, by its path in the API's request, such as certificate.profile_option=…"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const ORDERS: bool> FromArgMatches for Fields<ORDERS> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        fn all<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> Vec<T> {
            let all = matches.get_many::<T>(name);
            all.into_iter().flatten().cloned().collect()
        }
        let options = OPTIONS.iter().filter(|one| one.is_of(ORDERS));
        let named = options.filter_map(|one| Some((one.field, one.given(matches)?)));
        let set = all::<Texts>(matches, SET).into_iter().flatten();
        let texts: Texts = named.chain(set).collect();
        let custom: Vec<(String, String)> = if ORDERS {
            all(matches, CUSTOM)
        } else {
            Vec::new()
        };
        // Several may say together that the organization is a new one.
        let mut fields = HashMap::new();
        let mut twice = texts.iter().filter(|(field, text)| {
            fields
                .insert(*field, text)
                .is_some_and(|other| other != text)
        });
        let twice = twice.next().map(|(field, _)| field.path().into_owned());
        let mut names = HashSet::new();
        let mut again = custom.iter().filter(|(name, _)| !names.insert(name));
        if let Some(what) = twice.or_else(|| again.next().map(|(name, _)| name.clone())) {
            let why = format!("{what} is given twice\n");
            return Err(Error::raw(ErrorKind::ArgumentConflict, why));
        }
        Ok(Self {
            texts: with_choices(texts),
            custom,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// `12=VALUE`, or a label in place of the number.
fn custom(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as ID=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// `certificate.profile_option=…`, or an end of the path that no other field has.
fn set(text: &str, orders: bool) -> Result<Texts, String> {
    let (path, value) = text.split_once('=').ok_or("write it as PATH=VALUE")?;
    let kind = if orders {
        FormKind::Renew
    } else {
        FormKind::Reissue
    };
    let texts = given::at(path.trim(), value.trim(), kind).map_err(|error| error.to_string())?;
    if texts.is_empty() {
        return Err(format!("certdeck fills in {} itself", path.trim()));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("certificate.profile_option=data", Some((FieldId::Profile, "data")))]
    #[case("profile_option = data", Some((FieldId::Profile, "data")))]
    #[case("comments=a=b", Some((FieldId::Comments, "a=b")))]
    #[case("cert_validity.years=1", Some((FieldId::Validity, "years")))]
    #[case("custom_expiration_date=2027-01-01", Some((FieldId::EndDate, "2027-01-01")))]
    #[case("custom_fields.12=x", Some((FieldId::Custom(12), "x")))]
    // Several end so.
    #[case("id=1", None)]
    #[case("colour=red", None)]
    #[case("comments", None)]
    fn a_field_is_named_by_its_path(#[case] text: &str, #[case] read: Option<(FieldId, &str)>) {
        let read = read.map(|(field, text)| vec![(field, text.to_owned())]);
        assert_eq!(set(text, false).ok(), read, "{text}");
    }
}
