//! Rows by the places of their columns.
//!
//! SeaORM looks every column of every row up by its name, and for each null it writes that name into an error
//! that nobody reads: in a list that is a good part of what reading it costs. A list of an entity has the entity's
//! columns in their order, so that their places do.

use std::fmt;

use sea_orm::{ColIdx, DbErr, QueryResult, TryGetable};

pub use macros::Row;

/// What a list is made of. The derive of the same name implements it.
pub trait Row: Sized {
    /// Reads a row that begins with the columns in the order of the fields.
    ///
    /// # Errors
    /// Where a column has another type, or is null where the field can't be.
    fn read(row: &QueryResult) -> Result<Self, DbErr>;
}

/// The value of one column.
///
/// # Errors
/// As [`Row::read`]; the error names the column.
pub fn column<T: TryGetable>(row: &QueryResult, place: usize, name: &str) -> Result<T, DbErr> {
    T::try_get_by(row, Place(place)).map_err(|error| DbErr::Type(format!("{name}: {:?}", DbErr::from(error))))
}

/// The place of a column, from 0.
#[derive(Clone, Copy)]
struct Place(usize);

impl fmt::Debug for Place {
    /// Nothing: [`column`] names the column, and a null is no reason to write a text.
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl ColIdx for Place {
    type SqlxPostgresIndex = usize;
    type SqlxSqliteIndex = usize;

    fn as_sqlx_postgres_index(&self) -> usize {
        self.0
    }

    fn as_sqlx_sqlite_index(&self) -> usize {
        self.0
    }

    fn as_str(&self) -> Option<&str> {
        None
    }

    fn as_usize(&self) -> Option<&usize> {
        Some(&self.0)
    }
}
