//! Writes of carts.

use async_graphql::{Context, Object};
use rules::Currency;
use rules::ids::{CartId, CartLineId, GiftCardId};

use super::access::CartRef;
use super::actions::{
    self, CartBuyerIdentityInput, CartCreateInput, CartLineInput, CartLineUpdateInput, CartShippingChoiceInput,
};
use super::attributes::CartAttributeInput;
use super::types::{
    CartAttributesUpdatePayload, CartBillingAddressUpdatePayload, CartBuyerIdentityUpdatePayload, CartCreatePayload,
    CartCurrencyUpdatePayload, CartDiscountCodesUpdatePayload, CartGiftCardsApplyPayload, CartGiftCardsRemovePayload,
    CartLinesAddPayload, CartLinesRemovePayload, CartLinesUpdatePayload, CartMergePayload, CartNoteUpdatePayload,
    CartRecoverPayload, CartShippingAddressUpdatePayload, CartShippingOptionsUpdatePayload,
    CartStoreCreditUpdatePayload,
};
use crate::gate::directives::{credential, customer, public};
use crate::kernel::{Ctx, Result};
use crate::places::AddressInput;

/// Writes of carts.
#[derive(Default)]
pub struct CartMutation;

#[Object]
impl CartMutation {
    /// Puts something into a new cart, and gives the secret that proves it: for a guest nothing else does. What there is
    /// not enough of is kept as far as it fits, with a warning; where nothing fits there is no cart.
    #[graphql(directive = public::apply())]
    async fn cart_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The cart.")] input: CartCreateInput,
    ) -> Result<Option<CartCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Puts more into a cart, as far as there is enough of it: what fits is kept, and `warnings` say how many of each
    /// variant there are where it is less than was wanted. The same variant with the same attributes adds up.
    #[graphql(directive = public::apply())]
    async fn cart_lines_add(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "What is put into it; one line at least, 250 at the most.")] lines: Vec<CartLineInput>,
    ) -> Result<Option<CartLinesAddPayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, lines), actions::lines_add::run).await.map(Some)
    }

    /// Changes quantities and attributes of lines. More than there is, is refused as OUT_OF_STOCK with the number that
    /// there is; nothing is changed then.
    #[graphql(directive = public::apply())]
    async fn cart_lines_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "What changes; one line at least.")] lines: Vec<CartLineUpdateInput>,
    ) -> Result<Option<CartLinesUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, lines), actions::lines_update::run).await.map(Some)
    }

    /// Takes lines out of a cart. A cart whose last line is gone stays.
    #[graphql(directive = public::apply())]
    async fn cart_lines_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The ids of the lines.")] line_ids: Vec<CartLineId>,
    ) -> Result<Option<CartLinesRemovePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, line_ids), actions::lines_remove::run).await.map(Some)
    }

    /// Sets the discount codes of a cart, in the place of those that it has; an empty list takes them all away. A new code
    /// that can't be used is refused with the reason; nothing is changed then.
    #[graphql(directive = public::apply())]
    async fn cart_discount_codes_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The codes, as the buyer types them; case does not count. At most 20.")] codes: Vec<String>,
    ) -> Result<Option<CartDiscountCodesUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, codes), actions::discount_codes_update::run).await.map(Some)
    }

    /// Adds gift cards to those that a cart is to be paid with. `pricing` shows what each covers; they are taken with the
    /// payment, and nothing is kept of them until then. Wrong codes are counted, and close the door for a while.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn cart_gift_cards_apply(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The codes, in any case, with or without hyphens; 1 to 5, and 10 cards in a cart.", secret)]
        codes: Vec<String>,
    ) -> Result<Option<CartGiftCardsApplyPayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, codes), actions::gift_cards_apply::run).await.map(Some)
    }

    /// Takes gift cards off a cart.
    #[graphql(directive = public::apply())]
    async fn cart_gift_cards_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The ids of the cards, as `pricing` shows them.")] gift_card_ids: Vec<GiftCardId>,
    ) -> Result<Option<CartGiftCardsRemovePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, gift_card_ids), actions::gift_cards_remove::run).await.map(Some)
    }

    /// Says whether your store credit is used for your cart. `pricing` shows what it covers; it is taken with the payment.
    #[graphql(directive = customer::apply())]
    async fn cart_store_credit_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "Whether it is used, after the gift cards.")] used: bool,
    ) -> Result<Option<CartStoreCreditUpdatePayload>> {
        let cart = CartRef { id: cart_id, token: None };
        Ctx::of(gql)?.mutate((cart, used), actions::store_credit_update::run).await.map(Some)
    }

    /// Says who buys.
    #[graphql(directive = public::apply())]
    async fn cart_buyer_identity_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "Who buys.")] buyer_identity: CartBuyerIdentityInput,
    ) -> Result<Option<CartBuyerIdentityUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, buyer_identity), actions::buyer_identity_update::run).await.map(Some)
    }

    /// Says where a cart goes to. Ways to ship that are not offered there are dropped, with a warning.
    #[graphql(directive = public::apply())]
    async fn cart_shipping_address_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The address; null takes it away.")] address: Option<AddressInput>,
    ) -> Result<Option<CartShippingAddressUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, address), actions::addresses::shipping).await.map(Some)
    }

    /// Says who pays.
    #[graphql(directive = public::apply())]
    async fn cart_billing_address_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The address; null takes it away, and the shipping address counts.")] address: Option<
            AddressInput,
        >,
    ) -> Result<Option<CartBillingAddressUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, address), actions::addresses::billing).await.map(Some)
    }

    /// Chooses how the goods of a cart are shipped, group by group. Groups that are not named keep their choice.
    #[graphql(directive = public::apply())]
    async fn cart_shipping_options_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The choices; one at least.")] options: Vec<CartShippingChoiceInput>,
    ) -> Result<Option<CartShippingOptionsUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, options), actions::shipping_options_update::run).await.map(Some)
    }

    /// Changes the currency of a cart: every line gets its price in the other one, or nothing is changed, and NO_PRICE names
    /// each line that has none.
    #[graphql(directive = public::apply())]
    async fn cart_currency_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The currency; one of those that the store sells in.")] currency: Currency,
    ) -> Result<Option<CartCurrencyUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, currency), actions::currency_update::run).await.map(Some)
    }

    /// Changes what the buyer wants the store to know.
    #[graphql(directive = public::apply())]
    async fn cart_note_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The note, at most 2,000 characters; null takes it away.")] note: Option<String>,
    ) -> Result<Option<CartNoteUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, note), actions::note_update::run).await.map(Some)
    }

    /// Sets what the storefront keeps with a cart, in the place of all that it has.
    #[graphql(directive = public::apply())]
    async fn cart_attributes_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "The pairs; at most 20.")] attributes: Vec<CartAttributeInput>,
    ) -> Result<Option<CartAttributesUpdatePayload>> {
        let cart = CartRef { id: cart_id, token };
        Ctx::of(gql)?.mutate((cart, attributes), actions::attributes_update::run).await.map(Some)
    }

    /// Makes a guest's cart yours: it is taken over where you have no open cart, and else its lines are put to those of your
    /// newest one, where the guest's quantities count. Its secret opens nothing from then on.
    #[graphql(directive = customer::apply())]
    async fn cart_merge(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The guest's cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with.")] token: String,
    ) -> Result<Option<CartMergePayload>> {
        let ctx = Ctx::of(gql)?;
        let cart = CartRef { id: cart_id, token: Some(token) };
        ctx.mutate((ctx.customer()?, cart), actions::merge::run).await.map(Some)
    }

    /// Comes back to a cart that was left, by the secret of the link that was sent: gives a secret that proves the cart
    /// from here on. Refused as INVALID_TOKEN where the cart is gone or became an order.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn cart_recover(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The secret of the link.")] token: String,
    ) -> Result<Option<CartRecoverPayload>> {
        Ctx::of(gql)?.mutate(token, actions::recover::run).await.map(Some)
    }
}
