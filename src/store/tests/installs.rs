//! A certificate is handed over once, by one certdeck; whose certdeck died, nobody knows.

use super::time;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::{Install, InstallEnd, InstallExit, InstallJob, InstallState, PemFile};
use crate::store::{Store, StoreError};

const ORDER: OrderId = OrderId(1);
const CERTIFICATE: CertificateId = CertificateId(8);

fn install(text: &str) -> Install {
    let file = |part: &str| PemFile {
        path: format!("/etc/ssl/{part}.pem"),
        text: text.into(),
    };
    Install {
        order: ORDER,
        certificate: CERTIFICATE,
        job: InstallJob {
            names: vec!["shop.example.net".into()],
            serial: "0A".into(),
            certificate: file("cert"),
            chain: Some(file("chain")),
            full_chain: file("fullchain"),
            spki_der: vec![1, 2, 3],
        },
    }
}

fn states(store: &Store) -> Vec<InstallState> {
    let all = store.installs(9).unwrap().into_iter();
    all.map(|one| one.state).collect()
}

#[test]
fn of_two_that_run_it_one_does_and_it_is_over_for_both() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.sqlite");
    let (mut one, mut other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    one.keep_key_file(&[1, 2, 3], "/keys/shop.key", time(1))
        .unwrap();
    assert!(one.plan_install(&install("pem"), false, time(1)).unwrap());
    assert!(other.plan_install(&install("pem"), false, time(2)).unwrap());
    let taken = one.start_install(ORDER, CERTIFICATE, time(3)).unwrap();
    let (taken, key) = taken.unwrap();
    assert_eq!(taken, install("pem"));
    assert_eq!(key.as_deref(), Some("/keys/shop.key"));
    assert_eq!(
        other.start_install(ORDER, CERTIFICATE, time(4)).unwrap(),
        None
    );
    assert_eq!(states(&other), [InstallState::Running]);
    // Asked for once more while it runs: not twice at once.
    assert!(!other.plan_install(&install("pem"), true, time(4)).unwrap());
    let end = InstallEnd {
        exit: InstallExit::Code(0),
        output: "done\n".into(),
    };
    one.finish_install(ORDER, CERTIFICATE, &end, time(5))
        .unwrap();
    assert_eq!(states(&other), [InstallState::Ended(end)]);
    // By itself never again; by the operator's hand once more.
    assert!(!other.plan_install(&install("pem"), false, time(6)).unwrap());
    assert!(other.plan_install(&install("new"), true, time(7)).unwrap());
    let (again, _) = other
        .start_install(ORDER, CERTIFICATE, time(8))
        .unwrap()
        .unwrap();
    assert_eq!(again, install("new"));
    drop(other);
    assert_eq!(states(&one), [InstallState::Lost], "its certdeck is gone");
    assert!(!one.plan_install(&install("pem"), false, time(9)).unwrap());
}

#[test]
fn what_is_dismissed_does_not_run_and_no_private_key_is_kept() {
    let mut store = Store::in_memory().unwrap();
    store.plan_install(&install("pem"), false, time(1)).unwrap();
    store.dismiss_install(ORDER, CERTIFICATE).unwrap();
    assert_eq!(
        store.start_install(ORDER, CERTIFICATE, time(2)).unwrap(),
        None
    );
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let refused = store.plan_install(&install(&key), true, time(3));
    assert!(
        matches!(refused, Err(StoreError::PrivateKey { .. })),
        "{refused:?}"
    );
}
