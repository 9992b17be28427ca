//! One server: the product as it is served, at an address of its own in this process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, RwLock};

use stoa::app::{App, Surface};
use stoa::config::Config;
use stoa::http::{Edge, Listeners, Metrics, RequestIds, Stopped, serve};
use stoa::kernel::clock::FrozenClock;
use stoa::kernel::db::Db;
use stoa::kernel::entropy::SeededEntropy;
use stoa::kernel::signals::Watching;
use stoa::kernel::{Clock, Entropy, System};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::actor::Address;
use super::database::Database;

/// The settings of a test's server: those of development, with a small pool.
pub fn config(database: &Database) -> Config {
    let settings = [
        ("STOA_SECRET_KEY", super::process::KEY),
        ("STOA_DATABASE_POOL_SIZE", "5"),
        ("STOA_DRAIN_DEADLINE_MS", "1000"),
        // The clock stands still, so nothing of what was spent comes back: enough for any story.
        ("STOA_THROTTLE_ANONYMOUS_MAXIMUM", "100000000"),
        ("STOA_THROTTLE_USER_MAXIMUM", "100000000"),
        ("STOA_THROTTLE_TOKEN_MAXIMUM", "100000000"),
        ("STOA_THROTTLE_REFUSALS_MAXIMUM", "100000000"),
        // What others write is heard when a story asks for it, not by the clock.
        ("STOA_CACHE_STALENESS_MS", "60000"),
        // Most stories are about what is read, not about what is remembered of it.
        ("STOA_CACHE_BYTES", "0"),
    ];
    let lookup = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let (config, _) = Config::read(&lookup, &SeededEntropy::new(0));
    let mut config = config.unwrap_or_else(|errors| panic!("{errors:?}"));
    config.database.url = database.url.clone();
    config
}

/// A running server.
pub struct Node {
    pub system: Arc<System>,
    pub(super) address: Address,
    config: Config,
    clock: Arc<FrozenClock>,
    shutdown: CancellationToken,
    running: JoinHandle<Stopped>,
    watching: Option<Watching>,
}

impl Node {
    /// Starts a server on the database.
    pub async fn start(config: Config, clock: Arc<FrozenClock>) -> Self {
        let address = Address::new(RwLock::new(([127, 0, 0, 1], 0).into()));
        let (system, shutdown, running) = start(&config, &clock, &address).await;
        let watching = Some(system.signals.watch(system.db.clone()));
        Self { system, address, config, clock, shutdown, running, watching }
    }

    /// A second server on the same database: like this one, but for what `change` changes.
    pub async fn another(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        Self::start(config, Arc::clone(&self.clock)).await
    }

    /// From now on it hears nothing of what others write.
    pub async fn stop_listening(&mut self) {
        if let Some(watching) = self.watching.take() {
            watching.stop().await;
        }
    }

    /// Stops the server as SIGTERM does, and starts it again: nothing of it is kept but the database.
    pub async fn restart(&mut self) {
        self.stop().await;
        let (system, shutdown, running) = start(&self.config, &self.clock, &self.address).await;
        self.watching = Some(system.signals.watch(system.db.clone()));
        (self.system, self.shutdown, self.running) = (system, shutdown, running);
    }

    /// Stops the server as SIGTERM does, and tells how it ended.
    pub async fn stop(&mut self) -> Stopped {
        self.shutdown.cancel();
        let stopped = (&mut self.running).await.expect("a server that ends well");
        self.stop_listening().await;
        self.system.db.close().await;
        stopped
    }
}

/// What can be asked, read once for all stories.
pub fn surface(config: &Config) -> Arc<Surface> {
    static OPEN: LazyLock<Arc<Surface>> = LazyLock::new(|| Arc::new(Surface::read(true).expect("the schema")));
    static CLOSED: LazyLock<Arc<Surface>> = LazyLock::new(|| Arc::new(Surface::read(false).expect("the schema")));
    Arc::clone(if config.introspection { &OPEN } else { &CLOSED })
}

async fn start(
    config: &Config,
    clock: &Arc<FrozenClock>,
    address: &Address,
) -> (Arc<System>, CancellationToken, JoinHandle<Stopped>) {
    // No two servers draw the same chance: they would give two rows one id.
    static SEEDS: AtomicU64 = AtomicU64::new(1_000);
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(SEEDS.fetch_add(1, Ordering::Relaxed)));
    let db = Db::connect(&config.database).await.expect("the database");
    let clock: Arc<dyn Clock> = Arc::<FrozenClock>::clone(clock);
    let system = Arc::new(System::new(db, clock, entropy, config.settings.clone()));
    let app = App::new(config, Arc::clone(&system), surface(config));
    let ids: RequestIds = {
        let system = Arc::clone(&system);
        Arc::new(move || system.entropy.uuid(system.clock.now()).simple().to_string())
    };
    let edge = Edge::new(config.edge.clone(), app.clone(), app.clone(), Metrics::install().expect("metrics"), ids)
        .with_routes(app.routes());
    let main = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    *address.write().expect("an address") = main.local_addr().expect("an address");
    let shutdown = CancellationToken::new();
    let running = tokio::spawn({
        let shutdown = shutdown.clone();
        let sharing = app.share_spending();
        async move {
            let stopped = serve(edge, Listeners { main, operator: None }, shutdown).await;
            drop(sharing);
            stopped
        }
    });
    (system, shutdown, running)
}
