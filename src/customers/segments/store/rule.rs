//! A segment's rule as the database is asked it: the one place that says what each condition means.

use entity::customers::{customer_addresses, customer_order_totals, customer_tags, customers};
use rules::segment::SegmentRule;
use rules::states::CustomerKind;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use crate::kernel::StoreScope;

/// The condition on customers of the scope's store.
pub fn condition(scope: &StoreScope, rule: &SegmentRule) -> Condition {
    let one = |expr: Expr| Condition::all().add(expr);
    let customers = |select: SelectStatement| one(customers::Column::Id.in_subquery(select));
    match rule {
        // A condition of nothing holds or not by its kind, whatever the builder makes of an empty list.
        SegmentRule::All(rules) if rules.is_empty() => one(Expr::cust("1 = 1")),
        SegmentRule::Any(rules) if rules.is_empty() => one(Expr::cust("1 = 0")),
        SegmentRule::All(rules) => rules.iter().fold(Condition::all(), |all, rule| all.add(condition(scope, rule))),
        SegmentRule::Any(rules) => rules.iter().fold(Condition::any(), |any, rule| any.add(condition(scope, rule))),
        SegmentRule::Not(rule) => condition(scope, rule).not(),
        SegmentRule::Registered(true) => one(customers::Column::Kind.eq(CustomerKind::Registered)),
        SegmentRule::Registered(false) => one(customers::Column::Kind.ne(CustomerKind::Registered)),
        SegmentRule::AcceptsMarketing(accepts) => one(customers::Column::AcceptsMarketing.eq(*accepts)),
        SegmentRule::Tag(tag) => {
            use customer_tags::{Column, Entity};
            let marked = scope.find::<Entity>().filter(Column::TagNormalized.eq(tag.as_str()));
            customers(marked.select_only().column(Column::CustomerId).into_query())
        }
        SegmentRule::Countries(codes) => {
            use customer_addresses::{Column, Entity};
            let there = scope
                .find::<Entity>()
                .filter(Column::IsDefaultShipping.eq(true))
                .filter(Column::Country.is_in(codes.iter().map(String::as_str)));
            customers(there.select_only().column(Column::CustomerId).into_query())
        }
        SegmentRule::OrdersAtLeast(least) => {
            use customer_order_totals::{Column, Entity};
            let often = scope
                .find::<Entity>()
                .select_only()
                .column(Column::CustomerId)
                .group_by(Column::CustomerId)
                .having(Expr::col(Column::Orders).sum().gte(*least));
            customers(often.into_query())
        }
        SegmentRule::SpentAtLeast(least) => {
            use customer_order_totals::{Column, Entity};
            let much = scope
                .find::<Entity>()
                .filter(Column::Currency.eq(least.currency()))
                .filter(Column::Spent.gte(least.minor()));
            customers(much.select_only().column(Column::CustomerId).into_query())
        }
    }
}
