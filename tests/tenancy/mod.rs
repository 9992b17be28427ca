//! Stories of organizations, stores, members and tokens.

mod api_tokens;
mod domains;
mod invitations;
mod memberships;
mod organizations;
mod roles;
mod stores;
mod trusted_documents;

use rules::permission::{BuiltInRole, Permission};
use serde_json::Value;

use crate::harness::world::Membership;
use crate::harness::{Actor, Answer, Shop, json};

/// Linden's id.
fn linden(shop: &Shop) -> String {
    shop.linden.id.to_string()
}

/// What a built-in role allows.
fn role(key: &str) -> Vec<Permission> {
    BuiltInRole::from_key(key).expect("a built-in role").permissions().iter().collect()
}

/// A member of Linden with the permissions of a built-in role, in all stores.
async fn with_role(shop: &Shop, key: &str) -> Actor {
    shop.member(&Membership { permissions: role(key), ..Membership::default() }).await
}

/// The membership of a person in Linden.
async fn membership_of(shop: &Shop, person: &Actor) -> String {
    let answer = person.query("{ organizations { nodes { id membership { id } } } }", json!({})).await.ok();
    let nodes = answer.data("organizations.nodes").as_array().expect("a list");
    let own = nodes.iter().find(|node| node["id"] == json!(linden(shop))).expect("a member of Linden");
    own["membership"]["id"].as_str().expect("an id").to_owned()
}

const MEMBERSHIP_UPDATE: &str = "mutation($id: ID!, $input: MembershipUpdateInput!, $version: Int) {
    membershipUpdate(id: $id, input: $input, expectedVersion: $version) {
        membership { id allStores stores { handle } grants denies permissions version role { name builtIn } }
        userErrors { code field message } } }";

/// Changes a membership.
async fn update(who: &Actor, id: &str, input: Value) -> Answer {
    who.query(MEMBERSHIP_UPDATE, json!({ "id": id, "input": input })).await
}

const MEMBERSHIP_REMOVE: &str =
    "mutation($id: ID!) { membershipRemove(id: $id) { removedMembershipId userErrors { code field message } } }";

/// Removes a membership.
async fn remove(who: &Actor, id: &str) -> Answer {
    who.query(MEMBERSHIP_REMOVE, json!({ "id": id })).await
}
