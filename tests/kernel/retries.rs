//! Stories of what the databases refuse: what is run again, and what is told. How often stands in `retry`.

use std::sync::atomic::{AtomicU32, Ordering};

use entity::catalog::brands;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr};
use stoa::kernel::{Action, Error, Scope};

use super::{names, visitor};
use crate::harness::{Backend, Shop};

both! {
    async fn an_action_that_failed_for_another_reason_is_not_run_again(db: Database) {
        let shop = Shop::open(db).await;
        let runs = AtomicU32::new(0);
        let outcome: Result<(), Error> = visitor(&shop, "once")
            .retrying((), async |_, ()| {
                runs.fetch_add(1, Ordering::SeqCst);
                Err(Error::Busy)
            })
            .await;
        assert!(matches!(outcome, Err(Error::Busy)));
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

/// A transaction that reads before it writes is refused by SQLite where another one wrote meanwhile;
/// ours take the writer's place at once, so that this can't be.
#[test]
fn fault_f16_no_write_starts_from_an_old_snapshot() {
    crate::harness::run(Backend::Sqlite, |db| async move {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        let other = shop.database().connect().await;
        let ctx = visitor(&shop, "snapshot");
        let scope = ctx.store().await.expect("a read");
        assert_eq!(scope.find::<brands::Entity>().all(scope.conn()).await.expect("brands").len(), 1);
        other.execute_unprepared("UPDATE brands SET name = 'Elm'").await.expect("a write from outside");
        let tx = ctx.begin_store(Action::BrandUpdate).await.expect("a write");
        let seen = tx.find::<brands::Entity>().one(tx.conn()).await.expect("brands").expect("a brand");
        assert_eq!(seen.name, "Elm");
        tx.update_many::<brands::Entity>()
            .col_expr(brands::Column::Name, Expr::value("Ash"))
            .exec(tx.conn())
            .await
            .expect("a write");
        tx.commit_unaudited("a test").await.expect("a commit");
        assert_eq!(names(&shop.owner()).await, ["Ash"]);
    });
}

/// What the two databases say when transactions meet is told apart from what is broken.
#[test]
fn the_databases_own_refusals_are_run_again() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open(db).await;
        for (code, retried) in [("40001", true), ("40P01", true), ("23505", false), ("57014", false), ("53200", false)]
        {
            let sql = format!("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$");
            let error: DbErr = shop.db().execute_unprepared(&sql).await.expect_err("the exception");
            let error = Error::from(error);
            assert_eq!(matches!(error, Error::Retry), retried, "{code}: {error:?}");
            assert_eq!(matches!(error, Error::Busy), ["57014", "53200"].contains(&code), "{code}: {error:?}");
        }
    });
}
