//! Stories of invitations.

use chrono::TimeDelta;
use rules::permission::Permission;
use serde_json::Value;

use super::{linden, membership_of, remove, role, update, with_role};
use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($organization: ID!, $input: InvitationCreateInput!) {
    invitationCreate(organizationId: $organization, input: $input) {
        invitation { id email state expiresAt role { name } stores { handle } } token userErrors { code field message } } }";
const ACCEPT: &str = "mutation($token: String!) { invitationAccept(token: $token) {
    membership { id allStores stores { handle } role { builtIn } permissions organization { handle } }
    userErrors { code field message } } }";
const REVOKE: &str = "mutation($id: ID!) { invitationRevoke(id: $id) { invitation { state } userErrors { code } } }";

async fn invite(shop: &Shop, who: &Actor, input: Value) -> Answer {
    who.query(CREATE, json!({ "organization": linden(shop), "input": input })).await
}

async fn accept(who: &Actor, token: &str) -> Answer {
    who.query(ACCEPT, json!({ "token": token })).await
}

/// A person, and an invitation for them as a viewer of the first store.
async fn invited(shop: &Shop) -> (Actor, String) {
    let person = shop.stranger().await.nowhere();
    let input = json!({
        "email": shop.email_of(&person).await, "role": { "builtIn": "VIEWER" },
        "storeIds": [shop.linden.store().to_string()],
    });
    let answer = invite(shop, &shop.owner(), input).await.ok();
    (person, answer.text("invitationCreate.token").to_owned())
}

