//! Requests to services outside, such as payment providers.
//!
//! Owns the one client: it waits for so long and no longer, reads so much and no more, follows no redirect and sends
//! nothing twice. Whether a request was done can't be known where no answer came; [`NoAnswer::was_sent`] tells where it
//! surely was not. Never knows whom it asks.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 << 10;

/// How long a connection may be idle before it is closed: shorter than what servers usually allow.
const IDLE: Duration = Duration::from_secs(20);

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    patience: Duration,
}

/// What was answered, whatever its status.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// It did not come in time.
    #[error("no answer within {0:?}")]
    TooSlow(Duration),
    /// No connection was made.
    #[error("can't be reached: {0}")]
    Unreachable(String),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// It is longer than what is read.
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
}

impl NoAnswer {
    /// Whether the other side may have got the request.
    pub fn was_sent(&self) -> bool {
        !matches!(self, Self::Unreachable(_))
    }
}

impl Outbound {
    /// A client that waits for so long for a whole answer.
    pub fn new(patience: Duration) -> Self {
        let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into());
        let tls = tls.with_safe_default_protocol_versions().map(|tls| {
            let mut roots = rustls::RootCertStore::empty();
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            tls.with_root_certificates(roots).with_no_client_auth()
        });
        #[expect(clippy::expect_used, reason = "the provider knows the protocol's versions")]
        let tls = tls.expect("versions that the provider knows");
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .retry_canceled_requests(false)
            .build(connector);
        Self { client, patience }
    }

    /// Sends a request, once.
    ///
    /// # Errors
    /// Where no whole answer comes.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Reply, NoAnswer> {
        let answered = tokio::time::timeout(self.patience, self.ask(request)).await;
        answered.unwrap_or(Err(NoAnswer::TooSlow(self.patience)))
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Result<Reply, NoAnswer> {
        let response = self.client.request(request).await.map_err(|error| {
            let told = chain(&error);
            if error.is_connect() { NoAnswer::Unreachable(told) } else { NoAnswer::Broken(told) }
        })?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LONGEST).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { NoAnswer::TooLong } else { NoAnswer::Broken(error.to_string()) }
        })?;
        Ok(Reply { status, body: body.to_bytes() })
    }
}

/// An error with its causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}
