//! What is held for carts and promised to orders.

use chrono::TimeDelta;
use rules::ids::ProductVariantId;
use rules::permission::Permission::{InventoryManage, InventoryRead};
use rules::stock::{Destination, GeoPoint, Pick};
use stoa::inventory::reservations::Outcome;
use stoa::kernel::Error;

use super::{
    ITEM, MOVEMENTS, Till, UPDATE_LOCATION, level, place, put, set, some, somebody, stocked, update_item,
    update_settings,
};
use crate::harness::{Shop, json};

const RESERVATIONS: &str = "query($filter: StockReservationFilterInput) { stockReservations(filter: $filter) {
    nodes { id kind owner quantity expiresAt inventoryItem { onHand } location { name } } totalCount } }";

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Conflict(problem)) => match problem.code {
            rules::ErrorCode::OutOfRange => "OUT_OF_RANGE",
            other => panic!("{other:?}"),
        },
        other => panic!("it was not refused: {other:?}"),
    }
}

both! {
    async fn rule_i1_what_others_hold_is_not_for_sale_and_ones_own_hold_is_no_hindrance(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, ben) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let mug = stocked(&shop, 10).await;
        till.hold(&ann, &[(mug, 4)]).await;
        assert_eq!((till.left(&ben, mug).await, till.left(&ann, mug).await), (Some(6), Some(10)));
        let before = shop.fingerprint().await;
        assert_eq!(till.short(&ben, &[(mug, 7)]).await, [(7, 6)]);
        shop.assert_unchanged(&before).await;
        // One's own hold is taken anew, not on top.
        till.hold(&ann, &[(mug, 10)]).await;
        till.hold(&ann, &[(mug, 3)]).await;
        till.hold(&ben, &[(mug, 7)]).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM stock_reservations").await, 2);
        update_item(&shop, mug, json!({ "safetyStock": 2 })).await;
        assert_eq!(till.left(&ann, mug).await, Some(1));
        let answer = shop.owner().query(ITEM, json!({ "id": mug })).await.ok();
        let numbers = ["onHand", "available", "held", "sellable"].map(|field| answer.number(&format!("inventoryItem.{field}")));
        assert_eq!(numbers, [10, 10, 10, 0]);
        assert_eq!(answer.number("inventoryItem.levels.0.held"), 10);
        // What ann wants no longer is ben's to have.
        till.release(&ann, None).await.expect("nothing against it");
        assert_eq!(till.left(&ben, mug).await, Some(8));
    }

    async fn rule_i1_all_lines_are_held_or_none_and_each_that_is_short_says_how_many_are_left(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann) = (Till::of(&shop), somebody(&shop));
        let (mug, cup, never) = (stocked(&shop, 3).await, stocked(&shop, 1).await, shop.variant_row(shop.linden.store()).await);
        till.hold(&ann, &[(mug, 1)]).await;
        let before = shop.fingerprint().await;
        let mut short = till.short(&ann, &[(mug, 3), (cup, 2), (never, 1)]).await;
        short.sort_unstable();
        assert_eq!(short, [(1, 0), (2, 1)]);
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c11_lines_of_one_variant_count_together(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann) = (Till::of(&shop), somebody(&shop));
        let mug = stocked(&shop, 3).await;
        let before = shop.fingerprint().await;
        assert_eq!(till.short(&ann, &[(mug, 2), (mug, 2)]).await, [(4, 3)]);
        shop.assert_unchanged(&before).await;
        assert_eq!(till.hold(&ann, &[(mug, 2), (mug, 1)]).await.len(), 1);
    }

    async fn attack_c12_a_hold_ends_by_the_clock_and_is_tidied_away_once(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ben) = (Till::of(&shop), somebody(&shop));
        let mug = stocked(&shop, 5).await;
        for _ in 0..5 {
            till.hold(&somebody(&shop), &[(mug, 1)]).await;
        }
        shop.wait(TimeDelta::minutes(15) - TimeDelta::microseconds(1));
        assert_eq!((till.left(&ben, mug).await, till.tidy(10).await), (Some(0), 0));
        let listed = shop.owner().query(RESERVATIONS, json!({})).await.ok();
        assert_eq!(listed.number("stockReservations.totalCount"), 5);
        shop.wait(TimeDelta::microseconds(1));
        // Nobody has tidied anything yet.
        let listed = shop.owner().query(RESERVATIONS, json!({})).await.ok();
        assert_eq!(listed.number("stockReservations.totalCount"), 0);
        assert_eq!(shop.number("SELECT COUNT(*) FROM stock_reservations").await, 5);
        till.hold(&ben, &[(mug, 5)]).await;
        let (one, other) = tokio::join!(till.tidy(2), till.tidy(2));
        let rest = till.tidy(10).await;
        assert_eq!((one + other + rest, till.tidy(10).await), (5, 0));
        assert!(one <= 2 && other <= 2);
        assert_eq!(till.left(&ben, mug).await, Some(5), "what is held now is still held");
    }

    async fn a_hold_lasts_an_hour_at_the_most(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann) = (Till::of(&shop), somebody(&shop));
        let mug = stocked(&shop, 5).await;
        let before = shop.fingerprint().await;
        for minutes in [-1, 0, 61] {
            let outcome = till.try_hold(&ann, &[(mug, 1)], &Destination::default(), minutes).await;
            assert!(matches!(outcome, Err(Error::Internal(_))), "{minutes}: {outcome:?}");
        }
        for units in [0, -5, i64::MAX] {
            let outcome = till.try_hold(&ann, &[(mug, units)], &Destination::default(), 15).await;
            assert!(matches!(outcome, Err(Error::Internal(_))), "{units}: {outcome:?}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn rule_i3_stock_is_promised_once_sent_once_released_once_and_put_back_once(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, order) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let mug = stocked(&shop, 10).await;
        till.hold(&ann, &[(mug, 6)]).await;
        let ledger = shop.ledger().await;
        let picks = till.sell(&ann, &order, &[(mug, 6)]).await;
        assert_eq!((level(&shop, mug).await, till.left(&ann, mug).await), ((10, 6), Some(4)));
        assert_eq!(shop.told_since(&ledger).await.events, ["inventory.reserved"]);
        let again = shop.fingerprint().await;
        assert_eq!(till.sell(&ann, &order, &[(mug, 6)]).await, picks);
        let changed = again.changed(&shop.fingerprint().await);
        assert_eq!(changed, ["audit_logs", "audit_unsealed"], "a promise that is asked for again changes nothing");

        till.ship(&order, &[some(&picks[0], 3)]).await.expect("three are sent");
        assert_eq!(level(&shop, mug).await, (7, 3));
        let before = shop.fingerprint().await;
        assert_eq!(refused(till.ship(&order, &[some(&picks[0], 4)]).await), "OUT_OF_RANGE");
        assert_eq!(refused(till.ship(&order, &[some(&picks[0], 2), some(&picks[0], 2)]).await), "OUT_OF_RANGE");
        assert_eq!(refused(till.ship(&somebody(&shop), &[some(&picks[0], 1)]).await), "OUT_OF_RANGE");
        assert_eq!(refused(till.release(&order, Some(&[(mug, 4)])).await), "OUT_OF_RANGE");
        shop.assert_unchanged(&before).await;

        till.release(&order, Some(&[(mug, 1)])).await.expect("one is let go");
        assert_eq!(level(&shop, mug).await, (7, 2));
        // However often an order is called off, it is let go once.
        let released: Vec<usize> = [
            till.release(&order, None).await, till.release(&order, None).await, till.release(&order, None).await,
        ].into_iter().map(|released| released.expect("nothing against it").len()).collect();
        assert_eq!((released, level(&shop, mug).await), (vec![1, 0, 0], (7, 0)));

        till.put_back(&order, &[some(&picks[0], 2)]).await.expect("two come back");
        assert_eq!(level(&shop, mug).await, (9, 0));
        let before = shop.fingerprint().await;
        for parcel in [vec![some(&picks[0], 2)], vec![some(&picks[0], 1), some(&picks[0], 1)], vec![some(&picks[0], 0)]] {
            assert_eq!(refused(till.put_back(&order, &parcel).await), "OUT_OF_RANGE", "one is still out");
        }
        shop.assert_unchanged(&before).await;
        till.put_back(&order, &[some(&picks[0], 1)]).await.expect("the last one comes back");

        let answer = shop.owner().query(MOVEMENTS, json!({ "id": mug })).await.ok();
        let moved: Vec<_> = answer.data("inventoryMovements.nodes").as_array().unwrap().iter().rev()
            .map(|row| (row["reason"].as_str().unwrap(), row["delta"].as_i64().unwrap(), row["reservedDelta"].as_i64().unwrap()))
            .collect();
        let expected = [
            ("INITIAL", 10, 0), ("RESERVED", 0, 6), ("FULFILLED", -3, -3), ("RELEASED", 0, -1), ("RELEASED", 0, -2),
            ("RETURNED", 2, 0), ("RETURNED", 1, 0),
        ];
        assert_eq!(moved.iter().map(|row| row.0).collect::<std::collections::BTreeSet<_>>().len(), 5);
        let mut sorted = moved.clone();
        sorted.sort_unstable();
        let mut wanted = expected.to_vec();
        wanted.sort_unstable();
        assert_eq!(sorted, wanted);
        let of_order = "query($o: String) { inventoryMovements(filter: { reference: $o, reasons: [FULFILLED, RETURNED] }) { totalCount } }";
        let answer = shop.owner().query(of_order, json!({ "o": order.as_str() })).await.ok();
        assert_eq!(answer.number("inventoryMovements.totalCount"), 3);
    }

    async fn a_hold_that_is_over_is_worth_what_is_left(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, ben) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let mug = stocked(&shop, 2).await;
        till.hold(&ann, &[(mug, 2)]).await;
        shop.wait(TimeDelta::minutes(15));
        till.hold(&ben, &[(mug, 1)]).await;
        let before = shop.fingerprint().await;
        let outcome = till.promise(&ann, &somebody(&shop), &[(mug, 2)]).await;
        assert!(matches!(&outcome, Outcome::Short(short) if short[0].available == 1), "{outcome:?}");
        shop.assert_unchanged(&before).await;
        // What nobody else took is still hers.
        till.sell(&ann, &somebody(&shop), &[(mug, 1)]).await;
        till.sell(&ben, &somebody(&shop), &[(mug, 1)]).await;
        assert_eq!(level(&shop, mug).await, (2, 2));
    }

    async fn what_is_promised_is_what_was_ordered_whatever_was_held(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, order) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let (mug, cup) = (stocked(&shop, 5).await, stocked(&shop, 5).await);
        till.hold(&ann, &[(mug, 2), (cup, 4)]).await;
        till.sell(&ann, &order, &[(mug, 3)]).await;
        assert_eq!((level(&shop, mug).await, level(&shop, cup).await), ((5, 3), (5, 0)));
        assert_eq!(till.left(&somebody(&shop), cup).await, Some(5), "what was not ordered is held no longer");
    }

    async fn goods_that_were_lost_meanwhile_are_not_promised(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann) = (Till::of(&shop), somebody(&shop));
        let mug = stocked(&shop, 3).await;
        till.hold(&ann, &[(mug, 3)]).await;
        shop.stock(&shop.owner(), &mug.to_string(), 2).await;
        let outcome = till.promise(&ann, &somebody(&shop), &[(mug, 3)]).await;
        assert!(matches!(&outcome, Outcome::Short(short) if short[0].available == 2), "{outcome:?}");
        // Elsewhere there are more: the hold moves along.
        let barn = shop.location(&shop.owner(), "Barn").await;
        put(&shop, mug, &barn, 9).await;
        let picks = till.sell(&ann, &somebody(&shop), &[(mug, 3)]).await;
        assert_eq!((picks.len(), picks[0].location, picks[0].units), (1, place(&barn), 3));
    }

    async fn rule_i4_the_stores_strategy_says_from_where_an_order_is_sent(db: Database) {
        let shop = Shop::open(db).await;
        let till = Till::of(&shop);
        let names = ["Berlin", "Hamburg", "Oslo"];
        let mut places = Vec::new();
        for name in names {
            places.push(shop.location(&shop.owner(), name).await);
        }
        let points = [("52.52", "13.405", "DE"), ("53.551", "9.994", "DE"), ("59.913", "10.752", "NO")];
        for ((id, (latitude, longitude, country)), priority) in places.iter().zip(points).zip([3, 2, 1]) {
            let coordinates = json!({ "latitude": latitude, "longitude": longitude });
            let input = json!({ "priority": priority, "coordinates": coordinates, "country": country });
            let answer = shop.owner().query(UPDATE_LOCATION, json!({ "id": id, "input": input })).await.ok();
            assert_eq!(answer.text("locationUpdate.location.coordinates.latitude"), latitude);
        }
        let mug = shop.variant_row(shop.linden.store()).await;
        for (id, units) in places.iter().zip([5, 9, 7]) {
            put(&shop, mug, id, units).await;
        }
        let sent_from = async |to: &Destination, units: i64| {
            let outcome = till.try_hold(&somebody(&shop), &[(mug, units)], to, 1).await.expect("an outcome");
            let Outcome::Kept(picks) = outcome else { panic!("{outcome:?}") };
            shop.wait(TimeDelta::minutes(1));
            let name = |pick: &Pick| names[places.iter().position(|id| place(id) == pick.location).expect("a place")];
            let mut from: Vec<_> = picks.iter().map(|pick| (name(pick), pick.units)).collect();
            from.sort_unstable();
            from
        };
        let point = |north: i64, east: i64| Destination { country: None, point: GeoPoint::try_new(north * 10_000, east * 10_000) };
        let (potsdam, kiel) = (point(5_240, 1_306), point(5_432, 1_014));
        assert_eq!(sent_from(&potsdam, 4).await, [("Oslo", 4)], "the first in its order");
        update_settings(&shop, json!({ "strategy": "MOST_STOCK" })).await;
        assert_eq!(sent_from(&potsdam, 4).await, [("Hamburg", 4)]);
        update_settings(&shop, json!({ "strategy": "NEAREST" })).await;
        assert_eq!((sent_from(&potsdam, 4).await, sent_from(&kiel, 4).await), (vec![("Berlin", 4)], vec![("Hamburg", 4)]));
        // One that has all of it goes before a nearer one that has not; and a line is split where none has.
        assert_eq!(sent_from(&potsdam, 8).await, [("Hamburg", 8)]);
        assert_eq!(sent_from(&potsdam, 13).await, [("Berlin", 5), ("Hamburg", 8)]);
        // Of an address without a point the country is known.
        let norway = Destination { country: Some("NO".to_owned()), point: None };
        assert_eq!(sent_from(&norway, 4).await, [("Oslo", 4)]);
    }

    async fn rule_i1_what_may_be_owed_is_sold_ahead_as_far_as_the_limit_goes(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, ben) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let mug = stocked(&shop, 2).await;
        update_item(&shop, mug, json!({ "policy": "CONTINUE", "backorderLimit": 3 })).await;
        assert_eq!(till.short(&ann, &[(mug, 6)]).await, [(6, 5)]);
        let order = somebody(&shop);
        let picks = till.sell(&ann, &order, &[(mug, 4)]).await;
        assert_eq!((level(&shop, mug).await, till.left(&ben, mug).await), ((2, 4), Some(1)));
        // What is not there is not sent.
        assert_eq!(refused(till.ship(&order, &picks).await), "OUT_OF_RANGE");
        till.ship(&order, &[some(&picks[0], 2)]).await.expect("two are there");
        // From now on only what is there is sold, and what is owed stays owed.
        update_item(&shop, mug, json!({ "policy": "DENY" })).await;
        assert_eq!((level(&shop, mug).await, till.left(&ben, mug).await), ((0, 2), Some(0)));
        let answer = set(&shop.owner(), json!({ "variantId": mug, "onHand": 5, "expectedOnHand": 0 })).await.ok();
        assert_eq!(answer.number("inventorySet.inventoryLevel.available"), 3);
        let answer = set(&shop.owner(), json!({ "variantId": mug, "onHand": 1, "expectedOnHand": 5 })).await;
        assert_eq!(answer.user_error("inventorySet"), "OUT_OF_RANGE onHand", "it owes nothing any more");
        update_item(&shop, mug, json!({ "policy": "CONTINUE", "backorderLimit": null })).await;
        assert_eq!(till.left(&ben, mug).await, None);
    }

    async fn rule_i1_what_nobody_counts_is_always_sold_and_its_movements_are_logged(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, order) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let mug = shop.variant_row(shop.linden.store()).await;
        update_item(&shop, mug, json!({ "tracked": false })).await;
        assert_eq!(till.left(&ann, mug).await, None);
        till.hold(&ann, &[(mug, 900)]).await;
        let picks = till.sell(&ann, &order, &[(mug, 900)]).await;
        till.ship(&order, &picks).await.expect("nobody counts");
        till.put_back(&order, &[some(&picks[0], 1)]).await.expect("one comes back");
        assert_eq!(level(&shop, mug).await, (-899, 0));
        let answer = shop.owner().query(MOVEMENTS, json!({ "id": mug })).await.ok();
        let mut reasons = answer.texts("inventoryMovements.nodes", "reason");
        reasons.sort_unstable();
        assert_eq!(reasons, ["FULFILLED", "RESERVED", "RETURNED"]);
    }

    async fn staff_see_what_is_kept_for_whom(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, order) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        let (mug, cup) = (stocked(&shop, 5).await, stocked(&shop, 5).await);
        till.hold(&ann, &[(mug, 2)]).await;
        till.sell(&somebody(&shop), &order, &[(cup, 3)]).await;
        let staff = shop.staff([InventoryRead]).await;
        let list = async |filter: serde_json::Value| {
            let answer = staff.query(RESERVATIONS, json!({ "filter": filter })).await.ok();
            let nodes = answer.data("stockReservations.nodes").as_array().unwrap().clone();
            nodes.iter().map(|node| (node["kind"].as_str().unwrap().to_owned(), node["owner"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        let (hold, promise) = (("HOLD".to_owned(), ann.to_string()), ("PROMISE".to_owned(), order.to_string()));
        assert_eq!(list(json!({ "variantId": mug })).await, std::slice::from_ref(&hold));
        assert_eq!(list(json!({ "owner": order.as_str() })).await, std::slice::from_ref(&promise));
        assert_eq!(list(json!({ "kind": "HOLD" })).await, [hold]);
        assert_eq!(list(json!({})).await.len(), 2);
        for caller in [shop.anonymous(), shop.storefront_token(), shop.powerless().await, shop.staff([InventoryManage]).await] {
            assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&caller.query(RESERVATIONS, json!({})).await.code()));
        }
        let rival = shop.rival().query(RESERVATIONS, json!({})).await.ok();
        assert_eq!(rival.number("stockReservations.totalCount"), 0);
    }

    async fn rule_i3_what_is_promised_here_is_sent_from_elsewhere_once_it_is_promised_there(db: Database) {
        let shop = Shop::open(db).await;
        let (till, order) = (Till::of(&shop), somebody(&shop));
        let (main, barn) = (shop.location(&shop.owner(), "Main").await, shop.location(&shop.owner(), "Barn").await);
        let mug = shop.variant_row(shop.linden.store()).await;
        put(&shop, mug, &main, 5).await;
        put(&shop, mug, &barn, 2).await;
        let picks = till.sell(&somebody(&shop), &order, &[(mug, 4)]).await;
        assert_eq!((picks.len(), picks[0].location), (1, place(&main)));
        let there = Pick { location: place(&barn), units: 2, ..picks[0] };
        let before = shop.fingerprint().await;
        assert_eq!(refused(till.ship(&order, &[there]).await), "OUT_OF_RANGE", "it is not promised from there");
        for (units, to) in [(3, &barn), (5, &barn), (0, &barn), (1, &main)] {
            assert_eq!(refused(till.relocate(&order, &some(&picks[0], units), to).await), "OUT_OF_RANGE", "{units}");
        }
        shop.assert_unchanged(&before).await;
        till.relocate(&order, &some(&picks[0], 1), &barn).await.expect("one is free there");
        till.relocate(&order, &some(&picks[0], 1), &barn).await.expect("and another one");
        assert_eq!(level(&shop, mug).await, (7, 4));
        till.ship(&order, &[there, some(&picks[0], 2)]).await.expect("two from each");
        assert_eq!(level(&shop, mug).await, (3, 0));
    }

    async fn attack_t06_nothing_of_another_store_is_held(db: Database) {
        let shop = Shop::open(db).await;
        let theirs = shop.variant_row(shop.rival.store()).await;
        shop.stock(&shop.rival(), &theirs.to_string(), 9).await;
        let before = shop.fingerprint().await;
        for variant in [theirs, shop.id::<ProductVariantId>()] {
            assert_eq!(Till::of(&shop).short(&somebody(&shop), &[(variant, 1)]).await, [(1, 0)]);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn a_location_where_something_is_held_or_promised_stays(db: Database) {
        let shop = Shop::open(db).await;
        let (till, ann, order) = (Till::of(&shop), somebody(&shop), somebody(&shop));
        shop.location(&shop.owner(), "Main").await;
        let barn = shop.location(&shop.owner(), "Barn").await;
        let mug = shop.variant_row(shop.linden.store()).await;
        update_item(&shop, mug, json!({ "policy": "CONTINUE" })).await;
        // Nothing is there, and it is sold from there all the same.
        put(&shop, mug, &barn, 0).await;
        let delete = async || {
            let document = "mutation($id: ID!) { locationDelete(id: $id) { deletedLocationId userErrors { code field } } }";
            shop.owner().query(document, json!({ "id": barn })).await
        };
        assert_eq!(till.hold(&ann, &[(mug, 2)]).await[0].location, place(&barn));
        assert_eq!(delete().await.user_error("locationDelete"), "IN_USE");
        let picks = till.sell(&ann, &order, &[(mug, 2)]).await;
        assert_eq!(delete().await.user_error("locationDelete"), "IN_USE");
        till.release(&order, None).await.expect("nothing against it");
        till.hold(&ann, &[(mug, 2)]).await;
        shop.wait(TimeDelta::minutes(15));
        delete().await.ok();
        // From now on it is sold from elsewhere.
        assert_ne!(till.hold(&ann, &[(mug, 2)]).await[0].location, picks[0].location);
    }
}
