//! What is done without anybody asking.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use rules::ids::StoreId;
use stoa::kernel::System;
use stoa::kernel::db::DatabaseUrl;
use stoa::worker::{Pass, Resting, Working, pass};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use crate::harness::{Backend, Shop};

const HOLDS: &str = "SELECT COUNT(*) FROM stock_reservations";

/// One look of a worker that has not looked before.
async fn look(system: &Arc<System>) -> Pass {
    pass(system, &mut Resting::default(), &CancellationToken::new()).await
}

/// Does what there is to do now, such as to seal the lines of the audit log that came with the beginning of a story.
async fn settle(shop: &Shop) {
    assert_eq!(look(&shop.node.system).await.failures, 0);
}

fn done(rows: u64) -> Pass {
    Pass { rows, failures: 0 }
}

/// From now on, no hold of a store can be deleted.
async fn jam(shop: &Shop, store: StoreId) {
    let of_store = shop.literal(store);
    match shop.database().backend {
        Backend::Sqlite => {
            let jam = "CREATE TRIGGER jam BEFORE DELETE ON stock_reservations WHEN OLD.store_id =";
            shop.execute(&format!("{jam} {of_store} BEGIN SELECT RAISE(ABORT, 'jammed'); END")).await;
        }
        Backend::Postgres => {
            let says = "CREATE FUNCTION jam() RETURNS trigger LANGUAGE plpgsql AS";
            shop.execute(&format!("{says} 'BEGIN RAISE EXCEPTION ''jammed''; END'")).await;
            let jam = "CREATE TRIGGER jam BEFORE DELETE ON stock_reservations FOR EACH ROW WHEN";
            shop.execute(&format!("{jam} (OLD.store_id = {of_store}) EXECUTE FUNCTION jam()")).await;
        }
    }
}

async fn mend(shop: &Shop) {
    let of_table = if shop.database().backend == Backend::Postgres { " ON stock_reservations" } else { "" };
    shop.execute(&format!("DROP TRIGGER jam{of_table}")).await;
}

both! {
    async fn holds_that_are_over_are_tidied_away_in_every_store_and_the_others_stay(db: Database) {
        let shop = Shop::open(db).await;
        let (ours, theirs) = (shop.linden.store(), shop.rival.store());
        for store in [ours, ours, theirs] {
            shop.held(store).await;
        }
        settle(&shop).await;
        let system = &shop.node.system;
        assert_eq!(look(system).await, done(0));
        shop.wait(TimeDelta::minutes(10));
        shop.held(ours).await;
        settle(&shop).await;
        shop.wait(TimeDelta::minutes(5));
        assert_eq!(look(system).await, done(3));
        assert_eq!(shop.number(HOLDS).await, 1);
        assert_eq!(look(system).await, done(0));
    }

    async fn of_two_workers_at_once_each_row_is_one_ones(db: Database) {
        let shop = Shop::open(db).await;
        let second = shop.second_node().await;
        for _ in 0..12 {
            shop.held(shop.linden.store()).await;
        }
        settle(&shop).await;
        shop.wait(TimeDelta::hours(1));
        let (here, there) = tokio::join!(look(&shop.node.system), look(&second.system));
        assert_eq!((here.rows + there.rows, here.failures + there.failures), (12, 0));
        assert_eq!(shop.number(HOLDS).await, 0);
    }

    async fn a_store_in_trouble_rests_and_the_others_have_their_turn(db: Database) {
        let shop = Shop::open(db).await;
        let (ours, theirs) = (shop.linden.store(), shop.rival.store());
        shop.held(ours).await;
        shop.held(theirs).await;
        settle(&shop).await;
        jam(&shop, ours).await;
        shop.wait(TimeDelta::hours(1));
        let (system, stop, mut resting) = (&shop.node.system, CancellationToken::new(), Resting::default());
        assert_eq!(pass(system, &mut resting, &stop).await, Pass { rows: 1, failures: 1 });
        mend(&shop).await;
        // It is left alone for a while, and then it is tried again.
        assert_eq!(pass(system, &mut resting, &stop).await, done(0));
        shop.wait(TimeDelta::seconds(10));
        assert_eq!(pass(system, &mut resting, &stop).await, done(1));
        assert_eq!(shop.number(HOLDS).await, 0);
    }

    async fn a_store_that_is_closed_holds_nobody_up(db: Database) {
        let shop = Shop::open(db).await;
        let (ours, theirs) = (shop.linden.store(), shop.rival.store());
        shop.held(ours).await;
        shop.held(theirs).await;
        settle(&shop).await;
        let ours = shop.literal(ours);
        shop.execute(&format!("UPDATE stores SET suspended_at = created_at WHERE id = {ours}")).await;
        shop.wait(TimeDelta::hours(1));
        assert_eq!(look(&shop.node.system).await, done(1));
        assert_eq!(shop.number(&format!("{HOLDS} WHERE store_id = {ours}")).await, 1);
    }

    async fn a_worker_works_until_it_is_stopped(db: Database) {
        let shop = Shop::open(db).await;
        shop.held(shop.linden.store()).await;
        shop.wait(TimeDelta::minutes(20));
        let working = Working::start(Arc::clone(&shop.node.system), Duration::from_millis(1));
        while shop.number(HOLDS).await > 0 {}
        working.stop().await;
        shop.held(shop.linden.store()).await;
        shop.wait(TimeDelta::minutes(20));
        assert_eq!(shop.number(HOLDS).await, 1);
    }

    async fn the_command_works_until_sigterm_and_serves_nothing(db: Database) {
        let shop = Shop::open(db).await;
        // Long over by the machine's own clock.
        shop.held(shop.linden.store()).await;
        let folder = tempfile::tempdir().expect("a folder");
        let url = match &shop.database().url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        command.env_clear().env("DATABASE_URL", url).env("STOA_SECRET_KEY", crate::harness::process::KEY);
        // An address that nobody can listen at.
        command.env("STOA_LISTEN", "127.0.0.1:1").current_dir(folder.path()).arg("worker").stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().expect("the binary");
        while shop.number(HOLDS).await > 0 {
            assert_eq!(child.try_wait().expect("a process"), None, "it ended by itself");
        }
        let id = child.id().expect("a process that runs").to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill");
        assert!(sent.success() && child.wait().await.expect("the end").success());
    }
}
