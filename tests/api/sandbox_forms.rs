//! The forms against the sandbox: what an operator types for a reissue of each family is what the account then has.

use certdeck::app::form::{Form, FormInput, FormStep};
use certdeck::certcentral::{Client, ClientOptions};
use certdeck::domain::draft::{FieldId, FormKind};
use certdeck::domain::order::Order;
use certdeck::domain::product::Product;
use certdeck::domain::status::OrderStatus;
use certdeck::domain::write::Outgoing;
use certdeck::keys::Action;
use certdeck::sandbox::model::{CertificateKind, DcvMethod, Length, ProvisioningMethod};
use certdeck::sandbox::{Sandbox, SandboxOptions};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::Date;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use secrecy::SecretString;

struct Desk {
    sandbox: Sandbox,
    client: Client,
    today: Date,
}

impl Desk {
    async fn new() -> Self {
        let options = SandboxOptions {
            orders: 600,
            ..SandboxOptions::default()
        };
        let address = "127.0.0.1:0".parse().unwrap();
        let sandbox = Sandbox::start(address, options).await.unwrap();
        let options = ClientOptions {
            windows: Vec::new(),
            ..ClientOptions::default()
        };
        let key = SecretString::from(sandbox.key());
        let client = Client::with_options(&sandbox.url(), &key, options).unwrap();
        let today = sandbox.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Self {
            sandbox,
            client,
            today,
        }
    }

    /// An issued order of a product that can be reissued.
    async fn order(&self, name_id: &str) -> (Order, Product) {
        let ids: Vec<u64> = self.sandbox.with_account(|account| {
            account
                .orders()
                .iter()
                .filter(|order| order.product.name_id == name_id)
                .map(|order| order.id)
                .collect()
        });
        for id in ids {
            let reads = self.client.reads();
            let order = reads
                .order(certdeck::domain::ids::OrderId(id))
                .await
                .unwrap();
            let ends = order.order_valid_till.or(order.certificate.valid_till);
            if order.status == OrderStatus::Issued && ends.is_some_and(|end| end > self.today) {
                let product = reads.product(name_id, None).await.unwrap();
                return (order, product);
            }
        }
        panic!("no issued order of {name_id}");
    }

    async fn open(&self, name_id: &str) -> Typing {
        let (order, product) = self.order(name_id).await;
        let id = order.id.0;
        let kind = FormKind::Reissue;
        let form = Form::open(kind, &order, Some(&product), &[], self.today, None);
        Typing {
            form,
            today: self.today,
            order: id,
        }
    }

    /// Sends what is typed, and looks at the certificate that the account made for it.
    async fn send<T>(
        &self,
        typing: Typing,
        look: impl FnOnce(&certdeck::sandbox::model::Order, &certdeck::sandbox::model::Certificate) -> T,
    ) -> T {
        let order = typing.order;
        let outgoing = typing.outgoing();
        self.client.writes().answer(&outgoing).await.unwrap();
        self.sandbox.with_account(|account| {
            let order = account.order(order).unwrap();
            look(order, order.certificates.last().unwrap())
        })
    }
}

struct Typing {
    form: Form,
    today: Date,
    order: u64,
}

impl Typing {
    fn act(&mut self, action: Action) -> Vec<FormStep> {
        self.form.update(FormInput::Action(action), self.today)
    }

    fn keys(&mut self, text: &str) {
        for c in text.chars() {
            let key = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
            self.form.update(FormInput::Key(key), self.today);
        }
    }

    fn go_to(&mut self, id: FieldId) {
        for _ in 0..60 {
            if self.form.focus() == id {
                return;
            }
            self.act(Action::NextField);
        }
        panic!("{id:?} cannot be reached");
    }

    /// Types into a field, or finds a choice, or turns a flag.
    fn field(mut self, id: FieldId, text: &str) -> Self {
        self.go_to(id);
        self.keys(text);
        self
    }

    fn csr(self) -> Self {
        self.csr_of(&KeyPair::generate().unwrap())
    }

    fn rsa_csr(self) -> Self {
        self.csr_of(&KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap())
    }

    fn csr_of(mut self, key: &KeyPair) -> Self {
        let params = CertificateParams::new(vec!["example.net".to_owned()]).unwrap();
        let pem = params.serialize_request(key).unwrap().pem().unwrap();
        self.form.update(FormInput::Paste(pem), self.today);
        self
    }

    fn outgoing(mut self) -> Outgoing {
        self.act(Action::Review);
        let number = self.order.to_string();
        self.keys(&number);
        let steps = self.act(Action::Open);
        match steps.into_iter().next() {
            Some(FormStep::Send(outgoing)) => *outgoing,
            other => {
                let problems: Vec<_> = FieldId::all()
                    .flat_map(|id| self.form.problems_at(id))
                    .collect();
                panic!(
                    "not sent: {other:?} {problems:?} {:?}",
                    self.form.order_notes()
                );
            }
        }
    }
}

