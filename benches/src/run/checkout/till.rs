//! A store in which buyers pay, and the steps of one of them.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Result;
use crate::check::ask;
use crate::drive::Connection;

const PROFILE: &str = "mutation($input: ShippingProfileCreateInput!) { shippingProfileCreate(input: $input) { \
    shippingProfile { id } userErrors { code message } } }";
const SHIPPING_ZONE: &str = "mutation($input: ShippingZoneCreateInput!) { shippingZoneCreate(input: $input) { \
    shippingZone { id } userErrors { code message } } }";
const SHIPPING_RATE: &str = "mutation($input: ShippingRateCreateInput!) { shippingRateCreate(input: $input) { \
    userErrors { code message } } }";
const TAX_ZONE: &str = "mutation($input: TaxZoneCreateInput!) { taxZoneCreate(input: $input) { taxZone { id } \
    userErrors { code message } } }";
const TAX_RATE: &str =
    "mutation($input: TaxRateCreateInput!) { taxRateCreate(input: $input) { userErrors { code message } } }";
const PROVIDER: &str = "mutation($input: PaymentProviderCreateInput!) { paymentProviderCreate(input: $input) { \
    paymentProvider { id } userErrors { code message } } }";
const PRODUCT: &str = "mutation($input: ProductCreateInput!) { productCreate(input: $input) { product { id variants { \
    id } } userErrors { code message } } }";
const PRICES: &str = "mutation($id: ID!) { pricesSet(productId: $id, prices: [{ amount: \"5.00\", currency: EUR }]) { \
    userErrors { code message } } }";
const STOCK: &str =
    "mutation($input: InventorySetInput!) { inventorySet(input: $input) { userErrors { code message } } }";
const SHELF: &str = "query($id: ID!) { productVariant(id: $id) { inventoryItem { onHand available } } }";

const CART: &str = "mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } token userErrors { \
    code message } } }";
const ADD: &str = "mutation($cartId: ID!, $token: String, $lines: [CartLineInput!]!) { cartLinesAdd(cartId: $cartId, \
    token: $token, lines: $lines) { cart { id totalQuantity lines { id quantity } pricing { subtotal { amount \
    currencyCode } } } warnings { code } userErrors { code message } } }";
const ADDRESS: &str = "mutation($cartId: ID!, $token: String, $address: AddressInput) { \
    cartShippingAddressUpdate(cartId: $cartId, token: $token, address: $address) { cart { deliveryGroups { \
    deliveryGroupId options { shippingRateId name price { amount currencyCode } } } } userErrors { code message } } }";
const SHIPPING: &str = "mutation($cartId: ID!, $token: String, $options: [CartShippingChoiceInput!]!) { \
    cartShippingOptionsUpdate(cartId: $cartId, token: $token, options: $options) { cart { problems { code } pricing { \
    total { amount currencyCode } } } userErrors { code message } } }";
const PAY: &str = "mutation($cartId: ID!, $token: String, $input: CheckoutPayInput!) { checkoutPay(cartId: $cartId, \
    token: $token, input: $input) { checkout { status order { number paymentStatus total { amount currencyCode } } } \
    userErrors { code message } } }";

const CONFIRM: &str = "mutation($cartId: ID!, $token: String) { checkoutConfirm(cartId: $cartId, token: $token) { \
    checkout { order { paymentStatus } } userErrors { code message } } }";

/// How long a buyer waits who is told to come back.
const COME_BACK: Duration = Duration::from_millis(20);

/// What the token of [`Till::open`] may do.
pub const SCOPES: [&str; 8] = [
    "PRODUCTS_MANAGE",
    "PRICES_MANAGE",
    "INVENTORY_MANAGE",
    "INVENTORY_READ",
    "SHIPPING_MANAGE",
    "TAXES_MANAGE",
    "PAYMENT_PROVIDERS_MANAGE",
    "PRODUCTS_READ",
];

/// A store that ships, taxes, and takes the test provider.
pub struct Till {
    handle: String,
    token: String,
    provider: String,
    /// How many buyers and goods there were, so that no two are called alike.
    named: Cell<u64>,
}

