//! What is asked: the same four questions of every contender, each in its own words.
//!
//! Owns the documents and the choice of store, page and product by the number of a request. In the plain mode no
//! two requests of a run are alike: `quantity` is a new number each time, so that no cache of answers can help. In
//! the repeated mode there are a few hundred different ones.

use std::io::Write;
use std::sync::Arc;

use uuid::Uuid;

use crate::shop::{CATEGORIES, Shops, mixed};

/// One of the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Workload {
    /// One product by its slug, with variants, prices and pictures.
    Q1,
    /// The storefront's listing: 24 products with variants, prices and pictures.
    Q2,
    /// 100 products, id and title.
    Q3,
    /// Q2 with two filters, by price.
    Q4,
}

const Q1: &str = "query Q1($slug: String!, $quantity: Int!) { product(slug: $slug) { id title slug media { url alt } \
                  variants { id sku price(quantity: $quantity) { amount { amount currencyCode } } } } }";
const Q2: &str = "query Q2($after: String, $quantity: Int!) { products(first: 24, after: $after) { nodes { id title \
                  slug media { url alt } variants { id sku price(quantity: $quantity) { amount { amount \
                  currencyCode } } } } } }";
const Q3: &str = "query Q3($after: String) { products(first: 100, after: $after) { nodes { id title } } }";
const Q4: &str = "query Q4($category: ID!, $max: Decimal!, $quantity: Int!) { products(first: 24, sort: PRICE, filter: \
                  { categoryId: $category, price: { max: $max } }) { nodes { id title slug media { url alt } \
                  variants { id sku price(quantity: $quantity) { amount { amount currencyCode } } } } } }";

impl Workload {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Q1, Self::Q2, Self::Q3, Self::Q4];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Q1 => "Q1",
            Self::Q2 => "Q2",
            Self::Q3 => "Q3",
            Self::Q4 => "Q4",
        }
    }

    /// One of the names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|workload| workload.name().eq_ignore_ascii_case(name))
    }

    /// The GraphQL document.
    pub fn document(self) -> &'static str {
        match self {
            Self::Q1 => Q1,
            Self::Q2 => Q2,
            Self::Q3 => Q3,
            Self::Q4 => Q4,
        }
    }

    /// Bytes that a whole answer has at the least.
    pub fn least(self) -> usize {
        match self {
            Self::Q1 => 400,
            Self::Q2 => 10_000,
            Self::Q3 => 5_000,
            Self::Q4 => 2_000,
        }
    }
}

/// Whether answers can repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// No two requests are alike.
    Unique,
    /// A few hundred different requests, over and over.
    Repeated,
}

/// How Stoa is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By POST, with a JSON body.
    Post,
    /// By GET, with everything in the address.
    Get,
}

/// Where a page of a store begins.
#[derive(Debug, Clone)]
pub struct PageStart {
    /// The cursor, as Stoa gave it.
    pub cursor: String,
    /// The product it stands for.
    pub product: Uuid,
}

/// The stores with the places where their pages begin, as Stoa told them.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The stores.
    pub shops: Arc<Shops>,
    /// By store, where its pages begin; none for the first page.
    pub pages: Arc<Vec<Vec<Option<PageStart>>>>,
}

/// What one request asks for.
struct Choice<'a> {
    store: usize,
    page: Option<&'a PageStart>,
    product: u32,
    category: u32,
    /// In cents.
    max: u64,
    quantity: u64,
}

impl Stage {
    /// Stores of which only the first page is asked for.
    pub fn first_pages(shops: Arc<Shops>) -> Self {
        let pages = vec![vec![None]; shops.stores.len()];
        Self { shops, pages: Arc::new(pages) }
    }

