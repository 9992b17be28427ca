//! Anything by its id: Relay's `Node`.
//!
//! Owns the list of types that can be had by their id alone; stands above all domains, since it names
//! them. Never decides who sees what: each type does (`ById`), for this way in as for its own root
//! field. To add a type, implement `ById` for it and add its name to the list below.

use async_graphql::{Context, Object};
use futures::future::try_join_all;
use rules::ids::AnyId;

use crate::carts::Cart;
use crate::catalog::brands::Brand;
use crate::catalog::categories::Category;
use crate::catalog::collections::Collection;
use crate::catalog::media::ProductMedia;
use crate::catalog::products::{Product, ProductOption, ProductOptionValue};
use crate::catalog::tags::Tag;
use crate::catalog::variants::ProductVariant;
use crate::customers::addresses::CustomerAddress;
use crate::customers::profiles::Customer;
use crate::customers::segments::Segment;
use crate::gate::directives::public;
use crate::identity::{Session, User};
use crate::interface;
use crate::inventory::locations::Location;
use crate::inventory::reservations::StockReservation;
use crate::inventory::stock::{InventoryItem, InventoryLevel, InventoryMovement};
use crate::kernel::{ById, Ctx, Error, Result};
use crate::orders::drafts::DraftOrder;
use crate::orders::{Order, OrderLine};
use crate::payments::gift_cards::{GiftCard, GiftCardEntry};
use crate::payments::providers::PaymentProvider;
use crate::payments::store_credits::{StoreCredit, StoreCreditEntry};
use crate::payments::{Payment, PaymentAttempt, PaymentEvent, Refund};
use crate::pricing::Price;
use crate::promotions::Promotion;
use crate::promotions::codes::DiscountCode;
use crate::shipping::profiles::ShippingProfile;
use crate::shipping::rates::ShippingRate;
use crate::shipping::zones::ShippingZone;
use crate::tax::categories::TaxCategory;
use crate::tax::rates::TaxRate;
use crate::tax::zones::TaxZone;
use crate::tenancy::api_tokens::ApiToken;
use crate::tenancy::domains::StoreDomain;
use crate::tenancy::invitations::Invitation;
use crate::tenancy::memberships::Membership;
use crate::tenancy::organizations::Organization;
use crate::tenancy::stores::Store;
use crate::tenancy::trusted_documents::TrustedDocument;

macro_rules! nodes {
    ($($type:ident,)+) => {
        interface! {
            /// Something with an id that is its own in the whole system, and that `node` gives back for it.
            pub enum Node {
                $(
                    #[doc = concat!("A `", stringify!($type), "`.")]
                    $type($type),
                )+
            }
            fields {
                "id": "ID!" = "The id. Its prefix says what it names.",
            }
        }

        /// The names of the types in the list.
        #[cfg(test)]
        const TYPES: &[&str] = &[$(stringify!($type)),+];

        /// What an id names, for this caller.
        async fn find(ctx: &Ctx, id: AnyId) -> Result<Option<Node>> {
            $(
                if let Some(id) = id.typed::<<$type as ById>::Id>() {
                    return Ok(<$type>::by_id(ctx, id).await?.map(Node::$type));
                }
            )+
            // The id of something that is only seen through its owner, such as an option's value.
            Ok(None)
        }
    };
}

nodes! {
    User,
    Session,
    Product,
    ProductOption,
    ProductOptionValue,
    ProductVariant,
    ProductMedia,
    Brand,
    Organization,
    Store,
    StoreDomain,
    Membership,
    Invitation,
    ApiToken,
    TrustedDocument,
    Price,
    Promotion,
    DiscountCode,
    Customer,
    CustomerAddress,
    Segment,
    Category,
    Collection,
    Tag,
    Location,
    InventoryItem,
    InventoryLevel,
    InventoryMovement,
    StockReservation,
    TaxCategory,
    TaxZone,
    TaxRate,
    ShippingProfile,
    ShippingZone,
    ShippingRate,
    Cart,
    PaymentProvider,
    Payment,
    PaymentAttempt,
    PaymentEvent,
    Refund,
    GiftCard,
    GiftCardEntry,
    StoreCredit,
    StoreCreditEntry,
    Order,
    OrderLine,
    DraftOrder,
}

/// Reads of anything.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything, by its id. Null where there is no such thing, or none that you may see.
    #[graphql(directive = public::apply())]
    async fn node(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The id of anything that is a Node.")] id: AnyId,
    ) -> Result<Option<Node>> {
        find(Ctx::of(gql)?, id).await
    }

    /// Many things of any types, by their ids: as many as ids, in their order, each null where there is no
    /// such thing, or none that you may see.
    #[graphql(directive = public::apply())]
    async fn nodes(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The ids; an id may stand twice.")] ids: Vec<AnyId>,
    ) -> Result<Option<Vec<Option<Node>>>> {
        let ctx = Ctx::of(gql)?;
        let max = ctx.settings().input_list_max;
        if ids.len() > max {
            return Err(Error::BadInput(format!("Give at most {max} ids.")));
        }
        // All at once, so that the loaders see them together.
        try_join_all(ids.into_iter().map(|id| find(ctx, id))).await.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::gate::schema_index::{Kind, SchemaIndex};

    /// Types with an id that `node` does not give, each with its reason.
    const EXCEPTIONS: &[(&str, &str)] = &[("CartLine", "seen through its cart, which has to be proved")];

    fn index() -> SchemaIndex {
        SchemaIndex::read(&crate::schema::sdl()).unwrap()
    }

    #[test]
    fn every_type_with_an_id_is_a_node() {
        let index = index();
        let with_id = index.types().iter().filter(|entry| {
            let is_id = |name: &str| {
                index.field(entry.id, name).is_some_and(|field| {
                    field.ty.lists() == 0 && !field.ty.nullable[0] && *index.get(field.ty.named).name == *"ID"
                })
            };
            entry.kind == Kind::Object && is_id("id")
        });
        let with_id: BTreeSet<&str> = with_id.map(|entry| &*entry.name).collect();
        let excepted: BTreeSet<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
        let listed: BTreeSet<&str> = TYPES.iter().copied().collect();
        let of_interface: BTreeSet<&str> = {
            let node = index.type_named("Node").expect("the interface is in the schema");
            node.possible.iter().map(|object| &*index.get(*object).name).collect()
        };
        assert_eq!(of_interface, listed, "the implementors of Node are those in the list of node.rs");
        assert_eq!(
            with_id.difference(&excepted).copied().collect::<BTreeSet<_>>(),
            listed,
            "a type with `id: ID!` stands in the list of node.rs, or among EXCEPTIONS with its reason"
        );
        assert!(excepted.is_subset(&with_id), "an exception that no type needs");
    }

    #[test]
    fn the_interface_is_what_relay_looks_for() {
        let index = index();
        let query = index.root(async_graphql::parser::types::OperationType::Query).unwrap();
        let shape = |name: &str| {
            let field = index.field(query, name).unwrap();
            let argument = &field.arguments[0];
            (
                &*index.get(field.ty.named).name,
                field.ty.nullable.to_vec(),
                &*argument.name,
                &*index.get(argument.ty.named).name,
                argument.ty.nullable.to_vec(),
            )
        };
        assert_eq!(shape("node"), ("Node", vec![true], "id", "ID", vec![false]));
        assert_eq!(shape("nodes"), ("Node", vec![true, true], "ids", "ID", vec![false, false]));
    }
}
