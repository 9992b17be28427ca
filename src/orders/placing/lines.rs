//! What the lines of the totals are.

use std::collections::BTreeSet;

use rules::ids::ProductVariantId;
use rules::totals::{LineKind, Totals};

use super::{CustomLine, PlacedLine, Placement};

/// What is known of a line of the basket; none for a gift.
pub fn placed(placement: &Placement, kind: LineKind) -> Option<&PlacedLine> {
    match kind {
        LineKind::Bought(place) => placement.lines.get(place),
        LineKind::Gift(_) => None,
    }
}

/// What staff made up; none for a variant.
pub fn custom(placement: &Placement, kind: LineKind) -> Option<&CustomLine> {
    placed(placement, kind).and_then(|line| line.custom.as_ref())
}

/// Whether staff made it up.
pub fn is_custom(placement: &Placement, kind: LineKind) -> bool {
    custom(placement, kind).is_some()
}

/// Every variant that is bought or given, each once.
pub fn variants_of(totals: &Totals, placement: &Placement) -> Vec<ProductVariantId> {
    let lines = totals.lines.iter().filter(|line| !is_custom(placement, line.kind));
    lines.map(|line| line.variant).collect::<BTreeSet<_>>().into_iter().collect()
}
