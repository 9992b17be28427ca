//! Stories of two servers on one database, and of clocks that jump.

use chrono::TimeDelta;
use rules::permission::Permission;

use crate::harness::{Actor, Answer, Shop, json};

const DELETED: &str = "{ brands(filter: { deleted: true }) { totalCount } }";

async fn ask(actor: &Actor, document: &str) -> Answer {
    actor.query(document, json!({})).await
}

/// Tries to sign in.
async fn sign_in(nobody: &Actor, email: &str, password: &str) -> Answer {
    let document =
        "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }";
    nobody.query(document, json!({ "input": { "email": email, "password": password } })).await
}

both! {
    async fn fault_f12_what_is_taken_away_at_one_server_is_gone_at_the_other(db: Database) {
        let shop = Shop::open(db).await;
        let node = shop.second_node().await;
        let staff = shop.staff([Permission::CollectionsRead]).await;
        let account = shop.account().await;
        let signed_in = shop.sign_in(&account).await;
        let person = shop.anonymous().with_secret(&signed_in.access);
        let made = shop.api_token().await;
        let token = shop.anonymous().with_secret(&made.secret);
        let viewer = "{ viewer { actor } }";
        for (who, document) in [(&staff, DELETED), (&person, viewer), (&token, viewer)] {
            ask(who, document).await.ok();
            ask(&shop.on(&node, who), document).await.ok();
        }

        // Each is taken away by a mutation at one server, and asked for at the other right after.
        let owner_there = shop.on(&node, &shop.owner());
        let revoke = "mutation($id: ID!) { apiTokenRevoke(id: $id) { apiToken { id } userErrors { code } } }";
        owner_there.query(revoke, json!({ "id": made.id })).await.ok();
        assert_eq!(ask(&token, viewer).await.code(), "UNAUTHENTICATED");

        ask(&person, "mutation { signOut { userErrors { code } } }").await.ok();
        assert_eq!(ask(&shop.on(&node, &person), viewer).await.code(), "UNAUTHENTICATED");

        let own = ask(&staff, "{ viewer { memberships { membershipId } } }").await.ok();
        let remove = "mutation($id: ID!) { membershipRemove(id: $id) { removedMembershipId userErrors { code } } }";
        let id = own.text("viewer.memberships.0.membershipId");
        owner_there.query(remove, json!({ "id": id })).await.ok();
        assert_eq!(ask(&staff, DELETED).await.code(), "FORBIDDEN");

        let delete = "mutation($id: ID!) { storeDelete(id: $id) { deletedStoreId userErrors { code } } }";
        let store = shop.new_store().await;
        let visitor = shop.on(&node, &shop.anonymous().in_store(&store.handle));
        ask(&visitor, "{ store { handle } }").await.ok();
        shop.owner().query(delete, json!({ "id": store.id })).await.ok();
        assert_eq!(ask(&visitor, "{ store { handle } }").await.code(), "NOT_FOUND");
    }

    async fn fault_f12_counts_locks_and_cursors_are_those_of_all_servers(db: Database) {
        let shop = Shop::open(db).await;
        let node = shop.second_node().await;
        // Guesses are counted together, wherever they are made.
        let account = shop.account().await;
        let here = shop.anonymous().nowhere();
        let there = shop.on(&node, &here);
        for guess in 0..5 {
            let answer = sign_in(if guess % 2 == 0 { &here } else { &there }, &account.email, "not this one").await;
            assert_eq!(answer.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
        }
        for nobody in [&here, &there] {
            assert_eq!(sign_in(nobody, &account.email, account.password).await.user_error_codes("signIn"), ["LOCKED_OUT"]);
        }
        // What one writes the other reads, and a page that one begins the other goes on with.
        for name in ["Ash", "Elm", "Oak"] {
            shop.brand(name).await;
        }
        let page = "query($after: String) { brands(first: 1, sort: NAME, after: $after) { nodes { name } pageInfo { endCursor } } }";
        let (owner, owner_there) = (shop.owner(), shop.on(&node, &shop.owner()));
        let first = owner.query(page, json!({})).await.ok();
        let second = owner_there.query(page, json!({ "after": first.data("brands.pageInfo.endCursor") })).await.ok();
        assert_eq!(second.texts("brands.nodes", "name"), ["Elm"]);
        // Of two changes of one version at two servers one is made, and events go on with the next number.
        let brand = shop.brand("Fir").await;
        let update = "mutation($id: ID!, $name: String!) { brandUpdate(id: $id, input: { name: $name }, expectedVersion: 1) { brand { version } userErrors { code } } }";
        let (one, other) = tokio::join!(
            owner.query(update, json!({ "id": brand, "name": "One" })),
            owner_there.query(update, json!({ "id": brand, "name": "Other" })),
        );
        assert!(one.is_ok() != other.is_ok(), "{one}\n{other}");
        let stale = if one.is_ok() { other } else { one };
        assert_eq!(stale.user_error_codes("brandUpdate"), ["STALE"]);
        let numbers = format!("SELECT MAX(sequence) * 10 + COUNT(*) FROM domain_events WHERE aggregate_id = '{brand}'");
        assert_eq!(shop.number(&numbers).await, 22);
    }

    async fn fault_f13_a_clock_that_jumps_revives_nothing_that_was_ended(db: Database) {
        let shop = Shop::open(db).await;
        let account = shop.account().await;
        let first = shop.sign_in(&account).await;
        let person = shop.anonymous().with_secret(&first.access);
        let made = shop.api_token().await;
        let token = shop.anonymous().with_secret(&made.secret);
        let refresh = "mutation($token: String!) { sessionRefresh(refreshToken: $token) { session { accessToken } userErrors { code } } }";
        let nobody = shop.anonymous().nowhere();
        // A token that was used, a session that was ended, a token that was revoked, a guess too many.
        let second = shop.sign_in(&account).await;
        nobody.query(refresh, json!({ "token": second.refresh })).await.ok();
        ask(&person, "mutation { signOut { userErrors { code } } }").await.ok();
        let revoke = "mutation($id: ID!) { apiTokenRevoke(id: $id) { apiToken { id } userErrors { code } } }";
        shop.owner().query(revoke, json!({ "id": made.id })).await.ok();
        let locked = shop.account().await;
        for _ in 0..5 {
            sign_in(&nobody, &locked.email, "not this one").await;
        }
        for jump in [TimeDelta::seconds(-10), TimeDelta::hours(-1), TimeDelta::days(-30), TimeDelta::days(30)] {
            shop.wait(jump);
            assert_eq!(ask(&person, "{ viewer { actor } }").await.code(), "UNAUTHENTICATED", "{jump}");
            assert_eq!(ask(&token, "{ viewer { actor } }").await.code(), "UNAUTHENTICATED", "{jump}");
            let again = nobody.query(refresh, json!({ "token": second.refresh })).await;
            assert_eq!(again.user_error_codes("sessionRefresh"), ["INVALID_TOKEN"], "{jump}");
            if jump < TimeDelta::zero() {
                assert_eq!(sign_in(&nobody, &locked.email, locked.password).await.user_error_codes("signIn"), ["LOCKED_OUT"], "{jump}");
            }
            shop.wait(-jump);
        }
    }

    async fn fault_f13_numbers_go_on_whatever_the_clock_says(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Oak").await;
        let update = "mutation($id: ID!, $name: String!) { brandUpdate(id: $id, input: { name: $name }) { brand { version } userErrors { code } } }";
        // Back by seconds and by days, over a leap day, and over the hours that a summer time takes and gives.
        let jumps = [
            TimeDelta::seconds(-10),
            TimeDelta::hours(-1),
            TimeDelta::days(-30),
            TimeDelta::days(60),
            TimeDelta::days(730),
            TimeDelta::hours(1),
        ];
        let person = shop.owner().user.expect("a person");
        for (place, jump) in jumps.into_iter().enumerate() {
            shop.wait(jump);
            // Whoever signed in before is out after a year; this is about the rows.
            let fresh = shop.writer().session(person).await;
            let owner = shop.owner().with_secret(&fresh.secret);
            let answer = owner.query(update, json!({ "id": brand, "name": format!("Oak {place}") })).await.ok();
            assert_eq!(answer.number("brandUpdate.brand.version"), 2 + i64::try_from(place).unwrap(), "{jump}");
        }
        let numbers = format!(
            "SELECT COUNT(*) FROM domain_events WHERE aggregate_id = '{brand}' AND sequence = (SELECT COUNT(*) FROM domain_events e \
             WHERE e.aggregate_id = domain_events.aggregate_id AND e.sequence <= domain_events.sequence)"
        );
        assert_eq!(shop.number(&numbers).await, 7, "1 to 7, each once");
        assert_eq!(shop.number("SELECT COUNT(DISTINCT id) FROM audit_logs").await, shop.number("SELECT COUNT(*) FROM audit_logs").await);
        // The 29th of February is a day like any other.
        let draft = shop.product(&shop.owner().with_secret(&shop.writer().session(person).await.secret), json!({ "publishedAt": "2028-02-29T23:59:59Z" })).await;
        let seen = "query($id: ID!) { product(id: $id) { publishedAt } }";
        let now = stoa::kernel::Clock::now(shop.clock());
        let leap: chrono::DateTime<chrono::Utc> = "2028-02-29T23:59:59Z".parse().expect("a moment");
        shop.wait(leap - now - TimeDelta::seconds(1));
        assert!(shop.anonymous().query(seen, json!({ "id": draft.id })).await.ok().data("product").is_null());
        shop.wait(TimeDelta::seconds(1));
        let shown = shop.anonymous().query(seen, json!({ "id": draft.id })).await.ok();
        let at: chrono::DateTime<chrono::Utc> = shown.text("product.publishedAt").parse().expect("a moment");
        assert_eq!(at, leap);
    }
}
