//! How tags look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::catalog::tags;
use rules::ids::TagId;

use crate::kernel::graph::object;
use crate::{connection, payload};

/// A word that products are marked with.
#[derive(Clone)]
pub struct Tag(pub Arc<tags::Model>);

impl From<tags::Model> for Tag {
    fn from(row: tags::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A word that products are marked with.
#[object]
impl Tag {
    /// The tag's id.
    fn id(&self) -> TagId {
        self.0.id
    }

    /// The word, as it was first written. Case and width do not count where tags are compared.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was first used.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Which tags to list.
#[derive(InputObject, Default, Clone)]
pub struct TagFilterInput {
    /// Those that start with this; case and width do not count.
    pub name_prefix: Option<String>,
}

/// In which order tags are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum TagSort {
    /// From A to Z.
    #[default]
    Name,
    /// From Z to A.
    NameDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(TagConnection, TagEdge, Tag, "tags");

payload! {
    /// The answer of `tagUpdate`.
    TagUpdatePayload {
        /// The tag as it is now.
        tag: Tag,
    }
}

payload! {
    /// The answer of `tagDelete`.
    TagDeletePayload {
        /// The id of the deleted tag.
        deleted_tag_id: TagId,
    }
}
