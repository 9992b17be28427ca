//! Whether a request costs the same however much a store holds, and however deep a page stands.

use std::sync::Arc;

use super::{Options, Site, append, begin, say};
use crate::drive::Connection;
use crate::measure::{Bench, Contender, Speaks};
use crate::shop::{self, Shops};
use crate::workload::{Method, Mode, Stage, Workload};
use crate::{Result, check, report};

/// How deep the deep page stands.
const DEEP: usize = 500;

/// Products on a page of Q2.
const PAGE: usize = 24;

/// Loads a small and a large store beside the others, and measures the same requests in both.
pub async fn measure(site: &mut Site, options: &Options, text: &mut String) -> Result<()> {
    let started = std::time::Instant::now();
    let small = Shops::one(options.seed, 900, "small", 100);
    let large = Shops::one(options.seed, 901, "large", options.large);
    for shops in [&small, &large] {
        shop::load_postgres(&mut site.client, shops).await?;
    }
    say(&format!("loaded a store of {} products in {:.0?}", options.large, started.elapsed()));
    let (servers, contenders) = site.open().await?;
    let contenders: Vec<Contender> = contenders
        .into_iter()
        .filter(|contender| matches!(contender.speaks, Speaks::GraphQl | Speaks::Direct))
        .collect();

    begin(text, "Growth", &format!("The same requests in a store of 100 products and in one of {}.", options.large));
    let deep = PAGE * DEEP;
    let pages = check::stage(&contenders[0], Arc::new(large.clone()), deep + 200, PAGE).await?;
    let deep = pages.pages[0].get(DEEP).cloned().flatten();
    let deep = deep.ok_or("the large store is not as deep as that")?;
    let stages = [
        ("100 products", Stage::first_pages(Arc::new(small))),
        ("large", Stage::first_pages(Arc::new(large.clone()))),
        ("large, page 500", Stage { shops: Arc::new(large), pages: Arc::new(vec![vec![Some(deep)]]) }),
    ];
    for workload in options.workloads()? {
        // Of Q3 nothing varies on one page: it would be answered from memory.
        if workload == Workload::Q3 {
            continue;
        }
        for (name, stage) in &stages {
            if name.contains("page") && workload != Workload::Q2 {
                continue;
            }
            let mut bench = Bench { stage: stage.clone(), postmaster: Some(site.postmaster), next: 1_000_000 };
            let all = bench.run(&contenders, options.task(workload, 32)).await?;
            append(text, &report::rows(&format!("{}, {name}", workload.name()), &all));
        }
    }
    drop(servers);

    let mut stoa = site.stoa().clone();
    stoa.settings.push(("STOA_SERVER_TIMING", "true".to_owned()));
    let server = stoa.serve("serve", &super::probe(&site.shops)).await?;
    append(text, "\nSQL statements of one request, authentication included (small store, large store, page 500): ");
    let mut connection = Connection::open(server.address).await?;
    let mut told = Vec::new();
    for workload in options.workloads()? {
        let mut counts = Vec::new();
        for (_, stage) in &stages {
            let mut request = Vec::new();
            stage.graphql("/graphql", workload, Mode::Unique, Method::Post, 7, &mut request);
            connection.ask(&request).await?;
            counts.push(statements(&connection.head()).unwrap_or("?").to_owned());
        }
        told.push(format!("{} {}", workload.name(), counts.join(", ")));
    }
    append(text, &format!("{}.\n", told.join("; ")));
    Ok(())
}

/// The count in `Server-Timing`.
fn statements(head: &str) -> Option<&str> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("server-timing"))?;
    let start = line.find('"')? + 1;
    line[start..].split(|c: char| !c.is_ascii_digit()).next()
}
