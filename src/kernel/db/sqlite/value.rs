//! Values on their way to a statement, and out of a row: as the driver of the writes has them.
//!
//! Owns which types Stoa's columns and parameters have in a file. A new one has a line in each direction here;
//! without it the statement fails with its name.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::CachedStatement;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use sea_orm::sea_query::ArrayType;
use sea_orm::{DbErr, Value, sqlx};
use uuid::Uuid;

use super::told;

/// A value for a place in a statement.
struct Parameter<'v>(&'v Value);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        let null = Ok(ToSqlOutput::Owned(Owned::Null));
        let integer = |value: i64| Ok(ToSqlOutput::Owned(Owned::Integer(value)));
        let text = |value: String| Ok(ToSqlOutput::Owned(Owned::Text(value)));
        match self.0 {
            Value::Bool(value) => value.map_or(null, |value| integer(i64::from(value))),
            Value::Int(value) => value.map_or(null, |value| integer(i64::from(value))),
            Value::BigInt(value) => value.map_or(null, integer),
            Value::BigUnsigned(value) => value.map_or(null, |value| {
                integer(value.try_into().map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?)
            }),
            Value::String(value) => value.to_sql(),
            Value::Bytes(value) => value.to_sql(),
            Value::Uuid(value) => match value {
                Some(id) => Ok(ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes()))),
                None => null,
            },
            Value::Json(value) => value.as_deref().map_or(null, |value| text(value.to_string())),
            // Texts of times sort as the times do only where all are written alike.
            Value::ChronoDateTimeUtc(value) => {
                value.map_or(null, |value| text(value.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
            }
            other => Err(rusqlite::Error::ToSqlConversionFailure(format!("{other:?} has no type here").into())),
        }
    }
}

/// One value of a row.
enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Id(Uuid),
    Bytes(Vec<u8>),
}

/// All rows of a statement, one after the other.
pub(in crate::kernel::db) struct Rows {
    width: usize,
    cells: Vec<Cell>,
}

impl Rows {
    /// The rows, in their order.
    pub(in crate::kernel::db) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.cells.chunks_exact(self.width.max(1)).map(Row)
    }
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'r>(&'r [Cell]);

impl Row<'_> {
    /// The value in one column, as the type that is wanted of it: a file knows numbers, texts and bytes alone.
    ///
    /// # Errors
    /// Where it is none of that type.
    pub(in crate::kernel::db) fn value(&self, place: usize, wanted: ArrayType) -> Result<Value, DbErr> {
        let cell = self.0.get(place).ok_or_else(|| DbErr::Type(format!("the row has no column {place}")))?;
        let value = match (&wanted, cell) {
            (ArrayType::Bool, Cell::Null) => Some(Value::Bool(None)),
            (ArrayType::Bool, Cell::Integer(number)) => Some(Value::Bool(Some(*number != 0))),
            (ArrayType::Int, Cell::Null) => Some(Value::Int(None)),
            (ArrayType::Int, Cell::Integer(number)) => i32::try_from(*number).ok().map(|int| Value::Int(Some(int))),
            (ArrayType::BigInt, Cell::Null) => Some(Value::BigInt(None)),
            (ArrayType::BigInt, Cell::Integer(number)) => Some(Value::BigInt(Some(*number))),
            (ArrayType::String, Cell::Null) => Some(Value::String(None)),
            (ArrayType::String, Cell::Text(text)) => Some(Value::String(Some(text.clone()))),
            (ArrayType::Bytes, Cell::Null) => Some(Value::Bytes(None)),
            (ArrayType::Bytes, Cell::Bytes(bytes)) => Some(Value::Bytes(Some(bytes.clone()))),
            (ArrayType::Bytes, Cell::Id(id)) => Some(Value::Bytes(Some(id.as_bytes().to_vec()))),
            (ArrayType::Uuid, Cell::Null) => Some(Value::Uuid(None)),
            (ArrayType::Uuid, Cell::Id(id)) => Some(Value::Uuid(Some(*id))),
            (ArrayType::Json, Cell::Null) => Some(Value::Json(None)),
            (ArrayType::Json, Cell::Text(text)) => {
                serde_json::from_str(text).ok().map(|json| Value::Json(Some(Box::new(json))))
            }
            (ArrayType::ChronoDateTimeUtc, Cell::Null) => Some(Value::ChronoDateTimeUtc(None)),
            (ArrayType::ChronoDateTimeUtc, Cell::Text(text)) => DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|time| Value::ChronoDateTimeUtc(Some(time.with_timezone(&Utc)))),
            _ => None,
        };
        value.ok_or_else(|| DbErr::Type(format!("the column {place} holds no {wanted:?}")))
    }
}

/// Runs a statement to its end.
pub(super) fn rows(statement: &mut CachedStatement<'_>, values: &[Value]) -> Result<Rows, sqlx::Error> {
    let width = statement.column_count();
    let mut cells = Vec::new();
    bind(statement, values)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(told)? {
        for place in 0..width {
            cells.push(cell(row.get_ref(place).map_err(told)?)?);
        }
    }
    Ok(Rows { width, cells })
}

/// Puts the values into their places, which have a number, as `$1`, or are counted, as `?`.
fn bind(statement: &mut CachedStatement<'_>, values: &[Value]) -> Result<(), sqlx::Error> {
    let mut counted = 0;
    for place in 1..=statement.parameter_count() {
        let number = match statement.parameter_name(place) {
            Some(name) => name[1..].parse().ok(),
            None => {
                counted += 1;
                Some(counted)
            }
        };
        let value = number.and_then(|number: usize| values.get(number.checked_sub(1)?));
        let value =
            value.ok_or_else(|| sqlx::Error::Protocol(format!("the statement's place {place} has no value")))?;
        statement.raw_bind_parameter(place, Parameter(value)).map_err(told)?;
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> Result<Cell, sqlx::Error> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(text) => {
            Cell::Text(String::from_utf8(text.to_vec()).map_err(|error| sqlx::Error::Decode(Box::new(error)))?)
        }
        // Ids are kept as their bytes; what is as long as one and is none is read as bytes all the same.
        ValueRef::Blob(bytes) => match Uuid::from_slice(bytes) {
            Ok(id) => Cell::Id(id),
            Err(_) => Cell::Bytes(bytes.to_vec()),
        },
        ValueRef::Real(number) => return Err(sqlx::Error::Decode(format!("{number} has no type here").into())),
    })
}