/// One mutation without a userError; its field.
async fn must(connection: &mut Connection, headers: &str, query: &str, variables: Value) -> Result<Value> {
    let data = ask(connection, headers, query, &variables).await?;
    let field = data.as_object().and_then(|fields| fields.values().next()).cloned().unwrap_or_default();
    match field["userErrors"].as_array() {
        Some(errors) if !errors.is_empty() => Err(format!("{query}: {field}").into()),
        _ => Ok(field),
    }
}

impl Till {
    /// Opens it, by an API token of the store with these [`SCOPES`].
    ///
    /// # Errors
    /// What is refused.
    pub async fn open(address: SocketAddr, handle: &str, token: &str) -> Result<Self> {
        let mut connection = Connection::open(address).await?;
        let headers = format!("authorization: Bearer {token}\r\n");
        let mut ask =
            async |query: &str, input: Value| must(&mut connection, &headers, query, json!({ "input": input })).await;
        let profile = ask(PROFILE, json!({ "name": "Parcels", "isDefault": true })).await?;
        let profile = &profile["shippingProfile"]["id"];
        let territories = json!([{ "country": "DE" }]);
        let zone = json!({ "profileId": profile, "name": "Germany", "territories": territories });
        let zone = ask(SHIPPING_ZONE, zone).await?;
        let price = json!([{ "amount": "4.90", "currencyCode": "EUR" }]);
        let zone = &zone["shippingZone"]["id"];
        ask(SHIPPING_RATE, json!({ "zoneId": zone, "name": "Post", "pricing": { "flat": price } })).await?;
        let zone = ask(TAX_ZONE, json!({ "name": "Germany", "territories": territories })).await?;
        ask(TAX_RATE, json!({ "zoneId": zone["taxZone"]["id"], "name": "VAT", "rate": "0.19" })).await?;
        let provider = json!({ "kind": "TEST", "name": "Test card", "captureMode": "AUTOMATIC" });
        let provider = ask(PROVIDER, provider).await?;
        let provider = provider["paymentProvider"]["id"].as_str().unwrap_or_default().to_owned();
        Ok(Self { handle: handle.to_owned(), token: token.to_owned(), provider, named: Cell::new(0) })
    }

    fn name(&self) -> u64 {
        self.named.replace(self.named.get() + 1)
    }

    /// A new variant for 5 EUR, and so many units of it.
    ///
    /// # Errors
    /// What is refused.
    pub async fn stocked(&self, address: SocketAddr, units: u64) -> Result<String> {
        let mut connection = Connection::open(address).await?;
        let headers = format!("authorization: Bearer {}\r\n", self.token);
        let input = json!({
            "title": format!("Mug {}", self.name()), "status": "ACTIVE", "publishedAt": "2020-01-01T00:00:00Z",
            "variants": [{ "weightGrams": 300 }],
        });
        let made = must(&mut connection, &headers, PRODUCT, json!({ "input": input })).await?;
        let variant = made["product"]["variants"][0]["id"].as_str().ok_or("a product without a variant")?.to_owned();
        must(&mut connection, &headers, PRICES, json!({ "id": made["product"]["id"] })).await?;
        let input = json!({ "variantId": variant, "onHand": units, "ignoreExpected": true });
        must(&mut connection, &headers, STOCK, json!({ "input": input })).await?;
        Ok(variant)
    }

    /// How many units of a variant there are, and how many of them are promised to orders.
    ///
    /// # Errors
    /// Where Stoa does not answer.
    pub async fn shelf(&self, address: SocketAddr, variant: &str) -> Result<(i64, i64)> {
        let mut connection = Connection::open(address).await?;
        let headers = format!("authorization: Bearer {}\r\n", self.token);
        let data = ask(&mut connection, &headers, SHELF, &json!({ "id": variant })).await?;
        let of = |field: &str| data["productVariant"]["inventoryItem"][field].as_i64().unwrap_or(i64::MIN);
        Ok((of("onHand"), of("onHand") - of("available")))
    }
}

/// A cart, with the secret that proves it.
pub struct Cart {
    id: Value,
    token: Value,
}

/// One buyer, on a connection of one's own.
pub struct Buyer<'a> {
    connection: Connection,
    headers: String,
    till: &'a Till,
}

