//! Every query and write of accounts, credentials and sessions.

use chrono::{DateTime, Utc};
use entity::identity::{refresh_tokens, sessions, user_credentials, users};
use entity::tenancy::memberships;
use rules::ids::{OrganizationId, SessionId, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, DbErr, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::secret::Hash;
use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::{AccountScope, Ctx, PlatformScope, Result, Scope, Tx, db};

// --- accounts ----------------------------------------------------------------------------------

/// The person's own row.
pub async fn find_user(scope: &AccountScope) -> Result<Option<users::Model>> {
    let select = scope.find::<users::Entity>().filter(users::Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?)
}

pub async fn list_users(scope: &PlatformScope, ids: &[UserId]) -> Result<Vec<users::Model>> {
    let select =
        scope.find::<users::Entity>().filter(db::any_of(scope.conn(), users::Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Those of some accounts that are the person's own, or of members of these organizations.
pub async fn list_seen_users(
    scope: &PlatformScope,
    ids: &[UserId],
    own: UserId,
    organizations: &[OrganizationId],
) -> Result<Vec<users::Model>> {
    let organizations = organizations.iter().map(|id| id.0);
    let members = scope
        .find::<memberships::Entity>()
        .filter(db::any_of(scope.conn(), memberships::Column::OrganizationId, organizations))
        .select_only()
        .column(memberships::Column::UserId);
    let seen = Condition::any().add(users::Column::Id.eq(own)).add(users::Column::Id.in_subquery(members.into_query()));
    let select = scope.find::<users::Entity>();
    let select = select.filter(db::any_of(scope.conn(), users::Column::Id, ids.iter().map(|id| id.0))).filter(seen);
    Ok(select.list(scope.conn()).await?)
}

/// Some of the e-mail addresses that accounts are known by, for the operator's own eyes.
///
/// # Errors
/// What the database says.
pub async fn list_addresses(ctx: &Ctx, most: u64) -> Result<Vec<String>> {
    let scope = ctx.platform().await?;
    let addresses = scope.find::<users::Entity>().select_only().column(users::Column::EmailNormalized).limit(most);
    let addresses: Vec<(String,)> = addresses.tuples(scope.conn()).await?;
    Ok(addresses.into_iter().map(|(address,)| address).collect())
}

/// A living account by its folded e-mail address, with its credentials: one statement, whether it is
/// there or not.
pub async fn find_by_email(
    scope: &PlatformScope,
    email_key: &str,
) -> Result<Option<(users::Model, Option<user_credentials::Model>)>> {
    let select = scope
        .find::<users::Entity>()
        .filter(users::Column::EmailNormalized.eq(email_key))
        .filter(users::Column::DeletedAt.is_null())
        .find_also_related(user_credentials::Entity);
    Ok(select.first(scope.conn()).await?)
}

/// Writes the account and its credentials. `None` where somebody else has the e-mail address.
pub async fn insert_user(
    tx: &Tx<AccountScope>,
    user: users::ActiveModel,
    password_hash: String,
) -> Result<Option<users::Model>> {
    let user = match tx.insert::<users::Entity>(user).await {
        Ok(user) => user,
        Err(error) if is_taken(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let now = tx.ctx().now();
    let credentials = user_credentials::ActiveModel {
        password_hash: Set(password_hash),
        password_changed_at: Set(now),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    tx.insert::<user_credentials::Entity>(credentials).await?;
    Ok(Some(user))
}

fn is_taken(error: &DbErr) -> bool {
    Violation::of(error)
        .is_some_and(|violation| violation.kind == ViolationKind::Unique && violation.mentions("email_normalized"))
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update_user(
    tx: &Tx<AccountScope>,
    before: &users::Model,
    mut row: users::ActiveModel,
) -> Result<Option<users::Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<users::Entity>()
        .set(row)
        .filter(users::Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

// --- credentials -------------------------------------------------------------------------------

pub async fn find_credentials(scope: &AccountScope) -> Result<Option<user_credentials::Model>> {
    Ok(scope.find::<user_credentials::Entity>().first(scope.conn()).await?)
}

/// Whether the hash that a password was just compared with is still the account's, and holds it there
/// until the commit: a sign-in must not slip past a change of the password.
pub async fn hold_credentials(tx: &Tx<AccountScope>, password_hash: &str) -> Result<bool> {
    let row = tx
        .find::<user_credentials::Entity>()
        .filter(user_credentials::Column::PasswordHash.eq(password_hash))
        .lock_shared()
        .first(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Puts a hash into the place of another. False where the other is no longer there. `changed` says
/// whether it is a new password, or the old one hashed anew.
pub async fn replace_hash(tx: &Tx<AccountScope>, before: &str, after: String, changed: bool) -> Result<bool> {
    let now = tx.ctx().now();
    let mut row =
        user_credentials::ActiveModel { password_hash: Set(after), updated_at: Set(now), ..Default::default() };
    if changed {
        row.password_changed_at = Set(now);
    }
    let done = tx
        .update_many::<user_credentials::Entity>()
        .set(row)
        .filter(user_credentials::Column::PasswordHash.eq(before))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected == 1)
}

// --- sessions ----------------------------------------------------------------------------------

/// The sessions that can still be used or refreshed.
pub fn is_live(now: DateTime<Utc>) -> Condition {
    Condition::all().add(sessions::Column::RevokedAt.is_null()).add(sessions::Column::ExpiresAt.gt(now))
}

/// The person's live sessions, the one used last first.
pub async fn list_sessions(scope: &AccountScope, now: DateTime<Utc>, most: u64) -> Result<Vec<sessions::Model>> {
    let select = scope
        .find::<sessions::Entity>()
        .filter(is_live(now))
        .order_by_desc(sessions::Column::LastUsedAt)
        .order_by_desc(sessions::Column::Id)
        .limit(most);
    Ok(select.list(scope.conn()).await?)
}

pub async fn find_session(scope: &AccountScope, id: SessionId) -> Result<Option<sessions::Model>> {
    Ok(scope.find::<sessions::Entity>().filter(sessions::Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn insert_session(
    tx: &Tx<AccountScope>,
    session: sessions::ActiveModel,
    refresh: refresh_tokens::ActiveModel,
) -> Result<sessions::Model> {
    let session = tx.insert::<sessions::Entity>(session).await?;
    tx.insert::<refresh_tokens::Entity>(refresh).await?;
    Ok(session)
}

/// Ends live sessions of the person; which, says `condition`. Gives the ids of those that ended.
pub async fn revoke_sessions(tx: &Tx<AccountScope>, condition: Condition) -> Result<Vec<SessionId>> {
    let now = tx.ctx().now();
    let row = sessions::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
    let ended = tx
        .update_many::<sessions::Entity>()
        .set(row)
        .filter(is_live(now))
        .filter(condition)
        .exec_with_returning(tx.conn())
        .await?;
    Ok(ended.into_iter().map(|session| session.id).collect())
}

/// One session.
pub fn only(id: SessionId) -> Condition {
    Condition::all().add(sessions::Column::Id.eq(id))
}

/// All sessions but one.
pub fn all_but(id: SessionId) -> Condition {
    Condition::all().add(sessions::Column::Id.ne(id))
}

/// The sessions beyond those that were used last, so many.
pub fn beyond(scope: &AccountScope, now: DateTime<Utc>, most: u64) -> Condition {
    let kept = scope
        .find::<sessions::Entity>()
        .filter(is_live(now))
        .select_only()
        .column(sessions::Column::Id)
        .order_by_desc(sessions::Column::LastUsedAt)
        .order_by_desc(sessions::Column::Id)
        .limit(most)
        .into_query();
    Condition::all().add(sessions::Column::Id.not_in_subquery(kept))
}

/// A refresh token, used or not.
pub async fn find_refresh_token(scope: &PlatformScope, hash: &Hash) -> Result<Option<refresh_tokens::Model>> {
    let select = scope.find::<refresh_tokens::Entity>().filter(refresh_tokens::Column::TokenHash.eq(hash.to_vec()));
    Ok(select.first(scope.conn()).await?)
}

/// Uses a refresh token up. False where it was used before or is too old: of two who try at once, one
/// gets true.
pub async fn use_refresh_token(tx: &Tx<AccountScope>, token: &refresh_tokens::Model) -> Result<bool> {
    let now = tx.ctx().now();
    let row = refresh_tokens::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
    let done = tx
        .update_many::<refresh_tokens::Entity>()
        .set(row)
        .filter(refresh_tokens::Column::Id.eq(token.id))
        .filter(refresh_tokens::Column::UsedAt.is_null())
        .filter(refresh_tokens::Column::ExpiresAt.gt(now))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a live session its next tokens. `None` where the session has ended.
pub async fn renew_session(
    tx: &Tx<AccountScope>,
    id: SessionId,
    session: sessions::ActiveModel,
    refresh: refresh_tokens::ActiveModel,
) -> Result<Option<sessions::Model>> {
    let renewed = tx
        .update_many::<sessions::Entity>()
        .set(session)
        .filter(only(id))
        .filter(is_live(tx.ctx().now()))
        .exec_with_returning(tx.conn())
        .await?;
    let Some(session) = renewed.into_iter().next() else { return Ok(None) };
    tx.insert::<refresh_tokens::Entity>(refresh).await?;
    Ok(Some(session))
}

/// Removes the sessions that ended before a moment, with their refresh tokens. Gives how many.
pub async fn delete_sessions_before(tx: &Tx<PlatformScope>, moment: DateTime<Utc>) -> Result<u64> {
    let gone =
        tx.delete_many::<sessions::Entity>().filter(sessions::Column::ExpiresAt.lt(moment)).exec(tx.conn()).await?;
    Ok(gone.rows_affected)
}
