//! Typed identifiers.
//!
//! Every noun has its own id type, so that a variant's id can't be handed to a function that wants
//! a product's. Inside they are UUIDv7; outside they are text that says what they name: the type's
//! prefix, an underscore, and the 128 bits in Crockford's base32 (the TypeID form), such as
//! `product_01jd3k8m1vf6x9c2n5r7t0w4ya`.
//!
//! To add one, add a line to the list at the end of this file.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The 32 digits of Crockford's base32, lower case: no `i`, `l`, `o`, `u`.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Digits that 128 bits take at five bits each.
const LENGTH: usize = 26;

/// What every typed id can do.
pub trait TypedId: Copy + Eq + fmt::Display + FromStr<Err = IdError> + From<Uuid> + Into<Uuid> {
    /// The word before the underscore, such as `product`.
    const PREFIX: &'static str;
}

/// Why a text is not the id that was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The id names another kind of thing.
    #[error("expected an id that starts with `{expected}_`, got one that starts with `{given}_`")]
    WrongType {
        /// The prefix that this place takes.
        expected: &'static str,
        /// The prefix that was sent.
        given: String,
    },
    /// The text is no id at all.
    #[error("expected an id such as `{expected}_01jd3k8m1vf6x9c2n5r7t0w4ya`")]
    Malformed {
        /// The prefix that this place takes.
        expected: &'static str,
    },
}

/// Splits an id into its prefix and its UUID, whatever it names.
///
/// Answers `None` where the text has not the form of an id. Used by `node`, which takes them all.
pub fn split(text: &str) -> Option<(&str, Uuid)> {
    let (prefix, digits) = text.rsplit_once('_')?;
    let well_formed = !prefix.is_empty()
        && prefix.len() <= 63
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !well_formed {
        return None;
    }
    decode(digits).map(|uuid| (prefix, uuid))
}

/// Writes the 26 digits of a UUID.
fn encode(uuid: Uuid) -> [u8; LENGTH] {
    let mut rest = uuid.as_u128();
    let mut digits = [b'0'; LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest & 31) as usize];
        rest >>= 5;
    }
    digits
}

/// Reads 26 digits. Only the one canonical spelling is taken: lower case, first digit at most 7.
fn decode(digits: &str) -> Option<Uuid> {
    let digits = digits.as_bytes();
    if digits.len() != LENGTH || digits[0] > b'7' {
        return None;
    }
    digits
        .iter()
        .try_fold(0u128, |sum, digit| {
            let value = DIGITS.iter().position(|candidate| candidate == digit)?;
            Some((sum << 5) | value as u128)
        })
        .map(Uuid::from_u128)
}

fn parse(expected: &'static str, text: &str) -> Result<Uuid, IdError> {
    match split(text) {
        Some((prefix, uuid)) if prefix == expected => Ok(uuid),
        Some((prefix, _)) => Err(IdError::WrongType { expected, given: prefix.to_owned() }),
        None => Err(IdError::Malformed { expected }),
    }
}

/// Writes an id: prefix, underscore, digits.
fn write_id(f: &mut fmt::Formatter<'_>, prefix: &str, uuid: Uuid) -> fmt::Result {
    let digits = encode(uuid);
    f.write_str(prefix)?;
    f.write_str("_")?;
    f.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
}

/// Lets an id stand in an argument or an input, as the scalar `ID`.
#[cfg(feature = "graphql")]
macro_rules! graphql_input {
    ($name:ident) => {
        impl async_graphql::InputType for $name {
            type RawValueType = Self;

            fn type_name() -> std::borrow::Cow<'static, str> {
                <async_graphql::ID as async_graphql::InputType>::type_name()
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                <async_graphql::ID as async_graphql::InputType>::create_type_info(registry)
            }

            fn parse(value: Option<async_graphql::Value>) -> async_graphql::InputValueResult<Self> {
                match value {
                    Some(async_graphql::Value::String(text)) => {
                        text.parse().map_err(|error: IdError| async_graphql::InputValueError::custom(error))
                    }
                    other => Err(async_graphql::InputValueError::expected_type(other.unwrap_or_default())),
                }
            }

            fn to_value(&self) -> async_graphql::Value {
                async_graphql::Value::String(self.to_string())
            }

            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }
        }
    };
}

/// An id of any type, for the places that take them all, such as `node`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnyId {
    prefix: &'static str,
    uuid: Uuid,
}

impl AnyId {
    /// The word before the underscore: one of [`PREFIXES`].
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The id as one of type `T`; `None` where it names another kind of thing.
    pub fn typed<T: TypedId>(&self) -> Option<T> {
        (self.prefix == T::PREFIX).then(|| self.uuid.into())
    }
}

