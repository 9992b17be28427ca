//! What a draft comes to at a moment, and why: by the basket, the rules and the taxes of every sale (rule P6).

use std::collections::HashMap;

use entity::customers::customers as customer_rows;
use entity::orders::{draft_order_lines, draft_orders};
use rules::address::Address;
use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::{CustomerId, ProductId, ProductVariantId, PromotionId};
use rules::percent::Percent;
use rules::promotion::{self, Action, Caps, Change, CodeStatus, Condition, Evaluation, Offers, Phase, Promotion};
use rules::promotion::{Spent, Stacking};
use rules::totals::Terms;
use rules::{Decimal, Money, Problem, Problems};

use crate::baskets::{self, Wanted, WantedLine};
use crate::catalog::products::Viewer;
use crate::customers;
use crate::identity::email::Email;
use crate::kernel::{Ctx, Error, Result, StoreScope, input};
use crate::orders::attributes::from_json;
use crate::orders::placing::{CustomLine, Delivery, PlacedLine, buyer_key};
use crate::promotions::{Asked, offers};
use crate::tax::{self, Sale, WorkedOut, categories};

/// All that is known of a draft and of what the store offers it; read alike on a read and in a transaction.
#[derive(Debug, Clone)]
pub struct Facts {
    /// What is bought.
    pub basket: Basket,
    /// What is offered, the staff's own discount among it.
    pub offers: Offers,
    /// What comes of that.
    pub evaluation: Evaluation,
    /// What is known of each line beside.
    pub lines: Vec<PlacedLine>,
    /// How it is shipped.
    pub deliveries: Vec<Delivery>,
    /// The promotion that stands for the staff's own discount.
    pub own_discount: Option<PromotionId>,
    /// Where it goes to.
    pub shipping_address: Option<Address>,
    /// Who pays.
    pub billing_address: Option<Address>,
    /// Where the buyer is written to.
    pub email: Option<Email>,
    exempt: bool,
    tax_codes: HashMap<ProductVariantId, String>,
}

impl Facts {
    /// Reads what is known of a draft, in a fixed number of statements.
    ///
    /// # Errors
    /// `Invalid` with every line that can't be bought, at `lines.0.variantId`; what the database says.
    pub async fn gather(
        ctx: &Ctx,
        scope: &StoreScope,
        draft: &draft_orders::Model,
        lines: &[draft_order_lines::Model],
    ) -> Result<Self> {
        let email = draft.email.clone().zip(draft.email_normalized.clone());
        let email = email.map(|(address, key)| Email { address, key });
        let shipping_address: Option<Address> = draft.shipping_address.as_ref().map(from_json).transpose()?;
        let billing_address: Option<Address> = draft.billing_address.as_ref().map(from_json).transpose()?;
        let money = |minor| Money::from_minor(minor, draft.currency);
        let customer = match draft.customer_id {
            Some(customer) => Some(living(scope, customer).await?),
            None => None,
        };
        let own = customer.as_ref();
        let email =
            email.or_else(|| own.map(|own| Email { address: own.email.clone(), key: own.email_normalized.clone() }));
        let buyer = match (own, &email) {
            (Some(own), _) => customers::buyer(scope, own.id).await?,
            (None, Some(email)) => {
                Buyer { first_order: !customers::has_ordered(scope, &email.key).await?, ..Buyer::default() }
            }
            (None, None) => Buyer::default(),
        };
        let wanted = Wanted {
            lines: lines.iter().filter_map(wanted_line).collect(),
            currency: draft.currency,
            at: ctx.now(),
            viewer: Viewer::Staff,
            shipping: draft.shipping_price.map(|price| ShippingCharge { rate: None, amount: money(price) }),
            codes: from_json(&draft.codes)?,
            buyer,
            country: shipping_address.as_ref().map(|address| address.place.country.clone()),
            channel: Some(CHANNEL.to_owned()),
        };
        let gathered = baskets::gather(scope, wanted).await?;
        let places: Vec<usize> = (0..lines.len()).filter(|place| lines[*place].variant_id.is_some()).collect();
        let mut problems = Problems::new();
        for (place, missing) in &gathered.missing {
            let place = places.get(*place).copied().unwrap_or_default();
            problems.push(missing.problem(draft.currency, &format!("lines.{place}.variantId")));
        }
        problems.finish()?;

        let default = categories::find_default(scope).await?.map(|category| category.id);
        let mut basket = gathered.basket;
        let tax_codes = basket.lines.iter().zip(&gathered.bought);
        let tax_codes = tax_codes.filter_map(|(line, bought)| Some((line.variant, bought.tax_code.clone()?))).collect();
        let mut found = std::mem::take(&mut basket.lines).into_iter();
        for line in lines {
            let priced = match line.variant_id {
                Some(_) => found.next().ok_or_else(|| Error::internal("a line of a draft was lost"))?,
                None => made_up(line, money(0), default),
            };
            basket.lines.push(Line { unit_price: line.unit_price.map_or(priced.unit_price, money), ..priced });
        }
        basket.check()?;

        let own_discount = own_discount(draft)?;
        let mut offered = Self::offered(scope, draft, &basket, email.as_ref(), ctx).await?;
        offered.promotions.extend(own_discount.clone());
        let evaluation = promotion::evaluate(&basket, &offered, ctx.now())?;
        let deliveries = draft.shipping_title.clone().zip(draft.shipping_price);
        let deliveries =
            deliveries.map(|(title, price)| Delivery { profile: None, rate: None, title, price: money(price) });
        Ok(Self {
            lines: lines.iter().map(placed_line).collect::<Result<_>>()?,
            deliveries: deliveries.into_iter().collect(),
            own_discount: own_discount.map(|promotion| promotion.id),
            offers: offered,
            evaluation,
            basket,
            shipping_address,
            billing_address,
            email,
            exempt: draft.tax_exempt || own.is_some_and(|own| own.tax_exempt),
            tax_codes,
        })
    }

