//! Numbers about the edge, in the text format of Prometheus.
//!
//! It owns the recorder of the process and the names of the edge's own series; other parts of the product record
//! through the `metrics` macros and are rendered with them. Labels come from fixed lists only, never from a request.
//! To add a series, add a function here and its description to [`Metrics::install`]; one that every request moves is
//! looked up in the recorder once, and kept in [`Series`].

use std::{
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the latency buckets, in seconds.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Upper bounds of the buckets of costs, in objects.
const OBJECTS: [f64; 9] = [1.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0];

/// How often recorded samples are folded into their buckets when nobody asks for `/metrics`.
pub(super) const UPKEEP: Duration = Duration::from_secs(5);

/// A handle on the process's one recorder.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// The recorder could not be installed: another one stands already, or its settings are wrong.
#[derive(Debug, thiserror::Error)]
#[error("the metrics recorder could not be installed: {0}")]
pub struct InstallError(String);

impl Metrics {
    /// Installs the recorder of this process, or gives the one installed before by this function.
    ///
    /// # Errors
    /// When some other recorder was installed first.
    pub fn install() -> Result<Self, InstallError> {
        static INSTALLED: OnceLock<Metrics> = OnceLock::new();
        static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(installed) = INSTALLED.get() {
            return Ok(installed.clone());
        }
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &SECONDS)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_cost_objects".to_owned()), &OBJECTS))
            .map_err(|error| InstallError(error.to_string()))?
            .build_recorder();
        let handle = Self(recorder.handle());
        metrics::set_global_recorder(recorder).map_err(|error| InstallError(error.to_string()))?;
        describe_counter!("http_requests_total", "HTTP requests answered, by route and status");
        describe_histogram!("http_request_duration_seconds", Unit::Seconds, "Time to the head of an HTTP answer");
        describe_gauge!("http_requests_in_flight", "HTTP requests being answered now");
        describe_gauge!("http_connections_open", "Connections open now");
        describe_counter!("graphql_operations_total", "GraphQL operations, by kind and outcome");
        describe_histogram!("graphql_operation_duration_seconds", Unit::Seconds, "Time to answer a GraphQL operation");
        describe_counter!("response_cache_hits_total", "Answers to visitors that were remembered");
        describe_counter!("response_cache_misses_total", "Answers to visitors that could be remembered, and were read");
        describe_counter!("response_cache_evictions_total", "Answers that were forgotten for want of room");
        describe_gauge!("response_cache_bytes", Unit::Bytes, "Memory that remembered answers take");
        describe_gauge!("graphql_sockets_open", "WebSockets open now");
        describe_gauge!("graphql_event_streams_open", "Event streams open now");
        describe_counter!(
            "graphql_sockets_closed_total",
            "WebSockets closed, by the server's code; 0 where it gave none"
        );
        describe_histogram!("graphql_requested_cost_objects", "What operations were held to cost before they ran");
        describe_histogram!("graphql_actual_cost_objects", "What operations did cost");
        describe_counter!("worker_rows_total", "Rows that a worker worked on, by chore");
        describe_counter!("worker_failures_total", "Chores that failed, and are tried again");
        describe_counter!("graphql_throttled_total", "Requests that were sent away, by whose bucket was empty");
        describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Memory of the process that is in RAM");
        // By now the recorder is there, so that each series is found in it.
        SERIES.get_or_init(Series::find);
        Ok(INSTALLED.get_or_init(|| handle).clone())
    }

    /// All series as text.
    pub fn render(&self) -> String {
        if let Some(bytes) = resident_memory() {
            gauge!("process_resident_memory_bytes").set(bytes);
        }
        self.0.render()
    }

    /// Folds recorded samples into their buckets, so that they take no memory.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

/// The page `/metrics`.
pub(super) async fn page(State(metrics): State<Metrics>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response()
}

/// What every request moves. Nothing is there before the recorder is, and then nobody looks.
static SERIES: OnceLock<Series> = OnceLock::new();

struct Series {
    in_flight: Gauge,
    requests: Family<(Arc<str>, u16), (Counter, Histogram)>,
    operations: Family<(&'static str, &'static str), (Counter, Histogram)>,
    requested_cost: Histogram,
    actual_cost: Histogram,
}

impl Series {
    fn find() -> Self {
        Self {
            in_flight: gauge!("http_requests_in_flight"),
            requests: Family::default(),
            operations: Family::default(),
            requested_cost: histogram!("graphql_requested_cost_objects"),
            actual_cost: histogram!("graphql_actual_cost_objects"),
        }
    }
}

/// Series of one name, by their labels: few enough to be gone through.
struct Family<L, S>(RwLock<Vec<(L, S)>>);

impl<L, S> Default for Family<L, S> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<L: PartialEq, S> Family<L, S> {
    /// Moves the series of these labels, which `find` finds in the recorder.
    fn with(&self, labels: L, find: impl FnOnce(&L) -> S, moved: impl Fn(&S)) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, series)) = known.iter().find(|(known, _)| *known == labels) {
            return moved(series);
        }
        drop(known);
        let series = find(&labels);
        moved(&series);
        // Where two find it at once, it is the same, and the first one is looked at.
        self.0.write().unwrap_or_else(PoisonError::into_inner).push((labels, series));
    }
}

