//! Connections. A fault may reset one: the handler raises a flag, the next write fails, and the kernel sends RST. The head of each
//! request passes through [`target`], so that targets are taken as clients write them; bodies pass as they are, whatever they
//! begin with.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::target;

/// What the handler of a call tells its connection.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    /// The connection is to be reset.
    is_cut: AtomicBool,
    /// A body that tells its end by itself was not read to that: what comes is no request.
    is_within: AtomicBool,
}

impl Wire {
    /// Asks for the reset.
    pub fn cut(&self) {
        self.0.is_cut.store(true, Ordering::Release);
    }

    /// The body of the request in hand was read: what comes next begins another one.
    pub fn request_is_read(&self) {
        self.0.is_within.store(false, Ordering::Release);
    }
}

/// A connection with its [`Wire`].
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    wire: Wire,
    /// Bytes that were read and not looked at yet.
    fresh: Vec<u8>,
    /// Bytes that were looked at and not handed on.
    held: Bytes,
    /// What is still to come of a body.
    body: u64,
}

/// Bytes that are read at once.
const PIECE: usize = 16 << 10;

impl Connection {
    /// A connection that was just accepted.
    pub fn new(stream: TcpStream, wire: Wire) -> Self {
        Self {
            stream,
            wire,
            fresh: Vec::new(),
            held: Bytes::new(),
            body: 0,
        }
    }

    fn reset_if_asked(&self) -> io::Result<()> {
        if self.wire.0.is_cut.load(Ordering::Acquire) {
            let _ = self.stream.set_zero_linger();
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }

    /// Waits for more bytes; `false` at the end.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut piece = [0; PIECE];
        let mut space = ReadBuf::new(&mut piece);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut space))?;
        self.fresh.extend_from_slice(space.filled());
        Poll::Ready(Ok(!space.filled().is_empty()))
    }

    /// Waits for the whole head of a request, and encodes its target.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let end = loop {
            if let Some(end) = target::head_end(&self.fresh) {
                break end;
            }
            let is_endless = self.fresh.len() >= target::LONGEST;
            if is_endless || !target::may_begin_a_request(&self.fresh) {
                break self.fresh.len();
            }
            if !ready!(self.poll_more(cx))? {
                break self.fresh.len();
            }
        };
        let rest = self.fresh.split_off(end);
        let head = std::mem::replace(&mut self.fresh, rest);
        match target::body_length(&head) {
            Some(length) => self.body = length,
            None => self.wire.0.is_within.store(true, Ordering::Release),
        }
        self.held = target::encoded(&head).unwrap_or(head).into();
        Poll::Ready(Ok(()))
    }

    /// Waits for more of a body, and takes no more than belongs to it.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fresh.is_empty() {
            ready!(self.poll_more(cx))?;
        }
        let is_open = self.wire.0.is_within.load(Ordering::Acquire);
        let most = usize::try_from(self.body).unwrap_or(usize::MAX);
        let end = if is_open {
            self.fresh.len()
        } else {
            self.fresh.len().min(most)
        };
        let rest = self.fresh.split_off(end);
        self.held = std::mem::replace(&mut self.fresh, rest).into();
        self.body = self.body.saturating_sub(end as u64);
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.held.is_empty() {
            if self.body > 0 || self.wire.0.is_within.load(Ordering::Acquire) {
                ready!(self.poll_body(cx))?;
            } else {
                ready!(self.poll_head(cx))?;
            }
        }
        let fitting = self.held.len().min(buf.remaining());
        buf.put_slice(&self.held.split_to(fitting));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.reset_if_asked()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.reset_if_asked()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.reset_if_asked()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
