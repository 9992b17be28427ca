//! What is proved of all rows finds what is off, and names it.

use stoa::invariants::{self, INVARIANTS};
use stoa::kernel::db::DatabaseUrl;

use super::{Till, somebody, stocked};
use crate::harness::Shop;

const KEY: &str = "0101010101010101010101010101010101010101010101010101010101010102";

/// The numbers of the invariants that are broken, and what is said of it.
async fn broken(shop: &Shop) -> Vec<(&'static str, String)> {
    let found = invariants::check(shop.db(), shop.settings()).await.expect("a proof");
    found.into_iter().map(|(invariant, off)| (invariant.number, off.to_string())).collect()
}

/// What `stoa check-invariants` says of the shop, and the code that it ends with.
async fn command(shop: &Shop) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = match &shop.database().url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_stoa"));
    command.env_clear().env("DATABASE_URL", url).env("STOA_SECRET_KEY", KEY);
    let done = command.current_dir(folder.path()).arg("check-invariants").output().await.expect("the binary");
    (done.status.code(), String::from_utf8(done.stdout).expect("UTF-8"))
}

both! {
    async fn the_command_says_what_holds_and_names_what_does_not(db: Database) {
        let shop = Shop::open(db).await;
        let mug = stocked(&shop, 10).await;
        let (code, out) = command(&shop).await;
        assert_eq!((code, out.lines().count()), (Some(0), INVARIANTS.len()), "{out}");
        assert!(out.lines().all(|line| line.starts_with("ok ")), "{out}");
        shop.database().is_taken_apart();
        shop.execute("UPDATE inventory_levels SET on_hand = 11").await;
        let (code, out) = command(&shop).await;
        assert_eq!(code, Some(1), "{out}");
        let (off, named) = (out.lines().find(|line| line.starts_with("OFF")), out.contains("11 on hand"));
        assert!(off.is_some_and(|line| line.contains("I3")) && named, "{mug}: {out}");
    }

    async fn invariant_i1_invariant_i2_invariant_i3_invariant_i4_each_row_that_is_off_is_found(db: Database) {
        let shop = Shop::open(db).await;
        let till = Till::of(&shop);
        let mug = stocked(&shop, 10).await;
        till.sell(&somebody(&shop), &somebody(&shop), &[(mug, 3)]).await;
        till.hold(&somebody(&shop), &[(mug, 1)]).await;
        assert_eq!(broken(&shop).await, []);
        shop.database().is_taken_apart();
        for (number, breaks, mends) in [
            ("I2", "UPDATE stock_reservations SET quantity = 2 WHERE kind = 'PROMISE'",
                "UPDATE stock_reservations SET quantity = 3 WHERE kind = 'PROMISE'"),
            ("I3", "UPDATE inventory_levels SET on_hand = 9", "UPDATE inventory_levels SET on_hand = 10"),
            ("I3", "UPDATE inventory_levels SET sequence = 3", "UPDATE inventory_levels SET sequence = 2"),
            ("I4", "UPDATE inventory_movements SET sequence = 5 WHERE sequence = 2",
                "UPDATE inventory_movements SET sequence = 2 WHERE sequence = 5"),
            ("I4", "UPDATE inventory_movements SET on_hand_after = 12 WHERE sequence = 2",
                "UPDATE inventory_movements SET on_hand_after = 10 WHERE sequence = 2"),
            ("I12", "UPDATE audit_logs SET action = 'inventory.sets' WHERE action = 'inventory.set'",
                "UPDATE audit_logs SET action = 'inventory.set' WHERE action = 'inventory.sets'"),
            ("I11", "UPDATE domain_events SET sequence = 9 WHERE sequence = 2",
                "UPDATE domain_events SET sequence = 2 WHERE sequence = 9"),
        ] {
            assert!(shop.execute(breaks).await > 0, "{breaks}");
            let found = broken(&shop).await;
            assert!(!found.is_empty() && found.iter().all(|(found, _)| *found == number), "{breaks}: {found:?}");
            shop.execute(mends).await;
            assert_eq!(broken(&shop).await, [], "{mends}");
        }
        // The row is named, and what does not agree.
        shop.execute("UPDATE stock_reservations SET quantity = 2 WHERE kind = 'PROMISE'").await;
        let (_, says) = &broken(&shop).await[0];
        let store = uuid::Uuid::from(shop.linden.store()).to_string();
        assert!(says.contains("3 reserved, and 2 are promised") && says.contains(&store), "{says}");
    }

    /// The table refuses it by itself, so its check has to go before a row can be off.
    async fn invariant_i1_a_level_that_owes_unsaid_is_refused_and_found(db: Database) {
        let shop = Shop::open(db).await;
        stocked(&shop, 10).await;
        shop.database().is_taken_apart();
        let sql = "UPDATE inventory_levels SET on_hand = -1";
        use sea_orm::ConnectionTrait;
        assert!(shop.db().execute_unprepared(sql).await.is_err());
        // Both in one go: a setting of SQLite holds on one connection.
        let without = match shop.database().is_postgres() {
            true => "ALTER TABLE inventory_levels DROP CONSTRAINT ck_inventory_levels_covered",
            false => "PRAGMA ignore_check_constraints = ON",
        };
        shop.db().execute_unprepared(&format!("{without}; {sql}")).await.expect("a row that is off");
        let found = broken(&shop).await;
        assert!(found.iter().any(|(number, says)| *number == "I1" && says.contains("-1 on hand")), "{found:?}");
    }

    async fn invariant_i10_a_row_of_another_stores_parent_is_found(db: Database) {
        let shop = Shop::open(db).await;
        stocked(&shop, 10).await;
        let i10 = INVARIANTS.iter().find(|invariant| invariant.number == "I10").expect("it");
        assert_eq!(i10.off(shop.db(), shop.settings()).await.expect("a proof"), []);
        shop.database().is_taken_apart();
        use sea_orm::ConnectionTrait;
        let stray = format!("UPDATE inventory_movements SET store_id = {}", shop.literal(shop.rival.store()));
        let sql = match shop.database().is_postgres() {
            true => format!("BEGIN; SET LOCAL session_replication_role = replica; {stray}; COMMIT"),
            false => format!("PRAGMA foreign_keys = OFF; {stray}"),
        };
        shop.db().execute_unprepared(&sql).await.expect("a row that strays");
        let found = i10.off(shop.db(), shop.settings()).await.expect("a proof");
        assert!(found.len() >= 3, "{found:?}");
        assert!(found[0].says.contains("inventory_movements") && found[0].id.is_some(), "{found:?}");
    }
}
