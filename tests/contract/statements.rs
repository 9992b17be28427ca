//! How many SQL statements each operation takes, authentication included: exact, on both databases,
//! and the same however many rows a list has.
//!
//! `statements.txt` has a line for each root field, measured with the document of
//! [`super::documents`]. A number that grows is looked at before it is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::documents::{self, Entry};
use super::{assert_none, beside, updating};
use crate::harness::tenancy::trusted_document;
use crate::harness::{Actor, Backend, Shop};

/// The list of counts, by field: on SQLite, and on PostgreSQL.
type Counts = BTreeMap<String, [Option<u32>; 2]>;

const HEAD: &str = "\
# SQL statements of one operation with each root field, authentication included: on SQLite, on PostgreSQL.
# PostgreSQL takes one more where a change holds its whole store against others.
";

/// Both databases' tests write one file.
static FILE: Mutex<()> = Mutex::new(());

fn read() -> Counts {
    let text = std::fs::read_to_string(beside("statements.txt")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let mut parts = line.split_whitespace();
            let name = parts.next().unwrap_or_default().to_owned();
            (name, [parts.next(), parts.next()].map(|count| count.and_then(|count| count.parse().ok())))
        })
        .collect()
}

/// Compares what was counted with the list, or writes it down.
#[track_caller]
pub fn compare(backend: Backend, counted: &BTreeMap<String, u32>) {
    let _turn = FILE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let place = usize::from(backend == Backend::Postgres);
    let mut listed = read();
    if updating() {
        let known: BTreeSet<&str> = documents::all().iter().map(|entry| entry.field).collect();
        listed.retain(|name, _| known.contains(name.as_str()));
        for (name, count) in counted {
            listed.entry(name.clone()).or_default()[place] = Some(*count);
        }
        let mut text = HEAD.to_owned();
        for (name, counts) in listed {
            let [sqlite, postgres] = counts.map(|count| count.map_or("-".to_owned(), |count| count.to_string()));
            text.push_str(&format!("{name:<32} {sqlite:>3} {postgres:>3}\n"));
        }
        std::fs::write(beside("statements.txt"), text).expect("the list is written");
        return;
    }
    let wrong: Vec<String> = counted
        .iter()
        .filter(|(name, count)| listed.get(*name).is_none_or(|counts| counts[place] != Some(**count)))
        .map(|(name, count)| {
            let listed = listed.get(name).and_then(|counts| counts[place]);
            format!("{name} takes {count}, and the list says {listed:?}")
        })
        .collect();
    assert_none("the number of SQL statements changed; `STOA_UPDATE=1 scripts/test contract` writes it down", &wrong);
}

/// Makes so many more rows of a list, each with everything that hangs on it, for whoever will ask.
type Fill = for<'a> fn(&'a Shop, &'a Actor, usize) -> futures::future::BoxFuture<'a, ()>;

macro_rules! list {
    ($field:literal, $shop:ident, $one:expr) => {
        list!($field, $shop, _me, $one)
    };
    ($field:literal, $shop:ident, $me:ident, $one:expr) => {
        ($field, |$shop, $me, count| {
            Box::pin(async move {
                for _ in 0..count {
                    $one;
                }
            })
        })
    };
}