    fn choose(&self, mode: Mode, number: u64) -> Choice<'_> {
        let stores = self.shops.stores.len() as u64;
        let store = (number % stores) as usize;
        let turn = number / stores;
        let pages = &self.pages[store];
        let chance = mixed(number);
        match mode {
            Mode::Unique => Choice {
                store,
                page: pages.get((turn % pages.len().max(1) as u64) as usize).and_then(Option::as_ref),
                product: self.shops.stores[store].visible(chance),
                category: (turn % u64::from(CATEGORIES)) as u32,
                max: 20_000 + number % 1_000_000,
                quantity: 10 + number % 1_000_000_000,
            },
            Mode::Repeated => Choice {
                store,
                page: None,
                product: self.shops.stores[store].visible(turn % 4),
                category: (turn % 2) as u32,
                max: 20_000,
                quantity: 1,
            },
        }
    }

    /// The request to Stoa, and to whoever speaks GraphQL as it does.
    pub fn graphql(&self, path: &str, workload: Workload, mode: Mode, method: Method, number: u64, out: &mut Vec<u8>) {
        let Choice { store, page, product, category, max, quantity } = self.choose(mode, number);
        let store = &self.shops.stores[store];
        let seed = self.shops.seed;
        let after = page.map_or_else(|| "null".to_owned(), |page| format!("\"{}\"", page.cursor));
        let variables = match workload {
            Workload::Q1 => format!("{{\"slug\":\"{}\",\"quantity\":{quantity}}}", store.slug(seed, product)),
            Workload::Q2 => format!("{{\"after\":{after},\"quantity\":{quantity}}}"),
            Workload::Q3 => format!("{{\"after\":{after}}}"),
            Workload::Q4 => {
                let category = rules::ids::CategoryId(store.category(seed, category));
                let max = format!("{}.{:02}", max / 100, max % 100);
                format!("{{\"category\":\"{category}\",\"max\":\"{max}\",\"quantity\":{quantity}}}")
            }
        };
        let document = workload.document();
        let handle = &store.handle;
        // Writing to memory can't fail.
        let _ = match method {
            Method::Post => {
                let body = format!("{{\"query\":\"{document}\",\"variables\":{variables}}}");
                let length = body.len();
                write!(
                    out,
                    "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-store: {handle}\r\ncontent-type: \
                     application/json\r\ncontent-length: {length}\r\n\r\n{body}"
                )
            }
            Method::Get => {
                let (query, variables) = (escaped(document), escaped(&variables));
                write!(
                    out,
                    "GET {path}?query={query}&variables={variables} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-store: \
                     {handle}\r\n\r\n"
                )
            }
        };
    }

    /// The request to the direct handlers.
    pub fn direct(&self, workload: Workload, mode: Mode, number: u64, out: &mut Vec<u8>) {
        let Choice { store, page, product, category, max, quantity } = self.choose(mode, number);
        let store = &self.shops.stores[store];
        let (id, seed) = (store.id(self.shops.seed), self.shops.seed);
        let after = page.map_or(Uuid::max(), |page| page.product);
        let address = match workload {
            Workload::Q1 => {
                format!("/q1?store={id}&slug={}&quantity={quantity}", store.slug(seed, product))
            }
            Workload::Q2 => format!("/q2?store={id}&after={after}&quantity={quantity}"),
            Workload::Q3 => format!("/q3?store={id}&after={after}"),
            Workload::Q4 => {
                let category = store.category(seed, category);
                format!("/q4?store={id}&category={category}&max={max}&quantity={quantity}")
            }
        };
        let _ = write!(out, "GET {address} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    }
}

/// Escapes a text for a query string.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            b' ' => escaped.push('+'),
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage() -> Stage {
        let pages = (0..100).map(|_| {
            let page =
                |number: u32| PageStart { cursor: format!("c{number}"), product: Uuid::from_u128(number.into()) };
            (0..40).map(|number| Some(page(number))).collect()
        });
        Stage { shops: Arc::new(Shops::alike(1, 100, 1000)), pages: Arc::new(pages.collect()) }
    }

    #[test]
    fn no_two_unique_requests_are_alike_and_repeated_ones_are() {
        let stage = stage();
        let count = |workload, mode| {
            let requests = (0..10_000).map(|number| {
                let mut request = Vec::new();
                stage.graphql("/graphql", workload, mode, Method::Post, number, &mut request);
                request
            });
            requests.collect::<std::collections::HashSet<_>>().len()
        };
        for workload in [Workload::Q1, Workload::Q2, Workload::Q4] {
            assert_eq!(count(workload, Mode::Unique), 10_000, "{}", workload.name());
            assert!(count(workload, Mode::Repeated) <= 400, "{}", workload.name());
        }
        // Nothing of Q3 can vary but the page, and these stores have 40 each.
        assert_eq!(count(Workload::Q3, Mode::Unique), 4_000);
    }
}
