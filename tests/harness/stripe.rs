//! A stand-in for Stripe: payment intents and refunds as its documentation has them, kept in memory.
//!
//! What it does is chosen by the payment method, as with Stripe's own test cards, and by its mood: it can fail before or
//! after it did what was asked, and it can hang.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// 500, and nothing was done.
    FailsBefore,
    /// 500, and it was done.
    FailsAfter,
    /// It was done, and no answer comes.
    Hangs,
    /// A redirect to somewhere else.
    Redirects,
    /// An answer without an end.
    Floods,
}

#[derive(Default)]
struct Books {
    intents: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
    keys: BTreeMap<String, (u16, Value)>,
    asked: Vec<String>,
    moods: BTreeMap<String, Mood>,
    count: u32,
}

/// The stand-in.
#[derive(Clone)]
pub struct Stripe {
    books: Arc<Mutex<Books>>,
    pub url: String,
}

impl Stripe {
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

    /// From now on it is in this mood where the path holds this word.
    pub fn set_mood(&self, word: &str, mood: Mood) {
        self.books().moods.insert(word.to_owned(), mood);
    }

    /// The requests that came, as `POST /v1/… key`.
    pub fn asked(&self) -> Vec<String> {
        self.books().asked.clone()
    }

    /// The one intent that there is.
    pub fn intent(&self) -> Value {
        let books = self.books();
        assert_eq!(books.intents.len(), 1, "one intent");
        books.intents.values().next().expect("it").clone()
    }

    /// All refunds.
    pub fn refunds(&self) -> Vec<Value> {
        self.books().refunds.values().cloned().collect()
    }

    /// What the buyer does on the bank's page, or in the storefront.
    pub fn buyer_confirms(&self, id: &str) -> Value {
        let mut books = self.books();
        let intent = books.intents.get_mut(id).expect("the intent");
        succeed(intent);
        intent.clone()
    }
}

/// An event as Stripe sends it.
pub fn event(id: &str, kind: &str, object: &Value) -> String {
    json!({ "id": id, "object": "event", "type": kind, "created": 1_764_500_000, "livemode": false,
        "data": { "object": object } })
    .to_string()
}

/// The header `Stripe-Signature` of a body at a moment.
pub fn sign(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

async fn answer(State(books): State<Arc<Mutex<Books>>>, request: Request) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (key, authorization) = (header("idempotency-key"), header("authorization"));
    let body = to_bytes(request.into_body(), 1 << 20).await.expect("a body");
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let mood = {
        let mut books = books.lock().expect("the books");
        books.asked.push(format!("{method} {path} {key}").trim_end().to_owned());
        books.moods.iter().find(|(word, _)| path.contains(*word)).map_or(Mood::Well, |(_, mood)| *mood)
    };
    let error = || json!({ "error": { "type": "api_error", "message": "Something went wrong" } });
    match mood {
        Mood::FailsBefore => return reply(500, error()),
        Mood::Redirects => {
            return (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")], "").into_response();
        }
        Mood::Floods => return Bytes::from(vec![b' '; 4 << 20]).into_response(),
        _ => {}
    }
    if !authorization.starts_with("Bearer sk_test_") {
        return reply(401, json!({ "error": { "type": "invalid_request_error" } }));
    }
    let (status, value) = act(&mut books.lock().expect("the books"), &method, &path, (&query, &form), &key);
    match mood {
        Mood::FailsAfter => reply(500, error()),
        Mood::Hangs => std::future::pending().await,
        _ => reply(status, value),
    }
}

fn reply(status: u16, value: Value) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/json")], value.to_string()).into_response()
}

fn act(
    books: &mut Books,
    method: &Method,
    path: &str,
    (query, form): (&str, &BTreeMap<String, String>),
    key: &str,
) -> (u16, Value) {
    if *method == Method::POST {
        assert!(!key.is_empty(), "every change has its key: {path}");
        if let Some(known) = books.keys.get(key) {
            return known.clone();
        }
    }
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    let done = match (method.as_str(), &parts[..]) {
        ("POST", ["payment_intents"]) => create(books, form),
        ("GET", ["payment_intents", id]) => found(books.intents.get(*id)),
        ("POST", ["payment_intents", id, verb]) => match books.intents.get_mut(*id) {
            Some(intent) => change(intent, verb, form),
            None => found(None),
        },
        ("POST", ["refunds"]) => refund(books, form),
        ("GET", ["refunds", id]) => found(books.refunds.get(*id)),
        ("GET", ["refunds"]) => {
            let of = query.split('&').find_map(|part| part.strip_prefix("payment_intent=")).unwrap_or_default();
            let data: Vec<&Value> = books.refunds.values().filter(|refund| refund["payment_intent"] == of).collect();
            (200, json!({ "object": "list", "data": data, "has_more": false }))
        }
        _ => (404, json!({ "error": { "type": "invalid_request_error", "code": "url_invalid" } })),
    };
    if *method == Method::POST {
        books.keys.insert(key.to_owned(), done.clone());
    }
    done
}

