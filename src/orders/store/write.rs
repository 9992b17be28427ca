//! Writes of orders and of what hangs on them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::orders::{
    draft_orders, order_addresses, order_attributions, order_discounts, order_keys, order_lines, order_notes,
    order_numbers, order_payments, order_shipping_lines, order_status_history, order_tags as tag_rows, order_taxes,
    order_terms, order_tokens, orders,
};
use rules::ids::{CustomerId, OrderId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter};

use crate::identity::secret::Secret;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, text};

/// The number of a store's first order.
const FIRST_NUMBER: i64 = 1_001;

/// Characters of a word that an order is found by, at the most.
const MAX_WORD: usize = 100;

/// All rows of an order that is placed, but those of its history.
pub struct NewOrder {
    pub order: orders::Model,
    pub lines: Vec<order_lines::Model>,
    pub shipping_lines: Vec<order_shipping_lines::Model>,
    pub addresses: Vec<order_addresses::Model>,
    pub attribution: Option<order_attributions::Model>,
    pub tags: Vec<tag_rows::Model>,
    pub words: BTreeSet<String>,
    pub terms: order_terms::Model,
    pub discounts: Vec<order_discounts::Model>,
    pub taxes: Vec<order_taxes::Model>,
    pub payments: Vec<order_payments::Model>,
}

/// Takes the store's next order number. Whoever takes one too waits until this transaction ends, and gets the same
/// number where it is dropped: numbers have no gaps.
pub async fn take_number(tx: &Tx<StoreScope>) -> Result<i64> {
    use order_numbers::{Column, Entity, Model};
    for _ in 0..2 {
        let taken = tx
            .update_many::<Entity>()
            .col_expr(Column::NextNumber, Expr::col(Column::NextNumber).add(1))
            .exec_with_returning(tx.conn())
            .await?;
        if let Some(row) = taken.first() {
            return Ok(row.next_number - 1);
        }
        let first = Model { store_id: tx.id(), next_number: FIRST_NUMBER };
        tx.insert_missing::<Entity>(&[Column::StoreId], vec![first.into_active_model()]).await?;
    }
    Err(Error::internal("a store has no counter of orders"))
}

/// Writes a new order.
///
/// # Errors
/// `Retry` where the same cart or draft became an order at the same moment.
pub async fn insert(tx: &Tx<StoreScope>, new: NewOrder, secret: &Secret) -> Result<orders::Model> {
    let id = new.order.id;
    let order =
        tx.insert::<orders::Entity>(new.order.into_active_model()).await.map_err(|error| {
            match Violation::of(&error) {
                Some(broken) if broken.kind == ViolationKind::Unique => Error::Retry,
                _ => Error::from(error),
            }
        })?;
    macro_rules! write {
        ($table:ident, $rows:expr) => {
            tx.insert_many::<$table::Entity>($rows.into_iter().map(IntoActiveModel::into_active_model).collect())
                .await?
        };
    }
    write!(order_lines, new.lines);
    write!(order_shipping_lines, new.shipping_lines);
    write!(order_addresses, new.addresses);
    write!(order_attributions, new.attribution);
    write!(tag_rows, new.tags);
    write!(order_keys, word_rows(tx, id, new.words));
    write!(order_terms, [new.terms]);
    write!(order_discounts, new.discounts);
    write!(order_taxes, new.taxes);
    write!(order_payments, new.payments);
    let token = order_tokens::Model {
        store_id: tx.id(),
        token_hash: secret.hash().to_vec(),
        order_id: id,
        expires_at: None,
        created_at: tx.ctx().now(),
    };
    write!(order_tokens, [token]);
    Ok(order)
}

/// Lets a secret show an order until a moment.
pub async fn insert_token(tx: &Tx<StoreScope>, order: OrderId, secret: &Secret, until: DateTime<Utc>) -> Result<()> {
    let token = order_tokens::Model {
        store_id: tx.id(),
        token_hash: secret.hash().to_vec(),
        order_id: order,
        expires_at: Some(until),
        created_at: tx.ctx().now(),
    };
    Ok(tx.insert_many::<order_tokens::Entity>(vec![token.into_active_model()]).await?)
}

/// Makes the orders and drafts of one customer another's. Nothing else of them changes.
pub async fn move_customer(tx: &Tx<StoreScope>, from: CustomerId, to: CustomerId) -> Result<()> {
    tx.update_many::<orders::Entity>()
        .col_expr(orders::Column::CustomerId, Expr::value(to.0))
        .filter(orders::Column::CustomerId.eq(from))
        .exec(tx.conn())
        .await?;
    tx.update_many::<draft_orders::Entity>()
        .col_expr(draft_orders::Column::CustomerId, Expr::value(to.0))
        .filter(draft_orders::Column::CustomerId.eq(from))
        .exec(tx.conn())
        .await?;
    Ok(())
}

