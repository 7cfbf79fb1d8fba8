//! Connections that a fault may reset: the handler raises a flag, the next write fails, and the kernel sends RST. What comes in
//! passes through [`target`], so that targets are taken as clients write them.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::target;

/// A raised flag resets the connection.
#[derive(Debug, Clone, Default)]
pub struct Abort(Arc<AtomicBool>);

impl Abort {
    /// Asks for the reset.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_raised(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A TCP listener whose connections carry an [`Abort`].
#[derive(Debug)]
pub struct AbortableListener(pub TcpListener);

/// A connection.
#[derive(Debug)]
pub struct AbortableStream {
    stream: TcpStream,
    abort: Abort,
    /// A request line that is not whole yet.
    line: Vec<u8>,
    /// Bytes that were read and not handed on.
    held: Bytes,
}

impl Listener for AbortableListener {
    type Io = AbortableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let _ = stream.set_nodelay(true);
        (
            AbortableStream {
                stream,
                abort: Abort::default(),
                line: Vec::new(),
                held: Bytes::new(),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, AbortableListener>> for Abort {
    fn connect_info(stream: IncomingStream<'_, AbortableListener>) -> Self {
        stream.io().abort.clone()
    }
}

impl AbortableStream {
    fn reset_if_asked(&self) -> io::Result<()> {
        if self.abort.is_raised() {
            let _ = self.stream.set_zero_linger();
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }

    /// Hands on what was held back, as much as fits.
    fn hand_on(&mut self, buf: &mut ReadBuf<'_>) {
        let fitting = self.held.len().min(buf.remaining());
        buf.put_slice(&self.held.split_to(fitting));
    }

    /// Waits for the rest of a request line.
    fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut more = [0; 4096];
        while target::line_end(&self.line).is_none() && self.line.len() < target::LONGEST {
            let mut space = ReadBuf::new(&mut more);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut space))?;
            if space.filled().is_empty() {
                break;
            }
            self.line.extend_from_slice(space.filled());
        }
        let line = std::mem::take(&mut self.line);
        self.held = target::encoded(&line).unwrap_or(line).into();
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for AbortableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.held.is_empty() && self.line.is_empty() {
            let before = buf.filled().len();
            ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
            let fresh = &buf.filled()[before..];
            if !target::begins_a_read(fresh) {
                return Poll::Ready(Ok(()));
            }
            self.line.extend_from_slice(fresh);
            buf.set_filled(before);
        }
        if self.held.is_empty() {
            ready!(self.poll_line(cx))?;
        }
        self.hand_on(buf);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for AbortableStream {
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
