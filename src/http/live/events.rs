//! Event streams: `graphql-sse` in its distinct connections mode, one operation a request.

use std::{convert::Infallible, pin::pin};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Response, header},
};
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, interval_at};

use super::{Live, Seat};
use crate::http::{
    graphql::{Subscribed, Told},
    metrics::OpenStream,
    refusal::Refusal,
};

/// What proxies and browsers are told first, so that they let the head through.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");
/// The end. Browsers pass over an event without data.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata:\n\n");

/// An answer that holds one response and ends: a query, a mutation, or an operation that was refused.
pub(in crate::http) fn once(response: &Bytes) -> Response<Body> {
    answer(Body::from([next(response), COMPLETE].concat()))
}

/// An answer that goes on until the subscription ends.
///
/// # Errors
/// Where there is no seat for it.
pub(in crate::http) fn many(live: &Live, subscribed: Subscribed) -> Result<Response<Body>, Refusal> {
    let seat = live.seat(&subscribed.caller)?;
    let headers = subscribed.headers.clone();
    let mut response = answer(Body::from_stream(stream(live.clone(), subscribed, seat).map(Ok::<_, Infallible>)));
    response.headers_mut().extend(headers);
    Ok(response)
}

fn answer(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies hold back what they are not told to let through.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Where a stream stands.
enum State {
    Opening,
    Open,
    Ending,
    Ended,
}

/// The text of the stream. It waits where the client reads too slowly, and is dropped with its connection.
fn stream(live: Live, subscribed: Subscribed, seat: Seat) -> impl Stream<Item = Bytes> {
    let every = live.limits.keep_alive;
    let keep_alive = interval_at(Instant::now() + every, every);
    let held = (seat, OpenStream::count());
    let start = (State::Opening, subscribed.answers, keep_alive, live, held);
    stream::unfold(start, |(state, mut answers, mut keep_alive, live, held)| async move {
        let (part, state) = match state {
            State::Opening => (COMMENT, State::Open),
            State::Ending => (COMPLETE, State::Ended),
            State::Ended => return None,
            State::Open => {
                let mut draining = pin!(live.draining.cancelled());
                tokio::select! {
                    told = answers.next() => match told {
                        Some(Told::Next(response)) => (next(&response), State::Open),
                        Some(Told::Failed(response)) => (next(&response), State::Ending),
                        None => (COMPLETE, State::Ended),
                    },
                    _ = keep_alive.tick() => (COMMENT, State::Open),
                    () = draining.as_mut() => (COMPLETE, State::Ended),
                }
            }
        };
        Some((part, (state, answers, keep_alive, live, held)))
    })
}

/// The event `next`. A response is one line: what breaks lines stands escaped in it.
fn next(response: &[u8]) -> Bytes {
    [b"event: next\ndata: ", response, b"\n\n"].concat().into()
}
