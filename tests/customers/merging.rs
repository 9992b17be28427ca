//! Stories of guests who become part of an account, once the mailbox is proven and never before (rule C3).

use super::{EMAIL, PASSWORD, guest, is_signed_in, segment, sign_in, sign_up, verify};
use crate::harness::{Shop, json};
use serde_json::Value;

const TOTALS: &str =
    "{ customer { emailVerified orderTotals { orders spent { amount currencyCode } } addresses { id } } }";

/// A guest who has bought something, with an address, a tag and a segment.
async fn buyer(shop: &Shop) -> String {
    let owner = shop.owner();
    let id = guest(&owner, EMAIL).await;
    let keep = "mutation($id: ID!, $input: CustomerAddressInput!) { \
        customerAddressCreate(customerId: $id, input: $input) { address { id } userErrors { code } } }";
    let input = json!({ "address": { "address1": "1 Main St", "city": "Springfield", "country": "US" } });
    owner.query(keep, json!({ "id": id, "input": input })).await.ok();
    let mark = "mutation($id: ID!) { customerTagsAdd(id: $id, tags: [\"VIP\"]) { userErrors { code } } }";
    owner.query(mark, json!({ "id": id })).await.ok();
    let friends = segment(&owner, json!({ "name": "Friends" })).await;
    let put = "mutation($segment: ID!, $id: ID!) { segmentMembersAdd(id: $segment, customerIds: [$id]) { userErrors { code } } }";
    owner.query(put, json!({ "segment": friends, "id": id })).await.ok();
    let (store, customer) = (shop.literal(shop.linden.store()), shop.literal_of(&id));
    shop.execute(&format!(
        "INSERT INTO customer_order_totals (store_id, customer_id, currency, orders, spent, updated_at) \
         VALUES ({store}, {customer}, 'EUR', 2, 3000, '2026-03-01 12:00:00+00:00')"
    ))
    .await;
    id
}

both! {
    async fn rule_c3_attack_n06_a_guest_joins_the_account_on_proof_of_the_mailbox(db: Database) {
        let shop = Shop::open(db).await;
        let guest = buyer(&shop).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let token = shop.letter_token(EMAIL).await;
        let ann = sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        let before = ann.actor.query(TOTALS, Value::Null).await.ok();
        assert_eq!(before.data("customer.orderTotals"), &json!([]), "nothing before the proof");
        assert_eq!(before.data("customer.addresses"), &json!([]));

        verify(&shop.anonymous(), &token).await.ok();
        let after = ann.actor.query(TOTALS, Value::Null).await.ok();
        assert_eq!(after.data("customer.emailVerified"), &json!(true));
        assert_eq!(
            after.data("customer.orderTotals"),
            &json!([{ "orders": 2, "spent": { "amount": "30.00", "currencyCode": "EUR" } }])
        );
        assert_eq!(after.data("customer.addresses").as_array().map(Vec::len), Some(1));
        let staff = "query($id: ID!) { customer(id: $id) { tags segments { name } } }";
        let seen = shop.owner().query(staff, json!({ "id": ann.id })).await.ok();
        assert_eq!(seen.data("customer.tags"), &json!(["VIP"]));
        assert_eq!(seen.data("customer.segments"), &json!([{ "name": "Friends" }]));
        let gone = shop.owner().query(staff, json!({ "id": guest })).await.ok();
        assert_eq!(gone.data("customer"), &Value::Null, "the guest is no more");
        assert!(is_signed_in(&ann.actor).await);
        let again = verify(&shop.anonymous(), &token).await;
        assert_eq!(again.user_error("customerEmailVerify"), "INVALID_TOKEN token");
    }

    async fn rule_a3_attack_n05_a_letter_to_a_mailbox_that_changed_proves_nothing(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let token = shop.letter_token(EMAIL).await;
        let ann = sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        let change = "mutation($id: ID!) { customerUpdate(id: $id, input: { email: \"ann@new.example\" }) \
            { customer { email emailVerified } userErrors { code } } }";
        shop.owner().query(change, json!({ "id": ann.id })).await.ok();
        assert_eq!(verify(&shop.anonymous(), &token).await.user_error("customerEmailVerify"), "INVALID_TOKEN token");
        sign_in(&shop.anonymous(), "ann@new.example", PASSWORD).await;
    }

    async fn an_invited_guest_makes_an_account_of_oneself(db: Database) {
        let shop = Shop::open(db).await;
        let id = buyer(&shop).await;
        let invite = "mutation($id: ID!) { customerInvite(id: $id) { customer { id } userErrors { code field } } }";
        shop.owner().query(invite, json!({ "id": id })).await.ok();
        let token = shop.letter_token(EMAIL).await;
        let accept = "mutation($input: CustomerInvitationAcceptInput!) { \
            customerInvitationAccept(input: $input) { accepted userErrors { code field } } }";
        let input = json!({ "input": { "token": token, "password": PASSWORD } });
        shop.anonymous().query(accept, input.clone()).await.ok();
        let ann = sign_in(&shop.anonymous(), EMAIL, PASSWORD).await;
        assert_eq!(ann.id, id, "the same customer");
        let told = ann.actor.query(TOTALS, Value::Null).await.ok();
        assert_eq!(told.number("customer.orderTotals.0.orders"), 2);
        let again = shop.anonymous().query(accept, input).await;
        assert_eq!(again.user_error("customerInvitationAccept"), "INVALID_TOKEN token");
        let once_more = shop.owner().query(invite, json!({ "id": id })).await;
        assert_eq!(once_more.user_error("customerInvite"), "NOT_ALLOWED id");
    }

    async fn whoever_has_an_account_is_not_invited_as_a_guest(db: Database) {
        let shop = Shop::open(db).await;
        let id = guest(&shop.owner(), EMAIL).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let invite = "mutation($id: ID!) { customerInvite(id: $id) { customer { id } userErrors { code field } } }";
        assert_eq!(shop.owner().query(invite, json!({ "id": id })).await.user_error("customerInvite"), "TAKEN id");
    }
}
