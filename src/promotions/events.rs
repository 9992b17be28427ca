//! What is told of promotions.

use chrono::{DateTime, Utc};
use entity::promotions::promotions;
use rules::ids::PromotionId;
use rules::promotion::{Action, Caps, Condition, Stacking};
use serde::Serialize;

use super::terms;
use crate::kernel::Result;
use crate::kernel::outbox::Event;

/// A promotion as it was at one moment; also what the audit log keeps. The terms are the rules' own.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromotionSnapshot {
    /// The id.
    pub id: PromotionId,
    /// What buyers see it called.
    pub name: String,
    /// Whether it counts at all.
    pub enabled: bool,
    /// Its place inside its phase.
    pub priority: i32,
    /// The first moment at which it holds; none for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer holds; none for never.
    pub valid_to: Option<DateTime<Utc>>,
    /// What must be so.
    pub condition: Condition,
    /// What the buyer gets.
    pub action: Action,
    /// How much of it there is.
    pub caps: Caps,
    /// What it may stand beside.
    pub stacking: Stacking,
    /// The version.
    pub version: i64,
}

impl PromotionSnapshot {
    /// The promotion as its row has it.
    ///
    /// # Errors
    /// `Internal` where its terms can't be read.
    pub fn of(row: &promotions::Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: row.name.clone(),
            enabled: row.enabled,
            priority: terms::priority(row),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            condition: terms::condition(row)?,
            action: terms::action(row)?,
            caps: terms::caps(row)?,
            stacking: terms::stacking(row)?,
            version: row.version,
        })
    }
}

macro_rules! promotion_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The promotion after the change, or before it was deleted.
                pub promotion: PromotionSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "promotion";

                fn aggregate_id(&self) -> String {
                    self.promotion.id.to_string()
                }
            }
        )+
    };
}

promotion_events! {
    /// A promotion was created.
    PromotionCreated = "promotion.created",
    /// A promotion was changed.
    PromotionUpdated = "promotion.updated",
    /// A promotion was deleted, and its codes with it.
    PromotionDeleted = "promotion.deleted",
}
