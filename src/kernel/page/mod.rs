//! Pages of a list: Relay's connections over keyset cursors.
//!
//! A cursor is the sort key and the id of a row, signed for the store, the list and the sort it was
//! made for; it says nothing about other rows, costs the same on every page, and is refused where it
//! does not belong.

mod among;
mod each;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::row::{Columns, Row};
use futures::future::BoxFuture;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Order, QueryOrder, QuerySelect, QueryTrait, Select, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use among::{Among, fetch_among, fetch_within};
pub use each::{count_each, fetch_each};

use super::ctx::Ctx;
use super::db::Line;
use super::error::{Error, Result};
use super::graph::object;
use super::scope::Scope;

/// Bytes of a cursor's signature: enough that nobody guesses one.
const SIGNATURE: usize = 12;

/// The arguments of a connection, as they came.
#[derive(Debug, Clone, Default)]
pub struct PageArgs {
    /// How many from the front.
    pub first: Option<i32>,
    /// After which row.
    pub after: Option<String>,
    /// How many from the back.
    pub last: Option<i32>,
    /// Before which row.
    pub before: Option<String>,
}

impl Page {
    /// The order in which its rows are read.
    fn order(&self, sort: &Sort) -> Order {
        if sort.descending != self.backward { Order::Desc } else { Order::Asc }
    }
}

/// What a list is sorted by. Every sort ends in the id.
#[derive(Clone)]
pub struct Sort {
    /// The list and the sort, such as `products:title`; cursors of another one are refused.
    pub name: &'static str,
    /// What comes before the id.
    pub key: Option<SortKey>,
    /// The column of the id.
    pub id: SimpleExpr,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Sort {
    /// What its cursors are good for: the list and its direction.
    fn place(&self) -> (&'static str, bool) {
        (self.name, self.descending)
    }
}

/// A sort key: never null, and the same in the index, the order and the cursor.
#[derive(Clone)]
pub struct SortKey {
    /// The column, or what stands for it.
    pub expr: SimpleExpr,
    /// Whether it is a text or a whole number.
    pub kind: KeyKind,
}

/// What a sort key is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A folded text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A whole number of 32 bits.
    SmallInteger,
}

/// Where a row stands in a sort.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Position {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Key>,
    id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Integer(i64),
    Text(String),
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Integer(number) => number.into(),
            Key::Text(text) => text.into(),
        }
    }
}

/// One page that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    size: u64,
    backward: bool,
    from: Option<Position>,
}

impl PageArgs {
    /// Reads the arguments for one sort.
    ///
    /// # Errors
    /// `BadInput` where they contradict each other, ask for too many, or hold a cursor of another list.
    pub fn read(self, ctx: &Ctx, sort: &Sort) -> Result<Page> {
        let bad = |message: String| Err(Error::BadInput(message));
        let max = ctx.settings().page_max;
        let (size, name, backward, cursor) = match (self.first, self.last, self.after, self.before) {
            (Some(_), Some(_), _, _) => return bad("Give `first` or `last`, not both.".to_owned()),
            (_, None, after, None) => (self.first, "first", false, after),
            (None, _, None, before) => (self.last, "last", true, before),
            _ => return bad("`after` goes with `first`, and `before` goes with `last`.".to_owned()),
        };
        let size = match size {
            None => u64::from(ctx.settings().page_default),
            Some(size) => match u64::try_from(size) {
                Ok(size) if (1..=u64::from(max)).contains(&size) => size,
                _ => return bad(format!("`{name}` takes 1 to {max}.")),
            },
        };
        let from = cursor.map(|cursor| open(ctx, sort, &cursor)).transpose()?;
        Ok(Page { size, backward, from })
    }
}

/// The bytes that tie a cursor to its place.
fn signature(ctx: &Ctx, (name, descending): (&str, bool), payload: &[u8]) -> [u8; 32] {
    let store = ctx.caller().store.as_ref().map(|store| store.id.0).unwrap_or_default();
    let direction: &[u8] = if descending { b"descending" } else { b"ascending" };
    ctx.settings().secret.sign("cursor", &[store.as_bytes(), name.as_bytes(), direction, payload])
}

fn open(ctx: &Ctx, sort: &Sort, cursor: &str) -> Result<Position> {
    use subtle::ConstantTimeEq;
    let refused =
        || Error::BadInput("The cursor is not one of this list in this order: start again without it.".into());
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let (given, payload) = bytes.split_at_checked(SIGNATURE).ok_or_else(refused)?;
    if !bool::from(given.ct_eq(&signature(ctx, sort.place(), payload)[..SIGNATURE])) {
        return Err(refused());
    }
    serde_json::from_slice(payload).map_err(|_| refused())
}

