//! The way out: how letters are handed over.

use std::io::Write as _;
use std::path::PathBuf;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use rules::ids::EmailMessageId;

/// A letter as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id, the same at each try: whoever takes it twice can tell.
    pub id: EmailMessageId,
    /// The e-mail address that it goes to.
    pub to: String,
    /// The name that it comes from.
    pub from_name: String,
    /// What it is about, one line.
    pub subject: String,
    /// What it says, plain text.
    pub text: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// Why a letter could not be handed over.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

/// Hands letters over.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Hands one letter over.
    ///
    /// # Errors
    /// Where it could not; it is tried again later.
    async fn send(&self, mail: &Mail) -> Result<(), TransportError>;
}

/// Writes letters into a directory, one file each, for a mail server that picks them up, or for whoever develops a
/// storefront.
#[derive(Debug, Clone)]
pub struct FileTransport {
    directory: PathBuf,
    /// The e-mail address that letters come from.
    sender: String,
}

impl FileTransport {
    /// A transport into this directory, which is made when the first letter comes.
    pub fn new(directory: PathBuf, sender: String) -> Self {
        Self { directory, sender }
    }
}

#[async_trait]
impl Transport for FileTransport {
    async fn send(&self, mail: &Mail) -> Result<(), TransportError> {
        let (directory, text) = (self.directory.clone(), message(mail, &self.sender));
        let name = format!("{}-{}.eml", mail.written_at.format("%Y%m%dT%H%M%S"), mail.id);
        let written = tokio::task::spawn_blocking(move || write(&directory, &name, &text)).await;
        written.map_err(|error| TransportError(error.to_string()))?.map_err(|error| TransportError(error.to_string()))
    }
}

/// Writes a whole file that only its owner reads, or none.
fn write(directory: &std::path::Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let draft = directory.join(format!(".{name}"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, directory.join(name))
}

/// The letter as RFC 5322 has it.
fn message(mail: &Mail, sender: &str) -> String {
    let body = STANDARD.encode(&mail.text);
    let lines: Vec<&str> = body.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let headers = [
        format!("From: {} <{sender}>", word(&mail.from_name)),
        format!("To: <{}>", mail.to),
        format!("Subject: {}", word(&mail.subject)),
        format!("Date: {}", mail.written_at.to_rfc2822()),
        format!("Message-ID: <{}@{}>", mail.id, sender.rsplit('@').next().unwrap_or("localhost")),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=utf-8".to_owned(),
        "Content-Transfer-Encoding: base64".to_owned(),
    ];
    format!("{}\r\n\r\n{}\r\n", headers.join("\r\n"), lines.join("\r\n"))
}

/// Text in a header: encoded whole, so that no name of a store or a person can begin a header of its own.
fn word(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control()).collect::<String>();
    let words: Vec<char> = plain.chars().collect();
    // An encoded word has 75 characters at the most: ten characters of four bytes are 56 in base64.
    let encoded = words.chunks(10).map(|part| {
        let part: String = part.iter().collect();
        format!("=?UTF-8?B?{}?=", STANDARD.encode(part))
    });
    encoded.collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_name_begins_a_header_of_its_own() {
        let mail = Mail {
            id: EmailMessageId(Uuid::from_u128(1)),
            to: "ann@example.com".to_owned(),
            from_name: "Evil\r\nBcc: all@example.com".to_owned(),
            subject: "Hi \u{1F44B}\nX-Header: 1".to_owned(),
            text: "Hello\n.\nBcc: me".to_owned(),
            written_at: DateTime::<Utc>::UNIX_EPOCH,
        };
        let message = message(&mail, "post@example.com");
        let names =
            message.split("\r\n\r\n").next().expect("headers").split("\r\n").filter(|line| !line.starts_with(' '));
        let names: Vec<&str> = names.filter_map(|line| line.split(':').next()).collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding"
            ]
        );
    }
}
