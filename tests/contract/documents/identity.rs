//! Documents of accounts and sessions.

use super::Rightful::{Anybody, Person};
use super::{Entry, document};
use crate::harness::builders::PASSWORD;
use crate::harness::json;

pub fn documents() -> Vec<Entry> {
    vec![
        document!("viewer", Person, _, _ => json!({})),
        document!("signUp", Anybody, shop, _ => {
            let email = format!("{}@people.example", shop.word());
            json!({ "input": { "email": email, "password": PASSWORD, "name": "Ada" } })
        }),
        document!("signIn", Anybody, shop, _ => {
            let account = shop.account().await;
            json!({ "input": { "email": account.email, "password": account.password } })
        }),
        document!("sessionRefresh", Anybody, shop, _ => {
            json!({ "refreshToken": shop.sign_in(&shop.account().await).await.refresh })
        }),
        document!("signOut", Person, _, _ => json!({})),
        document!("sessionRevoke", Person, shop, me => {
            let other = shop.again(me).await;
            json!({ "id": other.session.expect("a session").to_string() })
        }),
        document!("sessionsRevokeOthers", Person, shop, me => {
            shop.again(me).await;
            json!({})
        }),
        document!("passwordChange", Person, shop, me => {
            shop.give_password(me.user.expect("a person")).await;
            json!({ "input": { "currentPassword": PASSWORD, "newPassword": "wrong zebra staple" } })
        }),
        document!("accountUpdate", Person, shop, _ => json!({ "input": { "name": shop.word() } })),
    ]
}