/// The cursor of a row. It is sealed when somebody asks for it.
#[derive(Clone)]
pub struct Cursor {
    ctx: Ctx,
    sort: (&'static str, bool),
    position: Position,
}

impl Cursor {
    /// The text that a client gives back.
    ///
    /// # Errors
    /// None that a client could cause.
    pub fn seal(&self) -> Result<String> {
        let payload = serde_json::to_vec(&self.position).map_err(Error::internal)?;
        let mut bytes = signature(&self.ctx, self.sort, &payload)[..SIGNATURE].to_vec();
        bytes.extend(payload);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// The rows of one page, with the cursor of each.
#[derive(Clone)]
pub struct Slice<M> {
    /// The rows in the list's order.
    pub rows: Vec<(Cursor, M)>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows come before.
    pub has_previous: bool,
}

impl<M> Slice<M> {
    /// The same page of other things.
    pub fn map<T>(self, mut turn: impl FnMut(M) -> T) -> Slice<T> {
        Slice {
            rows: self.rows.into_iter().map(|(cursor, row)| (cursor, turn(row))).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }

    /// A page of nothing.
    pub fn empty() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false }
    }
}

impl<M> Default for Slice<M> {
    fn default() -> Self {
        Self::empty()
    }
}

/// A row with its place in the sort.
struct Placed<M> {
    row: M,
    position: Position,
}

/// Reads one page. `select` holds the tenant's filter and those of the caller; the sort, the place
/// and the limit are put on it here.
///
/// # Errors
/// What the database says.
pub fn fetch<E>(
    ctx: &Ctx,
    scope: &impl Scope,
    select: Select<E>,
    sort: &Sort,
    page: &Page,
) -> impl Future<Output = Result<Slice<E::Model>>> + Send
where
    E: EntityTrait<Model: Row>,
{
    // What is waited with holds the statement, and not the tree that it is made of.
    let statement = ordered(select, sort, page).map(|select| {
        let mut statement = scope.conn().get_database_backend().build(select.as_query());
        // Written out: a plan that is made for any limit counts on a tenth of all rows, and sorts a whole store
        // for a page of it.
        statement.sql.push_str(&format!(" LIMIT {}", page.size + 1));
        statement
    });
    async move {
        let placed = scope.conn().lines(statement?, |line| read::<E>(line, sort)).await?;
        Ok(slice(ctx, sort, page, placed))
    }
}

/// What follows a page's place, in the order of the page.
fn ordered<E: EntityTrait>(select: Select<E>, sort: &Sort, page: &Page) -> Result<Select<E>> {
    let (mut select, order) = from_its_place(select, sort, page)?;
    if let Some(key) = &sort.key {
        select = select.order_by(key.expr.clone(), order.clone());
    }
    Ok(select.order_by(sort.id.clone(), order))
}

/// Leaves out what stands before the page's cursor, and reads beside each row what its own cursor is made
/// of. Answers the order in which the rows are to be read.
fn from_its_place<E: EntityTrait>(mut select: Select<E>, sort: &Sort, page: &Page) -> Result<(Select<E>, Order)> {
    let order = page.order(sort);
    if let Some(position) = &page.from {
        let mut columns = Vec::with_capacity(2);
        let mut values = Vec::with_capacity(2);
        match (&sort.key, &position.key) {
            (Some(sort_key), Some(key)) => {
                columns.push(sort_key.expr.clone());
                values.push(Expr::val(Value::from(key.clone())));
            }
            (None, None) => {}
            _ => return Err(Error::internal("a signed cursor does not fit its sort")),
        }
        columns.push(sort.id.clone());
        values.push(Expr::val(position.id));
        let (columns, values) = (Expr::tuple(columns), Expr::tuple(values));
        let beyond = if order == Order::Desc { columns.lt(values) } else { columns.gt(values) };
        sea_orm::QueryFilter::query(&mut select).and_where(beyond);
    }
    if let Some(key) = &sort.key {
        select = select.expr_as(key.expr.clone(), "sort_key");
    }
    Ok((select.expr_as(sort.id.clone(), "sort_id"), order))
}

/// Makes a page of the rows that were read, of which one more than it holds may be there.
fn slice<M>(ctx: &Ctx, sort: &Sort, page: &Page, mut placed: Vec<Placed<M>>) -> Slice<M> {
    let more = placed.len() as u64 > page.size;
    placed.truncate(usize::try_from(page.size).unwrap_or(usize::MAX));
    if page.backward {
        placed.reverse();
    }
    let cursor = |position| Cursor { ctx: ctx.clone(), sort: sort.place(), position };
    let rows = placed.into_iter().map(|placed| (cursor(placed.position), placed.row)).collect();
    let started = page.from.is_some();
    let (has_next, has_previous) = if page.backward { (started, more) } else { (more, started) };
    Slice { rows, has_next, has_previous }
}

/// How many columns stand behind the entity's own, for the row's place in the sort.
fn extra_columns(sort: &Sort) -> usize {
    if sort.key.is_some() { 2 } else { 1 }
}

fn read<E: EntityTrait<Model: Row>>(line: &Line<'_>, sort: &Sort) -> Result<Placed<E::Model>, DbErr> {
    let first = E::Model::WIDTH;
    let key = match sort.key.as_ref().map(|key| key.kind) {
        None => None,
        Some(KeyKind::Integer) => Some(Key::Integer(line.column(first, "sort_key")?)),
        Some(KeyKind::SmallInteger) => Some(Key::Integer(i64::from(line.column::<i32>(first, "sort_key")?))),
        Some(KeyKind::Text) => Some(Key::Text(line.column(first, "sort_key")?)),
    };
    let id = line.column(first + extra_columns(sort) - 1, "sort_id")?;
    Ok(Placed { row: E::Model::read(line)?, position: Position { key, id } })
}

/// Counts the whole list, when a client asks for it.
pub type Count = Box<dyn Fn(Ctx) -> BoxFuture<'static, Result<u64>> + Send + Sync>;

/// Counts the rows of a query.
///
/// # Errors
/// What the database says.
pub async fn count<E>(scope: &impl Scope, select: Select<E>) -> Result<u64>
where
    E: EntityTrait,
{
    let rows = select.select_only().expr(Expr::val(1)).into_query();
    let all = sea_orm::sea_query::Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from_subquery(rows, "listed")
        .to_owned();
    let rows: Vec<(i64,)> = scope.conn().read(&all).await?;
    Ok(rows.first().map_or(0, |(total,)| u64::try_from(*total).unwrap_or(0)))
}

/// Which part of a list a page is.
#[derive(Clone)]
pub struct PageInfo {
    has_next: bool,
    has_previous: bool,
    ends: Option<(Cursor, Cursor)>,
}

/// Which part of a list a page is.
#[object]
impl PageInfo {
    /// Whether more follow when paging forwards.
    fn has_next_page(&self) -> bool {
        self.has_next
    }

