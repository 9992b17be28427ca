//! What variants are called and look like at the moment, for the lines that keep it.

use std::collections::{BTreeSet, HashMap};

use rules::ids::{ProductId, ProductVariantId};
use rules::states::MediaKind;
use serde::{Deserialize, Serialize};

use crate::catalog::products;
use crate::catalog::variants;
use crate::kernel::graph::object;
use crate::kernel::{Result, StoreScope};

/// A variant as a buyer saw it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The product's title.
    pub title: String,
    /// Which version of it; none where it has but one.
    pub variant_title: Option<String>,
    /// The stock number.
    pub sku: Option<String>,
    /// What it answers to the product's options.
    pub options: Vec<OrderLineOption>,
    /// Its picture, or the product's first.
    pub image_url: Option<String>,
    /// Whether it is shipped.
    pub requires_shipping: bool,
}

/// An option that was chosen, such as the size M.
#[object]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLineOption {
    /// What is chosen, such as the size.
    name: String,
    /// What was chosen, such as M.
    value: String,
}

/// What is shown of variants, in a fixed number of statements.
pub async fn find(scope: &StoreScope, ids: &[ProductVariantId]) -> Result<HashMap<ProductVariantId, Shown>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = variants::list_by_ids(scope, ids).await?;
    let of: Vec<ProductId> = rows.iter().map(|row| row.product_id).collect::<BTreeSet<_>>().into_iter().collect();
    let titles: HashMap<ProductId, String> =
        products::list_by_ids(scope, &of).await?.into_iter().map(|row| (row.id, row.title)).collect();
    let media = products::list_media(scope, &of).await?;
    let mut options: HashMap<ProductVariantId, Vec<OrderLineOption>> = HashMap::new();
    for chosen in variants::list_selected(scope, &of).await? {
        let option = OrderLineOption { name: chosen.name, value: chosen.value };
        options.entry(chosen.variant_id).or_default().push(option);
    }
    let shown = rows.into_iter().map(|row| {
        let pictures = || media.iter().filter(|medium| medium.kind == MediaKind::Image);
        let own = pictures().find(|medium| Some(medium.id) == row.media_id);
        let picture = own.or_else(|| pictures().find(|medium| medium.product_id == row.product_id));
        let options = options.remove(&row.id).unwrap_or_default();
        let shown = Shown {
            title: titles.get(&row.product_id).cloned().unwrap_or_default(),
            variant_title: (!options.is_empty()).then_some(row.title),
            sku: row.sku,
            options,
            image_url: picture.map(|medium| medium.url.clone()),
            requires_shipping: row.requires_shipping,
        };
        (row.id, shown)
    });
    Ok(shown.collect())
}
