//! The whole run: load, check, measure, write.

mod checkout;
mod growth;
mod profile;
mod resources;
mod sqlite;

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use tokio_postgres::{Client, NoTls};

use crate::measure::{Bench, Contender, Speaks, Task};
use crate::servers::{self, Server, Stoa};
use crate::shop::{self, Shops};
use crate::workload::{Method, Mode, Stage, Workload};
use crate::{Result, check, cpu, report};

pub use profile::profile;

/// The database that is made on the cluster.
const DATABASE: &str = "stoa_bench";

/// How the run goes.
#[derive(Args)]
pub struct Options {
    /// A Stoa to measure, as a path or as `name=path`; several are measured in turn.
    #[arg(long, default_value = "target/release/stoa")]
    stoa: Vec<String>,
    /// A PostgreSQL cluster that a database may be made on.
    #[arg(long, env = "STOA_TEST_POSTGRES_URL", hide_env_values = true)]
    postgres: String,
    /// Only these workloads, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "Q1,Q2,Q3,Q4")]
    workloads: Vec<String>,
    /// Only these parts, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "unique,repeated,paced,checkout,sqlite,growth,resources")]
    parts: Vec<String>,
    /// Stores.
    #[arg(long, default_value_t = 100)]
    stores: u32,
    /// Products of each store.
    #[arg(long, default_value_t = 1000)]
    products: u32,
    /// Products of the large store.
    #[arg(long, default_value_t = 1_000_000)]
    large: u32,
    /// What decides every row.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rounds of each task.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Times as many requests a round.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// What `profile` asks: the same requests again and again, which a cache of answers serves.
    #[arg(long)]
    repeated: bool,
    /// Processors of the servers, as `taskset` has them.
    #[arg(long)]
    server_cpus: Option<String>,
    /// What the results are called: a date and a commit.
    #[arg(long, default_value = "unnamed")]
    label: String,
    /// A sentence about the circumstances, for the results.
    #[arg(long, default_value = "")]
    note: String,
    /// Where the results are written.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Options {
    fn has(&self, part: &str) -> bool {
        self.parts.iter().any(|named| named == part)
    }

    fn workloads(&self) -> Result<Vec<Workload>> {
        let named = |name: &String| Workload::from_name(name).ok_or_else(|| format!("there is no {name}").into());
        self.workloads.iter().map(named).collect()
    }

    fn task(&self, workload: Workload, connections: u32) -> Task {
        let requests = match workload {
            Workload::Q1 => 6000.0,
            Workload::Q2 | Workload::Q4 => 2500.0,
            Workload::Q3 => 4000.0,
        };
        let part = if connections == 1 { 0.25 } else { 1.0 };
        Task {
            workload,
            mode: Mode::Unique,
            method: Method::Post,
            connections,
            requests: ((requests * part * self.scale) as u64).max(1),
            rounds: self.rounds,
            rate: None,
        }
    }
}

/// A loaded database, and the programs that serve it.
struct Site {
    database: String,
    data: PathBuf,
    cpus: Option<String>,
    programs: Vec<(String, Stoa)>,
    shops: Arc<Shops>,
    client: Client,
    postmaster: u32,
}

impl Site {
    /// Makes the database, migrates it with the first program, and loads the shops.
    async fn make(options: &Options) -> Result<Self> {
        let database = make_database(&options.postgres).await?;
        let data = std::env::temp_dir().join(format!("stoa-bench-{}", std::process::id()));
        std::fs::create_dir_all(&data)?;
        let mut programs = Vec::new();
        for named in &options.stoa {
            let (name, path) = named.split_once('=').unwrap_or(("Stoa", named));
            let program = std::fs::canonicalize(path).map_err(|error| format!("{path}: {error}"))?;
            let (database, data, cpus) = (database.clone(), data.clone(), options.server_cpus.clone());
            programs.push((name.to_owned(), Stoa { program, database: Some(database), data, cpus, settings: vec![] }));
        }
        let (_, first) = programs.first().ok_or("name a Stoa")?;
        let started = Instant::now();
        first.run(&["migrate", "up"]).await?;
        let shops = Arc::new(Shops::alike(options.seed, options.stores, options.products));
        let mut client = connect(&database).await?;
        shop::load_postgres(&mut client, &shops).await?;
        say(&format!("loaded {} × {} products in {:.1?}", options.stores, options.products, started.elapsed()));
        let postmaster = postmaster(&client).await?;
        let cpus = options.server_cpus.clone();
        Ok(Self { database, data, cpus, programs, shops, client, postmaster })
    }

    /// The first program.
    fn stoa(&self) -> &Stoa {
        &self.programs[0].1
    }

    /// Starts everything that is compared.
    async fn open(&self) -> Result<(Vec<Server>, Vec<Contender>)> {
        let mut servers = Vec::new();
        let mut contenders = Vec::new();
        for (name, stoa) in &self.programs {
            let server = stoa.serve("serve", &probe(&self.shops)).await?;
            contenders.push(server.contender(name, Speaks::GraphQl));
            servers.push(server);
        }
        let reference = servers::reference(&self.database, &self.data, self.cpus.as_deref()).await?;
        contenders.push(reference.contender("the limit: direct handlers", Speaks::Direct));
        contenders.push(reference.contender("executor over memory", Speaks::Memory));
        contenders.push(reference.contender("finished bytes", Speaks::Bytes));
        servers.push(reference);
        Ok((servers, contenders))
    }

    /// What is asked of the shops, once it is sure that everybody answers alike.
    async fn stage(&self, contenders: &[Contender]) -> Result<Stage> {
        let stage = check::stage(&contenders[0], Arc::clone(&self.shops), 1000, 1).await?;
        let direct = contenders.iter().find(|contender| contender.speaks == Speaks::Direct).ok_or("no reference")?;
        for contender in contenders.iter().filter(|contender| contender.speaks == Speaks::GraphQl) {
            let compared = check::same_answers(&stage, contender, direct, 40).await?;
            say(&format!("{}: {compared} answers are the direct handlers', letter for letter", contender.name));
        }
        Ok(stage)
    }
}

