//! What a node hears of its own commits and of the others'.

use stoa::kernel::{Signal, Signals};
use tokio::sync::broadcast::Receiver;

use crate::harness::{Shop, json};

/// Everything that was heard so far.
fn heard(receiver: &mut Receiver<Signal>) -> Vec<Signal> {
    std::iter::from_fn(|| receiver.try_recv().ok()).collect()
}

/// The topics of all events among the signals.
fn topics(signals: &[Signal]) -> Vec<String> {
    let events = signals.iter().filter_map(|signal| match signal {
        Signal::EventsWritten { events, .. } => Some(events),
        _ => None,
    });
    events.flat_map(|events| events.iter().map(|event| event.topic.to_string())).collect()
}

async fn next(receiver: &mut Receiver<Signal>) -> Signal {
    receiver.recv().await.expect("a signal")
}

/// Waits until the node has lost and found its connection.
async fn until_missed(receiver: &mut Receiver<Signal>, signals: &Signals) {
    while next(receiver).await != Signal::Missed {}
    signals.until_caught_up().await;
}

both! {
    async fn a_node_hears_its_own_write_before_it_answers_and_only_once(db: Database) {
        let shop = Shop::open(db).await;
        let signals = &shop.node.system.signals;
        signals.until_caught_up().await;
        let mut receiver = signals.subscribe();
        shop.brand("Acme").await;
        let now = heard(&mut receiver);
        assert_eq!(now[0], Signal::StoreChanged(shop.linden.store()));
        assert_eq!(topics(&now), ["brand.created"]);
        signals.until_caught_up().await;
        assert_eq!(heard(&mut receiver), [], "it came back from the database, and was heard again");
    }

    async fn what_is_refused_or_read_is_no_signal(db: Database) {
        let shop = Shop::open(db).await;
        let signals = &shop.node.system.signals;
        signals.until_caught_up().await;
        shop.brand("Acme").await;
        let mut receiver = signals.subscribe();
        let document = "mutation { brandCreate(input: { name: \"Other\", slug: \"acme\" }) { brand { id } userErrors { code } } }";
        let answer = shop.owner().query(document, json!({})).await;
        assert_eq!(answer.user_error_codes("brandCreate"), ["TAKEN"]);
        shop.anonymous().query("{ brands { nodes { name } } }", json!({})).await.ok();
        signals.until_caught_up().await;
        assert_eq!(heard(&mut receiver), []);
    }

    async fn fault_f12_the_other_node_hears_it_too(db: Database) {
        let shop = Shop::open(db).await;
        let mut other = shop.second_node().await;
        other.system.signals.until_caught_up().await;
        let mut receiver = other.system.signals.subscribe();
        shop.brand("Acme").await;
        other.system.signals.until_caught_up().await;
        let signals = heard(&mut receiver);
        if shop.database().is_postgres() {
            assert_eq!(signals[0], Signal::StoreChanged(shop.linden.store()));
            assert_eq!(topics(&signals), ["brand.created"]);
        } else {
            // A file tells only that it was written to.
            assert_eq!(signals, [Signal::Missed]);
        }
        other.stop().await;
    }

    async fn each_scope_tells_whose_it_is(db: Database) {
        let shop = Shop::open(db).await;
        let mut receiver = shop.node.system.signals.subscribe();
        let wanted = shop.new_store().await;
        let signals = heard(&mut receiver);
        assert!(signals.contains(&Signal::OrganizationChanged(shop.linden.id)), "{signals:?}");
        assert!(signals.contains(&Signal::StoreChanged(wanted.id.parse().expect("an id"))), "{signals:?}");
        let stranger = shop.stranger().await;
        stranger.query("mutation { signOut { userErrors { code } } }", json!({})).await.ok();
        let user = stranger.user.expect("a person");
        assert!(heard(&mut receiver).contains(&Signal::AccountChanged(user)));
    }

    async fn fault_f19_a_lost_connection_is_doubted_until_it_is_back(db: Database) {
        if db.is_sqlite() {
            return;
        }
        let shop = Shop::open(db).await;
        let mut other = shop.second_node().await;
        other.system.signals.until_caught_up().await;
        assert!(other.system.signals.is_fresh());
        let mut receiver = other.system.signals.subscribe();
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE application_name = 'stoa listener' AND datname = current_database()";
        shop.execute(cut).await;
        shop.brand("Acme").await;
        until_missed(&mut receiver, &other.system.signals).await;
        assert!(other.system.signals.is_fresh());
        heard(&mut receiver);
        shop.brand("Borges").await;
        other.system.signals.until_caught_up().await;
        assert_eq!(topics(&heard(&mut receiver)), ["brand.created"]);
        other.stop_listening().await;
        assert!(!other.system.signals.is_fresh(), "whoever stopped listening knows nothing for sure");
        other.stop().await;
    }

    async fn a_note_reaches_the_others_and_not_oneself(db: Database) {
        if db.is_sqlite() {
            return;
        }
        let shop = Shop::open(db).await;
        let mut other = shop.second_node().await;
        let (here, there) = (&shop.node.system.signals, &other.system.signals);
        here.until_caught_up().await;
        there.until_caught_up().await;
        let (mut own, mut receiver) = (here.subscribe(), there.subscribe());
        here.tell("spent", json!({ "points": 7, "by": "it's \\ \"me\"" }));
        let Signal::Note { channel, payload } = next(&mut receiver).await else { panic!("no note") };
        assert_eq!((&*channel, &*payload), ("spent", &json!({ "points": 7, "by": "it's \\ \"me\"" })));
        here.until_caught_up().await;
        assert_eq!(heard(&mut own), []);
        other.stop().await;
    }

    async fn whoever_writes_behind_the_back_can_say_so(db: Database) {
        let shop = Shop::open(db).await;
        let signals = &shop.node.system.signals;
        signals.until_caught_up().await;
        let mut receiver = signals.subscribe();
        // On SQLite another connection is noticed by itself.
        shop.execute("UPDATE stores SET name = 'Renamed'").await;
        if shop.database().is_postgres() {
            shop.execute("NOTIFY stoa, 'changed'").await;
        }
        signals.until_caught_up().await;
        assert_eq!(heard(&mut receiver), [Signal::Missed]);
    }
}
