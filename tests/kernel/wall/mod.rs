//! Stories of the wall between stores.

mod crossing;
mod holes;
mod rows;

use sea_orm::{ConnectionTrait, DatabaseConnection};

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
