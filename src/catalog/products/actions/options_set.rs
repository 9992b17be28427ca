//! `productOptionsSet`: a product gets other options, and its variants must fit them.

use rules::ids::ProductId;
use rules::{ErrorCode, Problems};

use super::super::aggregate::Mint;
use super::super::draft::{Others, check_options};
use super::super::events::{ProductOptionsSet, ProductSnapshot};
use super::super::save;
use super::super::types::Product;
use super::ProductOptionInput;
use crate::kernel::{Action, Audit, Ctx, Result};

/// Sets the options.
pub async fn run(
    ctx: &Ctx,
    (id, options, expected): (ProductId, Vec<ProductOptionInput>, Option<i32>),
) -> Result<Product> {
    let options = check_options(options.into_iter().map(Into::into).collect())?;

    let mut tx = ctx.begin_store(Action::ProductOptionsSet).await?;
    let mut edit = save::open(&tx, id, expected).await?;
    let mut problems = Problems::new();
    let lost = edit.after.set_options(&options, Others::Remove, &Mint::of(ctx), &mut problems);
    let named = edit.before.variants.iter().filter(|variant| lost.contains(&variant.row.id));
    let titles: Vec<&str> = named.map(|variant| variant.row.title.as_str()).take(5).collect();
    if !titles.is_empty() {
        let message = format!(
            "Variants have values that would be gone, such as {}: give them other values or delete them first.",
            titles.join(", ")
        );
        problems.add(ErrorCode::OptionMismatch, "options", message);
    } else if !edit.after.repeated().is_empty() {
        let message = "Some variants would be the same: delete all but one of them first.";
        problems.add(ErrorCode::OptionMismatch, "options", message);
    }
    let edit = edit.close(&tx, problems).await?;
    let (before, after) = (ProductSnapshot::from(&edit.before), ProductSnapshot::from(&edit.after));
    let audit = Audit::updated("product", id, &before, &after);
    tx.emit(&ProductOptionsSet { product: after })?;
    tx.commit(audit).await?;
    Ok(edit.after.product.into())
}
