//! Which locations an order is sent from (rule I4).

use std::collections::BTreeMap;

use super::level::{Level, Rule, Sellable, sellable};
use crate::ids::{LocationId, ProductVariantId};
use crate::states::{InventoryPolicy, StockStrategy};

/// How many units of each variant are wanted, all lines and all components of bundles together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand(BTreeMap<ProductVariantId, i64>);

/// What there is of one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockOf {
    /// How it is sold.
    pub rule: Rule,
    /// Its levels, one a location.
    pub levels: Vec<Level>,
}

/// A location, as far as the choice asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The location.
    pub location: LocationId,
    /// Its place in the store's own order: the lower number goes first.
    pub priority: i32,
    /// How far it is from where the order goes, in whole kilometers; `None` where that is not known.
    pub kilometers: Option<u32>,
    /// Whether it lies in the country that the order goes to.
    pub is_domestic: bool,
}

/// Units of a variant that are taken from a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pick {
    /// What.
    pub variant: ProductVariantId,
    /// From where.
    pub location: LocationId,
    /// How many, at least one.
    pub units: i64,
}

/// A variant that there is not enough of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// What.
    pub variant: ProductVariantId,
    /// How many are wanted.
    pub wanted: i64,
    /// How many there are.
    pub available: i64,
}

impl Demand {
    /// Adds units of a variant. A bundle is added by its components.
    pub fn add(&mut self, variant: ProductVariantId, units: i64) {
        let wanted = self.0.entry(variant).or_default();
        *wanted = wanted.saturating_add(units);
    }

    /// The wanted units, in the order of the variants.
    pub fn iter(&self) -> impl Iterator<Item = (ProductVariantId, i64)> + '_ {
        self.0.iter().map(|(variant, units)| (*variant, *units))
    }
}

impl FromIterator<(ProductVariantId, i64)> for Demand {
    fn from_iter<I: IntoIterator<Item = (ProductVariantId, i64)>>(lines: I) -> Self {
        let mut demand = Self::default();
        for (variant, units) in lines {
            demand.add(variant, units);
        }
        demand
    }
}

/// Chooses from where each wanted unit is taken; in the order of variant and location, in which the
/// levels are to be changed (rule I2).
///
/// A location that has the whole order goes before several; one that has the whole of a variant before
/// several; otherwise units are taken in the order of the strategy until there are enough. What is
/// sold beyond the stock is owed by the first location that has a level. Levels at other places than
/// the sites do not count, and a variant without any level there is picked nowhere.
///
/// # Errors
/// Every variant that there is not enough of. Nothing is chosen then.
pub fn pick(
    demand: &Demand,
    stock: &BTreeMap<ProductVariantId, StockOf>,
    sites: &[Site],
    strategy: StockStrategy,
) -> Result<Vec<Pick>, Vec<Short>> {
    let mut short = Vec::new();
    let mut counted: Vec<(ProductVariantId, i64, StockOf)> = Vec::new();
    for (variant, wanted) in demand.iter().filter(|(_, wanted)| *wanted > 0) {
        let of = stock.get(&variant).map(|stock| StockOf { rule: stock.rule, levels: levels_at(sites, stock) });
        let sellable = of.as_ref().map_or(Sellable::Units(0), |stock| sellable(stock.rule, &stock.levels));
        match (sellable, of) {
            (Sellable::Units(available), _) if wanted > available => short.push(Short { variant, wanted, available }),
            (_, Some(of)) if !of.levels.is_empty() => counted.push((variant, wanted, of)),
            _ => {}
        }
    }
    if !short.is_empty() {
        return Err(short);
    }

    let has = |location: LocationId, stock: &StockOf, wanted: i64| {
        let enough = |level: &Level| !stock.rule.tracked || level.sellable() >= wanted;
        stock.levels.iter().any(|level| level.location == location && enough(level))
    };
    let total = |location: LocationId| -> i64 {
        let levels = counted.iter().flat_map(|(_, _, stock)| &stock.levels);
        levels.filter(|level| level.location == location).map(Level::sellable).sum()
    };
    let for_the_order = ordered(sites, strategy, total);
    let whole =
        for_the_order.iter().find(|site| counted.iter().all(|(_, wanted, stock)| has(site.location, stock, *wanted)));

    let mut picks = Vec::new();
    for (variant, wanted, stock) in &counted {
        let of_variant = |location: LocationId| {
            stock.levels.iter().find(|level| level.location == location).map_or(0, Level::sellable)
        };
        let sites = ordered(sites, strategy, of_variant);
        let one = whole.or_else(|| sites.iter().find(|site| has(site.location, stock, *wanted)));
        match one {
            Some(site) => picks.push(Pick { variant: *variant, location: site.location, units: *wanted }),
            None => split(*variant, *wanted, stock, &sites, &mut picks),
        }
    }
    picks.sort_unstable();
    Ok(picks)
}

