//! Stories of requests that end before their end: the client went away, the code panicked.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use entity::catalog::brands;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, TransactionTrait};
use stoa::app::App;
use stoa::http::{Answer, Call, Edge, Listeners, Metrics, Operations, RequestHead, serve};
use stoa::kernel::db::List;
use stoa::kernel::loaders::Batch;
use stoa::kernel::{Action, Ctx, Error, Scope};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{in_use, names, until, visitor};
use crate::harness::{Shop, json, node};

/// The product, which counts what was begun and what came to its end, and panics where it is told to.
#[derive(Clone)]
struct Watched {
    app: App,
    begun: Arc<AtomicU32>,
    dropped: Arc<AtomicU32>,
}

struct Begun(Arc<AtomicU32>);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Operations for Watched {
    type Known = Infallible;

    async fn execute_again(&self, known: Arc<Infallible>, _: RequestHead) -> Answer {
        match *known {}
    }

    async fn execute(&self, call: Call) -> Answer {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let _begun = Begun(Arc::clone(&self.dropped));
        if call.document.text.as_deref().is_some_and(|text| text.contains("# panic")) {
            let ctx = Ctx::new(
                Arc::clone(self.app.system()),
                stoa::kernel::ctx::Caller::anonymous("x"),
                None,
                Arc::default(),
            );
            let tx = ctx.begin_platform(Action::SessionsSweep).await.expect("a write");
            tx.conn().execute_unprepared("UPDATE users SET name = 'Gone'").await.expect("a change");
            panic!("as it was told to");
        }
        self.app.execute(call).await
    }
}

struct Edges {
    watched: Watched,
    address: crate::harness::actor::Address,
    shutdown: CancellationToken,
}

async fn edge(shop: &Shop) -> Edges {
    let config = node::config(shop.database());
    let app = App::new(&config, Arc::clone(&shop.node.system), node::surface(&config));
    let watched = Watched { app: app.clone(), begun: Arc::default(), dropped: Arc::default() };
    let metrics = Metrics::install().expect("metrics");
    let ids = Arc::new(|| "request".to_owned());
    let edge = Edge::new(config.edge, watched.clone(), app, metrics, ids);
    let main = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let address = Arc::new(std::sync::RwLock::new(main.local_addr().expect("an address")));
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    tokio::spawn(async move { serve(edge, Listeners { main, operator: None }, stop).await });
    Edges { watched, address, shutdown }
}

