//! The audit log proves that nobody edited it.

use entity::audit::{audit_logs, audit_seals};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use stoa::invariants::{INVARIANTS, Off};
use stoa::kernel::audit::chain::sign_seal;
use stoa::kernel::audit::signing::sign_line;
use stoa::kernel::settings::{SecretKey, Settings};
use stoa::worker::{Resting, pass};
use tokio_util::sync::CancellationToken;

use crate::harness::node::Node;
use crate::harness::{Shop, json};

/// What the logs are made of.
const TABLES: [&str; 6] = [
    "audit_logs",
    "audit_seals",
    "audit_chains",
    "organization_audit_logs",
    "user_audit_logs",
    // Last: where a trigger fires, it writes here.
    "audit_unsealed",
];

/// What is off about the logs.
async fn off(shop: &Shop, settings: &Settings) -> Vec<Off> {
    let proof = INVARIANTS.iter().find(|invariant| invariant.number == "I12").expect("it");
    proof.off(shop.db(), settings).await.expect("a proof")
}

/// Seals what waits.
async fn seal(node: &Node) {
    let done = pass(&node.system, &mut Resting::default(), &CancellationToken::new()).await;
    assert_eq!(done.failures, 0);
}

/// A shop whose log has four lines, sealed; a line of the other store's; lines of the organization's and of people's.
async fn written(shop: &Shop) {
    shop.wait(chrono::TimeDelta::seconds(1));
    for name in ["Ash", "Elm", "Fir", "Oak"] {
        shop.brand(name).await;
        shop.wait(chrono::TimeDelta::milliseconds(1));
    }
    let brand = "mutation { brandCreate(input: { name: \"Yew\" }) { userErrors { code } } }";
    shop.rival().query(brand, json!({})).await.ok();
    let rename = "mutation($id: ID!) { organizationUpdate(id: $id, input: { name: \"New\" }) { userErrors { code } } }";
    shop.owner().query(rename, json!({ "id": shop.linden.id })).await.ok();
    let account = "mutation { accountUpdate(input: { name: \"New\" }) { userErrors { code } } }";
    shop.owner().query(account, json!({})).await.ok();
    seal(&shop.node).await;
}

