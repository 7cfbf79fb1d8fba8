//! The server: from bytes to a [`Call`], through key, limit and faults, and back.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body as HttpBody;
use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderMap, Method, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::call::{Accept, Call, Query, accept, segments};
use super::desk::Desk;
use super::dispatch;
use super::endpoint::{Area, Endpoint, Verb};
use super::error::ApiError;
use super::listener::{Connection, Wire};
use super::reply::Reply;
use crate::sandbox::faults::{Failure, Kind, Strike};
use crate::sandbox::model::KeyRole;
use crate::sandbox::rules::{Actor, Refusal};

/// Largest body that is read.
const LARGEST_BODY: usize = 4 << 20;
/// How long nothing is accepted after it failed.
const REST: Duration = Duration::from_millis(100);
/// How long a stopping server waits for open answers.
const PATIENCE: Duration = Duration::from_secs(1);

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    pub address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
    stop: CancellationToken,
}

impl Server {
    /// Stops listening, lets open answers finish for a second, then ends.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if tokio::time::timeout(PATIENCE, &mut self.task)
            .await
            .is_err()
        {
            self.task.abort();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[derive(Debug, Clone)]
struct Shared {
    desk: Arc<Desk>,
    stop: CancellationToken,
    patience: Duration,
    gzip: bool,
}

/// Serves the desk on this listener until stopped. So long a client may take for the head of a request, which is how long a
/// connection may do nothing, and so long for the body. `gzip`: answers are packed for clients that take them so.
pub fn serve(
    listener: TcpListener,
    desk: Arc<Desk>,
    patience: Duration,
    gzip: bool,
) -> std::io::Result<Server> {
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let shared = Shared {
        desk,
        stop: stop.clone(),
        patience,
        gzip,
    };
    Ok(Server {
        address,
        task: tokio::spawn(accept_all(listener, shared)),
        stop,
    })
}

/// Accepts connections until stopped, then waits for those that are open.
async fn accept_all(listener: TcpListener, shared: Shared) {
    let open = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => connect(stream, &shared, &open),
            // Out of file descriptors, most likely: some become free when connections end.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}

/// Serves one connection in a task of its own.
fn connect(stream: TcpStream, shared: &Shared, open: &GracefulShutdown) {
    // Small answers are not held back for larger ones.
    let _ = stream.set_nodelay(true);
    let wire = Wire::default();
    let io = TokioIo::new(Connection::new(stream, wire.clone()));
    let (patience, shared) = (shared.patience, shared.clone());
    let service = service_fn(move |request| {
        let (shared, wire) = (shared.clone(), wire.clone());
        async move { Ok::<_, Infallible>(answer(shared, wire, request).await) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .serve_connection(io, service);
    let serving = open.watch(serving);
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

/// Reads the body of a request, and tells the connection that it is read.
async fn body_of(shared: &Shared, wire: &Wire, body: Incoming) -> Result<Bytes, ApiError> {
    let read = axum::body::to_bytes(HttpBody::new(body), LARGEST_BODY);
    let bytes = tokio::time::timeout(shared.patience, read)
        .await
        .map_err(|_| ApiError::TooSlow)?
        .map_err(|_| ApiError::TooLarge)?;
    wire.request_is_read();
    Ok(bytes)
}

async fn answer(shared: Shared, wire: Wire, request: Request<Incoming>) -> Response<HttpBody> {
    let (parts, body) = request.into_parts();
    let body = body_of(&shared, &wire, body).await;
    let route = route(&parts.method, parts.uri.path());
    let endpoint = route.as_ref().map(|(endpoint, _)| *endpoint);
    shared.desk.count(endpoint);
    let strike = endpoint
        .map(|endpoint| shared.desk.faults.strike(endpoint))
        .unwrap_or_default();
    if !strike.latency.is_zero() {
        tokio::time::sleep(strike.latency).await;
    }
    if let Some(reply) = instead(&shared, &wire, &strike).await {
        return respond(reply, None);
    }
    let reply = match work(&shared, route, &parts, body, &strike).await {
        Ok(reply) => reply,
        Err(error) => error.reply(),
    };
    match strike.after {
        Some(Kind::Lost) => {
            wire.cut();
            respond(Reply::no_content(), None)
        }
        Some(Kind::FailsLate(failure)) => respond(failed(failure), None),
        after => respond(reply, after),
    }
}

/// What a fault puts in place of the work.
async fn instead(shared: &Shared, wire: &Wire, strike: &Strike) -> Option<Reply> {
    match strike.instead? {
        Kind::Hang => {
            shared.stop.cancelled().await;
            Some(ApiError::Broken(503).reply())
        }
        Kind::Reset => {
            wire.cut();
            Some(Reply::no_content())
        }
        Kind::TooMany => Some(ApiError::Limited.reply()),
        Kind::Fails(failure) => Some(failed(failure)),
        Kind::Latency(_)
        | Kind::Lost
        | Kind::FailsLate(_)
        | Kind::Truncate
        | Kind::Cut
        | Kind::SlowBody(_)
        | Kind::StaleRequests
        | Kind::WrongPem
        | Kind::FilterIgnored
        | Kind::EmptyOrganization => None,
    }
}

fn failed(failure: Failure) -> Reply {
    match failure {
        Failure::Json(status) => ApiError::Broken(status).reply(),
        Failure::Html(status) => Reply {
            status,
            content_type: Some("text/html"),
            body: b"<html>\r\n<head><title>Request unsuccessful</title></head>\r\n<body>\r\n<h1>Request unsuccessful</h1>\r\n\
                    <p>Incident ID: 0000000000000000000-0000000000000000</p>\r\n</body>\r\n</html>\r\n"
                .to_vec(),
            file_name: None,
            is_gzipped: false,
        },
    }
}

/// Whether a client takes `gzip`: named, and not with a weight of 0.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING).into_iter();
    let codings = named.filter_map(|value| value.to_str().ok());
    codings.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
        let is_taken = weight.is_ok_and(|weight| weight > 0.0);
        is_taken && matches!(name.trim().to_ascii_lowercase().as_str(), "gzip" | "*")
    })
}

fn route(method: &Method, path: &str) -> Option<(Endpoint, Vec<String>)> {
    let verb = match *method {
        Method::GET | Method::HEAD => Verb::Get,
        Method::POST => Verb::Post,
        Method::PUT => Verb::Put,
        Method::DELETE => Verb::Delete,
        _ => return None,
    };
    Endpoint::find(verb, &segments(path)?)
}

/// Checks in this order: key, route, role, limit, representation; then the work.
async fn work(
    shared: &Shared,
    route: Option<(Endpoint, Vec<String>)>,
    parts: &http::request::Parts,
    body: Result<Bytes, ApiError>,
    strike: &Strike,
) -> Result<Reply, ApiError> {
    let (actor, key_id) = actor(&shared.desk, &parts.headers)?;
    let now = shared.desk.clock.now();
    if shared
        .desk
        .rate
        .as_ref()
        .is_some_and(|rate| !rate.admit(key_id, now))
    {
        return Err(ApiError::Limited);
    }
    let (endpoint, params) = route.ok_or(ApiError::Route)?;
    permitted(actor, endpoint)?;
    let csv = representation(endpoint, &parts.headers)?;
    let body = body?;
    shared.desk.remember(endpoint, &body);
    let call = Call {
        endpoint,
        params,
        query: Query::read(parts.uri.query().unwrap_or_default()),
        csv,
        body,
        actor,
        now,
        quirks: strike.quirks,
    };
    let packs = shared.gzip && takes_gzip(&parts.headers);
    let desk = Arc::clone(&shared.desk);
    // Signing takes milliseconds, an RSA key many: not on a thread that serves connections.
    tokio::task::spawn_blocking(move || {
        desk.settle();
        let reply = dispatch::dispatch(&desk, &call);
        desk.keep()
            .map_err(|error| ApiError::Refused(Refusal::Internal(error.to_string())))?;
        reply.map(|reply| if packs { reply.gzipped() } else { reply })
    })
    .await
    .unwrap_or_else(|error| Err(ApiError::Refused(Refusal::Internal(error.to_string()))))
}

fn actor(desk: &Desk, headers: &HeaderMap) -> Result<(Actor, u64), ApiError> {
    let key = headers
        .get("x-dc-devkey")
        .and_then(|value| value.to_str().ok())
        .map_or("", str::trim);
    if key.is_empty() {
        return Err(ApiError::NoKey);
    }
    let account = desk.read();
    let key = account
        .keys
        .iter()
        .find(|known| known.secret == key && !known.is_revoked)
        .ok_or(ApiError::BadKey)?;
    let user = account.user(key.user_id).ok_or(ApiError::BadKey)?;
    Ok((
        Actor {
            user_id: user.id,
            role: user.role,
            key_role: key.role,
        },
        key.id,
    ))
}

fn permitted(actor: Actor, endpoint: Endpoint) -> Result<(), ApiError> {
    let (verb, _) = endpoint.route();
    let fine = match (actor.key_role, endpoint.area()) {
        (KeyRole::None, Area::Orders | Area::Places | Area::Common) => true,
        (KeyRole::None, Area::Users) => verb == Verb::Get || actor.role.id() == 1,
        (KeyRole::ViewOnly, _) => verb == Verb::Get,
        (KeyRole::Orders, area) => matches!(area, Area::Orders | Area::Common),
        (KeyRole::OrdersDomainsOrganizations, area) => !matches!(area, Area::Users),
        (KeyRole::UserManagement, area) => matches!(area, Area::Users | Area::Common),
    };
    if fine {
        Ok(())
    } else {
        Err(Refusal::MissingPermission.into())
    }
}

/// Whether CSV is wanted. Downloads give their file whatever the header says.
fn representation(endpoint: Endpoint, headers: &HeaderMap) -> Result<bool, ApiError> {
    let wanted = accept(
        headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok()),
    );
    match (wanted, endpoint) {
        (
            _,
            Endpoint::Download
            | Endpoint::DownloadPlatform
            | Endpoint::DownloadForPlatform
            | Endpoint::DownloadOrder
            | Endpoint::DownloadOrderFormat,
        )
        | (Accept::Json, _) => Ok(false),
        (
            Accept::Csv,
            Endpoint::Orders | Endpoint::Requests | Endpoint::Organizations | Endpoint::Users,
        ) => Ok(true),
        (Accept::Csv | Accept::Neither, _) => Err(ApiError::NotAcceptable),
    }
}

fn respond(reply: Reply, after: Option<Kind>) -> Response<HttpBody> {
    let mut response = Response::builder()
        .status(reply.status)
        .header(header::SERVER, "nginx")
        .header(header::CACHE_CONTROL, "private,no-cache")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::X_FRAME_OPTIONS, "SAMEORIGIN");
    if let Some(content_type) = reply.content_type {
        response = response.header(header::CONTENT_TYPE, content_type);
    }
    if reply.is_gzipped {
        response = response
            .header(header::CONTENT_ENCODING, "gzip")
            .header(header::VARY, "Accept-Encoding");
    }
    if let Some(name) = &reply.file_name {
        response = response.header(
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        );
    }
    let body = Bytes::from(reply.body);
    let half = body.slice(..body.len() / 2);
    let body = match after {
        Some(Kind::Truncate) => HttpBody::from(half),
        Some(Kind::Cut) if !body.is_empty() => {
            response = response.header(header::CONTENT_LENGTH, body.len());
            let end = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            // The pause lets the first half leave; without it nothing at all would be sent.
            let pieces = futures::stream::iter([Ok(half), Err(end)]).then(|piece| async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                piece
            });
            HttpBody::from_stream(pieces)
        }
        Some(Kind::SlowBody(lasting)) if !body.is_empty() => {
            response = response.header(header::CONTENT_LENGTH, body.len());
            trickle(&body, lasting)
        }
        _ => HttpBody::from(body),
    };
    response.body(body).unwrap_or_default()
}

/// The body in ten pieces, evenly over this time.
fn trickle(body: &Bytes, lasting: Duration) -> HttpBody {
    let piece = body.len().div_ceil(10).max(1);
    let pieces: Vec<Bytes> = (0..body.len())
        .step_by(piece)
        .map(|start| body.slice(start..(start + piece).min(body.len())))
        .collect();
    let pause = lasting / u32::try_from(pieces.len()).unwrap_or(1).max(1);
    HttpBody::from_stream(futures::stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(piece)
    }))
}
