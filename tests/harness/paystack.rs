//! A stand-in for Paystack: transactions and refunds as its documentation has them, kept in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha512;

#[derive(Default)]
struct Books {
    transactions: BTreeMap<String, Value>,
    refunds: Vec<Value>,
    asked: Vec<(String, Value)>,
    /// Where the path holds this word it is done, and no answer comes.
    hangs: Option<String>,
}

/// The stand-in.
#[derive(Clone)]
pub struct Paystack {
    books: Arc<Mutex<Books>>,
    pub url: String,
}

impl Paystack {
    pub async fn open() -> Self {
        let books = Arc::<Mutex<Books>>::default();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&books));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        Self { books, url }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("the books")
    }

    /// From now on it does what is asked under paths with this word, and says nothing.
    pub fn hang(&self, word: Option<&str>) {
        self.books().hangs = word.map(str::to_owned);
    }

    /// The body of the last request whose path holds this word.
    pub fn last(&self, word: &str) -> Value {
        let books = self.books();
        let found = books.asked.iter().rev().find(|(path, _)| path.contains(word));
        found.unwrap_or_else(|| panic!("nobody asked {word}")).1.clone()
    }

    /// How often paths with this word were asked.
    pub fn count(&self, word: &str) -> usize {
        self.books().asked.iter().filter(|(path, _)| path.contains(word)).count()
    }

    /// The one transaction that there is, after the buyer has paid on the page.
    pub fn buyer_pays(&self) -> Value {
        let mut books = self.books();
        let one = books.transactions.values_mut().next().expect("a transaction");
        one["status"] = json!("success");
        one.clone()
    }

    /// The refunds.
    pub fn refunds(&self) -> Vec<Value> {
        self.books().refunds.clone()
    }

    /// All refunds are processed by now.
    pub fn process_refunds(&self) {
        self.books().refunds.iter_mut().for_each(|refund| refund["status"] = json!("processed"));
    }
}

/// The header `x-paystack-signature` of a body.
pub fn sign(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn reply(status: u16, good: bool, message: &str, data: Value) -> Response {
    let body = json!({ "status": good, "message": message, "data": data });
    (StatusCode::from_u16(status).expect("a status"), body.to_string()).into_response()
}

async fn answer(State(books): State<Arc<Mutex<Books>>>, request: Request) -> Response {
    let (method, path) = (request.method().as_str().to_owned(), request.uri().path().to_owned());
    let authorized =
        request.headers().get("authorization").is_some_and(|v| v.as_bytes().starts_with(b"Bearer sk_test_"));
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = to_bytes(request.into_body(), 1 << 20).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if !authorized {
        return reply(401, false, "Invalid key", Value::Null);
    }
    let (answer, hangs) = {
        let mut books = books.lock().expect("the books");
        books.asked.push((format!("{method} {path}"), body.clone()));
        let hangs = books.hangs.as_ref().is_some_and(|word| path.contains(word.as_str()));
        (act(&mut books, &method, &path, &query, &body), hangs)
    };
    if hangs { std::future::pending().await } else { answer }
}

fn act(books: &mut Books, method: &str, path: &str, query: &str, body: &Value) -> Response {
    let number = books.transactions.len() + 302_961;
    let transaction = |status: &str, told: &str| {
        let amount: i64 = body["amount"].as_str().expect("a text").parse().expect("a number");
        json!({
            "id": number, "domain": "test", "status": status, "reference": body["reference"], "amount": amount,
            "currency": body["currency"], "gateway_response": told, "paid_at": "2026-11-28T20:00:00.000Z",
            "authorization": { "last4": "4081", "bin": "408408" }, "customer": { "email": body["email"] },
        })
    };
    let reference = body["reference"].as_str().unwrap_or_default().to_owned();
    if path.starts_with("/transaction/") && method == "POST" {
        let allowed = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '.' | '=');
        if !reference.chars().all(allowed) {
            return reply(400, false, "Invalid transaction reference", Value::Null);
        }
        if books.transactions.contains_key(&reference) {
            return reply(400, false, "Duplicate Transaction Reference", Value::Null);
        }
    }
    match (method, path) {
        ("POST", "/transaction/initialize") => {
            books.transactions.insert(reference.clone(), transaction("abandoned", ""));
            let url = "https://checkout.paystack.example/0peioxfhpn";
            let data = json!({ "authorization_url": url, "access_code": "0peioxfhpn", "reference": reference });
            reply(200, true, "Authorization URL created", data)
        }
        ("POST", "/transaction/charge_authorization") => {
            let made = match body["authorization_code"].as_str() {
                Some("AUTH_poor") => transaction("failed", "Insufficient Funds"),
                _ => transaction("success", "Approved"),
            };
            books.transactions.insert(reference, made.clone());
            reply(200, true, "Charge attempted", made)
        }
        ("GET", path) if path.starts_with("/transaction/verify/") => {
            match books.transactions.get(path.trim_start_matches("/transaction/verify/")) {
                Some(found) => reply(200, true, "Verification successful", found.clone()),
                None => reply(400, false, "Transaction reference not found.", Value::Null),
            }
        }
        ("POST", "/refund") => {
            let of = body["transaction"].as_str().expect("a reference").to_owned();
            let Some(taken) = books.transactions.get(&of) else {
                return reply(404, false, "Transaction not found", Value::Null);
            };
            let refund = json!({
                "id": 3_018_284 + books.refunds.len(), "transaction": taken["id"], "status": "pending",
                "amount": body["amount"], "currency": taken["currency"], "merchant_note": body["merchant_note"],
            });
            books.refunds.push(refund.clone());
            reply(200, true, "Refund has been queued for processing", refund)
        }
        ("GET", "/refund") => {
            let of = query.split('&').find_map(|part| part.strip_prefix("transaction="));
            let of: Option<u64> = of.and_then(|of| of.parse().ok());
            let found: Vec<&Value> =
                books.refunds.iter().filter(|refund| refund["transaction"].as_u64() == of).collect();
            reply(200, true, "Refunds retrieved", json!(found))
        }
        _ => reply(404, false, "Not Found", Value::Null),
    }
}
