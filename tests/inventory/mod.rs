//! Stories of locations, stock, what is kept for whom, and what visitors are told of it.

mod availability;
mod changing;
mod counting;
mod importing;
mod invariants;
mod keeping;
mod locations;
mod storms;

use std::sync::Arc;

use chrono::TimeDelta;
use rules::ids::{CustomerId, LocationId, ProductVariantId, StoreId};
use rules::states::{DocumentPolicy, StorePlan};
use rules::stock::{Destination, Pick, Short};
use serde_json::Value;
use stoa::inventory::reservations::{self, Line, Outcome, Owner};
use stoa::kernel::ctx::{Caller, StoreContext};
use stoa::kernel::{Action, Actor as Acting, Audit, Ctx, Error, System};

use crate::harness::{Actor, Answer, Shop, json};

const SET: &str = "mutation($input: InventorySetInput!) { inventorySet(input: $input) {
    inventoryLevel { id onHand available location { name isDefault } } userErrors { code field } } }";
const ITEM: &str = "query($id: ID!) { inventoryItem(variantId: $id) {
    tracked policy onHand available held sellable isLow levels { onHand reserved held location { name } } } }";
const MOVEMENTS: &str = "query($id: ID!) { inventoryMovements(filter: { variantId: $id }) {
    nodes { delta onHandAfter reservedDelta reservedAfter sequence reason reference actor } totalCount } }";
const UPDATE_ITEM: &str = "mutation($id: ID!, $input: InventoryItemUpdateInput!, $version: Int) {
    inventoryItemUpdate(variantId: $id, input: $input, expectedVersion: $version) {
        inventoryItem { tracked policy version } userErrors { code field } } }";
const UPDATE_SETTINGS: &str = "mutation($input: InventorySettingsUpdateInput!, $version: Int) {
    inventorySettingsUpdate(input: $input, expectedVersion: $version) {
        inventorySettings { strategy lowStock showsCounts version } userErrors { code field } } }";
const UPDATE_LOCATION: &str = "mutation($id: ID!, $input: LocationUpdateInput!, $version: Int) {
    locationUpdate(id: $id, input: $input, expectedVersion: $version) {
        location { name country isDefault priority coordinates { latitude longitude } } userErrors { code field } } }";

async fn set(owner: &Actor, input: Value) -> Answer {
    owner.query(SET, json!({ "input": input })).await
}

/// Changes how a variant of Linden's is counted and sold.
async fn update_item(shop: &Shop, variant: ProductVariantId, input: Value) {
    shop.owner().query(UPDATE_ITEM, json!({ "id": variant, "input": input })).await.ok();
}

async fn update_settings(shop: &Shop, input: Value) {
    shop.owner().query(UPDATE_SETTINGS, json!({ "input": input })).await.ok();
}

/// A variant of Linden's with so many units at the default location.
async fn stocked(shop: &Shop, units: i32) -> ProductVariantId {
    let variant = shop.variant_row(shop.linden.store()).await;
    shop.stock(&shop.owner(), &variant.to_string(), units).await;
    variant
}

/// So many units at a location.
async fn put(shop: &Shop, variant: ProductVariantId, location: &str, units: i32) {
    let input = json!({ "variantId": variant, "locationId": location, "onHand": units, "ignoreExpected": true });
    set(&shop.owner(), input).await.ok();
}

/// The operator in a store, as a job works.
pub fn operator(system: &Arc<System>, shop: &Shop, store: StoreId) -> Ctx {
    let mut caller = Caller::anonymous("till");
    caller.actor = Acting::Operator;
    caller.store = Some(StoreContext {
        id: store,
        organization: shop.linden.id,
        handle: "linden".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        currencies: vec!["EUR".parse().expect("a currency")],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    });
    Ctx::new(Arc::clone(system), caller, None, Arc::default())
}

/// What checkout and fulfillment will be: the doors of reservations, each in a transaction of its own.
pub struct Till<'a> {
    shop: &'a Shop,
    system: Arc<System>,
    store: StoreId,
}

/// A cart or an order. Stock knows an owner by nothing but its id, so any will do.
pub fn somebody(shop: &Shop) -> Owner {
    shop.id::<CustomerId>().into()
}

fn lines(wanted: &[(ProductVariantId, i64)]) -> Vec<Line> {
    wanted.iter().map(|(variant, units)| Line { variant: *variant, units: *units }).collect()
}

impl<'a> Till<'a> {
    /// In Linden's first store.
    pub fn of(shop: &'a Shop) -> Self {
        Self { shop, system: Arc::clone(&shop.node.system), store: shop.linden.store() }
    }

    /// The same on another server.
    fn on(shop: &'a Shop, system: &Arc<System>) -> Self {
        Self { system: Arc::clone(system), ..Self::of(shop) }
    }

    fn ctx(&self) -> Ctx {
        operator(&self.system, self.shop, self.store)
    }

