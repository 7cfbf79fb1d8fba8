//! The fields of reissues of code signing, Secure Email, client, document signing and verified mark orders, and what renewals of
//! them have in the place of names.

use crate::domain::draft::FieldId;

use super::common::{COMMENTS, CSR, DAYS, HASH, ICA, PSS, SKIP_APPROVAL, UNTIL, VALIDITY};
use super::{FieldSpec, Runs};

const CSR_OR_KEY: FieldSpec = FieldSpec::pem(
    FieldId::Csr,
    "CSR or key",
    "Paste a CSR or bare public key, load a file, or generate a key and CSR here.",
);

/// The names of profile options are the account's own on these products.
const PROFILE: FieldSpec = FieldSpec::line(
    FieldId::Profile,
    "Profile option",
    "Name of one of the account's certificate profiles. Empty: product default.",
);

const EMAILS: FieldSpec = FieldSpec::lines(
    FieldId::Emails,
    "Email",
    "One per line; the first is the common name where that is an address.",
);

/// The names of a mark: there is no common name beside them.
const MARKED: FieldSpec = FieldSpec::lines(
    FieldId::Names,
    "Names",
    "One per line. Names you remove are not secured once this is issued.",
);

/// How the certificate is signed, how long it lasts, and the approval: every family ends with it.
const SIGNED: &[FieldSpec] = &[
    HASH,
    ICA,
    PSS,
    VALIDITY,
    DAYS,
    UNTIL,
    PROFILE,
    COMMENTS,
    SKIP_APPROVAL,
];

const PROVISIONED: FieldSpec = FieldSpec::choice(
    FieldId::Provisioning,
    "Provisioning",
    "How the certificate gets to its key. Use ←/→. Your choice stays on the order.",
);

/// How the certificate gets to its key.
const DELIVERY: &[FieldSpec] = &[
    PROVISIONED,
    CSR,
    FieldSpec::choice(
        FieldId::Platform,
        "Token type",
        "The token you own. Use ←/→ or type part of its name.",
    ),
];

/// Where a token is shipped to.
const SHIPPING: &[FieldSpec] = &[
    FieldSpec::choice(
        FieldId::ShipTo,
        "Ship to",
        "The account's default address, or another one. Use ←/→.",
    ),
    FieldSpec::line(
        FieldId::ShipName,
        "Recipient",
        "Person who receives the token.",
    ),
    FieldSpec::line(FieldId::ShipAddress, "Address", "Street and number."),
    FieldSpec::line(
        FieldId::ShipAddress2,
        "Address line 2",
        "Additional address information.",
    ),
    FieldSpec::line(FieldId::ShipCity, "City", "City."),
    FieldSpec::line(FieldId::ShipState, "State", "State or province."),
    FieldSpec::line(FieldId::ShipZip, "Postal code", "Postal code."),
    FieldSpec::line(
        FieldId::ShipCountry,
        "Country",
        "Country, such as de or us.",
    ),
    FieldSpec::choice(
        FieldId::ShipMethod,
        "Shipping",
        "Expedited costs more. Use ←/→.",
    ),
];

/// The fields of a reissue of a Code Signing or EV Code Signing order.
pub(super) const CODE_SIGNING: Runs = &[DELIVERY, SHIPPING, SIGNED];

/// The key, the addresses, and where the common name comes from.
const MAILBOX: &[FieldSpec] = &[CSR_OR_KEY, EMAILS, CN_INDICATOR];

const CN_INDICATOR: FieldSpec = FieldSpec::choice(
    FieldId::CnIndicator,
    "Common name",
    "Source of the common name. Use ←/→.",
);

/// What a person is called.
const PERSON: &[FieldSpec] = &[
    FieldSpec::line(FieldId::FirstName, "First name", "Of the person."),
    FieldSpec::line(FieldId::LastName, "Last name", "Of the person."),
    FieldSpec::line(
        FieldId::Pseudonym,
        "Pseudonym",
        "Name used instead of the person's name.",
    ),
];

/// What the key is for.
const USAGE: &[FieldSpec] = &[
    FieldSpec::choice(
        FieldId::PrimaryUsage,
        "Primary usage",
        "Main usage of the key. Use ←/→.",
    ),
    FieldSpec::line(
        FieldId::AdditionalUsages,
        "Other usages",
        "Such as non_repudiation, client_auth; separated by commas.",
    ),
    FieldSpec::line(
        FieldId::Upn,
        "UPN",
        "One user principal name, up to 255 characters, for signing in.",
    ),
];

