//! Failed sign-ins, counted per e-mail address and per network.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `sign_in_throttles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "sign_in_throttles")]
pub struct Model {
    /// What is counted, such as a hash of the e-mail address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Failures since the window began.
    pub failures: i32,
    /// When the first of the failures happened.
    pub window_started_at: DateTime<Utc>,
    /// No sign-in is tried before this time.
    pub locked_until: Option<DateTime<Utc>>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