/// Whether picks that were made earlier would still do: they are the demand, no more and no less, there is
/// enough of each variant, and no location is asked for more than it has where only what is there is sold.
pub fn holds_good(picks: &[Pick], demand: &Demand, stock: &BTreeMap<ProductVariantId, StockOf>) -> bool {
    let picked: Demand = picks.iter().map(|pick| (pick.variant, pick.units)).collect();
    let wanted: Demand = demand.iter().filter(|(_, units)| *units > 0).collect();
    let is_there = |pick: &Pick| {
        let Some(of) = stock.get(&pick.variant) else { return false };
        let level = of.levels.iter().find(|level| level.location == pick.location);
        let beyond = !of.rule.tracked || of.rule.policy == InventoryPolicy::Continue;
        level.is_some_and(|level| beyond || pick.units <= level.sellable())
    };
    let covers = |(variant, units): (ProductVariantId, i64)| {
        stock.get(&variant).is_some_and(|of| sellable(of.rule, &of.levels).covers(units))
    };
    picked == wanted && picks.iter().all(is_there) && wanted.iter().all(covers)
}

fn levels_at(sites: &[Site], stock: &StockOf) -> Vec<Level> {
    let is_there = |level: &&Level| sites.iter().any(|site| site.location == level.location);
    stock.levels.iter().filter(is_there).copied().collect()
}

/// The sites in the order of the strategy; ties by priority, then id.
fn ordered(sites: &[Site], strategy: StockStrategy, stock_at: impl Fn(LocationId) -> i64) -> Vec<Site> {
    let mut sites = sites.to_vec();
    sites.sort_by_key(|site| {
        let first = match strategy {
            StockStrategy::Priority => 0,
            StockStrategy::MostStock => -stock_at(site.location),
            // What is not known is farther than all that is, and then at home is nearer than abroad.
            StockStrategy::Nearest => match site.kilometers {
                Some(kilometers) => i64::from(kilometers),
                None if site.is_domestic => i64::MAX - 1,
                None => i64::MAX,
            },
        };
        (first, site.priority, site.location)
    });
    sites
}

fn split(variant: ProductVariantId, wanted: i64, stock: &StockOf, sites: &[Site], picks: &mut Vec<Pick>) {
    let levels: Vec<&Level> =
        sites.iter().filter_map(|site| stock.levels.iter().find(|level| level.location == site.location)).collect();
    let first = picks.len();
    let mut left = wanted;
    for level in &levels {
        let units = level.sellable().min(left);
        if units > 0 {
            picks.push(Pick { variant, location: level.location, units });
            left -= units;
        }
    }
    if let Some(level) = levels.first().filter(|_| left > 0) {
        match picks[first..].iter_mut().find(|pick| pick.location == level.location) {
            Some(pick) => pick.units += left,
            None => picks.push(Pick { variant, location: level.location, units: left }),
        }
    }
}
