//! What the stories are told with: a database of one's own, a server on it, and callers of every kind.
//!
//! ```ignore
//! both! {
//!     async fn a_brand_is_created(db: Database) {
//!         let shop = Shop::open(db).await;
//!         let answer = shop.owner().query("mutation { brandCreate(input: { name: \"Acme\" }) { brand { slug } } }", json!({})).await;
//!         assert_eq!(answer.ok().text("brandCreate.brand.slug"), "acme");
//!     }
//! }
//! ```
//!
//! Owns the world that every story starts in ([`world`]), proves at the end that what the story left behind is as
//! it must be ([`invariants`]), and throws it away. No story
//! waits by the clock on the wall, tries twice, or shares anything with another one. To add a thing
//! that many stories need, add a builder to [`builders`].

pub mod actor;
pub mod builders;
pub mod buyers;
pub mod carts;
pub mod database;
pub mod invariants;
pub mod ledger;
pub mod live;
pub mod node;
pub mod orders;
pub mod payments;
pub mod paystack;
pub mod post;
pub mod process;
pub mod shipping;
pub mod shop;
pub mod stripe;
pub mod taxes;
pub mod tenancy;
pub mod wire;
pub mod world;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

#[allow(unused_imports, reason = "as above")]
pub use actor::{Actor, Answer};
pub use database::{Backend, Database};
pub use serde_json::json;
pub use shop::Shop;

/// No story takes this long, not those that walk over the whole schema on a slow machine; one that does hangs.
const LONGEST_STORY: Duration = Duration::from_secs(1_000);

/// Tests that run on both databases: each becomes `name::sqlite` and `name::postgres`.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Database) $body:block)+) => {
        $(
            $(#[$meta])*
            async fn $name($db: $crate::harness::Database) $body

            mod $name {
                #[test]
                fn sqlite() {
                    $crate::harness::run($crate::harness::Backend::Sqlite, super::$name);
                }

                #[test]
                fn postgres() {
                    $crate::harness::run($crate::harness::Backend::Postgres, super::$name);
                }
            }
        )+
    };
}

/// Runs one story on a copy of the template, and takes the copy away whatever happens.
pub fn run<F: Future<Output = ()>>(backend: Backend, story: impl FnOnce(Database) -> F) {
    let copy = database::Copy::of_template(backend);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let told = catch_unwind(AssertUnwindSafe(|| {
        let told = runtime.block_on(async { tokio::time::timeout(LONGEST_STORY, story(copy.database())).await });
        told.expect("a story that ends");
        runtime.block_on(invariants::prove(&copy.database()));
    }));
    runtime.shutdown_timeout(Duration::from_secs(2));
    drop(copy);
    if let Err(panic) = told {
        resume_unwind(panic);
    }
}
