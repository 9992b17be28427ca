//! What is known of a request before its body: its id, its caller's address, its host; and the layer around every
//! route that finds these out, logs the access, counts it, and catches panics.
//!
//! It owns request ids, trace context, the list of trusted proxies and the access log. It never logs a header, a query
//! string or a body, so no secret reaches the log (rule S01). To add something known per request, add it to [`Caller`].

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use ipnet::IpNet;
use tokio::time::Instant;
use tracing::Instrument;

use super::{metrics, refusal::Refusal};

/// The header that carries the request id in and out.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The header values that must not be shown even by `Debug`.
static SECRET_HEADERS: [HeaderName; 5] = [
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::COOKIE,
    HeaderName::from_static("x-cart-token"),
    HeaderName::from_static("idempotency-key"),
];

/// The address of the other end of the connection, put on each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub SocketAddr);

/// Names one request in logs and answers: at most 128 visible ASCII characters of the kind that needs no quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Takes a caller's id when it is harmless in a log, a header and JSON: 1 to 128 ASCII letters, digits and
    /// `-_.:+/=@`. `None` otherwise.
    pub fn accept(text: &str) -> Option<Self> {
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+/=@".contains(&byte);
        (!text.is_empty() && text.len() <= 128 && text.bytes().all(harmless)).then(|| Self(text.into()))
    }

    /// A new one.
    pub(super) fn made_by(ids: &RequestIds) -> Self {
        Self::accept(&ids()).unwrap_or_else(|| Self("unnamed".into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Makes the text of new request ids; chance comes from the product's source and not from here. A text that
/// [`RequestId::accept`] refuses is replaced by `unnamed`.
pub type RequestIds = Arc<dyn Fn() -> String + Send + Sync>;

/// The place of a request in a W3C trace (`traceparent`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// The whole trace: 16 bytes.
    pub trace_id: u128,
    /// The caller's span: 8 bytes.
    pub parent_id: u64,
    /// Whether the caller records the trace.
    pub sampled: bool,
}

impl TraceParent {
    /// Reads a `traceparent` header; `None` when it is not one of version 00 or a later one that starts like it.
    pub fn parse(text: &str) -> Option<Self> {
        let lower_hex = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        let mut parts = text.trim().split('-');
        let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let shaped = lower_hex(version, 2) && lower_hex(trace, 32) && lower_hex(parent, 16) && lower_hex(flags, 2);
        if !shaped || version == "ff" || (version == "00" && parts.next().is_some()) {
            return None;
        }
        let read = Self {
            trace_id: u128::from_str_radix(trace, 16).ok()?,
            parent_id: u64::from_str_radix(parent, 16).ok()?,
            sampled: u8::from_str_radix(flags, 16).ok()? & 1 == 1,
        };
        (read.trace_id != 0 && read.parent_id != 0).then_some(read)
    }
}

/// Who sent a request and how it is named, found out by the edge and put on each request as an extension.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The id of the request, also in the answer's `X-Request-Id`.
    pub request_id: RequestId,
    /// The client's address: the connection's other end, or what a trusted proxy says it is.
    pub address: IpAddr,
    /// The host asked for, in lower case without port; from `X-Forwarded-Host` only when a trusted proxy sent it.
    pub host: Option<Arc<str>>,
    /// The trace that the caller is in.
    pub trace: Option<TraceParent>,
}

/// A request's head as an operation sees it.
#[derive(Clone)]
pub struct RequestHead {
    /// GET or POST.
    pub method: Method,
    /// All headers. Secret ones are marked sensitive, so that `Debug` hides them.
    pub headers: HeaderMap,
    /// Address, host and request id.
    pub caller: Caller,
    /// Whether an answer may come as gzip.
    pub takes_gzip: bool,
}

impl RequestHead {
    /// Whether the request came by GET, so that nothing but a query may run.
    pub fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    /// A header that stands once and is visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        only(&self.headers, name)?.to_str().ok()
    }
}

