//! A CertCentral of our own: the Services API v2 over HTTP, an account, approval, validation, a real certificate authority,
//! and faults on request. It is written from the API notes alone and shares no type with the client of this crate, so that a
//! shared mistake cannot hide.
//!
//! ```text
//! http/   calls in, answers out     rules/   what the account does      model/   the account as plain data
//! faults/ what goes wrong           ca/      roots, intermediates, leaves        generate/ an account of N orders
//! tables/ products, platforms       foundation: staff, keys, divisions           state_file: --state FILE
//! ```
//!
//! What it invents: error codes that no source names ([`INVENTED`]); the users, keys, divisions, and profiles of [`foundation`]; that the
//! first check of a random value finds nothing and the second finds it (a name with a label `never` is never found); that the account
//! has an AuthKey whose request token stands for every other name, so that a DV order with `use_auth_key` is issued at once; that a
//! validation email is answered after 30 seconds; that the verified contact of an EV, code signing, or mark order approves it 30 seconds
//! after all else is there, and that the email which proves an address of `secure_email_mailbox` and `class1_smime` is answered as soon;
//! that an organization submitted for validation stays pending; that a lock of a domain is found when it is looked for; that a name new to
//! the account becomes a domain of its own when it is ordered with an organization; that revoking an order rejects its open
//! requests; that an order can be renewed again when its renewal was rejected or canceled; that what a reissue
//! revokes (documented: within 72 hours) is revoked after 72 hours; that a competitive discount is ten percent.
//!
//! Where it departs from CertCentral: it speaks no XML; money is never charged; nothing is emailed; CAA, CT, and DNS are not looked at;
//! every name is validated as it is, whatever `certificate_dcv_scope` says; a public IP address is validated by
//! a file on each order, and is no domain of the account. In the order list a DV order has no `organization`, as documented; one client
//! met `[]` there, which the fault `empty-organization` shows. Not there, since only a list of their names is public: the calls
//! that change `ct-status`, delete `custom-renewal-message`, and set `allowed-domain-names`, and webhooks.

#![cfg(feature = "sandbox")]

pub mod ca;
pub mod clock;
pub mod faults;
pub mod foundation;
pub mod generate;
mod http;
pub mod model;
pub mod rules;
mod state_file;
pub mod tables;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;

use ca::{Ca, CaError};
use faults::{FaultPlan, FaultSpecError};
use http::{Desk, Server, serve};
pub use http::{Endpoint, NeededBy, Verb};
use model::{Account, ProvisioningMethod};

pub use faults::FAULTS_HELP;
pub use rules::{INVENTED, Invented};
use state_file::StateFile;
pub use state_file::StateFileError;

/// The most orders that an account is made with: about as many as fit into the memory of a small machine.
pub const MOST_ORDERS: usize = 1_000_000;

/// How a sandbox is to be.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// Orders in the account.
    pub orders: usize,
    /// What everything but the keys follows from.
    pub seed: u64,
    /// The administrator's API key; made up from the seed if `None`.
    pub key: Option<String>,
    /// Faults, in the language of [`FAULTS_HELP`].
    pub faults: Option<String>,
    /// Where the state is kept. An existing file wins over `orders`, `seed` and `key`.
    pub state_file: Option<PathBuf>,
    /// Whether the documented rate limits (100 calls in 5 s, 1000 in 3 min) are kept.
    pub limits: bool,
    /// Whether answers are packed for clients that take them so.
    pub gzip: bool,
    /// How long issuance takes for the orders where it is not immediate (a third of them).
    pub issue_delay: Duration,
    /// How long a client may take for a request, and a connection do nothing.
    pub patience: Duration,
    /// Whether clients may choose the issuing CA; as the account has it if `None`.
    pub ica_selection: Option<bool>,
    /// How code signing certificates may be delivered, the default first; as the account has it if empty.
    pub provisioning: Vec<ProvisioningMethod>,
}

impl Default for SandboxOptions {
    /// 250 orders, seed 1, no faults, no limits, nothing packed, two seconds.
    fn default() -> Self {
        Self {
            orders: 250,
            seed: 1,
            key: None,
            faults: None,
            state_file: None,
            limits: false,
            gzip: false,
            issue_delay: Duration::from_secs(2),
            patience: Duration::from_secs(30),
            ica_selection: None,
            provisioning: Vec::new(),
        }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}; choose another address or port 0")]
    Listen(SocketAddr, std::io::Error),
    /// The faults cannot be read.
    #[error(transparent)]
    Faults(#[from] FaultSpecError),
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateFileError),
}

