//! One row, whichever driver read it.

use entity::row::Columns;
use sea_orm::sea_query::ValueType;
use sea_orm::{DbErr, QueryResult, TryGetable};

use super::reading::value;

/// One row, whose columns are read by their places.
pub enum Line<'r> {
    /// Of the driver beneath SeaORM.
    Driver(&'r QueryResult),
    /// Of a reading connection.
    Reading(&'r tokio_postgres::Row),
}

impl Columns for Line<'_> {
    fn column<T: TryGetable + ValueType>(&self, place: usize, name: &str) -> Result<T, DbErr> {
        match self {
            Self::Driver(row) => row.column(place, name),
            Self::Reading(row) => T::try_from(value::read(row, place)?)
                .map_err(|_| DbErr::Type(format!("the column {name} does not hold what it should"))),
        }
    }
}
