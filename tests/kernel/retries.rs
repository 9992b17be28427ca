//! Stories of transactions that meet.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use entity::catalog::brands;
use rules::ids::BrandId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter, TransactionTrait};
use stoa::kernel::{Action, Error, Scope};
use tokio::sync::Notify;

use super::{names, until, visitor};
use crate::harness::{Backend, Shop};

/// Two rows are taken in opposite order: PostgreSQL ends one of the two transactions, and the kernel
/// runs that action again.
#[test]
fn a_deadlock_is_run_again_and_nobody_sees_it() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, |config| config.database.lock_timeout = Duration::from_secs(60)).await;
        let (oak, elm) = (shop.brand("Oak").await, shop.brand("Elm").await);
        let (oak, elm): (BrandId, BrandId) = (oak.parse().expect("an id"), elm.parse().expect("an id"));
        let ctx = visitor(&shop, "deadlock");
        // From outside: the second row. Who has waited for long enough looks for a deadlock, and is the
        // one that is ended; the transaction outside never looks, and waits first.
        let outside = shop.db().begin().await.expect("a transaction");
        outside.execute_unprepared("SET LOCAL deadlock_timeout = '1h'").await.expect("the setting");
        let lock = format!("SELECT 1 FROM brands WHERE id = {} FOR UPDATE", shop.literal(elm.0));
        outside.execute_unprepared(&lock).await.expect("the lock");
        let runs = AtomicU32::new(0);
        let (holds, go_on) = (Notify::new(), Notify::new());
        let acting = ctx.retrying((), async |ctx, ()| {
            let first = runs.fetch_add(1, Ordering::SeqCst) == 0;
            let tx = ctx.begin_store(Action::BrandUpdate).await?;
            for id in [oak, elm] {
                let renamed = tx.update_many::<brands::Entity>().col_expr(brands::Column::Name, Expr::value("Run"));
                renamed.filter(brands::Column::Id.eq(id)).exec(tx.conn()).await?;
                if first && id == oak {
                    holds.notify_one();
                    go_on.notified().await;
                }
            }
            tx.commit_unaudited("a test").await
        });
        let meeting = async {
            holds.notified().await;
            let lock = format!("SELECT 1 FROM brands WHERE id = {} FOR UPDATE", shop.literal(oak.0));
            let outside = tokio::spawn(async move {
                outside.execute_unprepared(&lock).await.expect("the lock, once the action has lost its own");
                outside
            });
            let sql = "SELECT count(*) FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
            until(async || shop.number(sql).await == 1).await;
            go_on.notify_one();
            let outside = outside.await.expect("a task that ends");
            until(async || runs.load(Ordering::SeqCst) == 2).await;
            outside.rollback().await.expect("the locks are given back");
        };
        let (acted, ()) = tokio::join!(acting, meeting);
        acted.expect("the second run");
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(names(&shop.owner()).await, ["Run", "Run"]);
    });
}

both! {
    async fn an_action_in_the_way_of_others_is_run_three_times_at_the_most(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = visitor(&shop, "retries");
        let runs = AtomicU32::new(0);
        let before = shop.fingerprint().await;
        let outcome: Result<(), Error> = ctx
            .retrying((), async |ctx, ()| {
                runs.fetch_add(1, Ordering::SeqCst);
                let tx = ctx.begin_store(Action::BrandCreate).await?;
                tx.update_many::<brands::Entity>().col_expr(brands::Column::Name, Expr::value("Run")).exec(tx.conn()).await?;
                Err(Error::Retry)
            })
            .await;
        assert!(matches!(outcome, Err(Error::Retry)));
        assert_eq!(outcome.expect_err("an error").code(), "UNAVAILABLE");
        assert_eq!(runs.load(Ordering::SeqCst), 3);
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
