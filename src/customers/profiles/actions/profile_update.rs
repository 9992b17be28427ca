//! `customerProfileUpdate`: a customer changes what is known of oneself.

use async_graphql::{InputObject, MaybeUndefined};
use entity::customers::customers::ActiveModel;
use rules::Problems;
use rules::states::ConsentSource;
use sea_orm::ActiveValue::Set;

use super::super::events::{CustomerSnapshot, CustomerUpdated};
use super::super::store;
use super::super::types::Customer;
use super::fields::{Consent, ProfileFields, sort_name};
use super::update::text;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of you. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct CustomerProfileUpdateInput {
    /// The first name; at most 100 characters.
    pub first_name: MaybeUndefined<String>,
    /// The last name; at most 100 characters.
    pub last_name: MaybeUndefined<String>,
    /// The telephone number.
    pub phone: MaybeUndefined<String>,
    /// The language to be spoken to in, such as `pt-BR`.
    pub locale: MaybeUndefined<String>,
    /// Whether news may be sent to you.
    pub accepts_marketing: Option<bool>,
}

/// Changes the profile.
pub async fn run(ctx: &Ctx, (input, expected): (CustomerProfileUpdateInput, Option<i32>)) -> Result<Customer> {
    let id = ctx.customer()?;
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    ProfileFields {
        first_name: text(&input.first_name),
        last_name: text(&input.last_name),
        phone: text(&input.phone),
        locale: text(&input.locale),
    }
    .read(&mut row, &mut problems);
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::CustomerProfileUpdate).await?;
    let before = store::hold_living(&tx, id).await?.ok_or(Error::Unauthenticated)?;
    input::expect_version(expected, before.version)?;
    if let Some(accepts) = input.accepts_marketing {
        Consent { accepts, at: ctx.now(), source: ConsentSource::Profile }.note(Some(&before), &mut row);
    }
    row.sort_name = Set(sort_name(&row, Some(&before)));
    let customer = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&CustomerUpdated { customer: CustomerSnapshot::from(&customer) })?;
    let (before, after) = (CustomerSnapshot::from(&before), CustomerSnapshot::from(&customer));
    tx.commit(Audit::updated("customer", id, &before, &after)).await?;
    Ok(customer.into())
}
