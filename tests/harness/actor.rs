//! Who asks, and what is answered.

use std::net::SocketAddr;
use std::sync::{Arc, RwLock};

use reqwest::header::HeaderMap;
use rules::ids::{SessionId, UserId};
use serde_json::{Value, json};

/// Where a server listens; moves when it is started again.
pub type Address = Arc<RwLock<SocketAddr>>;

/// Somebody with a request to send. A value: the methods answer changed copies.
#[derive(Clone)]
pub struct Actor {
    client: reqwest::Client,
    pub(super) address: Address,
    pub(super) authorization: Option<String>,
    pub(super) store: Option<String>,
    headers: Vec<(String, String)>,
    /// The person, where it is one.
    pub user: Option<UserId>,
    /// The sign-in, where it is a person.
    pub session: Option<SessionId>,
}

impl Actor {
    pub(super) fn new(client: reqwest::Client, address: Address, secret: Option<&str>, store: &str) -> Self {
        let authorization = secret.map(|secret| format!("Bearer {secret}"));
        Self {
            client,
            address,
            authorization,
            store: Some(store.to_owned()),
            headers: Vec::new(),
            user: None,
            session: None,
        }
    }

    pub(super) fn person(mut self, user: UserId, session: SessionId) -> Self {
        (self.user, self.session) = (Some(user), Some(session));
        self
    }

    /// The same one, asking at another address.
    pub fn at(mut self, address: Address) -> Self {
        self.address = address;
        self
    }

    /// The same one with this `X-Store`: a handle or an id.
    pub fn in_store(mut self, store: &str) -> Self {
        self.store = Some(store.to_owned());
        self
    }

    /// The same one without `X-Store`.
    pub fn nowhere(mut self) -> Self {
        self.store = None;
        self
    }

    /// The same one with another secret, such as one that a mutation just gave out.
    pub fn with_secret(mut self, secret: &str) -> Self {
        self.authorization = Some(format!("Bearer {secret}"));
        self
    }

    /// The same one with one more header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The token in clear.
    pub fn secret(&self) -> &str {
        self.authorization.as_deref().and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default()
    }

    /// Asks.
    pub async fn query(&self, document: &str, variables: Value) -> Answer {
        self.send(json!({ "query": document, "variables": variables })).await
    }

    /// Asks with a body of one's own.
    pub async fn send(&self, body: Value) -> Answer {
        let request = self.request(body).header("accept", "application/graphql-response+json");
        Answer::read(request.send().await.expect("an answer")).await
    }

    /// The request, not yet sent: for stories that break it off or change it.
    pub fn request(&self, body: Value) -> reqwest::RequestBuilder {
        self.with_headers(self.client.post(self.url()).json(&body))
    }

    /// The same by GET, with these parameters in the address.
    pub fn get(&self, parameters: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let request = self.client.get(format!("{}?{query}", self.url()));
        self.with_headers(request).header("accept", "application/graphql-response+json")
    }

    fn url(&self) -> String {
        let address = *self.address.read().expect("an address");
        format!("http://{address}/graphql")
    }

    fn with_headers(&self, mut request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        if let Some(store) = &self.store {
            request = request.header("x-store", store);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body, without what it cost: that is another each time, so that bodies can be compared.
    pub body: Value,
    /// `extensions.cost`; null where it is not told.
    pub cost: Value,
}

impl Answer {
    /// Reads what a server answered.
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the body");
        let mut body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON, {status}: {text}"));
        let cost = body["extensions"]["cost"].take();
        body.as_object_mut().expect("an object").remove("extensions");
        Self { status, headers, body, cost }
    }

    /// The answer, where it holds neither errors nor userErrors.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.is_ok(), "{self}");
        self
    }

    /// Whether it holds neither errors nor userErrors.
    pub fn is_ok(&self) -> bool {
        self.status == 200 && self.body.get("errors").is_none() && self.all_user_errors().is_empty()
    }

    /// What stands at a path such as `brands.nodes.0.name`.
    #[track_caller]
    pub fn data(&self, path: &str) -> &Value {
        let found = path.split('.').try_fold(&self.body["data"], |at, part| match part.parse::<usize>() {
            Ok(place) => at.get(place),
            Err(_) => at.get(part),
        });
        found.unwrap_or_else(|| panic!("nothing at {path}: {self}"))
    }

    /// The text at a path.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        self.data(path).as_str().unwrap_or_else(|| panic!("no text at {path}: {self}"))
    }

    /// The whole number at a path.
    #[track_caller]
    pub fn number(&self, path: &str) -> i64 {
        self.data(path).as_i64().unwrap_or_else(|| panic!("no number at {path}: {self}"))
    }

    /// The texts of one field of each element of a list: `texts("brands.nodes", "name")`.
    #[track_caller]
    pub fn texts(&self, path: &str, field: &str) -> Vec<&str> {
        let list = self.data(path).as_array().unwrap_or_else(|| panic!("no list at {path}: {self}"));
        list.iter().map(|row| row[field].as_str().unwrap_or_else(|| panic!("no {field} in {row}"))).collect()
    }

    /// The code of the first error; empty where there is none.
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// The message of the first error; empty where there is none.
    pub fn message(&self) -> &str {
        self.body["errors"][0]["message"].as_str().unwrap_or_default()
    }

    /// The status and the errors without what differs from request to request: what is refused alike
    /// must look alike.
    pub fn refusal(&self) -> (u16, Value) {
        let mut errors = self.body["errors"].clone();
        for error in errors.as_array_mut().into_iter().flatten() {
            if let Some(extensions) = error["extensions"].as_object_mut() {
                extensions.remove("requestId");
            }
        }
        (self.status, errors)
    }

    /// The codes of a mutation's userErrors.
    #[track_caller]
    pub fn user_error_codes(&self, field: &str) -> Vec<&str> {
        self.data(field)["userErrors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["code"].as_str())
            .collect()
    }

    /// The first userError of a mutation as `CODE path.to.field`.
    #[track_caller]
    pub fn user_error(&self, field: &str) -> String {
        let error = &self.data(field)["userErrors"][0];
        let path: Vec<&str> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{} {}", error["code"].as_str().unwrap_or_default(), path.join(".")).trim().to_owned()
    }

    /// How many SQL statements it took, authentication included.
    #[track_caller]
    pub fn statements(&self) -> u32 {
        statements(&self.headers).unwrap_or_else(|| panic!("no count of statements: {self}"))
    }

    fn all_user_errors(&self) -> Vec<&Value> {
        let fields = self.body["data"].as_object().into_iter().flat_map(|fields| fields.values());
        fields.flat_map(|field| field["userErrors"].as_array().into_iter().flatten()).collect()
    }
}

/// The number of SQL statements in the headers of an answer.
pub fn statements(headers: &HeaderMap) -> Option<u32> {
    let header = headers.get("server-timing")?.to_str().ok()?;
    header.split('"').nth(1)?.split(' ').next()?.parse().ok()
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:#} {}", self.status, self.body, self.cost)
    }
}
