//! The same questions of a Stoa on a SQLite file.

use std::sync::Arc;

use super::{Options, Site, append, begin, probe, say};
use crate::measure::{Bench, Speaks};
use crate::shop::{self, Shops};
use crate::{Result, check, report};

/// Stores in the file.
const STORES: u32 = 10;

/// Loads a file and measures.
pub async fn measure(site: &Site, options: &Options, text: &mut String) -> Result<()> {
    let started = std::time::Instant::now();
    let file = site.data.join("bench.sqlite");
    let mut stoa = site.stoa().clone();
    stoa.database = Some(format!("sqlite:{}", file.display()));
    stoa.run(&["migrate", "up"]).await?;
    let shops = Arc::new(Shops::alike(options.seed, STORES, options.products));
    shop::load_sqlite(&file, &shops).await?;
    say(&format!("loaded {STORES} × {} products into SQLite in {:.1?}", options.products, started.elapsed()));

    let mut contenders = Vec::new();
    let mut servers = Vec::new();
    for (name, program) in &site.programs {
        let mut program = program.clone();
        program.database.clone_from(&stoa.database);
        let server = program.serve("serve", &probe(&shops)).await?;
        contenders.push(server.contender(name, Speaks::GraphQl));
        servers.push(server);
    }
    let stage = check::stage(&contenders[0], Arc::clone(&shops), 1000, 1).await?;
    check::ranges(&contenders[0], &shops).await?;
    let mut bench = Bench { stage, postmaster: None, next: 1_000_000 };
    begin(text, "SQLite", &format!("{STORES} stores × {} products in one file.", options.products));
    for workload in options.workloads()? {
        for connections in [32, 1] {
            let all = bench.run(&contenders, options.task(workload, connections)).await?;
            append(text, &report::rows(workload.name(), &all));
        }
    }
    Ok(())
}