impl fmt::Debug for RequestHead {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter
            .debug_struct("RequestHead")
            .field("method", &self.method)
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

/// What the outermost layer needs.
#[derive(Clone)]
pub(super) struct Observer {
    pub request_ids: RequestIds,
    pub trusted_proxies: Arc<[IpNet]>,
    pub uri_bytes: usize,
    pub header_bytes: usize,
}

/// The layer around every route: request id, address, host, limits of the head, access log, metrics, panics, headers
/// that every answer has.
pub(super) async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route: Arc<str> =
        request.extensions().get::<MatchedPath>().map_or_else(|| "unmatched".into(), |path| path.as_str().into());
    let caller = observer.caller(&request);
    let access = Access::begin(route, &request, &caller, started);
    let span = match caller.trace {
        Some(trace) => tracing::info_span!(
            "request",
            request_id = %caller.request_id,
            trace_id = %format_args!("{:032x}", trace.trace_id),
            parent_id = %format_args!("{:016x}", trace.parent_id),
        ),
        None => tracing::info_span!("request", request_id = %caller.request_id),
    };
    for name in &SECRET_HEADERS {
        // Asked first: an entry makes room for what is not there.
        if request.headers().contains_key(name)
            && let header::Entry::Occupied(mut values) = request.headers_mut().entry(name)
        {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    let request_id = caller.request_id.clone();
    let refusal = observer.refusal(&request);
    request.extensions_mut().insert(caller);
    let answered = async {
        if let Some(refusal) = refusal {
            return refusal.into_json_response(&request_id);
        }
        match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => {
                tracing::error!("a request panicked; the panic's message and place stand above");
                Refusal::Panic.into_json_response(&request_id)
            }
        }
    };
    let mut response = answered.instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    add_missing_headers(response.headers_mut());
    let _in_span = span.enter();
    access.finish(response.status());
    response
}

/// Headers that hold for every answer unless the route has set its own.
fn add_missing_headers(headers: &mut HeaderMap) {
    let defaults = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

impl Observer {
    fn caller(&self, request: &Request) -> Caller {
        let headers = request.headers();
        let peer = request
            .extensions()
            .get::<PeerAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
        let by_proxy = self.trusts(peer);
        let forwarded_host = || if by_proxy { one_text(headers, &FORWARDED_HOST) } else { None };
        let host = forwarded_host().or_else(|| stated_host(headers, request.uri()));
        let request_id = one_text(headers, &REQUEST_ID)
            .and_then(RequestId::accept)
            .unwrap_or_else(|| RequestId::made_by(&self.request_ids));
        Caller {
            request_id,
            address: if by_proxy { self.forwarded_for(headers, peer) } else { peer },
            host: host.and_then(host_name).map(Into::into),
            trace: one_text(headers, &TRACEPARENT).and_then(TraceParent::parse),
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }

    /// Reads `X-Forwarded-For` from its end, where the trusted proxies have written, to the first address that is not
    /// one of them. What stands before that is the client's own claim.
    fn forwarded_for(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        let mut address = peer;
        let lines: Vec<&str> = headers.get_all(&FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
        for part in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Some(stated) = forwarded_address(part.trim()) else { break };
            address = stated;
            if !self.trusts(stated) {
                break;
            }
        }
        address
    }

    fn refusal(&self, request: &Request) -> Option<Refusal> {
        let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
        let headers = request.headers();
        if target > self.uri_bytes {
            return Some(Refusal::UriTooLong);
        }
        if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > self.header_bytes {
            return Some(Refusal::HeadersTooLarge);
        }
        let bad_host = match only(headers, header::HOST.as_str()) {
            Some(host) => host.to_str().ok().and_then(host_name).is_none() && !host.is_empty(),
            None => headers.contains_key(header::HOST),
        };
        bad_host.then_some(Refusal::BadHost)
    }
}

/// The header's value, when it stands exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

fn one_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    only(headers, name.as_str())?.to_str().ok()
}

/// Whether the caller takes gzip, for sure: the header weighs nothing against anything. One that does is left to
/// the layer that compresses what is not compressed yet.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let Some(accepted) = one_text(headers, &header::ACCEPT_ENCODING) else { return false };
    !accepted.contains(';') && accepted.split(',').any(|name| name.trim().eq_ignore_ascii_case("gzip"))
}

/// The host in an absolute request target comes before the header (RFC 9112, 3.2.2).
fn stated_host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    uri.authority().map(|authority| authority.as_str()).or_else(|| one_text(headers, &header::HOST))
}

