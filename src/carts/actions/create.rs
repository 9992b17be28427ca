//! `cartCreate`: something is put into a new cart. There is no cart with nothing in it (rule C1).

use async_graphql::InputObject;
use entity::carts::carts::Model;
use rules::ids::CartId;
use rules::states::CartState;
use rules::{Currency, ErrorCode, Problem, Problems};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::lines_add::{self, CartLineInput};
use crate::carts::attributes::{self, CartAttributeInput};
use crate::carts::edit::expiry;
use crate::carts::events::{CartCreated, CartSnapshot};
use crate::carts::store::{self, Parts};
use crate::carts::types::{CartWarning, GivenOut};
use crate::identity::email;
use crate::identity::secret::{Kind, Secret};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Characters of a word of attribution at the most.
const MAX_UTM: usize = 200;
/// Characters of the address of a page at the most.
const MAX_REFERRER: usize = 1_000;

/// A new cart.
#[derive(InputObject, Clone)]
pub struct CartCreateInput {
    /// What is put into it; one line at least, 250 at the most.
    pub lines: Vec<CartLineInput>,
    /// The currency; that of the request where it is left out.
    pub currency: Option<Currency>,
    /// The e-mail address of the buyer.
    pub email: Option<String>,
    /// What the buyer wants the store to know; at most 2,000 characters.
    pub note: Option<String>,
    /// What the storefront keeps with it; at most 20 pairs.
    #[graphql(default)]
    pub attributes: Vec<CartAttributeInput>,
    /// Where the buyer came from.
    #[graphql(default)]
    pub attribution: CartAttributionInput,
}

/// Where the buyer of a cart came from, as the link and the browser say. At most 200 characters each, the page 1,000.
#[derive(InputObject, Clone, Default)]
pub struct CartAttributionInput {
    /// Which site sent the buyer.
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
}

/// A new cart without its lines.
fn read(ctx: &Ctx, given: &CartCreateInput) -> Result<Model> {
    let mut problems = Problems::new();
    let currency = given.currency.map_or_else(|| ctx.currency(), Ok)?;
    if !ctx.store_context()?.currencies.contains(&currency) {
        problems.push(not_sold_in(currency));
    }
    let email = given.email.as_deref().and_then(|email| problems.keep(email::read("email", email)));
    let note = problems.keep(super::note(given.note.as_deref())).flatten();
    let attributes = attributes::read("attributes", &given.attributes).unwrap_or_else(|found| {
        found.into_iter().for_each(|problem| problems.push(problem));
        Vec::new()
    });
    let mut word = |field: &str, given: &Option<String>, most| {
        problems.keep(input::optional_line(&format!("attribution.{field}"), given.as_deref(), most)).flatten()
    };
    let from = &given.attribution;
    let row = Model {
        store_id: ctx.store_context()?.id,
        id: ctx.id::<CartId>(),
        state: CartState::Open,
        customer_id: ctx.shopper(),
        currency,
        email: email.as_ref().map(|email| email.address.clone()),
        email_normalized: email.map(|email| email.key),
        note,
        attributes: attributes::stored(&attributes)?,
        store_credit: false,
        utm_source: word("utmSource", &from.utm_source, MAX_UTM),
        utm_medium: word("utmMedium", &from.utm_medium, MAX_UTM),
        utm_campaign: word("utmCampaign", &from.utm_campaign, MAX_UTM),
        utm_term: word("utmTerm", &from.utm_term, MAX_UTM),
        utm_content: word("utmContent", &from.utm_content, MAX_UTM),
        referrer: word("referrer", &from.referrer, MAX_REFERRER),
        order_id: None,
        locked_at: None,
        payment_started_at: None,
        active_at: ctx.now(),
        abandoned_at: None,
        expires_at: expiry(ctx.now(), ctx.shopper()),
        version: 1,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    problems.finish()?;
    Ok(row)
}

/// The problem of a currency that is none of the store's.
pub fn not_sold_in(currency: Currency) -> Problem {
    let message = format!("This store does not sell in {currency}.");
    Problem::new(ErrorCode::CurrencyNotEnabled, "currency", message)
}

/// Makes the cart, and gives its secret.
pub async fn run(ctx: &Ctx, given: CartCreateInput) -> Result<GivenOut> {
    let added = lines_add::read(&given.lines)?;
    let row = read(ctx, &given)?;
    let mut tx = ctx.begin_store(Action::CartCreate).await?;
    let grown = lines_add::grow(ctx, &tx, &Parts::of(row.clone()), &added).await?;
    if grown.lines.is_empty() {
        let message = "There is nothing left of this.";
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfStock, "lines", message).with_available(0)));
    }
    let cart = store::insert(&tx, row.into_active_model().reset_all()).await?;
    store::save_lines(&tx, grown.lines.clone()).await?;
    let mut token = None;
    if cart.customer_id.is_none() {
        let secret = Secret::generate(Kind::Cart, &*ctx.system().entropy);
        store::insert_token(&tx, cart.id, &secret.hash()).await?;
        token = Some(secret.expose().to_owned());
    }
    let snapshot = CartSnapshot::of(&cart, &grown.lines);
    let audit = Audit::created("cart", cart.id, &snapshot);
    tx.emit(&CartCreated { cart: snapshot })?;
    tx.commit(audit).await?;
    Ok(GivenOut { cart: cart.into(), warnings: grown.cuts.into_iter().map(CartWarning::from).collect(), token })
}
