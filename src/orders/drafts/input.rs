//! What staff says of a draft.

use async_graphql::{InputObject, MaybeUndefined};
use entity::orders::draft_order_lines;
use entity::orders::draft_orders::ActiveModel;
use rules::ids::{CustomerId, DraftOrderId, ProductVariantId};
use rules::money::MoneyInput;
use rules::percent::Percent;
use rules::{Currency, Decimal, ErrorCode, Money, Problem, Problems};
use sea_orm::ActiveValue::Set;

use crate::identity::email;
use crate::kernel::{Result, StoreScope, Tx, input};
use crate::orders::attributes::{self, MAX_NOTE, OrderAttributeInput, free_text, to_json};
use crate::orders::drafts::priced::living;
use crate::places::AddressInput;

/// Lines of a draft at the most.
const MAX_LINES: usize = 250;
/// Units of a line at the most.
const MAX_QUANTITY: i32 = 1_000_000;
/// Codes of a draft at the most.
const MAX_CODES: usize = 20;

/// Some units of a variant, or of something that is made up: then it needs a title and a price.
#[derive(InputObject, Clone, Default)]
pub struct DraftOrderLineInput {
    /// Which variant; null for what is made up.
    pub variant_id: Option<ProductVariantId>,
    /// What it is called, where it is made up; at most 200 characters.
    pub title: Option<String>,
    /// Its stock number, where it is made up.
    pub sku: Option<String>,
    /// How many; 1 to 1,000,000.
    pub quantity: i32,
    /// What one costs, in the store's tax mode; the store's own price of the variant where it is left out.
    pub unit_price: Option<MoneyInput>,
    /// Whether what is made up is shipped.
    #[graphql(default = true)]
    pub requires_shipping: bool,
    /// Whether what is made up is taxed.
    #[graphql(default = true)]
    pub taxable: bool,
    /// Pairs of texts; at most 20.
    #[graphql(default)]
    pub attributes: Vec<OrderAttributeInput>,
}

/// A discount of the staff's own off the whole order. Like any promotion on orders, it stands beside those that combine
/// with that class; where one does not, the better for the buyer counts.
#[derive(InputObject, Clone)]
pub struct DraftOrderDiscountInput {
    /// What buyers see it called; at most 100 characters.
    pub name: String,
    /// How much is off, in per cent. Give this or `amount`.
    pub percent: Option<Decimal>,
    /// How much is off. Give this or `percent`.
    pub amount: Option<MoneyInput>,
}

/// Shipping at a price that staff names.
#[derive(InputObject, Clone)]
pub struct DraftOrderShippingInput {
    /// What buyers see it called; at most 100 characters.
    pub title: String,
    /// What it costs, in the store's tax mode.
    pub price: MoneyInput,
}

/// What a draft says beside its lines. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct DraftOrderDetailsInput {
    /// Whose the order will be: prices, promotions and taxes are the customer's. Where it is left out or null, it is whose
    /// e-mail address it has.
    pub customer_id: MaybeUndefined<CustomerId>,
    /// Where the buyer is written to; the customer's own address where it is left out.
    pub email: MaybeUndefined<String>,
    /// Where it goes to.
    pub shipping_address: MaybeUndefined<AddressInput>,
    /// Who pays.
    pub billing_address: MaybeUndefined<AddressInput>,
    /// What the order says beside; at most 5,000 characters.
    pub note: MaybeUndefined<String>,
    /// What the buyer's own books call it; at most 100 characters.
    pub purchase_order_number: MaybeUndefined<String>,
    /// The organization that buys; at most 200 characters.
    pub organization_name: MaybeUndefined<String>,
    /// Its VAT number; at most 50 characters.
    pub vat_number: MaybeUndefined<String>,
    /// A discount of the staff's own.
    pub discount: MaybeUndefined<DraftOrderDiscountInput>,
    /// Shipping at a price that staff names; null where nothing is charged for it.
    pub shipping: MaybeUndefined<DraftOrderShippingInput>,
    /// The discount codes: these and no others; at most 20.
    pub discount_codes: Option<Vec<String>>,
    /// Whether the store's promotions count that need no code; they do where it is left out.
    pub takes_promotions: Option<bool>,
    /// Whether the buyer pays no tax.
    pub tax_exempt: Option<bool>,
    /// Pairs of texts: these and no others; at most 20.
    pub attributes: Option<Vec<OrderAttributeInput>>,
    /// What the order will be marked with: these words and no others; at most 50.
    pub tags: Option<Vec<String>>,
}

/// Notes several problems.
fn all(problems: &mut Problems, found: Vec<Problem>) {
    found.into_iter().for_each(|problem| problems.push(problem));
}

