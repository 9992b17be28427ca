//! Stories of who one is.

use super::{EMAIL, PASSWORD, maria, sign_in};
use crate::harness::{Shop, json};
use rules::permission::Permission;

both! {
    async fn nobody_is_nobody(db: Database) {
        let shop = Shop::open(db).await;
        let answer = shop.anonymous().query("{ viewer { actor } }", json!(null)).await.ok();
        assert_eq!(answer.body["data"], json!({ "viewer": null }));
    }

    async fn a_member_sees_what_she_may_do_here(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([Permission::ProductsRead, Permission::MembersRead]).await;
        let document = "{ viewer { actor user { id } token { tokenId } permissions memberships { organizationId permissions reachesAllStores } } }";
        let answer = staff.query(document, json!(null)).await.ok();
        assert_eq!(answer.data("viewer.permissions"), &json!(["PRODUCTS_READ", "MEMBERS_READ"]));
        assert_eq!(answer.data("viewer.memberships.0.organizationId"), &json!(shop.linden.id.to_string()));
        assert_eq!(answer.data("viewer.token"), &json!(null));
        let nowhere = staff.nowhere().query(document, json!(null)).await.ok();
        assert_eq!(nowhere.data("viewer.permissions"), &json!(["MEMBERS_READ"]), "no store, no permission of a store");
    }

    async fn a_token_is_no_person(db: Database) {
        let shop = Shop::open(db).await;
        let token = shop.token([Permission::ProductsRead]).await;
        let document = "{ viewer { actor user { id } token { kind } permissions memberships { membershipId } sessions { id } } }";
        let answer = token.query(document, json!(null)).await.ok();
        assert_eq!(answer.data("viewer"), &json!({
            "actor": "API_TOKEN", "user": null, "token": { "kind": "API" },
            "permissions": ["PRODUCTS_READ"], "memberships": [], "sessions": [],
        }));
        let before = shop.fingerprint().await;
        for mutation in ["signOut", "sessionsRevokeOthers", "accountUpdate(input: { name: \"X\" })"] {
            let answer = token.query(&format!("mutation {{ {mutation} {{ userErrors {{ code }} }} }}"), json!(null)).await;
            assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&answer.code()), "{answer}");
        }
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());
    }

    async fn a_person_changes_her_account(db: Database) {
        let shop = Shop::open(db).await;
        let maria = maria(&shop).await;
        let document = "mutation($input: AccountUpdateInput!, $version: Int) { accountUpdate(input: $input, expectedVersion: $version) { \
            user { name locale version email } userErrors { code field } } }";
        let before = shop.ledger().await;
        let variables = json!({ "input": { "name": " Maria Silva ", "locale": "PT-br" }, "version": 1 });
        let answer = maria.actor.query(document, variables.clone()).await.ok();
        let user = json!({ "name": "Maria Silva", "locale": "pt-BR", "version": 2, "email": EMAIL });
        assert_eq!(answer.data("accountUpdate.user"), &user);
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["account.update".to_owned()], vec!["user.updated".to_owned()]));

        let before = shop.fingerprint().await;
        let answer = maria.actor.query(document, variables).await;
        assert_eq!(answer.user_error("accountUpdate"), "STALE expectedVersion");
        let answer = maria.actor.query(document, json!({ "input": { "name": "", "locale": "x" } })).await;
        assert_eq!(answer.user_error_codes("accountUpdate"), ["REQUIRED", "INVALID"]);
        assert_eq!(shop.fingerprint().await.changed(&before), Vec::<String>::new());

        let answer = maria.actor.query(document, json!({ "input": { "locale": null } })).await.ok();
        assert_eq!(answer.data("accountUpdate.user.locale"), &json!(null));
        sign_in(&shop, EMAIL, PASSWORD).await;
    }
}
