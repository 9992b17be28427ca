//! What the operator can set: read once at the start from the environment and `.env`.
//!
//! Every setting has a default; a value that can't be read stops the start, and all of them are told
//! at once. To add one, add a line to [`Config::read`] and to `.env.example`; a test compares the two.

mod secret_key;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use ipnet::IpNet;

use crate::gate::throttle::{Allowance, ThrottleSettings};
use crate::http::graphiql::GraphiqlSettings;
use crate::http::guard::Limits;
use crate::http::{CorsPolicy, EdgeConfig, LiveLimits};
use crate::kernel::Entropy;
use crate::kernel::db::{DatabaseSettings, DatabaseUrl};
use crate::kernel::settings::{PaymentSettings, Settings};

/// The largest allowance that can be set: sixteen times as much still is a number of 32 bits.
const MAX_ALLOWANCE: u32 = 100_000_000;

/// Everything that is set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where `/metrics` listens in production; on the main address otherwise.
    pub metrics_listen: Option<SocketAddr>,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// Where letters are left for the mail server to pick up.
    pub mail_dir: PathBuf,
    /// The e-mail address that letters come from.
    pub mail_from: String,
    /// Whether the server is meant for the world: it listens beyond this machine, or has a database server.
    pub production: bool,
    /// The database.
    pub database: DatabaseSettings,
    /// Whether missing migrations are run at the start.
    pub migrate_on_start: bool,
    /// Whether the server does what has to be done without anybody asking, beside serving.
    pub worker: bool,
    /// How often a worker looks for something to do.
    pub worker_interval: Duration,
    /// Whether the schema can be asked for.
    pub introspection: bool,
    /// Whether answers tell how many SQL statements they took, in the header `Server-Timing`.
    pub server_timing: bool,
    /// How long a browser or a CDN may show an answer to a visitor before it asks again.
    pub cdn_max_age: Duration,
    /// What the domains need to know.
    pub settings: Settings,
    /// Limits on documents.
    pub limits: Limits,
    /// What callers may spend.
    pub throttle: ThrottleSettings,
    /// Limits on sockets and requests.
    pub edge: EdgeConfig,
    /// How often a subscription that hears nothing is held against its caller's rights again.
    pub recheck: Duration,
    /// How the log is written.
    pub log: LogSettings,
}

/// How the log is written.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// What is logged, in the form of `tracing`'s `EnvFilter`.
    pub filter: String,
    /// One JSON object a line instead of text for people.
    pub json: bool,
}

/// A setting that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct ConfigError {
    /// The variable.
    pub name: &'static str,
    /// What is wrong with it, and what to do. Never its value: it can be a secret.
    pub problem: String,
}

/// Reads variables, and notes what is wrong with them.
struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    names: BTreeSet<&'static str>,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn text(&mut self, name: &'static str) -> Option<String> {
        self.names.insert(name);
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn wrong(&mut self, name: &'static str, problem: impl Into<String>) {
        self.errors.push(ConfigError { name, problem: problem.into() });
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str, expected: &str) -> Option<T> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                self.wrong(name, format!("expected {expected}"));
                None
            }
        }
    }

    fn or<T: FromStr>(&mut self, name: &'static str, default: T, expected: &str) -> T {
        self.parsed(name, expected).unwrap_or(default)
    }

    /// A whole number from `min` to `max`.
    fn number<T: FromStr + PartialOrd + Display + Copy>(
        &mut self,
        name: &'static str,
        default: T,
        min: T,
        max: T,
    ) -> T {
        let value = self.or(name, default, &format!("a whole number from {min} to {max}"));
        if value < min || value > max {
            self.wrong(name, format!("expected a whole number from {min} to {max}"));
            return default;
        }
        value
    }

    fn flag(&mut self, name: &'static str, default: bool) -> bool {
        match self.text(name).as_deref() {
            None => default,
            Some("true" | "1" | "yes" | "on") => true,
            Some("false" | "0" | "no" | "off") => false,
            Some(_) => {
                self.wrong(name, "expected `true` or `false`");
                default
            }
        }
    }

    fn milliseconds(&mut self, name: &'static str, default: Duration) -> Duration {
        let default = u64::try_from(default.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.number(name, default, 1, 86_400_000))
    }

    fn minutes(&mut self, name: &'static str, default: i64) -> TimeDelta {
        TimeDelta::minutes(self.number(name, default, 1, 525_600))
    }

    fn list<T: FromStr>(&mut self, name: &'static str, expected: &str) -> Vec<T> {
        let Some(text) = self.text(name) else { return Vec::new() };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        match parts.map(str::parse).collect() {
            Ok(values) => values,
            Err(_) => {
                self.wrong(name, format!("expected {expected}, separated by commas"));
                Vec::new()
            }
        }
    }
}

