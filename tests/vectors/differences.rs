//! Where this program and `openssl` differ, each with its reason.

/// A file and what of it differs, and why.
pub type Known = &'static [(&'static str, &'static str)];

pub const REQUESTS: Known = &[];

/// `openssl x509 -pubkey` gives up on a key that it cannot use; kind and bytes of it are told here.
const KEY: &str = "openssl prints nothing where it cannot use the key";
/// A wrong string somewhere in the name; what can be read of it is shown here.
const STRING: &str = "openssl refuses the whole certificate for one wrong string";
/// RFC 5280 forbids it; the API tells serial numbers as octets, and so they are compared.
const NEGATIVE: &str = "a negative number: here its octets, openssl puts a sign";
/// Ed448, DSA and unnamed curves: said to be unchecked, and the certificate is not called a root.
const UNCHECKED: &str = "a signature that is not checked here";
/// What a terminal would obey is shown as its code.
const SHOWN: &str = "control characters are made visible here";

pub const CERTIFICATES: Known = &[
    (
        "x509/PKITS_data/certs/DSAParametersInheritedCACert.crt: readable",
        KEY,
    ),
    (
        "x509/PKITS_data/certs/InvalidNegativeSerialNumberTest15EE.crt: serial",
        NEGATIVE,
    ),
    (
        "x509/PKITS_data/certs/ValidDSAParameterInheritanceTest5EE.crt: readable",
        KEY,
    ),
    (
        "x509/badasn1time.pem: end",
        "the long form of a date under the short one's tag, which openssl does not read",
    ),
    ("x509/badasn1time.pem: key", KEY),
    (
        "x509/custom/dsa_null_alg_params.pem: self-signed",
        UNCHECKED,
    ),
    ("x509/custom/dsa_selfsigned_ca.pem: self-signed", UNCHECKED),
    ("x509/custom/ec_no_named_curve.pem: self-signed", UNCHECKED),
    ("x509/custom/invalid_utf8_common_name.pem: readable", STRING),
    ("x509/custom/long-form-name-attribute.pem: readable", STRING),
    (
        "x509/custom/name_attribute_unsupported_tag.pem: readable",
        STRING,
    ),
    ("x509/custom/negative_serial.pem: serial", NEGATIVE),
    (
        "x509/custom/unsupported_subject_public_key_info.pem: readable",
        KEY,
    ),
    ("x509/e-trust.ru.der: readable", KEY),
    ("x509/ed448/root-ed448.pem: self-signed", UNCHECKED),
    ("x509/scottishpower-bitstring-dn.pem: subject", SHOWN),
    ("x509/unique_identifier.pem: subject", SHOWN),
];

/// With a passphrase that is not tried, or an algorithm that openssl does not have: a private key all the same.
const UNREAD: &str = "openssl cannot read this private key";

pub const KEYS: Known = &[
    (
        "asymmetric/DER_Serialization/ec_private_key_encrypted.der: private",
        UNREAD,
    ),
    (
        "asymmetric/DER_Serialization/enc2-rsa-pkcs8.der: private",
        UNREAD,
    ),
    ("asymmetric/MLDSA/mldsa44_priv.der: private", UNREAD),
    ("asymmetric/MLDSA/mldsa65_noseed_priv.der: private", UNREAD),
    ("asymmetric/MLKEM/mlkem768.der: private", UNREAD),
    ("asymmetric/PKCS8/unknown-oid.der: private", UNREAD),
];
