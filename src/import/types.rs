//! How imports look in the schema, and in the answer of the shell.

use async_graphql::{Enum, InputObject};
use serde::Serialize;

use super::shopify::{RowProblem, Skipped};
use crate::kernel::graph::object;
use crate::payload;

/// Problems that a report names; the rest is counted.
const MAX_PROBLEMS: usize = 1000;

/// The form of a file.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// The product export of Shopify, in both dialects of its header.
    ShopifyCsv,
}

/// A file to import.
#[derive(InputObject, Clone)]
pub struct ProductsImportInput {
    /// What form it has.
    pub format: ImportFormat,
    /// The file itself, with at most 200 products. Larger ones go through the command `stoa import`.
    pub csv: String,
    /// Whether it is only tried: the same report, and nothing written.
    #[graphql(default)]
    pub dry_run: bool,
}

/// What an import came to.
#[object]
#[derive(Serialize, Debug, Clone, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Whether it was only tried, and nothing was written.
    pub dry_run: bool,
    /// Rows that were read, without the header and without blank ones.
    pub rows: i32,
    /// Products that are new.
    pub products_created: i32,
    /// Products that were there, and of which something changed: themselves, their prices or their stock.
    pub products_updated: i32,
    /// Products that were as the file has them. Nothing was written for them.
    pub products_unchanged: i32,
    /// Products that were left out because of a problem.
    pub products_failed: i32,
    /// Variants of the products that went in.
    pub variants: i32,
    /// Images of the products that went in.
    pub images: i32,
    /// Columns of the file that nothing was taken from.
    pub unused_columns: Vec<String>,
    /// Problems in all, also those beyond the list.
    pub problem_count: i32,
    /// What could not be used, and why; the first 1000.
    pub problems: Vec<ImportProblem>,
    /// Why the import ended before the file did, where it did. What is counted above went in; the import
    /// can run again.
    pub stopped: Option<String>,
}

/// Something that could not be used, and what that cost.
#[object]
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// The line of the file that the row begins on, counted from 1.
    pub line: i32,
    /// The handle of the row, as far as it could be read.
    pub handle: Option<String>,
    /// The column at fault, as the file names it; null where it is the row as a whole.
    pub column: Option<String>,
    /// A sentence that says what is wrong and what was expected.
    pub reason: String,
    /// What was left out because of it.
    pub skipped: Skipped,
}

impl From<RowProblem> for ImportProblem {
    fn from(problem: RowProblem) -> Self {
        Self {
            line: whole(problem.line),
            handle: problem.handle,
            column: problem.column,
            reason: problem.reason,
            skipped: problem.skipped,
        }
    }
}

impl ImportReport {
    /// Products that were new or changed.
    pub fn products_written(&self) -> i32 {
        self.products_created + self.products_updated
    }

    /// Whether every row of the file went in.
    pub fn is_whole(&self) -> bool {
        self.problem_count == 0 && self.stopped.is_none()
    }

    pub(super) fn tell(&mut self, problem: RowProblem) {
        self.problem_count = self.problem_count.saturating_add(1);
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem.into());
        }
    }
}

/// A count as the schema has it.
pub(super) fn whole(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

payload! {
    /// The answer of `productsImport`.
    ProductsImportPayload {
        /// What it came to. Its problems are those of single rows; the other rows went in.
        report: ImportReport,
    }
}