fn found(value: Option<&Value>) -> (u16, Value) {
    match value {
        Some(value) => (200, value.clone()),
        None => (404, json!({ "error": { "type": "invalid_request_error", "code": "resource_missing" } })),
    }
}

fn create(books: &mut Books, form: &BTreeMap<String, String>) -> (u16, Value) {
    books.count += 1;
    let id = format!("pi_{}", books.count);
    let intent = json!({
        "id": id, "object": "payment_intent", "status": "requires_payment_method",
        "amount": form["amount"].parse::<i64>().expect("a number"), "amount_received": 0,
        "currency": form["currency"], "capture_method": form["capture_method"],
        "client_secret": format!("{id}_secret_x"), "next_action": null, "last_payment_error": null,
        "metadata": { "stoa_payment": form["metadata[stoa_payment]"] },
        "transfer_data": form.get("transfer_data[destination]").map(|to| json!({ "destination": to })),
    });
    books.intents.insert(id, intent.clone());
    (200, intent)
}

fn succeed(intent: &mut Value) {
    if intent["capture_method"] == "manual" {
        intent["status"] = json!("requires_capture");
    } else {
        intent["status"] = json!("succeeded");
        intent["amount_received"] = intent["amount"].clone();
    }
    intent["next_action"] = Value::Null;
}

fn change(intent: &mut Value, verb: &str, form: &BTreeMap<String, String>) -> (u16, Value) {
    match verb {
        "confirm" => {
            let declined = match form["payment_method"].as_str() {
                "pm_card_chargeDeclined" => Some(("card_declined", "generic_decline")),
                "pm_card_chargeDeclinedInsufficientFunds" => Some(("card_declined", "insufficient_funds")),
                "pm_card_chargeDeclinedExpiredCard" => Some(("expired_card", "expired_card")),
                _ => None,
            };
            if let Some((code, decline)) = declined {
                let error = json!({ "type": "card_error", "code": code, "decline_code": decline });
                intent["last_payment_error"] = error.clone();
                let mut error = error;
                error["payment_intent"] = intent.clone();
                return (402, json!({ "error": error }));
            }
            if form["payment_method"] == "pm_card_authenticationRequired" {
                intent["status"] = json!("requires_action");
                let url = "https://hooks.stripe.example/3d_secure";
                intent["next_action"] = json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url } });
            } else {
                succeed(intent);
            }
        }
        "capture" => {
            if intent["status"] != "requires_capture" {
                let code = "payment_intent_unexpected_state";
                return (400, json!({ "error": { "type": "invalid_request_error", "code": code } }));
            }
            intent["amount_received"] = json!(form["amount_to_capture"].parse::<i64>().expect("a number"));
            intent["status"] = json!("succeeded");
        }
        "cancel" => intent["status"] = json!("canceled"),
        _ => panic!("no such verb: {verb}"),
    }
    (200, intent.clone())
}

fn refund(books: &mut Books, form: &BTreeMap<String, String>) -> (u16, Value) {
    let of = &form["payment_intent"];
    let amount: i64 = form["amount"].parse().expect("a number");
    let taken = books.intents[of]["amount_received"].as_i64().expect("a number");
    let given: i64 = books.refunds.values().filter_map(|refund| refund["amount"].as_i64()).sum();
    if given + amount > taken {
        return (400, json!({ "error": { "type": "invalid_request_error", "code": "charge_already_refunded" } }));
    }
    books.count += 1;
    let id = format!("re_{}", books.count);
    let metadata =
        json!({ "stoa_payment": form["metadata[stoa_payment]"], "stoa_refund": form["metadata[stoa_refund]"] });
    let refund = json!({
        "id": id, "object": "refund", "status": "succeeded", "amount": amount,
        "currency": books.intents[of]["currency"], "payment_intent": of, "metadata": metadata,
    });
    books.refunds.insert(id, refund.clone());
    (200, refund)
}
