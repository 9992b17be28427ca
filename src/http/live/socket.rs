//! WebSockets: `graphql-transport-ws`, many operations over one connection.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{
        FromRequestParts,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, Method, Response, header, request::Parts},
};
use serde_json::{Map, Value};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout},
};
use tokio_util::task::AbortOnDropHandle;
use tungstenite::error::{CapacityError, Error as SocketError};

use super::{
    Live, Seat, address_name,
    operation::{self, Outgoing, Sender},
    protocol::{self, Close, Incoming, SUBPROTOCOL},
};
use crate::http::{
    graphql::{AnswerKind, Endpoint, Operations},
    head::{Caller, RequestHead},
    metrics::{self, OpenSocket},
    refusal::Refusal,
};

/// The buffers of one socket, in bytes: a thousand of them stand open.
const BUFFER: usize = 4 * 1024;
/// How long a client may take to read why its socket is closed, and to close its own end.
const FAREWELL: Duration = Duration::from_secs(1);

/// Whether a request asks to become a WebSocket.
pub(in crate::http) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Answers the handshake; the socket goes on in a task of its own.
pub(in crate::http) async fn open<O: Operations>(
    endpoint: Arc<Endpoint<O>>,
    caller: Caller,
    parts: Parts,
) -> Response<Body> {
    if let Err(answer) = endpoint.operations.admit(&caller) {
        return answer.into_json_response();
    }
    let shaken = shake_hands(Arc::clone(&endpoint), caller.clone(), parts).await;
    shaken.unwrap_or_else(|refusal| {
        if refusal.is_callers() {
            endpoint.operations.came_to_nothing(&caller);
        }
        refusal.into_json_response(&caller.request_id)
    })
}

