//! One run of a subscription's field: at the beginning to say which events are wanted, then once for each of them.
//!
//! Owns the interest of a subscription and how it reaches the field. Each event is an operation of its own, with
//! a context of its own: rights, rows and loaders are those of its moment. Never waits for an event, and never
//! decides who may hear it. To listen to something new, write a field that calls [`Live::hear`].

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_graphql::Context;
use entity::events::domain_events;
use futures::stream;

use super::ctx::Ctx;
use super::error::{Error, Result};

/// Something that happened in a store, as its outbox has it.
pub type Happened = Arc<domain_events::Model>;

/// Which of its topics an event has.
///
/// # Errors
/// `Internal` where it has none of them: such an event was not to be told.
pub fn topic<T: Copy>(event: &Happened, topics: &[T], name: fn(T) -> &'static str) -> Result<T> {
    let topic = topics.iter().copied().find(|topic| name(*topic) == event.topic);
    topic.ok_or_else(|| Error::internal("an event of no known topic was told"))
}

/// The number of an event among those of the same thing, as the graph has numbers.
pub fn sequence(event: &Happened) -> i32 {
    i32::try_from(event.sequence).unwrap_or(i32::MAX)
}

/// What a subscription's field gives: nothing when it begins, one thing or none for an event.
pub type Telling<T> = stream::Iter<std::option::IntoIter<Option<T>>>;

/// Gives one thing, or nothing.
pub fn tell<T>(thing: Option<T>) -> Telling<T> {
    stream::iter(thing.map(Some))
}

/// Ids as the outbox has them, for an argument that says what to listen to.
///
/// # Errors
/// `BadInput` where there are none, or more than a list in an input may hold.
pub fn ids(ctx: &Ctx, ids: &[impl ToString]) -> Result<HashSet<String>> {
    let most = ctx.settings().input_list_max;
    if ids.is_empty() || ids.len() > most {
        return Err(Error::BadInput(format!("Give 1 to {most} ids.")));
    }
    Ok(ids.iter().map(ToString::to_string).collect())
}

type Wants = Box<dyn Fn(&domain_events::Model) -> bool + Send + Sync>;

/// What one subscription wants to hear of.
#[derive(Default)]
pub struct Interest {
    wants: OnceLock<Wants>,
    /// Ids of what it has shown; see [`Live::note_shown`].
    shown: Mutex<HashSet<String>>,
}

impl Interest {
    /// Whether the event is one of those.
    pub fn wants(&self, event: &domain_events::Model) -> bool {
        self.wants.get().is_some_and(|wants| wants(event))
    }
}

/// One run of a subscription's field; stands beside the [`Ctx`] of the run.
pub struct Live {
    interest: Arc<Interest>,
    event: Option<Happened>,
}

impl Live {
    /// The first run, which fills the interest.
    pub fn begin(interest: &Arc<Interest>) -> Self {
        Self { interest: Arc::clone(interest), event: None }
    }

    /// The run for an event.
    pub fn event(interest: &Arc<Interest>, event: Happened) -> Self {
        Self { interest: Arc::clone(interest), event: Some(event) }
    }

    /// The run that a field belongs to.
    ///
    /// # Errors
    /// `Internal` where the operation was started without one.
    pub fn of<'a>(gql: &'a Context<'_>) -> Result<&'a Self> {
        gql.data_opt::<Self>().ok_or_else(|| Error::internal("a subscription was started without its run"))
    }

    /// At the beginning notes which events are wanted, by their topics and what else `wants` looks at, and
    /// answers `None`; afterwards answers the event.
    pub fn hear(
        &self,
        topics: Vec<&'static str>,
        wants: impl Fn(&domain_events::Model) -> bool + Send + Sync + 'static,
    ) -> Option<&Happened> {
        if self.event.is_none() {
            // A run of its own fills it once, before any event.
            let _ = self.interest.wants.set(Box::new(move |event| topics.contains(&&*event.topic) && wants(event)));
        }
        self.event.as_ref()
    }

    /// Notes whether the subscription shows something now, and answers whether it did before: only of what it
    /// has shown may it tell that it is gone.
    pub fn note_shown(&self, id: &str, shows: bool) -> bool {
        let mut shown = self.interest.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shows { !shown.insert(id.to_owned()) } else { shown.remove(id) }
    }
}
