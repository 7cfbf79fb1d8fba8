//! Certificates that came of a list are written to files: each under a name of its own, and only where its key is the one
//! that was asked for.

use super::*;
use crate::app::effect::NewFile;

/// A certificate for a CSR that expires with the order's own.
fn issued_for(csr: &str) -> String {
    let key = KeyPair::generate().unwrap();
    let issuer = rcgen::Issuer::new(CertificateParams::default(), key);
    let mut asked = rcgen::CertificateSigningRequestParams::from_pem(csr).unwrap();
    asked.params.not_before = rcgen::date_time_ymd(2026, 11, 20);
    asked.params.not_after = rcgen::date_time_ymd(2026, 12, 17);
    asked.signed_by(&issuer).unwrap().pem()
}

impl Desk {
    /// The account issues a certificate for each of these, from number 20 on, and the desk reads them.
    fn issues(&mut self, looks: &[Effect], csrs: &[String]) {
        let row = |(id, csr): (u64, &String)| {
            let mut row = Certificate::empty(Role::Duplicate(None));
            row.id = Some(CertificateId(id));
            row.issued = Some(self.now);
            row.csr = Some(CsrText(csr.clone()));
            row
        };
        let rows = Data::Certificates((20..).zip(csrs).map(row).collect());
        let info = Data::Order(Box::new(order(1, primary())));
        let mut effects = self.answer(looks, &Read::Order(OrderId(1)), Ok(info));
        effects.extend(self.answer(looks, &Read::Duplicates(OrderId(1)), Ok(rows)));
        for (id, csr) in (20..).zip(csrs) {
            let chain = Data::Chain(issued_for(csr));
            self.answer(&effects, &Read::Chain(CertificateId(id)), Ok(chain));
        }
    }
}

#[test]
fn issued_certificates_are_written_under_names_of_their_own_and_over_nothing() {
    let csrs = several(2);
    let mut desk = Desk::with_bulk(&csrs);
    let first = writes(&desk.send_all());
    let second = writes(&desk.end(&first[0], taken(1)));
    let looks = desk.end(&second[0], taken(2));
    desk.issues(&looks, &csrs);
    let words = [
        "certificate 20 issued and verified",
        "certificate 21 issued and verified",
    ];
    assert_eq!(desk.words(), words);
    desk.press("w");
    assert!(matches!(
        desk.model.popups.last(),
        Some(Popup::Prompt(prompt)) if prompt.kind == PromptKind::BulkFolder(OrderId(1).into())
    ));
    let effects = desk.press("o u t enter");
    let chains = reads(&effects);
    assert_eq!(chains.len(), 2);
    assert!(chains.contains(&&Read::Chain(CertificateId(20))));
    let (pem, _) = crate::domain::testing::self_signed(NAME);
    // Not the key that was asked for: nothing is written.
    let wrong = desk.answer(
        &effects,
        &Read::Chain(CertificateId(20)),
        Ok(Data::Chain(pem)),
    );
    let is_file = |effect: &Effect| matches!(effect, Effect::WriteNew { .. });
    assert!(!wrong.iter().any(is_file));
    desk.tell(Msg::NewFileSaved {
        of: NewFile::Row(second[0].clone()),
        path: "out/x.pem".into(),
        caveat: None,
        result: Err(FileProblem::Exists),
    });
    let rows = &desk.list().rows;
    assert!(matches!(&rows[0].file, Some(Err(why)) if why.contains("Not offered")));
    assert!(matches!(&rows[1].file, Some(Err(why)) if why.contains("not replaced")));
}
