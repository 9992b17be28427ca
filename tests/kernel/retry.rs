//! Transactions that meet.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use entity::catalog::brands;
use rules::ids::BrandId;
use rules::states::{DocumentPolicy, StorePlan};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use stoa::kernel::ctx::{Caller, StoreContext};
use stoa::kernel::{Action, Audit, Ctx, Error, Scope};
use tokio::sync::Barrier;

use crate::harness::Shop;

/// The operator in Linden's first store.
fn operator(shop: &Shop) -> Ctx {
    let eur = rules::Currency::from_code("EUR").expect("the euro");
    let store = StoreContext {
        id: shop.linden.store(),
        organization: shop.linden.id,
        handle: "linden".to_owned(),
        currency: eur,
        currencies: vec![eur],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    };
    let caller = Caller { store: Some(store), ..Caller::anonymous("test") };
    Ctx::new(Arc::clone(&shop.node.system), caller, None, Arc::default())
}

both! {
    async fn an_action_that_meets_others_runs_three_times_at_the_most(db: Database) {
        let shop = Shop::open(db).await;
        for (meets, runs, done) in [(0, 1, true), (2, 3, true), (3, 3, false), (9, 3, false)] {
            let ran = AtomicU32::new(0);
            let outcome = operator(&shop)
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
            operator(&shop)
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
        let ctx = operator(&shop);
        {
            let tx = ctx.begin_store(Action::BrandDelete).await.expect("a transaction");
            let delete = tx.delete_many::<brands::Entity>().filter(brands::Column::Id.eq(id));
            assert_eq!(delete.exec(tx.conn()).await.expect("deleted").rows_affected, 1);
        }
        // The next write waits for the rollback of the one before, on the one connection that writes.
        drop(ctx.begin_store(Action::BrandDelete).await.expect("a transaction"));
        shop.assert_unchanged(&before).await;
    }
}
