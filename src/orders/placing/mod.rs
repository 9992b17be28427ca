//! The one way in which an order comes about: the door for checkouts and drafts.
//!
//! [`place`] works inside the open transaction of whoever calls, who holds what the order is made of. It works the
//! total out from the terms itself, so that no order says anything else than its terms do (rule P6); turns what is
//! held into what is promised; takes codes and budgets; gives the number; and tells. All of it, or nothing where the
//! transaction is dropped. One order comes of a cart or draft: whoever asks again gets the one that is there.

mod lines;
mod rows;
mod snapshot;

pub use rows::{address_row, payment_row};
pub use snapshot::OrderLineOption;

use entity::orders::orders;
use rules::address::Address;
use rules::ids::{CartId, CustomerId, DraftOrderId, OrderId, PaymentId, ProductVariantId, PromotionId};
use rules::ids::{ShippingProfileId, ShippingRateId};
use rules::promotion::Evaluation;
use rules::state::payment::Payment;
use rules::stock::{Destination, Short};
use rules::totals::{LineKind, LineTotal, Terms, Totals};
use rules::{Currency, ErrorCode, Money, Problem};

use super::attributes::OrderAttribute;
use super::events::OrderPlaced;
use super::{statuses, store, told};
use crate::customers::{OrderCount, count_order, find_or_create_guest, hold_buyer};
use crate::identity::email::Email;
use crate::identity::secret::{Kind, Secret};
use crate::inventory::reservations::{self, Line, Outcome, Owner};
use crate::kernel::{Action, Audit, Result, StoreScope, Tx};
use crate::promotions::redemption::{BuyerKey, Redemption, redeem};

/// What becomes an order. A new way to sell is a value here, and a unique key in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A cart that was checked out. Its stock is held in its name.
    Cart(CartId),
    /// A draft of the staff's.
    Draft(DraftOrderId),
}

/// All that is known of an order that is about to be placed.
#[derive(Debug, Clone)]
pub struct Placement {
    /// The id that codes and budgets were taken under already, before the order; none where nothing was.
    pub id: Option<OrderId>,
    /// What it is made of.
    pub source: Source,
    /// All that its total is worked out from, read in this transaction but for the taxes.
    pub terms: Terms,
    /// What is known of each line of the basket beside, in their order.
    pub lines: Vec<PlacedLine>,
    /// How each group of goods is shipped; their prices sum to the basket's charge.
    pub deliveries: Vec<Delivery>,
    /// The promotion among the terms that stands for a discount of the staff's own. No counter knows it.
    pub own_discount: Option<PromotionId>,
    /// Whose it is; none for a guest's, who is known by the e-mail address.
    pub customer: Option<CustomerId>,
    /// Where the buyer is written to.
    pub email: Option<Email>,
    /// Where it goes to.
    pub shipping_address: Option<Address>,
    /// Who pays.
    pub billing_address: Option<Address>,
    /// The language that the buyer is written to in.
    pub locale: String,
    /// What the buyer wants the store to know.
    pub note: Option<String>,
    /// Pairs of texts.
    pub attributes: Vec<OrderAttribute>,
    /// What it is marked with.
    pub tags: Vec<String>,
    /// What the buyer's own books call it.
    pub purchase_order_number: Option<String>,
    /// The organization that buys.
    pub organization_name: Option<String>,
    /// Its VAT number.
    pub vat_number: Option<String>,
    /// What led the buyer here.
    pub attribution: Option<Attribution>,
    /// The payments that it is placed with, and what each has come to.
    pub payments: Vec<(PaymentId, Payment)>,
}

/// What is known of a line beside what the basket says.
#[derive(Debug, Clone, Default)]
pub struct PlacedLine {
    /// What the staff made up; none for a variant, whose titles are read from the catalog.
    pub custom: Option<CustomLine>,
    /// Pairs of texts.
    pub attributes: Vec<OrderAttribute>,
}

/// A line that is no variant of the catalog. In the basket the line's own id stands for variant and product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomLine {
    /// What it is called.
    pub title: String,
    /// Its stock number.
    pub sku: Option<String>,
    /// Whether it is shipped.
    pub requires_shipping: bool,
}

/// How one group of goods is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The shipping profile of the goods; none where staff named the price.
    pub profile: Option<ShippingProfileId>,
    /// The rate; none where staff named the price.
    pub rate: Option<ShippingRateId>,
    /// What it is called.
    pub title: String,
    /// What it costs before discounts.
    pub price: Money,
}

/// What led a buyer to an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attribution {
    /// Which site sent the buyer, as the link says.
    pub utm_source: Option<String>,
    /// By which medium.
    pub utm_medium: Option<String>,
    /// By which campaign.
    pub utm_campaign: Option<String>,
    /// For which words.
    pub utm_term: Option<String>,
    /// By which of several links.
    pub utm_content: Option<String>,
    /// The page that the buyer came from.
    pub referrer: Option<String>,
    /// The page that the buyer came to first.
    pub landing_page: Option<String>,
}

/// An order, as it was placed or stood there already.
#[derive(Debug)]
pub struct Placed {
    /// The order.
    pub order: orders::Model,
    /// The secret that shows it to who bought it, given this once; none where the order stood there already.
    pub secret: Option<Secret>,
}

