//! Stories of customers, their accounts and segments.

mod accounts;
mod addresses;
mod attacks;
mod letters;
mod merging;
mod passwords;
mod profiles;
mod segment_prices;
mod segments;
mod totals;

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, Shop};

pub const EMAIL: &str = "ann@people.example";
pub const PASSWORD: &str = "seven green tractors";

/// A mutation with variables `$input` or others, of which only what is named is answered.
pub async fn sign_up(nobody: &Actor, email: &str, password: &str) -> Answer {
    let document = "mutation($input: CustomerSignUpInput!) { \
        customerSignUp(input: $input) { accepted userErrors { code field message } } }";
    let input = json!({ "email": email, "password": password, "firstName": "Ann", "lastName": "Lee" });
    nobody.query(document, json!({ "input": input })).await
}

async fn try_to_sign_in(nobody: &Actor, email: &str, password: &str) -> Answer {
    let document = "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) { \
        session { sessionId accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt } \
        customer { id email emailVerified } lockedUntil userErrors { code field message } } }";
    nobody.query(document, json!({ "input": { "email": email, "password": password } })).await
}

/// A customer who is signed in, with the refresh token.
pub struct SignedIn {
    pub actor: Actor,
    id: String,
    session: String,
    refresh: String,
}

pub async fn sign_in(nobody: &Actor, email: &str, password: &str) -> SignedIn {
    let answer = try_to_sign_in(nobody, email, password).await.ok();
    let at = |name: &str| answer.text(&format!("customerSignIn.{name}")).to_owned();
    SignedIn {
        actor: nobody.clone().with_secret(&at("session.accessToken")),
        id: at("customer.id"),
        session: at("session.sessionId"),
        refresh: at("session.refreshToken"),
    }
}

/// An account at Linden's first store, signed in once.
async fn ann(shop: &Shop) -> SignedIn {
    sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
    sign_in(&shop.anonymous(), EMAIL, PASSWORD).await
}

async fn refresh(nobody: &Actor, token: &str) -> Answer {
    let document = "mutation($token: String!) { customerSessionRefresh(refreshToken: $token) { \
        session { sessionId accessToken refreshToken } userErrors { code field message } } }";
    nobody.query(document, json!({ "token": token })).await
}

async fn me(customer: &Actor) -> Answer {
    customer.query("{ customer { id email emailVerified firstName lastName } }", Value::Null).await
}

/// Whether the access token still proves somebody.
async fn is_signed_in(customer: &Actor) -> bool {
    let answer = me(customer).await;
    match answer.code() {
        "" => true,
        "UNAUTHENTICATED" => false,
        _ => panic!("{answer}"),
    }
}

/// A customer without an account, entered by the staff. Gives the id.
async fn guest(staff: &Actor, email: &str) -> String {
    let document = "mutation($input: CustomerCreateInput!) { \
        customerCreate(input: $input) { customer { id } userErrors { code field message } } }";
    let answer = staff.query(document, json!({ "input": { "email": email } })).await.ok();
    answer.text("customerCreate.customer.id").to_owned()
}

async fn reset(nobody: &Actor, token: &str, password: &str) -> Answer {
    let document = "mutation($input: CustomerPasswordResetInput!) { \
        customerPasswordReset(input: $input) { accepted userErrors { code field message } } }";
    nobody.query(document, json!({ "input": { "token": token, "newPassword": password } })).await
}

async fn send_reset(nobody: &Actor, email: &str) -> Answer {
    let document = "mutation($email: String!) { \
        customerPasswordResetSend(email: $email) { accepted userErrors { code field message } } }";
    nobody.query(document, json!({ "email": email })).await
}

pub async fn verify(nobody: &Actor, token: &str) -> Answer {
    let document = "mutation($token: String!) { customerEmailVerify(token: $token) { verified userErrors { code field message } } }";
    nobody.query(document, json!({ "token": token })).await
}

async fn segment(staff: &Actor, input: Value) -> String {
    let document = "mutation($input: SegmentCreateInput!) { \
        segmentCreate(input: $input) { segment { id } userErrors { code field message } } }";
    staff.query(document, json!({ "input": input })).await.ok().text("segmentCreate.segment.id").to_owned()
}