const INCLUDE_PSEUDONYM: FieldSpec = FieldSpec::flag(
    FieldId::IncludePseudonym,
    "Incl. pseudonym",
    "Space to toggle. The subject includes the pseudonym above.",
);

const INCLUDE_NAME: FieldSpec = FieldSpec::flag(
    FieldId::IncludeName,
    "Include name",
    "Space to toggle. The subject includes the first and last name above.",
);

const INCLUDE_EMAIL: FieldSpec = FieldSpec::flag(
    FieldId::IncludeEmail,
    "Include email",
    "Space to toggle. The subject includes the first email address.",
);

/// What else the subject holds.
const SUBJECT: &[FieldSpec] = &[
    FieldSpec::line(
        FieldId::SubjectSerial,
        "Subject serial",
        "Serial number in the subject, up to 100 characters, such as a staff number.",
    ),
    FieldSpec::line(
        FieldId::JobTitle,
        "Job title",
        "In the subject, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::SubjectPseudonym,
        "Also known as",
        "In the subject, up to 128 characters.",
    ),
    INCLUDE_PSEUDONYM,
    INCLUDE_NAME,
    INCLUDE_EMAIL,
];

/// The fields of a reissue of a Secure Email order.
pub(super) const SECURE_EMAIL: Runs = &[MAILBOX, PERSON, USAGE, SUBJECT, SIGNED];

const PERSON_OR_DEVICE: FieldSpec = FieldSpec::line(
    FieldId::CommonName,
    "Common name",
    "Name of the person or device.",
);

/// The fields of a reissue of a client certificate.
pub(super) const CLIENT: Runs = &[&[CSR_OR_KEY, PERSON_OR_DEVICE, EMAILS], SIGNED];

/// The fields of a reissue of a document signing order.
pub(super) const DOCUMENT_SIGNING: Runs = &[&[CSR_OR_KEY], SIGNED];

/// The fields of a reissue of a verified mark order.
pub(super) const VERIFIED_MARK: Runs = &[&[CSR_OR_KEY, MARKED], SIGNED];

/// What a renewal of a Code Signing or EV Code Signing order has in the place of names.
pub(super) const CODE_SIGNING_ORDER: Runs = &[DELIVERY, SHIPPING];

/// Which profile the certificate follows.
const PROFILE_TYPE: &[FieldSpec] = &[FieldSpec::choice(
    FieldId::ProfileType,
    "Profile",
    "S/MIME profile: strict allows fewer uses of the key. Use ←/→.",
)];

/// What an order has of the subject.
const INCLUDED: &[FieldSpec] = &[INCLUDE_PSEUDONYM, INCLUDE_NAME, INCLUDE_EMAIL];

/// The CSR; without one the recipient makes the key.
const ORDER_CSR: FieldSpec = FieldSpec::pem(
    FieldId::Csr,
    "CSR",
    "Empty: CertCentral emails the recipient, whose browser makes the key.",
);

/// The key, the addresses, and where the common name comes from.
const ORDERED_MAILBOX: &[FieldSpec] = &[ORDER_CSR, EMAILS, CN_INDICATOR];

/// What a renewal of a Secure Email order has in the place of names.
pub(super) const SECURE_EMAIL_ORDER: Runs =
    &[ORDERED_MAILBOX, PERSON, USAGE, INCLUDED, PROFILE_TYPE];

/// What a renewal of a client certificate has in the place of names.
pub(super) const CLIENT_ORDER: Runs = &[&[ORDER_CSR, PERSON_OR_DEVICE, EMAILS], PROFILE_TYPE];

/// What a renewal of a document signing order has in the place of names.
pub(super) const DOCUMENT_SIGNING_ORDER: Runs = &[&[PROVISIONED, CSR]];

/// What a renewal of a verified mark order has in the place of names.
pub(super) const VERIFIED_MARK_ORDER: Runs = &[&[
    FieldSpec::lines(
        FieldId::Names,
        "Names",
        "Domains that send email with the mark, one per line; each needs DMARC.",
    ),
    FieldSpec::lines(
        FieldId::MarkLogo,
        "Logo",
        "Empty: the order's. `gzip -c logo.svg | base64` prints what belongs here.",
    ),
    FieldSpec::flag(
        FieldId::MarkHosting,
        "Hosting",
        "DigiCert hosts the logo and the certificate.",
    ),
]];
