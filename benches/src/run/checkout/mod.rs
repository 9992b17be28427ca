//! M1 and M2: what it costs to put something into a cart, and to buy something; and that no more is sold than there is.

mod till;

use std::cell::RefCell;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use futures::stream::FuturesUnordered;

use self::till::{Buyer, Till};
use super::{Options, Site, append, probe, say};
use crate::drive::Figures;
use crate::measure::{Sample, median, sample, spread};
use crate::servers::{Server, Stoa};
use crate::shop::{self, Shops};
use crate::{Result, cpu, report};

/// Buyers at once.
const BUYERS: [u32; 3] = [1, 8, 32];
/// Units of what never runs out.
const PLENTY: u64 = 1_000_000_000;

const HEAD: &str = "\
| what | goods | buyers | contender | server µs | PostgreSQL µs | sum µs (least–most) | a second | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|---|---|
";

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// M1: a second variant into a cart that holds one.
    Add,
    /// M2: from an empty hand to an order, in four requests.
    CheckOut,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "M1 add to cart",
            Self::CheckOut => "M2 checkout",
        }
    }

    fn times(self) -> f64 {
        match self {
            Self::Add => 2_000.0,
            Self::CheckOut => 600.0,
        }
    }
}

/// A program that runs, with the database that it serves.
struct Shop {
    name: String,
    server: Server,
    postmaster: Option<u32>,
}

/// Measures both on PostgreSQL, and on a file.
///
/// # Errors
/// What is refused, and where more was sold than there was.
pub async fn measure(site: &Site, options: &Options, text: &mut String) -> Result<()> {
    let what = "M1 puts a variant into a cart that holds another one. M2 is cart, address, shipping and payment by the \
                test provider, in four requests; its time and latency are of all four.";
    append(text, &format!("\n## Carts and checkouts\n\n{what}\n\n{HEAD}"));
    on(site, options, site.database.clone(), &site.shops, Some(site.postmaster), "PostgreSQL", text).await?;

    let file = site.data.join("checkout.sqlite");
    let mut stoa = site.stoa().clone();
    let database = format!("sqlite:{}", file.display());
    stoa.database = Some(database.clone());
    stoa.run(&["migrate", "up"]).await?;
    let shops = Arc::new(Shops::alike(options.seed, 1, options.products));
    shop::load_sqlite(&file, &shops).await?;
    on(site, options, database, &shops, None, "SQLite", text).await
}

async fn on(
    site: &Site,
    options: &Options,
    database: String,
    shops: &Arc<Shops>,
    postmaster: Option<u32>,
    called: &str,
    text: &mut String,
) -> Result<()> {
    let mut open = Vec::new();
    let mut token = None;
    for (name, program) in &site.programs {
        let mut program: Stoa = program.clone();
        program.database = Some(database.clone());
        program.settings.push(("STOA_PAYMENTS_TEST_PROVIDER", "true".to_owned()));
        if token.is_none() {
            let scopes = till::SCOPES.iter().flat_map(|scope| ["--scope", scope]);
            let make = ["token", "create", "--store", &shops.stores[0].handle, "--name", "till"];
            let arguments: Vec<&str> = make.into_iter().chain(scopes).collect();
            token = Some(program.run(&arguments).await?.trim().to_owned());
        }
        let server = program.serve("serve", &probe(shops)).await?;
        open.push(Shop { name: format!("{name}, {called}"), server, postmaster });
    }
    let first = open.first().ok_or("name a Stoa")?.server.address;
    let till = Till::open(first, &shops.stores[0].handle, &token.unwrap_or_default()).await?;
    let mut goods = Vec::new();
    for _ in 0..=BUYERS[BUYERS.len() - 1] {
        goods.push(till.stocked(first, PLENTY).await?);
    }
    let sold: RefCell<u64> = RefCell::new(0);
    for what in [What::Add, What::CheckOut] {
        for (kind, goods) in [("one for each buyer", &goods[..]), ("one for all", &goods[..2])] {
            for buyers in BUYERS {
                let part = if buyers == 1 { 0.25 } else { 1.0 };
                let times = ((what.times() * part * options.scale) as usize).max(buyers as usize);
                let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); open.len()];
                for shop in &open {
                    round(shop, &till, what, goods, buyers, (times / 4).max(buyers as usize), &sold).await?;
                }
                for _ in 0..options.rounds {
                    for (shop, samples) in open.iter().zip(&mut samples) {
                        samples.push(round(shop, &till, what, goods, buyers, times, &sold).await?);
                    }
                }
                for (shop, samples) in open.iter().zip(&samples) {
                    append(text, &row(what, kind, buyers, &shop.name, samples));
                }
            }
        }
    }
    // All that was promised is what was ordered.
    let mut promised = 0;
    for variant in &goods {
        promised += till.shelf(first, variant).await?.1;
    }
    if promised != i64::try_from(*sold.borrow())? {
        return Err(format!("{} orders were made, and {promised} units are promised", sold.borrow()).into());
    }
    for shop in &open {
        sell_out(shop, &till, ((400.0 * options.scale) as u64).max(64), text).await?;
    }
    say(&format!("{called}: {promised} orders, each with the one unit that is promised for it"));
    Ok(())
}

