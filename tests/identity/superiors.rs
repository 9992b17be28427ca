//! Stories of staff and those above them: no door of an account opens to somebody else.

use rules::permission::{BuiltInRole, Permission};
use serde_json::Value;

use super::{is_signed_in, sign_in, sign_up, try_to_sign_in};
use crate::harness::builders::PASSWORD;
use crate::harness::world::Membership;
use crate::harness::{Actor, Shop, json};

/// Everybody below an owner who may do something with people: an administrator, and one with the rights
/// over members, roles and tokens alone.
async fn lessers(shop: &Shop) -> [Actor; 2] {
    let administrator = BuiltInRole::from_key("ADMINISTRATOR").expect("a built-in role").permissions();
    let administrator = Membership { permissions: administrator.iter().collect(), ..Membership::default() };
    let people =
        [Permission::MembersManage, Permission::MembersRead, Permission::RolesManage, Permission::ApiTokensManage];
    [shop.member(&administrator).await, shop.staff(people).await]
}

both! {
    async fn attack_n17_a_superiors_account_has_no_door_for_staff(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.give_password(shop.linden.owner.user).await;
        let email = shop.email_of(&owner).await;
        let membership = owner.query("{ organizations { nodes { membership { id } } } }", json!({})).await.ok();
        let membership = membership.text("organizations.nodes.0.membership.id").to_owned();
        let session = owner.session.expect("a session").to_string();
        let lessers = lessers(&shop).await;
        let before = shop.fingerprint().await;
        for staff in &lessers {
            // The membership: not changed, not lowered, not removed.
            let update = "mutation($id: ID!, $input: MembershipUpdateInput!) { membershipUpdate(id: $id, input: $input) { membership { id } userErrors { code } } }";
            for input in [json!({ "role": { "builtIn": "VIEWER" } }), json!({ "denies": ["MEMBERS_MANAGE"] }), json!({ "allStores": false, "storeIds": [] })] {
                let answer = staff.query(update, json!({ "id": membership, "input": input })).await;
                assert_eq!(answer.user_error_codes("membershipUpdate"), ["PERMISSION_NOT_HELD"], "{input}");
            }
            let remove = "mutation($id: ID!) { membershipRemove(id: $id) { removedMembershipId userErrors { code } } }";
            let answer = staff.query(remove, json!({ "id": membership })).await;
            assert_eq!(answer.user_error_codes("membershipRemove"), ["PERMISSION_NOT_HELD"]);

            // A session of somebody else is as absent as one that never was, and others are one's own.
            let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { revokedSessionId userErrors { code } } }";
            let never = shop.id::<rules::ids::SessionId>().to_string();
            let (theirs, none) = (staff.query(revoke, json!({ "id": session })).await, staff.query(revoke, json!({ "id": never })).await);
            assert_eq!((theirs.code(), theirs.refusal()), ("NOT_FOUND", none.refusal()));
            assert_eq!(theirs.statements(), none.statements());

            // Password and name are changed by their person alone: no field names anybody else.
            for (field, input) in [
                ("passwordChange", json!({ "currentPassword": PASSWORD, "newPassword": "wrong zebra staple", "email": email })),
                ("passwordChange", json!({ "currentPassword": PASSWORD, "newPassword": "wrong zebra staple", "userId": shop.linden.owner.user.to_string() })),
                ("accountUpdate", json!({ "name": "Taken", "userId": shop.linden.owner.user.to_string() })),
                ("accountUpdate", json!({ "email": email })),
            ] {
                let kind = if field == "passwordChange" { "PasswordChangeInput" } else { "AccountUpdateInput" };
                let document = format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ user {{ id }} userErrors {{ code }} }} }}");
                let answer = staff.query(&document, json!({ "input": input })).await;
                assert_eq!(answer.status, 400, "{field} with {input}: {answer}");
            }
        }
        shop.assert_unchanged(&before).await;
        assert!(is_signed_in(&owner).await);
        try_to_sign_in(&shop.anonymous().nowhere(), &email, PASSWORD).await.ok();
    }

    async fn attack_n17_no_invitation_and_no_sign_up_takes_a_superiors_place(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.give_password(shop.linden.owner.user).await;
        let email = shop.email_of(&owner).await;
        // Whoever signs up with the address gets the usual answer, and changes nothing of the account.
        let credentials = "SELECT password_hash FROM user_credentials";
        let hash = shop.texts(credentials).await;
        sign_up(&shop, &email, "seven green tractors").await.ok();
        assert_eq!(shop.texts(credentials).await, hash);
        let refused = try_to_sign_in(&shop.anonymous().nowhere(), &email, "seven green tractors").await;
        assert_eq!(refused.user_error_codes("signIn"), ["INVALID_CREDENTIALS"]);
        sign_in(&shop, &email, PASSWORD).await;

        for staff in lessers(&shop).await {
            let invite = "mutation($organization: ID!, $input: InvitationCreateInput!) { \
                invitationCreate(organizationId: $organization, input: $input) { invitation { id } token userErrors { code } } }";
            let organization = shop.linden.id.to_string();
            // To a lesser place, for who is there already; and to the place above one's own.
            let other = format!("{}@people.example", shop.word());
            let before = shop.fingerprint().await;
            for (email, role) in [(&email, "VIEWER"), (&email, "OWNER"), (&other, "OWNER")] {
                let input = json!({ "email": email, "role": { "builtIn": role }, "allStores": true });
                let answer = staff.query(invite, json!({ "organization": organization, "input": input })).await;
                assert!(!answer.is_ok(), "{email} as {role}: {answer}");
                assert!(answer.body["data"]["invitationCreate"]["token"].is_null(), "{answer}");
            }
            shop.assert_unchanged(&before).await;
        }
    }

    async fn attack_n17_a_role_that_superiors_have_is_not_lowered_by_those_below(db: Database) {
        let shop = Shop::open(db).await;
        let all: Vec<Permission> = Permission::ALL.to_vec();
        let above = crate::harness::tenancy::role(&shop.owner(), shop.linden.id, "Founders", &all).await;
        let before_staff = lessers(&shop).await;
        let before = shop.fingerprint().await;
        for staff in before_staff {
            let update = "mutation($id: ID!, $input: RoleUpdateInput!) { roleUpdate(id: $id, input: $input) { role { id } userErrors { code } } }";
            for input in [json!({ "permissions": [] }), json!({ "name": "Nobody" })] {
                let answer = staff.query(update, json!({ "id": above, "input": input })).await;
                assert_eq!(answer.user_error_codes("roleUpdate"), ["PERMISSION_NOT_HELD"], "{input}");
            }
            let delete = "mutation($id: ID!) { roleDelete(id: $id) { deletedRoleId userErrors { code } } }";
            let answer = staff.query(delete, json!({ "id": above })).await;
            assert!(!answer.is_ok() && answer.body["data"]["roleDelete"]["deletedRoleId"] == Value::Null, "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }
}