/// Every root field that pages, and what fills it. To add one, add a line.
fn lists() -> Vec<(&'static str, Fill)> {
    vec![
        list!("brands", shop, shop.brand(&shop.word()).await),
        list!("categories", shop, {
            let parent = shop.category(&shop.owner(), &shop.word(), None).await;
            shop.category(&shop.owner(), &shop.word(), Some(&parent)).await;
        }),
        list!("collections", shop, shop.collection(&shop.owner(), &shop.word()).await),
        list!("tags", shop, {
            let product = shop.product_row(shop.linden.store(), "Kettle").await;
            shop.tag_row(shop.linden.store(), &shop.word(), &[product]).await
        }),
        list!("locations", shop, shop.location(&shop.owner(), "Warehouse").await),
        list!("inventoryMovements", shop, {
            let variant = shop.variant_row(shop.linden.store()).await.to_string();
            shop.stock(&shop.owner(), &variant, 5).await;
        }),
        list!("stockReservations", shop, shop.held(shop.linden.store()).await),
        list!("products", shop, shop.product(&shop.owner(), crate::harness::json!({ "tags": ["Kitchen"] })).await),
        list!("prices", shop, {
            let mug = crate::pricing::Stock::of_linden(shop, 1).await;
            mug.set(&shop.owner(), crate::harness::json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
        }),
        list!("promotions", shop, {
            crate::promotions::promotion(&shop.owner(), crate::harness::json!({ "name": shop.word() })).await
        }),
        list!("discountCodes", shop, {
            let code = crate::harness::json!({ "code": shop.word() });
            crate::promotions::promotion_with_code(&shop.owner(), crate::harness::json!({}), code).await
        }),
        list!("orders", shop, shop.order(&shop.owner(), crate::harness::json!({})).await),
        list!("customerOrders", shop, {
            shop.order(&shop.owner(), crate::harness::json!({})).await;
            let theirs = "SELECT id FROM customers WHERE kind = 'REGISTERED' LIMIT 1";
            shop.execute(&format!("UPDATE orders SET customer_id = ({theirs})")).await;
        }),
        list!("draftOrders", shop, shop.draft_order(&shop.owner(), crate::harness::json!({})).await),
        list!("carts", shop, shop.any_cart(&shop.owner()).await),
        list!("customers", shop, shop.guest().await),
        list!("segments", shop, documents::segment(shop).await),
        list!("payments", shop, documents::payment(shop, "tok_approve", "AUTOMATIC").await),
        list!("giftCards", shop, shop.gift_card(&shop.owner()).await),
        list!("giftCardEntries", shop, {
            let document = "mutation($id: ID!, $amount: MoneyInput!) { \
                giftCardAdjust(id: $id, amount: $amount) { userErrors { code message } } }";
            let amount = crate::harness::json!({ "amount": "0.10", "currencyCode": "EUR" });
            let card = crate::harness::json!({ "id": documents::gift_card(shop).await, "amount": amount });
            shop.owner().query(document, card).await.ok();
        }),
        list!("storeCreditEntries", shop, {
            let document = "mutation($id: ID!) { storeCreditIssue(customerId: $id, amount: { amount: \"0.10\", \
                currencyCode: EUR }) { userErrors { code message } } }";
            let look = "query($id: ID!) { node(id: $id) { ... on StoreCredit { customerId } } }";
            let credit = crate::harness::json!({ "id": documents::store_credit(shop).await });
            let customer = shop.owner().query(look, credit).await.ok().text("node.customerId").to_owned();
            shop.owner().query(document, crate::harness::json!({ "id": customer })).await.ok();
        }),
        list!("shippingProfiles", shop, shop.any_shipping_rate(&shop.owner()).await),
        list!("shippingZones", shop, shop.any_shipping_rate(&shop.owner()).await),
        list!("shippingRates", shop, shop.any_shipping_rate(&shop.owner()).await),
        list!("taxCategories", shop, shop.tax_category(&shop.owner(), &shop.word()).await),
        list!("taxZones", shop, {
            let zone = shop.any_tax_zone(&shop.owner()).await;
            let category = shop.tax_category(&shop.owner(), &shop.word()).await;
            shop.tax_rate(&shop.owner(), &zone, Some(&category), "0.19").await;
        }),
        list!("taxRates", shop, {
            let zone = shop.any_tax_zone(&shop.owner()).await;
            shop.tax_rate(&shop.owner(), &zone, None, "0.19").await;
        }),
        list!("organizations", shop, me, shop.new_organization(me).await),
        list!("stores", shop, shop.new_store().await),
        // Before the memberships, each of which has a role of its own.
        list!("invitations", shop, {
            shop.invitation(&shop.owner(), shop.linden.id, &format!("{}@people.example", shop.word())).await
        }),
        list!("memberships", shop, shop.membership_of_two_stores().await),
        list!("apiTokens", shop, shop.api_token().await),
        list!("trustedDocuments", shop, {
            trusted_document(&shop.owner(), &format!("{{ store {{ id }} }} # {}", shop.word())).await
        }),
    ]
}

#[test]
fn every_list_is_counted() {
    let index = documents::index();
    let query = index.type_named("Query").expect("the query root");
    let paged = query.fields.iter().filter(|field| index.get(field.ty.named).name.ends_with("Connection"));
    let lists: Vec<&str> = lists().iter().map(|(field, _)| *field).collect();
    let missing: Vec<String> =
        paged.map(|field| field.name.to_string()).filter(|name| !lists.contains(&name.as_str())).collect();
    assert_none("these lists are not counted with 5 and with 100 rows", &missing);
}

both! {
    async fn a_list_takes_as_many_statements_for_100_rows_as_for_5(db: Database) {
        let shop = Shop::open(db).await;
        let mut wrong = Vec::new();
        for (field, fill) in lists() {
            let entry = documents::all().into_iter().find(|entry| entry.field == field).expect("its document");
            let me = entry.rightful.caller(&shop).await;
            fill(&shop, &me, 5).await;
            let few = count(&shop, &entry, &me).await;
            fill(&shop, &me, 95).await;
            let many = count(&shop, &entry, &me).await;
            if few != many {
                wrong.push(format!("{field} takes {few} for a few rows, and {many} for a hundred"));
            }
        }
        assert_none("lists that ask the database once for each row", &wrong);
    }
}

async fn count(shop: &Shop, entry: &Entry, me: &Actor) -> u32 {
    let mut variables = (entry.variables)(shop, me).await;
    // A document that states its page asks for so much of each row that a longer one costs too much.
    if variables["first"].is_null() {
        variables["first"] = 100.into();
    }
    let answer = me.query(&entry.document(&documents::index(), &variables), variables).await.ok();
    answer.statements()
}
