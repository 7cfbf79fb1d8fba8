//! A connection that is opened while somebody reads what is about to be sent, so that Enter waits for no handshake.
//!
//! It carries one request, as each connection of a write does. What the server closed or said something on meanwhile is not
//! used: a write on it could be lost, and nobody would know. The library opens connections for requests alone, so the one
//! that is kept is taken out of a request that ends there, before a byte of it is sent.
//!
//! ```text
//! open:   request --keeping--> connection --> kept      the request ends: nothing was sent
//! write:  request --using----> kept, still open? ------> it
//!                                   no? --> a new one
//! ```

use std::any::Any;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use hyper::rt::{Read, ReadBuf};
use jiff::Timestamp;
use tower::{Layer, Service};

/// Seconds for which it is used: servers that wait for a request give up after ten at the earliest.
const KEPT: i64 = 10;

/// Why a connector fails.
type BoxError = Box<dyn std::error::Error + Send + Sync>;

type Connecting<C> = Pin<Box<dyn Future<Output = Result<C, BoxError>> + Send>>;

/// Where the connection is kept.
#[derive(Clone, Default)]
pub(super) struct Ahead(Arc<Mutex<Option<Kept>>>);

struct Kept {
    /// Of the library's own type, which has no name outside.
    connection: Box<dyn Any + Send>,
    opened: Timestamp,
}

impl Ahead {
    /// Whether one is kept that a write would use if it came now, so far as the time tells.
    pub(super) fn is_ready(&self) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().is_some_and(|kept| is_fresh(kept.opened))
    }

    fn keep(&self, connection: impl Any + Send) {
        let kept = Kept {
            connection: Box::new(connection),
            opened: Timestamp::now(),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    /// The one that is kept, if it can still be used. It is kept no longer.
    fn take<C: Any + Read + Unpin>(&self) -> Option<C> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let kept = kept.filter(|kept| is_fresh(kept.opened))?;
        let mut connection = *kept.connection.downcast::<C>().ok()?;
        is_silent(&mut connection).then_some(connection)
    }

    /// A layer that keeps the connections that are opened, and lets what they were for fail.
    pub(super) fn keeping(&self) -> Round {
        Round {
            ahead: self.clone(),
            keeps: true,
        }
    }

    /// A layer that gives the connection that is kept, or lets one be opened.
    pub(super) fn using(&self) -> Round {
        Round {
            ahead: self.clone(),
            keeps: false,
        }
    }
}

/// By a clock that goes on while the machine sleeps.
fn is_fresh(opened: Timestamp) -> bool {
    (0..KEPT).contains(&(Timestamp::now().as_second() - opened.as_second()))
}

/// Whether the server neither closed it nor said anything.
fn is_silent(connection: &mut (impl Read + Unpin)) -> bool {
    let mut byte = [0; 1];
    let mut read = ReadBuf::new(&mut byte);
    let mut cx = Context::from_waker(Waker::noop());
    pin!(connection)
        .poll_read(&mut cx, read.unfilled())
        .is_pending()
}

/// A layer round what opens connections.
#[derive(Clone)]
pub(super) struct Round {
    ahead: Ahead,
    keeps: bool,
}

impl<S> Layer<S> for Round {
    type Service = Opening<S>;

    fn layer(&self, inner: S) -> Opening<S> {
        Opening {
            round: self.clone(),
            inner,
        }
    }
}

/// What opens connections, with the layer round it.
#[derive(Clone)]
pub(super) struct Opening<S> {
    round: Round,
    inner: S,
}

impl<S, R> Service<R> for Opening<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: Read + Unpin + Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Connecting<S::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let Round { ahead, keeps } = self.round.clone();
        if keeps {
            let opening = self.inner.call(request);
            return Box::pin(async move {
                ahead.keep(opening.await?);
                Err("the connection is kept".into())
            });
        }
        match ahead.take() {
            Some(connection) => Box::pin(std::future::ready(Ok(connection))),
            None => Box::pin(self.inner.call(request)),
        }
    }
}