#[tokio::test]
async fn code_signing_by_each_way_of_delivery() {
    let desk = Desk::new().await;
    let typing = desk.open("code_signing").await;
    let typing = typing.field(FieldId::Provisioning, "by email").csr();
    let found = desk
        .send(typing, |order, certificate| {
            (order.provisioning, certificate.key.is_some())
        })
        .await;
    assert_eq!(found, (ProvisioningMethod::Email, true));

    let typing = desk
        .open("code_signing")
        .await
        .field(FieldId::Provisioning, "token shipped")
        .field(FieldId::ShipTo, "another")
        .field(FieldId::ShipName, "Alice Example")
        .field(FieldId::ShipAddress, "1 Main Street")
        .field(FieldId::ShipAddress2, "Floor 2")
        .field(FieldId::ShipCity, "Springfield")
        .field(FieldId::ShipState, "Utah")
        .field(FieldId::ShipZip, "84043")
        .field(FieldId::ShipCountry, "us")
        .field(FieldId::ShipMethod, "expedited");
    let ship = desk
        .send(typing, |order, certificate| {
            assert_eq!(order.provisioning, ProvisioningMethod::ShipToken);
            assert!(
                certificate.key.is_none(),
                "the key is generated on the token"
            );
            order.ship_info.clone().unwrap()
        })
        .await;
    let all = [
        ship.name,
        ship.addr1,
        ship.addr2.unwrap_or_default(),
        ship.city,
        ship.state,
        ship.zip,
        ship.country,
        ship.method,
    ];
    assert_eq!(
        all,
        [
            "Alice Example",
            "1 Main Street",
            "Floor 2",
            "Springfield",
            "Utah",
            "84043",
            "us",
            "EXPEDITED"
        ]
    );
}

#[tokio::test]
async fn secure_email_and_client_certificates_have_the_addresses_typed() {
    let desk = Desk::new().await;
    let typing = desk
        .open("secure_email_sponsor")
        .await
        .csr()
        .field(FieldId::Emails, ",new@example.com")
        .field(FieldId::CnIndicator, "a pseudonym")
        .field(FieldId::Pseudonym, "Ally")
        .field(FieldId::PrimaryUsage, "signing and");
    let emails = desk
        .send(typing, |_, certificate| certificate.emails.to_vec())
        .await;
    assert_eq!(emails.last().map(String::as_str), Some("new@example.com"));

    let typing = desk.open("client_premium").await;
    let typing = typing.field(FieldId::Emails, ",other@example.com");
    let emails = desk
        .send(typing, |_, certificate| certificate.emails.to_vec())
        .await;
    assert!(emails.iter().any(|address| address == "other@example.com"));
}

#[tokio::test]
async fn what_the_account_refuses_is_told_at_its_field() {
    let desk = Desk::new().await;
    let typing = desk.open("code_signing").await;
    let typing = typing.field(FieldId::Provisioning, "by email").csr();
    let mut outgoing = typing.outgoing();
    outgoing.body = outgoing.body.replace("signature_hash", "signature_hush");
    let refused = desk.client.writes().answer(&outgoing).await.unwrap_err();
    let failure = certdeck::runtime::failure::failure(&refused);
    let mut form = desk.open("code_signing").await.form;
    form.refused(&failure);
    assert_eq!(form.focus(), FieldId::Hash, "{failure:?}");
    assert_eq!(form.problems_at(FieldId::Hash).count(), 1);
}

#[tokio::test]
async fn a_tls_reissue_has_everything_that_was_chosen() {
    let desk = Desk::new().await;
    let name_id = "ssl_securesite_multi_domain";
    let (order, product) = desk.order(name_id).await;
    let id = order.id.0;
    desk.sandbox.change_account(|account| {
        account.order_mut(id).unwrap().is_multi_year_plan = true;
    });
    let order = desk.client.reads().order(order.id).await.unwrap();
    let kind = FormKind::Reissue;
    let form = Form::open(kind, &order, Some(&product), &[], desk.today, None);
    let ica = product.icas.last().unwrap().clone();
    let hash = product.hashes.last().unwrap().clone();
    let typing = Typing {
        form,
        today: desk.today,
        order: id,
    };
    let typing = typing
        .rsa_csr()
        .field(FieldId::Hash, &hash.name)
        .field(FieldId::Platform, "apache")
        .field(FieldId::Ica, &ica.name)
        .field(FieldId::Validity, "custom days")
        .field(FieldId::Days, "60")
        .field(FieldId::Profile, "server auth")
        .field(FieldId::RsassaPss, " ")
        .field(FieldId::Dcv, "dns cname")
        .field(FieldId::StoreAsDuplicate, " ");
    desk.send(typing, |order, certificate| {
        assert_eq!(order.dcv_method, DcvMethod::DnsCnameToken);
        assert!(matches!(certificate.kind, CertificateKind::Duplicate(_)));
        assert_eq!(certificate.server_platform, 2);
        assert_eq!(*certificate.ca_cert_id, *ica.id);
        assert_eq!(certificate.validity, Some(Length::Days(60)));
        assert!(certificate.rsassa_pss);
        let profile = certificate.profile_option.as_deref();
        assert_eq!(profile, Some("server_auth_only_eku"));
        let shown = format!("{:?}", certificate.signature_hash);
        assert!(shown.eq_ignore_ascii_case(&hash.id), "{shown}");
    })
    .await;
}
