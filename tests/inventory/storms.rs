//! Many at once: nothing is sold twice, and nobody waits in a circle.

use futures::StreamExt;
use rules::ids::ProductVariantId;
use rules::stock::Destination;
use stoa::inventory::reservations::Outcome;
use stoa::kernel::Error;

use super::{Till, level, somebody, stocked};
use crate::harness::Shop;

/// Buyers who are served at the same time.
const AT_ONCE: usize = 64;

/// Asks until the server has room: one that is busy says so.
async fn hold(till: &Till<'_>, shop: &Shop, wanted: &[(ProductVariantId, i64)]) -> Outcome {
    let cart = somebody(shop);
    loop {
        match till.try_hold(&cart, wanted, &Destination::default(), 15).await {
            Err(Error::Busy) => {}
            outcome => return outcome.expect("no two transactions stand in each other's way"),
        }
    }
}

both! {
    async fn attack_c10_fault_f02_of_200_buyers_of_50_units_on_two_nodes_50_get_one(db: Database) {
        let shop = Shop::open(db).await;
        let second = shop.second_node().await;
        let mug = stocked(&shop, 50).await;
        let tills = [Till::of(&shop), Till::on(&shop, &second.system)];
        let wanted = [(mug, 1)];
        let buyers = (0..200).map(|buyer| hold(&tills[buyer % 2], &shop, &wanted));
        let outcomes: Vec<Outcome> = futures::stream::iter(buyers).buffer_unordered(AT_ONCE).collect().await;
        let kept = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Kept(_))).count();
        assert_eq!(kept, 50);
        assert_eq!(tills[0].left(&somebody(&shop), mug).await, Some(0));
        assert_eq!(shop.number("SELECT COUNT(*) FROM stock_reservations").await, 50);
    }

    async fn attack_c10_the_last_unit_is_sold_once(db: Database) {
        let shop = Shop::open(db).await;
        let till = Till::of(&shop);
        for _ in 0..10 {
            let mug = stocked(&shop, 1).await;
            let sell = async || till.promise(&somebody(&shop), &somebody(&shop), &[(mug, 1)]).await;
            let (one, other) = tokio::join!(sell(), sell());
            let sold = [&one, &other].iter().filter(|outcome| matches!(outcome, Outcome::Kept(_))).count();
            assert_eq!((sold, level(&shop, mug).await), (1, (1, 1)), "{one:?} {other:?}");
        }
    }

    async fn rule_i3_an_order_that_is_promised_many_times_at_once_is_promised_once(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, order) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let mug = stocked(&shop, 10).await;
        till.hold(&ann, &[(mug, 2)]).await;
        let lines = [(mug, 2)];
        let asked = (0..5).map(|_| till.promise(&ann, &order, &lines));
        for outcome in futures::future::join_all(asked).await {
            assert!(matches!(outcome, Outcome::Kept(_)), "{outcome:?}");
        }
        assert_eq!(level(&shop, mug).await, (10, 2));
        let asked = (0..5).map(|_| till.release(&order, None));
        let released = futures::future::join_all(asked).await;
        assert_eq!(released.into_iter().map(|released| released.expect("no harm").len()).sum::<usize>(), 1);
        assert_eq!(level(&shop, mug).await, (10, 0));
    }

    async fn fault_f07_carts_with_their_lines_in_opposite_order_never_wait_in_a_circle(db: Database) {
        let shop = Shop::open(db).await;
        let till = Till::of(&shop);
        let mut goods = Vec::new();
        for _ in 0..6 {
            goods.push((stocked(&shop, 1_000).await, 1));
        }
        let back: Vec<_> = goods.iter().rev().copied().collect();
        // Each is tried once: a deadlock would come back as an error that says `Retry`.
        let carts = (0..80).map(|cart| hold(&till, &shop, if cart % 2 == 0 { &goods } else { &back }));
        let outcomes: Vec<Outcome> = futures::stream::iter(carts).buffer_unordered(AT_ONCE).collect().await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Kept(picks) if picks.len() == 6)));
        assert_eq!(till.left(&somebody(&shop), goods[0].0).await, Some(920));
    }
}
