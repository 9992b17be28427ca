//! Stories of accounts and sessions.

mod account;
mod sessions;
mod sign_in;
mod sign_up;
mod storm;
mod superiors;

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, Shop};

const EMAIL: &str = "maria@linden.example";
const PASSWORD: &str = "seven green tractors";

async fn sign_up(shop: &Shop, email: &str, password: &str) -> Answer {
    let document =
        "mutation($input: SignUpInput!) { signUp(input: $input) { accepted userErrors { code field message } } }";
    let input = json!({ "email": email, "password": password, "name": "Maria" });
    shop.anonymous().nowhere().query(document, json!({ "input": input })).await
}

/// Somebody who tries to sign in, from no store.
async fn try_to_sign_in(nobody: &Actor, email: &str, password: &str) -> Answer {
    let document = "mutation($input: SignInInput!) { signIn(input: $input) { \
        session { sessionId accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt } \
        user { id name email } lockedUntil userErrors { code field message } } }";
    nobody.query(document, json!({ "input": { "email": email, "password": password } })).await
}

/// A person who is signed in, with the refresh token.
struct SignedIn {
    actor: Actor,
    session: String,
    refresh: String,
}

impl SignedIn {
    fn from(nobody: &Actor, answer: &Answer, field: &str) -> Self {
        let at = |name: &str| answer.text(&format!("{field}.session.{name}")).to_owned();
        let actor = nobody.clone().with_secret(&at("accessToken"));
        Self { actor, session: at("sessionId"), refresh: at("refreshToken") }
    }
}

async fn sign_in(shop: &Shop, email: &str, password: &str) -> SignedIn {
    let nobody = shop.anonymous().nowhere();
    let answer = try_to_sign_in(&nobody, email, password).await.ok();
    SignedIn::from(&nobody, &answer, "signIn")
}

/// An account, signed in once.
async fn maria(shop: &Shop) -> SignedIn {
    sign_up(shop, EMAIL, PASSWORD).await.ok();
    sign_in(shop, EMAIL, PASSWORD).await
}

async fn refresh(nobody: &Actor, token: &str) -> Answer {
    let document = "mutation($token: String!) { sessionRefresh(refreshToken: $token) { \
        session { sessionId accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt } \
        userErrors { code field message } } }";
    nobody.query(document, json!({ "token": token })).await
}

async fn change_password(person: &Actor, current: &str, new: &str) -> Answer {
    let document = "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { \
        user { id } lockedUntil userErrors { code field message } } }";
    person.query(document, json!({ "input": { "currentPassword": current, "newPassword": new } })).await
}

async fn viewer(person: &Actor) -> Answer {
    person.query("{ viewer { actor user { name email } } }", Value::Null).await
}

/// Whether the access token still proves somebody.
async fn is_signed_in(person: &Actor) -> bool {
    let answer = viewer(person).await;
    match answer.code() {
        "" => answer.text("viewer.actor") == "USER",
        "UNAUTHENTICATED" => false,
        _ => panic!("{answer}"),
    }
}