    /// Whether more come before when paging backwards.
    fn has_previous_page(&self) -> bool {
        self.has_previous
    }

    /// The cursor of the first row here.
    fn start_cursor(&self) -> Result<Option<String>> {
        self.ends.as_ref().map(|(first, _)| first.seal()).transpose()
    }

    /// The cursor of the last row here.
    fn end_cursor(&self) -> Result<Option<String>> {
        self.ends.as_ref().map(|(_, last)| last.seal()).transpose()
    }
}

impl<M> From<&Slice<M>> for PageInfo {
    fn from(slice: &Slice<M>) -> Self {
        let ends = slice.rows.first().zip(slice.rows.last());
        Self {
            has_next: slice.has_next,
            has_previous: slice.has_previous,
            ends: ends.map(|((first, _), (last, _))| (first.clone(), last.clone())),
        }
    }
}

/// Declares the connection and edge types of a GraphQL type.
///
/// ```ignore
/// connection!(BrandConnection, BrandEdge, Brand, "brands");
/// ```
///
/// Made with `BrandConnection::new(slice, count)`, where `slice` is a page of the type and `count`
/// counts the whole list when a client asks for it.
#[macro_export]
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        pub struct $connection {
            slice: $crate::kernel::page::Slice<$node>,
            count: $crate::kernel::page::Count,
        }

        impl $connection {
            /// A page of the list, and how the list is counted.
            pub fn new(slice: $crate::kernel::page::Slice<$node>, count: $crate::kernel::page::Count) -> Self {
                Self { slice, count }
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        #[$crate::kernel::graph::object]
        impl $connection {
            /// The rows with their cursors.
            fn edges(&self) -> Vec<$edge> {
                let rows = self.slice.rows.iter();
                rows.map(|(cursor, node)| $edge { cursor: cursor.clone(), node: node.clone() }).collect()
            }

            /// The rows.
            fn nodes(&self) -> Vec<$node> {
                self.slice.rows.iter().map(|(_, node)| node.clone()).collect()
            }

            /// Where this page stands in the list.
            fn page_info(&self) -> $crate::kernel::page::PageInfo {
                (&self.slice).into()
            }

            /// How many the whole list has, under the same filter. Costs a query of its own.
            async fn total_count(&self, ctx: &$crate::kernel::Ctx) -> $crate::kernel::Result<i32> {
                let count = (self.count)(ctx.clone()).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        }

        #[doc = concat!("One of the ", $what, ", with its cursor.")]
        pub struct $edge {
            cursor: $crate::kernel::page::Cursor,
            node: $node,
        }

        #[doc = concat!("One of the ", $what, ", with its cursor.")]
        #[$crate::kernel::graph::object]
        impl $edge {
            /// Where it stands in the list; good for `after` and `before`.
            fn cursor(&self) -> $crate::kernel::Result<String> {
                self.cursor.seal()
            }

            /// The row.
            fn node(&self) -> $node {
                self.node.clone()
            }
        }
    };
}
