//! Stories of transactions that meet, and of what the databases refuse: what is run again, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use entity::catalog::brands;
use rules::ids::BrandId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter};
use stoa::kernel::db::List;
use stoa::kernel::{Action, Audit, Error, Scope};
use tokio::sync::Barrier;

use super::{names, visitor};
use crate::harness::{Backend, Shop};

both! {
    async fn an_action_that_meets_others_runs_three_times_at_the_most(db: Database) {
        let shop = Shop::open(db).await;
        for (meets, runs, done) in [(0, 1, true), (2, 3, true), (3, 3, false), (9, 3, false)] {
            let ran = AtomicU32::new(0);
            let outcome = visitor(&shop, "test")
                .retrying((), async |_, ()| {
                    if ran.fetch_add(1, Ordering::SeqCst) < meets { Err(Error::Retry) } else { Ok(()) }
                })
                .await;
            assert_eq!((ran.load(Ordering::SeqCst), outcome.is_ok()), (runs, done), "meets {meets} others");
        }
    }

    async fn a_deadlock_is_seen_by_no_caller(db: Database) {
        let shop = Shop::open(db).await;
        let ids: Vec<BrandId> = [shop.brand("One").await, shop.brand("Two").await].iter().map(|id| id.parse().unwrap()).collect();
        let meeting = Arc::new(Barrier::new(2));
        let meets = shop.database().is_postgres();
        let ran = AtomicU32::new(0);
        let change = async |first: BrandId, second: BrandId| {
            let here = AtomicU32::new(0);
            let (here, meeting, ran) = (&here, &meeting, &ran);
            visitor(&shop, "test")
                .retrying((), async |ctx, ()| {
                    ran.fetch_add(1, Ordering::SeqCst);
                    let tx = ctx.begin_store(Action::BrandUpdate).await?;
                    for (place, id) in [first, second].into_iter().enumerate() {
                        if place == 1 && meets && here.fetch_add(1, Ordering::SeqCst) == 0 {
                            // Each holds what the other wants next. On SQLite the second has not begun yet.
                            meeting.wait().await;
                        }
                        let version = Expr::col(brands::Column::Version);
                        let version = sea_orm::sea_query::ExprTrait::add(version, 1);
                        let update = tx.update_many::<brands::Entity>().col_expr(brands::Column::Version, version);
                        update.filter(brands::Column::Id.eq(id)).exec(tx.conn()).await?;
                    }
                    tx.commit(Audit::done("brand", &"both")).await
                })
                .await
        };
        let (one, other) = tokio::join!(change(ids[0], ids[1]), change(ids[1], ids[0]));
        one.expect("the one");
        other.expect("the other");
        assert_eq!(ran.load(Ordering::SeqCst), if meets { 3 } else { 2 }, "one of them ran again");
        assert_eq!(shop.number("SELECT CAST(SUM(version) AS bigint) FROM brands").await, 6, "each change counts once");
    }

    async fn a_write_that_is_dropped_leaves_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let id: BrandId = shop.brand("Acme").await.parse().unwrap();
        let before = shop.fingerprint().await;
        let ctx = visitor(&shop, "test");
        {
            let tx = ctx.begin_store(Action::BrandDelete).await.expect("a transaction");
            let delete = tx.delete_many::<brands::Entity>().filter(brands::Column::Id.eq(id));
            assert_eq!(delete.exec(tx.conn()).await.expect("deleted").rows_affected, 1);
        }
        // The next write waits for the rollback of the one before, on the one connection that writes.
        drop(ctx.begin_store(Action::BrandDelete).await.expect("a transaction"));
        shop.assert_unchanged(&before).await;
    }

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
        assert_eq!(scope.find::<brands::Entity>().list(scope.conn()).await.expect("brands").len(), 1);
        other.execute_unprepared("UPDATE brands SET name = 'Elm'").await.expect("a write from outside");
        let tx = ctx.begin_store(Action::BrandUpdate).await.expect("a write");
        let seen = tx.find::<brands::Entity>().first(tx.conn()).await.expect("brands").expect("a brand");
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
