//! The parts that ask nobody: guard, documents, access, prices, cursors, money, promotions. `cargo bench -p stoa-bench` runs them.

#![expect(clippy::expect_used, reason = "a benchmark that can't begin has nothing to measure")]

mod offers;

use std::sync::{Arc, LazyLock};

use chrono::DateTime;
use divan::{Bencher, black_box};
use rules::ids::{OrganizationId, PriceId, ProductId, SegmentId, StoreId};
use rules::permission::Permission;
use rules::pricing::{PriceLevel, PriceQuery, PriceRow, ladder, ranges, resolve};
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, Money};
use sea_orm::sea_query::Expr;
use stoa::gate::access::{AccessRules, Caller, walk};
use stoa::gate::document::{Document, DocumentHash};
use stoa::gate::schema_index::SchemaIndex;
use stoa::gate::throttle::{Throttle, ThrottleSettings};
use stoa::http::guard::{Guard, Limits};
use stoa::kernel::System;
use stoa::kernel::clock::SystemClock;
use stoa::kernel::ctx::{self, Ctx, StoreContext};
use stoa::kernel::db::{DatabaseSettings, DatabaseUrl, Db};
use stoa::kernel::page::{PageArgs, Sort};
use stoa::kernel::settings::{SecretKey, Settings};
use uuid::Uuid;

fn main() {
    divan::main();
}

const LISTING: &str = include_str!("documents/listing.graphql");
const FRAGMENTS: &str = include_str!("documents/fragments.graphql");

/// The documents by name.
const DOCUMENTS: [&str; 2] = ["listing", "fragments"];

fn text(name: &str) -> &'static str {
    if name == "listing" { LISTING } else { FRAGMENTS }
}

struct Gate {
    index: SchemaIndex,
    rules: AccessRules,
    limits: Limits,
}

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let index = SchemaIndex::read(&stoa::schema::sdl()).expect("the schema");
    let rules = AccessRules::read(&index).expect("the rules");
    Gate { index, rules, limits: Limits::default() }
});

fn prepare(name: &str) -> Document {
    Document::prepare(text(name), &GATE.index, &GATE.rules, &GATE.limits).expect("a good document")
}

/// Counts tokens, nesting, aliases and directives in the raw text.
#[divan::bench(args = DOCUMENTS)]
fn guard(name: &str) {
    Guard::scan(black_box(text(name)), &GATE.limits).expect("a good document");
}

/// The name of a document: once a request.
#[divan::bench(args = DOCUMENTS)]
fn document_hash(name: &str) -> DocumentHash {
    DocumentHash::of(black_box(text(name)))
}

/// What every request pays to the throttle: it is let in, its cost is taken, and what was not used given back.
/// `addresses` is how many spend.
#[divan::bench(args = [1, 10_000, 1_000_000])]
fn throttle(bencher: Bencher, addresses: u32) {
    let throttle = Throttle::new(ThrottleSettings::default(), Arc::new(SystemClock));
    let mut next = 0_u32;
    bencher.bench_local(|| {
        next = (next + 1) % addresses;
        let address = std::net::IpAddr::V4(std::net::Ipv4Addr::from_bits(next));
        let caller = ctx::Caller { address: Some(address), ..ctx::Caller::anonymous(String::new()) };
        throttle.admit(address).expect("a quiet address");
        throttle.take(&caller, 900).map(|hold| hold.settle(300)).is_ok()
    });
}

/// Guard, parser and every check: once for each text that is not in the cache.
#[divan::bench(args = DOCUMENTS)]
fn document_prepare(bencher: Bencher, name: &str) {
    LazyLock::force(&GATE);
    bencher.bench(|| prepare(black_box(name)));
}

struct Visitor;

impl Caller for Visitor {
    fn is_user(&self) -> bool {
        false
    }

    fn is_customer(&self) -> bool {
        false
    }

    fn is_anonymous(&self) -> bool {
        true
    }

    fn may(&self, _: Permission) -> bool {
        false
    }

    fn lacks_store_for(&self, _: Permission) -> bool {
        false
    }
}

/// The whole walk over an operation; the product keeps what it finds with the document.
#[divan::bench(args = DOCUMENTS)]
fn access_walk(bencher: Bencher, name: &str) {
    let document = prepare(name);
    let executable = document.executable();
    let (_, operation) = executable.operations.iter().next().expect("an operation");
    bencher.bench(|| walk(executable, &operation.node, &GATE.index, &GATE.rules, &Visitor));
}

/// What is left of it for each request.
#[divan::bench(args = DOCUMENTS)]
fn access_check(bencher: Bencher, name: &str) {
    let document = prepare(name);
    let operation = &document.operations()[0];
    bencher.bench(|| operation.check_access(black_box(&Visitor)));
}

