//! The rows of an order that is placed.

use std::collections::HashMap;

use entity::orders::{
    order_addresses, order_attributions, order_discounts, order_lines, order_payments, order_shipping_lines,
    order_taxes, order_terms, orders,
};
use rules::address::Address;
use rules::ids::{OrderId, OrderLineId, ProductVariantId};
use rules::promotion::Phase;
use rules::state;
use rules::states::{AddressKind, DiscountPhase, OrderLineKind};
use rules::totals::{AppliedDiscount, LineKind, LineTotal, Reckoning, ShippingTotal, Totals};
use sea_orm::JsonValue;

use super::snapshot::Shown;
use super::{Placement, Source, lines};
use crate::kernel::{Error, Result, StoreScope, Tx};
use crate::orders::attributes::to_json;
use crate::orders::store::{NewOrder, order_tags, search_words};

/// All rows of an order but those of its history.
pub fn of(
    tx: &Tx<StoreScope>,
    (id, number): (OrderId, i64),
    placement: &Placement,
    reckoning: &Reckoning,
    shown: &HashMap<ProductVariantId, Shown>,
) -> Result<NewOrder> {
    let totals = &reckoning.totals;
    let frozen = placement.terms.clone().frozen(&reckoning.evaluation);
    let mut order_lines = Vec::with_capacity(totals.lines.len());
    for (position, line) in totals.lines.iter().enumerate() {
        order_lines.push(line_row(tx, (id, position), placement, line, shown)?);
    }
    let order = order_row(tx, (id, number), placement, totals)?;
    let addresses = addresses(tx, id, placement);
    Ok(NewOrder {
        shipping_lines: shipping_rows(tx, id, placement, totals)?,
        discounts: discount_rows(tx, id, placement, totals, &order_lines),
        taxes: tax_rows(tx, id, totals),
        attribution: attribution(tx, id, placement),
        tags: order_tags(tx, id, &placement.tags),
        words: search_words(&order, &order_lines, &addresses),
        terms: order_terms::Model {
            store_id: tx.id(),
            order_id: id,
            rules_version: i64::from(frozen.version),
            terms: to_json(&frozen)?,
            evaluation: to_json(&reckoning.evaluation)?,
        },
        payments: placement.payments.iter().map(|(payment, is)| payment_row(tx, id, *payment, is)).collect(),
        order,
        lines: order_lines,
        addresses,
    })
}

