//! `tagUpdate`: a tag is written otherwise, on every product that carries it.

use async_graphql::InputObject;
use entity::catalog::tags::ActiveModel;
use rules::ids::TagId;
use sea_orm::ActiveValue::Set;

use super::super::events::{TagSnapshot, TagUpdated};
use super::super::store;
use super::super::types::Tag;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// What changes of a tag. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct TagUpdateInput {
    /// The word; at most 100 characters.
    pub name: Option<String>,
}

/// Changes the tag.
pub async fn run(ctx: &Ctx, (id, input): (TagId, TagUpdateInput)) -> Result<Tag> {
    let name = input.name.map(|name| super::read_name("name", &name)).transpose()?;

    let mut tx = ctx.begin_store(Action::TagUpdate).await?;
    let before = store::hold(&tx, id).await?.ok_or(Error::NotFound)?;
    let mut row = ActiveModel::default();
    if let Some((name, normalized)) = name {
        row.name = Set(name);
        row.name_normalized = Set(normalized);
    }
    let tag = store::update(&tx, id, row).await?.ok_or(Error::NotFound)?;
    tx.emit(&TagUpdated { tag: TagSnapshot::from(&tag) })?;
    tx.commit(Audit::updated("tag", id, &TagSnapshot::from(&before), &TagSnapshot::from(&tag))).await?;
    Ok(tag.into())
}
