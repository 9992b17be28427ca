//! How the rows of a query become models.

use entity::row::Row;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryTrait, Select};

use super::Conn;

/// Reads all rows of a query of one entity. SeaORM's own `all` looks each column up by its name.
pub trait List {
    /// What the rows become.
    type Model;

    /// Reads them, in the order of the query.
    ///
    /// # Errors
    /// What the database says.
    fn list(self, conn: &Conn) -> impl Future<Output = Result<Vec<Self::Model>, DbErr>> + Send;
}

impl<E: EntityTrait<Model: Row>> List for Select<E> {
    type Model = E::Model;

    async fn list(self, conn: &Conn) -> Result<Vec<E::Model>, DbErr> {
        conn.query_all(self.as_query()).await?.iter().map(E::Model::read).collect()
    }
}
