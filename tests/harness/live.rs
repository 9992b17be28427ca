//! Callers who hear more than one answer: over a WebSocket, or as an event stream.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::actor::{Actor, Answer, statements};

/// One end of a `graphql-transport-ws` connection.
pub struct Socket(WebSocketStream<TcpStream>);

/// An event stream of one operation.
pub struct Events {
    response: reqwest::Response,
    unread: String,
}

impl Actor {
    /// Shakes hands, with what `change` makes of the request; the status where the server refuses.
    pub async fn handshake(&self, change: impl FnOnce(&mut Request<()>)) -> Result<Socket, u16> {
        let address = *self.address.read().expect("an address");
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        change(&mut request);
        let stream = TcpStream::connect(address).await.expect("a connection");
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// What `connection_init` says for this caller.
    pub fn init(&self) -> Value {
        let mut payload = json!({});
        if let Some(authorization) = &self.authorization {
            payload["Authorization"] = authorization.as_str().into();
        }
        if let Some(store) = &self.store {
            payload["X-Store"] = store.as_str().into();
        }
        json!({ "type": "connection_init", "payload": payload })
    }

    /// A socket that is ready.
    pub async fn socket(&self) -> Socket {
        let mut socket = self.handshake(|_| {}).await.unwrap_or_else(|status| panic!("refused: {status}"));
        socket.send(self.init()).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Asks for an event stream; the answer where there is none.
    pub async fn stream(&self, document: &str, variables: Value) -> Result<Events, Answer> {
        let request = self.request(json!({ "query": document, "variables": variables }));
        let request = request.header("accept", "text/event-stream");
        let response = request.send().await.expect("an answer");
        let is_stream = response.headers().get("content-type").is_some_and(|value| value == EVENT_STREAM);
        if is_stream {
            return Ok(Events { response, unread: String::new() });
        }
        Err(Answer::read(response).await)
    }

    /// Subscribes by an event stream: what is done from now on is heard.
    #[track_caller]
    pub fn listen(&self, document: &str, variables: Value) -> impl Future<Output = Events> {
        let caller = std::panic::Location::caller();
        let asking = self.clone();
        let document = document.to_owned();
        async move {
            let stream = asking.stream(&document, variables).await;
            stream.unwrap_or_else(|answer| panic!("{caller}: no stream: {answer}"))
        }
    }
}

const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";

impl Socket {
    pub async fn send(&mut self, message: Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    /// Sends anything. The server may have closed already, which is seen when it is read.
    pub async fn send_raw(&mut self, message: Message) {
        let _ = self.0.send(message).await;
    }

    pub async fn subscribe(&mut self, id: &str, document: &str, variables: Value) {
        let payload = json!({ "query": document, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message.
    pub async fn next(&mut self) -> Value {
        match self.read().await {
            Ok(message) => message,
            Err(close) => panic!("closed: {close:?}"),
        }
    }

    /// Reads until the server closes: the code and the reason; code 0 where it said none.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(close) = self.read().await {
                return close;
            }
        }
    }

    async fn read(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err((CloseCode::into(frame.code), frame.reason.to_string()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err((0, String::new())),
            }
        }
    }
}

impl Events {
    /// The next response; `None` where the operation is complete.
    pub async fn next(&mut self) -> Option<Value> {
        self.text().await.map(|text| serde_json::from_str(&text).expect("JSON"))
    }

    /// The same as it is written.
    pub async fn text(&mut self) -> Option<String> {
        loop {
            let event = self.event().await.expect("an end that is told");
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            match field("event:") {
                Some("next") => return Some(field("data:").expect("data").to_owned()),
                Some("complete") => return None,
                // A comment.
                _ => assert!(event.starts_with(':'), "{event}"),
            }
        }
    }

    /// The data of the next event.
    pub async fn data(&mut self) -> Value {
        let mut response = self.next().await.expect("an event");
        assert!(response.get("errors").is_none(), "{response}");
        response["data"].take()
    }

    /// The code of the error that it ends with.
    pub async fn ended(&mut self) -> String {
        let response = self.next().await.expect("an error");
        assert!(response.get("data").is_none(), "{response}");
        assert_eq!(self.next().await, None, "nothing comes after it");
        response["errors"][0]["extensions"]["code"].as_str().expect("a code").to_owned()
    }

    /// How many SQL statements its beginning took, authentication included.
    pub fn statements(&self) -> u32 {
        statements(self.response.headers()).expect("a count of statements")
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The next event as text; `None` at the end of the body.
    async fn event(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let event = event.to_owned();
                self.unread = rest.to_owned();
                return Some(event);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.unread.push_str(std::str::from_utf8(&chunk).expect("whole characters"));
        }
    }
}
