//! What can be done to collections, one file each.

pub mod create;
pub mod delete;
pub mod products_add;
pub mod products_remove;
pub mod products_set;
pub mod restore;
pub mod update;

pub use create::CollectionCreateInput;
pub use update::CollectionUpdateInput;

use std::collections::HashSet;

use rules::ids::ProductId;
use rules::{ErrorCode, Problem, Problems};

use super::store::members;
use crate::kernel::{Ctx, Result, StoreScope, Tx, text};

/// The longest title, in characters.
const MAX_TITLE: usize = 200;

/// Reads a title.
fn title(raw: &str) -> Result<String, Problem> {
    crate::kernel::input::line("title", raw, 1, MAX_TITLE)
}

/// Reads a slug that was given, or makes one from the title.
fn slug(given: Option<&str>, title: &str) -> Result<String, Problem> {
    match given {
        Some(slug) if text::is_slug(slug) => Ok(slug.to_owned()),
        Some(_) => Err(crate::kernel::input::bad_slug("slug")),
        None => Some(text::slug(title))
            .filter(|slug| !slug.is_empty())
            .ok_or_else(|| Problem::new(ErrorCode::Required, "slug", "No slug can be made from this title: give one.")),
    }
}

/// Holds a list of products to its bounds: not too long, none twice.
fn check_list(ctx: &Ctx, products: &[ProductId]) -> Result<(), Vec<Problem>> {
    let max = ctx.settings().input_list_max;
    let mut problems = Problems::new();
    if products.len() > max {
        problems.add(ErrorCode::TooLong, "productIds", format!("Give at most {max} at once."));
        return problems.finish();
    }
    let mut seen = HashSet::new();
    for (place, product) in products.iter().enumerate() {
        if !seen.insert(product) {
            let message = "This product stands in the list already: name it once.";
            problems.add(ErrorCode::Duplicate, &format!("productIds.{place}"), message);
        }
    }
    problems.finish()
}

/// Holds that every product is the store's own; `deleted` says whether deleted ones will do.
async fn check_products(tx: &Tx<StoreScope>, products: &[ProductId], deleted: bool) -> Result<()> {
    let known = members::known_products(tx, products, deleted).await?;
    let mut problems = Problems::new();
    for (place, product) in products.iter().enumerate() {
        if !known.contains(product) {
            problems.add(ErrorCode::NotFound, &format!("productIds.{place}"), "There is no such product here.");
        }
    }
    Ok(problems.finish()?)
}