pub(super) fn request_began() {
    if let Some(series) = SERIES.get() {
        series.in_flight.increment(1.0);
    }
}

pub(super) fn request_ended(route: &Arc<str>, status: u16, took: Duration) {
    let Some(series) = SERIES.get() else { return };
    series.in_flight.decrement(1.0);
    let find = |(route, status): &(Arc<str>, u16)| {
        let (route, status) = (route.to_string(), status.to_string());
        let count = counter!("http_requests_total", "route" => route.clone(), "status" => status);
        (count, histogram!("http_request_duration_seconds", "route" => route))
    };
    series.requests.with((Arc::clone(route), status), find, |(count, duration)| {
        count.increment(1);
        duration.record(took);
    });
}

pub(super) fn operation_ended(kind: &'static str, outcome: &'static str, took: Duration) {
    let Some(series) = SERIES.get() else { return };
    let find = |(kind, outcome): &(&'static str, &'static str)| {
        let count = counter!("graphql_operations_total", "kind" => *kind, "outcome" => *outcome);
        (count, histogram!("graphql_operation_duration_seconds", "kind" => *kind))
    };
    series.operations.with((kind, outcome), find, |(count, duration)| {
        count.increment(1);
        duration.record(took);
    });
}

/// An operation ended that was held to cost `requested`, and did cost `actual`.
#[expect(clippy::cast_precision_loss, reason = "a histogram counts in floats")]
pub fn operation_cost(requested: u64, actual: u64) {
    let Some(series) = SERIES.get() else { return };
    series.requested_cost.record(requested as f64);
    series.actual_cost.record(actual as f64);
}

/// A request was sent away since the bucket of this kind was empty.
pub fn throttled(whose: &'static str) {
    counter!("graphql_throttled_total", "bucket" => whose).increment(1);
}

macro_rules! open {
    ($($(#[$doc:meta])* $name:ident = $series:literal;)+) => {
        $(
            $(#[$doc])*
            pub(super) struct $name;

            impl $name {
                pub(super) fn count() -> Self {
                    gauge!($series).increment(1.0);
                    Self
                }
            }

            impl Drop for $name {
                fn drop(&mut self) {
                    gauge!($series).decrement(1.0);
                }
            }
        )+
    };
}

open! {
    /// Counts one open connection until it is dropped.
    OpenConnection = "http_connections_open";
    /// Counts one open WebSocket until it is dropped.
    OpenSocket = "graphql_sockets_open";
    /// Counts one open event stream until it is dropped.
    OpenStream = "graphql_event_streams_open";
}

pub(super) fn socket_closed(code: u16) {
    counter!("graphql_sockets_closed_total", "code" => code.to_string()).increment(1);
}

/// Linux tells it in kilobytes; elsewhere there is none.
fn resident_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kilobytes| kilobytes * 1_024.0)
}
