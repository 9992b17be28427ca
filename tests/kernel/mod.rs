//! Stories of what every domain stands on: transactions, tenants, callers, servers that fail.

mod audit;
mod callers;
mod cluster;
mod commands;
mod cut;
mod gone;
mod nodes;
mod overload;
mod plans;
mod replica;
mod retries;
mod settings;
mod signals;
mod silence;
mod spending;
mod wall;

use std::sync::Arc;

use rules::currency::Currency;
use rules::states::{DocumentPolicy, StorePlan};
use stoa::kernel::Ctx;
use stoa::kernel::ctx::{Caller, StoreContext};

use crate::harness::{Actor, Shop, json};

/// A visitor of Linden's first store, as the kernel sees one.
fn visitor(shop: &Shop, request: &str) -> Ctx {
    let store = StoreContext {
        id: shop.linden.store(),
        organization: shop.linden.id,
        handle: "linden".to_owned(),
        currency: Currency::from_code("EUR").expect("a currency"),
        currencies: Vec::new(),
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    };
    let caller = Caller { store: Some(store), ..Caller::anonymous(request) };
    Ctx::new(Arc::clone(&shop.node.system), caller, None, Arc::default())
}

/// The names of the caller's brands.
async fn names(actor: &Actor) -> Vec<String> {
    let answer = actor.query("{ brands(first: 50, sort: NAME) { nodes { name } } }", json!({})).await.ok();
    answer.texts("brands.nodes", "name").into_iter().map(str::to_owned).collect()
}

/// Waits until something is so. Each look at it leaves room for what it waits for.
pub async fn until(mut reached: impl AsyncFnMut() -> bool) {
    while !reached().await {
        tokio::task::yield_now().await;
    }
}

/// How many of the server's statements wait for a lock; PostgreSQL only.
async fn waiting(shop: &Shop) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name = 'stoa' AND wait_event_type = 'Lock'";
    shop.number(sql).await
}

/// How many connections of the server's are in use.
fn in_use(shop: &Shop) -> u32 {
    shop.node.system.db.pool_size().0
}