impl Config {
    /// Reads the settings of this process: its environment, and `.env` in the working directory for
    /// what the environment leaves out.
    ///
    /// # Errors
    /// Every setting that can't be used.
    pub fn from_env(entropy: &dyn Entropy) -> Result<Self, Vec<ConfigError>> {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            Err(_) => {
                let problem = "the file can't be read: each line is NAME=value, `#` begins a comment".to_owned();
                return Err(vec![ConfigError { name: ".env", problem }]);
            }
        }
        Self::read(&|name| std::env::var(name).ok(), entropy).0
    }

    /// Reads the settings from anywhere, and tells which names it looked for.
    pub fn read(
        lookup: &dyn Fn(&str) -> Option<String>,
        entropy: &dyn Entropy,
    ) -> (Result<Self, Vec<ConfigError>>, BTreeSet<&'static str>) {
        let mut reader = Reader { lookup, names: BTreeSet::new(), errors: Vec::new() };
        let config = Self::collect(&mut reader, entropy);
        let Reader { names, errors, .. } = reader;
        (if errors.is_empty() { Ok(config) } else { Err(errors) }, names)
    }

    fn collect(read: &mut Reader<'_>, entropy: &dyn Entropy) -> Self {
        let address = "an address and a port, such as 127.0.0.1:8080";
        let listen: SocketAddr = read.or("STOA_LISTEN", SocketAddr::from(([127, 0, 0, 1], 8080)), address);
        let data_dir = PathBuf::from(read.text("STOA_DATA_DIR").unwrap_or_else(|| "./data".to_owned()));
        let database_form = "`sqlite:` and a path, or `postgres://…`";
        let url: Option<DatabaseUrl> = read.parsed("DATABASE_URL", database_form);
        let read_url: Option<DatabaseUrl> = read.parsed("DATABASE_READ_URL", database_form);
        let on_server = matches!(url, Some(DatabaseUrl::Postgres(_)));
        if read_url.is_some() && !on_server {
            read.wrong("DATABASE_READ_URL", "needs a PostgreSQL DATABASE_URL beside it");
        }
        let production = !listen.ip().is_loopback() || url.is_some();
        let url = url.unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("stoa.sqlite")));
        let database = DatabaseSettings {
            url,
            read_url,
            pool_size: read.number("STOA_DATABASE_POOL_SIZE", 10, 1, 1000),
            acquire_timeout: read.milliseconds("STOA_DATABASE_ACQUIRE_TIMEOUT_MS", Duration::from_secs(2)),
            statement_timeout: read.milliseconds("STOA_DATABASE_STATEMENT_TIMEOUT_MS", Duration::from_secs(5)),
            lock_timeout: read.milliseconds("STOA_DATABASE_LOCK_TIMEOUT_MS", Duration::from_secs(3)),
        };
        let secret = secret_key::read(read, production, &data_dir, entropy);
        let secrets_before = secret_key::read_before(read);
        let metrics_listen = read.parsed("STOA_METRICS_LISTEN", address);
        let limits = limits(read);
        let graphiql = read.flag("STOA_GRAPHIQL", !production);
        let settings = Settings {
            public_url: public_url(read, production, listen),
            sign_up_open: read.flag("STOA_SIGN_UP_OPEN", true),
            access_token_lifetime: read.minutes("STOA_ACCESS_TOKEN_MINUTES", 60),
            session_lifetime: read.minutes("STOA_SESSION_MINUTES", 30 * 24 * 60),
            invitation_lifetime: read.minutes("STOA_INVITATION_MINUTES", 7 * 24 * 60),
            page_default: 20,
            page_max: u32::try_from(limits.page).unwrap_or(100),
            input_list_max: limits.input_list,
            cache_bytes: read.number("STOA_CACHE_BYTES", 64 << 20, 0, 1 << 40),
            cache_staleness: read.milliseconds("STOA_CACHE_STALENESS_MS", Duration::from_secs(1)),
            payments: payments(read, production),
            secret,
            secrets_before,
        };
        let edge = edge(read, &limits, production, graphiql, metrics_listen.is_none());
        Self {
            listen,
            metrics_listen,
            mail_dir: read.text("STOA_MAIL_DIR").map_or_else(|| data_dir.join("mail"), PathBuf::from),
            mail_from: mail_from(read),
            data_dir,
            production,
            migrate_on_start: read.flag("STOA_MIGRATE_ON_START", !on_server),
            worker: read.flag("STOA_WORKER", true),
            worker_interval: read.milliseconds("STOA_WORKER_INTERVAL_MS", Duration::from_secs(5)),
            recheck: read.milliseconds("STOA_LIVE_RECHECK_MS", Duration::from_secs(4)),
            introspection: read.flag("STOA_INTROSPECTION", !production),
            server_timing: read.flag("STOA_SERVER_TIMING", !production),
            cdn_max_age: Duration::from_secs(read.number("STOA_CDN_MAX_AGE", 0, 0, 86_400)),
            database,
            settings,
            throttle: throttle(read),
            limits,
            edge,
            log: LogSettings { filter: log_filter(read), json: read.flag("STOA_LOG_JSON", production) },
        }
    }
}

