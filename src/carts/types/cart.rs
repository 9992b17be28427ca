//! Carts themselves.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::carts::carts;
use rules::Currency;
use rules::ids::{CartId, CustomerId};
use rules::permission::Permission;
use rules::states::CartState;

use super::delivery::CartDeliveryGroup;
use super::line::CartLine;
use super::pricing::CartPricing;
use crate::carts::attributes::{self, CartAttribute};
use crate::carts::loaders::{LinesByCart, PRICING, PartsByCart, PricedByCart};
use crate::carts::priced::Priced;
use crate::carts::store::CartFilter;
use crate::connection;
use crate::customers::profiles::{Customer, CustomerById};
use crate::gate::directives::{cost, requires};
use crate::kernel::graph::{Load, object};
use crate::kernel::payload::UserError;
use crate::kernel::{Error, Result, text};
use crate::places::Address;

/// What a buyer has put together and not yet ordered.
#[derive(Clone)]
pub struct Cart(pub Arc<carts::Model>);

impl From<carts::Model> for Cart {
    fn from(row: carts::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Cart {
    /// What becomes of all that the cart comes to now.
    fn priced<T: 'static>(&self, show: fn(Arc<Priced>) -> T) -> Load<PricedByCart, T> {
        Load::<PricedByCart, _>::try_of(self.0.id, move |priced| Ok(show(priced.ok_or_else(gone)?)))
    }
}

/// Nothing deletes a cart that somebody looks at but a job, in the moment between two reads.
fn gone() -> Error {
    Error::NotFound
}

/// What a buyer has put together and not yet ordered. Its prices, promotions, taxes and ways to ship are those of the
/// moment at which it is read.
#[object]
impl Cart {
    /// The cart's id. It proves nothing: a guest's cart needs its secret too.
    fn id(&self) -> CartId {
        self.0.id
    }

    /// Whether it can be edited.
    fn state(&self) -> CartState {
        self.0.state
    }

    /// The one currency of all its amounts.
    fn currency(&self) -> Currency {
        self.0.currency
    }

    /// What is in it, in the order in which it was added. At most 250 lines.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn lines(&self) -> Load<LinesByCart, Vec<CartLine>> {
        Load::<LinesByCart, _>::of(self.0.id, |lines| lines.into_iter().map(CartLine).collect())
    }

    /// How many units are in it, all lines together.
    fn total_quantity(&self) -> Load<LinesByCart, i32> {
        Load::<LinesByCart, _>::of(self.0.id, |lines| {
            lines.iter().fold(0_i32, |sum, line| sum.saturating_add(line.quantity))
        })
    }

    /// What it comes to now, and why.
    #[graphql(directive = cost::apply(PRICING, None))]
    fn pricing(&self) -> Load<PricedByCart, CartPricing> {
        self.priced(CartPricing)
    }

    /// The goods that are shipped apart, each with the ways to ship it. Empty where nothing has to be shipped, and
    /// until a shipping address says where to.
    #[graphql(directive = cost::apply(PRICING, Some(2)))]
    fn delivery_groups(&self) -> Load<PricedByCart, Vec<CartDeliveryGroup>> {
        self.priced(CartDeliveryGroup::all)
    }

    /// What has to be mended before it can be ordered; empty where nothing has. The fields are those of the cart.
    #[graphql(directive = cost::apply(PRICING, Some(2)))]
    fn problems(&self) -> Load<PricedByCart, Vec<UserError>> {
        self.priced(|priced| priced.obstacles().into_iter().map(UserError::from).collect())
    }

    /// The discount codes, as they were typed. What came of each stands in `pricing.discountCodes`.
    #[graphql(directive = cost::apply(0, Some(2)))]
    fn discount_codes(&self) -> Load<PartsByCart, Vec<String>> {
        Load::<PartsByCart, _>::of(self.0.id, |parts| parts.map(|parts| parts.codes.clone()).unwrap_or_default())
    }

    /// Where it goes to.
    fn shipping_address(&self) -> Load<PartsByCart, Option<Address>> {
        Load::<PartsByCart, _>::of(self.0.id, |parts| parts.and_then(|parts| parts.shipping.clone()).map(Address))
    }

    /// Who pays; the shipping address counts where it is null.
    fn billing_address(&self) -> Load<PartsByCart, Option<Address>> {
        Load::<PartsByCart, _>::of(self.0.id, |parts| parts.and_then(|parts| parts.billing.clone()).map(Address))
    }

    /// Whose it is; null is a guest's.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    fn customer(&self) -> Load<CustomerById, Option<Customer>> {
        Load::<CustomerById, _>::maybe(self.0.customer_id, |row| row.map(Customer))
    }

    /// The e-mail address of the buyer.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// What the buyer wants the store to know.
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What the storefront keeps with it.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn attributes(&self) -> Result<Vec<CartAttribute>> {
        attributes::of(&self.0.attributes)
    }

    /// Where the buyer came from, as the link and the browser said.
    fn attribution(&self) -> CartAttribution {
        let cart = &self.0;
        CartAttribution {
            utm_source: cart.utm_source.clone(),
            utm_medium: cart.utm_medium.clone(),
            utm_campaign: cart.utm_campaign.clone(),
            utm_term: cart.utm_term.clone(),
            utm_content: cart.utm_content.clone(),
            referrer: cart.referrer.clone(),
        }
    }

    /// Since when it counts as left; null while it does not.
    fn abandoned_at(&self) -> Option<DateTime<Utc>> {
        self.0.abandoned_at
    }

    /// The moment from which it is gone, if nobody edits it before. One that was being paid is kept all the same.
    fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// Goes up with each change.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When something was first put into it.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last edited.
    fn updated_at(&self) -> DateTime<Utc> {
        let cart = &self.0;
        cart.active_at
    }
}

/// Where the buyer of a cart came from.
#[object]
#[derive(Clone)]
pub struct CartAttribution {
    /// Which site sent the buyer.
    utm_source: Option<String>,
    /// By which medium.
    utm_medium: Option<String>,
    /// By which campaign.
    utm_campaign: Option<String>,
    /// For which words.
    utm_term: Option<String>,
    /// By which of several links.
    utm_content: Option<String>,
    /// The page that the buyer came from.
    referrer: Option<String>,
}

/// Which carts to list.
#[derive(InputObject, Default, Clone)]
pub struct CartFilterInput {
    /// Those in this state.
    state: Option<CartState>,
    /// Those that were left, or those that were not.
    abandoned: Option<bool>,
    /// Those with this e-mail address; case does not count.
    email: Option<String>,
    /// Those of this customer.
    customer_id: Option<CustomerId>,
}

impl From<CartFilterInput> for CartFilter {
    fn from(input: CartFilterInput) -> Self {
        let email = input.email.as_deref().map(text::email_key);
        Self { state: input.state, abandoned: input.abandoned, email, customer: input.customer_id }
    }
}

/// In which order carts are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum CartSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(CartConnection, CartEdge, Cart, "carts");