both! {
    async fn attack_h06_the_work_of_a_client_that_went_away_is_undone(db: Database) {
        let shop = Shop::open(db).await;
        let edges = edge(&shop).await;
        let brand = shop.brand("Oak").await;
        let before = shop.fingerprint().await;
        // Something outside holds what the request needs, so that it can't come to its end.
        let mut held = None;
        let mut writer = None;
        if shop.database().is_postgres() {
            let tx = shop.db().begin().await.expect("a transaction");
            let sql = format!("SELECT 1 FROM brands WHERE id = {} FOR UPDATE", shop.literal_of(&brand));
            tx.execute_unprepared(&sql).await.expect("the lock");
            held = Some(tx);
        } else {
            let mut other = shop.db().get_sqlite_connection_pool().acquire().await.expect("a connection");
            sea_orm::sqlx::query("BEGIN IMMEDIATE").execute(&mut *other).await.expect("the writer's lock");
            writer = Some(other);
        }
        let document = "mutation($id: ID!) { brandUpdate(id: $id, input: { name: \"Elm\" }) { brand { name } userErrors { code } } }";
        let owner = shop.owner();
        let asking = tokio::spawn({
            let owner = owner.clone().at(Arc::clone(&edges.address));
            async move { owner.query(document, json!({ "id": brand })).await }
        });
        if shop.database().is_postgres() {
            until(async || super::waiting(&shop).await == 1).await;
        } else {
            until(async || edges.watched.begun.load(Ordering::SeqCst) == 1 && in_use(&shop) > 0).await;
        }
        asking.abort();
        until(async || edges.watched.dropped.load(Ordering::SeqCst) == 1).await;
        if let Some(tx) = held {
            tx.rollback().await.expect("the lock is given back");
        }
        if let Some(mut other) = writer {
            sea_orm::sqlx::query("ROLLBACK").execute(&mut *other).await.expect("the lock is given back");
        }
        until(async || in_use(&shop) == 0).await;
        shop.assert_unchanged(&before).await;
        assert_eq!(names(&owner.clone().at(Arc::clone(&edges.address))).await, ["Oak"]);
        edges.shutdown.cancel();
    }

    async fn attack_s10_a_panic_inside_a_transaction_harms_nobody_else(db: Database) {
        let shop = Shop::open_with(db, |config| config.database.pool_size = 1).await;
        let edges = edge(&shop).await;
        shop.brand("Oak").await;
        let before = shop.fingerprint().await;
        let owner = shop.owner().at(Arc::clone(&edges.address));
        for _ in 0..3 {
            let (panicked, fine) = tokio::join!(owner.query("{ brands { totalCount } } # panic", json!({})), names(&owner));
            assert_eq!((panicked.status, panicked.code()), (500, "INTERNAL_SERVER_ERROR"), "{panicked}");
            assert!(!panicked.body.to_string().contains("as it was told to"));
            assert_eq!(fine, ["Oak"]);
        }
        until(async || in_use(&shop) == 0).await;
        shop.assert_unchanged(&before).await;
        edges.shutdown.cancel();
    }

    async fn attack_s10_a_panic_in_a_loader_ends_its_own_request_alone(db: Database) {
        let shop = Shop::open_with(db, |config| config.database.pool_size = 2).await;
        shop.brand("Oak").await;
        let (bad, good) = (visitor(&shop, "bad"), visitor(&shop, "good"));
        let ending = tokio::spawn({
            let bad = bad.clone();
            async move { tokio::join!(bad.load::<Marked>(13), bad.load::<Marked>(1)) }
        });
        assert_eq!(good.load::<Marked>(1).await.expect("a value"), "good 1");
        assert!(ending.await.expect_err("the panic").is_panic());
        assert_eq!(good.load::<Marked>(2).await.expect("a value"), "good 2");
        good.release().await;
        drop((bad, good));
        until(async || in_use(&shop) == 0).await;
        assert_eq!(names(&shop.owner()).await, ["Oak"]);
    }

    async fn attack_t19_two_viewers_never_share_a_loader(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        let ours = visitor(&shop, "ours");
        let theirs = visitor(&shop, "theirs");
        for round in 100..1_100 {
            // The same key, at the same moment, by the same task.
            let (a, b) = tokio::join!(ours.load::<Marked>(round), theirs.load::<Marked>(round));
            assert_eq!(a.expect("a value"), format!("ours {round}"));
            assert_eq!(b.expect("a value"), format!("theirs {round}"));
        }
        ours.release().await;
        theirs.release().await;
    }

    async fn a_loader_forgets_what_it_knew_after_a_write(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        let ctx = visitor(&shop, "writer");
        assert_eq!(ctx.load::<Named>(1).await.expect("a value"), ["Oak"]);
        let written = ctx.retrying((), async |ctx, ()| {
            let tx = ctx.begin_store(Action::BrandUpdate).await?;
            tx.update_many::<brands::Entity>().col_expr(brands::Column::Name, Expr::value("Elm")).exec(tx.conn()).await?;
            tx.commit_unaudited("a test").await
        });
        written.await.expect("a write");
        assert_eq!(ctx.load::<Named>(1).await.expect("a value"), ["Elm"]);
        ctx.release().await;
    }
}

/// Tells whose request asked; panics at 13.
struct Marked;

impl Batch for Marked {
    type Key = u32;
    type Value = String;

    async fn load(ctx: &Ctx, keys: &[u32]) -> Result<HashMap<u32, String>, Error> {
        let scope = ctx.store().await?;
        scope.find::<brands::Entity>().first(scope.conn()).await?;
        assert!(!keys.contains(&13), "as it was told to");
        Ok(keys.iter().map(|key| (*key, format!("{} {key}", ctx.caller().request_id))).collect())
    }
}

/// The names of all brands.
struct Named;

impl Batch for Named {
    type Key = u32;
    type Value = Vec<String>;

    async fn load(ctx: &Ctx, keys: &[u32]) -> Result<HashMap<u32, Vec<String>>, Error> {
        let scope = ctx.store().await?;
        let rows = scope.find::<brands::Entity>().list(scope.conn()).await?;
        let names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
        Ok(keys.iter().map(|key| (*key, names.clone())).collect())
    }
}
