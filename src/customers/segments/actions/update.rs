//! `segmentUpdate`: what is known of a segment changes.

use async_graphql::{InputObject, MaybeUndefined};
use entity::customers::segments::ActiveModel;
use rules::ids::SegmentId;
use rules::states::SegmentKind;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{SegmentSnapshot, SegmentUpdated};
use super::super::store;
use super::super::types::Segment;
use super::SegmentConditionInput;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// What changes of a segment. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct SegmentUpdateInput {
    /// The name.
    pub name: Option<String>,
    /// What it is for.
    pub description: MaybeUndefined<String>,
    /// Who belongs to it; only of a segment that goes by a rule.
    pub rule: Option<SegmentConditionInput>,
}

/// Changes the segment.
pub async fn run(ctx: &Ctx, (id, input, expected): (SegmentId, SegmentUpdateInput, Option<i32>)) -> Result<Segment> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = &input.name
        && let Some(name) = problems.keep(super::name(name))
    {
        row.name_normalized = Set(text::fold(&name));
        row.name = Set(name);
    }
    match &input.description {
        MaybeUndefined::Undefined => {}
        given => {
            if let Some(description) = problems.keep(super::description(given.value().map(String::as_str))) {
                row.description = Set(description);
            }
        }
    }
    let rule = input.rule.as_ref().and_then(|rule| rule.read(&mut problems));
    problems.finish()?;
    if let Some(rule) = rule {
        row.rule = Set(Some(serde_json::to_string(&rule).map_err(Error::internal)?));
    }

    let mut tx = ctx.begin_store(Action::SegmentUpdate).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if input.rule.is_some() && before.kind == SegmentKind::Manual {
        let message = "Its members are put in by hand: make another segment for the rule.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "rule", message)));
    }
    let segment = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&SegmentUpdated { segment: SegmentSnapshot::from(&segment) })?;
    tx.commit(Audit::updated("segment", id, &SegmentSnapshot::from(&before), &SegmentSnapshot::from(&segment))).await?;
    Ok(segment.into())
}