impl fmt::Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_id(f, self.prefix, self.uuid)
    }
}

impl FromStr for AnyId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let known = |given: &str| PREFIXES.iter().copied().find(|prefix| *prefix == given);
        split(text)
            .and_then(|(given, uuid)| known(given).map(|prefix| Self { prefix, uuid }))
            .ok_or(IdError::Malformed { expected: "product" })
    }
}

#[cfg(feature = "graphql")]
graphql_input!(AnyId);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $prefix:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
            pub struct $name(pub Uuid);

            impl TypedId for $name {
                const PREFIX: &'static str = $prefix;
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write_id(f, $prefix, self.0)
                }
            }

            impl FromStr for $name {
                type Err = IdError;

                fn from_str(text: &str) -> Result<Self, IdError> {
                    parse($prefix, text).map(Self)
                }
            }

            impl From<Uuid> for $name {
                fn from(uuid: Uuid) -> Self {
                    Self(uuid)
                }
            }

            impl From<$name> for Uuid {
                fn from(id: $name) -> Self {
                    id.0
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    to.collect_str(self)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(from)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }

            /// A primary key has to offer this; no number was ever an id, so it always refuses.
            #[cfg(feature = "sea-orm")]
            impl sea_orm::TryFromU64 for $name {
                fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                    Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
                }
            }

            #[cfg(feature = "graphql")]
            graphql_input!($name);

            #[cfg(feature = "graphql")]
            impl async_graphql::OutputType for $name {
                fn type_name() -> std::borrow::Cow<'static, str> {
                    <async_graphql::ID as async_graphql::OutputType>::type_name()
                }

                fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                    <async_graphql::ID as async_graphql::OutputType>::create_type_info(registry)
                }

                async fn resolve(
                    &self,
                    _ctx: &async_graphql::ContextSelectionSet<'_>,
                    _field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
                ) -> async_graphql::ServerResult<async_graphql::Value> {
                    Ok(async_graphql::Value::String(self.to_string()))
                }
            }
        )+

        /// Every prefix in use, in the order of the list.
        pub const PREFIXES: &[&str] = &[$($prefix),+];
    };
}

