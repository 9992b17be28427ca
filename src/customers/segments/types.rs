//! How segments look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::customers::segments;
use rules::Money;
use rules::ids::SegmentId;
use rules::segment::SegmentRule;
use rules::states::SegmentKind;

use super::store::SegmentFilter;
use crate::customers::profiles::{CustomerConnection, CustomerSort, CustomersInSegment};
use crate::kernel::graph::{Load, object};
use crate::kernel::page::PageArgs;
use crate::kernel::{Ctx, Error, Result};
use crate::{connection, payload};

/// A set of customers that prices and promotions can be for.
#[derive(Clone)]
pub struct Segment(pub Arc<segments::Model>);

impl From<segments::Model> for Segment {
    fn from(row: segments::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A set of customers that prices and promotions can be for.
#[object]
impl Segment {
    /// The segment's id.
    fn id(&self) -> SegmentId {
        self.0.id
    }

    /// The name, unique in the store.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Who says who belongs to it.
    fn kind(&self) -> SegmentKind {
        self.0.kind
    }

    /// The rule; null where its members are put in by hand.
    fn rule(&self) -> Result<Option<SegmentCondition>> {
        let rule = self.0.rule.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
        Ok(rule.map(SegmentCondition))
    }

    /// The customers who belong to it at this moment.
    fn customers(
        &self,
        ctx: &Ctx,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "In which order.", default)] sort: CustomerSort,
    ) -> Result<Load<CustomersInSegment, Option<CustomerConnection>>> {
        CustomerConnection::in_segment(ctx, self.0.id, sort, PageArgs { first, after, last, before })
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A condition on customers, as `SegmentConditionInput` takes it: one field has a value, all others are null.
#[derive(Clone)]
pub struct SegmentCondition(SegmentRule);

impl SegmentCondition {
    fn list(rules: &[SegmentRule]) -> Vec<Self> {
        rules.iter().cloned().map(Self).collect()
    }
}

/// A condition on customers, as `SegmentConditionInput` takes it: one field has a value, all others are null.
#[object]
impl SegmentCondition {
    /// All of these hold.
    fn all(&self) -> Option<Vec<SegmentCondition>> {
        match &self.0 {
            SegmentRule::All(rules) => Some(Self::list(rules)),
            _ => None,
        }
    }

    /// One of these holds at least.
    fn any(&self) -> Option<Vec<SegmentCondition>> {
        match &self.0 {
            SegmentRule::Any(rules) => Some(Self::list(rules)),
            _ => None,
        }
    }

    /// This does not hold.
    fn not(&self) -> Option<SegmentCondition> {
        match &self.0 {
            SegmentRule::Not(rule) => Some(Self(SegmentRule::clone(rule))),
            _ => None,
        }
    }

    /// Whether the customer has an account.
    fn registered(&self) -> Option<bool> {
        match &self.0 {
            SegmentRule::Registered(is) => Some(*is),
            _ => None,
        }
    }

    /// Whether the customer takes news.
    fn accepts_marketing(&self) -> Option<bool> {
        match &self.0 {
            SegmentRule::AcceptsMarketing(does) => Some(*does),
            _ => None,
        }
    }

    /// The customer is marked with this tag, as tags are compared.
    fn tag(&self) -> Option<&str> {
        match &self.0 {
            SegmentRule::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    /// The default shipping address is in one of these countries.
    fn countries(&self) -> Option<Vec<String>> {
        match &self.0 {
            SegmentRule::Countries(codes) => Some(codes.clone()),
            _ => None,
        }
    }

    /// So many orders at least that are not canceled.
    fn orders_at_least(&self) -> Option<i32> {
        match &self.0 {
            SegmentRule::OrdersAtLeast(least) => i32::try_from(*least).ok(),
            _ => None,
        }
    }

    /// So much spent at least in this currency.
    fn spent_at_least(&self) -> Option<Money> {
        match &self.0 {
            SegmentRule::SpentAtLeast(least) => Some(*least),
            _ => None,
        }
    }
}

/// Which segments to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct SegmentFilterInput {
    /// Those whose name starts with this; case does not count.
    name_prefix: Option<String>,
    /// Those of this kind.
    kind: Option<SegmentKind>,
}

impl From<SegmentFilterInput> for SegmentFilter {
    fn from(input: SegmentFilterInput) -> Self {
        Self { name_prefix: input.name_prefix, kind: input.kind }
    }
}

/// In which order segments are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum SegmentSort {
    /// By name, from A to Z.
    #[default]
    Name,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(SegmentConnection, SegmentEdge, Segment, "segments");

payload! {
    /// The answer of `segmentCreate`.
    SegmentCreatePayload {
        /// The new segment.
        segment: Segment,
    }
}

payload! {
    /// The answer of `segmentUpdate`.
    SegmentUpdatePayload {
        /// The segment as it is now.
        segment: Segment,
    }
}

payload! {
    /// The answer of `segmentDelete`.
    SegmentDeletePayload {
        /// The id of the deleted segment.
        deleted_segment_id: SegmentId,
    }
}

payload! {
    /// The answer of `segmentMembersAdd`.
    SegmentMembersAddPayload {
        /// The segment.
        segment: Segment,
    }
}

payload! {
    /// The answer of `segmentMembersRemove`.
    SegmentMembersRemovePayload {
        /// The segment.
        segment: Segment,
    }
}
