//! A sandbox and a plain HTTP client that knows nothing of this program's own client.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use certdeck::sandbox::{Sandbox, SandboxOptions};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// The container without approval.
pub const MAIN: u64 = 1001;
/// The container with one step.
pub const ONE_STEP: u64 = 1002;
/// The container with two steps.
pub const TWO_STEP: u64 = 1003;
/// The container that approves by itself.
pub const AUTOMATIC: u64 = 1004;
/// An organization that is validated for everything.
pub const ORGANIZATION: u64 = 2001;

/// A running sandbox with a client.
pub struct Api {
    pub sandbox: Sandbox,
    pub http: reqwest::Client,
    pub key: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.content_type, "application/json", "{}", self.text());
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The codes of `errors`.
    #[track_caller]
    pub fn codes(&self) -> Vec<String> {
        self.json()["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors in {}", self.text()))
            .iter()
            .map(|error| {
                assert!(!error["message"].as_str().unwrap().is_empty());
                error["code"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.bytes.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    #[track_caller]
    pub fn refused(self, status: u16, code: &str) {
        assert_eq!((self.status, self.codes()), (status, vec![code.to_owned()]));
    }
}

impl Api {
    /// An account with no orders but those the test places.
    pub async fn empty() -> Self {
        Self::with(SandboxOptions {
            orders: 0,
            ..SandboxOptions::default()
        })
        .await
    }

    pub async fn with(options: SandboxOptions) -> Self {
        let sandbox = Sandbox::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), options)
            .await
            .unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let key = sandbox.key().to_owned();
        Self { sandbox, http, key }
    }

    /// The same sandbox, with another user's key.
    pub fn key_of(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.sandbox.key())
    }

    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}/{path}", self.sandbox.url()))
            .header("X-DC-DEVKEY", &self.key)
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        answer(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.call(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.call(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.call(Method::PUT, path).json(body)).await
    }

    pub async fn get_as(&self, suffix: &str, path: &str) -> Answer {
        let url = format!("{}/{path}", self.sandbox.url());
        self.send(
            self.http
                .get(url)
                .header("X-DC-DEVKEY", self.key_of(suffix)),
        )
        .await
    }

    pub async fn send_as(&self, suffix: &str, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!("{}/{path}", self.sandbox.url());
        self.send(
            self.http
                .request(method, url)
                .header("X-DC-DEVKEY", self.key_of(suffix))
                .json(body),
        )
        .await
    }

    /// Places an OV order for these names in the container and returns the answer.
    pub async fn place(&self, container: u64, names: &[&str]) -> Value {
        self.post(
            "order/certificate/ssl_multi_domain",
            &tls_order(container, names),
        )
        .await
        .expect(201)
    }

    /// An issued order and its first certificate.
    pub async fn issued(&self, names: &[&str]) -> (u64, u64) {
        self.issued_as(&tls_order(MAIN, names)).await
    }

    /// One that ends so soon that it may be renewed.
    pub async fn ending(&self, names: &[&str]) -> (u64, u64) {
        let mut body = tls_order(MAIN, names);
        body["order_validity"] = json!({ "days": 60 });
        self.issued_as(&body).await
    }

    async fn issued_as(&self, body: &Value) -> (u64, u64) {
        let placed = self.post("order/certificate/ssl_multi_domain", body);
        let placed = placed.await.expect(201);
        // Some orders take their time, by their number.
        self.sandbox.advance(Duration::from_secs(10));
        let order = placed["id"].as_u64().unwrap();
        let info = self
            .get(&format!("order/certificate/{order}"))
            .await
            .expect(200);
        assert_eq!(info["status"], "issued", "{info}");
        (order, placed["certificate_id"].as_u64().unwrap())
    }

    pub async fn order(&self, id: u64) -> Value {
        self.get(&format!("order/certificate/{id}"))
            .await
            .expect(200)
    }
}

pub async fn answer(response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get("content-type")
        .map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
    Answer {
        status,
        content_type,
        bytes: response.bytes().await.unwrap().to_vec(),
    }
}

/// The body of an OV order.
pub fn tls_order(container: u64, names: &[&str]) -> Value {
    json!({
        "certificate": {
            "common_name": names[0],
            "dns_names": names[1..],
            "csr": csr(),
            "signature_hash": "sha256",
            "server_platform": { "id": 45 },
        },
        "organization": { "id": ORGANIZATION },
        "order_validity": { "years": 1 },
        "container": { "id": container },
    })
}

/// The body of a duplicate for these names.
pub fn duplicate(names: &[&str]) -> Value {
    json!({
        "certificate": {
            "common_name": names[0],
            "dns_names": names[1..],
            "csr": csr(),
            "signature_hash": "sha256",
            "server_platform": { "id": 2 },
        },
    })
}

/// A CSR with a new P-256 key, made now.
pub fn csr() -> String {
    csr_and_key().0
}

/// A CSR, and its public key in DER.
pub fn csr_and_key() -> (String, Vec<u8>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default()
        .serialize_request(&key)
        .unwrap();
    (
        request.pem().unwrap(),
        rcgen::PublicKeyData::subject_public_key_info(&key),
    )
}

/// The certificates of a PEM text, DER.
pub fn pem_blocks(text: &str) -> Vec<Vec<u8>> {
    pem::parse_many(text)
        .unwrap()
        .into_iter()
        .map(pem::Pem::into_contents)
        .collect()
}
