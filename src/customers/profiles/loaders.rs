//! Batched reads of customers.

use std::collections::HashMap;
use std::sync::Arc;

use entity::customers::{customer_tags, customers};
use rules::ids::{CustomerId, SegmentId};

use super::store;
use super::types::CustomerSort;
use crate::customers::segments;
use crate::kernel::loaders::Batch;
use crate::kernel::page::{self, Page, Slice};
use crate::kernel::{Ctx, Result};

/// Living customers by id, whoever asks: whoever shows one has checked that the caller may see it.
pub struct CustomerById;

impl Batch for CustomerById {
    type Key = CustomerId;
    type Value = Option<Arc<customers::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerId]) -> Result<HashMap<CustomerId, Self::Value>> {
        let rows = store::list_living(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The tags of each customer, in their order.
pub struct TagsByCustomer;

impl Batch for TagsByCustomer {
    type Key = CustomerId;
    type Value = Vec<Arc<customer_tags::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerId]) -> Result<HashMap<CustomerId, Self::Value>> {
        let mut tags: HashMap<CustomerId, Self::Value> = HashMap::with_capacity(keys.len());
        for row in store::list_tags(&ctx.store().await?, keys).await? {
            tags.entry(row.customer_id).or_default().push(Arc::new(row));
        }
        Ok(tags)
    }
}

/// One page of the customers inside a segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageInSegment {
    /// The segment.
    pub segment: SegmentId,
    /// In which order.
    pub sort: CustomerSort,
    /// Which page of them.
    pub page: Page,
}

/// The customers inside segments at this moment, a page of each: one statement for all that ask in the same way.
pub struct CustomersInSegment;

impl Batch for CustomersInSegment {
    type Key = PageInSegment;
    type Value = Slice<Arc<customers::Model>>;

    async fn load(ctx: &Ctx, keys: &[PageInSegment]) -> Result<HashMap<PageInSegment, Self::Value>> {
        let scope = ctx.store().await?;
        let mut alike: HashMap<(CustomerSort, Page), Vec<PageInSegment>> = HashMap::new();
        for key in keys {
            alike.entry((key.sort, key.page.clone())).or_default().push(key.clone());
        }
        let mut pages = HashMap::new();
        for ((sort, page), keys) in alike {
            let ids: Vec<SegmentId> = keys.iter().map(|key| key.segment).collect();
            let inside = segments::list_by_ids(&scope, &ids).await?;
            let Some((select, parent)) = store::list_inside(&scope, &inside)? else { continue };
            let mut found = page::fetch_each(ctx, &scope, select, parent, &store::sort(sort), &page).await?;
            for key in keys {
                if let Some(slice) = found.remove(&key.segment.0) {
                    pages.insert(key, slice.map(Arc::new));
                }
            }
        }
        Ok(pages)
    }
}

/// How many customers each segment has at this moment.
pub struct CustomerCountInSegment;

impl Batch for CustomerCountInSegment {
    type Key = SegmentId;
    type Value = u64;

    async fn load(ctx: &Ctx, keys: &[SegmentId]) -> Result<HashMap<SegmentId, u64>> {
        let scope = ctx.store().await?;
        let inside = segments::list_by_ids(&scope, keys).await?;
        let Some((select, parent)) = store::list_inside(&scope, &inside)? else { return Ok(HashMap::new()) };
        let found = page::count_each(&scope, select, parent).await?;
        Ok(found.into_iter().map(|(segment, total)| (SegmentId(segment), total)).collect())
    }
}
