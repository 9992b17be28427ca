//! Every query and write of memberships.

use std::collections::{BTreeSet, HashMap};

use entity::identity::users;
use entity::tenancy::memberships::{ActiveModel, Column, Entity, Model};
use entity::tenancy::{membership_permissions, membership_stores};
use rules::ids::{MembershipId, OrganizationId, StoreId, UserId};
use rules::permission::{OWNER, Permission, PermissionSet};
use rules::states::PermissionEffect;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, Select};

use super::standing::Standing;
use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::page::Sort;
use crate::kernel::{AccountScope, Error, OrganizationRows, OrganizationScope, PlatformScope, Result, Scope, Tx, db};
use crate::tenancy::authority::{Authority, StoreReach};
use crate::tenancy::roles;

pub fn list(scope: &OrganizationScope) -> Select<Entity> {
    scope.find::<Entity>()
}

pub fn sort() -> Sort {
    Sort { name: "memberships:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn find(scope: &OrganizationScope, id: MembershipId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// The person's own memberships of these organizations.
pub async fn list_own(scope: &AccountScope, organizations: &[OrganizationId]) -> Result<Vec<Model>> {
    let ids = organizations.iter().map(|id| id.0);
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::OrganizationId, ids));
    Ok(select.list(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &PlatformScope, ids: &[MembershipId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Which organization a membership belongs to.
pub async fn organization_of(scope: &PlatformScope, id: MembershipId) -> Result<Option<OrganizationId>> {
    let row = scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?;
    Ok(row.map(|row| row.organization_id))
}

/// Whether somebody with this folded e-mail address is a member already.
///
/// # Errors
/// What the database says.
pub async fn is_member(scope: &OrganizationScope, email_key: &str) -> Result<bool> {
    let people = Query::select()
        .column(users::Column::Id)
        .from(users::Entity)
        .and_where(users::Column::EmailNormalized.eq(email_key))
        .and_where(users::Column::DeletedAt.is_null())
        .to_owned();
    let select = scope.find::<Entity>().filter(Column::UserId.in_subquery(people));
    Ok(select.first(scope.conn()).await?.is_some())
}

/// What somebody may do in the organization now; `None` where they are not a member.
///
/// # Errors
/// What the database says.
pub async fn authority_of(scope: &OrganizationScope, user: UserId) -> Result<Option<Authority>> {
    let row = scope.find::<Entity>().filter(Column::UserId.eq(user)).first(scope.conn()).await?;
    match row {
        Some(row) => Ok(Some(standing(scope, &row).await?.authority())),
        None => Ok(None),
    }
}

/// Puts the parts of a membership together.
pub async fn standing(scope: &OrganizationScope, row: &Model) -> Result<Standing> {
    let role = roles::permissions_of(scope, row.built_in_role.as_deref(), row.role_id).await?;
    let (grants, denies) = overrides(scope, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let stores = if row.all_stores {
        StoreReach::All
    } else {
        StoreReach::Only(reach(scope, &[row.id]).await?.remove(&row.id).unwrap_or_default())
    };
    Ok(Standing { is_owner: row.built_in_role.as_deref() == Some(OWNER), role, grants, denies, stores })
}

/// What is granted and denied beside the roles, by membership.
pub async fn overrides(
    scope: &impl OrganizationRows,
    ids: &[MembershipId],
) -> Result<HashMap<MembershipId, (PermissionSet, PermissionSet)>> {
    use membership_permissions::{Column, Entity};
    let ids = ids.iter().map(|id| id.0);
    let select = scope.rows::<Entity>().filter(db::any_of(scope.conn(), Column::MembershipId, ids));
    let mut found: HashMap<MembershipId, (PermissionSet, PermissionSet)> = HashMap::new();
    for row in select.list(scope.conn()).await? {
        let (grants, denies) = found.entry(row.membership_id).or_default();
        let set = match row.effect {
            PermissionEffect::Grant => grants,
            PermissionEffect::Deny => denies,
        };
        *set = *set | Permission::from_name(&row.permission).into_iter().collect();
    }
    Ok(found)
}

/// The stores that are listed, by membership.
pub async fn reach(
    scope: &impl OrganizationRows,
    ids: &[MembershipId],
) -> Result<HashMap<MembershipId, BTreeSet<StoreId>>> {
    use membership_stores::{Column, Entity};
    let ids = ids.iter().map(|id| id.0);
    let select = scope.rows::<Entity>().filter(db::any_of(scope.conn(), Column::MembershipId, ids));
    let mut found: HashMap<MembershipId, BTreeSet<StoreId>> = HashMap::new();
    for row in select.list(scope.conn()).await? {
        found.entry(row.membership_id).or_default().insert(row.store_id);
    }
    Ok(found)
}

/// Whether somebody else, who can sign in, owns the organization. Right only after its row was locked.
pub async fn has_other_owner(tx: &Tx<OrganizationScope>, but: MembershipId) -> Result<bool> {
    let people = Query::select()
        .column(users::Column::Id)
        .from(users::Entity)
        .and_where(users::Column::DeletedAt.is_null())
        .and_where(users::Column::SuspendedAt.is_null())
        .to_owned();
    let select = tx
        .find::<Entity>()
        .filter(Column::BuiltInRole.eq(OWNER))
        .filter(Column::Id.ne(but))
        .filter(Column::UserId.in_subquery(people));
    Ok(select.first(tx.conn()).await?.is_some())
}

/// Writes a new membership.
///
/// # Errors
/// `NOT_ALLOWED` where the person is a member already.
pub async fn insert(tx: &Tx<OrganizationScope>, row: ActiveModel) -> Result<Model> {
    let twice = |error: DbErr| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique && violation.mentions("user_id") => {
            let message = "You are a member of this organization already.";
            Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message))
        }
        _ => error.into(),
    };
    tx.insert::<Entity>(row).await.map_err(twice)
}

/// Lists the stores that a membership reaches.
///
/// # Errors
/// What the database says.
pub async fn insert_reach(tx: &Tx<OrganizationScope>, id: MembershipId, stores: &[StoreId]) -> Result<()> {
    let rows = stores.iter().map(|store| membership_stores::ActiveModel {
        membership_id: Set(id),
        store_id: Set(*store),
        ..Default::default()
    });
    Ok(tx.insert_many::<membership_stores::Entity>(rows.collect()).await?)
}

/// Writes the set columns and all the parts, if the row still has the version that was read. `None`
/// where it has moved on.
pub async fn update(
    tx: &Tx<OrganizationScope>,
    before: &Model,
    mut row: ActiveModel,
    standing: &Standing,
) -> Result<Option<Model>> {
    row.all_stores = Set(standing.stores.is_all());
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };

    tx.delete_many::<membership_stores::Entity>()
        .filter(membership_stores::Column::MembershipId.eq(row.id))
        .exec(tx.conn())
        .await?;
    insert_reach(tx, row.id, &standing.stores.listed()).await?;
    tx.delete_many::<membership_permissions::Entity>()
        .filter(membership_permissions::Column::MembershipId.eq(row.id))
        .exec(tx.conn())
        .await?;
    let parts = [(standing.grants, PermissionEffect::Grant), (standing.denies, PermissionEffect::Deny)];
    let rows = parts.into_iter().flat_map(|(set, effect)| {
        set.iter().map(move |permission| membership_permissions::ActiveModel {
            membership_id: Set(before.id),
            permission: Set(permission.name().to_owned()),
            effect: Set(effect),
            ..Default::default()
        })
    });
    tx.insert_many::<membership_permissions::Entity>(rows.collect()).await?;
    Ok(Some(row))
}

pub async fn delete(tx: &Tx<OrganizationScope>, id: MembershipId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}
