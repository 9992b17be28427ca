//! Every query and write of customers and their tags.

use chrono::{DateTime, Utc};
use entity::customers::{customer_tags, customers, segments};
use rules::ids::{CustomerId, SegmentId};
use rules::states::{CustomerKind, CustomerState};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, ColumnRef, Expr, ExprTrait, IntoColumnRef, LikeExpr, LockType, UnionType};
use sea_orm::{ColumnTrait, Condition, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::types::CustomerSort;
use crate::customers::segments::in_segment;
use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page::{KeyKind, Sort, SortKey};
use crate::kernel::{Result, Scope, StoreScope, Tx, db, text};

/// Words of a search that count.
const MAX_WORDS: usize = 8;

/// Which customers to list.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    pub search: Option<String>,
    pub email: Option<String>,
    pub tag: Option<String>,
    pub segment: Option<segments::Model>,
    pub kind: Option<CustomerKind>,
    pub state: Option<CustomerState>,
    pub accepts_marketing: Option<bool>,
    pub created_from: Option<DateTime<Utc>>,
    pub created_before: Option<DateTime<Utc>>,
}

/// The living customers.
///
/// # Errors
/// `Internal` where the rule of the segment can't be read.
pub fn list(scope: &StoreScope, filter: &CustomerFilter) -> Result<Select<customers::Entity>> {
    use customers::Column;
    let mut select = scope.find::<customers::Entity>().filter(Column::DeletedAt.is_null());
    let given = [
        filter.email.as_deref().map(|email| Column::EmailNormalized.eq(text::email_key(email))),
        filter.kind.map(|kind| Column::Kind.eq(kind)),
        filter.state.map(|state| Column::State.eq(state)),
        filter.accepts_marketing.map(|accepts| Column::AcceptsMarketing.eq(accepts)),
        filter.created_from.map(|from| Column::CreatedAt.gte(from)),
        filter.created_before.map(|before| Column::CreatedAt.lt(before)),
    ];
    for condition in given.into_iter().flatten() {
        select = select.filter(condition);
    }
    if let Some(search) = &filter.search {
        // Every word must stand somewhere in the names or the address, which the sort name is made of.
        for word in text::sort_key(search).split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS) {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            select = select.filter(Column::SortName.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')));
        }
    }
    if let Some(tag) = &filter.tag {
        let marked = scope
            .find::<customer_tags::Entity>()
            .filter(customer_tags::Column::TagNormalized.eq(text::fold(tag)))
            .select_only()
            .column(customer_tags::Column::CustomerId)
            .into_query();
        select = select.filter(Column::Id.in_subquery(marked));
    }
    if let Some(segment) = &filter.segment {
        select = select.filter(in_segment(scope, segment)?);
    }
    Ok(select)
}

/// The living customers inside each of some segments at this moment, and the column that tells which.
///
/// # Errors
/// `Internal` where the rule of a segment can't be read.
pub fn list_inside(
    scope: &StoreScope,
    inside: &[segments::Model],
) -> Result<Option<(Select<customers::Entity>, ColumnRef)>> {
    let (members, customer, segment) = ("inside", "customer_id", "segment_id");
    let mut all: Option<sea_orm::sea_query::SelectStatement> = None;
    for row in inside {
        let of_segment = Condition::all()
            .add(Expr::col((segments::Entity, segments::Column::StoreId)).eq(scope.id()))
            .add(Expr::col((segments::Entity, segments::Column::Id)).eq(row.id));
        let mut select = scope
            .find::<customers::Entity>()
            .filter(customers::Column::DeletedAt.is_null())
            .filter(in_segment(scope, row)?)
            .select_only()
            .column_as(customers::Column::Id, customer)
            .expr_as(Expr::col((segments::Entity, segments::Column::Id)), segment)
            .into_query();
        select.join(JoinType::InnerJoin, segments::Entity, of_segment);
        match &mut all {
            None => all = Some(select),
            Some(all) => {
                all.union(UnionType::All, select);
            }
        }
    }
    let Some(all) = all else { return Ok(None) };
    let mut select = scope.find::<customers::Entity>();
    let own = Expr::col((Alias::new(members), Alias::new(customer))).equals((customers::Entity, customers::Column::Id));
    QueryFilter::query(&mut select).join_subquery(JoinType::InnerJoin, all, Alias::new(members), own);
    Ok(Some((select, (Alias::new(members), Alias::new(segment)).into_column_ref())))
}

pub fn sort(sort: CustomerSort) -> Sort {
    let expr = Expr::col((customers::Entity, customers::Column::SortName));
    let by_name = SortKey { expr, kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        CustomerSort::Name => ("customers:name", Some(by_name), false),
        CustomerSort::NameDescending => ("customers:name", Some(by_name), true),
        CustomerSort::Newest => ("customers:id", None, true),
        CustomerSort::Oldest => ("customers:id", None, false),
    };
    Sort { name, key, id: Expr::col((customers::Entity, customers::Column::Id)), descending }
}

