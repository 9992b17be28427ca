//! Every query and write of segments and their members.

mod rule;

use std::collections::HashMap;

use entity::customers::{customers, segment_members, segments};
use rules::ids::{CustomerId, SegmentId};
use rules::segment::SegmentRule;
use rules::states::SegmentKind;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, DbErr, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::types::SegmentSort;
use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Violation, ViolationKind, taken};
use crate::kernel::page::{self, KeyKind, Sort, SortKey};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db, text};

/// Which segments to list.
#[derive(Debug, Clone, Default)]
pub struct SegmentFilter {
    pub name_prefix: Option<String>,
    pub kind: Option<SegmentKind>,
}

pub fn list(scope: &StoreScope, filter: &SegmentFilter) -> Select<segments::Entity> {
    let mut select = scope.find::<segments::Entity>();
    if let Some(prefix) = &filter.name_prefix {
        select = select.filter(db::starts_with(segments::Column::NameNormalized, &text::fold(prefix)));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(segments::Column::Kind.eq(kind));
    }
    select
}

pub fn sort(sort: SegmentSort) -> Sort {
    let expr = Expr::col((segments::Entity, segments::Column::NameNormalized));
    let by_name = SortKey { expr, kind: KeyKind::Text };
    let (name, key, descending) = match sort {
        SegmentSort::Name => ("segments:name", Some(by_name), false),
        SegmentSort::Newest => ("segments:id", None, true),
        SegmentSort::Oldest => ("segments:id", None, false),
    };
    Sort { name, key, id: Expr::col((segments::Entity, segments::Column::Id)), descending }
}

pub async fn find(scope: &StoreScope, id: SegmentId) -> Result<Option<segments::Model>> {
    Ok(scope.find::<segments::Entity>().filter(segments::Column::Id.eq(id)).first(scope.conn()).await?)
}

/// Segments by id.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[SegmentId]) -> Result<Vec<segments::Model>> {
    let ids = db::any_of(scope.conn(), segments::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<segments::Entity>().filter(ids).list(scope.conn()).await?)
}

/// How many segments go by a rule: each is asked of a customer who shops.
pub async fn count_of_kind(scope: &StoreScope, kind: SegmentKind) -> Result<u64> {
    page::count(scope, scope.find::<segments::Entity>().filter(segments::Column::Kind.eq(kind))).await
}

pub async fn insert(tx: &Tx<StoreScope>, row: segments::ActiveModel) -> Result<segments::Model> {
    let taken = taken("name_normalized", "name", "Another segment has this name: choose a different one.");
    tx.insert::<segments::Entity>(row).await.map_err(taken)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(
    tx: &Tx<StoreScope>,
    before: &segments::Model,
    mut row: segments::ActiveModel,
) -> Result<Option<segments::Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let taken = taken("name_normalized", "name", "Another segment has this name: choose a different one.");
    let rows = tx
        .update_many::<segments::Entity>()
        .set(row)
        .filter(segments::Column::Id.eq(before.id))
        .filter(segments::Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken)?;
    Ok(rows.into_iter().next())
}

