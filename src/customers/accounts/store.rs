//! Every query and write of customers' credentials, sessions and one-time tokens.

use chrono::{DateTime, Utc};
use entity::customers::{
    customer_credentials, customer_one_time_tokens, customer_refresh_tokens, customer_sessions, customers,
};
use rules::ids::{CustomerId, CustomerOneTimeTokenId, CustomerSessionId};
use rules::states::{CustomerKind, OneTimePurpose};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::identity::secret::Hash;
use crate::kernel::db::{List, Tuples};
use crate::kernel::schedule::Waiting;
use crate::kernel::{Result, Scope, StoreScope, Tx, db, schedule};

// --- credentials -------------------------------------------------------------------------------

/// A living account by its folded e-mail address, with its credentials: one statement, whether it is there or not.
pub async fn find_by_email(
    scope: &StoreScope,
    email_key: &str,
) -> Result<Option<(customers::Model, Option<customer_credentials::Model>)>> {
    let select = scope
        .find::<customers::Entity>()
        .filter(customers::Column::EmailNormalized.eq(email_key))
        .filter(customers::Column::Kind.eq(CustomerKind::Registered))
        .filter(customers::Column::DeletedAt.is_null())
        .find_also_related(customer_credentials::Entity);
    Ok(select.first(scope.conn()).await?)
}

pub async fn find_credentials(scope: &StoreScope, customer: CustomerId) -> Result<Option<customer_credentials::Model>> {
    let select = scope.find::<customer_credentials::Entity>();
    Ok(select.filter(customer_credentials::Column::CustomerId.eq(customer)).first(scope.conn()).await?)
}