/// Places an order, once for each source.
///
/// # Errors
/// `Conflict` with `OUT_OF_STOCK` at `lines.0.quantity` and how many are left; as [`redeem`] for codes and budgets;
/// `Invalid` where the total can't be worked out; `Retry` where the same source is placed at the same moment.
/// Whatever it is, the caller drops the transaction.
pub async fn place(tx: &mut Tx<StoreScope>, placement: Placement) -> Result<Placed> {
    if let Some(order) = store::find_by_source(tx, placement.source).await? {
        return Ok(Placed { order, secret: None });
    }
    let id: OrderId = placement.id.unwrap_or_else(|| tx.ctx().id());
    let reckoning = placement.terms.work_out()?;
    let totals = &reckoning.totals;
    promise(tx, id, &placement, totals).await?;
    let buyer = buyer_key(placement.customer, placement.email.as_ref());
    let evaluation = without_own(&reckoning.evaluation, placement.own_discount);
    let redemption = Redemption { order: id, buyer: buyer.as_ref(), evaluation: &evaluation, at: tx.ctx().now() };
    redeem(tx, &redemption).await?;

    let customer = match (placement.customer, &placement.email) {
        (Some(customer), _) => Some(hold_buyer(tx, customer).await?),
        (None, Some(email)) => Some(find_or_create_guest(tx, email).await?.id),
        (None, None) => None,
    };
    if let Some(customer) = customer {
        let paid = paid(totals.currency, placement.payments.iter().map(|(_, payment)| payment))?;
        count_order(tx, customer, OrderCount { orders: 1, spent: paid }).await?;
    }
    let placement = Placement { customer, ..placement };

    let variants = lines::variants_of(totals, &placement);
    let shown = snapshot::find(tx, &variants).await?;
    let secret = Secret::generate(Kind::Order, &*tx.ctx().system().entropy);
    // The last lock that is taken: whoever places another order waits here, and only until the commit.
    let number = store::take_number(tx).await?;
    let rows = rows::of(tx, (id, number), &placement, &reckoning, &shown)?;
    let order = store::insert(tx, rows, &secret).await?;
    statuses::note_beginning(tx, &order).await?;

    let snapshot = told::snapshot(tx, &order).await?;
    tx.emit(&OrderPlaced { order: snapshot.clone() })?;
    tx.audit(Action::OrderPlace, Audit::created("order", id, &snapshot)).await?;
    Ok(Placed { order, secret: Some(secret) })
}

/// What payments took and did not give back.
///
/// # Errors
/// `Invalid` beyond counting.
pub fn paid<'a>(currency: Currency, payments: impl IntoIterator<Item = &'a Payment>) -> Result<Money> {
    let left = |payment: &Payment| payment.captured.checked_sub(payment.refunded);
    let left = payments.into_iter().map(left).collect::<Result<Vec<Money>, _>>().map_err(Problem::from)?;
    Ok(Money::sum(currency, left).map_err(Problem::from)?)
}

/// By what limits per buyer count: the customer, or the e-mail address.
pub fn buyer_key(customer: Option<CustomerId>, email: Option<&Email>) -> Option<BuyerKey> {
    customer.map(BuyerKey::Customer).or_else(|| email.map(|email| BuyerKey::guest(&email.address)))
}

/// The evaluation as the counters of promotions know it.
fn without_own(evaluation: &Evaluation, own: Option<PromotionId>) -> Evaluation {
    let mut evaluation = evaluation.clone();
    evaluation.verdicts.retain(|verdict| Some(verdict.promotion) != own);
    evaluation
}

/// Turns what the source holds into what the order is promised (rule I3). What staff made up is in no stock.
async fn promise(tx: &mut Tx<StoreScope>, id: OrderId, placement: &Placement, totals: &Totals) -> Result<()> {
    let stocked = |line: &&LineTotal| !lines::is_custom(placement, line.kind);
    let wanted = totals.lines.iter().filter(stocked).map(|line| Line { variant: line.variant, units: line.quantity });
    let wanted: Vec<Line> = wanted.collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let owner = match placement.source {
        Source::Cart(cart) => Owner::from(cart),
        Source::Draft(draft) => Owner::from(draft),
    };
    let country = placement.shipping_address.as_ref().map(|address| address.place.country.clone());
    let to = Destination { country, point: None };
    match reservations::promise(tx, &owner, &Owner::from(id), &wanted, &to).await? {
        Outcome::Kept(_) => Ok(()),
        Outcome::Short(short) => Err(out_of_stock(totals, &short).into()),
    }
}

/// Every line that there is too little of; a gift that ran out meanwhile is another price.
fn out_of_stock(totals: &Totals, short: &[Short]) -> Vec<Problem> {
    let place = |variant: ProductVariantId| {
        totals.lines.iter().position(|line| line.variant == variant && matches!(line.kind, LineKind::Bought(_)))
    };
    let problem = |short: &Short| match place(short.variant) {
        Some(place) => {
            let left = u32::try_from(short.available.max(0)).unwrap_or(u32::MAX);
            let message = format!("{left} of it are left.");
            Problem::new(ErrorCode::OutOfStock, &format!("lines.{place}.quantity"), message).with_available(left)
        }
        None => Problem::new(ErrorCode::PriceChanged, "", "A gift ran out meanwhile: look at the new total."),
    };
    short.iter().map(problem).collect()
}
