//! What browsers and CDNs are told.

use std::io::Read;
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Response;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use serde_json::Value;

use super::{Mug, PRODUCT, remember};
use crate::harness::{Actor, Shop, json};

async fn get(actor: &Actor, mug: &Mug) -> Response {
    let variables = mug.variables().to_string();
    actor.get(&[("query", PRODUCT), ("variables", &variables)]).send().await.expect("an answer")
}

/// Long enough to be compressed, and well.
const BRANDS: &str = "{ brands(first: 50) { nodes { __typename name createdAt updatedAt } } }";

/// The head of an answer, and its body as the caller reads it.
async fn told(request: reqwest::RequestBuilder, encodings: &str) -> (HeaderMap, String) {
    let response = request.header("accept-encoding", encodings).send().await.expect("an answer");
    let headers = response.headers().clone();
    let bytes = response.bytes().await.expect("a body");
    let mut body = String::new();
    match headers.get("content-encoding") {
        None => body.push_str(std::str::from_utf8(&bytes).expect("text")),
        Some(_) => drop(flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut body).expect("gzip")),
    }
    (headers, body)
}

fn text(headers: &HeaderMap, name: impl reqwest::header::AsHeaderName) -> String {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(", ")
}

both! {
    async fn a_get_can_be_kept_and_asked_for_again(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let visitor = shop.anonymous();
        let first = get(&visitor, &mug).await;
        let tag = text(first.headers(), ETAG);
        assert_eq!(first.status(), 200);
        assert_eq!(text(first.headers(), CACHE_CONTROL), "public, max-age=0, must-revalidate");
        let vary = text(first.headers(), "vary").to_lowercase();
        for name in ["accept", "accept-language", "authorization", "x-currency", "x-store"] {
            assert!(vary.split(',').any(|part| part.trim() == name), "{name} is not in {vary}");
        }
        let body = first.text().await.expect("a body");

        let holding = visitor.clone().with_header("if-none-match", &tag);
        let same = get(&holding, &mug).await;
        assert_eq!(same.status(), 304);
        assert_eq!(text(same.headers(), ETAG), tag);
        assert_eq!(text(same.headers(), CACHE_CONTROL), "public, max-age=0, must-revalidate");
        assert_eq!(text(same.headers(), CONTENT_TYPE), "");
        assert_eq!(same.text().await.expect("no body"), "");

        // Under the other media type it is the same data.
        let plain = visitor.get(&[("query", PRODUCT), ("variables", &mug.variables().to_string())]).build();
        let mut plain = plain.expect("a request");
        plain.headers_mut().insert("accept", HeaderValue::from_static("application/json"));
        let plain = shop.client().execute(plain).await.expect("an answer");
        assert_eq!(text(plain.headers(), CONTENT_TYPE), "application/json; charset=utf-8");
        assert_eq!(text(plain.headers(), ETAG), tag);

        mug.cost(&shop, "6.00").await;
        let changed = get(&holding, &mug).await;
        assert_eq!(changed.status(), 200);
        assert_ne!(text(changed.headers(), ETAG), tag);
        assert_ne!(changed.text().await.expect("a body"), body);
        mug.cost(&shop, "5.00").await;
        assert_eq!(get(&holding, &mug).await.status(), 304, "it is as it was");
    }

    async fn a_persisted_query_by_get_is_kept_just_so(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let hash = hex::encode(Sha256::digest(PRODUCT));
        let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } }).to_string();
        let variables = mug.variables().to_string();
        let by_hash = [("extensions", &*extensions), ("variables", &*variables)];
        let visitor = shop.anonymous();
        let unknown = visitor.get(&by_hash).send().await.expect("an answer");
        assert_eq!(text(unknown.headers(), CACHE_CONTROL), "no-store", "that it is not known yet is not to be kept");
        let known = [("query", PRODUCT), by_hash[0], by_hash[1]];
        let first = visitor.get(&known).send().await.expect("an answer");
        let second = visitor.get(&by_hash).send().await.expect("an answer");
        assert_eq!((first.status(), second.status()), (reqwest::StatusCode::OK, reqwest::StatusCode::OK));
        assert_eq!(text(first.headers(), ETAG), text(second.headers(), ETAG));
        let tag = text(first.headers(), ETAG);
        let third = visitor.get(&by_hash).header("if-none-match", tag).send().await.expect("an answer");
        assert_eq!(third.status(), 304);
        assert_eq!(first.text().await.expect("a body"), second.text().await.expect("a body"));
    }

    async fn a_cdn_keeps_it_as_long_as_it_is_told_and_true(db: Database) {
        let shop = Shop::open_remembering(db, |config| config.cdn_max_age = Duration::from_secs(30)).await;
        let mug = Mug::of(&shop).await;
        let age = async || text(get(&shop.anonymous(), &mug).await.headers(), CACHE_CONTROL);
        assert_eq!(age().await, "public, max-age=30, must-revalidate");
        // The schema lets it be true for a minute.
        shop.wait(TimeDelta::seconds(50));
        assert_eq!(age().await, "public, max-age=10, must-revalidate");
        // A price that begins soon ends it sooner.
        let soon = stoa::kernel::Clock::now(shop.clock()) + TimeDelta::seconds(7);
        let sale = json!([{ "currency": "EUR", "amount": "4.00", "validFrom": soon }]);
        mug.stock.set(&shop.owner(), sale).await.ok();
        assert_eq!(age().await, "public, max-age=7, must-revalidate");
    }

    async fn what_is_told_as_gzip_is_what_is_told_plain(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        for number in 0..40 {
            shop.brand(&format!("Brand {number}")).await;
        }
        let visitor = shop.anonymous();
        remember(&visitor, BRANDS, &json!({})).await;
        let mut left = None;
        for (encodings, is_packed) in [
            ("identity", false),
            ("gzip", true),
            ("deflate, GZip, br", true),
            // Here it is weighed, by the layer that compresses the rest.
            ("gzip;q=1, identity;q=0.1", true),
            ("gzip;q=0.1, identity", false),
            ("gzip", true),
        ] {
            let (headers, body) = told(visitor.request(json!({ "query": BRANDS })), encodings).await;
            assert_eq!(headers.contains_key("content-encoding"), is_packed, "{encodings}");
            assert!(text(&headers, "vary").to_lowercase().contains("accept-encoding"), "{encodings}");
            let answer: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(answer["data"]["brands"]["nodes"].as_array().map(Vec::len), Some(40));
            // Each is told what it has left, the one before it one more.
            let available = answer["extensions"]["cost"]["throttle"]["available"].as_u64();
            assert!(available.is_some() && left.is_none_or(|left| available == Some(left - 1)), "{encodings}: {body}");
            left = available;
        }
        // By GET all are told the same, to the byte, and have it under one tag.
        let by_get = || visitor.get(&[("query", BRANDS)]);
        let (plain, packed) = (told(by_get(), "identity").await, told(by_get(), "gzip").await);
        assert_eq!(plain.1, packed.1);
        assert_eq!(text(&packed.0, "content-encoding"), "gzip");
        assert_eq!(text(&plain.0, ETAG), text(&packed.0, ETAG));
        let known = by_get().header("if-none-match", text(&plain.0, ETAG));
        let (headers, body) = told(known, "gzip").await;
        assert!(body.is_empty() && !headers.contains_key("content-encoding"));
        // An event is told as it is.
        let mut events = visitor.request(json!({ "query": BRANDS })).header("accept-encoding", "gzip").build();
        let events = events.as_mut().map(|request| {
            request.headers_mut().insert("accept", HeaderValue::from_static("text/event-stream"));
            request.try_clone().expect("a body in memory")
        });
        let events = shop.client().execute(events.expect("a request")).await.expect("an answer");
        assert!(events.text().await.expect("text").contains("\"Brand 7\""));
    }

    async fn what_is_not_everybodys_is_stored_nowhere(db: Database) {
        let shop = Shop::open_remembering(db, |config| config.cdn_max_age = Duration::from_secs(30)).await;
        let mug = Mug::of(&shop).await;
        let control = |response: &Response| text(response.headers(), CACHE_CONTROL);
        for caller in [shop.owner(), shop.storefront_token(), shop.token([]).await] {
            let response = get(&caller, &mug).await;
            assert_eq!((control(&response), text(response.headers(), ETAG)), ("no-store".to_owned(), String::new()));
        }
        let visitor = shop.anonymous();
        for document in ["{ viewer { actor } }", "{ brands(first: 1, last: 1) { nodes { id } } }", "{ nothing }", "{"] {
            let response = visitor.get(&[("query", document)]).send().await.expect("an answer");
            assert_eq!(control(&response), "no-store", "{document}");
        }
        // A body is not part of an address, so nobody keeps what was sent to one.
        let posted = visitor.request(json!({ "query": PRODUCT, "variables": mug.variables() }));
        let posted = posted.header("if-none-match", "*").send().await.expect("an answer");
        assert_eq!(posted.status(), 200);
        assert_eq!((control(&posted), text(posted.headers(), ETAG)), ("no-store".to_owned(), String::new()));
    }
}