fn payments(read: &mut Reader<'_>, production: bool) -> PaymentSettings {
    let default = PaymentSettings::default();
    PaymentSettings {
        test_provider: read.flag("STOA_PAYMENTS_TEST_PROVIDER", !production),
        patience: read.milliseconds("STOA_PAYMENTS_PATIENCE_MS", default.patience),
        ask_after: read.minutes("STOA_PAYMENTS_ASK_AFTER_MINUTES", 2),
        stripe_url: base_url(read, "STOA_STRIPE_URL", production, default.stripe_url),
        paystack_url: base_url(read, "STOA_PAYSTACK_URL", production, default.paystack_url),
    }
}

/// The address of a service, without a slash at its end. In production secrets go over TLS alone.
fn base_url(read: &mut Reader<'_>, name: &'static str, production: bool, default: String) -> String {
    let Some(text) = read.text(name) else { return default };
    let good = |url: &url::Url| {
        let scheme = if production { url.scheme() == "https" } else { matches!(url.scheme(), "http" | "https") };
        scheme && url.has_host() && url.username().is_empty() && url.query().is_none() && url.fragment().is_none()
    };
    match url::Url::parse(&text).ok().filter(good) {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => {
            read.wrong(
                name,
                "expected an address that begins with `https://`; outside of production with `http://`, too",
            );
            default
        }
    }
}

fn log_filter(read: &mut Reader<'_>) -> String {
    let Some(filter) = read.text("STOA_LOG") else { return "info,sqlx=warn,sea_orm=warn".to_owned() };
    if tracing_subscriber::EnvFilter::try_new(&filter).is_err() {
        read.wrong("STOA_LOG", "expected levels such as `info` or `info,stoa=debug`");
    }
    filter
}

fn limits(read: &mut Reader<'_>) -> Limits {
    let default = Limits::default();
    Limits {
        body: read.number("STOA_LIMIT_BODY_BYTES", default.body, 1024, 64 << 20),
        tokens: read.number("STOA_LIMIT_TOKENS", default.tokens, 100, 100_000),
        selections: read.number("STOA_LIMIT_SELECTIONS", default.selections, 100, 100_000),
        aliases: read.number("STOA_LIMIT_ALIASES", default.aliases, 0, 10_000),
        directives: read.number("STOA_LIMIT_DIRECTIVES", default.directives, 0, 10_000),
        nesting: read.number("STOA_LIMIT_NESTING", default.nesting, 20, 100),
        literal_nesting: read.number("STOA_LIMIT_LITERAL_NESTING", default.literal_nesting, 4, 50),
        depth: read.number("STOA_LIMIT_DEPTH", default.depth, 15, 50),
        root_mutation_fields: read.number("STOA_LIMIT_ROOT_MUTATION_FIELDS", default.root_mutation_fields, 1, 100),
        page: read.number("STOA_LIMIT_PAGE", default.page, 20, 1_000),
        input_list: read.number("STOA_LIMIT_INPUT_LIST", default.input_list, 10, 5_000),
        cost: read.number("STOA_LIMIT_COST", default.cost, 1_000, 10_000_000),
        ..default
    }
}

