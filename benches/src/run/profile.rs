//! Where the time goes: the server's functions by `perf`, the statements by `pg_stat_statements`.

use std::process::Stdio;

use tokio::process::Command;

use super::{Options, Site, say};
use crate::Result;
use crate::measure::{Bench, Speaks, Task};
use crate::workload::Mode;

/// Functions and statements that are told.
const TOLD: usize = 40;

const STATEMENTS: &str = "\
    SELECT calls, total_exec_time * 1000 / greatest(calls, 1) AS executed, \
           total_plan_time * 1000 / greatest(calls, 1) AS planned, rows::float8 / greatest(calls, 1) AS rows, \
           regexp_replace(query, '\\s+', ' ', 'g') AS query \
    FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    ORDER BY total_exec_time + total_plan_time DESC LIMIT 25";

/// Asks at 32 connections, and tells where the time went.
///
/// # Errors
/// Where a tool is missing; the message says which.
pub async fn profile(options: Options) -> Result<()> {
    let site = Site::make(&options).await?;
    let (servers, contenders) = site.open().await?;
    let stage = site.stage(&contenders).await?;
    let mut bench = Bench { stage, postmaster: Some(site.postmaster), next: 1_000_000 };
    let stoa = contenders.iter().find(|contender| contender.speaks == Speaks::GraphQl).ok_or("name a Stoa")?;
    for workload in options.workloads()? {
        let (mode, requests) = if options.repeated { (Mode::Repeated, 100_000) } else { (Mode::Unique, 8000) };
        let task = Task { mode, requests, ..options.task(workload, 32) };
        bench.round(stoa, Task { requests: 1000, ..task }).await?;

        let record = site.data.join("perf.data");
        let pid = stoa.pid.to_string();
        let mut perf = Command::new("perf")
            .args(["record", "-q", "-F", "999", "-g", "-p", &pid, "-o"])
            .arg(&record)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("perf: {error}; on Debian it is in linux-perf"))?;
        let sample = bench.round(stoa, task).await?;
        if let Some(perf) = perf.id() {
            Command::new("kill").args(["-INT", &perf.to_string()]).status().await?;
        }
        perf.wait().await?;
        println!("\n{}: {sample:?}\n", workload.name());
        let report = ["report", "--no-children", "-g", "none", "--percent-limit", "0.3", "--stdio", "-i"];
        let report = Command::new("perf").args(report).arg(&record).stderr(Stdio::null()).output().await?;
        let report = String::from_utf8_lossy(&report.stdout).into_owned();
        let lines = report.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        lines.take(TOLD).for_each(|line| println!("{}", line.trim_end()));

        statements(&site, &mut bench, stoa, task).await?;
    }
    drop(servers);
    Ok(())
}

async fn statements(site: &Site, bench: &mut Bench, stoa: &crate::measure::Contender, task: Task) -> Result<()> {
    let made = site.client.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await;
    if let Err(error) = made {
        say(&format!("no statements are told: {error}"));
        return Ok(());
    }
    let track = |what: &str| format!("ALTER SYSTEM SET pg_stat_statements.track = '{what}'");
    let planning = "ALTER SYSTEM SET pg_stat_statements.track_planning = on";
    for sql in [track("top").as_str(), planning, "SELECT pg_reload_conf()", "SELECT pg_stat_statements_reset()"] {
        site.client.batch_execute(sql).await?;
    }
    bench.round(stoa, Task { requests: 3000, ..task }).await?;
    println!("\ncalls | µs | planning µs | rows | statement");
    for row in site.client.query(STATEMENTS, &[]).await? {
        let (calls, executed, planned, rows): (i64, f64, f64, f64) = (row.get(0), row.get(1), row.get(2), row.get(3));
        let text: String = row.get::<_, String>(4).chars().take(400).collect();
        println!("{calls} | {executed:.1} | {planned:.1} | {rows:.1} | {text}");
    }
    site.client.batch_execute(&track("none")).await?;
    site.client.batch_execute("SELECT pg_reload_conf()").await?;
    Ok(())
}