    /// Holds units for so many minutes, once: where two transactions meet, the error says so.
    async fn try_hold(
        &self,
        cart: &Owner,
        wanted: &[(ProductVariantId, i64)],
        to: &Destination,
        minutes: i64,
    ) -> Result<Outcome, Error> {
        let ctx = self.ctx();
        let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
        let until = ctx.now() + TimeDelta::minutes(minutes);
        let outcome = reservations::hold(&mut tx, cart, &lines(wanted), to, until).await?;
        if matches!(outcome, Outcome::Kept(_)) {
            tx.commit(Audit::done("cart", &cart.as_str())).await?;
        }
        Ok(outcome)
    }

    async fn outcome(&self, cart: &Owner, wanted: &[(ProductVariantId, i64)], minutes: i64) -> Outcome {
        self.try_hold(cart, wanted, &Destination::default(), minutes).await.expect("an outcome")
    }

    /// Holds units for a quarter of an hour.
    pub async fn hold(&self, cart: &Owner, wanted: &[(ProductVariantId, i64)]) -> Vec<Pick> {
        match self.outcome(cart, wanted, 15).await {
            Outcome::Kept(picks) => picks,
            Outcome::Short(short) => panic!("too few: {short:?}"),
        }
    }

    /// How few there are of each, where there are too few.
    async fn short(&self, cart: &Owner, wanted: &[(ProductVariantId, i64)]) -> Vec<(i64, i64)> {
        match self.outcome(cart, wanted, 15).await {
            Outcome::Short(short) => {
                short.iter().map(|Short { wanted, available, .. }| (*wanted, *available)).collect()
            }
            Outcome::Kept(picks) => panic!("there were enough: {picks:?}"),
        }
    }

    async fn promise(&self, cart: &Owner, order: &Owner, wanted: &[(ProductVariantId, i64)]) -> Outcome {
        let ctx = self.ctx();
        let run = async |ctx: &Ctx, (): ()| {
            let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
            let to = Destination::default();
            let outcome = reservations::promise(&mut tx, cart, order, &lines(wanted), &to).await?;
            if matches!(outcome, Outcome::Kept(_)) {
                tx.commit(Audit::done("order", &order.as_str())).await?;
            }
            Ok(outcome)
        };
        ctx.retrying((), run).await.expect("an outcome")
    }

    /// Promises units, and answers from where.
    async fn sell(&self, cart: &Owner, order: &Owner, wanted: &[(ProductVariantId, i64)]) -> Vec<Pick> {
        match self.promise(cart, order, wanted).await {
            Outcome::Kept(picks) => picks,
            Outcome::Short(short) => panic!("too few: {short:?}"),
        }
    }

    async fn release(&self, owner: &Owner, wanted: Option<&[(ProductVariantId, i64)]>) -> Result<Vec<Pick>, Error> {
        let ctx = self.ctx();
        let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
        let wanted = wanted.map(lines);
        let released = reservations::release(&mut tx, owner, wanted.as_deref()).await?;
        tx.commit(Audit::done("order", &owner.as_str())).await?;
        Ok(released)
    }

    async fn ship(&self, order: &Owner, parcel: &[Pick]) -> Result<(), Error> {
        let ctx = self.ctx();
        let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
        reservations::ship(&mut tx, order, parcel).await?;
        tx.commit(Audit::done("order", &order.as_str())).await
    }

    async fn relocate(&self, order: &Owner, pick: &Pick, to: &str) -> Result<(), Error> {
        let ctx = self.ctx();
        let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
        reservations::relocate(&mut tx, order, pick, place(to)).await?;
        tx.commit(Audit::done("order", &order.as_str())).await
    }

    async fn put_back(&self, order: &Owner, parcel: &[Pick]) -> Result<(), Error> {
        let ctx = self.ctx();
        let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
        reservations::put_back(&mut tx, order, parcel).await?;
        tx.commit(Audit::done("order", &order.as_str())).await
    }

    /// How many units somebody could buy; none is any number.
    async fn left(&self, owner: &Owner, variant: ProductVariantId) -> Option<i64> {
        let ctx = self.ctx();
        let scope = ctx.store().await.expect("a scope");
        let left = reservations::left(&scope, Some(owner), &[variant], ctx.now()).await.expect("an answer");
        ctx.release().await;
        match left[&variant] {
            rules::stock::Sellable::Unlimited => None,
            rules::stock::Sellable::Units(units) => Some(units),
        }
    }

    async fn tidy(&self, most: u64) -> u64 {
        reservations::tidy(&self.ctx(), most).await.expect("a count")
    }
}

/// Some units of what was picked.
fn some(pick: &Pick, units: i64) -> Pick {
    Pick { units, ..*pick }
}

/// What is on hand and reserved of a variant, at all locations together.
async fn level(shop: &Shop, variant: ProductVariantId) -> (i64, i64) {
    let sum = |column: &str| {
        format!(
            "SELECT CAST(SUM(l.{column}) AS bigint) FROM inventory_levels l JOIN inventory_items i \
             ON i.store_id = l.store_id AND i.id = l.item_id WHERE i.variant_id = {}",
            shop.literal(variant)
        )
    };
    (shop.number(&sum("on_hand")).await, shop.number(&sum("reserved")).await)
}

/// The id inside the text of a location.
fn place(id: &str) -> LocationId {
    id.parse().expect("a location")
}