impl<'a> Buyer<'a> {
    /// Comes into the store.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn enter(address: SocketAddr, till: &'a Till) -> Result<Self> {
        let headers = format!("x-store: {}\r\n", till.handle);
        Ok(Self { connection: Connection::open(address).await?, headers, till })
    }

    /// Asks, and comes back where that is asked for.
    async fn ask(&mut self, query: &str, variables: Value) -> Result<Value> {
        loop {
            match must(&mut self.connection, &self.headers, query, variables.clone()).await {
                Err(error) if is_busy(&error) => tokio::time::sleep(COME_BACK).await,
                outcome => return outcome,
            }
        }
    }

    /// A cart with one unit.
    ///
    /// # Errors
    /// What is refused.
    pub async fn cart(&mut self, variant: &str) -> Result<Cart> {
        let number = self.till.name();
        let lines = json!([{ "variantId": variant, "quantity": 1 }]);
        let input = json!({ "lines": lines, "email": format!("buyer-{number}@people.example") });
        let mut made = self.ask(CART, json!({ "input": input })).await?;
        Ok(Cart { id: made["cart"]["id"].take(), token: made["token"].take() })
    }

    /// One unit more.
    ///
    /// # Errors
    /// What is refused.
    pub async fn add(&mut self, cart: &Cart, variant: &str) -> Result<()> {
        let lines = json!([{ "variantId": variant, "quantity": 1 }]);
        let added = self.ask(ADD, json!({ "cartId": cart.id, "token": cart.token, "lines": lines })).await?;
        match added["warnings"].as_array() {
            Some(warnings) if warnings.is_empty() => Ok(()),
            _ => Err(format!("not all was put into the cart: {added}").into()),
        }
    }

    /// Everything from an empty hand to an order; false where nothing was left.
    ///
    /// # Errors
    /// What is refused for any other reason.
    pub async fn check_out(&mut self, variant: &str) -> Result<bool> {
        let Cart { id, token } = match self.cart(variant).await {
            Err(error) if error.to_string().contains("\"OUT_OF_STOCK\"") => return Ok(false),
            cart => cart?,
        };
        let of_cart = |name: &str, more: Value| json!({ "cartId": id, "token": token, name: more });
        let address = json!({
            "lastName": "Ann", "address1": "Main Street 1", "city": "Berlin", "country": "DE", "postalCode": "10115",
        });
        let shown = self.ask(ADDRESS, of_cart("address", address)).await?;
        let group = &shown["cart"]["deliveryGroups"][0];
        if group.is_null() {
            // Nothing that could be sent is left in the cart.
            return Ok(false);
        }
        let rate = &group["options"][0]["shippingRateId"];
        let choice = json!([{ "deliveryGroupId": group["deliveryGroupId"], "shippingRateId": rate }]);
        let priced = self.ask(SHIPPING, of_cart("options", choice)).await?;
        let payment = json!({ "providerId": self.till.provider, "token": "tok_approve" });
        let input = json!({ "total": priced["cart"]["pricing"]["total"], "payment": payment });
        loop {
            match ask(&mut self.connection, &self.headers, PAY, &of_cart("input", input.clone())).await {
                Ok(paid) => {
                    let paid = &paid["checkoutPay"];
                    let is_refused = |code: &str| {
                        paid["userErrors"]
                            .as_array()
                            .is_some_and(|errors| errors.iter().any(|error| error["code"] == code))
                    };
                    if is_refused("OUT_OF_STOCK") {
                        return Ok(false);
                    }
                    if paid["checkout"]["order"]["paymentStatus"] == "PAID" {
                        return Ok(true);
                    }
                    // Where the answer before was lost, the payment is under way.
                    if !is_refused("NOT_ALLOWED") {
                        return Err(format!("{paid}").into());
                    }
                }
                Err(error) if is_busy(&error) => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(COME_BACK).await;
            let seen = self.ask(CONFIRM, json!({ "cartId": id, "token": token })).await?;
            if seen["checkout"]["order"]["paymentStatus"] == "PAID" {
                return Ok(true);
            }
        }
    }
}

/// Whether a failure says that the server is busy.
fn is_busy(error: &crate::Failure) -> bool {
    error.to_string().contains("\"UNAVAILABLE\"")
}