/// Removes a segment with its members. False where something else, such as a price, is for it.
pub async fn delete(tx: &Tx<StoreScope>, id: SegmentId) -> Result<bool> {
    let gone = tx.delete_many::<segments::Entity>().filter(segments::Column::Id.eq(id)).exec(tx.conn()).await;
    match gone {
        Ok(_) => Ok(true),
        Err(error) if points_at(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn points_at(error: &DbErr) -> bool {
    Violation::of(error).is_some_and(|violation| violation.kind == ViolationKind::ForeignKey)
}

// --- members -----------------------------------------------------------------------------------

/// Puts customers into a segment; those who are in it stay.
pub async fn add_members(tx: &Tx<StoreScope>, segment: SegmentId, customers: &[CustomerId]) -> Result<()> {
    use segment_members::{ActiveModel, Column, Entity};
    let rows = customers.iter().map(|customer| ActiveModel {
        segment_id: Set(segment),
        customer_id: Set(*customer),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    Ok(tx.insert_missing::<Entity>(&[Column::StoreId, Column::SegmentId, Column::CustomerId], rows.collect()).await?)
}

/// Takes customers out of a segment.
pub async fn remove_members(tx: &Tx<StoreScope>, segment: SegmentId, customers: &[CustomerId]) -> Result<()> {
    use segment_members::{Column, Entity};
    tx.delete_many::<Entity>()
        .filter(Column::SegmentId.eq(segment))
        .filter(db::any_of(tx.conn(), Column::CustomerId, customers.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Puts an account into the segments that a guest was put into, whom it takes in.
///
/// # Errors
/// What the database says.
pub async fn absorb(tx: &Tx<StoreScope>, guest: CustomerId, account: CustomerId) -> Result<()> {
    use segment_members::{Column, Entity};
    let rows = tx.find::<Entity>().filter(Column::CustomerId.eq(guest)).list(tx.conn()).await?;
    for row in rows {
        add_members(tx, row.segment_id, &[account]).await?;
    }
    forget(tx, guest).await
}

/// Takes a customer out of every segment.
///
/// # Errors
/// What the database says.
pub async fn forget(tx: &Tx<StoreScope>, customer: CustomerId) -> Result<()> {
    use segment_members::{Column, Entity};
    tx.delete_many::<Entity>().filter(Column::CustomerId.eq(customer)).exec(tx.conn()).await?;
    Ok(())
}

/// The condition on customers that they belong to a segment at this moment.
///
/// # Errors
/// `Internal` where the stored rule can't be read.
pub fn in_segment(scope: &StoreScope, segment: &segments::Model) -> Result<Condition> {
    use segment_members::{Column, Entity};
    match &segment.rule {
        Some(text) => {
            let rule: SegmentRule = serde_json::from_str(text).map_err(Error::internal)?;
            Ok(rule::condition(scope, &rule))
        }
        None => {
            let members = scope
                .find::<Entity>()
                .filter(Column::SegmentId.eq(segment.id))
                .select_only()
                .column(Column::CustomerId)
                .into_query();
            Ok(Condition::all().add(customers::Column::Id.in_subquery(members)))
        }
    }
}

/// The segments that each of some customers belongs to at this moment, in the order of their ids: by hand, and by
/// rule. Three statements at the most, however many customers and segments there are; one, where there is no segment.
/// Works on a read as in a transaction. Whoever belongs to none is left out.
///
/// # Errors
/// What the database says.
pub async fn list_segments_of(
    scope: &StoreScope,
    wanted: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<SegmentId>>> {
    let mut found: HashMap<CustomerId, Vec<SegmentId>> = HashMap::new();
    for (customer, segment) in list_rows_of(scope, wanted).await? {
        found.entry(customer).or_default().push(segment.id);
    }
    Ok(found)
}

/// The same with the segments' rows.
pub async fn list_rows_of(scope: &StoreScope, wanted: &[CustomerId]) -> Result<Vec<(CustomerId, segments::Model)>> {
    use segment_members::{Column, Entity};
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let all = scope.find::<segments::Entity>().order_by_asc(segments::Column::Id).list(scope.conn()).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let by_hand = scope
        .find::<Entity>()
        .select_only()
        .column(Column::CustomerId)
        .column(Column::SegmentId)
        .filter(db::any_of(scope.conn(), Column::CustomerId, wanted.iter().map(|id| id.0)));
    let mut rows: Vec<(CustomerId, SegmentId)> = by_hand.tuples(scope.conn()).await?;
    rows.extend(list_by_rule(scope, &all, wanted).await?);
    let places: HashMap<SegmentId, usize> = all.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
    rows.sort_unstable_by_key(|(_, segment)| places.get(segment).copied());
    let rows = rows.into_iter().filter_map(|(customer, segment)| {
        let row = all.get(*places.get(&segment)?)?;
        Some((customer, row.clone()))
    });
    Ok(rows.collect())
}

/// Who belongs to which of the segments that go by a rule: each is asked of all customers, and all in one statement.
async fn list_by_rule(
    scope: &StoreScope,
    all: &[segments::Model],
    wanted: &[CustomerId],
) -> Result<Vec<(CustomerId, SegmentId)>> {
    let mut question: Option<SelectStatement> = None;
    for segment in all.iter().filter(|segment| segment.rule.is_some()) {
        let own = Condition::all()
            .add(Expr::col((segments::Entity, segments::Column::StoreId)).eq(scope.id()))
            .add(Expr::col((segments::Entity, segments::Column::Id)).eq(segment.id));
        let mut select = scope
            .find::<customers::Entity>()
            .filter(db::any_of(scope.conn(), customers::Column::Id, wanted.iter().map(|id| id.0)))
            .filter(in_segment(scope, segment)?)
            .select_only()
            .column_as(customers::Column::Id, "customer_id")
            .expr_as(Expr::col((segments::Entity, segments::Column::Id)), "segment_id")
            .into_query();
        select.join(JoinType::InnerJoin, segments::Entity, own);
        match &mut question {
            None => question = Some(select),
            Some(question) => {
                question.union(UnionType::All, select);
            }
        }
    }
    match question {
        Some(question) => Ok(scope.conn().read(&question).await?),
        None => Ok(Vec::new()),
    }
}