/// Does what only somebody can do who owns the database.
async fn by_hand(shop: &Shop, sql: &str) {
    let sql = match shop.database().is_postgres() {
        true => format!("BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT"),
        false => format!("PRAGMA foreign_keys = OFF; {sql}; PRAGMA foreign_keys = ON"),
    };
    shop.db().execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn keep(shop: &Shop) {
    for table in TABLES {
        shop.execute(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }
}

async fn mend(shop: &Shop) {
    let back = TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}"));
    by_hand(
        shop,
        &back
            .join("; ")
            .replace("INSERT INTO audit_unsealed", "DELETE FROM audit_unsealed; INSERT INTO audit_unsealed"),
    )
    .await;
}

/// The line at a place of the first store's log.
async fn line(shop: &Shop, place: i64) -> (audit_logs::Model, audit_seals::Model) {
    let of_store = audit_seals::Column::StoreId.eq(shop.linden.store());
    let seal = audit_seals::Entity::find().filter(of_store).filter(audit_seals::Column::Place.eq(place));
    let seal = seal.one(shop.db()).await.expect("an answer").expect("a seal");
    let line = audit_logs::Entity::find().filter(audit_logs::Column::Id.eq(seal.audit_log_id));
    (line.one(shop.db()).await.expect("an answer").expect("a line"), seal)
}

both! {
    async fn promise_p19_attack_s04_what_is_changed_taken_away_put_in_or_moved_is_found_and_named(db: Database) {
        let shop = Shop::open(db).await;
        written(&shop).await;
        assert_eq!(off(&shop, shop.settings()).await, []);
        assert_eq!(shop.number("SELECT COUNT(*) FROM audit_unsealed").await, 0);
        keep(&shop).await;
        shop.database().is_taken_apart();
        let ours = shop.literal(shop.linden.store());
        let theirs = shop.literal(shop.rival.store());
        let length = shop.number(&format!("SELECT length FROM audit_chains WHERE store_id = {ours}")).await;
        assert!(length >= 4, "{length}");
        let (second, last) = (line(&shop, 2).await.0.id, line(&shop, length).await.0.id);
        let (two, end) = (shop.literal(second), shop.literal(last));
        let stray = shop.literal(shop.id::<rules::ids::AuditLogId>());
        let columns = "actor_kind, actor_id, action, subject_type, subject_id, before, after, request_id, created_at, key_id, signature";

        let edits = [
            "actor_kind = 'SYSTEM'",
            "actor_id = 'user_x'",
            "action = 'brand.creates'",
            "subject_type = 'brands'",
            "subject_id = NULL",
            "before = '{}'",
            "after = NULL",
            "request_id = request_id || '1'",
            "created_at = (SELECT MIN(created_at) FROM users)",
            "key_id = signature",
            "signature = (SELECT signature FROM kept_audit_logs WHERE id <> audit_logs.id LIMIT 1)",
        ];
        let mut attacks: Vec<(String, Option<rules::ids::AuditLogId>, &str)> = edits
            .iter()
            .map(|edit| (format!("UPDATE audit_logs SET {edit} WHERE id = {two}"), Some(second), "a line of audit_logs"))
            .collect();
        attacks.extend([
            // Edited where there is no chain.
            ("UPDATE organization_audit_logs SET action = 'x'".to_owned(), None, "a line of organization_audit_logs"),
            ("UPDATE user_audit_logs SET after = NULL".to_owned(), None, "a line of user_audit_logs"),
            // Deleted: the line alone, with its seal, the last one, and with a head to match.
            (format!("DELETE FROM audit_logs WHERE id = {two}"), Some(second), "is gone"),
            (
                format!("DELETE FROM audit_logs WHERE id = {two}; DELETE FROM audit_seals WHERE audit_log_id = {two}"),
                None,
                "place 1 of the audit log is followed by place 3",
            ),
            (
                format!("DELETE FROM audit_logs WHERE id = {end}; DELETE FROM audit_seals WHERE audit_log_id = {end}"),
                None,
                "and the last that is there is",
            ),
            (
                format!(
                    "DELETE FROM audit_logs WHERE id = {end}; DELETE FROM audit_seals WHERE audit_log_id = {end}; \
                     UPDATE audit_chains SET length = length - 1 WHERE store_id = {ours}"
                ),
                None,
                "the head of the audit log is not as it was signed",
            ),
            ("DELETE FROM audit_chains".to_owned(), None, "has no head"),
            (format!("DELETE FROM audit_seals WHERE audit_log_id = {end}"), Some(last), "does not wait for it"),
            // Put in, with the signature of another line.
            (
                format!(
                    "INSERT INTO audit_logs (store_id, id, {columns}) SELECT store_id, {stray}, {columns} \
                     FROM kept_audit_logs WHERE id = {two}; DELETE FROM audit_unsealed; \
                     INSERT INTO audit_unsealed (store_id, audit_log_id) VALUES ({ours}, {stray})"
                ),
                None,
                "a line of audit_logs is not as it was signed",
            ),
            // Moved: to another place, and to another store.
            (
                format!(
                    "UPDATE audit_seals SET place = 102 WHERE store_id = {ours} AND place = 2; \
                     UPDATE audit_seals SET place = 2 WHERE store_id = {ours} AND place = 3; \
                     UPDATE audit_seals SET place = 3 WHERE store_id = {ours} AND place = 102"
                ),
                Some(second),
                "the seal at place 3",
            ),
            (
                format!(
                    "UPDATE audit_logs SET store_id = {theirs} WHERE id = {two}; \
                     UPDATE audit_seals SET store_id = {theirs}, place = 100 WHERE audit_log_id = {two}"
                ),
                Some(second),
                "a line of audit_logs is not as it was signed",
            ),
        ]);
        for (attack, named, says) in attacks {
            by_hand(&shop, &attack).await;
            let found = off(&shop, shop.settings()).await;
            let is_found = |off: &Off| off.says.contains(says) && named.is_none_or(|named| off.id == Some(named.0));
            assert!(found.iter().any(is_found), "{attack}: {found:?}");
            mend(&shop).await;
            assert_eq!(off(&shop, shop.settings()).await, [], "{attack}");
        }
        // That a line was put in is found after it got a seal, too.
        by_hand(&shop, &format!(
            "INSERT INTO audit_logs (store_id, id, {columns}) SELECT store_id, {stray}, {columns} FROM kept_audit_logs WHERE id = {two}"
        )).await;
        if shop.database().is_postgres() {
            // Who puts it in with all triggers off has to do their work, or it is found at once.
            assert!(off(&shop, shop.settings()).await.iter().any(|off| off.says.contains("does not wait")));
            shop.execute(&format!("INSERT INTO audit_unsealed (store_id, audit_log_id) VALUES ({ours}, {stray})")).await;
        }
        seal(&shop.node).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM audit_unsealed").await, 0);
        assert!(off(&shop, shop.settings()).await.iter().any(|off| off.says == "a line of audit_logs is not as it was signed"));
    }

    async fn attack_s04_who_has_a_key_that_was_replaced_signs_nothing_with_it(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Ash").await;
        seal(&shop.node).await;
        // The key is changed: the new one signs, and the one before is still known.
        let node = shop.second_node_with(|config| {
            config.settings.secrets_before = vec![config.settings.secret.clone()];
            config.settings.secret = SecretKey::new([7; 32]);
        }).await;
        let owner = shop.on(&node, &shop.owner());
        for name in ["Elm", "Fir"] {
            let brand = "mutation($name: String!) { brandCreate(input: { name: $name }) { userErrors { code } } }";
            owner.query(brand, json!({ "name": name })).await.ok();
            shop.wait(chrono::TimeDelta::milliseconds(1));
        }
        seal(&node).await;
        shop.database().is_taken_apart();
        let (old, both) = (shop.settings(), &node.system.settings);
        assert_eq!(off(&shop, both).await, []);
        let without = Settings { secrets_before: Vec::new(), ..both.clone() };
        assert!(off(&shop, &without).await.iter().any(|off| off.says.contains("STOA_SECRET_KEYS_BEFORE")));

        // Somebody has the old key and the database, and writes another line and its seal, at the end and in the middle.
        let last = shop.number("SELECT MAX(place) FROM audit_seals").await;
        for place in [last, last - 1] {
            let ((mut forged, mut sealed), (_, before)) = (line(&shop, place).await, line(&shop, place - 1).await);
            let (kept_line, kept_seal) = (forged.clone(), sealed.clone());
            forged.action = "brand.delete".to_owned();
            let signed = sign_line(old, &forged);
            (forged.key_id, forged.signature) = (signed.key_id, signed.signature);
            put(&shop, &forged, &sealed).await;
            let found = off(&shop, both).await;
            assert!(found.iter().any(|off| off.says == format!("the seal at place {place} of the audit log is not as it was signed")), "{found:?}");
            let signed = sign_seal(old, &forged, place, &before.seal);
            (sealed.key_id, sealed.seal) = (signed.key_id, signed.signature);
            put(&shop, &forged, &sealed).await;
            let found = off(&shop, both).await;
            let named = |off: &Off| off.id == Some(forged.id.0) && off.says.contains("with a key that was replaced");
            let follows = |off: &Off| off.says.contains(&format!("the seal at place {} ", place + 1)) || off.says.contains("the head");
            assert!(found.iter().any(named) || place < last, "{found:?}");
            assert!(found.iter().any(follows), "{found:?}");
            put(&shop, &kept_line, &kept_seal).await;
            assert_eq!(off(&shop, both).await, []);
        }
    }

    async fn a_log_is_sealed_once_by_however_many_who_write_at_the_same_time(db: Database) {
        let shop = Shop::open(db).await;
        let second = shop.second_node().await;
        let write = async |round: usize| {
            for n in 0..6 {
                shop.brand(&format!("Brand {round} {n}")).await;
            }
        };
        for round in 0..3 {
            tokio::join!(write(round), seal(&shop.node), seal(&second));
        }
        tokio::join!(seal(&shop.node), seal(&second));
        let lines = shop.number("SELECT COUNT(*) FROM audit_logs").await;
        assert_eq!((shop.number("SELECT COUNT(*) FROM audit_seals").await, shop.number("SELECT COUNT(*) FROM audit_unsealed").await), (lines, 0));
        assert_eq!(off(&shop, shop.settings()).await, []);
    }
}

/// Puts a line and its seal in the place of what is there.
async fn put(shop: &Shop, line: &audit_logs::Model, seal: &audit_seals::Model) {
    use sea_orm::ActiveModelTrait;
    let line = line.clone().into_active_model().reset_all();
    audit_logs::Entity::update(line).exec(shop.db()).await.expect("a line");
    let seal = seal.clone().into_active_model().reset_all();
    audit_seals::Entity::update(seal).exec(shop.db()).await.expect("a seal");
}
