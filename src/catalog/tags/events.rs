//! What is told of tags.

use entity::catalog::tags;
use rules::ids::TagId;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A tag as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagSnapshot {
    /// The id.
    pub id: TagId,
    /// The word.
    pub name: String,
}

impl From<&tags::Model> for TagSnapshot {
    fn from(row: &tags::Model) -> Self {
        Self { id: row.id, name: row.name.clone() }
    }
}

macro_rules! tag_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The tag after the change, or before it was deleted.
                pub tag: TagSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "tag";

                fn aggregate_id(&self) -> String {
                    self.tag.id.to_string()
                }
            }
        )+
    };
}

tag_events! {
    /// A tag was written otherwise.
    TagUpdated = "tag.updated",
    /// A tag was deleted.
    TagDeleted = "tag.deleted",
}
