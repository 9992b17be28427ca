//! How soon a Stoa answers, what it holds in memory, how large it is.

use std::fmt::Write;
use std::time::Duration;

use super::{Options, Site, probe};
use crate::measure::{Contender, Speaks};
use crate::servers::Server;
use crate::{Result, cpu, report};

/// Starts that are timed.
const STARTS: usize = 7;

/// What the servers hold after everything that they were asked.
pub fn after_load(servers: &[Server], contenders: &[Contender]) -> Result<String> {
    let mut text = String::from("\nMemory after all of this, and at its peak: ");
    let of = |server: &Server| contenders.iter().find(|contender| contender.pid == server.pid);
    let mut told = Vec::new();
    for (server, contender) in servers.iter().filter_map(|server| Some((server, of(server)?))) {
        let memory = cpu::memory(server.pid)?;
        let (now, peak) = (report::mebibytes(memory.resident), report::mebibytes(memory.peak));
        let name = if contender.speaks == Speaks::GraphQl { contender.name.as_str() } else { "references" };
        told.push(format!("{name} {now} MiB, {peak} MiB"));
    }
    let _ = writeln!(text, "{}.", told.join("; "));
    Ok(text)
}

/// Times starts, and weighs the idle process and the program.
pub async fn measure(site: &Site, options: &Options) -> Result<String> {
    let mut text = String::from(
        "\n## Start, memory, size\n\n| contender | start to first answer ms | with `demo` ms | idle MiB | program MiB |\n\
         |---|---|---|---|---|\n",
    );
    for (name, stoa) in &site.programs {
        let mut starts = Vec::new();
        let mut idle = Vec::new();
        for _ in 0..STARTS {
            let server = stoa.serve("serve", &probe(&site.shops)).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            starts.push(server.first_answer);
            idle.push(cpu::memory(server.pid)?.resident);
        }
        starts.sort_unstable();
        idle.sort_unstable();
        let mut demos = Vec::new();
        for number in 0..3 {
            let mut demo = stoa.clone();
            demo.database = None;
            demo.data = site.data.join(format!("demo-{name}-{number}"));
            std::fs::create_dir_all(&demo.data)?;
            let server = demo.serve("demo", &demo_probe()).await?;
            demos.push(server.first_answer);
        }
        demos.sort_unstable();
        let size = std::fs::metadata(&stoa.program)?.len();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            report::millis(starts[STARTS / 2]),
            report::millis(demos[1]),
            report::mebibytes(idle[STARTS / 2]),
            report::mebibytes(size),
        );
    }
    let _ = options;
    Ok(text)
}

fn demo_probe() -> Vec<u8> {
    let body = r#"{"query":"{ products(first: 3) { nodes { id title } } }"}"#;
    let head =
        "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nx-store: linden-and-loom\r\ncontent-type: application/json";
    format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
