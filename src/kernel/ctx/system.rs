//! What all requests of a process share.

use std::sync::Arc;
use std::time::Duration;

use crate::kernel::clock::Clock;
use crate::kernel::db::Db;
use crate::kernel::directory::Directory;
use crate::kernel::documents::Documents;
use crate::kernel::entropy::Entropy;
use crate::kernel::extensions::Extensions;
use crate::kernel::feed::Feed;
use crate::kernel::queue::Queue;
use crate::kernel::settings::Settings;
use crate::kernel::signals::Signals;

/// Password hashes at once: each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 2;

/// Password hashes that wait for their turn: about a second's work.
const HASHES_WAITING: usize = 64;

/// How long a password hash waits for its turn.
const HASH_PATIENCE: Duration = Duration::from_secs(5);

/// What all requests of a process share.
pub struct System {
    /// The database.
    pub db: Db,
    /// The one source of time.
    pub clock: Arc<dyn Clock>,
    /// The one source of chance.
    pub entropy: Arc<dyn Entropy>,
    /// What the operator set.
    pub settings: Settings,
    /// Lets in as many password hashes as the machine bears.
    pub hashing: Queue,
    /// Says whether a document could be sent.
    pub documents: Documents,
    /// What this node tells the others, and hears of them.
    pub signals: Signals,
    /// Which store visitors are at.
    pub directory: Directory,
    /// The events of stores, for those who listen.
    pub feed: Feed,
    /// What the operator's build adds, such as tax providers.
    pub extensions: Extensions,
}

impl System {
    /// Puts the parts together.
    pub fn new(db: Db, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, settings: Settings) -> Self {
        let hashing = Queue::new(HASHES_AT_ONCE, HASHES_WAITING, HASH_PATIENCE);
        let signals = Signals::new(entropy.uuid(clock.now()), settings.cache_staleness);
        let directory = Directory::new(settings.cache_bytes > 0);
        let feed = Feed::new(db.clone(), Arc::clone(&clock), signals.clone());
        let (documents, extensions) = (Documents::default(), Extensions::default());
        Self { db, clock, entropy, settings, hashing, documents, signals, directory, feed, extensions }
    }
}
