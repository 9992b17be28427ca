//! Stock that an import brings.

use chrono::TimeDelta;
use rules::states::InventoryPolicy;
use stoa::inventory::{FirstLevel, FirstLevels, set_first_levels};
use stoa::kernel::{Action, Audit};

use super::{MOVEMENTS, operator};
use crate::harness::{Shop, json};

/// Runs the import's door, and answers what it did and how many statements it took.
async fn import(shop: &Shop, levels: &[FirstLevel]) -> (FirstLevels, u32) {
    let ctx = operator(&shop.node.system, shop, shop.linden.store());
    let mut tx = ctx.begin_store(Action::ProductsImport).await.expect("a transaction");
    let before = ctx.statements();
    let done = set_first_levels(&mut tx, levels).await.expect("levels");
    let statements = ctx.statements() - before;
    if done.unchanged < levels.len() {
        tx.commit(Audit::done("import", &levels.len())).await.expect("a commit");
    }
    (done, statements)
}

both! {
    async fn an_import_writes_what_differs_and_nothing_else(db: Database) {
        let shop = Shop::open(db).await;
        let mut levels = Vec::new();
        for number in 0..20 {
            let variant = shop.variant_row(shop.linden.store()).await;
            let (policy, tracked) = (InventoryPolicy::Deny, number % 2 == 0);
            levels.push(FirstLevel { variant, on_hand: Some(i64::from(number)), policy: Some(policy), tracked: Some(tracked) });
        }
        let (done, first) = import(&shop, &levels).await;
        assert_eq!(done, FirstLevels { created: 20, changed: 0, unchanged: 0 });
        assert_eq!(shop.number("SELECT COUNT(*) FROM inventory_movements").await, 20);

        let before = shop.fingerprint().await;
        let (done, again) = import(&shop, &levels).await;
        assert_eq!(done, FirstLevels { created: 0, changed: 0, unchanged: 20 });
        assert!(first <= 11 && again <= 5, "{first} statements, then {again}");
        shop.assert_unchanged(&before).await;

        shop.wait(TimeDelta::seconds(1));
        levels[3].on_hand = Some(-4);
        levels[5].policy = Some(InventoryPolicy::Continue);
        levels[7].on_hand = None;
        let (done, _) = import(&shop, &levels).await;
        assert_eq!(done, FirstLevels { created: 0, changed: 2, unchanged: 18 });
        let answer = shop.owner().query(MOVEMENTS, json!({ "id": levels[3].variant })).await.ok();
        assert_eq!(answer.number("inventoryMovements.nodes.0.delta"), -7);
        assert_eq!(answer.text("inventoryMovements.nodes.0.reason"), "CORRECTED");
        assert_eq!(answer.text("inventoryMovements.nodes.0.actor"), "SYSTEM");
    }
}