/// A host name or address in lower case, without its port; `None` for anything else.
fn host_name(text: &str) -> Option<String> {
    let text = text.trim();
    let name = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            valid_port(port).then(|| format!("[{address}]"))?
        }
        None => {
            let (name, port) = text.find(':').map_or((text, ""), |colon| text.split_at(colon));
            valid_port(port).then(|| name.strip_suffix('.').unwrap_or(name).to_owned())?
        }
    };
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
    (!name.is_empty() && name.len() <= 255 && name.bytes().all(harmless)).then(|| name.to_ascii_lowercase())
}

fn valid_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

fn forwarded_address(text: &str) -> Option<IpAddr> {
    let address = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()))
        .or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>());
    address.ok().map(|address| address.to_canonical())
}

/// One line of the access log and one count; also written when the client goes away and the request is dropped.
struct Access {
    route: Arc<str>,
    method: Method,
    path: String,
    address: IpAddr,
    request_id: RequestId,
    started: Instant,
    done: bool,
}

impl Access {
    fn begin(route: Arc<str>, request: &Request, caller: &Caller, started: Instant) -> Self {
        metrics::request_began();
        Self {
            route,
            method: request.method().clone(),
            path: request.uri().path().chars().take(200).collect(),
            address: caller.address,
            request_id: caller.request_id.clone(),
            started,
            done: false,
        }
    }

    fn finish(mut self, status: StatusCode) {
        self.write(status.as_u16());
        self.done = true;
    }

    fn write(&self, status: u16) {
        let took: Duration = self.started.elapsed();
        metrics::request_ended(&self.route, status, took);
        tracing::info!(
            target: "stoa::access",
            request_id = %self.request_id,
            method = %self.method,
            path = %self.path,
            status,
            duration_ms = took.as_secs_f64() * 1_000.0,
            client = %self.address,
            "request"
        );
    }
}

impl Drop for Access {
    /// 499 is what proxies write for a client that did not wait for its answer.
    fn drop(&mut self) {
        if !self.done {
            self.write(499);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_request_ids_are_taken_over() {
        assert!(RequestId::accept("01HX-abc_1.2:3").is_some());
        for bad in ["", "a b", "a\nb", "a\"b", "é", "<script>", &"x".repeat(129)] {
            assert!(RequestId::accept(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn trace_parents_are_read_as_the_w3c_has_them() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let read = TraceParent::parse(good).map(|trace| (trace.trace_id, trace.parent_id, trace.sampled));
        assert_eq!(read, Some((0x4bf92f3577b34da6a3ce929d0e0e4736, 0x00f067aa0ba902b7, true)));
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        ] {
            assert_eq!(TraceParent::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn attack_h07_hosts_are_plain_names_without_port() {
        assert_eq!(host_name("Shop.Example:8080").as_deref(), Some("shop.example"));
        assert_eq!(host_name("shop.example.").as_deref(), Some("shop.example"));
        assert_eq!(host_name("[::1]:80").as_deref(), Some("[::1]"));
        for bad in ["", ":80", "a:b", "a/b", "a@b", "a b", "a:80:80", "[::1", "[x]", "ä.example", "a,b"] {
            assert_eq!(host_name(bad), None, "{bad}");
        }
    }
}
