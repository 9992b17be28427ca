//! `orderUpdate`: what is known of an order beside what was bought.

use async_graphql::{InputObject, MaybeUndefined};
use entity::orders::orders::ActiveModel;
use rules::ids::OrderId;
use rules::states::{AddressKind, FulfillmentProgress};
use rules::{ErrorCode, Problem, Problems, address};
use sea_orm::ActiveValue::Set;

use crate::identity::email;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};
use crate::orders::attributes::{self, MAX_NOTE, OrderAttributeInput, free_text, to_json};
use crate::orders::events::OrderUpdated;
use crate::orders::placing::address_row;
use crate::orders::types::Order;
use crate::orders::{store, told};
use crate::places::AddressInput;

/// What changes of an order. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct OrderUpdateInput {
    /// Where the buyer is written to.
    pub email: Option<String>,
    /// Where it goes to, before anything is sent. Its country and region stay: other ones have other taxes.
    pub shipping_address: Option<AddressInput>,
    /// Who pays.
    pub billing_address: Option<AddressInput>,
    /// What the buyer wants the store to know; at most 5,000 characters.
    pub note: MaybeUndefined<String>,
    /// What it is marked with: these words and no others; at most 50.
    pub tags: Option<Vec<String>>,
    /// What the buyer's own books call it; at most 100 characters.
    pub purchase_order_number: MaybeUndefined<String>,
    /// Pairs of texts: these and no others; at most 20.
    pub attributes: Option<Vec<OrderAttributeInput>>,
}

/// What of the input hangs on the order and is not a column of it.
struct Beside {
    shipping: Option<address::Address>,
    billing: Option<address::Address>,
    tags: Option<Vec<String>>,
}

/// Changes the order.
pub async fn run(ctx: &Ctx, (id, input, expected): (OrderId, OrderUpdateInput, Option<i32>)) -> Result<Order> {
    let (change, beside) = read(&input)?;
    let mut tx = ctx.begin_store(Action::OrderUpdate).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let snapshot_before = told::snapshot(&tx, &before).await?;
    if let Some(address) = &beside.shipping {
        expect_same_taxes(&tx, id, before.fulfillment_progress, address).await?;
        store::replace_address(&tx, address_row(&tx, id, AddressKind::Shipping, address)).await?;
    }
    if let Some(address) = &beside.billing {
        store::replace_address(&tx, address_row(&tx, id, AddressKind::Billing, address)).await?;
    }
    if let Some(tags) = &beside.tags {
        store::replace_tags(&tx, id, tags).await?;
    }
    let after = store::update(&tx, &before, change).await?;
    let (lines, addresses) = (store::list_lines(&tx, &[id]).await?, store::list_addresses(&tx, &[id]).await?);
    store::replace_words(&tx, id, store::search_words(&after, &lines, &addresses)).await?;
    let snapshot = told::snapshot(&tx, &after).await?;
    tx.emit(&OrderUpdated { order: snapshot.clone() })?;
    tx.commit(Audit::updated("order", id, &snapshot_before, &snapshot)).await?;
    Ok(after.into())
}

fn read(input: &OrderUpdateInput) -> Result<(ActiveModel, Beside)> {
    let mut problems = Problems::new();
    let mut row = ActiveModel::default();
    if let Some(raw) = &input.email
        && let Some(email) = problems.keep(email::read("email", raw))
    {
        row.email_normalized = Set(Some(email.key));
        row.email = Set(Some(email.address));
    }
    match &input.note {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.note = Set(None),
        MaybeUndefined::Value(note) => {
            if let Some(note) = problems.keep(free_text("note", note, MAX_NOTE)) {
                row.note = Set(Some(note));
            }
        }
    }
    match &input.purchase_order_number {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.purchase_order_number = Set(None),
        MaybeUndefined::Value(number) => {
            let read = input::optional_line("purchaseOrderNumber", Some(number), 100);
            if let Some(number) = problems.keep(read) {
                row.purchase_order_number = Set(number);
            }
        }
    }
    let all = |problems: &mut Problems, found: Vec<Problem>| found.into_iter().for_each(|one| problems.push(one));
    if let Some(given) = &input.attributes {
        match attributes::read("attributes", given) {
            Ok(read) => row.attributes = Set(to_json(&read)?),
            Err(found) => all(&mut problems, found),
        }
    }
    let mut address = |path: &str, given: &Option<AddressInput>| {
        let read = given.as_ref().map(|given| given.read(path)).transpose();
        read.unwrap_or_else(|found| {
            all(&mut problems, found);
            None
        })
    };
    let shipping = address("shippingAddress", &input.shipping_address);
    let billing = address("billingAddress", &input.billing_address);
    let tags = input.tags.as_ref().map(|given| attributes::read_tags("tags", given)).transpose();
    let tags = tags.unwrap_or_else(|found| {
        all(&mut problems, found);
        None
    });
    problems.finish()?;
    Ok((row, Beside { shipping, billing, tags }))
}

/// Holds that an order may go to another address: nothing is on its way, and its taxes stay what they are.
async fn expect_same_taxes(
    tx: &Tx<StoreScope>,
    id: OrderId,
    sent: FulfillmentProgress,
    address: &address::Address,
) -> Result<()> {
    let refuse = |message: &str| Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "shippingAddress", message)));
    if sent != FulfillmentProgress::Unfulfilled {
        return refuse("A part was sent already.");
    }
    let addresses = store::list_addresses(tx, &[id]).await?;
    let known = addresses.iter().find(|row| row.kind == AddressKind::Shipping);
    let place = known.map(|row| (row.country.as_str(), row.region.as_deref()));
    match place {
        Some(place) if place != (address.place.country.as_str(), address.place.region.as_deref()) => {
            refuse("Another country or region has other taxes: cancel the order and place it anew.")
        }
        _ => Ok(()),
    }
}
