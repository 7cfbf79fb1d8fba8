//! The client: where the account is, the key, the gate, and the two doors [`Reads`] and [`Writes`].
//!
//! Reads and writes are different types, so that a write cannot be tried again by accident: only `Reads` holds a retry
//! schedule, and only `Writes` can send a body.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::HeaderMap;
use jiff::Timestamp;
use reqwest::Url;
use secrecy::SecretString;
use serde::de::DeserializeOwned;

use super::address::{base, headers};
use super::ahead::{Ahead, Round};
use super::body;
use super::error::{ApiError, ProxyTrouble};
use super::limiter::{DOCUMENTED, Limiter, Priority, Window};
use super::proxy::{ProxyEnv, Way};
use super::retry::RetryPolicy;
use super::shape::Marks;
use super::tls;
use super::transport::{self, Answer, Call, Dated, ExchangeLimits, Target};
use crate::domain::clock::ClockOffset;

/// Base URL of the US instance.
pub const US_URL: &str = "https://www.digicert.com/services/v2";

/// Seconds without a read after which its connections are not used again.
const FRESH: i64 = 60;

/// Commas in a list that is read in one go. A page of 1,000 orders with 250 names each has fewer than 300,000.
const COMMAS: usize = 500_000;

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
    /// What the environment says about proxies.
    pub proxy: ProxyEnv,
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
            proxy: ProxyEnv::of_process(),
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
    way: Way,
    limiter: Arc<Limiter>,
    /// Whom TLS trusts, and the sessions that were made. Made at the first call, since loading the trusted authorities takes
    /// tens of milliseconds.
    tls: OnceLock<Result<rustls::ClientConfig, ApiError>>,
    /// With when it was last used.
    reading: Mutex<Option<(reqwest::Client, Timestamp)>>,
    writing: OnceLock<Result<reqwest::Client, ApiError>>,
    opening: OnceLock<Result<reqwest::Client, ApiError>>,
    ahead: Ahead,
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
    /// A client for the account behind `base_url` that `key` belongs to, with these limits, windows and retries. No I/O
    /// happens here.
    pub fn with_options(
        base_url: &str,
        key: &SecretString,
        options: ClientOptions,
    ) -> Result<Self, ApiError> {
        let base = base(base_url)?;
        let headers = headers(key)?;
        let limiter = Limiter::new(options.windows.clone());
        let way = options.proxy.way(&base);
        Ok(Self {
            inner: Arc::new(Inner {
                base,
                headers,
                options,
                way,
                limiter,
                tls: OnceLock::new(),
                reading: Mutex::default(),
                writing: OnceLock::new(),
                opening: OnceLock::new(),
                ahead: Ahead::default(),
                clock: Mutex::default(),
            }),
        })
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
            let outcome = inner.exchange(&http, limits, call).await;
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
        self.until(call, |answer| {
            answer.documented(&[200], &call.what)?;
            body::file(&answer, &call.what)?;
            Ok(answer)
        })
        .await
    }

    /// Reads JSON of a kind; what lacks its marks is an error, and says nothing.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        call: &Call,
        marks: Marks,
    ) -> Result<T, ApiError> {
        self.until(call, |answer| {
            answer.documented(&[200], &call.what)?;
            body::json(&answer, &call.what, marks)
        })
        .await
    }

    /// The same for long lists: what is plainly a `P`, as every answer should be, is read in one go, and anything else with
    /// care.
    pub(super) async fn plain<P: DeserializeOwned + Into<T>, T: DeserializeOwned>(
        &self,
        call: &Call,
        marks: Marks,
    ) -> Result<T, ApiError> {
        self.until(call, |answer| {
            answer.documented(&[200], &call.what)?;
            // Nine bytes of JSON can become a hundred of memory: what holds more than any page is not read before it is looked over.
            let is_page = memchr::memchr_iter(b',', &answer.body).count() <= COMMAS;
            let text = std::str::from_utf8(&answer.body).ok().filter(|_| is_page);
            match text.map(serde_json::from_str::<P>) {
                Some(Ok(plain)) => Ok(plain.into()),
                _ => body::json(&answer, &call.what, marks),
            }
        })
        .await
    }
}

