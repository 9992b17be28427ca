//! Stories of letters that wait, go out, and fail.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use stoa::messages::{FileTransport, Mail, Transport, TransportError, deliver};

use super::{EMAIL, PASSWORD, sign_up};
use crate::harness::Shop;

/// A mail server that is away so many times.
struct Away(AtomicU32);

#[async_trait]
impl Transport for Away {
    async fn send(&self, _: &Mail) -> Result<(), TransportError> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map_or(Ok(()), |_| Err(TransportError("the mail server is away".to_owned())))
    }
}

both! {
    async fn a_letter_that_can_not_be_sent_is_tried_again_later(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let (system, away) = (&shop.node.system, Away(AtomicU32::new(2)));
        assert_eq!(deliver(system, &away).await.expect("tried"), 0);
        assert_eq!(deliver(system, &away).await.expect("not due"), 0);
        shop.wait(TimeDelta::seconds(30));
        assert_eq!(deliver(system, &away).await.expect("tried"), 0);
        shop.wait(TimeDelta::seconds(59));
        assert_eq!(deliver(system, &away).await.expect("not due"), 0);
        shop.wait(TimeDelta::seconds(1));
        assert_eq!(deliver(system, &away).await.expect("sent"), 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM email_messages WHERE status = 'SENT' AND attempts = 3").await, 1);
        shop.wait(TimeDelta::days(1));
        assert_eq!(deliver(system, &away).await.expect("nothing waits"), 0);
    }

    async fn a_letter_is_given_up_after_ten_tries(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let away = Away(AtomicU32::new(u32::MAX));
        for _ in 0..12 {
            assert_eq!(deliver(&shop.node.system, &away).await.expect("tried"), 0);
            shop.wait(TimeDelta::days(1));
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM email_messages WHERE status = 'FAILED' AND attempts = 10").await, 1);
    }

    async fn two_nodes_send_each_letter_once(db: Database) {
        let shop = Shop::open(db).await;
        for number in 0..8 {
            sign_up(&shop.anonymous(), &format!("ann{number}@people.example"), PASSWORD).await.ok();
        }
        let second = shop.second_node().await;
        let there = Away(AtomicU32::new(0));
        let (here, other) = tokio::join!(shop.post(), deliver(&second.system, &there));
        assert_eq!(here.len() + other.expect("sent"), 8);
    }

    async fn letters_are_left_in_a_directory(db: Database) {
        let shop = Shop::open(db).await;
        sign_up(&shop.anonymous(), EMAIL, PASSWORD).await.ok();
        let folder = tempfile::tempdir().expect("a folder");
        let transport = FileTransport::new(folder.path().join("mail"), "shop@linden.example".to_owned());
        assert_eq!(deliver(&shop.node.system, &transport).await.expect("sent"), 1);
        let files: Vec<_> = std::fs::read_dir(folder.path().join("mail")).expect("files").flatten().collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(files[0].path()).expect("a letter");
        assert!(text.contains("To: <ann@people.example>\r\n") && text.contains("<shop@linden.example>"), "{text}");
    }
}
