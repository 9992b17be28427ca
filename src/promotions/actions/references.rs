//! What terms name by its id, held to what the store has.

use rules::ids::{SegmentId, ShippingRateId};
use rules::promotion::Target;
use rules::{ErrorCode, Problems};

use crate::catalog::products::{self, Viewer};
use crate::catalog::{brands, categories, collections, tags, variants};
use crate::customers;
use crate::kernel::{Result, StoreScope, Tx};
use crate::shipping::rates;

/// Something that terms name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// What a line can be.
    Target(Target),
    /// A segment of customers.
    Segment(SegmentId),
    /// A way to ship.
    Rate(ShippingRateId),
}

/// Refuses terms that name what the store has not, or has deleted. One statement a kind of thing, where there is one.
///
/// # Errors
/// `NOT_FOUND` for each at its place in the input; another store's alike.
pub async fn expect_living(tx: &Tx<StoreScope>, references: &[(String, Reference)]) -> Result<()> {
    let targets = references.iter().filter_map(|(_, reference)| match reference {
        Reference::Target(target) => Some(*target),
        Reference::Segment(_) | Reference::Rate(_) => None,
    });
    let living = living(tx, &targets.collect::<Vec<_>>()).await?;
    let ways = references.iter().filter_map(|(_, reference)| match reference {
        Reference::Rate(rate) => Some(*rate),
        Reference::Target(_) | Reference::Segment(_) => None,
    });
    let mut ways: Vec<ShippingRateId> = ways.collect();
    if !ways.is_empty() {
        ways = rates::list_by_ids(tx, &ways).await?.into_iter().map(|row| row.id).collect();
    }
    let segments = references.iter().filter_map(|(_, reference)| match reference {
        Reference::Segment(segment) => Some(*segment),
        Reference::Target(_) | Reference::Rate(_) => None,
    });
    let mut segments: Vec<SegmentId> = segments.collect();
    if !segments.is_empty() {
        segments = customers::segments::list_by_ids(tx, &segments).await?.into_iter().map(|row| row.id).collect();
    }
    let mut problems = Problems::new();
    for (path, reference) in references {
        let lives = match reference {
            Reference::Target(target) => living.contains(target),
            Reference::Rate(rate) => ways.contains(rate),
            Reference::Segment(segment) => segments.contains(segment),
        };
        if !lives {
            problems.add(ErrorCode::NotFound, path, "There is no such thing in this store.");
        }
    }
    Ok(problems.finish()?)
}

/// Those of the targets that the store has.
async fn living(tx: &Tx<StoreScope>, targets: &[Target]) -> Result<Vec<Target>> {
    let mut living = Vec::with_capacity(targets.len());
    macro_rules! of_kind {
        ($kind:ident, $list:expr, $lives:expr) => {
            let ids: Vec<_> = targets
                .iter()
                .filter_map(|target| match target {
                    Target::$kind(id) => Some(*id),
                    _ => None,
                })
                .collect();
            if !ids.is_empty() {
                let rows = $list(ids).await?;
                living.extend(rows.iter().filter($lives).map(|row| Target::$kind(row.id)));
            }
        };
    }
    of_kind!(Variant, async |ids: Vec<_>| variants::list_by_ids(tx, &ids).await, |row| row.deleted_at.is_none());
    of_kind!(Product, async |ids: Vec<_>| products::list_by_ids(tx, &ids).await, |row| row.deleted_at.is_none());
    of_kind!(Brand, async |ids: Vec<_>| brands::list_by_ids(tx, &ids).await, |row| row.deleted_at.is_none());
    of_kind!(Category, async |ids: Vec<_>| categories::list_by_ids(tx, &ids).await, |row| row.deleted_at.is_none());
    of_kind!(Collection, async |ids: Vec<_>| collections::list_by_ids(tx, &ids).await, |row| row.deleted_at.is_none());
    of_kind!(Tag, async |ids: Vec<_>| tags::list_by_ids(tx, Viewer::Staff, &ids).await, |_| true);
    Ok(living)
}
