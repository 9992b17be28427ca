//! Rows by the places of their columns.
//!
//! SeaORM looks every column of every row up by its name, and for each null it writes that name into an error
//! that nobody reads: in a list that is a good part of what reading it costs. A list of an entity has the entity's
//! columns in their order, so that their places do.

use std::fmt;

use sea_orm::sea_query::ValueType;
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetable};

pub use macros::Row;

/// What a list is made of. The derive of the same name implements it.
pub trait Row: Sized {
    /// How many columns it is made of.
    const WIDTH: usize;

    /// Reads a row that begins with the columns in the order of the fields.
    ///
    /// # Errors
    /// Where a column has another type, or is null where the field can't be.
    fn read(columns: &impl Columns) -> Result<Self, DbErr>;
}

/// A row as a driver gives it.
pub trait Columns {
    /// The value of one column, by its place from 0. The name is for the error.
    ///
    /// # Errors
    /// Where it has another type, or is null where `T` can't be.
    fn column<T: TryGetable + ValueType>(&self, place: usize, name: &str) -> Result<T, DbErr>;
}

impl Columns for QueryResult {
    fn column<T: TryGetable + ValueType>(&self, place: usize, name: &str) -> Result<T, DbErr> {
        T::try_get_by(self, Place(place)).map_err(|error| DbErr::Type(format!("{name}: {:?}", DbErr::from(error))))
    }
}

/// The columns of a row behind its first ones, such as those of a second entity.
pub struct Behind<'c, C> {
    columns: &'c C,
    first: usize,
}

impl<'c, C: Columns> Behind<'c, C> {
    /// The columns from the place `first` on.
    pub fn new(columns: &'c C, first: usize) -> Self {
        Self { columns, first }
    }

    /// The row that they make, which is not there where its first column is null: a key's.
    ///
    /// # Errors
    /// As [`Row::read`].
    pub fn optional<T: Row>(&self) -> Result<Option<T>, DbErr> {
        let key: Option<uuid::Uuid> = self.column(0, "key")?;
        key.map(|_| T::read(self)).transpose()
    }
}

impl<C: Columns> Columns for Behind<'_, C> {
    fn column<T: TryGetable + ValueType>(&self, place: usize, name: &str) -> Result<T, DbErr> {
        self.columns.column(self.first + place, name)
    }
}

/// The place of a column, from 0.
#[derive(Clone, Copy)]
struct Place(usize);

impl fmt::Debug for Place {
    /// Nothing: [`Columns::column`] names the column, and a null is no reason to write a text.
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

macro_rules! tuple {
    ($width:literal: $($place:tt $name:ident),+) => {
        impl<$($name: TryGetable + ValueType),+> Row for ($($name,)+) {
            const WIDTH: usize = $width;

            fn read(columns: &impl Columns) -> Result<Self, DbErr> {
                Ok(($(columns.column::<$name>($place, stringify!($place))?,)+))
            }
        }
    };
}

tuple!(1: 0 A);
tuple!(2: 0 A, 1 B);
tuple!(3: 0 A, 1 B, 2 C);
tuple!(4: 0 A, 1 B, 2 C, 3 D);
tuple!(5: 0 A, 1 B, 2 C, 3 D, 4 E);
tuple!(6: 0 A, 1 B, 2 C, 3 D, 4 E, 5 F);
tuple!(7: 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G);
tuple!(8: 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H);
tuple!(9: 0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H, 8 I);
