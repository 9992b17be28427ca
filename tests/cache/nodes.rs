//! What others write: another node, another process, somebody at the database.

use std::process::Stdio;

use stoa::kernel::Signal;
use stoa::kernel::db::DatabaseUrl;

use super::{Mug, PRODUCT, is_remembered, remember};
use crate::harness::{Actor, Shop, json};

const BRANDS: &str = "{ brands { nodes { name } } }";

async fn code(who: &Actor) -> String {
    who.query(BRANDS, json!({})).await.code().to_owned()
}

both! {
    async fn fault_f12_the_other_nodes_memory_follows(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mut other = shop.second_node().await;
        let there = shop.on(&other, &shop.anonymous());
        let mug = Mug::of(&shop).await;
        other.system.signals.until_caught_up().await;
        for amount in ["6.00", "7.00"] {
            remember(&there, PRODUCT, &mug.variables()).await;
            mug.cost(&shop, amount).await;
            other.system.signals.until_caught_up().await;
            assert_eq!(mug.price(&there).await, amount);
        }
        other.stop().await;
    }

    async fn fault_f12_a_node_whose_connection_was_cut_forgets_before_it_tells_again(db: Database) {
        if db.is_sqlite() {
            return;
        }
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mut other = shop.second_node().await;
        let there = shop.on(&other, &shop.anonymous());
        let mug = Mug::of(&shop).await;
        let signals = &other.system.signals;
        signals.until_caught_up().await;
        remember(&there, PRODUCT, &mug.variables()).await;
        let mut receiver = signals.subscribe();
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE application_name = 'stoa listener' AND datname = current_database()";
        shop.execute(cut).await;
        mug.cost(&shop, "6.00").await;
        // Back again, it takes everything as unknown; until then it does not look into its memory.
        while receiver.recv().await.expect("a signal") != Signal::Missed {}
        assert_eq!(mug.price(&there).await, "6.00");
        signals.until_caught_up().await;
        assert_eq!(remember(&there, PRODUCT, &mug.variables()).await.text("product.priceRange.min.amount"), "6.00");
        other.stop().await;
    }

    async fn fault_f12_a_node_that_hears_nothing_tells_nothing_from_memory(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mut other = shop.second_node().await;
        let there = shop.on(&other, &shop.anonymous());
        let mug = Mug::of(&shop).await;
        other.system.signals.until_caught_up().await;
        remember(&there, PRODUCT, &mug.variables()).await;
        other.stop_listening().await;
        for amount in ["6.00", "7.00"] {
            mug.cost(&shop, amount).await;
            assert_eq!(mug.price(&there).await, amount);
        }
        assert!(!is_remembered(&mug.ask(&there).await));
        let by_get = there.get(&[("query", BRANDS)]).send().await.expect("an answer");
        assert_eq!(by_get.headers()["cache-control"], "no-store");
        other.stop().await;
    }

    async fn an_import_by_another_process_is_seen(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let titles = "{ products(first: 5) { nodes { title } } }";
        assert_eq!(remember(&shop.anonymous(), titles, &json!({})).await.texts("products.nodes", "title").len(), 0);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("products.csv");
        let csv = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant SKU,Variant Price,Status\n\
            mug,Mug,<p>A mug</p>,Acme,Mugs,,true,MUG-1,5.00,active\n";
        std::fs::write(&file, csv).expect("the file");
        let url = match &shop.database().url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_stoa"));
        command.env_clear().current_dir(folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        command.env("DATABASE_URL", url).env("STOA_SECRET_KEY", crate::harness::process::KEY);
        let done = command.args(["import", "shopify-csv"]).arg(&file).args(["--store", "linden"]).output().await;
        let done = done.expect("the binary");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        shop.node.system.signals.until_caught_up().await;
        assert!(!is_remembered(&shop.anonymous().query(titles, json!({})).await.ok()));
        // What was imported is published by the machine's clock, which is not the story's.
        shop.wait(chrono::TimeDelta::days(36_500));
        let answer = shop.anonymous().query(titles, json!({})).await.ok();
        assert_eq!(answer.texts("products.nodes", "title"), ["Mug"]);
    }

    async fn a_store_that_was_suspended_is_gone(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        remember(&shop.anonymous(), BRANDS, &json!({})).await;
        let rival = shop.anonymous().in_store("rival");
        remember(&rival, BRANDS, &json!({})).await;
        let store = shop.literal(shop.linden.store());
        shop.execute_and_say_so(&format!("UPDATE stores SET suspended_at = created_at WHERE id = {store}")).await;
        assert_eq!(code(&shop.anonymous()).await, "NOT_FOUND");
        shop.execute_and_say_so(&format!("UPDATE stores SET suspended_at = NULL WHERE id = {store}")).await;
        remember(&shop.anonymous(), BRANDS, &json!({})).await;
        shop.execute_and_say_so("UPDATE organizations SET suspended_at = created_at").await;
        assert_eq!((code(&shop.anonymous()).await, code(&rival).await), ("NOT_FOUND".into(), "NOT_FOUND".into()));
    }

    async fn attack_t25_doors_lead_where_they_lead_now(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        shop.brand("Linden").await;
        shop.brand_of_rival("Rival").await;
        let at = |host: &str| shop.anonymous().nowhere().with_header("host", host);
        let both_ways = |host: &str| shop.anonymous().with_header("host", host);
        let name = async |who: &Actor| who.query(BRANDS, json!({})).await.ok().text("brands.nodes.0.name").to_owned();
        let add = "mutation($host: String!) { storeDomainAdd(input: { host: $host }) \
            { storeDomain { id } userErrors { code } } }";
        let remove = "mutation($id: ID!) { storeDomainRemove(id: $id) { userErrors { code } } }";

        // A host that leads nowhere goes with any header, until it leads somewhere.
        for _ in 0..2 {
            assert_eq!(name(&both_ways("moving.example")).await, "Linden");
            assert_eq!(code(&at("moving.example")).await, "STORE_REQUIRED");
        }
        let added = shop.rival().query(add, json!({ "host": "moving.example" })).await.ok();
        let domain = added.text("storeDomainAdd.storeDomain.id").to_owned();
        assert_eq!(code(&both_ways("moving.example")).await, "STORE_MISMATCH");
        for _ in 0..2 {
            assert_eq!(name(&at("moving.example")).await, "Rival");
        }
        shop.rival().query(remove, json!({ "id": domain })).await.ok();
        assert_eq!(code(&at("moving.example")).await, "STORE_REQUIRED");
        shop.owner().query(add, json!({ "host": "moving.example" })).await.ok();
        for _ in 0..2 {
            assert_eq!(name(&at("moving.example")).await, "Linden");
            assert_eq!(name(&both_ways("moving.example")).await, "Linden");
        }

        // A handle that was given up, and taken by another.
        let rename = "mutation($handle: String!) { storeUpdate(input: { handle: $handle }) \
            { store { handle } userErrors { code } } }";
        remember(&shop.anonymous(), BRANDS, &json!({})).await;
        shop.owner().query(rename, json!({ "handle": "elsewhere" })).await.ok();
        assert_eq!(code(&shop.anonymous()).await, "NOT_FOUND");
        assert_eq!(name(&shop.anonymous().in_store("elsewhere")).await, "Linden");
        shop.rival().query(rename, json!({ "handle": "linden" })).await.ok();
        assert_eq!(name(&shop.anonymous()).await, "Rival");

        // A store that was closed.
        let closed = shop.anonymous().in_store("linden-us");
        remember(&closed, BRANDS, &json!({})).await;
        let close = "mutation($id: ID!) { storeDelete(id: $id) { userErrors { code } } }";
        let id = shop.store_in_us().to_string();
        shop.owner().in_store("elsewhere").query(close, json!({ "id": id })).await.ok();
        assert_eq!(code(&closed).await, "NOT_FOUND");
    }
}
