//! Values on their way to a statement, and out of a row.
//!
//! Owns which types Stoa's columns and parameters have. A new one has a line in each direction here; without it
//! the statement fails with its name.

use std::error::Error;

use bytes::BytesMut;
use chrono::{DateTime, Utc};
use postgres_types::{IsNull, ToSql, Type, to_sql_checked};
use sea_orm::sea_query::ArrayType;
use sea_orm::{DbErr, Value};
use tokio_postgres::Row;
use uuid::Uuid;

/// A value for a place in a statement.
#[derive(Debug)]
pub(super) struct Parameter<'v>(pub(super) &'v Value);

/// The type that a value is declared with, so that the server takes it for nothing else.
pub(super) fn type_of(value: &Value) -> Option<Type> {
    Some(match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT4,
        Value::BigInt(_) | Value::BigUnsigned(_) => Type::INT8,
        Value::String(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
        Value::Uuid(_) => Type::UUID,
        Value::Json(_) => Type::JSONB,
        Value::ChronoDateTimeUtc(_) => Type::TIMESTAMPTZ,
        Value::Array(ArrayType::Int, _) => Type::INT4_ARRAY,
        Value::Array(ArrayType::BigInt, _) => Type::INT8_ARRAY,
        Value::Array(ArrayType::String, _) => Type::TEXT_ARRAY,
        Value::Array(ArrayType::Uuid, _) => Type::UUID_ARRAY,
        _ => return None,
    })
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Bool(value) => value.to_sql(ty, out),
            Value::Int(value) => value.to_sql(ty, out),
            Value::BigInt(value) => value.to_sql(ty, out),
            Value::BigUnsigned(value) => value.map(i64::try_from).transpose()?.to_sql(ty, out),
            Value::String(value) => value.as_deref().to_sql(ty, out),
            Value::Bytes(value) => value.as_deref().to_sql(ty, out),
            Value::Uuid(value) => value.to_sql(ty, out),
            Value::Json(value) => value.as_deref().to_sql(ty, out),
            Value::ChronoDateTimeUtc(value) => value.to_sql(ty, out),
            Value::Array(_, None) => Ok(IsNull::Yes),
            Value::Array(_, Some(values)) => values.iter().map(Parameter).collect::<Vec<_>>().to_sql(ty, out),
            other => Err(format!("{other:?} has no type here").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The value in one column of a row.
pub(in crate::kernel::db) fn read(row: &Row, place: usize) -> Result<Value, DbErr> {
    let column = row.columns().get(place).ok_or_else(|| DbErr::Type(format!("the row has no column {place}")))?;
    let value = match *column.type_() {
        Type::BOOL => row.try_get(place).map(Value::Bool),
        Type::INT4 => row.try_get(place).map(Value::Int),
        Type::INT8 => row.try_get(place).map(Value::BigInt),
        Type::TEXT | Type::NAME | Type::VARCHAR => row.try_get(place).map(Value::String),
        Type::BYTEA => row.try_get(place).map(Value::Bytes),
        Type::UUID => row.try_get::<_, Option<Uuid>>(place).map(Value::Uuid),
        Type::JSON | Type::JSONB => {
            row.try_get::<_, Option<serde_json::Value>>(place).map(|json| Value::Json(json.map(Box::new)))
        }
        Type::TIMESTAMPTZ => row.try_get::<_, Option<DateTime<Utc>>>(place).map(Value::ChronoDateTimeUtc),
        ref other => return Err(DbErr::Type(format!("the column {} is of the type {other}", column.name()))),
    };
    value.map_err(|error| DbErr::Type(format!("{}: {error}", column.name())))
}
