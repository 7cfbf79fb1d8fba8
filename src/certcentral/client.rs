//! The client: where the account is, the key, the gate, and the two doors [`Reads`] and [`Writes`].
//!
//! Reads and writes are different types, so that a write cannot be tried again by accident: only `Reads` holds a retry
//! schedule, and only `Writes` can send a body.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::{HeaderMap, Method};
use reqwest::Url;
use secrecy::SecretString;
use serde::de::DeserializeOwned;

use super::address::{base, headers, is_loopback};
use super::body;
use super::error::ApiError;
use super::limiter::{DOCUMENTED, Limiter, Priority, Window};
use super::retry::RetryPolicy;
use super::transport::{self, Answer, Call, Dated, ExchangeLimits};
use crate::domain::clock::ClockOffset;

/// Base URL of the US instance.
pub const US_URL: &str = "https://www.digicert.com/services/v2";
/// Base URL of the European instance.
pub const EU_URL: &str = "https://certcentral.digicert.eu/services/v2";

/// How a client behaves. The default is what the documentation asks for.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Limits of a read.
    pub read_limits: ExchangeLimits,
    /// Limits of a write.
    pub write_limits: ExchangeLimits,
    /// The rate windows; empty for none.
    pub windows: Vec<Window>,
    /// When reads are tried again.
    pub retry: RetryPolicy,
    /// Certificates (DER) to trust besides the system's.
    pub authorities: Vec<Vec<u8>>,
    /// Between 0 and 1, spreads the retries.
    pub jitter: fn() -> f64,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            read_limits: ExchangeLimits::READ,
            write_limits: ExchangeLimits::WRITE,
            windows: DOCUMENTED.to_vec(),
            retry: RetryPolicy::default(),
            authorities: Vec::new(),
            jitter: rand::random::<f64>,
        }
    }
}

/// A client for one account. Cheap to clone; clones share connections and the rate windows.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    base: Url,
    headers: HeaderMap,
    options: ClientOptions,
    limiter: Arc<Limiter>,
    /// Made at the first call, since loading the trusted authorities takes tens of milliseconds.
    reading: OnceLock<Result<reqwest::Client, ApiError>>,
    writing: OnceLock<Result<reqwest::Client, ApiError>>,
    clock: Mutex<Clock>,
}

/// The account's clock, and who wants to know when it is seen to be another.
#[derive(Default)]
struct Clock {
    offset: Option<ClockOffset>,
    told: Option<Box<dyn Fn(ClockOffset) + Send>>,
}

/// Tells where, never with what key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.inner.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client for the account behind `base_url` that `key` belongs to. No I/O happens here.
    pub fn new(base_url: &str, key: &SecretString) -> Result<Self, ApiError> {
        Self::with_options(base_url, key, ClientOptions::default())
    }

    /// The same with other limits, windows or retries.
    pub fn with_options(
        base_url: &str,
        key: &SecretString,
        options: ClientOptions,
    ) -> Result<Self, ApiError> {
        let base = base(base_url)?;
        let headers = headers(key)?;
        let limiter = Limiter::new(options.windows.clone());
        Ok(Self {
            inner: Arc::new(Inner {
                base,
                headers,
                options,
                limiter,
                reading: OnceLock::new(),
                writing: OnceLock::new(),
                clock: Mutex::default(),
            }),
        })
    }

    /// The address that calls go to.
    pub fn base_url(&self) -> &str {
        self.inner.base.as_str()
    }

    /// How far the account's clock is ahead of this machine's; `None` before the first answer that tells.
    pub fn clock(&self) -> Option<ClockOffset> {
        self.inner.lock_clock().offset
    }

    /// Calls `told` whenever an answer shows another offset of the account's clock than the one before, the first time
    /// always; before that answer is handed out, so that what it says can be dated. Takes the place of an earlier one.
    pub fn on_clock(&self, told: impl Fn(ClockOffset) + Send + 'static) {
        self.inner.lock_clock().told = Some(Box::new(told));
    }

    /// Reads that somebody waits for.
    pub fn reads(&self) -> Reads {
        Reads {
            inner: Arc::clone(&self.inner),
            priority: Priority::Interactive,
        }
    }

    /// Reads that nobody waits for; they leave room in the rate windows for the others.
    pub fn background_reads(&self) -> Reads {
        Reads {
            inner: Arc::clone(&self.inner),
            priority: Priority::Background,
        }
    }

    /// Writes.
    pub fn writes(&self) -> Writes {
        Writes {
            inner: Arc::clone(&self.inner),
        }
    }

    /// Loads what the first call needs (the trusted authorities), so that the first call does not wait for it.
    /// Blocks for tens of milliseconds.
    pub fn warm_up(&self) -> Result<(), ApiError> {
        self.inner.reading().map(drop)
    }
}

/// The door for reads: they are tried again on broken connections, 429 and 5xx.
#[derive(Clone)]
pub struct Reads {
    inner: Arc<Inner>,
    priority: Priority,
}

/// The door for writes: each is sent exactly once, on a connection of its own.
#[derive(Clone)]
pub struct Writes {
    inner: Arc<Inner>,
}

