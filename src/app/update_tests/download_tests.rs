//! What is said of a chain on its way out, whichever way it goes.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use super::*;
use crate::app::msg::FileProblem;
use crate::app::subject::ChainUse;
use crate::app::subject::Subject;
use crate::app::update::turns::fetch;
use crate::domain::ids::CertificateId;
use crate::keys::Action;

const NAME: &str = "shop.example.net";

fn authority(name: &str, till: i32) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2010, 1, 1);
    params.not_after = rcgen::date_time_ymd(till, 1, 1);
    params
}

/// A certificate and its intermediates, of which the first ends at this year's beginning; what is sent of them.
pub(super) fn chain(till: i32, sent: &[usize]) -> String {
    let key = || KeyPair::generate().unwrap();
    let root = CertifiedIssuer::self_signed(authority("Root", 2040), key()).unwrap();
    let cross = CertifiedIssuer::signed_by(authority("Cross CA", 2040), key(), &root).unwrap();
    let ica = CertifiedIssuer::signed_by(authority("Issuing CA", till), key(), &cross).unwrap();
    let leaf = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key(), &ica).unwrap();
    let all = [leaf.pem(), ica.pem(), cross.pem(), root.pem()];
    sent.iter().map(|at| all[*at].as_str()).collect()
}

pub(super) fn subject() -> Subject {
    Subject {
        order: OrderId(1),
        certificate: CertificateId(7),
        name: NAME.into(),
        serial: None,
        thumbprint: None,
        spki_der: None,
        token: None,
        record: None,
    }
}

pub(super) fn sent_for(desk: &mut Desk, purpose: ChainUse, pem: &str) -> Vec<Effect> {
    let effects = fetch(&mut desk.model, purpose);
    let read = Read::Chain(CertificateId(7));
    desk.answer(&effects, &read, Ok(Data::Chain(pem.to_owned())))
}

#[test]
fn what_clients_would_stumble_over_is_said_of_every_copy_and_file() {
    let whole = [0, 1, 2, 3];
    for (till, sent, what, caveat) in [
        (2040, &whole[..], "full chain", None),
        (
            2020,
            &whole[..],
            "full chain",
            Some("its Issuing CA expired 2020-01-01"),
        ),
        (
            2040,
            &[0, 1, 3][..],
            "certificate and the matching intermediates",
            Some("no full chain: Cross CA was not sent"),
        ),
        (
            2040,
            &[0][..],
            "certificate",
            Some("without an intermediate"),
        ),
    ] {
        let pem = chain(till, sent);
        let mut desk = Desk::with_orders(1);
        let words = match caveat {
            None => format!("{what} of {NAME}"),
            Some(caveat) => format!("{what} of {NAME} ({caveat})"),
        };
        let copy = sent_for(
            &mut desk,
            ChainUse::Copy(subject(), Action::CopyFullChain),
            &pem,
        );
        assert!(matches!(&copy[..], [Effect::Copy { what, .. }] if *what == words));

        let path = String::from("shop.pem");
        let file = sent_for(&mut desk, ChainUse::Write(subject(), path.clone()), &pem);
        let [Effect::WriteFile { what, text, .. }] = &file[..] else {
            panic!("{file:?}");
        };
        // Where the file is there already it is asked for first, and the words are the same then.
        desk.tell(Msg::FileSaved {
            path: path.clone(),
            text: text.clone(),
            what: what.clone(),
            result: Err(FileProblem::Exists),
        });
        let again = desk.press("enter");
        let [Effect::WriteFile { what, text, .. }] = &again[..] else {
            panic!("{again:?}");
        };
        desk.tell(Msg::FileSaved {
            path: path.clone(),
            text: text.clone(),
            what: what.clone(),
            result: Ok(()),
        });
        let told = desk.model.status.take().unwrap().words;
        assert!(told.starts_with("Written: shop.pem"), "{told}");
        assert!(told.ends_with(&words), "{told}");

        let plain = sent_for(&mut desk, ChainUse::Plain(subject()), &pem);
        assert!(matches!(&plain[..], [Effect::Plain { .. }]));
        let told = desk.model.status.take().map(|told| told.words);
        assert_eq!(told, caveat.map(|_| format!("That was the {words}.")));
    }
}