both! {
    async fn whoever_was_invited_becomes_a_member(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let (person, token) = invited(&shop).await;
        assert!(token.starts_with("stoa_inv_"));
        let answer = accept(&person, &token).await.ok();
        let membership = answer.data("invitationAccept.membership");
        assert_eq!(membership["organization"]["handle"], "linden");
        assert_eq!(membership["role"]["builtIn"], "VIEWER");
        assert_eq!((&membership["allStores"], &membership["stores"]), (&json!(false), &json!([{ "handle": "linden" }])));
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["invitation.accept", "invitation.create"]);
        assert_eq!(told.events, ["invitation.accepted", "invitation.created", "membership.created"]);
        let viewer = person.clone().in_store("linden").query("{ viewer { permissions } }", json!({})).await.ok();
        assert!(viewer.data("viewer.permissions").as_array().unwrap().contains(&json!("PRODUCTS_READ")));
        let viewer = person.in_store("linden-us").query("{ viewer { permissions } }", json!({})).await.ok();
        assert!(!viewer.data("viewer.permissions").as_array().unwrap().contains(&json!("PRODUCTS_READ")));
    }

    async fn an_invitation_is_shown_without_its_secret_and_stored_as_a_hash(db: Database) {
        let shop = Shop::open(db).await;
        let (_, token) = invited(&shop).await;
        let list = "query($id: ID!) { invitations(organizationId: $id) { nodes { email state role { name } stores { handle } invitedBy { name email } } totalCount } }";
        let answer = shop.owner().query(list, json!({ "id": linden(&shop) })).await.ok();
        assert_eq!(answer.text("invitations.nodes.0.state"), "OPEN");
        assert!(!answer.body.to_string().contains(&token));
        let like = format!("%{}%", &token[..30]);
        for (table, column) in [("platform_events", "payload"), ("organization_audit_logs", "after")] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE '{like}'");
            assert_eq!(shop.number(&sql).await, 0, "{table}");
        }
    }

    async fn an_invitation_is_bound_to_its_address(db: Database) {
        let shop = Shop::open(db).await;
        let (person, token) = invited(&shop).await;
        let other = shop.stranger().await;
        let integration = shop.token([Permission::ProductsRead]).await;
        let before = shop.fingerprint().await;
        assert_eq!(accept(&other, &token).await.user_error("invitationAccept"), "NOT_ALLOWED token");
        assert_eq!(accept(&shop.anonymous(), &token).await.code(), "UNAUTHENTICATED");
        assert!(["UNAUTHENTICATED", "FORBIDDEN"].contains(&accept(&integration, &token).await.code()));
        shop.assert_unchanged(&before).await;
        accept(&person, &token).await.ok();
    }

    async fn an_invitation_works_once_however_many_try(db: Database) {
        let shop = Shop::open(db).await;
        let (person, token) = invited(&shop).await;
        let twin = shop.again(&person).await.nowhere();
        let tries = futures::future::join_all((0..6).map(|n| accept(if n % 2 == 0 { &person } else { &twin }, &token))).await;
        assert_eq!(tries.iter().filter(|answer| answer.is_ok()).count(), 1, "{tries:?}");
        for answer in tries.iter().filter(|answer| !answer.is_ok()) {
            assert_eq!(answer.user_error("invitationAccept"), "INVALID_TOKEN token");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM memberships WHERE built_in_role = 'VIEWER'").await, 1);
    }

    async fn an_invitation_that_is_over_is_as_good_as_none(db: Database) {
        let shop = Shop::open(db).await;
        let (person, expired) = invited(&shop).await;
        shop.wait(TimeDelta::days(7));
        let person = shop.again(&person).await.nowhere();
        let none = accept(&person, "stoa_inv_nothing").await;
        assert_eq!(none.user_error("invitationAccept"), "INVALID_TOKEN token");
        assert_eq!(accept(&person, &expired).await.body, none.body);

        // It makes room for another one, which is revoked.
        let owner = shop.again(&shop.owner()).await;
        let input = json!({ "email": shop.email_of(&person).await, "role": { "builtIn": "VIEWER" } });
        let answer = invite(&shop, &owner, input.clone()).await.ok();
        let twice = invite(&shop, &owner, input).await;
        assert_eq!(twice.user_error("invitationCreate"), "TAKEN email");
        let id = answer.text("invitationCreate.invitation.id");
        let revoked = owner.query(REVOKE, json!({ "id": id })).await.ok();
        assert_eq!(revoked.text("invitationRevoke.invitation.state"), "REVOKED");
        assert_eq!(owner.query(REVOKE, json!({ "id": id })).await.user_error("invitationRevoke"), "NOT_ALLOWED");
        assert_eq!(accept(&person, answer.text("invitationCreate.token")).await.body, none.body);
    }

    async fn who_is_a_member_is_not_invited(db: Database) {
        let shop = Shop::open(db).await;
        let member = shop.powerless().await;
        let input = json!({ "email": shop.email_of(&member).await.to_uppercase(), "role": { "builtIn": "VIEWER" } });
        assert_eq!(invite(&shop, &shop.owner(), input).await.user_error("invitationCreate"), "TAKEN email");
        // Somebody who became one in the meantime keeps the place that they have.
        let (person, token) = invited(&shop).await;
        let user = person.user.expect("a person");
        shop.writer().member(shop.linden.id, user, &Membership::default()).await;
        let before = shop.fingerprint().await;
        assert_eq!(accept(&person, &token).await.user_error("invitationAccept"), "NOT_ALLOWED");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t14_nobody_invites_to_more_than_they_hold(db: Database) {
        let shop = Shop::open(db).await;
        let stores = Some(vec![shop.linden.store()]);
        let lead = Membership { permissions: role("ADMINISTRATOR"), stores, ..Membership::default() };
        let (lead, us) = (shop.member(&lead).await, shop.store_in_us().to_string());
        let before = shop.fingerprint().await;
        let email = "ada@people.example";
        for (input, problem) in [
            (json!({ "email": email, "role": { "builtIn": "OWNER" }, "allStores": true }), "PERMISSION_NOT_HELD role"),
            (json!({ "email": email, "role": { "builtIn": "VIEWER" }, "allStores": true }), "PERMISSION_NOT_HELD allStores"),
            (json!({ "email": email, "role": { "builtIn": "VIEWER" }, "storeIds": [us] }), "PERMISSION_NOT_HELD storeIds"),
            (json!({ "email": email, "role": { "builtIn": "OWNER" } }), "NOT_ALLOWED allStores"),
            (json!({ "email": email, "role": { "builtIn": "VIEWER" }, "storeIds": [shop.rival.store().to_string()] }), "NOT_FOUND storeIds"),
            (json!({ "email": "ada", "role": { "builtIn": "VIEWER" } }), "INVALID email"),
        ] {
            assert_eq!(invite(&shop, &lead, input).await.user_error("invitationCreate"), problem);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t14_an_invitation_does_not_outlive_the_rights_of_its_inviter(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, lead) = (shop.owner(), with_role(&shop, "ADMINISTRATOR").await);
        let (person, own) = (shop.stranger().await.nowhere(), membership_of(&shop, &lead).await);
        let email = shop.email_of(&person).await;
        let input = json!({ "email": email, "role": { "builtIn": "ADMINISTRATOR" }, "allStores": true });
        let token = invite(&shop, &lead, input).await.ok().text("invitationCreate.token").to_owned();
        update(&owner, &own, json!({ "role": { "builtIn": "MANAGER" } })).await.ok();
        let before = shop.fingerprint().await;
        assert_eq!(accept(&person, &token).await.user_error("invitationAccept"), "INVALID_TOKEN token");
        remove(&owner, &own).await.ok();
        assert_eq!(accept(&person, &token).await.user_error("invitationAccept"), "INVALID_TOKEN token");
        assert!(!before.changed(&shop.fingerprint().await).contains(&"invitations".to_owned()));
    }
}