/// A living customer.
///
/// # Errors
/// What the database says.
pub async fn find_living(scope: &StoreScope, id: CustomerId) -> Result<Option<customers::Model>> {
    Ok(list_living(scope, &[id]).await?.into_iter().next())
}

/// Those of some customers that live.
///
/// # Errors
/// What the database says.
pub async fn list_living(scope: &StoreScope, ids: &[CustomerId]) -> Result<Vec<customers::Model>> {
    let ids = db::any_of(scope.conn(), customers::Column::Id, ids.iter().map(|id| id.0));
    let select = scope.find::<customers::Entity>().filter(ids).filter(customers::Column::DeletedAt.is_null());
    Ok(select.list(scope.conn()).await?)
}

/// A living customer, held until the transaction ends: for changes of what belongs to the customer.
///
/// # Errors
/// What the database says.
pub async fn hold_living(tx: &Tx<StoreScope>, id: CustomerId) -> Result<Option<customers::Model>> {
    let select = tx
        .find::<customers::Entity>()
        .filter(customers::Column::Id.eq(id))
        .filter(customers::Column::DeletedAt.is_null())
        .lock(LockType::NoKeyUpdate);
    Ok(select.first(tx.conn()).await?)
}

/// A customer who buys, kept as it is until the transaction ends: nobody absorbs or deletes it meanwhile.
///
/// # Errors
/// What the database says.
pub async fn keep(tx: &Tx<StoreScope>, id: CustomerId) -> Result<Option<customers::Model>> {
    let select = tx.find::<customers::Entity>().filter(customers::Column::Id.eq(id)).lock(LockType::Share);
    Ok(select.first(tx.conn()).await?)
}

/// The living customer of a kind with this e-mail address, as `identity::email` folds it.
///
/// # Errors
/// What the database says.
pub async fn find_by_email(
    scope: &StoreScope,
    kind: CustomerKind,
    email_key: &str,
) -> Result<Option<customers::Model>> {
    let select = scope
        .find::<customers::Entity>()
        .filter(customers::Column::EmailNormalized.eq(email_key))
        .filter(customers::Column::Kind.eq(kind))
        .filter(customers::Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?)
}

/// Writes a new customer.
///
/// # Errors
/// `Conflict` with `TAKEN` where the store has one of the kind with this e-mail address.
pub async fn insert(tx: &Tx<StoreScope>, row: customers::ActiveModel) -> Result<customers::Model> {
    let taken = taken("email_normalized", "email", "Another customer has this e-mail address.");
    tx.insert::<customers::Entity>(row).await.map_err(taken)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
///
/// # Errors
/// `Conflict` with `TAKEN` where another customer of the kind has the e-mail address.
pub async fn update(
    tx: &Tx<StoreScope>,
    before: &customers::Model,
    mut row: customers::ActiveModel,
) -> Result<Option<customers::Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let taken = taken("email_normalized", "email", "Another customer has this e-mail address.");
    let rows = tx
        .update_many::<customers::Entity>()
        .set(row)
        .filter(customers::Column::Id.eq(before.id))
        .filter(customers::Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken)?;
    Ok(rows.into_iter().next())
}

// --- tags --------------------------------------------------------------------------------------

pub async fn list_tags(scope: &StoreScope, customers: &[CustomerId]) -> Result<Vec<customer_tags::Model>> {
    use customer_tags::{Column, Entity};
    let of_customers = db::any_of(scope.conn(), Column::CustomerId, customers.iter().map(|id| id.0));
    let select = scope.find::<Entity>().filter(of_customers).order_by_asc(Column::TagNormalized);
    Ok(select.list(scope.conn()).await?)
}

/// Marks a customer with words; those that are there stay as they were typed.
pub async fn add_tags(tx: &Tx<StoreScope>, customer: CustomerId, tags: &[String]) -> Result<()> {
    use customer_tags::{ActiveModel, Column, Entity};
    let rows = tags.iter().map(|tag| ActiveModel {
        customer_id: Set(customer),
        tag_normalized: Set(text::fold(tag)),
        tag: Set(tag.clone()),
        ..Default::default()
    });
    Ok(tx
        .insert_missing::<Entity>(&[Column::StoreId, Column::CustomerId, Column::TagNormalized], rows.collect())
        .await?)
}

/// Takes words off a customer.
pub async fn remove_tags(tx: &Tx<StoreScope>, customer: CustomerId, tags: &[String]) -> Result<()> {
    use customer_tags::{Column, Entity};
    tx.delete_many::<Entity>()
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::TagNormalized.is_in(tags.iter().map(|tag| text::fold(tag))))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Segments by id, for filters.
pub async fn find_segment(scope: &StoreScope, id: SegmentId) -> Result<Option<segments::Model>> {
    Ok(crate::customers::segments::list_by_ids(scope, &[id]).await?.into_iter().next())
}
