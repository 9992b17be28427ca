//! `segmentCreate`: a new segment.

use async_graphql::InputObject;
use entity::customers::segments::ActiveModel;
use rules::ids::SegmentId;
use rules::states::SegmentKind;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{SegmentCreated, SegmentSnapshot};
use super::super::store;
use super::super::types::Segment;
use super::SegmentConditionInput;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// A new segment.
#[derive(InputObject, Clone)]
pub struct SegmentCreateInput {
    /// The name; at most 100 characters, unique in the store.
    pub name: String,
    /// What it is for, for the staff; at most 500 characters.
    pub description: Option<String>,
    /// Who belongs to it; by hand where it is left out.
    pub rule: Option<SegmentConditionInput>,
}

/// Creates the segment.
pub async fn run(ctx: &Ctx, input: SegmentCreateInput) -> Result<Segment> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let description = problems.keep(super::description(input.description.as_deref()));
    let rule = input.rule.as_ref().and_then(|rule| rule.read(&mut problems));
    problems.finish()?;
    let (Some(name), Some(description)) = (name, description) else { return Err(input::unread()) };
    let rule = rule.map(|rule| serde_json::to_string(&rule)).transpose().map_err(Error::internal)?;
    let (kind, most) = match rule {
        Some(_) => (SegmentKind::Rule, super::MAX_BY_RULE),
        None => (SegmentKind::Manual, super::MAX_BY_HAND),
    };

    let mut tx = ctx.begin_store(Action::SegmentCreate).await?;
    // Two who create at once are counted one after the other.
    tx.hold_store().await?;
    if store::count_of_kind(&tx, kind).await? >= most {
        let message = format!("A store has {most} segments of this kind at the most: delete one first.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let row = ActiveModel {
        id: Set(ctx.id::<SegmentId>()),
        name_normalized: Set(text::fold(&name)),
        name: Set(name),
        description: Set(description),
        kind: Set(kind),
        rule: Set(rule),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let segment = store::insert(&tx, row).await?;
    tx.emit(&SegmentCreated { segment: SegmentSnapshot::from(&segment) })?;
    tx.commit(Audit::created("segment", segment.id, &SegmentSnapshot::from(&segment))).await?;
    Ok(segment.into())
}
