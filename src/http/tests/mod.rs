//! The edge over real sockets, with a stand-in for the product behind it.

mod endpoint;
mod hostile;
mod pages;
mod sockets;

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    Answer, AnswerKind, Call, Edge, EdgeConfig, Listeners, LiveLimits, Metrics, OperationKind, Operations, Readiness,
    RequestHead, serve, server::Stopped,
};

/// Answers by the document's first word, and notes every call.
#[derive(Clone, Default)]
struct Stub {
    calls: Arc<Mutex<Vec<Call>>>,
    /// Operations that were begun and then dropped before their end.
    dropped: Arc<AtomicUsize>,
    begun: Arc<Notify>,
    reasons: Arc<Mutex<Vec<String>>>,
}

struct CountIfDropped(Arc<AtomicUsize>, bool);

impl Drop for CountIfDropped {
    fn drop(&mut self) {
        if !self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Operations for Stub {
    type Known = Infallible;

    async fn execute_again(&self, known: Arc<Infallible>, _: RequestHead) -> Answer {
        match *known {}
    }

    async fn execute(&self, call: Call) -> Answer {
        let Some(query) = call.document.text.clone() else { return Answer::hash_unknown() };
        let is_get = call.head.is_get();
        let echo = json!({
            "data": {
                "variables": call.variables,
                "operationName": call.operation_name,
                "host": call.head.caller.host,
                "client": call.head.caller.address.to_string(),
                "requestId": call.head.caller.request_id.as_str(),
            }
        });
        self.calls.lock().unwrap().push(call);
        self.begun.notify_one();
        let mut running = CountIfDropped(self.dropped.clone(), false);
        let answer = match query.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default() {
            "mutation" if is_get => Answer::mutation_by_get(OperationKind::Mutation),
            "bad" => Answer::new(
                AnswerKind::RequestError,
                OperationKind::Unknown,
                r#"{"errors":[{"message":"Syntax error","extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}"#,
            ),
            "throttled" => {
                let kind = AnswerKind::Refused(axum::http::StatusCode::TOO_MANY_REQUESTS);
                let mut answer = Answer::new(kind, OperationKind::Query, r#"{"errors":[{"message":"Slow down"}]}"#);
                answer.headers.insert("retry-after", axum::http::HeaderValue::from_static("7"));
                answer
            }
            "long" => Answer::new(AnswerKind::Executed, OperationKind::Query, "x".repeat(5_000)),
            "huge" => Answer::new(AnswerKind::Executed, OperationKind::Query, "x".repeat(64 << 20)),
            "panic" => panic!("asked to"),
            "never" => std::future::pending().await,
            "slow" => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Answer::new(AnswerKind::Executed, OperationKind::Query, r#"{"data":{"slow":true}}"#)
            }
            _ => Answer::new(AnswerKind::Executed, OperationKind::Query, echo.to_string()),
        };
        running.1 = true;
        answer
    }
}

impl Readiness for Stub {
    async fn reasons(&self) -> Vec<String> {
        self.reasons.lock().unwrap().clone()
    }
}

/// A running server.
struct Server {
    address: SocketAddr,
    operator: SocketAddr,
    stub: Stub,
    shutdown: CancellationToken,
    running: JoinHandle<Stopped>,
    client: reqwest::Client,
}

/// Time-outs short enough for tests that wait for them, limits as in production.
fn impatient() -> EdgeConfig {
    EdgeConfig {
        head_timeout: Duration::from_millis(200),
        body_timeout: Duration::from_millis(200),
        operation_timeout: Duration::from_millis(200),
        write_stall_timeout: Duration::from_millis(200),
        drain_deadline: Duration::from_millis(200),
        ..EdgeConfig::default()
    }
}

impl Server {
    async fn start() -> Self {
        Self::with(EdgeConfig::default()).await
    }

    async fn with(config: EdgeConfig) -> Self {
        let stub = Stub::default();
        let numbers = Arc::new(AtomicUsize::new(1));
        let edge = Edge::new(
            config,
            stub.clone(),
            stub.clone(),
            Metrics::install().unwrap(),
            Arc::new(move || format!("made-{}", numbers.fetch_add(1, Ordering::SeqCst))),
        );
        let main = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let operator = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, operator_address) = (main.local_addr().unwrap(), operator.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(serve(edge, Listeners { main, operator: Some(operator) }, shutdown.clone()));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { address, operator: operator_address, stub, shutdown, running, client }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn get(&self, path: &str) -> Seen {
        Seen::of(self.client.get(self.url(path))).await
    }

    /// A POST whose `Accept` is the strict media type.
    async fn post(&self, body: Value) -> Seen {
        self.post_text(body.to_string()).await
    }

    async fn post_text(&self, body: impl Into<reqwest::Body>) -> Seen {
        let request = self.client.post(self.url("/graphql")).header("content-type", "application/json");
        Seen::of(request.header("accept", "application/graphql-response+json").body(body)).await
    }

    fn calls(&self) -> usize {
        self.stub.calls.lock().unwrap().len()
    }

    async fn connect(&self) -> Raw {
        Raw(TcpStream::connect(self.address).await.unwrap())
    }

    /// Sends the bytes and gives all that comes until the other end closes.
    async fn raw(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut raw = self.connect().await;
        raw.send(bytes).await;
        raw.until_closed().await
    }

    /// Waits for the stub to have dropped an operation.
    async fn operation_dropped(&self) {
        within(async {
            while self.stub.dropped.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Proves that the process is alive and serving.
    async fn assert_alive(&self) {
        assert_eq!(self.get("/healthz").await.status, 200);
    }
}

/// What a client saw of an answer.
struct Seen {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Seen {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = within(request.send()).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: within(response.text()).await.unwrap() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the only error, in a body shaped as GraphQL has it, with the request id of the header.
    fn code(&self) -> String {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{body}");
        assert!(errors[0]["message"].is_string(), "{body}");
        assert!(body.get("data").is_none(), "{body}");
        assert_eq!(errors[0]["extensions"]["requestId"], self.header("x-request-id"), "{body}");
        errors[0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    fn refused(&self) -> (u16, String) {
        (self.status, self.code())
    }
}

struct Raw(TcpStream);

impl Raw {
    /// The server may have closed already, which the caller sees when it reads.
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    async fn until_closed(&mut self) -> String {
        let mut bytes = Vec::new();
        // A reset is a close, too.
        let _ = within(self.0.read_to_end(&mut bytes)).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// No test waits for ever; the limit is far above anything measured.
async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("it ends")
}
