//! Stories of members.

use rules::permission::Permission;
use serde_json::Value;

use super::{linden, membership_of, remove, role, update, with_role};
use crate::harness::world::Membership;
use crate::harness::{Shop, json};

/// How many owners Linden has.
async fn owners(shop: &Shop) -> i64 {
    let sql = "SELECT COUNT(*) FROM memberships WHERE built_in_role = 'OWNER' AND organization_id = ";
    shop.number(&format!("{sql}{}", shop.literal(shop.linden.id.0))).await
}

both! {
    async fn a_member_gets_a_role_rights_and_stores(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, member) = (shop.owner(), shop.membership(&[]).await);
        let before = shop.ledger().await;
        let input = json!({
            "role": { "builtIn": "MERCHANDISER" }, "storeIds": [shop.store_in_us().to_string()],
            "grants": ["INVENTORY_MANAGE"], "denies": ["PRICES_MANAGE"],
        });
        let answer = update(&owner, &member, input).await.ok();
        let after = answer.data("membershipUpdate.membership");
        assert_eq!(after["role"], json!({ "name": "Merchandiser", "builtIn": "MERCHANDISER" }));
        assert_eq!(after["stores"], json!([{ "handle": "linden-us" }]));
        assert_eq!((&after["allStores"], &after["version"]), (&json!(false), &json!(2)));
        let may: Vec<&str> = answer.data("membershipUpdate.membership.permissions").as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(may.contains(&"INVENTORY_MANAGE") && may.contains(&"PRICES_READ") && !may.contains(&"PRICES_MANAGE"));
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["membership.update".to_owned()], vec!["membership.updated".to_owned()]));

        let stale = "mutation($id: ID!) { membershipUpdate(id: $id, input: {}, expectedVersion: 1) { userErrors { code field } } }";
        assert_eq!(owner.query(stale, json!({ "id": member })).await.user_error("membershipUpdate"), "STALE expectedVersion");
        let list = "query($id: ID!) { memberships(organizationId: $id) { nodes { id user { name email } } totalCount } }";
        let answer = owner.query(list, json!({ "id": linden(&shop) })).await.ok();
        assert_eq!(answer.number("memberships.totalCount"), 2);
        assert_eq!(answer.text("memberships.nodes.0.user.email"), "owner@linden.example");
    }

    async fn attack_t13_null_never_means_all_or_none_in_a_membership(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let may = Membership {
            grants: vec![Permission::PricesRead],
            denies: vec![Permission::ProductsRead],
            stores: Some(vec![shop.linden.store()]),
            ..Membership::default()
        };
        let member = shop.membership_with(&may).await;
        let before = shop.fingerprint().await;
        let answer = update(&owner, &member, json!({ "grants": null, "denies": null, "storeIds": null })).await;
        assert_eq!(answer.user_error_codes("membershipUpdate"), ["INVALID", "INVALID", "INVALID"]);
        shop.assert_unchanged(&before).await;

        let answer = update(&owner, &member, json!({})).await.ok();
        let kept = answer.data("membershipUpdate.membership");
        assert_eq!((&kept["grants"], &kept["denies"]), (&json!(["PRICES_READ"]), &json!(["PRODUCTS_READ"])));
        assert_eq!(kept["stores"], json!([{ "handle": "linden" }]));
        let answer = update(&owner, &member, json!({ "grants": [], "storeIds": [] })).await.ok();
        let emptied = answer.data("membershipUpdate.membership");
        assert_eq!((&emptied["grants"], &emptied["stores"]), (&json!([]), &json!([])));
        assert_eq!((&emptied["allStores"], &emptied["denies"]), (&json!(false), &json!(["PRODUCTS_READ"])));
    }

    async fn attack_t12_a_membership_takes_each_permission_once(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, member) = (shop.owner(), shop.membership(&[]).await);
        let before = shop.fingerprint().await;
        let twice = update(&owner, &member, json!({ "grants": ["PRICES_READ", "PRICES_READ"] })).await;
        assert_eq!(twice.user_error("membershipUpdate"), "DUPLICATE grants.1");
        let both = update(&owner, &member, json!({ "grants": ["PRICES_READ"], "denies": ["PRICES_READ"] })).await;
        assert_eq!(both.user_error("membershipUpdate"), "INVALID denies");
        for wrong in [json!(["ALL"]), json!([null])] {
            assert!(!update(&owner, &member, json!({ "grants": wrong })).await.is_ok());
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t14_nobody_gives_what_they_do_not_hold(db: Database) {
        let shop = Shop::open(db).await;
        let lead = shop.staff([Permission::MembersManage, Permission::ProductsRead]).await;
        let (member, own) = (shop.membership(&[]).await, membership_of(&shop, &lead).await);
        let before = shop.fingerprint().await;
        for (input, problem) in [
            (json!({ "grants": ["PRICES_MANAGE"] }), "PERMISSION_NOT_HELD grants"),
            (json!({ "role": { "builtIn": "OWNER" }, "allStores": true }), "PERMISSION_NOT_HELD role"),
            (json!({ "role": { "builtIn": "VIEWER" } }), "PERMISSION_NOT_HELD role"),
            // Denying what is too much does not make a role less.
            (json!({ "role": { "builtIn": "ADMINISTRATOR" }, "denies": ["PRICES_MANAGE"] }), "PERMISSION_NOT_HELD role"),
        ] {
            for id in [&member, &own] {
                assert_eq!(update(&lead, id, input.clone()).await.user_error("membershipUpdate"), problem);
            }
        }
        shop.assert_unchanged(&before).await;
        update(&lead, &member, json!({ "grants": ["PRODUCTS_READ"] })).await.ok();
    }

    async fn attack_t14_nobody_gives_stores_that_they_do_not_reach(db: Database) {
        let shop = Shop::open(db).await;
        let stores = Some(vec![shop.linden.store()]);
        let lead = Membership { permissions: role("ADMINISTRATOR"), stores: stores.clone(), ..Membership::default() };
        let lead = shop.member(&lead).await;
        let member = shop.membership_with(&Membership { stores, ..Membership::default() }).await;
        let us = shop.store_in_us().to_string();
        for input in [json!({ "storeIds": [us] }), json!({ "allStores": true })] {
            let answer = update(&lead, &member, input).await;
            assert_eq!(answer.user_error("membershipUpdate"), "PERMISSION_NOT_HELD storeIds");
        }
        // Whoever reaches the other store can't be given rights by somebody who does not.
        let elsewhere = Membership { stores: Some(vec![shop.store_in_us()]), ..Membership::default() };
        let elsewhere = shop.membership_with(&elsewhere).await;
        let before = shop.fingerprint().await;
        let answer = update(&lead, &elsewhere, json!({ "grants": ["PRODUCTS_MANAGE"] })).await;
        assert_eq!(answer.user_error("membershipUpdate"), "PERMISSION_NOT_HELD");
        shop.assert_unchanged(&before).await;
        update(&lead, &member, json!({ "grants": ["PRODUCTS_MANAGE"] })).await.ok();
    }

    async fn attack_t06_a_member_reaches_no_store_of_another_organization(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, member) = (shop.owner(), shop.membership(&[]).await);
        let before = shop.fingerprint().await;
        let made_up = shop.id::<rules::ids::StoreId>().to_string();
        for store in [shop.rival.store().to_string(), made_up] {
            let answer = update(&owner, &member, json!({ "storeIds": [store] })).await;
            assert_eq!(answer.user_error("membershipUpdate"), "NOT_FOUND storeIds");
        }
        let rivals = crate::harness::tenancy::role(&shop.rival(), shop.rival.id, "Theirs", &[]).await;
        let answer = update(&owner, &member, json!({ "role": { "roleId": rivals } })).await;
        assert_eq!(answer.user_error("membershipUpdate"), "NOT_FOUND role");
        assert!(!before.changed(&shop.fingerprint().await).contains(&"memberships".to_owned()));
    }

    async fn rule_a1_who_stands_above_is_neither_changed_nor_removed(db: Database) {
        let shop = Shop::open(db).await;
        let administrator = with_role(&shop, "ADMINISTRATOR").await;
        let owner = membership_of(&shop, &shop.owner()).await;
        // An owner with a denial is an owner still.
        let lesser = shop.membership(&[]).await;
        update(&shop.owner(), &lesser, json!({ "role": { "builtIn": "OWNER" } })).await.ok();
        let id = shop.literal_of(&lesser);
        shop.execute(&format!(
            "INSERT INTO membership_permissions (organization_id, membership_id, permission, effect) \
             SELECT organization_id, id, 'ORGANIZATION_MANAGE', 'DENY' FROM memberships WHERE id = {id}"
        )).await;
        let before = shop.fingerprint().await;
        for above in [&owner, &lesser] {
            for input in [json!({ "role": { "builtIn": "VIEWER" } }), json!({ "denies": ["ORGANIZATION_MANAGE"] }), json!({ "denies": [] })] {
                let answer = update(&administrator, above, input).await;
                assert_eq!(answer.user_error("membershipUpdate"), "PERMISSION_NOT_HELD");
            }
            assert_eq!(remove(&administrator, above).await.user_error("membershipRemove"), "PERMISSION_NOT_HELD");
        }
        shop.assert_unchanged(&before).await;
        // Equals may change each other.
        let equal = membership_of(&shop, &with_role(&shop, "ADMINISTRATOR").await).await;
        update(&administrator, &equal, json!({ "role": { "builtIn": "VIEWER" } })).await.ok();
        remove(&administrator, &equal).await.ok();
    }

    async fn rule_a1_the_last_owner_stays(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let own = membership_of(&shop, &owner).await;
        let before = shop.fingerprint().await;
        let answer = update(&owner, &own, json!({ "role": { "builtIn": "VIEWER" } })).await;
        assert_eq!(answer.user_error("membershipUpdate"), "LAST_OWNER");
        assert_eq!(remove(&owner, &own).await.user_error("membershipRemove"), "LAST_OWNER");
        for less in [json!({ "denies": ["PRICES_READ"] }), json!({ "allStores": false })] {
            assert_eq!(update(&owner, &own, less).await.user_error("membershipUpdate"), "NOT_ALLOWED role");
        }
        shop.assert_unchanged(&before).await;

        // An owner who can't sign in any more is none.
        let other = shop.membership(&[]).await;
        update(&owner, &other, json!({ "role": { "builtIn": "OWNER" } })).await.ok();
        let person = shop.literal_of(&other);
        let suspended = "UPDATE users SET suspended_at = created_at WHERE id = (SELECT user_id FROM memberships WHERE id = ";
        shop.execute(&format!("{suspended}{person})")).await;
        assert_eq!(remove(&owner, &own).await.user_error("membershipRemove"), "LAST_OWNER");
        shop.execute("UPDATE users SET suspended_at = NULL").await;
        remove(&owner, &own).await.ok();
        assert_eq!(owner.query("{ organizations { totalCount } }", json!({})).await.ok().number("organizations.totalCount"), 0);
    }

    async fn rule_a1_two_owners_who_remove_each_other_leave_one(db: Database) {
        let shop = Shop::open(db).await;
        let (ann, bob) = (shop.owner(), shop.powerless().await);
        let (of_ann, of_bob) = (membership_of(&shop, &ann).await, membership_of(&shop, &bob).await);
        update(&ann, &of_bob, json!({ "role": { "builtIn": "OWNER" } })).await.ok();
        // Each removes the other at once: whoever comes second is no member any more.
        let (first, second) = tokio::join!(remove(&ann, &of_bob), remove(&bob, &of_ann));
        assert!(first.is_ok() != second.is_ok(), "{first} {second}");
        assert_eq!(owners(&shop).await, 1);
    }

    async fn rule_a1_two_owners_who_leave_at_once_leave_one(db: Database) {
        let shop = Shop::open(db).await;
        let (ann, bob) = (shop.owner(), shop.powerless().await);
        let (of_ann, of_bob) = (membership_of(&shop, &ann).await, membership_of(&shop, &bob).await);
        update(&ann, &of_bob, json!({ "role": { "builtIn": "OWNER" } })).await.ok();
        let (first, second) = tokio::join!(
            remove(&ann, &of_ann),
            update(&bob, &of_bob, json!({ "role": { "builtIn": "VIEWER" } })),
        );
        assert!(first.is_ok() != second.is_ok(), "{first} {second}");
        let refused = if first.is_ok() {
            second.user_error("membershipUpdate")
        } else {
            first.user_error("membershipRemove")
        };
        assert_eq!(refused, "LAST_OWNER");
        assert_eq!(owners(&shop).await, 1);
    }

    async fn attack_t14_rights_that_are_being_taken_away_give_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let lead = with_role(&shop, "ADMINISTRATOR").await;
        let (of_lead, friend) = (membership_of(&shop, &lead).await, shop.membership(&[]).await);
        for _ in 0..8 {
            update(&owner, &of_lead, json!({ "role": { "builtIn": "ADMINISTRATOR" } })).await.ok();
            update(&owner, &friend, json!({ "grants": [] })).await.ok();
            let (demoted, given) = tokio::join!(
                update(&owner, &of_lead, json!({ "role": { "builtIn": "VIEWER" } })),
                update(&lead, &friend, json!({ "grants": ["PRODUCTS_MANAGE"] })),
            );
            demoted.ok();
            // Either it was given before the demotion, or it was refused.
            assert!(given.is_ok() || given.code() == "FORBIDDEN", "{given}");
            let after = update(&lead, &friend, json!({ "grants": ["PRICES_MANAGE"] })).await;
            assert_eq!(after.code(), "FORBIDDEN");
        }
    }

    async fn who_was_removed_is_out_with_the_next_request(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([Permission::ProductsRead, Permission::OrganizationRead]).await;
        let id = membership_of(&shop, &staff).await;
        let stores = "query($id: ID!) { stores(organizationId: $id) { totalCount } }";
        staff.query(stores, json!({ "id": linden(&shop) })).await.ok();
        let before = shop.ledger().await;
        remove(&shop.owner(), &id).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["membership.remove".to_owned()], vec!["membership.removed".to_owned()]));
        assert_eq!(staff.query(stores, json!({ "id": linden(&shop) })).await.code(), "FORBIDDEN");
        assert_eq!(remove(&shop.owner(), &id).await.code(), "NOT_FOUND");
    }

    async fn attack_t03_members_of_others_are_as_absent_as_what_never_was(db: Database) {
        let shop = Shop::open(db).await;
        let theirs = shop.rival().query("{ organizations { nodes { membership { id } } } }", json!({})).await.ok();
        let theirs = theirs.text("organizations.nodes.0.membership.id").to_owned();
        let never = shop.id::<rules::ids::MembershipId>().to_string();
        let before = shop.fingerprint().await;
        let (one, other) = (update(&shop.owner(), &theirs, json!({})).await, update(&shop.owner(), &never, json!({})).await);
        assert_eq!(one.code(), "NOT_FOUND");
        assert_eq!(one.refusal(), other.refusal());
        assert_eq!(one.statements(), other.statements());
        assert_eq!(remove(&shop.owner(), &theirs).await.code(), "NOT_FOUND");
        shop.assert_unchanged(&before).await;
    }
}