fn throttle(read: &mut Reader<'_>) -> ThrottleSettings {
    let default = ThrottleSettings::default();
    let mut allowance = |maximum, restore, default: Allowance| Allowance {
        maximum: read.number(maximum, default.maximum, 1, MAX_ALLOWANCE),
        restore: read.number(restore, default.restore, 1, MAX_ALLOWANCE),
    };
    ThrottleSettings {
        anonymous: allowance("STOA_THROTTLE_ANONYMOUS_MAXIMUM", "STOA_THROTTLE_ANONYMOUS_RESTORE", default.anonymous),
        user: allowance("STOA_THROTTLE_USER_MAXIMUM", "STOA_THROTTLE_USER_RESTORE", default.user),
        token: allowance("STOA_THROTTLE_TOKEN_MAXIMUM", "STOA_THROTTLE_TOKEN_RESTORE", default.token),
        refusals: allowance("STOA_THROTTLE_REFUSALS_MAXIMUM", "STOA_THROTTLE_REFUSALS_RESTORE", default.refusals),
        enabled: read.flag("STOA_THROTTLE", default.enabled),
    }
}

fn edge(read: &mut Reader<'_>, limits: &Limits, production: bool, graphiql: bool, metrics_here: bool) -> EdgeConfig {
    let default = EdgeConfig::default();
    let origins: Vec<String> = read.list("STOA_CORS_ORIGINS", "origins such as https://shop.example");
    // What a browser never sends as an origin would be waited for in vain.
    let is_origin = |text: &String| {
        url::Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text.trim_end_matches('/'))
    };
    if !origins.iter().all(is_origin) {
        read.wrong("STOA_CORS_ORIGINS", "expected origins such as https://shop.example, without a path");
    }
    EdgeConfig {
        body_bytes: limits.body,
        json_nesting: limits.json_nesting(),
        head_timeout: read.milliseconds("STOA_HEAD_TIMEOUT_MS", default.head_timeout),
        body_timeout: read.milliseconds("STOA_BODY_TIMEOUT_MS", default.body_timeout),
        operation_timeout: read.milliseconds("STOA_OPERATION_TIMEOUT_MS", default.operation_timeout),
        connections: read.number("STOA_CONNECTIONS", default.connections, 1, 1_000_000),
        operations_in_flight: read.number("STOA_OPERATIONS_IN_FLIGHT", default.operations_in_flight, 1, 100_000),
        drain_delay: read.milliseconds("STOA_DRAIN_DELAY_MS", Duration::from_millis(1)),
        drain_deadline: read.milliseconds("STOA_DRAIN_DEADLINE_MS", default.drain_deadline),
        live: live(read),
        trusted_proxies: read.list::<IpNet>("STOA_TRUSTED_PROXIES", "networks such as 10.0.0.0/8"),
        cors: match (origins.is_empty(), production) {
            (false, _) => CorsPolicy::Origins(origins),
            (true, false) => CorsPolicy::Localhost,
            (true, true) => CorsPolicy::None,
        },
        graphiql: graphiql.then(GraphiqlSettings::default),
        metrics_on_main_listener: !production && metrics_here,
        ..default
    }
}

fn live(read: &mut Reader<'_>) -> LiveLimits {
    let default = LiveLimits::default();
    LiveLimits {
        connections: read.number("STOA_LIVE_CONNECTIONS", default.connections, 0, 100_000),
        connections_of_one: read.number("STOA_LIVE_CONNECTIONS_OF_ONE", default.connections_of_one, 1, 100_000),
        operations: read.number("STOA_LIVE_OPERATIONS", default.operations, 1, 1_000),
        init_timeout: read.milliseconds("STOA_LIVE_INIT_TIMEOUT_MS", default.init_timeout),
        keep_alive: read.milliseconds("STOA_LIVE_KEEP_ALIVE_MS", default.keep_alive),
        idle_timeout: read.milliseconds("STOA_LIVE_IDLE_TIMEOUT_MS", default.idle_timeout),
        ..default
    }
}

/// The address that letters come from.
fn mail_from(read: &mut Reader<'_>) -> String {
    const NAME: &str = "STOA_MAIL_FROM";
    let text = read.text(NAME).unwrap_or_else(|| "no-reply@localhost.localdomain".to_owned());
    match crate::identity::email::read(NAME, &text) {
        Ok(email) => email.address,
        Err(_) => {
            read.wrong(NAME, "expected an e-mail address, such as no-reply@example.com");
            text
        }
    }
}

fn public_url(read: &mut Reader<'_>, production: bool, listen: SocketAddr) -> String {
    match read.text("STOA_PUBLIC_URL") {
        Some(text) => match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                text.trim_end_matches('/').to_owned()
            }
            _ => {
                read.wrong("STOA_PUBLIC_URL", "expected an address such as https://shop.example");
                String::new()
            }
        },
        None => {
            if production && !listen.ip().is_loopback() {
                read.wrong(
                    "STOA_PUBLIC_URL",
                    "say under which address people reach this server, such as https://shop.example",
                );
            }
            format!("http://{listen}")
        }
    }
}
