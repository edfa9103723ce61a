//! Connections to upstreams: how long making one may take, TLS, and a mark that tells a used one from a fresh one.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::{Extensions, Uri};
use bytes::Bytes;
use http_body_util::Full;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::legacy::{self, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;
use tower_service::Service;

/// Agreeing on TLS, once an address is reached.
const TLS: Duration = Duration::from_secs(1);
/// How long a connection may wait for its next request.
const IDLE: Duration = Duration::from_secs(30);
/// Idle connections kept for one address.
const MOST_IDLE: usize = super::gate::IN_FLIGHT;
/// The head of an answer.
pub(super) const HEADER_LIMIT: usize = 32 * 1024;

/// The client for one service, with a pool of its own.
pub(super) type Client = legacy::Client<Connector, Full<Bytes>>;

pub(super) fn client(connect: Duration) -> Client {
    legacy::Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MOST_IDLE)
        .pool_timer(TokioTimer::new())
        .http1_max_buf_size(HEADER_LIMIT)
        .build(Connector { inner: transport(connect), longest: connect + TLS })
}

#[cfg(feature = "tls")]
type Transport = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Transport = HttpConnector;

#[cfg(feature = "tls")]
fn transport(connect: Duration) -> Transport {
    use std::sync::OnceLock;
    // Reading the trusted roots takes a while, and all services trust the same.
    static CONFIG: OnceLock<rustls::ClientConfig> = OnceLock::new();
    let config = CONFIG.get_or_init(tls_config).clone();
    hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .wrap_connector(plain(connect))
}

/// Trusts what the system does, which `SSL_CERT_FILE` and `SSL_CERT_DIR` can set; where it has nothing, as in an empty
/// container image, the roots that browsers trust.
#[cfg(feature = "tls")]
fn tls_config() -> rustls::ClientConfig {
    use hyper_rustls::ConfigBuilderExt;
    match rustls_builder().with_native_roots() {
        Ok(builder) => builder.with_no_client_auth(),
        Err(_) => rustls_builder().with_webpki_roots().with_no_client_auth(),
    }
}

#[cfg(feature = "tls")]
fn rustls_builder() -> rustls::ConfigBuilder<rustls::ClientConfig, rustls::WantsVerifier> {
    // Named rather than taken from the process: an embedding program may have chosen none, or may have two.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    // Only a provider without any cipher suite is refused, and ring has some.
    builder.with_safe_default_protocol_versions().unwrap_or_else(|_| rustls::ClientConfig::builder())
}

#[cfg(not(feature = "tls"))]
fn transport(connect: Duration) -> Transport {
    plain(connect)
}

fn plain(connect: Duration) -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_connect_timeout(Some(connect));
    connector.set_nodelay(true);
    connector
}

/// Makes connections within their time.
#[derive(Clone)]
pub(super) struct Connector {
    inner: Transport,
    longest: Duration,
}

type Stream = <Transport as Service<Uri>>::Response;

impl Service<Uri> for Connector {
    type Response = Marked<Stream>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let (connecting, longest) = (self.inner.call(address), self.longest);
        Box::pin(async move {
            match timeout(longest, connecting).await {
                Ok(Ok(stream)) => Ok(Marked { stream, used: Used::default() }),
                // With TLS the error is a box already; without, it becomes one.
                #[allow(clippy::useless_conversion, reason = "only with TLS")]
                Ok(Err(error)) => Err(error.into()),
                Err(_) => Err(Self::Error::from("no connection in time")),
            }
        })
    }
}

/// Whether a connection has brought an answer before: one that was idle may have been closed by the other side while
/// the next request was on its way, which is no failure of the service.
#[derive(Debug, Clone, Default)]
pub(super) struct Used(Arc<AtomicBool>);

impl Used {
    /// Notes that an answer came over the connection that these extensions of it belong to.
    pub(super) fn mark(extensions: &Extensions) {
        if let Some(used) = extensions.get::<Self>() {
            used.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the connection that failed had brought an answer before.
    pub(super) fn was(error: &Error) -> bool {
        let mut extensions = Extensions::new();
        if let Some(connected) = error.connect_info() {
            connected.get_extras(&mut extensions);
        }
        extensions.get::<Self>().is_some_and(|used| used.0.load(Ordering::Relaxed))
    }
}

/// A connection that carries its mark.
pub(super) struct Marked<S> {
    stream: S,
    used: Used,
}

impl<S: Connection> Connection for Marked<S> {
    fn connected(&self) -> Connected {
        self.stream.connected().extra(self.used.clone())
    }
}

impl<S: Read + Unpin> Read for Marked<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Write + Unpin> Write for Marked<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }
}
