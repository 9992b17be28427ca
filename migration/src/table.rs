//! The words that migrations describe tables with.
//!
//! Owns how a column of a kind is written on each database, the checks that come with the kind, and
//! the names of keys, indexes and checks. Never decides what a table holds; that stands in the
//! migrations.
//!
//! Names are the table's after a prefix that says what it is, then the columns, without the leading
//! tenant key where other columns follow: `pk_` primary key, `fk_` foreign key, `uq_` unique index,
//! `ix_` index, `ck_` check. To add a kind of column, add a [`Kind`] and the method that names it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The longest name that PostgreSQL keeps whole.
const LONGEST_NAME: usize = 63;

/// How a column is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// 128 bits: `uuid` on PostgreSQL, a blob of 16 bytes on SQLite.
    Id,
    /// Text for people.
    Text,
    /// Text that is compared or sorted, folded before it comes here; ordered by its bytes.
    Key,
    /// 32 bits.
    Small,
    /// 64 bits.
    Whole,
    /// True or false.
    Flag,
    /// A moment in UTC.
    Time,
    /// Bytes.
    Bytes,
    /// A JSON document.
    Json,
}

struct Column {
    name: &'static str,
    kind: Kind,
    required: bool,
}

struct Reference {
    columns: Vec<&'static str>,
    table: &'static str,
    on_delete: ForeignKeyAction,
}

struct IndexOver {
    columns: Vec<&'static str>,
    unique: bool,
    only: Option<Expr>,
    /// The name, where it is not made of the columns.
    name: Option<&'static str>,
}

/// A table about to be made, with its keys, checks and indexes.
pub struct NewTable {
    name: &'static str,
    columns: Vec<Column>,
    primary_key: Vec<&'static str>,
    references: Vec<Reference>,
    indexes: Vec<IndexOver>,
    checks: Vec<(String, Expr)>,
}

/// The condition that a row is not deleted.
pub fn alive() -> Expr {
    Expr::col("deleted_at").is_null()
}

/// The condition that a column has a value.
pub fn given(column: &'static str) -> Expr {
    Expr::col(column).is_not_null()
}

/// The condition that a column has none.
pub fn absent(column: &'static str) -> Expr {
    Expr::col(column).is_null()
}

/// A table of the platform: the primary key is `id`.
pub fn platform_table(name: &'static str) -> NewTable {
    bare_table(name).id("id").primary_key(&["id"])
}

/// A table of a store: the primary key is `(store_id, id)`.
pub fn tenant_table(name: &'static str) -> NewTable {
    bare_table(name).id("store_id").id("id").primary_key(&["store_id", "id"])
}

/// A table whose primary key is still to be named.
pub fn bare_table(name: &'static str) -> NewTable {
    NewTable {
        name,
        columns: Vec::new(),
        primary_key: Vec::new(),
        references: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
    }
}

/// Makes the tables in their order.
pub async fn create(manager: &SchemaManager<'_>, tables: Vec<NewTable>) -> Result<(), DbErr> {
    for table in tables {
        table.create(manager).await?;
    }
    Ok(())
}

/// Drops the tables, the last first.
pub async fn drop(manager: &SchemaManager<'_>, tables: Vec<NewTable>) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(Table::drop().table(table.name).to_owned()).await?;
    }
    Ok(())
}

impl NewTable {
    fn column(mut self, name: &'static str, kind: Kind) -> Self {
        self.columns.push(Column { name, kind, required: true });
        self
    }

    /// An id, its own or another row's.
    pub fn id(self, name: &'static str) -> Self {
        self.column(name, Kind::Id)
    }

    /// Text for people; never compared by the database.
    pub fn text(self, name: &'static str) -> Self {
        self.column(name, Kind::Text)
    }

    /// Text that the database compares or sorts, by its bytes.
    pub fn key(self, name: &'static str) -> Self {
        self.column(name, Kind::Key)
    }

    /// True or false.
    pub fn flag(self, name: &'static str) -> Self {
        self.column(name, Kind::Flag)
    }

    /// A moment in UTC.
    pub fn time(self, name: &'static str) -> Self {
        self.column(name, Kind::Time)
    }

    /// A JSON document.
    pub fn json(self, name: &'static str) -> Self {
        self.column(name, Kind::Json)
    }

    /// Bytes, such as a sealed secret.
    pub fn bytes(self, name: &'static str) -> Self {
        self.column(name, Kind::Bytes)
    }

    /// A whole number of 64 bits that may be below zero.
    pub fn whole(self, name: &'static str) -> Self {
        self.column(name, Kind::Whole)
    }

