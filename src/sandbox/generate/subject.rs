//! Who or what a certificate is for, and with which key.

use jiff::Timestamp;

use super::dice::Dice;
use super::world::World;
use crate::sandbox::model::{
    Certificate, CertificateKind, CertificateState, CsrSource, KeyKind, Lazy, Length,
    ProvisioningMethod, ShipInfo,
};
use crate::sandbox::tables::{Family, Product};

/// Made-up people with certificates of their own; the second name is for their address.
const PEOPLE: &[(&str, &str)] = &[
    ("Ada Example", "ada"),
    ("Grace Muster", "grace"),
    ("Linus Beispiel", "linus"),
    ("見本 太郎", "taro"),
    ("Мария Примерова", "maria"),
    ("ليلى مثال", "layla"),
    ("Jo O'Sample", "jo"),
    ("Zoë Ñandú", "zoe"),
    ("Anna-Lena von und zu Beispielhausen-Mustermann", "al"),
];

/// What stays the same over all certificates of an order.
pub(super) struct Subject {
    common_name: Option<String>,
    dns_names: Vec<String>,
    emails: Vec<String>,
    /// Code signing: how the key reaches the signer.
    pub(super) provisioning: ProvisioningMethod,
    platform: i64,
    prefers_rsa: bool,
}

/// Draws the subject of an order.
pub(super) fn draw(
    product: &Product,
    domain: &str,
    names: Vec<String>,
    dice: &mut Dice,
) -> Subject {
    let (person, login) = *dice.pick(PEOPLE);
    let mail = format!("{login}{}@{domain}", dice.between(1, 99));
    let (common_name, emails) = match product.family {
        Family::PublicTls | Family::PrivateTls => (names.first().cloned(), Vec::new()),
        Family::Client => (Some(person.to_owned()), vec![mail]),
        Family::SecureEmail if product.name_id == "secure_email_mailbox" => {
            (Some(mail.clone()), vec![mail])
        }
        Family::SecureEmail if product.name_id == "secure_email_organization" => (None, vec![mail]),
        Family::SecureEmail => (Some(person.to_owned()), vec![mail]),
        Family::CodeSigning | Family::Document | Family::Vmc => (None, Vec::new()),
    };
    let provisioning = match product.family {
        Family::CodeSigning => *dice.weighted(&[
            (40, ProvisioningMethod::Email),
            (35, ProvisioningMethod::ClientApp),
            (25, ProvisioningMethod::ShipToken),
        ]),
        _ => ProvisioningMethod::None,
    };
    let platform = match product.family {
        Family::PublicTls | Family::PrivateTls => *dice.weighted(&[
            (30, 45),
            (25, 2),
            (15, -1),
            (8, 71),
            (6, 67),
            (6, 31),
            (5, 29),
            (3, 68),
            (2, 40),
        ]),
        Family::CodeSigning => *dice.pick(&[52, 55, 58, -1]),
        _ => -1,
    };
    let prefers_rsa = dice.percent(55);
    Subject {
        common_name,
        dns_names: names,
        emails,
        provisioning,
        platform,
        prefers_rsa,
    }
}

impl Subject {
    /// A certificate of the order, without id and dates.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one column of the certificate"
    )]
    pub(super) fn certificate(
        &self,
        product: &Product,
        world: &World,
        kind: CertificateKind,
        state: CertificateState,
        date_created: Timestamp,
        user_id: u64,
        dice: &mut Dice,
    ) -> Certificate {
        let rsa_bits = if product.family == Family::CodeSigning {
            3072
        } else {
            2048
        };
        let drawn = match (self.prefers_rsa, dice.between(1, 10)) {
            (true, 1..=8) | (false, 1) => KeyKind::Rsa(rsa_bits),
            (_, 9) => KeyKind::P384,
            _ => KeyKind::P256,
        };
        // A token keeps its key to itself: nobody sends a CSR.
        let on_token = matches!(
            self.provisioning,
            ProvisioningMethod::ClientApp | ProvisioningMethod::ShipToken
        ) || product.family == Family::Document;
        // People make their key when they collect the certificate.
        let waits_for_person =
            matches!(product.family, Family::Client | Family::SecureEmail) && !state.was_issued();
        let (csr, key) = if on_token || waits_for_person {
            (CsrSource::Missing, None)
        } else {
            (CsrSource::MadeUp, Some(drawn))
        };
        let (ca_cert_id, signature_hash) = world.signer(product, key, dice);
        Certificate {
            id: 0,
            kind,
            state,
            archived: false,
            common_name: self.common_name.clone(),
            dns_names: self.dns_names.clone(),
            emails: self.emails.clone().into(),
            csr,
            key,
            material: Lazy::empty(),
            signature_hash,
            server_platform: self.platform,
            ca_cert_id,
            profile_option: None,
            rsassa_pss: false,
            mail: None,
            validity: Some(Length::Years(1)),
            date_created,
            date_issued: None,
            valid_from: None,
            valid_till: None,
            serial: dice.serial(),
            user_id,
            signed: Lazy::empty(),
        }
    }

    /// Where the token of a code signing order is sent.
    pub(super) fn ship_info(&self) -> Option<ShipInfo> {
        (self.provisioning == ProvisioningMethod::ShipToken).then(|| ShipInfo {
            name: "Ada Example".to_owned(),
            addr1: "Musterstrasse 1".to_owned(),
            addr2: None,
            city: "Berlin".to_owned(),
            state: "Berlin".to_owned(),
            zip: "10115".to_owned(),
            country: "DE".to_owned(),
            method: "STANDARD".to_owned(),
        })
    }
}
