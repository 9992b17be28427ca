//! The settings of the HTTP edge, with the defaults of the design.
//!
//! It owns plain numbers only and reads no environment: the configuration of the product fills it. To add a limit, add
//! a field with its unit and its default here, and a refusal that names it to the caller.

use std::time::Duration;

use ipnet::IpNet;

use super::graphiql::GraphiqlSettings;

/// Limits, time-outs and switches of the HTTP edge. `Default` gives the safe values of a production server without
/// GraphiQL, without other origins and without proxies.
#[derive(Clone, Debug)]
pub struct EdgeConfig {
    /// The longest request body, in bytes; over it the answer is 413.
    pub body_bytes: usize,
    /// How deep arrays and objects may stand in each other in the JSON of a request. Two levels are the request's own
    /// (`{"variables": {…}}`), so that a variable's value may nest twelve deep, as a literal in a document may.
    pub json_nesting: usize,
    /// How many values (keys' values, list items) the JSON of a request may hold: short ones take ten times their text
    /// in memory.
    pub json_values: usize,
    /// The longest request target (path and query string), in bytes; over it the answer is 414.
    pub uri_bytes: usize,
    /// All header names and values together, in bytes; over it the answer is 431.
    pub header_bytes: usize,
    /// The buffer for one request's head, in bytes. A head that does not fit is answered 431 before any of it is
    /// looked at; it stands above `header_bytes` so that a long target still gets its 414.
    pub head_buffer_bytes: usize,
    /// How long a client may take to send a whole request head. The clock also runs on a silent new connection and
    /// between two requests of a kept-alive one, so this is the idle time-out too.
    pub head_timeout: Duration,
    /// How long a client may take to send a whole body; then the answer is 408 and the connection is closed.
    pub body_timeout: Duration,
    /// How long one operation may run; then it is dropped and the answer is 503.
    pub operation_timeout: Duration,
    /// How long a client may leave an answer unread before its connection is dropped.
    pub write_stall_timeout: Duration,
    /// Connections served at once, beside the live ones; more wait in the system's queue.
    pub connections: usize,
    /// Operations running at once; more are answered 503 with `Retry-After` right away.
    pub operations_in_flight: usize,
    /// How long the server keeps accepting after it was told to stop and `/readyz` has turned 503, so that a load
    /// balancer can look away first.
    pub drain_delay: Duration,
    /// How long running requests may take to end after that; then their connections are cut.
    pub drain_deadline: Duration,
    /// Limits on live connections.
    pub live: LiveLimits,
    /// Addresses whose `X-Forwarded-For` and `X-Forwarded-Host` are believed. Empty: nobody's (attack H07).
    pub trusted_proxies: Vec<IpNet>,
    /// Which web pages of other origins may read answers. Never with credentials, never the origin `null`.
    pub cors: CorsPolicy,
    /// GraphiQL at `/graphiql`; `None` switches it off.
    pub graphiql: Option<GraphiqlSettings>,
    /// Whether `/metrics` stands on the main listener. In production it has a listener of its own instead.
    pub metrics_on_main_listener: bool,
}

impl Default for EdgeConfig {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            json_nesting: 14,
            json_values: 20_000,
            uri_bytes: 8 * 1024,
            header_bytes: 32 * 1024,
            head_buffer_bytes: 64 * 1024,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            operation_timeout: Duration::from_secs(10),
            write_stall_timeout: Duration::from_secs(15),
            connections: 1_024,
            operations_in_flight: 256,
            drain_delay: Duration::ZERO,
            drain_deadline: Duration::from_secs(20),
            live: LiveLimits::default(),
            trusted_proxies: Vec::new(),
            cors: CorsPolicy::None,
            graphiql: None,
            metrics_on_main_listener: false,
        }
    }
}

/// Limits and time-outs of live connections: WebSockets and event streams.
#[derive(Clone, Debug)]
pub struct LiveLimits {
    /// Live connections open at once; more are answered 503 with `Retry-After`.
    pub connections: usize,
    /// Those of one caller: a person, a token, or an address where nobody is signed in.
    pub connections_of_one: usize,
    /// Operations that run at once over one socket; more are refused one by one.
    pub operations: usize,
    /// Messages that wait for a client to read; then its operations wait, and what they miss meanwhile ends them.
    pub queue: usize,
    /// How long a client may take to send `connection_init`; then its socket is closed with 4408.
    pub init_timeout: Duration,
    /// How often a connection is kept awake. Who answers nothing until the next time is taken to be gone.
    pub keep_alive: Duration,
    /// How long a socket may stay open over which nothing runs.
    pub idle_timeout: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self {
            connections: 1_000,
            connections_of_one: 20,
            operations: 10,
            queue: 16,
            init_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(12),
            idle_timeout: Duration::from_secs(300),
        }
    }
}

/// Which origins' pages may read the answers of `/graphql`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CorsPolicy {
    /// No other origin. The default.
    #[default]
    None,
    /// Pages served from this very machine under any port (`http://localhost:5173`), for development.
    Localhost,
    /// Exactly these origins, such as `https://shop.example`. `null` and `*` in the list are ignored.
    Origins(Vec<String>),
}
