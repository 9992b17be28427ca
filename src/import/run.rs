//! A whole file, product by product.
//!
//! The file is read on a thread of its own, a few products ahead of the database; in memory are those, the
//! handles and SKUs of the file, and the report. Each product is a transaction: whenever the import ends,
//! there are whole products only.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use rules::permission::Permission;
use serde::Serialize;
use tokio::sync::mpsc;

use super::apply::{self, Work};
use super::draft;
use super::shopify::{Column, Columns, FileError, Found, ImportedProduct, RowProblem, ShopifyReader, Skipped};
use super::types::{ImportReport, whole};
use crate::catalog::products::Outcome;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Products and problems that are read ahead.
const AHEAD: usize = 4;

/// Why an import did not begin. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The caller may not, or the database is away.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How far the reader is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes of the file that were read.
    pub bytes: u64,
    /// Rows that were read.
    pub rows: u64,
}

impl Progress {
    fn of<R: Read>(reader: &ShopifyReader<R>) -> Self {
        Self { bytes: reader.bytes_read(), rows: reader.counts().rows }
    }
}

/// What the reader hands over.
enum Step {
    Opened(Box<Columns>, Vec<String>),
    Found(Found, Progress),
    Broken(FileError),
    Ended(Progress),
}

/// Imports a file into the store of the request. With `dry_run` each product is applied and rolled back;
/// what one product takes from another (a SKU, such as) is then still taken. `progress` is told how
/// far the file was read.
///
/// # Errors
/// Where it did not begin. An import that ends early says so in its report.
pub async fn run<R: Read + Send + 'static>(
    ctx: &Ctx,
    file: R,
    dry_run: bool,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<ImportReport, ImportError> {
    let (sender, mut read) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || hand_over(file, &sender));
    let (columns, unused) = match read.recv().await {
        Some(Step::Opened(columns, unused)) => (*columns, unused),
        Some(Step::Broken(error)) => return Err(error.into()),
        _ => return Err(Error::internal("the reader of an import ended before it began").into()),
    };
    expect_permissions(ctx, &columns)?;
    let mut import = Import::new(ctx, columns, unused, dry_run);
    while let Some(next) = read.recv().await {
        let at = match next {
            Step::Found(Found::Problem(problem), at) => {
                import.tell(problem);
                at
            }
            Step::Found(Found::Product(product), at) => {
                if let Err(error) = import.take(*product).await {
                    import.report.stopped = Some(error.to_string());
                    break;
                }
                at
            }
            Step::Broken(error) => {
                import.report.stopped = Some(error.to_string());
                continue;
            }
            Step::Ended(at) => at,
            Step::Opened(..) => continue,
        };
        import.report.rows = whole(at.rows);
        progress(at);
    }
    // The reader need not read on for nobody.
    drop(read);
    import.finish().await
}

/// Reads the file to its end, or until nobody listens any more.
fn hand_over(file: impl Read, sender: &mpsc::Sender<Step>) {
    let mut reader = match ShopifyReader::open(file) {
        Ok(reader) => reader,
        Err(error) => return drop(sender.blocking_send(Step::Broken(error))),
    };
    let opened = Step::Opened(Box::new(reader.columns()), reader.unused_columns().to_vec());
    let mut listens = sender.blocking_send(opened).is_ok();
    while listens && let Some(next) = reader.next() {
        let next = match next {
            Ok(found) => Step::Found(found, Progress::of(&reader)),
            Err(error) => Step::Broken(error),
        };
        listens = sender.blocking_send(next).is_ok();
    }
    drop(sender.blocking_send(Step::Ended(Progress::of(&reader))));
}

/// Holds the columns of the file against what the caller may change, before anything is.
fn expect_permissions(ctx: &Ctx, columns: &Columns) -> Result<()> {
    let needs: [(&[Column], Permission); 3] = [
        (&draft::PRICES, Permission::PricesManage),
        (&draft::STOCK, Permission::InventoryManage),
        // A vendor that is new becomes a brand.
        (&[Column::Vendor], Permission::CollectionsManage),
    ];
    for (of, permission) in needs {
        if of.iter().any(|column| columns.has(*column)) {
            ctx.require(permission)?;
        }
    }
    Ok(())
}

