//! Subscriptions: from an operation to its answers, each of them as fresh as that of a request of its own.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Response;
use axum::body::Bytes;
use axum::http::HeaderMap;
use futures::{StreamExt, stream};
use rules::ids::StoreId;
use rules::states::TokenKind;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::App;
use super::callers::claims;
use super::job::Job;
use super::running::settle;
use super::stopped::{Stopped, is_away};
use crate::config::Config;
use crate::gate::authentication::authenticate;
use crate::http::{Answer, AnswerStream, Begun, Call, RequestHead, Subscribed, Told, address_name};
use crate::kernel::feed::{Heard, Listener};
use crate::kernel::live::{Happened, Interest, Live};
use crate::kernel::{Actor, Ctx, Error};

/// How long after the database was away an event is tried again.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// How subscriptions are run.
pub(super) struct Settings {
    /// How often rights are looked at where no event does it.
    recheck: Duration,
    /// How long an event may take to be told.
    patience: Duration,
    /// Events that are told at once: they leave connections to the requests.
    turns: Semaphore,
}

impl Settings {
    pub fn of(config: &Config) -> Self {
        let turns = (config.database.pool_size / 2).max(1);
        Self {
            recheck: config.recheck,
            patience: config.edge.operation_timeout,
            turns: Semaphore::new(usize::try_from(turns).unwrap_or(1)),
        }
    }
}

impl App {
    /// The caller's name among live connections.
    pub(super) async fn name_of(&self, head: &RequestHead) -> Result<String, Answer> {
        let named = async {
            let ctx = authenticate(&self.0.system, claims(head)?).await?;
            ctx.release().await;
            Ok::<_, Error>(name(&ctx, head))
        };
        named.await.map_err(|error| Stopped::from(error).answer(&head.caller.request_id, None))
    }

    /// Begins a subscription that was taken in.
    pub(super) async fn subscribe(&self, call: &Call, job: Arc<Job>, ctx: &Ctx) -> Result<Begun, Stopped> {
        let hold = self.take(ctx, &job)?;
        let store = ctx.store_context()?.id;
        // The feed reads over a connection of its own: who waits for it holds none.
        ctx.release().await;
        // Before it is known what is wanted: nothing that happens from now on is overlooked.
        let listener = self.0.system.feed.listen(store).await?;
        let subscription = Subscription {
            app: self.clone(),
            head: call.head.clone(),
            job,
            store,
            interest: Arc::default(),
            listener,
            check_at: Instant::now() + self.0.subscriptions.recheck,
            is_over: false,
        };
        let refused = subscription.run(ctx, Live::begin(&subscription.interest)).await;
        let mut headers = HeaderMap::new();
        self.note_statements(ctx, &mut headers);
        Ok(match refused {
            // By the engine, or by the field itself: it has no answer, only errors.
            Some(mut response) => {
                response.data = async_graphql::Value::Null;
                response.errors.iter_mut().for_each(|error| error.path.clear());
                let job = &subscription.job;
                Begun::Answered(App::answer(job, &self.write(job, ctx, response), settle(job, ctx, hold)))
            }
            None => {
                hold.settle(subscription.job.operation.base_cost().saturating_add(ctx.objects()));
                let caller = name(ctx, &call.head);
                Begun::Subscribed(Subscribed { caller, headers, answers: subscription.into_answers() })
            }
        })
    }
}

/// The same for the same caller, and for nobody else.
fn name(ctx: &Ctx, head: &RequestHead) -> String {
    match ctx.actor() {
        Actor::User { user, .. } => user.to_string(),
        Actor::Customer { customer, .. } => customer.to_string(),
        Actor::Token { token, kind: TokenKind::Api, .. } => token.to_string(),
        // A storefront's token stands in the pages of its shoppers.
        Actor::Token { .. } | Actor::Anonymous | Actor::Operator => address_name(head.caller.address),
    }
}

/// A subscription that goes on.
struct Subscription {
    app: App,
    head: RequestHead,
    job: Arc<Job>,
    store: StoreId,
    interest: Arc<Interest>,
    listener: Listener,
    /// When rights are looked at, if no event does it before.
    check_at: Instant,
    is_over: bool,
}

