//! Stories of imports: what a file of Shopify becomes, and what it leaves alone.

mod apply;
mod bad_rows;
mod mutation;

use std::io::Cursor;

use stoa::gate::authentication;
use stoa::import::{self, ImportReport};

use crate::harness::{Actor, Answer, Shop, json};

const OLD_DIALECT: &str = include_str!("../fixtures/shopify/old-dialect.csv");
const BAD_ROWS: &str = include_str!("../fixtures/shopify/bad-rows.csv");

const DOCUMENT: &str = "mutation($input: ProductsImportInput!) { productsImport(input: $input) { \
    report { dryRun rows productsCreated productsUpdated productsUnchanged productsFailed variants images \
    unusedColumns problemCount problems { line handle column reason skipped } stopped } \
    userErrors { code field message } } }";

/// Imports as the shell does, into Linden's first store.
async fn import(shop: &Shop, csv: &str, dry_run: bool) -> ImportReport {
    let ctx = authentication::operator(&shop.node.system, "import", Some("linden")).await.expect("the operator");
    import::run(&ctx, Cursor::new(csv.to_owned().into_bytes()), dry_run, |_| {}).await.expect("a file that is read")
}

/// Imports by the mutation.
async fn send(actor: &Actor, csv: &str, dry_run: bool) -> Answer {
    actor.query(DOCUMENT, json!({ "input": { "format": "SHOPIFY_CSV", "csv": csv, "dryRun": dry_run } })).await
}

/// Created, updated, unchanged, failed.
fn products(report: &ImportReport) -> (i32, i32, i32, i32) {
    (report.products_created, report.products_updated, report.products_unchanged, report.products_failed)
}

/// Each problem as its line, its column and what was left out.
fn problems(report: &ImportReport) -> Vec<(i32, &str, String)> {
    let told = |problem: &import::ImportProblem| format!("{:?}", problem.skipped);
    report.problems.iter().map(|p| (p.line, p.column.as_deref().unwrap_or_default(), told(p))).collect()
}

/// A file with these columns and rows.
fn file(columns: &str, rows: &[&str]) -> String {
    let lines = std::iter::once(&columns).chain(rows).copied();
    lines.collect::<Vec<_>>().join("\n")
}