impl Reads {
    /// Sends a read until its answer is there and makes sense, it is refused, or the schedule ends.
    async fn until<T>(
        &self,
        call: &Call,
        take: impl Fn(Answer) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let inner = &self.inner;
        let mut tried = 0;
        loop {
            let permit = inner.limiter.acquire(self.priority).await;
            let limits = &inner.options.read_limits;
            let http = inner.reading()?;
            let outcome = inner.exchange(http, limits, call).await;
            drop(permit);
            tried += 1;
            let error = match outcome.and_then(&take) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let Some(wait) = inner
                .options
                .retry
                .wait(tried, &error, (inner.options.jitter)())
            else {
                return Err(error);
            };
            tracing::info!(path = call.path, tried, wait = ?wait, "read failed and is tried again");
            if let ApiError::RateLimited { .. } = error {
                inner.limiter.close_for(wait);
            } else {
                tokio::time::sleep(wait).await;
            }
        }
    }

    /// Reads a file.
    pub(super) async fn file(&self, call: &Call) -> Result<Answer, ApiError> {
        self.until(call, Ok).await
    }

    /// Reads JSON.
    pub(super) async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ApiError> {
        self.until(call, |answer| body::json(&answer, &call.what))
            .await
    }
}

impl Writes {
    /// Sends a write once.
    pub(super) async fn once(&self, call: &Call) -> Result<Answer, ApiError> {
        let inner = &self.inner;
        let _permit = inner.limiter.acquire(Priority::Write).await;
        let limits = &inner.options.write_limits;
        let http = inner.writing()?;
        let outcome = inner.exchange(http, limits, call).await;
        if let Err(ApiError::RateLimited { retry_after, .. }) = &outcome {
            let pause = retry_after.unwrap_or(inner.options.retry.rate_limit_base);
            inner.limiter.close_for(pause.min(inner.options.retry.cap));
        }
        outcome
    }

    /// Sends `body` as it is: these are the bytes that were shown before.
    pub(super) async fn json_body<T: DeserializeOwned>(
        &self,
        method: Method,
        path: String,
        what: String,
        body: &str,
    ) -> Result<T, ApiError> {
        let call = Call::with_body(method, path, what, body);
        let answer = self.once(&call).await?;
        body::json(&answer, &call.what)
    }

    /// `POST` of the exact JSON text `body` to `path` (below the base URL, with a leading slash), for calls that have
    /// no function of their own. `what` names the thing in error messages.
    pub async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        what: &str,
        body: &str,
    ) -> Result<T, ApiError> {
        self.json_body(Method::POST, path.to_owned(), what.to_owned(), body)
            .await
    }

    /// `PUT` of the exact JSON text `body`; otherwise like [`Writes::post_json`].
    pub async fn put_json<T: DeserializeOwned>(
        &self,
        path: &str,
        what: &str,
        body: &str,
    ) -> Result<T, ApiError> {
        self.json_body(Method::PUT, path.to_owned(), what.to_owned(), body)
            .await
    }
}

impl Inner {
    async fn exchange(
        &self,
        http: &reqwest::Client,
        limits: &ExchangeLimits,
        call: &Call,
    ) -> Result<Answer, ApiError> {
        let dated = |dated| self.dated(dated);
        transport::exchange(http, &self.base, &self.headers, limits, call, dated).await
    }

    fn dated(&self, dated: Dated) {
        let mut clock = self.lock_clock();
        let known = clock.offset.unwrap_or_default();
        let offset = known.measured(dated.date, dated.asked, dated.answered);
        if clock.offset.replace(offset) != Some(offset)
            && let Some(told) = &clock.told
        {
            told(offset);
        }
    }

    fn lock_clock(&self) -> std::sync::MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reading(&self) -> Result<&reqwest::Client, ApiError> {
        let made = self
            .reading
            .get_or_init(|| self.build(reqwest::Client::builder(), &self.options.read_limits));
        made.as_ref().map_err(Clone::clone)
    }

    /// A connection for each write: one that was kept from before may have been closed by the server at the very
    /// moment a write goes out on it, and then nobody knows whether it arrived.
    fn writing(&self) -> Result<&reqwest::Client, ApiError> {
        let made = self.writing.get_or_init(|| {
            let builder = reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .http1_only();
            self.build(builder, &self.options.write_limits)
        });
        made.as_ref().map_err(Clone::clone)
    }

    fn build(
        &self,
        builder: reqwest::ClientBuilder,
        limits: &ExchangeLimits,
    ) -> Result<reqwest::Client, ApiError> {
        let mut builder = builder
            .user_agent(concat!("certdeck/", env!("CARGO_PKG_VERSION")))
            // A custom header is not stripped when a redirect leads to another host.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(limits.connect);
        if is_loopback(&self.base) {
            // The key must not go to a proxy in plain text, and a proxy cannot reach this machine's loopback anyway.
            builder = builder.no_proxy();
        }
        if self.base.scheme() == "http" {
            // Nothing will be verified, so a machine without trusted authorities can still run the sandbox, and the
            // time to load them is saved.
            builder = builder.tls_certs_only([]);
        } else {
            let more: Result<Vec<_>, _> = self
                .options
                .authorities
                .iter()
                .map(|der| reqwest::Certificate::from_der(der))
                .collect();
            builder = builder
                .https_only(true)
                .tls_certs_merge(more.map_err(|error| setup(&error))?);
        }
        builder.build().map_err(|error| setup(&error))
    }
}

fn setup(error: &reqwest::Error) -> ApiError {
    ApiError::Setup {
        detail: error.to_string(),
    }
}
