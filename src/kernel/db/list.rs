//! How the rows of a query become models: by the places of their columns, on whichever connection.
//!
//! Each query becomes text before anything is waited for, so that a future holds its text and not the tree that it
//! was made of.

use entity::row::{Behind, Row};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QuerySelect, QueryTrait, Select, SelectTwo, StatementBuilder};

use super::{Conn, Line};

/// Reads a query. SeaORM's own `all` and `one` look each column up by its name, and know nothing of reading
/// connections.
pub trait List: Sized {
    /// What a row becomes.
    type Model;

    /// Reads all rows, in the order of the query.
    ///
    /// # Errors
    /// What the database says.
    fn list(self, conn: &Conn) -> impl Future<Output = Result<Vec<Self::Model>, DbErr>> + Send;

    /// Reads the first row.
    ///
    /// # Errors
    /// What the database says.
    fn first(self, conn: &Conn) -> impl Future<Output = Result<Option<Self::Model>, DbErr>> + Send;
}

impl<E: EntityTrait<Model: Row>> List for Select<E> {
    type Model = E::Model;

    fn list(self, conn: &Conn) -> impl Future<Output = Result<Vec<E::Model>, DbErr>> + Send {
        self.tuples(conn)
    }

    fn first(self, conn: &Conn) -> impl Future<Output = Result<Option<E::Model>, DbErr>> + Send {
        let rows = self.limit(1).list(conn);
        async { Ok(rows.await?.into_iter().next()) }
    }
}

impl<E: EntityTrait<Model: Row>, F: EntityTrait<Model: Row>> List for SelectTwo<E, F> {
    type Model = (E::Model, Option<F::Model>);

    fn list(self, conn: &Conn) -> impl Future<Output = Result<Vec<Self::Model>, DbErr>> + Send {
        let statement = conn.get_database_backend().build(self.as_query());
        let read = |line: &Line<'_>| Ok((E::Model::read(line)?, Behind::new(line, E::Model::WIDTH).optional()?));
        conn.lines(statement, read)
    }

    fn first(self, conn: &Conn) -> impl Future<Output = Result<Option<Self::Model>, DbErr>> + Send {
        let rows = self.limit(1).list(conn);
        async { Ok(rows.await?.into_iter().next()) }
    }
}

/// Reads the columns that a query selects, where they are not an entity's.
pub trait Tuples {
    /// Reads all rows, in the order of the query. The columns are those of `T`, in their order.
    ///
    /// # Errors
    /// What the database says.
    fn tuples<T: Row + Send>(self, conn: &Conn) -> impl Future<Output = Result<Vec<T>, DbErr>> + Send;
}

impl<Q: QueryTrait<QueryStatement: StatementBuilder + Sync> + Send> Tuples for Q {
    fn tuples<T: Row + Send>(self, conn: &Conn) -> impl Future<Output = Result<Vec<T>, DbErr>> + Send {
        conn.lines(conn.get_database_backend().build(self.as_query()), |line| T::read(line))
    }
}