/// So many times, by so many buyers at once. The first of the goods lies in every cart before.
async fn round(
    shop: &Shop,
    till: &Till,
    what: What,
    goods: &[String],
    buyers: u32,
    times: usize,
    sold: &RefCell<u64>,
) -> Result<Sample> {
    let address = shop.server.address;
    let mut people = Vec::new();
    for _ in 0..buyers {
        people.push(Buyer::enter(address, till).await?);
    }
    let carts = RefCell::new(Vec::new());
    if what == What::Add {
        let filling = people.iter_mut().map(|buyer| async {
            while carts.borrow().len() < times {
                let cart = buyer.cart(&goods[0]).await?;
                carts.borrow_mut().push(cart);
            }
            Ok::<_, crate::Failure>(())
        });
        filling.collect::<FuturesUnordered<_>>().try_collect::<()>().await?;
    }
    let (left, latencies) = (RefCell::new(times), RefCell::new(Vec::with_capacity(times)));
    let (before, started) = (taken(shop)?, Instant::now());
    let buying = people.iter_mut().enumerate().map(|(place, buyer)| {
        let variant = &goods[1 + place % (goods.len() - 1)];
        let (left, latencies, carts) = (&left, &latencies, &carts);
        async move {
            while *left.borrow() > 0 {
                *left.borrow_mut() -= 1;
                let asked = Instant::now();
                match what {
                    What::Add => {
                        let cart = carts.borrow_mut().pop().ok_or("a cart that was not filled")?;
                        buyer.add(&cart, variant).await?;
                    }
                    What::CheckOut if buyer.check_out(variant).await? => *sold.borrow_mut() += 1,
                    What::CheckOut => return Err("something without an end has run out".into()),
                }
                latencies.borrow_mut().push(asked.elapsed());
            }
            Ok::<_, crate::Failure>(())
        }
    });
    let bought = buying.collect::<FuturesUnordered<_>>().try_collect::<()>().await;
    bought.map_err(|error| format!("{}, {}: {error}", shop.name, what.name()))?;
    let (elapsed, after) = (started.elapsed(), taken(shop)?);
    let mut latencies = latencies.into_inner();
    latencies.sort_unstable();
    Ok(sample(before, after, &Figures { elapsed, latencies, bytes: 0 }))
}

/// Twice as many buyers as there are units, 32 at a time: each unit is sold, and none twice.
async fn sell_out(shop: &Shop, till: &Till, wanted: u64, text: &mut String) -> Result<()> {
    let (address, units) = (shop.server.address, wanted / 2);
    let variant = till.stocked(address, units).await?;
    let (left, sold) = (RefCell::new(wanted), RefCell::new(0));
    let mut people = Vec::new();
    for _ in 0..BUYERS[BUYERS.len() - 1] {
        people.push(Buyer::enter(address, till).await?);
    }
    let buying = people.iter_mut().map(|buyer| async {
        while *left.borrow() > 0 {
            *left.borrow_mut() -= 1;
            *sold.borrow_mut() += u64::from(buyer.check_out(&variant).await?);
        }
        Ok::<_, crate::Failure>(())
    });
    buying.collect::<FuturesUnordered<_>>().try_collect::<()>().await?;
    let (sold, (on_hand, promised)) = (sold.into_inner(), till.shelf(address, &variant).await?);
    let line = format!(
        "\n{}: of {wanted} buyers of {units} units {sold} have an order; {promised} of {on_hand} units are promised: {} \
         sold twice.\n",
        shop.name,
        promised.saturating_sub(on_hand).max(0),
    );
    append(text, &line);
    let held = (i64::try_from(units)?, i64::try_from(units)?);
    if sold == units && (on_hand, promised) == held { Ok(()) } else { Err(line.into()) }
}

fn taken(shop: &Shop) -> Result<[Duration; 3]> {
    let database = shop.postmaster.map(cpu::of_cluster).transpose()?.unwrap_or_default();
    Ok([cpu::of_process(shop.server.pid)?, database, cpu::of_process(std::process::id())?])
}

fn row(what: What, goods: &str, buyers: u32, contender: &str, samples: &[Sample]) -> String {
    let (middle, (least, most)) = (median(samples), spread(samples));
    let mut text = String::new();
    // Writing to memory can't fail.
    let _ = writeln!(
        text,
        "| {} | {goods} | {buyers} | {contender} | {} | {} | {} ({}–{}) | {:.0} | {} | {} |",
        what.name(),
        report::micros(middle.server),
        report::micros(middle.database),
        report::micros(middle.server + middle.database),
        report::micros(least),
        report::micros(most),
        middle.rate,
        report::millis(middle.p50),
        report::millis(middle.p99),
    );
    text
}
