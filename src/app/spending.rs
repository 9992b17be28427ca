//! What answers tell of their cost, and the answers to those who have spent too much.

use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::App;
use crate::gate::throttle::{Exhausted, Report, Sharing};
use crate::http::{Answer, AnswerKind, OperationKind, RequestId, metrics, writer};
use crate::kernel::Ctx;
use crate::kernel::ctx::Caller;

/// What is known of a request when it stops, for its answer to tell.
#[derive(Default)]
pub(super) struct Seen {
    /// What it would have cost; `None` while its document was not understood.
    pub requested: Option<u64>,
    /// Who asks; `None` while that was not found out.
    pub ctx: Option<Ctx>,
}

/// The extensions of an answer.
#[derive(Serialize)]
struct Extensions {
    cost: Report,
}

/// What [`tell_cost`] makes of an answer's last brace, in bytes at the most.
const COST: usize = 192;

/// What takes the place of an answer's last brace to tell what it cost.
pub(super) fn ending(report: Report) -> Vec<u8> {
    let mut end = Vec::with_capacity(COST);
    end.push(b'}');
    tell_cost(&mut end, report);
    end
}

/// Adds what it cost to an answer's body.
pub(super) fn tell_cost(body: &mut Vec<u8>, report: Report) {
    writer::extend(body, &Extensions { cost: report });
}

impl App {
    /// Tells other nodes what is spent here, and hears what is spent there, until the answer is dropped.
    pub fn share_spending(&self) -> Sharing {
        self.0.throttle.share(&self.0.system.signals)
    }

    /// What the answer to a request that stopped tells of its cost: where it is not known who asks, of the
    /// bucket that visitors of this address have.
    pub(super) fn report(&self, seen: &Seen, address: std::net::IpAddr) -> Option<Report> {
        let requested = seen.requested?;
        let throttle = &self.0.throttle;
        Some(match &seen.ctx {
            Some(ctx) => throttle.report(ctx.caller(), requested),
            None => throttle.report(&Caller { address: Some(address), ..Caller::anonymous("") }, requested),
        })
    }
}

/// The answer to somebody who has spent too much.
pub(super) fn exhausted(exhausted: &Exhausted, operation: OperationKind, request_id: &RequestId) -> Answer {
    metrics::throttled(exhausted.whose);
    let seconds = exhausted.retry_after;
    let message = format!(
        "You have spent what you may spend for now. Try again in {seconds} {}, or ask for less at a time.",
        if seconds == 1 { "second" } else { "seconds" }
    );
    let error = serde_json::json!({
        "message": message,
        "extensions": { "code": "THROTTLED", "requestId": request_id.as_str() },
    });
    let mut body = serde_json::json!({ "errors": [error] }).to_string().into_bytes();
    tell_cost(&mut body, exhausted.report);
    let mut answer = Answer::new(AnswerKind::Refused(StatusCode::TOO_MANY_REQUESTS), operation, body);
    answer.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}
