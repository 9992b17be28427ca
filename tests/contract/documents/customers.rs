//! Documents of customers, their accounts and segments.

use rules::ids::CustomerId;
use rules::permission::Permission::{CustomersManage, CustomersRead};

use super::Rightful::{Anybody, May, Shopper};
use super::{Entry, document};
use crate::harness::builders::PASSWORD;
use crate::harness::{Actor, Shop, json};

const NEW: &str = "wrong zebra staple";

pub async fn segment(shop: &Shop) -> String {
    let document = "mutation($input: SegmentCreateInput!) { \
        segmentCreate(input: $input) { segment { id } userErrors { code message } } }";
    let answer = shop.owner().query(document, json!({ "input": { "name": shop.word() } })).await.ok();
    answer.text("segmentCreate.segment.id").to_owned()
}

async fn address(shop: &Shop, customer: CustomerId) -> String {
    let document = "mutation($customerId: ID, $input: CustomerAddressInput!) { \
        customerAddressCreate(customerId: $customerId, input: $input) { address { id } userErrors { code message } } }";
    let input = json!({ "address": { "address1": "1 Main St", "city": "Springfield", "country": "US" } });
    let answer = shop.owner().query(document, json!({ "customerId": customer.to_string(), "input": input })).await.ok();
    answer.text("customerAddressCreate.address.id").to_owned()
}

/// What a letter to a customer brings, after the mutation that sends it.
async fn letter(shop: &Shop, who: &Actor, email: &str, document: &str) -> String {
    shop.post().await;
    let variables = if document.contains("$email") { json!({ "email": email }) } else { json!({}) };
    who.query(document, variables).await.ok();
    shop.letter_token(email).await
}

async fn invited(shop: &Shop) -> String {
    let guest = shop.guest().await;
    let document = "mutation($id: ID!) { customerInvite(id: $id) { customer { email } userErrors { code } } }";
    shop.post().await;
    let answer = shop.owner().query(document, json!({ "id": guest.to_string() })).await.ok();
    shop.letter_token(answer.text("customerInvite.customer.email")).await
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("customer", May(&[CustomersRead]), shop, _ => json!({ "id": shop.guest().await.to_string() })),
        document!("customers", May(&[CustomersRead]), shop, _ => {
            shop.guest().await;
            json!({ "first": 100, "filter": { "kind": "GUEST" } })
        }),
        document!("segment", May(&[CustomersRead]), shop, _ => json!({ "id": segment(shop).await })),
        document!("segments", May(&[CustomersRead]), shop, _ => {
            segment(shop).await;
            json!({ "first": 100, "filter": { "kind": "MANUAL" } })
        }),
        document!("customerCreate", May(&[CustomersManage]), shop, _ => {
            let email = format!("{}@people.example", shop.word());
            json!({ "input": { "email": email, "tags": ["VIP"], "note": "Likes tea" } })
        }),
        document!("customerUpdate", May(&[CustomersManage]), shop, _ => {
            json!({ "id": shop.guest().await.to_string(), "input": { "taxExempt": true }, "expectedVersion": 1 })
        }),
        document!("customerProfileUpdate", Shopper, _, _ => json!({ "input": { "firstName": "Ann" }, "expectedVersion": 1 })),
        document!("customerDelete", May(&[CustomersManage]), shop, _ => json!({ "id": shop.guest().await.to_string() })),
        document!("customerTagsAdd", May(&[CustomersManage]), shop, _ => {
            json!({ "id": shop.guest().await.to_string(), "tags": ["VIP"] })
        }),
        document!("customerTagsRemove", May(&[CustomersManage]), shop, _ => {
            json!({ "id": shop.guest().await.to_string(), "tags": ["VIP"] })
        }),
        document!("customerAddressCreate", May(&[CustomersManage]), shop, _ => {
            let input = json!({ "address": { "address1": "1 Main St", "city": "Springfield", "country": "US" } });
            json!({ "customerId": shop.guest().await.to_string(), "input": input })
        }),
        document!("customerAddressUpdate", May(&[CustomersManage]), shop, _ => {
            let input = json!({ "address": { "address1": "2 Main St", "city": "Springfield", "country": "US" } });
            json!({ "id": address(shop, shop.guest().await).await, "input": input, "expectedVersion": 1 })
        }),
        document!("customerAddressDelete", May(&[CustomersManage]), shop, _ => {
            json!({ "id": address(shop, shop.guest().await).await })
        }),
        document!("segmentCreate", May(&[CustomersManage]), shop, _ => {
            json!({ "input": { "name": shop.word(), "rule": { "any": [{ "registered": true }, { "tag": "VIP" }] } } })
        }),
        document!("segmentUpdate", May(&[CustomersManage]), shop, _ => {
            json!({ "id": segment(shop).await, "input": { "description": "Friends" }, "expectedVersion": 1 })
        }),
        document!("segmentDelete", May(&[CustomersManage]), shop, _ => json!({ "id": segment(shop).await })),
        document!("segmentMembersAdd", May(&[CustomersManage]), shop, _ => {
            json!({ "id": segment(shop).await, "customerIds": [shop.guest().await.to_string()] })
        }),
        document!("segmentMembersRemove", May(&[CustomersManage]), shop, _ => {
            json!({ "id": segment(shop).await, "customerIds": [shop.guest().await.to_string()] })
        }),
        document!("customerSignUp", Anybody, shop, _ => {
            let email = format!("{}@people.example", shop.word());
            json!({ "input": { "email": email, "password": PASSWORD, "firstName": "Ann" } })
        }),
        document!("customerSignIn", Anybody, shop, _ => {
            json!({ "input": { "email": shop.customer().await.email, "password": PASSWORD } })
        }),
        document!("customerSignOut", Shopper, _, _ => json!({})),
        document!("customerSessionRefresh", Anybody, shop, _ => {
            let document = "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) \
                { session { refreshToken } userErrors { code } } }";
            let input = json!({ "email": shop.customer().await.email, "password": PASSWORD });
            let answer = shop.anonymous().query(document, json!({ "input": input })).await.ok();
            json!({ "refreshToken": answer.text("customerSignIn.session.refreshToken") })
        }),
        document!("customerEmailVerificationSend", Shopper, _, _ => json!({})),
        document!("customerEmailVerify", Anybody, shop, _ => {
            let customer = shop.customer().await;
            let send = "mutation { customerEmailVerificationSend { accepted userErrors { code } } }";
            json!({ "token": letter(shop, &customer.actor, &customer.email, send).await })
        }),
        document!("customerPasswordResetSend", Anybody, shop, _ => json!({ "email": shop.customer().await.email })),
        document!("customerPasswordReset", Anybody, shop, _ => {
            let customer = shop.customer().await;
            let send = "mutation($email: String!) { customerPasswordResetSend(email: $email) { accepted userErrors { code } } }";
            let token = letter(shop, &shop.anonymous(), &customer.email, send).await;
            json!({ "input": { "token": token, "newPassword": NEW } })
        }),
        document!("customerPasswordChange", Shopper, _, _ => {
            json!({ "input": { "currentPassword": PASSWORD, "newPassword": NEW } })
        }),
        document!("customerInvite", May(&[CustomersManage]), shop, _ => json!({ "id": shop.guest().await.to_string() })),
        document!("customerInvitationAccept", Anybody, shop, _ => {
            json!({ "input": { "token": invited(shop).await, "password": NEW } })
        }),
    ]
}