impl Subscription {
    fn into_answers(self) -> AnswerStream {
        Box::pin(stream::unfold(self, |mut subscription| async move {
            let told = subscription.next().await?;
            Some((told, subscription))
        }))
    }

    /// The next thing to tell; the last one says why it ends.
    async fn next(&mut self) -> Option<Told> {
        if self.is_over {
            return None;
        }
        loop {
            let told = tokio::select! {
                heard = self.listener.next() => match heard {
                    Heard::Event(event) if self.interest.wants(&event) => self.tell(event).await,
                    Heard::Event(_) => continue,
                    Heard::Missed => Err(Stopped::Missed),
                },
                () = tokio::time::sleep_until(self.check_at) => self.check().await.map(|()| None),
            };
            self.check_at = Instant::now() + self.app.0.subscriptions.recheck;
            match told {
                Ok(Some(response)) => return Some(Told::Next(response)),
                Ok(None) => {}
                Err(stopped) => {
                    self.is_over = true;
                    return Some(Told::Failed(stopped.answer(&self.head.caller.request_id, None).body));
                }
            }
        }
    }

    /// Holds the subscription against what its caller may do now. While the database is away that is not
    /// known, and nothing is told either.
    async fn check(&self) -> Result<(), Stopped> {
        let checked = async {
            let ctx = self.identify().await?;
            ctx.release().await;
            App::allow(&ctx, &self.job.operation)
        };
        match checked.await {
            Err(stopped) if stopped.is_away() => Ok(()),
            checked => checked,
        }
    }

    /// The caller as of now, in the same store.
    async fn identify(&self) -> Result<Ctx, Stopped> {
        let ctx = self.app.identify(&self.head, self.job.hash, false).await?;
        match ctx.store_context() {
            Ok(store) if store.id == self.store => Ok(ctx),
            _ => {
                ctx.release().await;
                Err(Error::StoreMismatch.into())
            }
        }
    }

    /// What there is to tell of an event; nothing where it turns out to be none of the caller's.
    async fn tell(&self, event: Happened) -> Result<Option<Bytes>, Stopped> {
        let telling = async {
            loop {
                match self.tell_once(&event).await {
                    // An event is told late rather than not at all.
                    Err(stopped) if stopped.is_away() => tokio::time::sleep(TRY_AGAIN_AFTER).await,
                    told => return told,
                }
            }
        };
        tokio::time::timeout(self.app.0.subscriptions.patience, telling).await.map_err(|_| Error::Busy)?
    }

    async fn tell_once(&self, event: &Happened) -> Result<Option<Bytes>, Stopped> {
        let _turn = self.app.0.subscriptions.turns.acquire().await.map_err(Error::internal)?;
        let ctx = self.identify().await?;
        let let_in = || {
            App::allow(&ctx, &self.job.operation)?;
            self.app.take(&ctx, &self.job)
        };
        let hold = match let_in() {
            Ok(hold) => hold,
            Err(stopped) => {
                ctx.release().await;
                return Err(stopped);
            }
        };
        // The standby may not have heard of it yet.
        ctx.leave_replica().await;
        match self.run(&ctx, Live::event(&self.interest, Arc::clone(event))).await {
            Some(response) if response.errors.iter().any(is_away) => {
                hold.settle(0);
                Err(Error::Busy.into())
            }
            Some(response) => {
                let written = self.app.write(&self.job, &ctx, response);
                Ok(Some(App::answer(&self.job, &written, settle(&self.job, &ctx, hold)).body))
            }
            None => {
                hold.settle(ctx.objects());
                Ok(None)
            }
        }
    }

    /// Runs the operation once.
    async fn run(&self, ctx: &Ctx, live: Live) -> Option<Response> {
        let mut responses = self.app.0.surface.schema.execute_stream(self.job.request(ctx).data(live));
        // As for a query: without the scheduler's budget, so that loaders see all their keys together.
        let response = tokio::task::unconstrained(responses.next()).await;
        ctx.release().await;
        response
    }
}