/// Runs it.
///
/// # Errors
/// What went wrong.
pub async fn run(options: Options) -> Result<()> {
    let workloads = options.workloads()?;
    let mut site = Site::make(&options).await?;
    let mut text = head(&options, &site).await?;

    if ["unique", "repeated", "paced"].iter().any(|part| options.has(part)) {
        let (servers, contenders) = site.open().await?;
        let stage = site.stage(&contenders).await?;
        check::ranges(&contenders[0], &site.shops).await?;
        let token = ["token", "create", "--store", &site.shops.stores[0].handle, "--name", "bench"];
        let scopes = ["--scope", "PRICES_MANAGE", "--scope", "PRICES_READ", "--scope", "PRODUCTS_READ"];
        let token = site.stoa().run(&[&token[..], &scopes[..]].concat()).await?;
        check::prices_set(&contenders[0], &site.shops, token.trim(), &site.client).await?;
        say("prices and ranges are as `pricesSet` writes them");
        let mut bench = Bench { stage, postmaster: Some(site.postmaster), next: 1_000_000 };
        if options.has("unique") {
            begin(&mut text, "No two requests alike", "What a storefront asks when nothing is cached.");
            for workload in &workloads {
                for connections in [32, 1] {
                    let all = bench.run(&contenders, options.task(*workload, connections)).await?;
                    append(&mut text, &report::rows(workload.name(), &all));
                }
            }
        }
        if options.has("repeated") {
            begin(&mut text, "The same requests again and again", "What a cache of answers can serve.");
            let graphql: Vec<_> =
                contenders.iter().filter(|contender| contender.speaks == Speaks::GraphQl).cloned().collect();
            for workload in &workloads {
                for (method, name) in [(Method::Post, "POST"), (Method::Get, "GET")] {
                    let task = Task { mode: Mode::Repeated, method, ..options.task(*workload, 32) };
                    let all = bench.run(&graphql, task).await?;
                    append(&mut text, &report::rows(&format!("{} {name}", workload.name()), &all));
                }
            }
        }
        if options.has("paced") {
            begin(&mut text, "Q2 at a given rate", "Latency counts from the moment at which a request was due.");
            for rate in [100, 300] {
                let rounds = options.rounds.min(3);
                let task =
                    Task { rate: Some(rate), requests: u64::from(rate) * 4, rounds, ..options.task(Workload::Q2, 32) };
                let able = |contender: &&Contender| matches!(contender.speaks, Speaks::GraphQl);
                let able: Vec<_> = contenders.iter().filter(able).cloned().collect();
                let all = bench.run(&able, task).await?;
                append(&mut text, &report::rows(&format!("Q2 at {rate}/s"), &all));
            }
        }
        text.push_str(&resources::after_load(&servers, &contenders)?);
        drop(servers);
    }
    if options.has("checkout") {
        checkout::measure(&site, &options, &mut text).await?;
    }
    if options.has("resources") {
        append(&mut text, &resources::measure(&site, &options).await?);
    }
    if options.has("sqlite") {
        sqlite::measure(&site, &options, &mut text).await?;
    }
    if options.has("growth") {
        growth::measure(&mut site, &options, &mut text).await?;
    }
    if let Some(out) = &options.out {
        std::fs::write(out, &text)?;
        say(&format!("written to {}", out.display()));
    }
    let _ = std::fs::remove_dir_all(&site.data);
    Ok(())
}

/// What the results begin with: what was measured, where, and how to read it.
async fn head(options: &Options, site: &Site) -> Result<String> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let postgres: String = site.client.query_one("SHOW server_version", &[]).await?.get(0);
    let mut text = format!(
        "# {}\n\n{} cores of {}; PostgreSQL {postgres}; {} stores × {} products; load of the machine at the start: \
         {load}.\n",
        options.label,
        cores,
        model.trim_start_matches([' ', '\t', ':']),
        options.stores,
        options.products,
    );
    if !options.note.is_empty() {
        let _ = writeln!(text, "\n{}", options.note);
    }
    text.push_str(
        "\nProcessor time is of one request, from the operating system's accounting, the median of all rounds; \
         client, servers and PostgreSQL share the cores. `README.md` beside this folder says what is compared.\n",
    );
    Ok(text)
}

fn begin(text: &mut String, title: &str, what: &str) {
    append(text, &format!("\n## {title}\n\n{what}\n\n{}", report::HEAD));
}

fn append(text: &mut String, more: &str) {
    print!("{more}");
    text.push_str(more);
}

fn say(what: &str) {
    eprintln!("stoa-bench: {what}");
}

/// A question that any good Stoa answers as soon as it can.
fn probe(shops: &Arc<Shops>) -> Vec<u8> {
    let mut request = Vec::new();
    let stage = Stage::first_pages(Arc::clone(shops));
    stage.graphql("/graphql", Workload::Q3, Mode::Repeated, Method::Post, 0, &mut request);
    request
}

async fn make_database(cluster: &str) -> Result<String> {
    let client = connect(cluster).await?;
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")).await?;
    client.batch_execute(&format!("CREATE DATABASE {DATABASE}")).await?;
    let (server, _) = cluster.rsplit_once('/').ok_or("the cluster's address names no database")?;
    Ok(format!("{server}/{DATABASE}"))
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The process that all backends of the cluster are children of.
async fn postmaster(client: &Client) -> Result<u32> {
    let backend: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
    cpu::parent(u32::try_from(backend)?)
}