/// So many prices of a variant: half of them its own, some for segments, some over a time.
fn prices(count: u32) -> Vec<PriceRow> {
    let moment = |hours: u32| DateTime::from_timestamp(1_767_225_600 + i64::from(hours) * 3600, 0);
    let row = |number: u32| PriceRow {
        id: PriceId(Uuid::from_u128(number.into())),
        level: if number.is_multiple_of(2) { PriceLevel::Variant } else { PriceLevel::Product },
        segment: (number % 5 == 4).then(|| SegmentId(Uuid::from_u128((number % 3).into()))),
        minimum_quantity: [1, 5, 10, 50][(number % 4) as usize],
        amount: Money::from_minor(1_000 + i64::from(number), Currency::EUR),
        compare_at: None,
        valid_from: if number.is_multiple_of(3) { moment(number) } else { None },
        valid_to: if number.is_multiple_of(7) { moment(number + 48) } else { None },
    };
    (0..count).map(row).collect()
}

const QUESTION: PriceQuery<'static> =
    PriceQuery { currency: Currency::EUR, quantity: 12, at: DateTime::UNIX_EPOCH, segments: &[] };

const COUNTS: [u32; 3] = [2, 20, 100];

/// The one price that holds.
#[divan::bench(args = COUNTS)]
fn price_resolve(bencher: Bencher, count: u32) {
    let rows = prices(count);
    bencher.bench(|| resolve(black_box(&rows), &QUESTION).map(|row| row.amount));
}

/// The table of quantity breaks.
#[divan::bench(args = COUNTS)]
fn price_ladder(bencher: Bencher, count: u32) {
    let rows = prices(count);
    bencher.bench(|| ladder(black_box(&rows), &QUESTION).len());
}

/// The ranges of a product of ten variants, as a write makes them.
#[divan::bench(args = COUNTS)]
fn price_ranges(bencher: Bencher, count: u32) {
    let variants: Vec<Vec<PriceRow>> = (0..10).map(|_| prices(count)).collect();
    bencher.bench(|| ranges(black_box(&variants)).len());
}

/// A visitor of a store; nothing is read of the file that its system is opened on.
fn visitor() -> Ctx {
    let file = std::env::temp_dir().join(format!("stoa-bench-{}.sqlite", std::process::id()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let patience = std::time::Duration::from_secs(1);
    let settings = DatabaseSettings {
        url: DatabaseUrl::Sqlite(file),
        read_url: None,
        pool_size: 1,
        acquire_timeout: patience,
        statement_timeout: patience,
        lock_timeout: patience,
    };
    let db = runtime.block_on(Db::connect(&settings)).expect("a file");
    let clock = stoa::kernel::clock::FrozenClock::at(DateTime::UNIX_EPOCH);
    let entropy = stoa::kernel::entropy::SeededEntropy::new(1);
    let settings = Settings { secret: SecretKey::new([7; 32]), ..Settings::default() };
    let system = System::new(db, Arc::new(clock), Arc::new(entropy), settings);
    let store = StoreContext {
        id: StoreId(Uuid::from_u128(1)),
        organization: OrganizationId(Uuid::from_u128(2)),
        handle: "store".to_owned(),
        currency: Currency::EUR,
        currencies: vec![Currency::EUR],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    };
    let caller = ctx::Caller { store: Some(store), ..ctx::Caller::anonymous("bench") };
    Ctx::new(Arc::new(system), caller, None, Arc::default())
}

/// Reads a cursor: base64, signature, JSON.
#[divan::bench]
fn cursor_read(bencher: Bencher) {
    use base64::Engine as _;
    let ctx = visitor();
    let sort = Sort { name: "products:id", key: None, id: Expr::col("id"), descending: true };
    let payload = format!("{{\"id\":\"{}\"}}", ProductId(Uuid::from_u128(3)).0);
    let store = ctx.caller().store.as_ref().expect("a store").id.0;
    let parts: [&[u8]; 4] = [store.as_bytes(), sort.name.as_bytes(), b"descending", payload.as_bytes()];
    let mut bytes = ctx.settings().secret.sign("cursor", &parts)[..12].to_vec();
    bytes.extend(payload.as_bytes());
    let cursor = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let args = PageArgs { first: Some(24), after: Some(cursor), ..PageArgs::default() };
    args.clone().read(&ctx, &sort).expect("a cursor as the product makes it");
    bencher.bench(|| args.clone().read(&ctx, &sort).is_ok());
}

/// Splits an amount over the lines of an order.
#[divan::bench(args = [3, 50, 250])]
fn money_allocate(bencher: Bencher, lines: u64) {
    let weights: Vec<u64> = (1..=lines).map(|line| line * 137 % 1_009).collect();
    let whole = Money::from_minor(123_457, Currency::EUR);
    bencher.bench(|| whole.allocate(black_box(&weights)));
}
