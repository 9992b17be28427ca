//! Tables in Markdown.

use std::fmt::Write;
use std::time::Duration;

use crate::measure::{Series, Speaks};

/// Microseconds, without a fraction where there are many.
pub fn micros(time: Duration) -> String {
    let micros = time.as_nanos() as f64 / 1000.0;
    if micros < 100.0 { format!("{micros:.1}") } else { format!("{micros:.0}") }
}

/// Milliseconds.
pub fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_nanos() as f64 / 1_000_000.0)
}

/// MiB.
pub fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}

/// The head of the tables that [`rows`] fills.
pub const HEAD: &str = "\
| what | connections | contender | server µs | PostgreSQL µs | sum µs (least–most) | × the limit | requests/s | p50 ms | p99 ms | bytes |
|---|---|---|---|---|---|---|---|---|---|---|
";

/// The rows of one task, each beside the direct handlers of the same task.
pub fn rows(what: &str, all: &[Series]) -> String {
    let sum = |series: &Series| series.median().server + series.median().database;
    let limit = all.iter().find(|series| series.contender.speaks == Speaks::Direct).map(sum);
    let mut text = String::new();
    for series in all {
        let median = series.median();
        let (least, most) = series.spread();
        let ratio = limit.filter(|limit| !limit.is_zero()).map_or_else(
            || "–".to_owned(),
            |limit| format!("{:.2}", sum(series).as_nanos() as f64 / limit.as_nanos() as f64),
        );
        // Writing to memory can't fail.
        let _ = writeln!(
            text,
            "| {what} | {} | {} | {} | {} | {} ({}–{}) | {ratio} | {:.0} | {} | {} | {} |",
            series.task.connections,
            series.contender.name,
            micros(median.server),
            micros(median.database),
            micros(sum(series)),
            micros(least),
            micros(most),
            median.rate,
            millis(median.p50),
            millis(median.p99),
            median.bytes,
        );
    }
    text
}
