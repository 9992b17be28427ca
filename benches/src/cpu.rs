//! What processes took of the processors, as the operating system accounts for it.
//!
//! Owns the reading of `/proc`. Living threads are counted in nanoseconds (`schedstat`); what has ended is only
//! known in clock ticks of its parent or its process, and is added in them. A round is long enough (a second of
//! work and more) that a tick is less than a percent of it.

use std::time::Duration;

use crate::Result;

/// Length of a clock tick: `USER_HZ` is 100 on every Linux that PostgreSQL runs on.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of one process, with threads that have ended.
///
/// # Errors
/// Where the process is gone.
pub fn of_process(pid: u32) -> Result<Duration> {
    let threads = threads(pid)?;
    // Threads that ended are in the ticks alone.
    let ticks = TICK * Stat::read(pid)?.own;
    Ok(if ticks > threads + 2 * TICK { ticks } else { threads })
}

/// Processor time of a PostgreSQL cluster: the postmaster, every living child of it, and those that it has
/// buried.
///
/// # Errors
/// Where the postmaster is gone.
pub fn of_cluster(postmaster: u32) -> Result<Duration> {
    let mut total = threads(postmaster)? + TICK * Stat::read(postmaster)?.buried;
    for entry in std::fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // One that ends while it is read is among the buried next time.
        if Stat::read(pid).is_ok_and(|stat| stat.parent == postmaster) {
            total += threads(pid).unwrap_or_default();
        }
    }
    Ok(total)
}

/// The process that started this one.
///
/// # Errors
/// Where it is gone.
pub fn parent(pid: u32) -> Result<u32> {
    Ok(Stat::read(pid)?.parent)
}

/// Nanoseconds of the living threads.
fn threads(pid: u32) -> Result<Duration> {
    let mut total = 0;
    for entry in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let text = std::fs::read_to_string(entry?.path().join("schedstat")).unwrap_or_default();
        total += text.split(' ').next().and_then(|run| run.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(total))
}

struct Stat {
    parent: u32,
    /// Ticks of the process itself.
    own: u32,
    /// Ticks of the children that it has waited for.
    buried: u32,
}

impl Stat {
    fn read(pid: u32) -> Result<Self> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The name stands in parentheses and may hold blanks.
        let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let fields: Vec<u32> = rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
        let field = |place: usize| fields.get(place).copied().unwrap_or(0);
        Ok(Self { parent: field(1), own: field(11) + field(12), buried: field(13) + field(14) })
    }
}

/// What a process holds in memory, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// At the most since it started.
    pub peak: u64,
}

/// Memory of one process.
///
/// # Errors
/// Where the process is gone.
pub fn memory(pid: u32) -> Result<Memory> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim_start_matches(':').split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
            * 1024
    };
    Ok(Memory { resident: of("VmRSS"), peak: of("VmHWM") })
}
