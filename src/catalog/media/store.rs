//! Every query of media that does not go through their product.

use entity::catalog::product_media::{Column, Entity, Model};
use rules::ids::ProductMediaId;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::kernel::db::List;
use crate::kernel::{Result, Scope, StoreScope, db};

pub async fn find(scope: &StoreScope, id: ProductMediaId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[ProductMediaId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}