pub async fn insert_credentials(tx: &Tx<StoreScope>, customer: CustomerId, password_hash: String) -> Result<()> {
    let now = tx.ctx().now();
    let row = customer_credentials::ActiveModel {
        customer_id: Set(customer),
        password_hash: Set(password_hash),
        password_changed_at: Set(now),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    tx.insert::<customer_credentials::Entity>(row).await?;
    Ok(())
}

/// Whether the hash that a password was just compared with is still the account's, and holds it there until the
/// commit: a sign-in must not slip past a change of the password.
pub async fn hold_credentials(tx: &Tx<StoreScope>, customer: CustomerId, password_hash: &str) -> Result<bool> {
    let row = tx
        .find::<customer_credentials::Entity>()
        .filter(customer_credentials::Column::CustomerId.eq(customer))
        .filter(customer_credentials::Column::PasswordHash.eq(password_hash))
        .lock_shared()
        .first(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Puts a hash into the place of another, or of any where `before` is none. False where it is not there. `changed` says
/// whether it is a new password, or the old one hashed anew.
pub async fn replace_hash(
    tx: &Tx<StoreScope>,
    customer: CustomerId,
    before: Option<&str>,
    after: String,
    changed: bool,
) -> Result<bool> {
    let now = tx.ctx().now();
    let mut row =
        customer_credentials::ActiveModel { password_hash: Set(after), updated_at: Set(now), ..Default::default() };
    if changed {
        row.password_changed_at = Set(now);
    }
    let mut update = tx
        .update_many::<customer_credentials::Entity>()
        .set(row)
        .filter(customer_credentials::Column::CustomerId.eq(customer));
    if let Some(before) = before {
        update = update.filter(customer_credentials::Column::PasswordHash.eq(before));
    }
    Ok(update.exec(tx.conn()).await?.rows_affected == 1)
}

/// Forgets how a customer signs in: the password, the sessions with their tokens, and what was sent to the mailbox.
///
/// # Errors
/// What the database says.
pub async fn forget(tx: &Tx<StoreScope>, customer: CustomerId) -> Result<()> {
    tx.delete_many::<customer_credentials::Entity>()
        .filter(customer_credentials::Column::CustomerId.eq(customer))
        .exec(tx.conn())
        .await?;
    tx.delete_many::<customer_sessions::Entity>()
        .filter(customer_sessions::Column::CustomerId.eq(customer))
        .exec(tx.conn())
        .await?;
    void_tokens(tx, customer).await
}

// --- sessions ----------------------------------------------------------------------------------

/// The sessions that can still be used or refreshed.
fn is_live(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(customer_sessions::Column::RevokedAt.is_null())
        .add(customer_sessions::Column::ExpiresAt.gt(now))
}

/// Every session.
pub fn every() -> Condition {
    Condition::all()
}

/// One session.
pub fn only(id: CustomerSessionId) -> Condition {
    Condition::all().add(customer_sessions::Column::Id.eq(id))
}

/// All sessions but one.
pub fn all_but(id: CustomerSessionId) -> Condition {
    Condition::all().add(customer_sessions::Column::Id.ne(id))
}

/// The sessions of a customer beyond those that were used last, so many.
pub fn beyond(scope: &StoreScope, customer: CustomerId, now: DateTime<Utc>, most: u64) -> Condition {
    let kept = scope
        .find::<customer_sessions::Entity>()
        .filter(customer_sessions::Column::CustomerId.eq(customer))
        .filter(is_live(now))
        .select_only()
        .column(customer_sessions::Column::Id)
        .order_by_desc(customer_sessions::Column::LastUsedAt)
        .order_by_desc(customer_sessions::Column::Id)
        .limit(most)
        .into_query();
    Condition::all().add(customer_sessions::Column::Id.not_in_subquery(kept))
}

pub async fn find_session(scope: &StoreScope, id: CustomerSessionId) -> Result<Option<customer_sessions::Model>> {
    let select = scope.find::<customer_sessions::Entity>().filter(customer_sessions::Column::Id.eq(id));
    Ok(select.first(scope.conn()).await?)
}

pub async fn insert_session(
    tx: &Tx<StoreScope>,
    session: customer_sessions::ActiveModel,
    refresh: customer_refresh_tokens::ActiveModel,
) -> Result<customer_sessions::Model> {
    let session = tx.insert::<customer_sessions::Entity>(session).await?;
    tx.insert::<customer_refresh_tokens::Entity>(refresh).await?;
    Ok(session)
}

/// Ends live sessions of a customer; which, says `condition`. Gives the ids of those that ended.
pub async fn revoke_sessions(
    tx: &Tx<StoreScope>,
    customer: CustomerId,
    condition: Condition,
) -> Result<Vec<CustomerSessionId>> {
    let now = tx.ctx().now();
    let row = customer_sessions::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
    let ended = tx
        .update_many::<customer_sessions::Entity>()
        .set(row)
        .filter(customer_sessions::Column::CustomerId.eq(customer))
        .filter(is_live(now))
        .filter(condition)
        .exec_with_returning(tx.conn())
        .await?;
    Ok(ended.into_iter().map(|session| session.id).collect())
}

/// A refresh token of the store, used or not.
pub async fn find_refresh_token(scope: &StoreScope, hash: &Hash) -> Result<Option<customer_refresh_tokens::Model>> {
    let select = scope.find::<customer_refresh_tokens::Entity>();
    Ok(select.filter(customer_refresh_tokens::Column::TokenHash.eq(hash.to_vec())).first(scope.conn()).await?)
}

/// Uses a refresh token up. False where it was used before or is too old: of two who try at once, one gets true.
pub async fn use_refresh_token(tx: &Tx<StoreScope>, token: &customer_refresh_tokens::Model) -> Result<bool> {
    use customer_refresh_tokens::{ActiveModel, Column, Entity};
    let now = tx.ctx().now();
    let done = tx
        .update_many::<Entity>()
        .set(ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(Column::Id.eq(token.id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a live session its next tokens. `None` where the session has ended.
pub async fn renew_session(
    tx: &Tx<StoreScope>,
    id: CustomerSessionId,
    session: customer_sessions::ActiveModel,
    refresh: customer_refresh_tokens::ActiveModel,
) -> Result<Option<customer_sessions::Model>> {
    let renewed = tx
        .update_many::<customer_sessions::Entity>()
        .set(session)
        .filter(only(id))
        .filter(is_live(tx.ctx().now()))
        .exec_with_returning(tx.conn())
        .await?;
    let Some(session) = renewed.into_iter().next() else { return Ok(None) };
    tx.insert::<customer_refresh_tokens::Entity>(refresh).await?;
    Ok(Some(session))
}

// --- one-time tokens ---------------------------------------------------------------------------

pub async fn insert_token(tx: &Tx<StoreScope>, row: customer_one_time_tokens::ActiveModel) -> Result<()> {
    tx.insert::<customer_one_time_tokens::Entity>(row).await?;
    Ok(())
}

/// A one-time token of the store, used or not, old or not.
pub async fn find_token(
    scope: &StoreScope,
    purpose: OneTimePurpose,
    hash: &Hash,
) -> Result<Option<customer_one_time_tokens::Model>> {
    use customer_one_time_tokens::{Column, Entity};
    let select = scope.find::<Entity>().filter(Column::TokenHash.eq(hash.to_vec())).filter(Column::Purpose.eq(purpose));
    Ok(select.first(scope.conn()).await?)
}

/// Uses a one-time token up. False where it was used before or is too old: of two who try at once, one gets true.
pub async fn use_token(tx: &Tx<StoreScope>, id: CustomerOneTimeTokenId) -> Result<bool> {
    use customer_one_time_tokens::{ActiveModel, Column, Entity};
    let now = tx.ctx().now();
    let done = tx
        .update_many::<Entity>()
        .set(ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Makes what was sent to a customer for one purpose void: the newest letter alone counts.
pub async fn void_tokens_for(tx: &Tx<StoreScope>, customer: CustomerId, purpose: OneTimePurpose) -> Result<()> {
    use customer_one_time_tokens::{Column, Entity};
    tx.delete_many::<Entity>()
        .filter(Column::CustomerId.eq(customer))
        .filter(Column::Purpose.eq(purpose))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Makes everything that was sent to a customer's mailbox void.
///
/// # Errors
/// What the database says.
pub async fn void_tokens(tx: &Tx<StoreScope>, customer: CustomerId) -> Result<()> {
    use customer_one_time_tokens::{Column, Entity};
    tx.delete_many::<Entity>().filter(Column::CustomerId.eq(customer)).exec(tx.conn()).await?;
    Ok(())
}

/// The sessions that ran out before a moment.
pub fn sessions_before(moment: DateTime<Utc>) -> Waiting {
    schedule::waiting::<customer_sessions::Entity>(
        Condition::all().add(customer_sessions::Column::ExpiresAt.lt(moment)),
    )
}

/// Removes sessions that ran out before a moment, so many at the most, and the one-time tokens that did. Gives how many
/// sessions.
pub async fn delete_before(tx: &Tx<StoreScope>, moment: DateTime<Utc>, most: u64) -> Result<u64> {
    use customer_sessions::{Column, Entity};
    let old: Vec<(CustomerSessionId,)> = tx
        .find::<Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::ExpiresAt.lt(moment))
        .limit(most)
        .tuples(tx.conn())
        .await?;
    let old = db::any_of(tx.conn(), Column::Id, old.iter().map(|(id,)| id.0));
    let sessions = tx.delete_many::<Entity>().filter(old).exec(tx.conn()).await?;
    tx.delete_many::<customer_one_time_tokens::Entity>()
        .filter(customer_one_time_tokens::Column::ExpiresAt.lt(moment))
        .exec(tx.conn())
        .await?;
    Ok(sessions.rows_affected)
}
