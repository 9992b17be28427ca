//! Rounds of all contenders in turn, and what they come to.

use std::net::SocketAddr;
use std::time::Duration;

use crate::drive::{Figures, Load, Round};
use crate::workload::{Method, Mode, Stage, Workload};
use crate::{Result, cpu};

/// Who is measured.
#[derive(Debug, Clone)]
pub struct Contender {
    /// What it is called in the tables.
    pub name: String,
    /// How it is asked.
    pub speaks: Speaks,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
}

/// How a contender is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// GraphQL at `/graphql`.
    GraphQl,
    /// The direct handlers.
    Direct,
    /// GraphQL over objects in memory; Q2 only.
    Memory,
    /// Finished bytes; they are Q2's.
    Bytes,
}

impl Speaks {
    fn answers(self, workload: Workload) -> bool {
        matches!(self, Self::GraphQl | Self::Direct) || workload == Workload::Q2
    }

    /// How many times more requests it gets, so that a round is long enough to be accounted for.
    fn factor(self) -> u64 {
        match self {
            Self::GraphQl => 1,
            Self::Direct | Self::Memory => 2,
            Self::Bytes => 10,
        }
    }
}

/// One thing to measure.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// The question.
    pub workload: Workload,
    /// Whether answers can repeat.
    pub mode: Mode,
    /// How Stoa is asked.
    pub method: Method,
    /// Connections.
    pub connections: u32,
    /// Requests a round.
    pub requests: u64,
    /// Rounds.
    pub rounds: u32,
    /// Requests a second, for an open loop.
    pub rate: Option<u32>,
}

/// What one round of one contender came to; times for one request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sample {
    /// The server's processor time.
    pub server: Duration,
    /// PostgreSQL's.
    pub database: Duration,
    /// This program's own.
    pub client: Duration,
    /// Answers a second.
    pub rate: f64,
    /// The latency in the middle.
    pub p50: Duration,
    /// The latency that one in a hundred exceeds.
    pub p99: Duration,
    /// Bytes of a body.
    pub bytes: u64,
}

/// A contender's rounds.
#[derive(Debug, Clone)]
pub struct Series {
    /// Whose.
    pub contender: Contender,
    /// Of what.
    pub task: Task,
    /// The rounds.
    pub samples: Vec<Sample>,
}

impl Series {
    /// Each figure's median over the rounds.
    pub fn median(&self) -> Sample {
        median(&self.samples)
    }

    /// The server's and PostgreSQL's time together, the least and the most of all rounds.
    pub fn spread(&self) -> (Duration, Duration) {
        spread(&self.samples)
    }
}

/// Each figure's median over rounds.
pub fn median(samples: &[Sample]) -> Sample {
    let duration = |of: fn(&Sample) -> Duration| middle(samples.iter().map(of).collect());
    Sample {
        server: duration(|sample| sample.server),
        database: duration(|sample| sample.database),
        client: duration(|sample| sample.client),
        rate: middle(samples.iter().map(|sample| sample.rate as u64).collect()) as f64,
        p50: duration(|sample| sample.p50),
        p99: duration(|sample| sample.p99),
        bytes: middle(samples.iter().map(|sample| sample.bytes).collect()),
    }
}

/// The server's and PostgreSQL's time together, the least and the most of all rounds.
pub fn spread(samples: &[Sample]) -> (Duration, Duration) {
    let sums = || samples.iter().map(|sample| sample.server + sample.database);
    (sums().min().unwrap_or_default(), sums().max().unwrap_or_default())
}

fn middle<T: Ord + Copy + Default>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// What measures: the stage, the cluster, and the number of the next request.
pub struct Bench {
    /// The stores.
    pub stage: Stage,
    /// The postmaster, where there is one.
    pub postmaster: Option<u32>,
    /// The number of the next request: no number is used twice.
    pub next: u64,
}

impl Bench {
    /// Measures a task: round by round, in each round the contenders one after the other.
    ///
    /// # Errors
    /// Where a contender fails.
    pub async fn run(&mut self, contenders: &[Contender], task: Task) -> Result<Vec<Series>> {
        let able = contenders.iter().filter(|contender| contender.speaks.answers(task.workload));
        let mut all: Vec<Series> =
            able.map(|contender| Series { contender: contender.clone(), task, samples: Vec::new() }).collect();
        for series in &mut all {
            let warm = Task { requests: (task.requests / 4).max(200), ..task };
            self.round(&series.contender, warm).await?;
        }
        for _ in 0..task.rounds {
            for series in &mut all {
                let sample = self.round(&series.contender, task).await?;
                series.samples.push(sample);
            }
        }
        Ok(all)
    }

    /// One round of one contender.
    ///
    /// # Errors
    /// Where it fails.
    pub async fn round(&mut self, contender: &Contender, task: Task) -> Result<Sample> {
        let requests = task.requests * contender.speaks.factor();
        let first = self.next;
        self.next += requests;
        let least = task.workload.least();
        let round = Round { connections: task.connections, requests, first, rate: task.rate, least };
        let load = Load::open(contender.address, round).await?;
        let stage = &self.stage;
        let (workload, mode, method) = (task.workload, task.mode, task.method);
        let before = self.taken(contender)?;
        let figures = load
            .run(&|number, out| match contender.speaks {
                Speaks::GraphQl => stage.graphql("/graphql", workload, mode, method, number, out),
                Speaks::Direct => stage.direct(workload, mode, number, out),
                Speaks::Memory => stage.graphql("/memory", workload, mode, Method::Post, number, out),
                Speaks::Bytes => out.extend_from_slice(b"GET /bytes HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"),
            })
            .await
            .map_err(|error| format!("{}, {}: {error}", contender.name, task.workload.name()))?;
        let after = self.taken(contender)?;
        Ok(sample(before, after, &figures))
    }

    fn taken(&self, contender: &Contender) -> Result<[Duration; 3]> {
        let database = self.postmaster.map(cpu::of_cluster).transpose()?.unwrap_or_default();
        Ok([cpu::of_process(contender.pid)?, database, cpu::of_process(std::process::id())?])
    }
}

/// What a round came to: what server, cluster and this program had taken before and after it, and its latencies.
pub fn sample(before: [Duration; 3], after: [Duration; 3], figures: &Figures) -> Sample {
    let count = u32::try_from(figures.latencies.len()).unwrap_or(u32::MAX).max(1);
    let each = |place: usize| after[place].saturating_sub(before[place]) / count;
    Sample {
        server: each(0),
        database: each(1),
        client: each(2),
        rate: figures.rate(),
        p50: figures.quantile(0.5),
        p99: figures.quantile(0.99),
        bytes: figures.bytes / u64::from(count),
    }
}
