//! Stories of organizations.

use serde_json::Value;

use super::linden;
use crate::harness::{Shop, json};

const CREATE: &str = "mutation($input: OrganizationCreateInput!) { organizationCreate(input: $input) {
    organization { id name handle membership { allStores role { builtIn } permissions } }
    userErrors { code field message } } }";

both! {
    async fn whoever_founds_an_organization_owns_it(db: Database) {
        let shop = Shop::open(db).await;
        let ada = shop.stranger().await.nowhere();
        let before = shop.ledger().await;
        let answer = ada.query(CREATE, json!({ "input": { "name": " Kettle & Kin " } })).await.ok();
        assert_eq!(answer.text("organizationCreate.organization.name"), "Kettle & Kin");
        assert_eq!(answer.text("organizationCreate.organization.handle"), "kettle-kin");
        let membership = answer.data("organizationCreate.organization.membership");
        assert_eq!(membership["role"]["builtIn"], "OWNER");
        assert_eq!(membership["allStores"], true);
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["organization.create"]);
        assert_eq!(told.events, ["membership.created", "organization.created"]);

        let id = answer.text("organizationCreate.organization.id");
        let one = "query($id: ID!) { organization(id: $id) { handle version } }";
        assert_eq!(ada.query(one, json!({ "id": id })).await.ok().number("organization.version"), 1);
        let taken = shop.stranger().await.query(CREATE, json!({ "input": { "name": "X", "handle": "kettle-kin" } })).await;
        assert_eq!(taken.user_error("organizationCreate"), "TAKEN handle");
        let reserved = ada.query(CREATE, json!({ "input": { "name": "X", "handle": "admin" } })).await;
        assert_eq!(reserved.user_error("organizationCreate"), "RESERVED handle");
    }

    async fn an_organization_is_renamed_by_who_read_it_last(db: Database) {
        let shop = Shop::open(db).await;
        let update = "mutation($id: ID!, $input: OrganizationUpdateInput!, $version: Int) {
            organizationUpdate(id: $id, input: $input, expectedVersion: $version) {
                organization { name version } userErrors { code field } } }";
        let variables = json!({ "id": linden(&shop), "input": { "name": "Linden & Loom" }, "version": 1 });
        let answer = shop.owner().query(update, variables.clone()).await.ok();
        assert_eq!(answer.number("organizationUpdate.organization.version"), 2);
        let answer = shop.owner().query(update, variables).await;
        assert_eq!(answer.user_error("organizationUpdate"), "STALE expectedVersion");
    }

    async fn attack_t16_everybody_sees_their_own_organizations_alone(db: Database) {
        let shop = Shop::open(db).await;
        let mine = "{ organizations { nodes { id handle } totalCount } }";
        let answer = shop.owner().nowhere().query(mine, json!({})).await.ok();
        assert_eq!(answer.texts("organizations.nodes", "handle"), ["linden"]);
        assert_eq!(answer.number("organizations.totalCount"), 1);
        let answer = shop.stranger().await.query(mine, json!({})).await.ok();
        assert_eq!(answer.number("organizations.totalCount"), 0);

        let rival = json!({ "id": shop.rival.id.to_string() });
        let one = "query($id: ID!) { organization(id: $id) { id } }";
        assert_eq!(shop.owner().query(one, rival.clone()).await.ok().data("organization"), &Value::Null);
        for list in ["stores", "memberships", "invitations"] {
            let document = format!("query($id: ID!) {{ {list}(organizationId: $id) {{ totalCount nodes {{ id }} }} }}");
            let theirs = shop.owner().query(&document, rival.clone()).await;
            let never = shop.id::<rules::ids::OrganizationId>().to_string();
            let nobodys = shop.owner().query(&document, json!({ "id": never })).await;
            assert_eq!(theirs.code(), "NOT_FOUND", "{theirs}");
            assert_eq!(theirs.refusal(), nobodys.refusal(), "{list}");
        }
        let roles = "query($id: ID!) { roles(organizationId: $id) { name } }";
        assert_eq!(shop.owner().query(roles, rival).await.code(), "NOT_FOUND");
    }

    async fn a_permission_in_one_organization_is_none_in_another(db: Database) {
        let shop = Shop::open(db).await;
        // The owner of Linden is also a member of the rival who may do nothing there.
        let nothing = crate::harness::world::Membership::default();
        shop.writer().member(shop.rival.id, shop.linden.owner.user, &nothing).await;
        let owner = shop.owner().nowhere();
        let document = "query($id: ID!) { memberships(organizationId: $id) { totalCount } }";
        let answer = owner.query(document, json!({ "id": shop.rival.id.to_string() })).await;
        assert_eq!(answer.code(), "FORBIDDEN", "a member knows that it is there");
        assert_eq!(owner.query(document, json!({ "id": linden(&shop) })).await.ok().number("memberships.totalCount"), 1);
    }

    async fn who_is_suspended_writes_nothing(db: Database) {
        let shop = Shop::open(db).await;
        shop.execute("UPDATE organizations SET suspended_at = created_at WHERE handle = 'linden'").await;
        let before = shop.fingerprint().await;
        let update = "mutation($id: ID!) { organizationUpdate(id: $id, input: { name: \"X\" }) { userErrors { code } } }";
        let answer = shop.owner().nowhere().query(update, json!({ "id": linden(&shop) })).await;
        assert!(["FORBIDDEN", "NOT_FOUND"].contains(&answer.code()), "{answer}");
        shop.assert_unchanged(&before).await;
    }
}
