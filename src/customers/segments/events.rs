//! What is told of segments.

use entity::customers::segments;
use rules::ids::{CustomerId, SegmentId};
use rules::states::SegmentKind;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A segment as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentSnapshot {
    /// The id.
    pub id: SegmentId,
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Who says who belongs to it.
    pub kind: SegmentKind,
    /// The rule.
    pub rule: Option<serde_json::Value>,
    /// The version.
    pub version: i64,
}

impl From<&segments::Model> for SegmentSnapshot {
    fn from(row: &segments::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            description: row.description.clone(),
            kind: row.kind,
            rule: row.rule.as_deref().and_then(|rule| serde_json::from_str(rule).ok()),
            version: row.version,
        }
    }
}

macro_rules! segment_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The segment after the change, or before it was deleted.
                pub segment: SegmentSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "segment";

                fn aggregate_id(&self) -> String {
                    self.segment.id.to_string()
                }
            }
        )+
    };
}

segment_events! {
    /// A segment was created.
    SegmentCreated = "segment.created",
    /// A segment was changed.
    SegmentUpdated = "segment.updated",
    /// A segment was deleted.
    SegmentDeleted = "segment.deleted",
}

/// Customers were put into a segment, or taken out of it, by hand.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentMembersChanged {
    /// The segment.
    pub segment_id: SegmentId,
    /// Those who were put in.
    pub added: Vec<CustomerId>,
    /// Those who were taken out.
    pub removed: Vec<CustomerId>,
}

impl Event for SegmentMembersChanged {
    const TOPIC: &'static str = "segment_members.changed";
    const AGGREGATE: &'static str = "segment";

    fn aggregate_id(&self) -> String {
        self.segment_id.to_string()
    }
}
