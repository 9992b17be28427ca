//! Stories of roles.

use rules::permission::Permission;
use serde_json::Value;

use super::{linden, role, update, with_role};
use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($organization: ID!, $input: RoleCreateInput!) {
    roleCreate(organizationId: $organization, input: $input) {
        role { id name builtIn permissions version } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: RoleUpdateInput!, $version: Int) {
    roleUpdate(id: $id, input: $input, expectedVersion: $version) {
        role { name description permissions version } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!) { roleDelete(id: $id) { deletedRoleId userErrors { code field } } }";

async fn create(shop: &Shop, who: &Actor, name: &str, permissions: Value) -> Answer {
    let input = json!({ "name": name, "permissions": permissions });
    who.query(CREATE, json!({ "organization": linden(shop), "input": input })).await
}

both! {
    async fn a_role_is_made_changed_and_deleted(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.ledger().await;
        let answer = create(&shop, &owner, "Photo desk", json!(["PRODUCTS_READ", "PRODUCTS_MANAGE"])).await.ok();
        let id = answer.text("roleCreate.role.id").to_owned();
        assert_eq!(answer.data("roleCreate.role.builtIn"), &Value::Null);
        let taken = create(&shop, &owner, " photo DESK ", json!([])).await;
        assert_eq!(taken.user_error("roleCreate"), "TAKEN name");
        assert_eq!(create(&shop, &owner, "owner", json!([])).await.user_error("roleCreate"), "RESERVED name");

        let input = json!({ "description": "Pictures", "permissions": ["PRODUCTS_READ"] });
        let answer = owner.query(UPDATE, json!({ "id": id, "input": input, "version": 1 })).await.ok();
        assert_eq!(answer.data("roleUpdate.role.permissions"), &json!(["PRODUCTS_READ"]));
        let answer = owner.query(UPDATE, json!({ "id": id, "input": {}, "version": 1 })).await;
        assert_eq!(answer.user_error("roleUpdate"), "STALE expectedVersion");

        let list = "query($id: ID!) { roles(organizationId: $id) { name builtIn } }";
        let answer = owner.query(list, json!({ "id": linden(&shop) })).await.ok();
        let names = answer.texts("roles", "name");
        assert_eq!(names, ["Owner", "Administrator", "Manager", "Merchandiser", "Viewer", "Photo desk"]);
        owner.query(DELETE, json!({ "id": id })).await.ok();
        assert_eq!(owner.query(DELETE, json!({ "id": id })).await.code(), "NOT_FOUND");
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["role.create", "role.delete", "role.update"]);
        assert_eq!(told.events, ["role.created", "role.deleted", "role.updated"]);
    }

    async fn a_role_in_use_stays(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, role) = (shop.owner(), shop.role(&[]).await);
        let member = shop.membership(&[]).await;
        update(&owner, &member, json!({ "role": { "roleId": role } })).await.ok();
        assert_eq!(owner.query(DELETE, json!({ "id": role })).await.user_error("roleDelete"), "IN_USE");
        update(&owner, &member, json!({ "role": { "builtIn": "VIEWER" } })).await.ok();

        // An invitation that is open keeps it too; one that has run out goes with it.
        let invite = "mutation($organization: ID!, $input: InvitationCreateInput!) {
            invitationCreate(organizationId: $organization, input: $input) { userErrors { code } } }";
        let input = json!({ "email": "ada@people.example", "role": { "roleId": role } });
        owner.query(invite, json!({ "organization": linden(&shop), "input": input })).await.ok();
        assert_eq!(owner.query(DELETE, json!({ "id": role })).await.user_error("roleDelete"), "IN_USE");
        shop.execute("UPDATE invitations SET expires_at = created_at").await;
        owner.query(DELETE, json!({ "id": role })).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM invitations").await, 0);
    }

    async fn attack_t12_permission_lists_deny_by_default(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.fingerprint().await;
        for wrong in [json!(null), json!(["EVERYTHING"]), json!([null]), json!(["products_read"])] {
            let answer = create(&shop, &owner, "Any", wrong).await;
            assert!(!answer.is_ok() && answer.status < 500, "{answer}");
        }
        let answer = create(&shop, &owner, "Any", json!(["PRODUCTS_READ", "PRODUCTS_READ"])).await;
        assert_eq!(answer.user_error("roleCreate"), "DUPLICATE permissions.1");
        shop.assert_unchanged(&before).await;

        // A role with no rights gives none.
        let answer = create(&shop, &owner, "None", json!([])).await.ok();
        assert_eq!(answer.data("roleCreate.role.permissions"), &json!([]));
        let powerless = shop.powerless().await;
        let id = super::membership_of(&shop, &powerless).await;
        update(&owner, &id, json!({ "role": { "roleId": answer.text("roleCreate.role.id") } })).await.ok();
        let viewer = powerless.query("{ viewer { permissions } }", json!({})).await.ok();
        assert_eq!(viewer.data("viewer.permissions"), &json!([]));
        assert_eq!(create(&shop, &powerless, "Mine", json!([])).await.code(), "FORBIDDEN");
        assert_eq!(create(&shop, &shop.anonymous(), "Mine", json!([])).await.code(), "UNAUTHENTICATED");
    }

    async fn attack_t13_null_never_means_all_or_none_in_a_role(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, role) = (shop.owner(), shop.role(&[Permission::ProductsRead]).await);
        let permissions = async |input: Value| {
            let answer = owner.query(UPDATE, json!({ "id": role, "input": input })).await;
            (answer.data("roleUpdate.role")["permissions"].clone(), answer.user_error("roleUpdate"))
        };
        assert_eq!(permissions(json!({})).await, (json!(["PRODUCTS_READ"]), String::new()));
        assert_eq!(permissions(json!({ "permissions": null })).await, (Value::Null, "INVALID permissions".to_owned()));
        assert_eq!(permissions(json!({ "name": "Kept" })).await.0, json!(["PRODUCTS_READ"]));
        assert_eq!(permissions(json!({ "permissions": [] })).await.0, json!([]));
    }

    async fn attack_t14_a_role_holds_nothing_that_its_maker_does_not(db: Database) {
        let shop = Shop::open(db).await;
        let maker = shop.staff([Permission::RolesManage, Permission::ProductsRead]).await;
        let answer = create(&shop, &maker, "More", json!(["PRODUCTS_READ", "MEMBERS_MANAGE"])).await;
        assert_eq!(answer.user_error("roleCreate"), "PERMISSION_NOT_HELD permissions");
        // What is denied is not held, whatever the role says.
        let denied = Membership {
            permissions: vec![Permission::RolesManage, Permission::PricesManage],
            denies: vec![Permission::PricesManage],
            ..Membership::default()
        };
        let denied = shop.member(&denied).await;
        let before = shop.fingerprint().await;
        let answer = create(&shop, &denied, "More", json!(["PRICES_MANAGE"])).await;
        assert_eq!(answer.user_error("roleCreate"), "PERMISSION_NOT_HELD permissions");
        shop.assert_unchanged(&before).await;
    }

    async fn rule_a1_a_role_above_ones_own_is_not_editable(db: Database) {
        let shop = Shop::open(db).await;
        let powerful = shop.role(&role("ADMINISTRATOR")).await;
        let clerk = shop.staff([Permission::RolesManage, Permission::ProductsRead]).await;
        let before = shop.fingerprint().await;
        for input in [json!({ "name": "Mine now" }), json!({ "permissions": [] }), json!({ "permissions": ["PRODUCTS_READ"] })] {
            let answer = clerk.query(UPDATE, json!({ "id": powerful, "input": input })).await;
            assert_eq!(answer.user_error("roleUpdate"), "PERMISSION_NOT_HELD");
        }
        assert_eq!(clerk.query(DELETE, json!({ "id": powerful })).await.user_error("roleDelete"), "PERMISSION_NOT_HELD");
        shop.assert_unchanged(&before).await;

        // One's own role can't be filled up either.
        let own = shop.role(&[Permission::ProductsRead]).await;
        let answer = clerk.query(UPDATE, json!({ "id": own, "input": { "permissions": ["PRICES_MANAGE"] } })).await;
        assert_eq!(answer.user_error("roleUpdate"), "PERMISSION_NOT_HELD permissions");
        clerk.query(UPDATE, json!({ "id": own, "input": { "permissions": ["PRODUCTS_READ", "ROLES_MANAGE"] } })).await.ok();
    }

    async fn rule_a1_a_role_holds_everywhere_and_so_must_whoever_changes_it(db: Database) {
        let shop = Shop::open(db).await;
        let may = Membership {
            permissions: role("ADMINISTRATOR"),
            stores: Some(vec![shop.linden.store()]),
            ..Membership::default()
        };
        let (of_one_store, role) = (shop.member(&may).await, shop.role(&[Permission::ProductsRead]).await);
        let input = json!({ "permissions": ["PRODUCTS_READ", "PRODUCTS_MANAGE"] });
        let answer = of_one_store.query(UPDATE, json!({ "id": role, "input": input })).await;
        assert_eq!(answer.user_error("roleUpdate"), "PERMISSION_NOT_HELD");
        let everywhere = with_role(&shop, "ADMINISTRATOR").await;
        everywhere.query(UPDATE, json!({ "id": role, "input": input })).await.ok();
    }

    async fn rule_a1_what_a_role_allows_counts_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, role) = (shop.owner(), shop.role(&[Permission::OrganizationRead]).await);
        let person = shop.powerless().await;
        update(&owner, &super::membership_of(&shop, &person).await, json!({ "role": { "roleId": role } })).await.ok();
        let stores = "query($id: ID!) { stores(organizationId: $id) { totalCount } }";
        let variables = json!({ "id": linden(&shop) });
        assert_eq!(person.query(stores, variables.clone()).await.ok().number("stores.totalCount"), 2);
        owner.query(UPDATE, json!({ "id": role, "input": { "permissions": [] } })).await.ok();
        assert_eq!(person.query(stores, variables).await.code(), "FORBIDDEN");
    }
}
