//! Made-up account data for unit tests of this room and those above.

use std::sync::LazyLock;

use jiff::civil::Date;

pub(crate) use crate::domain::testing::fixtures::*;

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// CSRs by their numbers, up to 10.
pub(crate) fn csr_der(number: u8) -> Vec<u8> {
    static ALL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let one = |_| {
            let key = rcgen::KeyPair::generate().unwrap();
            let params = rcgen::CertificateParams::default();
            params.serialize_request(&key).unwrap().der().to_vec()
        };
        (0..=10).map(one).collect()
    });
    ALL[usize::from(number)].clone()
}