    /// What the store offers: all of it, or only what the codes open.
    async fn offered(
        scope: &StoreScope,
        draft: &draft_orders::Model,
        basket: &Basket,
        email: Option<&Email>,
        ctx: &Ctx,
    ) -> Result<Offers> {
        let buyer = buyer_key(draft.customer_id, email);
        let asked = Asked {
            at: ctx.now(),
            currency: draft.currency,
            codes: &basket.codes,
            buyer: buyer.as_ref(),
            disabled: &[],
        };
        let mut offered = offers(scope, &asked).await?;
        if !draft.takes_promotions {
            let codes = &offered.codes;
            offered.promotions.retain(|promotion| codes.iter().any(|code| code.promotion == promotion.id));
        }
        Ok(offered)
    }

    /// The taxes on it. Asks a tax provider where the store has one, and so never belongs inside a write.
    ///
    /// # Errors
    /// As [`tax::taxation`].
    pub async fn taxes(&self, ctx: &Ctx) -> Result<WorkedOut> {
        let sale = Sale {
            basket: &self.basket,
            evaluation: &self.evaluation,
            shipping: self.shipping_address.as_ref().map(|address| &address.place),
            billing: self.billing_address.as_ref().map(|address| &address.place),
            exempt: self.exempt,
            codes: &self.tax_codes,
        };
        tax::taxation(ctx, &sale).await
    }

    /// All that the total is worked out from.
    pub fn terms(&self, ctx: &Ctx, taxes: WorkedOut) -> Terms {
        Terms::new(ctx.now(), self.basket.clone(), self.offers.clone(), taxes.taxation)
    }

    /// Every code that can't be used, at `discountCodes.0`.
    pub fn refused_codes(&self) -> Vec<Problem> {
        let codes = self.evaluation.codes.iter().enumerate();
        let refused = codes.filter_map(|(place, code)| match code.status {
            CodeStatus::Refused { refusal } => Some(refusal.problem(&format!("discountCodes.{place}"))),
            CodeStatus::Applied { .. } | CodeStatus::Outdone { .. } => None,
        });
        refused.collect()
    }
}

/// The customer of a draft, who may have gone since it was made.
///
/// # Errors
/// `Conflict` with `NOT_FOUND` at `customerId`.
pub async fn living(scope: &StoreScope, customer: CustomerId) -> Result<customer_rows::Model> {
    let found = customers::find_living(scope, customer).await?;
    found.ok_or_else(|| input::not_found("customerId", "customer"))
}

/// Where drafts are sold.
const CHANNEL: &str = "staff";

fn wanted_line(line: &draft_order_lines::Model) -> Option<WantedLine> {
    let quantity = u32::try_from(line.quantity).ok()?;
    Some(WantedLine { variant: line.variant_id?, quantity })
}

/// A line that is no variant. Its own id stands for variant and product, so that no two of them are the same thing.
fn made_up(line: &draft_order_lines::Model, price: Money, category: Option<rules::ids::TaxCategoryId>) -> Line {
    Line {
        variant: ProductVariantId(line.id.0),
        product: ProductId(line.id.0),
        brand: None,
        categories: Vec::new(),
        collections: Vec::new(),
        tags: Vec::new(),
        tax_category: category,
        untaxed: !line.taxable,
        quantity: line.quantity.unsigned_abs(),
        unit_price: price,
    }
}

fn placed_line(line: &draft_order_lines::Model) -> Result<PlacedLine> {
    let custom = line.variant_id.is_none().then(|| CustomLine {
        title: line.title.clone().unwrap_or_default(),
        sku: line.sku.clone(),
        requires_shipping: line.requires_shipping,
    });
    Ok(PlacedLine { custom, attributes: from_json(&line.attributes)? })
}

/// The staff's own discount as a promotion: it is known by the draft's id, and no counter knows it.
fn own_discount(draft: &draft_orders::Model) -> Result<Option<Promotion>> {
    let Some(name) = draft.discount_name.clone() else { return Ok(None) };
    let change = match (&draft.discount_percent, draft.discount_amount) {
        (Some(percent), _) => {
            let percent: Decimal = percent.parse().map_err(|_| Error::internal("a discount is no number"))?;
            Change::Percent(Percent::try_new(percent)?)
        }
        (None, Some(amount)) => Change::Amount(Money::from_minor(amount, draft.currency).into()),
        (None, None) => return Ok(None),
    };
    Ok(Some(Promotion {
        id: PromotionId(draft.id.0),
        name,
        created_at: draft.created_at,
        priority: i32::MIN,
        valid_from: None,
        valid_to: None,
        condition: Condition::always(),
        action: Action::Order(change),
        caps: Caps::default(),
        stacking: Stacking { combines_with: vec![Phase::Line, Phase::Order, Phase::Shipping], exclusive_group: None },
        spent: Spent::default(),
    }))
}