impl Writes {
    /// Opens the connection of the next write, so that it waits for no handshake then. Nothing is sent, and it carries that
    /// one write alone. Where it cannot be opened the write opens its own, and tells.
    pub async fn open_ahead(&self) {
        let inner = &self.inner;
        if inner.ahead.is_ready() || inner.writing().is_err() {
            return;
        }
        if let Ok(http) = inner.opening() {
            let ended = http.head(inner.base.clone()).send().await;
            let kept = inner.ahead.is_ready();
            tracing::debug!(kept, error = ?ended.err(), "opened a connection ahead");
        }
    }

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

    /// Sends a write once and reads its answer as JSON of a kind.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        call: &Call,
        marks: Marks,
    ) -> Result<T, ApiError> {
        let answer = self.once(call).await?;
        answer.documented(&[200, 201], &call.what)?;
        body::json(&answer, &call.what, marks)
    }

    /// Sends a write once whose answer says nothing.
    pub(super) async fn nothing(&self, call: &Call) -> Result<(), ApiError> {
        let answer = self.once(call).await?;
        answer.documented(&[200, 201, 204], &call.what)?;
        body::nothing(&answer, &call.what)
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
        let to = Target {
            base: &self.base,
            headers: &self.headers,
            way: &self.way,
            authorities: &self.options.authorities,
        };
        transport::exchange(http, to, limits, call, dated).await
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

    /// With new connections after a pause: the old ones may have died with a machine that slept, and nobody would hear of it
    /// for half a minute. The pool's own timer would wake a desk that nobody uses.
    fn reading(&self) -> Result<reqwest::Client, ApiError> {
        let now = Timestamp::now();
        let mut kept = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((http, used)) = &mut *kept
            && (0..FRESH).contains(&(now.as_second() - used.as_second()))
        {
            *used = now;
            return Ok(http.clone());
        }
        let builder = reqwest::Client::builder().pool_idle_timeout(None);
        let both = ["h2", "http/1.1"];
        let http = self.build(builder, &self.options.read_limits, &both)?;
        *kept = Some((http.clone(), now));
        Ok(http)
    }

    /// A connection for each write: one that carried another before may have been closed by the server at the very
    /// moment a write goes out on it, and then nobody knows whether it arrived.
    fn writing(&self) -> Result<&reqwest::Client, ApiError> {
        let made = self
            .writing
            .get_or_init(|| self.one_each(self.ahead.using()));
        made.as_ref().map_err(Clone::clone)
    }

    /// What opens the connection of a write before it is there.
    fn opening(&self) -> Result<&reqwest::Client, ApiError> {
        let made = self
            .opening
            .get_or_init(|| self.one_each(self.ahead.keeping()));
        made.as_ref().map_err(Clone::clone)
    }

    fn one_each(&self, round: Round) -> Result<reqwest::Client, ApiError> {
        let builder = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .http1_only()
            .connector_layer(round);
        self.build(builder, &self.options.write_limits, &["http/1.1"])
    }

    fn build(
        &self,
        builder: reqwest::ClientBuilder,
        limits: &ExchangeLimits,
        protocols: &[&str],
    ) -> Result<reqwest::Client, ApiError> {
        let mut builder = builder
            .user_agent(concat!("certdeck/", env!("CARGO_PKG_VERSION")))
            // A custom header is not stripped when a redirect leads to another host.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(limits.connect)
            .no_proxy();
        match &self.way {
            Way::Straight(_) => {}
            Way::Through { proxy, .. } => builder = builder.proxy(proxy.as_ref().clone()),
            Way::Unusable(variable) => {
                return Err(ApiError::Proxy {
                    what: self.base.host_str().unwrap_or_default().to_owned(),
                    proxy: format!("of {variable}"),
                    trouble: ProxyTrouble::Setting,
                    detail: "cannot be used: the variable contains no URL of a proxy".to_owned(),
                });
            }
        }
        if self.base.scheme() == "http" {
            // Nothing will be verified, so a machine without trusted authorities can still run the sandbox, and the
            // time to load them is saved.
            builder = builder.tls_certs_only([]);
        } else {
            let config = self.tls.get_or_init(|| {
                let config = tls::config(&self.options.authorities);
                config.map_err(|detail| ApiError::Setup { detail })
            });
            let config = config.as_ref().map_err(Clone::clone)?;
            builder = builder
                .https_only(true)
                .tls_backend_preconfigured(tls::speaking(config, protocols));
        }
        builder.build().map_err(|error| ApiError::Setup {
            detail: transport::innermost(&error),
        })
    }
}
