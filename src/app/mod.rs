//! The product, put together once from its settings: what the HTTP edge asks.

mod callers;
mod checking;
mod edge;
mod job;
mod repeated;
mod running;
mod shared;
mod spending;
mod stopped;
mod subscriptions;
mod surface;
mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::gate::access::MissingRule;
use crate::gate::document::KnownDocuments;
use crate::gate::schema_index::IndexError;
use crate::gate::throttle::Throttle;
use crate::http::cache::Answers;
use crate::http::guard::Limits;
use crate::kernel::System;
use crate::payments::gateway::PaymentGateways;
use repeated::Repeated;

pub use surface::Surface;

/// The product. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    system: Arc<System>,
    surface: Arc<Surface>,
    limits: Limits,
    server_timing: bool,
    answers: Option<Answers>,
    repeated: Repeated,
    cdn_max_age: Duration,
    documents: KnownDocuments,
    throttle: Throttle,
    subscriptions: subscriptions::Settings,
}

/// Why the product could not be put together. Each is a mistake in its code, found at the start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The server's own schema can't be read.
    #[error("the schema can't be read: {0}")]
    Schema(#[from] IndexError),
    /// Fields without an access rule.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules(Vec<MissingRule>),
}

/// Gives a system the payment providers that are built in: whoever asks providers needs them, and works without an
/// [`App`], as a worker does. A build that has put in its own keeps them.
pub fn equip(system: &System) {
    if system.extensions.get::<PaymentGateways>().is_none() {
        system.extensions.put(PaymentGateways::of(&system.settings.payments));
    }
}

impl App {
    /// Puts the product together: what can be asked, of what system, and what is remembered between requests.
    pub fn new(config: &Config, system: Arc<System>, surface: Arc<Surface>) -> Self {
        equip(&system);
        let throttle = Throttle::new(config.throttle.clone(), Arc::clone(&system.clock));
        let parts = Arc::new(Parts {
            system,
            surface,
            limits: config.limits.clone(),
            server_timing: config.server_timing,
            answers: Answers::new(config.settings.cache_bytes),
            repeated: Repeated::default(),
            cdn_max_age: config.cdn_max_age,
            documents: KnownDocuments::default(),
            throttle,
            subscriptions: subscriptions::Settings::of(config),
        });
        parts.system.documents.answer_with(Arc::new(checking::Checks::of(&parts)));
        Self(parts)
    }

    /// The routes beside GraphQL: what payment providers tell.
    pub fn routes(&self) -> axum::Router {
        webhooks::routes(Arc::clone(&self.0.system))
    }

    /// What all requests share.
    pub fn system(&self) -> &Arc<System> {
        &self.0.system
    }
}