    /// A whole number of 32 bits, zero at least.
    pub fn small_count(self, name: &'static str) -> Self {
        self.column(name, Kind::Small).at_least(name, 0)
    }

    /// A whole number of 64 bits, zero at least.
    pub fn count(self, name: &'static str) -> Self {
        self.column(name, Kind::Whole).at_least(name, 0)
    }

    /// A number of 64 bits that counts from 1.
    pub fn ordinal(self, name: &'static str) -> Self {
        self.column(name, Kind::Whole).at_least(name, 1)
    }

    /// A number of 32 bits, 1 at least.
    pub fn small_ordinal(self, name: &'static str) -> Self {
        self.column(name, Kind::Small).at_least(name, 1)
    }

    /// Money in minor units, zero at least; its currency stands in a column beside it.
    pub fn amount(self, name: &'static str) -> Self {
        self.count(name)
    }

    /// The SHA-256 of a secret.
    pub fn hash(self, name: &'static str) -> Self {
        let length = Expr::expr(Func::cust("length").arg(Expr::col(name)));
        self.column(name, Kind::Bytes).check(name, length.eq(32))
    }

    /// The ISO 4217 code of a currency.
    pub fn currency(self, name: &'static str) -> Self {
        self.code(name, 3)
    }

    /// The ISO 3166 code of a country.
    pub fn country(self, name: &'static str) -> Self {
        self.code(name, 2)
    }

    /// Text and not `CHAR(n)`: PostgreSQL compares a `CHAR(n)` with a text parameter as text, and then
    /// takes no index on it.
    fn code(self, name: &'static str, length: i32) -> Self {
        let exact = Expr::expr(Func::cust("length").arg(Expr::col(name))).eq(length);
        let upper = Expr::col(name).eq(Func::upper(Expr::col(name)));
        self.key(name).check(name, exact.and(upper))
    }