pub async fn insert_history(tx: &Tx<StoreScope>, rows: Vec<order_status_history::Model>) -> Result<()> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    Ok(tx.insert_many::<order_status_history::Entity>(rows).await?)
}

pub async fn insert_note(tx: &Tx<StoreScope>, row: order_notes::Model) -> Result<order_notes::Model> {
    Ok(tx.insert::<order_notes::Entity>(row.into_active_model()).await?)
}

/// Writes what a payment of an order that is held has come to.
pub async fn save_payment(tx: &Tx<StoreScope>, row: order_payments::Model) -> Result<()> {
    Ok(tx.save_many::<order_payments::Entity>(vec![row]).await?)
}

/// Writes how many units of a line were sent and came back; its order is held.
pub async fn set_units(tx: &Tx<StoreScope>, line: &order_lines::Model) -> Result<()> {
    let row = order_lines::ActiveModel {
        id: Set(line.id),
        fulfilled: Set(line.fulfilled),
        returned: Set(line.returned),
        returning: Set(line.returning),
        ..Default::default()
    };
    tx.update::<order_lines::Entity>(row).await?;
    Ok(())
}

/// Writes an address of an order that is held.
pub async fn replace_address(tx: &Tx<StoreScope>, row: order_addresses::Model) -> Result<()> {
    Ok(tx.save_many::<order_addresses::Entity>(vec![row]).await?)
}

/// The rows of an order's tags.
pub fn order_tags(tx: &Tx<StoreScope>, order: OrderId, tags: &[String]) -> Vec<tag_rows::Model> {
    let row = |name: &String| tag_rows::Model {
        store_id: tx.id(),
        order_id: order,
        name_normalized: text::fold(name),
        name: name.clone(),
    };
    tags.iter().map(row).collect()
}

/// Gives an order that is held these tags and no others.
pub async fn replace_tags(tx: &Tx<StoreScope>, order: OrderId, tags: &[String]) -> Result<()> {
    tx.delete_many::<tag_rows::Entity>().filter(tag_rows::Column::OrderId.eq(order)).exec(tx.conn()).await?;
    let rows = order_tags(tx, order, tags).into_iter().map(IntoActiveModel::into_active_model).collect();
    Ok(tx.insert_many::<tag_rows::Entity>(rows).await?)
}

/// Has an order that is held found by these words and no others.
pub async fn replace_words(tx: &Tx<StoreScope>, order: OrderId, words: BTreeSet<String>) -> Result<()> {
    tx.delete_many::<order_keys::Entity>().filter(order_keys::Column::OrderId.eq(order)).exec(tx.conn()).await?;
    let rows = word_rows(tx, order, words).into_iter().map(IntoActiveModel::into_active_model).collect();
    Ok(tx.insert_many::<order_keys::Entity>(rows).await?)
}

fn word_rows(tx: &Tx<StoreScope>, order: OrderId, words: BTreeSet<String>) -> Vec<order_keys::Model> {
    let row = |word| order_keys::Model { store_id: tx.id(), word, order_id: order };
    words.into_iter().map(row).collect()
}

/// The words of a text as they are compared: case and accents do not count, nor does the sign before a number.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = text::sort_key(text);
    let words = folded.split(' ').map(|word| word.trim_start_matches('#').chars().take(MAX_WORD).collect());
    words.filter(|word: &String| !word.is_empty()).collect::<Vec<_>>().into_iter()
}

/// What staff finds an order by: its number, its e-mail address, the names in its addresses, its stock numbers.
pub fn search_words(
    order: &orders::Model,
    lines: &[order_lines::Model],
    addresses: &[order_addresses::Model],
) -> BTreeSet<String> {
    let number = order.number.to_string();
    let of_order = [Some(&number), order.email.as_ref(), order.organization_name.as_ref()];
    let of_order = of_order.into_iter().chain([order.purchase_order_number.as_ref()]).flatten();
    let of_addresses = addresses.iter().flat_map(|address| [&address.first_name, &address.last_name, &address.company]);
    let of_addresses = of_addresses.flatten();
    let of_lines = lines.iter().filter_map(|line| line.sku.as_ref());
    of_order.chain(of_addresses).chain(of_lines).flat_map(|text| words(text)).collect()
}
