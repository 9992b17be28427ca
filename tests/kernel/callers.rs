//! Stories of who asks and where: stores by header, host and token, and rights that are taken away.

use chrono::TimeDelta;
use rules::ids::StoreDomainId;
use rules::permission::{OWNER, Permission};
use rules::states::TokenKind;

use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

const DELETED: &str = "{ brands(filter: { deleted: true }) { nodes { name } } }";
const VIEWER: &str = "{ viewer { actor permissions } }";
const BRANDS: &str = "{ brands { nodes { name } } }";

async fn ask(actor: &Actor, document: &str) -> Answer {
    actor.query(document, json!({})).await
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{answer}");
    assert!(answer.body.get("data").is_none_or(serde_json::Value::is_null), "{answer}");
}

async fn code(who: &Actor) -> String {
    ask(who, BRANDS).await.code().to_owned()
}

async fn brand(who: &Actor) -> String {
    ask(who, BRANDS).await.ok().text("brands.nodes.0.name").to_owned()
}

both! {
    async fn attack_t25_each_way_to_a_store_is_enough_and_two_must_agree(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Linden").await;
        shop.brand_of_rival("Rival").await;
        let host = |who: Actor, host: &str| who.with_header("host", host);

        // Each way by itself.
        assert_eq!(brand(&shop.anonymous()).await, "Linden");
        assert_eq!(brand(&shop.anonymous().in_store(&shop.rival.store().to_string())).await, "Rival");
        assert_eq!(brand(&shop.storefront_token().nowhere()).await, "Linden");
        for name in ["linden.example", "LINDEN.Example", "linden.example.", "linden.example:8080"] {
            assert_eq!(brand(&host(shop.anonymous().nowhere(), name)).await, "Linden", "{name}");
        }
        // Two that agree.
        assert_eq!(brand(&host(shop.storefront_token(), "linden.example")).await, "Linden");
        // Two that do not.
        assert_eq!(code(&host(shop.anonymous(), "rival.example")).await, "STORE_MISMATCH");
        assert_eq!(code(&host(shop.storefront_token().nowhere(), "rival.example")).await, "STORE_MISMATCH");
        for other in ["rival", "linden-us", "nowhere"] {
            assert_eq!(code(&shop.storefront_token().in_store(other)).await, "STORE_MISMATCH", "{other}");
        }
        // One that says two things.
        assert_eq!(code(&shop.anonymous().with_header("x-store", "linden")).await, "BAD_USER_INPUT");
        // One that says nothing.
        for name in ["xn--lnden-qza.example", "example", "127.0.0.1", "localhost", "linden.example.evil.test"] {
            assert_eq!(code(&host(shop.anonymous().nowhere(), name)).await, "STORE_REQUIRED", "{name}");
        }
        assert_eq!(code(&shop.anonymous().in_store("nowhere")).await, "NOT_FOUND");
    }

    async fn attack_t25_the_host_of_a_store_that_is_closed_leads_to_no_other(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Linden").await;
        let rival = shop.literal(shop.rival.store());
        let organization = shop.literal(shop.rival.id);
        let token = shop.token([Permission::CollectionsRead]).await;
        let host = |who: Actor| who.with_header("host", "rival.example");
        let open = ask(&host(shop.anonymous()), BRANDS).await;
        assert_eq!(open.code(), "STORE_MISMATCH");
        for (closed, opened) in [
            (format!("UPDATE stores SET suspended_at = created_at WHERE id = {rival}"), "UPDATE stores SET suspended_at = NULL"),
            (format!("UPDATE stores SET deleted_at = created_at WHERE id = {rival}"), "UPDATE stores SET deleted_at = NULL"),
            (format!("UPDATE organizations SET suspended_at = created_at WHERE id = {organization}"), "UPDATE organizations SET suspended_at = NULL"),
            (format!("UPDATE organizations SET deleted_at = created_at WHERE id = {organization}"), "UPDATE organizations SET deleted_at = NULL"),
        ] {
            shop.execute(&closed).await;
            // Whoever names another store gets the answer that they get where it is open: it does not tell.
            for who in [shop.anonymous(), shop.owner(), token.clone(), token.clone().nowhere(), shop.storefront_token()] {
                let answer = ask(&host(who), BRANDS).await;
                assert_refused(&answer, 400, "STORE_MISMATCH");
                assert_eq!(answer.refusal(), open.refusal(), "{closed}");
            }
            // By itself it leads nowhere, as a host does that is nobody's.
            for name in ["rival.example", "RIVAL.example.", "nobody.example"] {
                assert_eq!(code(&shop.anonymous().nowhere().with_header("host", name)).await, "STORE_REQUIRED", "{name}");
            }
            // The store itself is not there, whatever names it.
            for who in [shop.anonymous().in_store("rival"), shop.rival(), host(shop.rival())] {
                assert_refused(&ask(&who, BRANDS).await, 400, "NOT_FOUND");
            }
            assert_eq!(brand(&shop.anonymous().with_header("host", "linden.example")).await, "Linden");
            shop.execute(opened).await;
        }
        ask(&host(shop.rival()), BRANDS).await.ok();
    }

    async fn who_only_forgot_to_name_the_store_is_told_so(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([Permission::CollectionsRead]).await;
        let cost = "{ products { nodes { variants { cost { amount } } } } }";
        for (who, document, code) in [
            // It would be allowed in a store.
            (shop.owner(), DELETED, "STORE_REQUIRED"),
            (shop.owner(), cost, "STORE_REQUIRED"),
            (shop.owner(), "{ apiTokens { totalCount } }", "STORE_REQUIRED"),
            (shop.owner(), "mutation { brandCreate(input: { name: \"Oak\" }) { brand { id } } }", "STORE_REQUIRED"),
            (staff.clone(), DELETED, "STORE_REQUIRED"),
            // It would not, in any.
            (staff.clone(), cost, "FORBIDDEN"),
            (shop.powerless().await, DELETED, "FORBIDDEN"),
            (shop.stranger().await, DELETED, "FORBIDDEN"),
            // Nobody is asked to sign in first, or to name a store where that is all that is missing.
            (shop.anonymous(), cost, "UNAUTHENTICATED"),
            (shop.anonymous(), BRANDS, "STORE_REQUIRED"),
        ] {
            let answer = ask(&who.nowhere(), document).await;
            assert_eq!(answer.code(), code, "{document}: {answer}");
            if code == "STORE_REQUIRED" {
                assert!(answer.message().contains("`X-Store`"), "{answer}");
            }
        }
        // What belongs to the organization needs no store.
        let stores = "query($id: ID!) { stores(organizationId: $id) { totalCount } }";
        shop.owner().nowhere().query(stores, json!({ "id": shop.linden.id.to_string() })).await.ok();
        ask(&shop.owner(), DELETED).await.ok();
    }

    async fn attack_n18_a_token_that_is_not_good_is_refused_without_a_word_why(db: Database) {
        let shop = Shop::open(db).await;
        let good = shop.token([]).await;
        good.query("{ __typename }", json!({})).await.ok();
        let mut messages = std::collections::BTreeSet::new();
        for change in [
            "UPDATE api_tokens SET revoked_at = created_at",
            "UPDATE api_tokens SET revoked_at = NULL, expires_at = created_at",
            "UPDATE api_tokens SET expires_at = NULL; UPDATE stores SET suspended_at = created_at",
            "UPDATE stores SET suspended_at = NULL; UPDATE organizations SET suspended_at = created_at",
            "UPDATE organizations SET suspended_at = NULL; UPDATE users SET suspended_at = created_at",
        ] {
            for sql in change.split(';') {
                shop.execute(sql).await;
            }
            let answer = good.query(BRANDS, json!({})).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{change}: {answer}");
            messages.insert(answer.message().to_owned());
        }
        for secret in ["", "x", "stoa_pat_", &good.secret().to_uppercase(), &format!("{}x", good.secret())] {
            let answer = shop.anonymous().with_secret(secret).query(BRANDS, json!({})).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{secret}: {answer}");
            messages.insert(answer.message().to_owned());
        }
        assert_eq!(messages.len(), 1, "{messages:?}");
    }

    async fn promise_p04_a_right_that_is_taken_away_is_gone_on_the_next_request_at_every_node(db: Database) {
        let shop = Shop::open(db).await;
        let node = shop.second_node().await;
        let staff = shop.staff([rules::permission::Permission::CollectionsRead]).await;
        let there = shop.on(&node, &staff);
        let deleted = "{ brands(filter: { deleted: true }) { totalCount } }";
        for who in [&staff, &there] {
            who.query(deleted, json!({})).await.ok();
        }
        shop.execute("DELETE FROM role_permissions").await;
        for who in [&staff, &there] {
            assert_eq!(who.query(deleted, json!({})).await.code(), "FORBIDDEN");
        }
        shop.wait(TimeDelta::hours(1));
        for who in [&staff, &there] {
            assert_eq!(who.query(deleted, json!({})).await.code(), "UNAUTHENTICATED", "an access token lives an hour");
        }
    }

    async fn attack_t25_header_host_and_token_that_disagree_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        shop.brand_of_rival("Rival's").await;
        let (token, owner, visitor) = (shop.token([Permission::CollectionsRead]).await, shop.owner(), shop.anonymous());
        let rival = shop.rival.store().to_string();
        let own = shop.linden.store().to_string();

        // A token against a header, by handle and by id, of another organization and of its own.
        for store in ["rival", &rival, "linden-us", "nowhere", "LINDEN"] {
            assert_refused(&ask(&token.clone().in_store(store), BRANDS).await, 400, "STORE_MISMATCH");
        }
        // A host against a header, a token, and both; whoever asks.
        for actor in [&token, &owner, &visitor] {
            let actor = actor.clone().with_header("host", "rival.example");
            assert_refused(&ask(&actor, BRANDS).await, 400, "STORE_MISMATCH");
        }
        let by_host = token.clone().nowhere().with_header("host", "rival.example");
        assert_refused(&ask(&by_host, BRANDS).await, 400, "STORE_MISMATCH");
        // Where they agree, any of them is enough.
        for actor in [
            token.clone(),
            token.clone().nowhere(),
            token.clone().in_store(&own),
            visitor.clone().in_store(&own),
            visitor.clone().nowhere().with_header("host", "linden.example"),
            visitor.clone().with_header("host", "linden.example"),
        ] {
            assert_eq!(ask(&actor, BRANDS).await.ok().texts("brands.nodes", "name"), ["Oak"]);
        }
        // A name twice, even the same one, and one that is nobody's.
        for second in ["linden", "rival"] {
            assert_refused(&ask(&visitor.clone().with_header("x-store", second), BRANDS).await, 400, "BAD_USER_INPUT");
        }
        for unknown in ["nowhere", "LINDEN", "linden ' OR 1=1 --", "linden,rival", "*", "%", &shop.id::<rules::ids::StoreId>().to_string()] {
            assert_refused(&ask(&visitor.clone().in_store(unknown), BRANDS).await, 400, "NOT_FOUND");
        }
        assert_eq!(ask(&visitor.clone().nowhere(), BRANDS).await.code(), "STORE_REQUIRED");
    }

    async fn attack_t25_one_host_has_many_spellings_and_one_store(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        let other = shop.id::<StoreDomainId>();
        let sql = format!(
            "INSERT INTO store_domains (id, store_id, host, is_primary, created_at, updated_at) \
             SELECT {}, store_id, 'xn--bume-loa.example', {}, created_at, updated_at FROM store_domains WHERE host = 'linden.example'",
            shop.literal(other.0),
            if shop.database().is_postgres() { "false" } else { "0" },
        );
        shop.execute(&sql).await;
        let at = |host: &str| shop.anonymous().nowhere().with_header("host", host);
        for host in ["linden.example", "LINDEN.Example", "linden.example.", "linden.example:8443", "XN--BUME-LOA.example", "xn--bume-loa.example."] {
            assert_eq!(ask(&at(host), BRANDS).await.ok().texts("brands.nodes", "name"), ["Oak"], "{host}");
            // A spelling does not slip past the comparison either.
            let actor = shop.rival().with_header("host", host);
            assert_refused(&ask(&actor, BRANDS).await, 400, "STORE_MISMATCH");
        }
        // A punycode label that says plain ASCII is not that ASCII.
        for host in ["xn--linden-.example", "linden.example.evil.example", "linden", "xn--bume-loa", "linden_example", "127.0.0.1", "[::1]", "localhost"] {
            let answer = ask(&at(host), BRANDS).await;
            assert_eq!(answer.code(), "STORE_REQUIRED", "{host}: {answer}");
        }
        for host in ["linden.example@rival.example", "a b", "linden.example/rival"] {
            assert_eq!(ask(&at(host), BRANDS).await.status, 400, "{host}");
        }
    }

    async fn promise_p04_what_was_taken_away_is_gone_on_the_next_request_on_every_server(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        let mut second = shop.second_node().await;
        // A statement that takes something away, and who is refused after it, how.
        let store = shop.literal(shop.linden.store());
        let organization = shop.literal(shop.linden.id);
        let owner = shop.literal(shop.linden.owner.user);
        let cases: Vec<(String, &str, u16, &str)> = vec![
            (format!("UPDATE stores SET suspended_at = created_at WHERE id = {store}"), "token", 401, "UNAUTHENTICATED"),
            (format!("UPDATE stores SET suspended_at = created_at WHERE id = {store}"), "visitor", 400, "NOT_FOUND"),
            (format!("UPDATE stores SET deleted_at = created_at WHERE id = {store}"), "owner", 400, "NOT_FOUND"),
            (format!("UPDATE organizations SET suspended_at = created_at WHERE id = {organization}"), "visitor", 400, "NOT_FOUND"),
            (format!("UPDATE organizations SET suspended_at = created_at WHERE id = {organization}"), "token", 401, "UNAUTHENTICATED"),
            (format!("UPDATE organizations SET deleted_at = created_at WHERE id = {organization}"), "owner", 400, "NOT_FOUND"),
            (format!("UPDATE users SET suspended_at = created_at WHERE id = {owner}"), "owner", 401, "UNAUTHENTICATED"),
            (format!("UPDATE users SET suspended_at = created_at WHERE id = {owner}"), "token", 401, "UNAUTHENTICATED"),
            (format!("UPDATE users SET deleted_at = created_at WHERE id = {owner}"), "storefront", 401, "UNAUTHENTICATED"),
            (format!("UPDATE sessions SET revoked_at = created_at WHERE user_id = {owner}"), "owner", 401, "UNAUTHENTICATED"),
            ("UPDATE api_tokens SET revoked_at = created_at".to_owned(), "token", 401, "UNAUTHENTICATED"),
            ("UPDATE api_tokens SET revoked_at = created_at".to_owned(), "storefront", 401, "UNAUTHENTICATED"),
            ("UPDATE api_tokens SET expires_at = created_at".to_owned(), "token", 401, "UNAUTHENTICATED"),
            ("DELETE FROM api_token_scopes".to_owned(), "token", 200, "FORBIDDEN"),
            (format!("DELETE FROM memberships WHERE user_id = {owner}"), "owner", 200, "FORBIDDEN"),
            (format!("DELETE FROM memberships WHERE user_id = {owner}"), "token", 200, "FORBIDDEN"),
        ];
        let token = shop.token([Permission::CollectionsRead]).await;
        // Written back after each case, so that the next one starts where this one did.
        let restore = [
            "UPDATE stores SET suspended_at = NULL, deleted_at = NULL",
            "UPDATE organizations SET suspended_at = NULL, deleted_at = NULL",
            "UPDATE users SET suspended_at = NULL, deleted_at = NULL",
            "UPDATE sessions SET revoked_at = NULL",
            "UPDATE api_tokens SET revoked_at = NULL, expires_at = NULL",
        ];
        for (taken, who, status, code) in cases {
            let (actor, document) = match who {
                "token" => (token.clone(), DELETED),
                "owner" => (shop.owner(), DELETED),
                "storefront" => (shop.storefront_token(), BRANDS),
                _ => (shop.anonymous(), BRANDS),
            };
            let there = shop.on(&second, &actor);
            for actor in [&actor, &there] {
                let answer = ask(actor, document).await;
                assert!(answer.is_ok(), "{who}, before {taken}: {answer}");
            }
            let scopes = shop.texts("SELECT permission FROM api_token_scopes").await;
            shop.execute(&taken).await;
            for actor in [&actor, &there] {
                let answer = ask(actor, document).await;
                assert_eq!((answer.status, answer.code()), (status, code), "{who}, after {taken}: {answer}");
            }
            for sql in restore {
                shop.execute(sql).await;
            }
            if taken.contains("memberships") {
                let sql = format!(
                    "INSERT INTO memberships (id, organization_id, user_id, built_in_role, all_stores, version, created_at, updated_at) \
                     SELECT {}, {organization}, {owner}, '{OWNER}', {}, 1, created_at, updated_at FROM users WHERE id = {owner}",
                    shop.literal(shop.id::<rules::ids::MembershipId>().0),
                    if shop.database().is_postgres() { "true" } else { "1" },
                );
                shop.execute(&sql).await;
            }
            if taken.contains("api_token_scopes") {
                assert!(!scopes.is_empty());
                let sql = format!(
                    "INSERT INTO api_token_scopes (store_id, api_token_id, permission) \
                     SELECT store_id, id, '{}' FROM api_tokens WHERE kind = 'API'",
                    scopes[0][0]
                );
                shop.execute(&sql).await;
            }
        }
        second.stop().await;
    }

    async fn promise_p04_a_session_and_a_token_end_at_their_time(db: Database) {
        let shop = Shop::open(db).await;
        let token = shop.token([Permission::CollectionsRead]).await;
        let owner = shop.owner();
        let writer = shop.writer();
        let expiring = writer.token(shop.linden.id, shop.linden.store(), TokenKind::Api, None, &[Permission::CollectionsRead]).await;
        let row = entity::tenancy::api_tokens::ActiveModel {
            id: sea_orm::ActiveValue::Unchanged(expiring.id),
            expires_at: sea_orm::ActiveValue::Set(Some(writer.now + TimeDelta::minutes(30))),
            ..Default::default()
        };
        sea_orm::ActiveModelTrait::update(row, shop.db()).await.expect("a token that expires");
        let expiring = token.clone().with_secret(&expiring.secret);
        ask(&expiring, DELETED).await.ok();
        shop.wait(TimeDelta::minutes(30));
        assert_refused(&ask(&expiring, DELETED).await, 401, "UNAUTHENTICATED");
        ask(&owner, DELETED).await.ok();
        shop.wait(TimeDelta::minutes(30));
        assert_refused(&ask(&owner, DELETED).await, 401, "UNAUTHENTICATED");
        ask(&token, DELETED).await.ok();
    }

    async fn promise_p04_a_permission_that_was_taken_is_gone_on_the_next_request(db: Database) {
        let shop = Shop::open(db).await;
        let may = Membership {
            permissions: vec![Permission::CollectionsRead],
            grants: vec![Permission::CollectionsManage],
            ..Membership::default()
        };
        let staff = shop.member(&may).await;
        let create = "mutation { brandCreate(input: { name: \"Oak\" }) { brand { id } userErrors { code } } }";
        ask(&staff, create).await.ok();
        ask(&staff, DELETED).await.ok();
        shop.execute("DELETE FROM membership_permissions").await;
        assert_eq!(ask(&staff, create).await.code(), "FORBIDDEN");
        ask(&staff, DELETED).await.ok();
        shop.execute("DELETE FROM role_permissions").await;
        assert_eq!(ask(&staff, DELETED).await.code(), "FORBIDDEN");
        // A membership that reaches another store only.
        let elsewhere = Membership { stores: Some(vec![shop.store_in_us()]), ..may };
        let elsewhere = shop.member(&elsewhere).await;
        assert_eq!(ask(&elsewhere, DELETED).await.code(), "FORBIDDEN");
        ask(&elsewhere.clone().in_store("linden-us"), DELETED).await.ok();
        assert_eq!(ask(&elsewhere.in_store("rival"), DELETED).await.code(), "FORBIDDEN");
    }

    async fn a_token_is_good_from_its_networks_only(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.edge.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .await;
        let token = shop.token([Permission::CollectionsRead]).await;
        let from = |address: &str| token.clone().with_header("x-forwarded-for", address);
        ask(&from("203.0.113.9"), DELETED).await.ok();
        for network in ["203.0.113.0/24", "2001:db8::/32"] {
            let sql = format!(
                "INSERT INTO api_token_networks (store_id, api_token_id, network) \
                 SELECT store_id, id, '{network}' FROM api_tokens WHERE kind = 'API'"
            );
            shop.execute(&sql).await;
        }
        for address in ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1", "198.51.100.1, 203.0.113.9"] {
            ask(&from(address), DELETED).await.ok();
        }
        for address in ["203.0.114.1", "2001:db9::1", "203.0.113.9, 198.51.100.1", "unknown", "0.0.0.0"] {
            assert_refused(&ask(&from(address), DELETED).await, 401, "UNAUTHENTICATED");
        }
        // One that can't be read admits nobody.
        shop.execute("DELETE FROM api_token_networks").await;
        let sql = "INSERT INTO api_token_networks (store_id, api_token_id, network) \
                   SELECT store_id, id, 'everywhere' FROM api_tokens WHERE kind = 'API'";
        shop.execute(sql).await;
        for address in ["203.0.113.9", "0.0.0.0"] {
            assert_refused(&ask(&from(address), DELETED).await, 401, "UNAUTHENTICATED");
        }
    }

    async fn attack_c04_a_currency_that_the_store_does_not_offer_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let visitor = shop.anonymous();
        for currency in ["GBP", "XXX", "eur ", "EURO", "' OR 1=1 --", "EUR,USD"] {
            let answer = ask(&visitor.clone().with_header("x-currency", currency), VIEWER).await;
            if currency.trim().eq_ignore_ascii_case("EUR") {
                continue;
            }
            assert_refused(&answer, 400, "BAD_USER_INPUT");
            assert!(answer.message().contains("EUR"), "it says which there are: {answer}");
        }
        for currency in ["EUR", "USD"] {
            ask(&visitor.clone().with_header("x-currency", currency), VIEWER).await.ok();
        }
        let twice = visitor.clone().with_header("x-currency", "EUR").with_header("x-currency", "USD");
        assert_refused(&ask(&twice, VIEWER).await, 400, "BAD_USER_INPUT");
        assert_refused(&ask(&visitor.nowhere().with_header("x-currency", "EUR"), VIEWER).await, 400, "STORE_REQUIRED");
        // Where the store offers it no longer, it is refused on the next request.
        shop.execute("DELETE FROM store_currencies WHERE currency = 'USD'").await;
        assert_refused(&ask(&shop.anonymous().with_header("x-currency", "USD"), VIEWER).await, 400, "BAD_USER_INPUT");
    }
}