    /// One word of a closed list.
    pub fn one_of(self, name: &'static str, words: &[&'static str]) -> Self {
        let listed = Expr::col(name).is_in(words.iter().copied());
        self.key(name).check(name, listed)
    }

    /// Lets the column just named be null.
    pub fn optional(mut self) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.required = false;
        }
        self
    }

    /// The number that goes up with each change.
    pub fn version(self) -> Self {
        self.ordinal("version")
    }

    /// When the row was made and when it last changed.
    pub fn times(self) -> Self {
        self.time("created_at").time("updated_at")
    }

    /// When the row was deleted.
    pub fn soft_delete(self) -> Self {
        self.time("deleted_at").optional()
    }

    /// The columns that name a row.
    pub fn primary_key(mut self, columns: &[&'static str]) -> Self {
        self.primary_key = columns.to_vec();
        self
    }

    /// A foreign key to the row that owns this one and takes it along when it is deleted. The last
    /// column names the other table's `id`, those before it the columns of the same names.
    pub fn owned_by(self, table: &'static str, columns: &[&'static str]) -> Self {
        self.reference(table, columns, ForeignKeyAction::Cascade)
    }

    /// A foreign key to a row that can't be deleted while this one points to it. Columns as in
    /// [`NewTable::owned_by`].
    pub fn refers_to(self, table: &'static str, columns: &[&'static str]) -> Self {
        self.reference(table, columns, ForeignKeyAction::Restrict)
    }

    /// A foreign key to a row that has the same owner as this one, or the same table. It refuses as
    /// [`NewTable::refers_to`] does, but at the end of the statement, so that the owner can take both
    /// along. PostgreSQL cascades level by level and checks on the way: this row must be no further
    /// from the common owner than the other one, or be owned by both.
    pub fn stands_beside(self, table: &'static str, columns: &[&'static str]) -> Self {
        self.reference(table, columns, ForeignKeyAction::NoAction)
    }

    fn reference(mut self, table: &'static str, columns: &[&'static str], on_delete: ForeignKeyAction) -> Self {
        self.references.push(Reference { columns: columns.to_vec(), table, on_delete });
        self
    }

    /// An index.
    pub fn index(self, columns: &[&'static str]) -> Self {
        self.indexed(columns, false, None)
    }

    /// An index over some of the rows.
    pub fn index_where(self, columns: &[&'static str], only: Expr) -> Self {
        self.indexed(columns, false, Some(only))
    }

    /// Columns that no two rows have alike.
    pub fn unique(self, columns: &[&'static str]) -> Self {
        self.indexed(columns, true, None)
    }

    /// Columns that no two of some rows have alike.
    pub fn unique_where(self, columns: &[&'static str], only: Expr) -> Self {
        self.indexed(columns, true, Some(only))
    }

    fn indexed(mut self, columns: &[&'static str], unique: bool, only: Option<Expr>) -> Self {
        self.indexes.push(IndexOver { columns: columns.to_vec(), unique, only, name: None });
        self
    }

    /// Gives the index just named a name of its own: for one over more columns than a name has room for.
    pub fn called(mut self, name: &'static str) -> Self {
        if let Some(index) = self.indexes.last_mut() {
            index.name = Some(name);
        }
        self
    }

    /// A condition that every row meets. A condition that comes out null is met.
    pub fn check(mut self, name: &str, condition: Expr) -> Self {
        self.checks.push((format!("ck_{}_{name}", self.name), condition));
        self
    }

    fn at_least(self, name: &'static str, least: i32) -> Self {
        self.check(name, Expr::col(name).gte(least))
    }

    /// Whether a whole index or key begins with these columns.
    fn covers(&self, columns: &[&'static str]) -> bool {
        self.primary_key.starts_with(columns)
            || self.indexes.iter().any(|index| index.only.is_none() && index.columns.starts_with(columns))
    }

    /// Makes the table, then its indexes, with one for each foreign key that has none yet.
    async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let mut table = Table::create().table(self.name).to_owned();
        for column in &self.columns {
            table.col(column.definition(backend));
        }

        let mut primary_key = Index::create().name(name("pk", self.name, &[])?).primary().to_owned();
        for column in &self.primary_key {
            primary_key.col(*column);
        }
        table.primary_key(&mut primary_key);

        for reference in &self.references {
            table.foreign_key(&mut reference.definition(self.name)?);
        }
        for (name, condition) in &self.checks {
            table.check((Alias::new(short_enough(name.clone())?), condition.clone()));
        }
        manager.create_table(table).await?;

        let references: Vec<_> = self.references.iter().map(|reference| reference.columns.clone()).collect();
        for columns in references {
            if !self.covers(&columns) {
                self.indexes.push(IndexOver { columns, unique: false, only: None, name: None });
            }
        }
        for index in &self.indexes {
            manager.create_index(index.definition(self.name)?).await?;
        }
        Ok(())
    }
}

impl Column {
    fn definition(&self, backend: DbBackend) -> ColumnDef {
        let mut column = ColumnDef::new(self.name);
        match self.kind {
            Kind::Id => column.uuid(),
            Kind::Text => column.text(),
            // SQLite compares bytes unless told otherwise.
            Kind::Key if backend == DbBackend::Postgres => column.text().extra(r#"COLLATE "C""#),
            Kind::Key => column.text(),
            Kind::Small => column.integer(),
            Kind::Whole => column.big_integer(),
            Kind::Flag => column.boolean(),
            Kind::Time => column.timestamp_with_time_zone(),
            Kind::Bytes => column.blob(),
            Kind::Json => column.json_binary(),
        };
        if self.required {
            column.not_null();
        }
        column
    }
}

impl Reference {
    fn definition(&self, table: &'static str) -> Result<ForeignKeyCreateStatement, DbErr> {
        let mut key = ForeignKey::create()
            .name(name("fk", table, &self.columns)?)
            .from_tbl(table)
            .to_tbl(self.table)
            .on_delete(self.on_delete)
            .to_owned();
        let last = self.columns.len().saturating_sub(1);
        for (place, column) in self.columns.iter().enumerate() {
            key.from_col(*column).to_col(if place == last { "id" } else { column });
        }
        Ok(key)
    }
}

impl IndexOver {
    fn definition(&self, table: &'static str) -> Result<IndexCreateStatement, DbErr> {
        let prefix = if self.unique { "uq" } else { "ix" };
        let name =
            self.name.map_or_else(|| name(prefix, table, &self.columns), |name| short_enough(name.to_owned()))?;
        let mut index = Index::create().name(name).table(table).to_owned();
        for column in &self.columns {
            index.col(*column);
        }
        if self.unique {
            index.unique();
        }
        if let Some(only) = &self.only {
            index.and_where(only.clone());
        }
        Ok(index)
    }
}

fn name(prefix: &str, table: &str, columns: &[&'static str]) -> Result<String, DbErr> {
    let told = match columns {
        ["store_id" | "organization_id", rest @ ..] if !rest.is_empty() => rest,
        columns => columns,
    };
    short_enough([&[prefix, table], told].concat().join("_"))
}

fn short_enough(name: String) -> Result<String, DbErr> {
    if name.len() > LONGEST_NAME {
        return Err(DbErr::Migration(format!("the name `{name}` is longer than {LONGEST_NAME} bytes")));
    }
    Ok(name)
}
