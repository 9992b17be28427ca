//! The doors that the HTTP edge knocks at.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::job::{Hears, Job};
use super::spending::{self, Seen};
use super::stopped::Stopped;
use crate::http::{Answer, Begun, Call, OperationKind, Operations, Readiness, RequestHead, Sent, head};
use crate::kernel::{Ctx, Error};

impl App {
    /// The one door: every operation comes in here, whichever way it was sent. Its document can run, and its
    /// caller may ask for it in this store.
    async fn take_in(&self, call: &Call, hears: Hears, seen: &mut Seen) -> Result<(Arc<Job>, Ctx), Stopped> {
        let job = Arc::new(self.understand(call, hears, seen).await?);
        let ctx = self.let_in(&call.head, &job, seen).await?;
        Ok((job, ctx))
    }

    /// The answer that a call came to, also where it stopped before it ran.
    async fn ended(&self, answered: Result<Answer, Stopped>, head: &RequestHead, seen: &Seen) -> Answer {
        match answered {
            Ok(answer) => answer,
            Err(stopped) => self.stop(stopped, head, seen).await,
        }
    }
}

impl Operations for App {
    type Known = Job;

    async fn execute(&self, call: Call) -> Answer {
        let mut seen = Seen::default();
        let answered = match self.take_in(&call, Hears::One, &mut seen).await {
            Ok((job, ctx)) => self.answer_to(call.sent.as_ref(), &call.head, &job, &ctx).await,
            Err(stopped) => Err(stopped),
        };
        self.ended(answered, &call.head, &seen).await
    }

    async fn begin(&self, call: Call) -> Begun {
        let mut seen = Seen::default();
        let begun = match self.take_in(&call, Hears::Many, &mut seen).await {
            Ok((job, ctx)) if job.kind == OperationKind::Subscription => self.subscribe(&call, job, &ctx).await,
            Ok((job, ctx)) => self.answer_to(call.sent.as_ref(), &call.head, &job, &ctx).await.map(Begun::Answered),
            Err(stopped) => Err(stopped),
        };
        match begun {
            Ok(begun) => begun,
            Err(stopped) => Begun::Answered(self.stop(stopped, &call.head, &seen).await),
        }
    }

    fn recognize(&self, sent: &Sent) -> Option<Arc<Job>> {
        self.0.repeated.find(sent)
    }

    async fn execute_again(&self, job: Arc<Job>, head: RequestHead) -> Answer {
        let mut seen = Seen::default();
        let answered = match self.let_in(&head, &job, &mut seen).await {
            Ok(ctx) => self.answer_to(None, &head, &job, &ctx).await,
            Err(stopped) => Err(stopped),
        };
        self.ended(answered, &head, &seen).await
    }

    async fn name_caller(&self, head: &RequestHead) -> Result<String, Answer> {
        self.name_of(head).await
    }

    fn admit(&self, caller: &head::Caller) -> Result<(), Box<Answer>> {
        let admitted = self.0.throttle.admit(caller.address);
        admitted.map_err(|empty| Box::new(spending::exhausted(&empty, OperationKind::Unknown, &caller.request_id)))
    }

    fn came_to_nothing(&self, caller: &head::Caller) {
        self.0.throttle.count_refusal(caller.address);
    }
}

impl Readiness for App {
    async fn reasons(&self) -> Vec<String> {
        let check = async {
            let conn = self.0.system.db.inspect().await?;
            let pending = migration::pending(&conn).await?;
            conn.rollback().await;
            Ok::<_, Error>(pending)
        };
        match tokio::time::timeout(Duration::from_secs(2), check).await {
            Ok(Ok(pending)) if pending.is_empty() => Vec::new(),
            Ok(Ok(_)) => vec!["Migrations are missing: run `stoa migrate up`.".to_owned()],
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready");
                vec!["The database does not answer.".to_owned()]
            }
            Err(_) => vec!["The database does not answer in time.".to_owned()],
        }
    }
}