/// An import that runs.
struct Import<'a> {
    ctx: &'a Ctx,
    columns: Columns,
    report: ImportReport,
    /// The line of each slug that a product of the file had already.
    slugs: HashMap<Box<str>, u64>,
}

/// What the audit log keeps of an import as a whole.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    products_created: i32,
    products_updated: i32,
    products_unchanged: i32,
    products_failed: i32,
    problem_count: i32,
}

impl<'a> Import<'a> {
    fn new(ctx: &'a Ctx, columns: Columns, unused: Vec<String>, dry_run: bool) -> Self {
        let without_place = draft::WITHOUT_PLACE.into_iter().filter_map(|column| columns.name(column));
        let unused_columns = unused.into_iter().chain(without_place.map(str::to_owned)).collect();
        let report = ImportReport { dry_run, unused_columns, ..ImportReport::default() };
        Self { ctx, columns, report, slugs: HashMap::new() }
    }

    fn tell(&mut self, problem: RowProblem) {
        if problem.skipped == Skipped::Product {
            self.report.products_failed += 1;
        }
        self.report.tell(problem);
    }

    /// Takes a product into the store.
    ///
    /// # Errors
    /// Where those that follow would fare no better.
    async fn take(&mut self, product: ImportedProduct) -> Result<()> {
        let (line, handle) = (product.line, product.handle.clone());
        let failed = |column: Option<&str>, reason: String| RowProblem {
            line,
            handle: Some(handle.clone()),
            column: column.map(str::to_owned),
            reason,
            skipped: Skipped::Product,
        };
        let slug = draft::slug(&handle);
        if let Some(first) = self.slugs.get(slug.as_str()) {
            let reason = format!("its address would be `{slug}`, as that of the product on line {first} is");
            let problem = failed(self.columns.name(Column::Handle), reason);
            self.tell(problem);
            return Ok(());
        }
        self.slugs.insert(slug.into_boxed_str(), line);
        let work = Work { product, columns: self.columns.clone(), dry_run: self.report.dry_run };
        match apply::apply(self.ctx, Arc::new(work)).await {
            Ok(Ok(applied)) => {
                match applied.outcome {
                    Outcome::Created => self.report.products_created += 1,
                    Outcome::Updated => self.report.products_updated += 1,
                    Outcome::Unchanged => self.report.products_unchanged += 1,
                }
                self.report.variants = self.report.variants.saturating_add(whole(applied.variants));
                self.report.images = self.report.images.saturating_add(whole(applied.images));
                applied.problems.into_iter().for_each(|problem| self.report.tell(problem));
            }
            Ok(Err(problems)) => {
                // Many problems, one product.
                self.report.products_failed += 1;
                problems.into_iter().for_each(|problem| self.report.tell(problem));
            }
            Err(Error::Retry) => {
                let reason = "somebody else changed the same things all the while: import the file again";
                self.tell(failed(None, reason.to_owned()));
            }
            // What is broken for one product need not be for the next; the log has the cause.
            Err(Error::Internal(_)) => {
                let reason = "something went wrong on our side; the log says what";
                self.tell(failed(None, reason.to_owned()));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<ImportReport, ImportError> {
        if !self.report.dry_run && self.report.products_written() > 0 {
            let summary = Arc::new(Summary {
                products_created: self.report.products_created,
                products_updated: self.report.products_updated,
                products_unchanged: self.report.products_unchanged,
                products_failed: self.report.products_failed,
                problem_count: self.report.problem_count,
            });
            // The products are in: whatever becomes of this entry, the report must tell of them.
            if let Err(error) = self.ctx.retrying(summary, note).await {
                self.report.stopped.get_or_insert(error.to_string());
            }
        }
        Ok(self.report)
    }
}

/// Writes the audit entry of the import as a whole.
async fn note(ctx: &Ctx, summary: Arc<Summary>) -> Result<()> {
    let tx = ctx.begin_store(Action::ProductsImport).await?;
    tx.commit(Audit::done("product", &*summary)).await
}
