//! What can be done to variants, one file each.

pub mod bulk_update;
pub mod create;
pub mod delete;
pub mod update;

pub use bulk_update::ProductVariantBulkUpdateInput;
pub use create::ProductVariantCreateInput;
pub use update::ProductVariantUpdateInput;

use async_graphql::{InputObject, MaybeUndefined};
use rules::Problems;
use rules::ids::TaxCategoryId;
use rules::money::MoneyInput;
use rules::permission::Permission;

use crate::catalog::products::{Change, SelectedOption, VariantDraft};
use crate::kernel::{Ctx, Result};

/// What is known of a variant beside its options and its picture.
#[derive(InputObject, Clone, Default)]
pub struct VariantFields {
    /// The merchant's stock number; unique in the store, whatever its case.
    pub sku: MaybeUndefined<String>,
    /// The GTIN, EAN or other bar code.
    pub barcode: MaybeUndefined<String>,
    /// The weight of one unit in grams.
    pub weight_grams: MaybeUndefined<i32>,
    /// Whether it is sent as a parcel; a new variant is.
    pub requires_shipping: Option<bool>,
    /// Whether tax is charged; it is for a new variant.
    pub taxable: Option<bool>,
    /// What it is to the tax office; null is what its product is.
    pub tax_category_id: MaybeUndefined<TaxCategoryId>,
    /// The code that tax services know it by.
    pub tax_code: MaybeUndefined<String>,
    /// What one unit costs the merchant; needs PRICES_MANAGE.
    pub cost: MaybeUndefined<MoneyInput>,
    /// The variant's id in the merchant's other system.
    pub external_id: MaybeUndefined<String>,
}

impl VariantFields {
    /// What is wanted of the variant. `path` is where it stands in the input.
    pub fn into_draft(self, path: &str, problems: &mut Problems) -> VariantDraft {
        let cost = match self.cost {
            MaybeUndefined::Undefined => Change::Keep,
            MaybeUndefined::Null => Change::Set(None),
            MaybeUndefined::Value(cost) => {
                let cost = cost.to_money().map_err(|problem| problem.under("cost").under(path));
                // Nothing is written where there is a problem; the cost stays named, for `guard_cost`.
                Change::Set(problems.keep(cost))
            }
        };
        VariantDraft {
            sku: self.sku.into(),
            barcode: self.barcode.into(),
            weight_grams: self.weight_grams.map_value(i64::from).into(),
            requires_shipping: self.requires_shipping.into(),
            taxable: self.taxable.into(),
            tax_category_id: self.tax_category_id.into(),
            tax_code: self.tax_code.into(),
            cost,
            external_id: self.external_id.into(),
            ..VariantDraft::default()
        }
    }
}

/// What a variant answers to an option.
#[derive(InputObject, Clone, Default)]
pub struct SelectedOptionInput {
    /// The option's name; case does not count.
    pub name: String,
    /// The value's name; case does not count.
    pub value: String,
}

/// Reads what a variant answers.
pub fn selected(input: Vec<SelectedOptionInput>) -> Vec<SelectedOption> {
    input.into_iter().map(|input| SelectedOption { name: input.name, value: input.value }).collect()
}

/// Holds that costs are written by those alone who may manage prices.
///
/// # Errors
/// `Forbidden`.
pub fn guard_cost(ctx: &Ctx, variants: &[VariantDraft]) -> Result<()> {
    let named = variants.iter().any(|variant| variant.cost.set().is_some());
    if named { ctx.require(Permission::PricesManage) } else { Ok(()) }
}