/// A sandbox that runs. Dropping it stops it; [`Sandbox::stop`] folds the state file's journal into it as well.
#[derive(Debug)]
pub struct Sandbox {
    desk: Arc<Desk>,
    server: Server,
    key: String,
}

impl Sandbox {
    /// Makes the account (or reads the state file) and listens; port 0 takes a free one.
    pub async fn start(listen: SocketAddr, options: SandboxOptions) -> Result<Self, SandboxError> {
        let plan = FaultPlan::new(options.faults.as_deref().unwrap_or_default(), options.seed)?;
        let (state, kept) = match options.state_file.clone() {
            None => (None, None),
            Some(path) => {
                let (file, kept) = StateFile::open(path)?;
                (Some(file), kept)
            }
        };
        let (mut account, ca) = match kept {
            Some(kept) => kept,
            None => create_account(&options),
        };
        if let Some(may_choose) = options.ica_selection {
            account.ignores_chosen_ca = !may_choose;
        }
        if !options.provisioning.is_empty() {
            account.provisioning = options.provisioning;
        }
        let key = account
            .keys
            .first()
            .map(|key| key.secret.clone())
            .unwrap_or_default();
        let delay = SignedDuration::try_from(options.issue_delay).unwrap_or(SignedDuration::ZERO);
        let desk = Arc::new(Desk::new(account, ca, delay, plan, options.limits, state));
        desk.keep()?;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| SandboxError::Listen(listen, error))?;
        let server = serve(listener, Arc::clone(&desk), options.patience, options.gzip)
            .map_err(|error| SandboxError::Listen(listen, error))?;
        Ok(Self { desk, server, key })
    }

    /// The base URL: `http://ADDR/services/v2`.
    pub fn url(&self) -> String {
        format!("http://{}/services/v2", self.server.address)
    }

    /// The administrator's API key. The other users' keys are this one with a suffix, see [`foundation`].
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The trust anchors, PEM.
    pub fn root_pem(&self) -> Result<String, CaError> {
        self.desk.ca.roots_pem()
    }

    /// Stops listening, lets open answers finish for a second, and writes the state file.
    pub async fn stop(self) -> Result<(), SandboxError> {
        let Self { desk, server, .. } = self;
        server.stop().await;
        Ok(desk.finish()?)
    }

    /// Replaces the faults; their counters start again.
    pub fn set_faults(&self, spec: &str) -> Result<(), FaultSpecError> {
        self.desk.faults.replace(spec)
    }

    /// Calls answered so far, also those that a fault swallowed.
    pub fn request_count(&self) -> u64 {
        self.desk.calls()
    }

    /// Calls of one endpoint, by its name in the fault language; 0 for an unknown name.
    pub fn calls_of(&self, endpoint: &str) -> u64 {
        Endpoint::named(endpoint).map_or(0, |endpoint| self.desk.calls_of(endpoint))
    }

    /// What came last to an endpoint that changes something, by its name in the fault language: the text as it was sent.
    pub fn received(&self, endpoint: &str) -> Option<String> {
        let body = self.desk.received(Endpoint::named(endpoint)?)?;
        Some(String::from_utf8_lossy(&body).into_owned())
    }

    /// Moves the sandbox's clock forward: what takes time is done, what ends has ended.
    pub fn advance(&self, by: Duration) {
        self.desk
            .clock
            .advance(SignedDuration::try_from(by).unwrap_or(SignedDuration::ZERO));
    }

    /// The sandbox's time.
    pub fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }

    /// Looks at the account; for tests that want to know what the API does not show.
    pub fn with_account<T>(&self, look: impl FnOnce(&Account) -> T) -> T {
        look(&self.desk.read())
    }

    /// Changes the account behind the API's back; for tests that need a certain state.
    pub fn change_account<T>(&self, change: impl FnOnce(&mut Account) -> T) -> T {
        change(&mut self.desk.write())
    }
}

/// Makes the account and the authority.
fn create_account(options: &SandboxOptions) -> (Account, Ca) {
    let now = Timestamp::now();
    let ca = Ca::new(options.seed, now);
    let key = options
        .key
        .clone()
        .unwrap_or_else(|| made_up_key(options.seed));
    let mut account = foundation::account(options.seed, &key, now);
    generate::fill(&mut account, &ca, options.orders, now);
    (account, ca)
}

fn made_up_key(seed: u64) -> String {
    format!("SANDBOX-{}", rules::dcv::token(seed, 0).to_uppercase())
}
