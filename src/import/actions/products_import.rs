//! `productsImport`: a small file, in one request.

use bytes::Bytes;
use rules::ErrorCode;

use super::super::run::{self, ImportError};
use super::super::shopify::{FileError, Found, ShopifyReader};
use super::super::types::{ImportFormat, ImportReport, ProductsImportInput};
use crate::kernel::{Ctx, Error, Result};

/// Products of one request. A larger file takes longer than a caller waits.
const MAX_PRODUCTS: usize = 200;

/// Imports the file.
///
/// # Errors
/// `Forbidden` where a column needs a permission that the caller lacks; `Invalid` where the file can't be
/// read at all, or has too many products. Then nothing was written.
pub async fn run(ctx: &Ctx, input: ProductsImportInput) -> Result<ImportReport> {
    let ImportFormat::ShopifyCsv = input.format;
    let file = Bytes::from(input.csv);
    let counted = file.clone();
    let products = tokio::task::spawn_blocking(move || count(&counted)).await.map_err(Error::internal)?;
    if products.map_err(unreadable)? > MAX_PRODUCTS {
        let message = format!(
            "A request takes {MAX_PRODUCTS} products, and the file has more: split it, or use `stoa import` on the server."
        );
        return Err(Error::invalid(ErrorCode::TooLong, "csv", message));
    }
    match run::run(ctx, std::io::Cursor::new(file), input.dry_run, |_| {}).await {
        Ok(report) => Ok(report),
        Err(ImportError::File(error)) => Err(unreadable(error)),
        Err(ImportError::Failed(error)) => Err(error),
    }
}

/// The products of the file, counted up to one more than are taken.
fn count(file: &[u8]) -> Result<usize, FileError> {
    let found = ShopifyReader::open(file)?.filter(|found| matches!(found, Ok(Found::Product(_))));
    Ok(found.take(MAX_PRODUCTS + 1).count())
}

fn unreadable(error: FileError) -> Error {
    Error::invalid(ErrorCode::Invalid, "csv", format!("{error}."))
}