/// An amount that is in the one currency, and not below nothing.
fn amount(path: &str, given: MoneyInput, currency: Currency) -> Result<Money, Problem> {
    let money = given.to_money().map_err(|problem| problem.under(path))?;
    if money.currency() != currency {
        return Err(Problem::new(ErrorCode::Invalid, path, format!("The draft is in {currency}.")));
    }
    if money.is_negative() {
        return Err(Problem::new(ErrorCode::OutOfRange, path, "An amount is not below nothing."));
    }
    Ok(money)
}

/// Reads one line of text that may be cleared.
fn line(
    problems: &mut Problems,
    path: &str,
    given: &MaybeUndefined<String>,
    most: usize,
    set: impl FnOnce(Option<String>),
) {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => set(None),
        MaybeUndefined::Value(text) => {
            if let Some(text) = problems.keep(input::optional_line(path, Some(text), most)) {
                set(text);
            }
        }
    }
}

/// Reads an address that may be cleared.
fn address(
    problems: &mut Problems,
    path: &str,
    given: &MaybeUndefined<AddressInput>,
    set: impl FnOnce(Option<sea_orm::JsonValue>),
) -> Result<()> {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => set(None),
        MaybeUndefined::Value(given) => match given.read(path) {
            Ok(address) => set(Some(to_json(&address)?)),
            Err(found) => all(problems, found),
        },
    }
    Ok(())
}

impl DraftOrderDetailsInput {
    /// Reads the details of a draft in a currency.
    ///
    /// # Errors
    /// `Internal` alone; what is wrong with the input is added to `problems`.
    pub fn read(&self, problems: &mut Problems, currency: Currency) -> Result<ActiveModel> {
        let mut row = ActiveModel::default();
        match self.customer_id {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => row.customer_id = Set(None),
            MaybeUndefined::Value(customer) => row.customer_id = Set(Some(customer)),
        }
        match &self.email {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => (row.email, row.email_normalized) = (Set(None), Set(None)),
            MaybeUndefined::Value(raw) => {
                if let Some(email) = problems.keep(email::read("email", raw)) {
                    (row.email, row.email_normalized) = (Set(Some(email.address)), Set(Some(email.key)));
                }
            }
        }
        address(problems, "shippingAddress", &self.shipping_address, |json| row.shipping_address = Set(json))?;
        address(problems, "billingAddress", &self.billing_address, |json| row.billing_address = Set(json))?;
        match &self.note {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => row.note = Set(None),
            MaybeUndefined::Value(note) => {
                if let Some(note) = problems.keep(free_text("note", note, MAX_NOTE)) {
                    row.note = Set(Some(note));
                }
            }
        }
        line(problems, "purchaseOrderNumber", &self.purchase_order_number, 100, |text| {
            row.purchase_order_number = Set(text);
        });
        line(problems, "organizationName", &self.organization_name, 200, |text| row.organization_name = Set(text));
        line(problems, "vatNumber", &self.vat_number, 50, |text| row.vat_number = Set(text));
        self.read_discount(problems, currency, &mut row);
        self.read_shipping(problems, currency, &mut row);
        if let Some(codes) = &self.discount_codes {
            if codes.len() > MAX_CODES {
                let message = format!("Give at most {MAX_CODES} codes.");
                problems.add(ErrorCode::TooLong, "discountCodes", message);
            }
            let read = |(place, code): (usize, &String)| input::line(&format!("discountCodes.{place}"), code, 1, 100);
            let codes: Vec<_> = codes.iter().enumerate().filter_map(|code| problems.keep(read(code))).collect();
            row.codes = Set(to_json(&codes)?);
        }
        if let Some(attributes) = &self.attributes {
            match attributes::read("attributes", attributes) {
                Ok(read) => row.attributes = Set(to_json(&read)?),
                Err(found) => all(problems, found),
            }
        }
        if let Some(tags) = &self.tags {
            match attributes::read_tags("tags", tags) {
                Ok(read) => row.tags = Set(to_json(&read)?),
                Err(found) => all(problems, found),
            }
        }
        if let Some(takes) = self.takes_promotions {
            row.takes_promotions = Set(takes);
        }
        if let Some(exempt) = self.tax_exempt {
            row.tax_exempt = Set(exempt);
        }
        Ok(row)
    }

    /// Holds that the customer is there, in the transaction that writes it.
    ///
    /// # Errors
    /// `Conflict` with `NOT_FOUND` at `customerId`.
    pub async fn expect_customer(&self, tx: &Tx<StoreScope>) -> Result<()> {
        match self.customer_id {
            MaybeUndefined::Value(customer) => living(tx, customer).await.map(drop),
            MaybeUndefined::Undefined | MaybeUndefined::Null => Ok(()),
        }
    }

