//! The letters that a shop sends, as their readers find them.

use std::sync::Mutex;

use async_trait::async_trait;
use stoa::messages::{Mail, Transport, TransportError, deliver};

use super::shop::Shop;

/// A mailbox for everybody.
#[derive(Default)]
struct Mailboxes(Mutex<Vec<Mail>>);

#[async_trait]
impl Transport for Mailboxes {
    async fn send(&self, mail: &Mail) -> Result<(), TransportError> {
        self.0.lock().expect("mailboxes").push(mail.clone());
        Ok(())
    }
}

impl Shop {
    /// Sends what waits, and gives it.
    pub async fn post(&self) -> Vec<Mail> {
        let mailboxes = Mailboxes::default();
        deliver(&self.node.system, &mailboxes).await.expect("sent");
        mailboxes.0.into_inner().expect("mailboxes")
    }

    /// Sends what waits, and gives the secret of the one letter to this address that carries one.
    pub async fn letter_token(&self, to: &str) -> String {
        let letters = self.post().await;
        let tokens: Vec<String> =
            letters.iter().filter(|letter| letter.to == to).filter_map(|letter| token(&letter.text)).collect();
        assert_eq!(tokens.len(), 1, "one letter with a token: {letters:?}");
        tokens.into_iter().next().expect("a token")
    }
}

/// The secret that a letter carries.
pub fn token(text: &str) -> Option<String> {
    let start = text.find("stoa_")?;
    Some(text[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
}