/// Refuses a page of a foreign origin, another protocol, one for whom there is no seat, and what is no handshake.
async fn shake_hands<O: Operations>(
    endpoint: Arc<Endpoint<O>>,
    caller: Caller,
    mut parts: Parts,
) -> Result<Response<Body>, Refusal> {
    if !endpoint.config.cors.admits(&parts.headers, &caller) {
        return Err(Refusal::ForeignOrigin);
    }
    if endpoint.live.draining.is_cancelled() {
        return Err(Refusal::Overloaded);
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.map_err(|_| Refusal::BadHandshake)?;
    let limit = endpoint.config.body_bytes;
    let upgrade = upgrade
        .protocols([SUBPROTOCOL])
        .max_message_size(limit)
        .max_frame_size(limit)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    if upgrade.selected_protocol().is_none() {
        return Err(Refusal::SubprotocolMissing);
    }
    // Who it is is said later, so that the address counts until then.
    let seat = endpoint.live.seat(&address_name(caller.address))?;
    let tracked = endpoint.live.sockets.token();
    // What runs over the socket did not come by the GET of its handshake.
    let head = RequestHead { method: Method::POST, headers: parts.headers, caller, takes_gzip: false };
    Ok(upgrade.on_upgrade(move |socket| async move {
        let cut = endpoint.live.cut.clone();
        let connection = Connection::new(endpoint, head, seat);
        tokio::select! {
            () = connection.serve(socket) => {}
            () = cut.cancelled() => {}
        }
        drop(tracked);
    }))
}

/// Why a conversation ends.
enum End {
    /// The server says why.
    Close(Close),
    /// The client says goodbye.
    Left,
    /// The client has gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl From<axum::Error> for End {
    /// What was read is too large or broken; whatever else goes wrong is the end of the connection itself.
    fn from(error: axum::Error) -> Self {
        match error.into_inner().downcast_ref::<SocketError>() {
            Some(SocketError::Capacity(CapacityError::MessageTooLong { .. })) => Close::TOO_LARGE.into(),
            Some(SocketError::Utf8(_)) => Close::NOT_UTF8.into(),
            Some(SocketError::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => Self::Gone,
            Some(SocketError::Protocol(_)) => Close::BROKEN.into(),
            _ => Self::Gone,
        }
    }
}

/// An operation that runs; dropped with it.
struct Running {
    serial: u64,
    _task: AbortOnDropHandle<()>,
}

struct Connection<O> {
    endpoint: Arc<Endpoint<O>>,
    /// What the handshake said, and `connection_init` after it.
    head: RequestHead,
    seat: Seat,
    acknowledged: bool,
    running: HashMap<Arc<str>, Running>,
    /// Operations begun so far.
    begun: u64,
    /// When the last operation ended.
    quiet_since: Instant,
    outgoing: mpsc::Sender<Outgoing>,
    /// Taken when the conversation begins.
    queue: Option<mpsc::Receiver<Outgoing>>,
}

impl<O: Operations> Connection<O> {
    fn new(endpoint: Arc<Endpoint<O>>, head: RequestHead, seat: Seat) -> Self {
        let (outgoing, queue) = mpsc::channel(endpoint.live.limits.queue.max(1));
        Self {
            endpoint,
            head,
            seat,
            acknowledged: false,
            running: HashMap::new(),
            begun: 0,
            quiet_since: Instant::now(),
            outgoing,
            queue: Some(queue),
        }
    }

    fn live(&self) -> &Live {
        &self.endpoint.live
    }

    async fn serve(mut self, mut socket: WebSocket) {
        let (opened, _open) = (Instant::now(), OpenSocket::count());
        let end = self.converse(&mut socket).await.err().unwrap_or(End::Gone);
        let (endpoint, caller, operations) = (Arc::clone(&self.endpoint), self.head.caller.clone(), self.begun);
        let request_id = &caller.request_id;
        // Whatever still runs ends here, before the client is told, and the seat is free.
        drop(self);
        let code = match end {
            End::Close(close) => {
                if close.is_clients_doing() {
                    endpoint.operations.came_to_nothing(&caller);
                }
                farewell(socket, close).await;
                close.code
            }
            End::Left => {
                // The library says goodbye, too, when it is asked for more.
                let _ = timeout(FAREWELL, socket.recv()).await;
                0
            }
            End::Gone => 0,
        };
        metrics::socket_closed(code);
        tracing::info!(
            target: "stoa::access",
            %request_id,
            code,
            operations,
            duration_ms = opened.elapsed().as_secs_f64() * 1_000.0,
            "socket"
        );
    }

    async fn converse(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let limits = self.live().limits.clone();
        let draining = self.live().draining.clone();
        let init_by = Instant::now() + limits.init_timeout;
        let mut keep_alive = interval_at(Instant::now() + limits.keep_alive, limits.keep_alive);
        keep_alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = true;
        let Some(mut queue) = self.queue.take() else { return Ok(()) };
        loop {
            if self.running.is_empty() && draining.is_cancelled() {
                return Err(Close::STOPPING.into());
            }
            tokio::select! {
                message = socket.recv() => {
                    heard = true;
                    let Some(message) = message else { return Ok(()) };
                    self.hear(socket, message?).await?;
                }
                Some(outgoing) = queue.recv() => self.tell(socket, outgoing).await?,
                () = sleep_until(init_by), if !self.acknowledged => return Err(Close::INIT_TIMEOUT.into()),
                () = sleep_until(self.quiet_since + limits.idle_timeout), if self.running.is_empty() => {
                    return Err(Close::IDLE.into());
                }
                // Subscriptions complete by themselves then, and what else runs may end.
                () = draining.cancelled(), if self.running.is_empty() => {}
                _ = keep_alive.tick() => {
                    // Whoever did not answer the last one is not there any more.
                    if !std::mem::take(&mut heard) {
                        return Ok(());
                    }
                    socket.send(Message::Ping(Default::default())).await?;
                }
            }
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::NOT_TEXT.into()),
            // Answered by the library.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Left),
        };
        match Incoming::read(&text, self.endpoint.json_limits())? {
            Incoming::Init(payload) => {
                self.init(payload).await?;
                socket.send(Message::Text(protocol::ack().into())).await?;
            }
            Incoming::Ping(payload) => socket.send(Message::Text(protocol::pong(payload).into())).await?,
            Incoming::Pong => {}
            // Messages to an operation that has ended already cross on their way.
            Incoming::Complete { id } => self.ended(&id),
            Incoming::Subscribe { .. } if !self.acknowledged => return Err(Close::NOT_ACKNOWLEDGED.into()),
            Incoming::Subscribe { id, .. } if self.running.contains_key(&*id) => return Err(Close::REPEATED_ID.into()),
            Incoming::Subscribe { id, parameters } => {
                let mut head = self.head.clone();
                head.caller.request_id = self.endpoint.new_request_id();
                let full = self.running.len() >= self.live().limits.operations;
                if full || self.live().draining.is_cancelled() {
                    let refusal = if full { Refusal::TooManyOperations } else { Refusal::Overloaded };
                    let body = refusal.body(&head.caller.request_id);
                    socket.send(Message::Text(protocol::error(&id, body.as_bytes()).into())).await?;
                    return Ok(());
                }
                self.begun += 1;
                let (id, serial): (Arc<str>, _) = (id.into(), self.begun);
                let sender = Sender { id: Arc::clone(&id), serial, messages: self.outgoing.clone() };
                let draining = self.live().draining.clone();
                let task = operation::run(Arc::clone(&self.endpoint), parameters, head, sender, draining);
                let task = AbortOnDropHandle::new(tokio::spawn(task));
                self.running.insert(id, Running { serial, _task: task });
            }
        }
        Ok(())
    }

    /// Who is it? Everything that runs later asks again.
    async fn init(&mut self, payload: Map<String, Value>) -> Result<(), End> {
        if self.acknowledged {
            return Err(Close::REPEATED_INIT.into());
        }
        protocol::add_headers(&mut self.head.headers, payload)?;
        let patience = self.endpoint.config.operation_timeout;
        let named = timeout(patience, self.endpoint.operations.name_caller(&self.head)).await;
        let caller = match named {
            Ok(Ok(caller)) => caller,
            Ok(Err(answer)) if matches!(answer.kind, AnswerKind::Refused(status) if status.is_server_error()) => {
                return Err(Close::BUSY.into());
            }
            Ok(Err(_)) => return Err(Close::FORBIDDEN.into()),
            Err(_) => return Err(Close::BUSY.into()),
        };
        self.seat.pass_to(&caller).map_err(|_| Close::TOO_MANY)?;
        self.acknowledged = true;
        Ok(())
    }

    /// Passes an operation's message on, unless the client has completed it meanwhile.
    async fn tell(&mut self, socket: &mut WebSocket, outgoing: Outgoing) -> Result<(), End> {
        if self.running.get(&outgoing.id).is_none_or(|running| running.serial != outgoing.serial) {
            return Ok(());
        }
        if outgoing.last {
            self.ended(&outgoing.id);
        }
        Ok(socket.send(Message::Text(outgoing.text.into())).await?)
    }

    fn ended(&mut self, id: &str) {
        if self.running.remove(id).is_some() {
            self.quiet_since = Instant::now();
        }
    }
}

/// Says why, and leaves the client a moment to read it: where unread bytes are left, closing at once would take the
/// reason away with them.
async fn farewell(mut socket: WebSocket, close: Close) {
    let leave_by = Instant::now() + FAREWELL;
    let talking = async {
        if socket.send(Message::Close(Some(close.frame()))).await.is_err() {
            return;
        }
        loop {
            match socket.recv().await {
                Some(Ok(_)) => {}
                // What can't be read can't be read away either.
                Some(Err(_)) if close == Close::TOO_LARGE => sleep_until(leave_by).await,
                _ => return,
            }
        }
    };
    let _ = tokio::time::timeout_at(leave_by, talking).await;
}
