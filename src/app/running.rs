//! An operation that was taken in comes to its answer, and its caller pays for it.

use std::sync::Arc;

use async_graphql::Response;
use axum::http::{HeaderMap, HeaderValue, header};

use super::App;
use super::job::Job;
use super::spending::{self, Seen};
use super::stopped::{Stopped, is_away, is_retry, mend};
use crate::gate::throttle::{Hold, Report};
use crate::http::{Answer, AnswerKind, OperationKind, RequestHead, Sent, metrics, writer};
use crate::kernel::Ctx;

impl App {
    /// Takes what a run is held to cost, where its caller has not spent too much.
    pub(super) fn take(&self, ctx: &Ctx, job: &Job) -> Result<Hold, Stopped> {
        self.0.throttle.take(ctx.caller(), job.cost).map_err(|empty| Stopped::Throttled(job.kind, empty))
    }

    /// Answers an operation that was taken in, and has one answer: from memory, or by running it. `sent` is what
    /// it was read from, where that is worth remembering.
    pub(super) async fn answer_to(
        &self,
        sent: Option<&Sent>,
        head: &RequestHead,
        job: &Arc<Job>,
        ctx: &Ctx,
    ) -> Result<Answer, Stopped> {
        let shared = self.shared(job, ctx);
        if let Some(shared) = &shared
            && let Some(remembered) = shared.find(ctx.now()).await
        {
            let taken = self.0.throttle.take_least(ctx.caller(), job.cost);
            let cost = taken.map_err(|empty| Stopped::Throttled(job.kind, empty))?;
            metrics::operation_cost(cost.requested, cost.actual);
            if let Some(sent) = sent {
                self.0.repeated.keep(sent, job);
            }
            return Ok(self.tell(head, job, ctx, &remembered, cost));
        }
        let hold = self.take(ctx, job)?;
        // What runs is boxed: what is remembered does not carry its size along.
        let written = match &shared {
            Some(shared) => match Box::pin(self.share(shared, job, ctx)).await {
                Ok(remembered) => return Ok(self.tell(head, job, ctx, &remembered, settle(job, ctx, hold))),
                Err(written) => written,
            },
            None => Box::pin(self.run(job, ctx)).await,
        };
        let mut answer = Self::answer(job, &written, settle(job, ctx, hold));
        self.note_statements(ctx, &mut answer.headers);
        Ok(answer)
    }

    /// Runs an operation that has one answer, and gives the connection back.
    pub(super) async fn run(&self, job: &Job, ctx: &Ctx) -> writer::Answer {
        if job.kind == OperationKind::Mutation {
            // What a write is decided by must be as it is now.
            ctx.leave_replica().await;
        }
        // Without the scheduler's budget: where hundreds of fields wait for one batch, it would let them go
        // on a few at a time, and each few would ask the database again.
        let execute = || tokio::task::unconstrained(Box::pin(self.0.surface.schema.execute(job.request(ctx))));
        let mut response = execute().await;
        // What the standby's replay stood in the way of, the primary can answer.
        if job.kind == OperationKind::Query && response.errors.iter().any(is_retry) && ctx.leave_replica().await {
            response = execute().await;
        }
        ctx.release().await;
        self.write(job, ctx, response)
    }

    /// Writes what an operation came to.
    pub(super) fn write(&self, job: &Job, ctx: &Ctx, mut response: Response) -> writer::Answer {
        for error in &mut response.errors {
            mend(error, &ctx.caller().request_id);
        }
        writer::write(&job.document, job.operation.name(), &job.variables, &self.0.surface.index, &response)
    }

    /// The answer around what an operation came to.
    pub(super) fn answer(job: &Job, written: &writer::Answer, cost: Report) -> Answer {
        let outcome = match (written.errors.is_empty(), written.data.is_some()) {
            (true, _) => AnswerKind::Executed,
            (false, true) => AnswerKind::ExecutedWithErrors,
            (false, false) => AnswerKind::RequestError,
        };
        let mut body = written.body();
        spending::tell_cost(&mut body, cost);
        let mut answer = Answer::new(outcome, job.kind, body);
        if written.errors.iter().any(is_away) {
            answer.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }

    /// The answer to a call that stopped before it ran. The connection that it took is given back.
    pub(super) async fn stop(&self, stopped: Stopped, head: &RequestHead, seen: &Seen) -> Answer {
        if let Some(ctx) = &seen.ctx {
            ctx.release().await;
        }
        let caller = &head.caller;
        stopped.answer(&caller.request_id, self.report(seen, caller.address))
    }

    /// Tells how many statements a request has taken, where that is told.
    pub(super) fn note_statements(&self, ctx: &Ctx, headers: &mut HeaderMap) {
        if self.0.server_timing
            && let Ok(value) = HeaderValue::from_str(&format!("sql;desc=\"{} statements\"", ctx.statements()))
        {
            headers.insert("server-timing", value);
        }
    }
}

/// Gives back what was held and not used.
pub(super) fn settle(job: &Job, ctx: &Ctx, hold: Hold) -> Report {
    let cost = hold.settle(job.operation.base_cost().saturating_add(ctx.objects()));
    metrics::operation_cost(cost.requested, cost.actual);
    cost
}
