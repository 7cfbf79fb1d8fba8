//! A sandbox to order from, as any client would: each product as it asks for it.

use std::time::Duration;

use certdeck::sandbox::model::ValidationType;
use rcgen::{
    CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256,
    RsaKeySize,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox_support::{Api, MAIN, ORGANIZATION};

/// A product as the account offers it.
pub struct Product {
    pub name_id: String,
    pub kind: String,
    pub validation: String,
    hashes: Vec<String>,
    icas: Vec<String>,
}

/// A certificate with all above it.
pub struct Issued {
    pub made_with: String,
    /// Common name and PEM.
    pub links: Vec<(String, String)>,
}

impl Issued {
    pub fn pems(&self) -> Vec<&str> {
        self.links.iter().map(|(_, pem)| &**pem).collect()
    }
}

/// The sandbox, and a CSR of each kind of key.
pub struct Shop {
    api: Api,
    csrs: [(&'static str, String); 3],
}

impl Shop {
    /// The account's time.
    pub fn now(&self) -> jiff::Timestamp {
        self.api.sandbox.now()
    }

    pub async fn open() -> Self {
        let rsa = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072);
        let keys = [
            // The least that code signing takes.
            ("rsa", rsa),
            ("p256", KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)),
            ("p384", KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)),
        ];
        let csr = |key: &KeyPair| {
            let request = CertificateParams::default().serialize_request(key);
            request.unwrap().pem().unwrap()
        };
        Self {
            api: Api::empty().await,
            csrs: keys.map(|(name, key)| (name, csr(&key.unwrap()))),
        }
    }

    /// Every product of the account.
    pub async fn products(&self) -> Vec<Product> {
        let list = self.api.get("product").await.expect(200);
        let texts = |list: &Value| -> Vec<String> {
            let list = list.as_array().unwrap();
            let id = |entry: &Value| entry["id"].as_str().unwrap().to_owned();
            list.iter().map(id).collect()
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        list["products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|product| Product {
                name_id: text(&product["name_id"]),
                kind: text(&product["type"]),
                validation: text(&product["validation_type"]),
                hashes: texts(&product["signature_hash_types"]["allowed_hash_types"]),
                icas: texts(&product["allowed_ca_certs"]),
            })
            .collect()
    }

    /// The product with each key and hash from its default issuer, and with each issuer.
    pub async fn every_kind(&self, product: &Product) -> Vec<Issued> {
        let mut issued = Vec::new();
        for (key, csr) in &self.csrs {
            for hash in &product.hashes {
                let body = body(product, csr, hash);
                issued.push(self.issue(product, &format!("{key} {hash}"), &body).await);
            }
        }
        issued.extend(self.by_every_issuer(product).await);
        issued
    }

    /// The product from each of its issuers.
    pub async fn by_every_issuer(&self, product: &Product) -> Vec<Issued> {
        let mut issued = Vec::new();
        let (key, csr) = &self.csrs[0];
        for ica in &product.icas {
            let mut body = body(product, csr, "sha256");
            body["certificate"]["ca_cert_id"] = json!(ica);
            issued.push(self.issue(product, &format!("{key} by {ica}"), &body).await);
        }
        issued
    }

    /// The product with every kind of key, and with what is said besides.
    pub async fn with(&self, product: &Product, said: &Value) -> Vec<Issued> {
        let mut issued = Vec::new();
        for (key, csr) in &self.csrs {
            let mut body = body(product, csr, "sha256");
            say(&mut body, said);
            issued.push(self.issue(product, key, &body).await);
        }
        issued
    }

    /// The organizations that are validated for EV.
    pub fn organizations(&self) -> Vec<u64> {
        let now = self.api.sandbox.now();
        self.api.sandbox.with_account(|account| {
            account
                .organizations
                .iter()
                .filter(|org| org.is_active && org.is_validated_for(ValidationType::Ev, now))
                .map(|org| org.id)
                .collect()
        })
    }

    /// Places the order, proves what is asked for, and downloads the chain.
    pub async fn issue(&self, product: &Product, made_with: &str, body: &Value) -> Issued {
        let path = format!("order/certificate/{}", product.name_id);
        let placed = self.api.post(&path, body).await.expect(201);
        let order = placed["id"].as_u64().unwrap();
        // The first look-up finds nothing yet, as in life.
        for _ in 0..2 {
            if self.api.order(order).await["status"] == "pending" {
                let check = format!("order/certificate/{order}/check-dcv");
                self.api
                    .send(self.api.call(Method::PUT, &check))
                    .await
                    .expect(200);
            }
        }
        self.api.sandbox.advance(Duration::from_secs(40));
        let info = self.api.order(order).await;
        assert_eq!(info["status"], "issued", "{}: {info}", product.name_id);
        let id = &info["certificate"]["id"];
        let chain = self
            .api
            .get(&format!("certificate/{id}/chain"))
            .await
            .expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let link = |link: &Value| (text(&link["subject_common_name"]), text(&link["pem"]));
        let links = chain["intermediates"].as_array().unwrap();
        Issued {
            made_with: made_with.to_owned(),
            links: links.iter().map(link).collect(),
        }
    }
}

/// Puts what is said over what stands in the body.
fn say(body: &mut Value, said: &Value) {
    match said {
        Value::Object(fields) => {
            for (name, value) in fields {
                say(&mut body[name], value);
            }
        }
        other => *body = other.clone(),
    }
}

/// An order of the product.
fn body(product: &Product, csr: &str, hash: &str) -> Value {
    let mut certificate = json!({ "csr": csr, "signature_hash": hash });
    let mut body = json!({
        "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
        "container": { "id": MAIN },
    });
    let said = match product.kind.as_str() {
        "smime_certificate" => json!({
            "emails": ["ada@example.net", "a.lovelace@example.net"],
            "common_name_indicator": "email_address",
            "individual": { "first_name": "Ada", "last_name": "Lovelace" },
            "usage_designation": { "primary_usage": "dual_use" },
        }),
        "client_certificate" => json!({
            "emails": ["ada@example.net"],
            "common_name": "Ada Lovelace",
        }),
        "code_signing_certificate" => {
            body["cs_provisioning_method"] = json!("email");
            json!({})
        }
        "document_signing_certificate" => {
            let person = json!({ "first_name": "Ada", "last_name": "Lovelace" });
            body["individual"] = person;
            body["cs_provisioning_method"] = json!("ship_token");
            json!({ "usage_designation": { "primary_usage": "signing" } })
        }
        "verified_mark_certificate" => json!({ "dns_names": ["example.net"] }),
        _ if product.name_id.contains("wildcard") && !product.name_id.contains("cloud") => {
            json!({ "common_name": "*.example.net", "dns_names": ["example.net"] })
        }
        _ => json!({ "common_name": "shop.example.net" }),
    };
    for (name, value) in said.as_object().unwrap() {
        certificate[name] = value.clone();
    }
    body["certificate"] = certificate;
    if product.validation == "DV" {
        body["dcv_method"] = json!("dns-txt-token");
        body.as_object_mut().unwrap().remove("organization");
    }
    body
}
