//! Every query of media that does not go through their product.

use entity::catalog::product_media::{Column, Entity, Model};
use rules::ids::ProductMediaId;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::kernel::{Result, Scope, StoreScope};

pub async fn find(scope: &StoreScope, id: ProductMediaId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).one(scope.conn()).await?)
}
