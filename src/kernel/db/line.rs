//! One row, whichever driver read it.

use entity::row::Columns;
use sea_orm::sea_query::ValueType;
use sea_orm::{DbErr, QueryResult, TryGetable};

use super::{postgres, sqlite};

/// One row, whose columns are read by their places.
pub enum Line<'r> {
    /// Of the driver beneath SeaORM.
    Driver(&'r QueryResult),
    /// Of a reading connection of PostgreSQL.
    Postgres(&'r tokio_postgres::Row),
    /// Of a reading connection of a file.
    Sqlite(sqlite::Row<'r>),
}

impl Columns for Line<'_> {
    fn column<T: TryGetable + ValueType>(&self, place: usize, name: &str) -> Result<T, DbErr> {
        let value = match self {
            Self::Driver(row) => return row.column(place, name),
            Self::Postgres(row) => postgres::value::read(row, place)?,
            Self::Sqlite(row) => row.value(place, T::array_type())?,
        };
        T::try_from(value).map_err(|_| DbErr::Type(format!("the column {name} does not hold what it should")))
    }
}