fn order_row(
    tx: &Tx<StoreScope>,
    (id, number): (OrderId, i64),
    placement: &Placement,
    totals: &Totals,
) -> Result<orders::Model> {
    let basket = &placement.terms.basket;
    // Nothing is sent yet, and nothing came back.
    let units =
        totals.lines.iter().map(|line| state::order::OrderLine { ordered: line.quantity, ..Default::default() });
    let facts = state::order::Order {
        canceled: false,
        total: totals.total,
        payments: placement.payments.iter().map(|(_, payment)| payment.clone()).collect(),
        lines: units.collect(),
    };
    let beyond = |error: rules::MoneyError| Error::from(rules::Problem::from(error));
    let (cart_id, draft_order_id) = match placement.source {
        Source::Cart(cart) => (Some(cart), None),
        Source::Draft(draft) => (None, Some(draft)),
    };
    let now = tx.ctx().now();
    Ok(orders::Model {
        store_id: tx.id(),
        id,
        number,
        cart_id,
        draft_order_id,
        customer_id: placement.customer,
        email: placement.email.as_ref().map(|email| email.address.clone()),
        email_normalized: placement.email.as_ref().map(|email| email.key.clone()),
        currency: totals.currency,
        tax_mode: totals.tax_mode,
        rounding_mode: basket.rounding.mode,
        rounding_level: basket.rounding.level,
        subtotal: totals.subtotal.minor(),
        discount: totals.discount.minor(),
        shipping_price: totals.shipping_price.minor(),
        shipping_discount: totals.shipping_discount.minor(),
        tax_added: totals.tax_added.minor(),
        tax_exempted: totals.tax_exempted.minor(),
        net: totals.net.minor(),
        tax: totals.tax.minor(),
        total: totals.total.minor(),
        status: facts.status().map_err(beyond)?,
        payment_status: facts.payment_status().map_err(beyond)?,
        fulfillment_progress: facts.fulfillment_progress(),
        return_progress: facts.return_progress(),
        canceled_at: None,
        cancel_reason: None,
        placed_at: now,
        locale: placement.locale.clone(),
        channel: basket.channel.clone(),
        note: placement.note.clone(),
        attributes: to_json(&placement.attributes)?,
        purchase_order_number: placement.purchase_order_number.clone(),
        organization_name: placement.organization_name.clone(),
        vat_number: placement.vat_number.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

fn line_row(
    tx: &Tx<StoreScope>,
    (order, position): (OrderId, usize),
    placement: &Placement,
    line: &LineTotal,
    shown: &HashMap<ProductVariantId, Shown>,
) -> Result<order_lines::Model> {
    let custom = lines::custom(placement, line.kind);
    let shown = match custom {
        Some(_) => None,
        None => Some(shown.get(&line.variant).ok_or_else(|| Error::internal("a line of no variant is ordered"))?),
    };
    let (kind, promotion_id) = match line.kind {
        LineKind::Gift(promotion) => (OrderLineKind::Gift, Some(promotion)),
        LineKind::Bought(_) if custom.is_some() => (OrderLineKind::Custom, None),
        LineKind::Bought(_) => (OrderLineKind::Bought, None),
    };
    let title = custom.map(|line| &line.title).or(shown.map(|shown| &shown.title)).cloned();
    Ok(order_lines::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        order_id: order,
        position: place(position),
        kind,
        variant_id: shown.map(|_| line.variant),
        product_id: shown.map(|_| line.product),
        promotion_id,
        title: title.unwrap_or_default(),
        variant_title: shown.and_then(|shown| shown.variant_title.clone()),
        sku: custom.map_or_else(|| shown.and_then(|shown| shown.sku.clone()), |line| line.sku.clone()),
        options: shown.map_or(Ok(JsonValue::Array(Vec::new())), |shown| to_json(&shown.options))?,
        image_url: shown.and_then(|shown| shown.image_url.clone()),
        requires_shipping: custom
            .map_or_else(|| shown.is_some_and(|shown| shown.requires_shipping), |line| line.requires_shipping),
        quantity: line.quantity,
        unit_price: line.unit_price.minor(),
        price: line.price.minor(),
        discount: line.discount.minor(),
        amount: line.amount.minor(),
        net: line.net.minor(),
        tax: line.tax.minor(),
        gross: line.gross.minor(),
        tax_exempted: line.tax_exempted.minor(),
        taxes: to_json(&line.taxes)?,
        attributes: match lines::placed(placement, line.kind) {
            Some(placed) => to_json(&placed.attributes)?,
            None => JsonValue::Array(Vec::new()),
        },
        fulfilled: 0,
        returned: 0,
        returning: 0,
    })
}

/// A row for each group of goods that is shipped one way. Where none is named, there is one.
fn shipping_rows(
    tx: &Tx<StoreScope>,
    order: OrderId,
    placement: &Placement,
    totals: &Totals,
) -> Result<Vec<order_shipping_lines::Model>> {
    let Some(shipping) = &totals.shipping else { return Ok(Vec::new()) };
    let prices: Vec<_> = placement.deliveries.iter().map(|delivery| delivery.price).collect();
    let parts = ShippingTotal::split(shipping, &prices, totals.tax_mode)
        .map_err(|_| Error::internal("an order is shipped at prices that are not those of its terms"))?;
    let row = |(position, (delivery, part)): (usize, (&super::Delivery, rules::totals::ShippingPart))| {
        order_shipping_lines::Model {
            store_id: tx.id(),
            id: tx.ctx().id(),
            order_id: order,
            position: place(position),
            profile_id: delivery.profile,
            rate_id: delivery.rate,
            title: delivery.title.clone(),
            price: part.price.minor(),
            discount: part.discount.minor(),
            amount: part.amount.minor(),
            net: part.net.minor(),
            tax: part.tax.minor(),
            gross: part.gross.minor(),
            tax_exempted: part.tax_exempted.minor(),
        }
    };
    Ok(placement.deliveries.iter().zip(parts).enumerate().map(row).collect())
}

fn discount_rows(
    tx: &Tx<StoreScope>,
    order: OrderId,
    placement: &Placement,
    totals: &Totals,
    lines: &[order_lines::Model],
) -> Vec<order_discounts::Model> {
    let of_lines = totals
        .lines
        .iter()
        .zip(lines)
        .flat_map(|(total, line)| total.discounts.iter().map(move |discount| (Some(line.id), discount)));
    let of_shipping = totals.shipping.iter().flat_map(|shipping| &shipping.discounts).map(|discount| (None, discount));
    let row =
        |(position, (line_id, discount)): (usize, (Option<OrderLineId>, &AppliedDiscount))| order_discounts::Model {
            store_id: tx.id(),
            id: tx.ctx().id(),
            order_id: order,
            line_id,
            position: place(position),
            promotion_id: Some(discount.promotion).filter(|promotion| Some(*promotion) != placement.own_discount),
            name: discount.name.clone(),
            code: discount.code.clone(),
            phase: match discount.phase {
                Phase::Line => DiscountPhase::Line,
                Phase::Order => DiscountPhase::Order,
                Phase::Shipping => DiscountPhase::Shipping,
            },
            amount: discount.amount.minor(),
        };
    of_lines.chain(of_shipping).enumerate().map(row).collect()
}

fn tax_rows(tx: &Tx<StoreScope>, order: OrderId, totals: &Totals) -> Vec<order_taxes::Model> {
    let row = |(position, part): (usize, &rules::tax::TaxPart)| order_taxes::Model {
        store_id: tx.id(),
        order_id: order,
        position: place(position),
        name: part.name.clone(),
        rate: part.rate.to_string(),
        net: part.net.minor(),
        tax: part.tax.minor(),
    };
    totals.taxes.iter().enumerate().map(row).collect()
}

fn addresses(tx: &Tx<StoreScope>, order: OrderId, placement: &Placement) -> Vec<order_addresses::Model> {
    let kinds =
        [(AddressKind::Shipping, &placement.shipping_address), (AddressKind::Billing, &placement.billing_address)];
    let given = kinds.into_iter().filter_map(|(kind, address)| Some((kind, address.as_ref()?)));
    given.map(|(kind, address)| address_row(tx, order, kind, address)).collect()
}

/// An address of an order.
pub fn address_row(
    tx: &Tx<StoreScope>,
    order: OrderId,
    kind: AddressKind,
    address: &Address,
) -> order_addresses::Model {
    let Address { first_name, last_name, company, address1, address2, city, place, phone } = address.clone();
    order_addresses::Model {
        store_id: tx.id(),
        order_id: order,
        kind,
        first_name,
        last_name,
        company,
        address1,
        address2,
        city,
        region: place.region,
        postal_code: place.postal_code,
        country: place.country,
        phone,
        updated_at: tx.ctx().now(),
    }
}

fn attribution(tx: &Tx<StoreScope>, order: OrderId, placement: &Placement) -> Option<order_attributions::Model> {
    let from = placement.attribution.clone()?;
    Some(order_attributions::Model {
        store_id: tx.id(),
        order_id: order,
        utm_source: from.utm_source,
        utm_medium: from.utm_medium,
        utm_campaign: from.utm_campaign,
        utm_term: from.utm_term,
        utm_content: from.utm_content,
        referrer: from.referrer,
        landing_page: from.landing_page,
    })
}

/// What a payment of an order has come to.
pub fn payment_row(
    tx: &Tx<StoreScope>,
    order: OrderId,
    payment: rules::ids::PaymentId,
    is: &state::payment::Payment,
) -> order_payments::Model {
    order_payments::Model {
        store_id: tx.id(),
        order_id: order,
        payment_id: payment,
        authorized: is.authorized.minor(),
        captured: is.captured.minor(),
        voided: is.voided.minor(),
        refunded: is.refunded.minor(),
        refunding: is.refunding.minor(),
        declined: is.declined,
        created_at: tx.ctx().now(),
        updated_at: tx.ctx().now(),
    }
}

/// A place in a list as a row has it; no order has so many lines that it does not fit.
fn place(position: usize) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}
