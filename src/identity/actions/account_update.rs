//! `accountUpdate`: what is known of the person changes.

use async_graphql::{InputObject, MaybeUndefined};
use entity::identity::users::ActiveModel;
use rules::Problems;
use sea_orm::ActiveValue::Set;

use super::super::events::{UserSnapshot, UserUpdated};
use super::super::store;
use super::super::types::User;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of your account. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct AccountUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// The language to be spoken to in, such as `pt-BR`; null leaves it to each request.
    pub locale: MaybeUndefined<String>,
}

/// Changes the account.
pub async fn run(ctx: &Ctx, (input, expected): (AccountUpdateInput, Option<i32>)) -> Result<User> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = &input.name
        && let Some(name) = problems.keep(super::name(name))
    {
        row.name = Set(name);
    }
    match &input.locale {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.locale = Set(None),
        MaybeUndefined::Value(tag) => {
            if let Some(tag) = problems.keep(input::language("locale", tag)) {
                row.locale = Set(Some(tag));
            }
        }
    }
    problems.finish()?;

    let mut tx = ctx.begin_account(ctx.user()?, Action::AccountUpdate).await?;
    let before = store::find_user(&tx).await?.ok_or(Error::Unauthenticated)?;
    input::expect_version(expected, before.version)?;
    let user = store::update_user(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&UserUpdated { user: UserSnapshot::from(&user) })?;
    tx.commit(Audit::updated("user", user.id, &UserSnapshot::from(&before), &UserSnapshot::from(&user))).await?;
    Ok(user.into())
}