ids! {
    /// A person with an account on the platform.
    UserId => "user",
    /// One sign-in of a user on one device.
    SessionId => "session",
    /// One link in a session's chain of refresh tokens.
    RefreshTokenId => "refresh_token",
    /// The owner of stores; members belong to it.
    OrganizationId => "organization",
    /// A user's place in an organization.
    MembershipId => "membership",
    /// A named set of permissions.
    RoleId => "role",
    /// An offer of a membership, sent to an e-mail address.
    InvitationId => "invitation",
    /// A shop: the tenant that every commercial row belongs to.
    StoreId => "store",
    /// A host name that leads to a store.
    StoreDomainId => "store_domain",
    /// A token for a partner's integration or for a storefront.
    ApiTokenId => "api_token",
    /// A document that a store has registered for its storefronts.
    TrustedDocumentId => "trusted_document",
    /// A thing that is sold.
    ProductId => "product",
    /// A choice that a product offers, such as size.
    ProductOptionId => "product_option",
    /// One answer to an option, such as large.
    ProductOptionValueId => "product_option_value",
    /// One sellable version of a product.
    ProductVariantId => "product_variant",
    /// A picture or film of a product.
    ProductMediaId => "product_media",
    /// The maker of products.
    BrandId => "brand",
    /// A node of the store's category tree.
    CategoryId => "category",
    /// A set of products chosen by the merchant.
    CollectionId => "collection",
    /// A word that products are marked with.
    TagId => "tag",
    /// What one unit of a variant costs under some condition.
    PriceId => "price",
    /// A set of customers that prices and promotions can be for.
    SegmentId => "segment",
    /// A person or company that buys from a store.
    CustomerId => "customer",
    /// An address of a customer.
    CustomerAddressId => "customer_address",
    /// One sign-in of a customer, on one device.
    CustomerSessionId => "customer_session",
    /// One link in a customer session's chain of refresh tokens.
    CustomerRefreshTokenId => "customer_refresh_token",
    /// A secret that was sent to a customer's mailbox, good once.
    CustomerOneTimeTokenId => "customer_one_time_token",
    /// A letter on its way out.
    EmailMessageId => "email_message",
    /// An offer under conditions, such as ten per cent off.
    PromotionId => "promotion",
    /// A word that opens a promotion.
    DiscountCodeId => "discount_code",
    /// What a buyer has put together and not yet ordered.
    CartId => "cart",
    /// Some units of a variant in a cart.
    CartLineId => "cart_line",
    /// A cart on its way to an order.
    CheckoutId => "checkout",
    /// One time that a cart was left.
    CartAbandonmentId => "cart_abandonment",
    /// What somebody has bought, or is about to pay for.
    OrderId => "order",
    /// Some units in an order.
    OrderLineId => "order_line",
    /// A part of an order that is shipped one way.
    OrderShippingLineId => "order_shipping_line",
    /// What came off one part of an order.
    OrderDiscountId => "order_discount",
    /// What somebody of the store wrote about an order.
    OrderNoteId => "order_note",
    /// One change of where an order stands.
    OrderStatusChangeId => "order_status_change",
    /// Something that a payment owes an order that was called off.
    OrderPaymentTaskId => "order_payment_task",
    /// An order that the store's staff puts together.
    DraftOrderId => "draft_order",
    /// Some units in a draft.
    DraftOrderLineId => "draft_order_line",
    /// Money that is on its way from a buyer to the store.
    PaymentId => "payment",
    /// What goods are to the tax office, such as books.
    TaxCategoryId => "tax_category",
    /// Places whose taxes are the same.
    TaxZoneId => "tax_zone",
    /// One tax at one rate.
    TaxRateId => "tax_rate",
    /// Goods that are shipped alike.
    ShippingProfileId => "shipping_profile",
    /// Places that are shipped to alike.
    ShippingZoneId => "shipping_zone",
    /// One way to ship, and what it costs.
    ShippingRateId => "shipping_rate",
    /// A place where stock is kept.
    LocationId => "location",
    /// What is stocked of a variant.
    InventoryItemId => "inventory_item",
    /// The stock of one item at one location.
    InventoryLevelId => "inventory_level",
    /// One change of a stock level.
    InventoryMovementId => "inventory_movement",
    /// Units of a level that are kept for somebody.
    StockReservationId => "stock_reservation",
    /// One line of the audit log.
    AuditLogId => "audit_log",
    /// Something that happened, told to the world.
    DomainEventId => "domain_event",
    /// One way to pay that a store offers, with the account behind it.
    PaymentProviderId => "payment_provider",
    /// One request made of a provider about a payment.
    PaymentAttemptId => "payment_attempt",
    /// Something that happened to a payment.
    PaymentEventId => "payment_event",
    /// Money of a payment that is given back.
    RefundId => "refund",
    /// What a provider told of its own accord.
    InboundWebhookId => "inbound_webhook",
    /// Money that whoever knows a code can pay with.
    GiftCardId => "gift_card",
    /// One change of what a gift card is worth.
    GiftCardEntryId => "gift_card_entry",
    /// What a customer has at the store to pay with, in one currency.
    StoreCreditId => "store_credit",
    /// One change of a customer's store credit.
    StoreCreditEntryId => "store_credit_entry",
    /// One run of an import.
    ImportId => "import",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        for bits in [0, 1, u128::MAX, 0x0193_4e5f_7a6b_7c8d_9e0f_1a2b_3c4d_5e6f] {
            let id = ProductId(Uuid::from_u128(bits));
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn an_id_of_another_type_is_refused_by_name() {
        let variant = ProductVariantId(Uuid::from_u128(7)).to_string();
        assert_eq!(
            variant.parse::<ProductId>(),
            Err(IdError::WrongType { expected: "product", given: "product_variant".into() })
        );
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "product",
            "product_",
            "_01jd3k8m1vf6x9c2n5r7t0w4ya",
            "product_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "product_01JD3K8M1VF6X9C2N5R7T0W4YA",
            "product_01jd3k8m1vf6x9c2n5r7t0w4y",
            "PRODUCT_01jd3k8m1vf6x9c2n5r7t0w4ya",
            "product_01jd3k8m1vf6x9c2n5r7t0w4y\u{e9}",
        ] {
            assert_eq!(text.parse::<ProductId>(), Err(IdError::Malformed { expected: "product" }), "{text}");
        }
    }

    #[test]
    fn an_id_of_any_type_keeps_its_type() {
        let brand = BrandId(Uuid::from_u128(7));
        let any: AnyId = brand.to_string().parse().unwrap();
        assert_eq!((any.prefix(), any.to_string()), ("brand", brand.to_string()));
        assert_eq!((any.typed::<BrandId>(), any.typed::<ProductId>()), (Some(brand), None));
        for text in
            ["", "brand", "brand_1", "spaceship_01jd3k8m1vf6x9c2n5r7t0w4ya", " brand_01jd3k8m1vf6x9c2n5r7t0w4ya"]
        {
            assert_eq!(text.parse::<AnyId>(), Err(IdError::Malformed { expected: "product" }), "{text}");
        }
    }

    #[test]
    fn no_two_types_share_a_prefix() {
        let mut prefixes = PREFIXES.to_vec();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), PREFIXES.len());
    }
}