    fn read_discount(&self, problems: &mut Problems, currency: Currency, row: &mut ActiveModel) {
        let mut set = |name, percent, amount| {
            (row.discount_name, row.discount_percent, row.discount_amount) = (Set(name), Set(percent), Set(amount));
        };
        let discount = match &self.discount {
            MaybeUndefined::Undefined => return,
            MaybeUndefined::Null => return set(None, None, None),
            MaybeUndefined::Value(discount) => discount,
        };
        let name = problems.keep(input::line("discount.name", &discount.name, 1, 100));
        match (discount.percent, discount.amount) {
            (Some(percent), None) => {
                let percent = Percent::try_new(percent).map_err(|problem| problem.under("discount.percent"));
                if let Some(percent) = problems.keep(percent) {
                    set(name, Some(percent.value().to_string()), None);
                }
            }
            (None, Some(given)) => {
                if let Some(money) = problems.keep(amount("discount.amount", given, currency)) {
                    set(name, None, Some(money.minor()));
                }
            }
            _ => problems.add(ErrorCode::Invalid, "discount", "Give either `percent` or `amount`."),
        }
    }

    fn read_shipping(&self, problems: &mut Problems, currency: Currency, row: &mut ActiveModel) {
        match &self.shipping {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => (row.shipping_title, row.shipping_price) = (Set(None), Set(None)),
            MaybeUndefined::Value(shipping) => {
                let title = problems.keep(input::line("shipping.title", &shipping.title, 1, 100));
                let price = problems.keep(amount("shipping.price", shipping.price, currency));
                if let (Some(title), Some(price)) = (title, price) {
                    (row.shipping_title, row.shipping_price) = (Set(Some(title)), Set(Some(price.minor())));
                }
            }
        }
    }
}

/// Reads lines of a draft in a currency, in their order: one at least. Their rows are made with [`line_rows`].
pub fn read_lines(problems: &mut Problems, given: &[DraftOrderLineInput], currency: Currency) -> Result<Vec<ReadLine>> {
    if given.is_empty() {
        problems.add(ErrorCode::Required, "lines", "Give one line at least.");
    }
    if given.len() > MAX_LINES {
        problems.add(ErrorCode::TooLong, "lines", format!("Give at most {MAX_LINES} lines."));
    }
    let mut read = Vec::with_capacity(given.len());
    for (place, line) in given.iter().enumerate().take(MAX_LINES) {
        let at = |field: &str| format!("lines.{place}.{field}");
        if !(1..=MAX_QUANTITY).contains(&line.quantity) {
            problems.add(ErrorCode::OutOfRange, &at("quantity"), format!("Give 1 to {MAX_QUANTITY}."));
        }
        let price = line.unit_price.and_then(|given| problems.keep(amount(&at("unitPrice"), given, currency)));
        let title = line.title.as_deref().and_then(|text| problems.keep(input::line(&at("title"), text, 1, 200)));
        let sku = problems.keep(input::optional_line(&at("sku"), line.sku.as_deref(), 100)).flatten();
        match (line.variant_id, &line.title) {
            (Some(_), Some(_)) => {
                problems.add(ErrorCode::Invalid, &at("title"), "A variant has its own title: leave it out.");
            }
            (None, None) => {
                problems.add(ErrorCode::Required, &at("variantId"), "Name a variant, or give a title and a price.");
            }
            (None, Some(_)) if line.unit_price.is_none() => {
                problems.add(ErrorCode::Required, &at("unitPrice"), "What is made up needs a price.");
            }
            _ => {}
        }
        let attributes = attributes::read(&at("attributes"), &line.attributes).unwrap_or_else(|found| {
            all(problems, found);
            Vec::new()
        });
        read.push(ReadLine {
            variant: line.variant_id,
            title,
            sku: sku.filter(|_| line.variant_id.is_none()),
            quantity: line.quantity,
            unit_price: price.map(Money::minor),
            requires_shipping: line.requires_shipping,
            taxable: line.taxable,
            attributes: to_json(&attributes)?,
        });
    }
    Ok(read)
}

/// A line that was read.
#[derive(Debug, Clone)]
pub struct ReadLine {
    variant: Option<ProductVariantId>,
    title: Option<String>,
    sku: Option<String>,
    quantity: i32,
    unit_price: Option<i64>,
    requires_shipping: bool,
    taxable: bool,
    attributes: sea_orm::JsonValue,
}

/// The rows of lines that were read.
pub fn line_rows(tx: &Tx<StoreScope>, draft: DraftOrderId, lines: Vec<ReadLine>) -> Vec<draft_order_lines::Model> {
    let row = |(position, line): (usize, ReadLine)| draft_order_lines::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        draft_order_id: draft,
        position: crate::orders::number(position),
        variant_id: line.variant,
        title: line.title,
        sku: line.sku,
        quantity: line.quantity,
        unit_price: line.unit_price,
        requires_shipping: line.requires_shipping,
        taxable: line.taxable,
        attributes: line.attributes,
    };
    lines.into_iter().enumerate().map(row).collect()
}
