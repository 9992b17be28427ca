//! The binary as an operator starts it: a process of its own.

use std::path::Path;
use std::process::Stdio;
use std::sync::RwLock;

use stoa::kernel::db::DatabaseUrl;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Database;
use super::actor::Address;

/// A key that any of them may have.
pub const KEY: &str = "0101010101010101010101010101010101010101010101010101010101010102";

/// The binary in a folder of its own, with these settings and no others.
pub fn stoa(folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    command.envs(settings.iter().copied());
    command
}

/// A database as `DATABASE_URL` names it.
pub fn address(database: &Database) -> String {
    match &database.url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

/// The binary as it serves.
pub struct Served {
    pub child: Child,
    pub port: u16,
    /// Is read to its end, so that the server is never held up by a full pipe.
    pub log: tokio::task::JoinHandle<Vec<String>>,
}

impl Served {
    /// Starts it, and waits until it says where it listens.
    pub async fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = stoa(folder, settings);
        let is_set = |name: &str| settings.iter().any(|(set, _)| *set == name);
        command.arg("serve").env("STOA_LOG_JSON", "true");
        if !is_set("STOA_LOG") {
            command.env("STOA_LOG", "info");
        }
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary");
        let mut lines = BufReader::new(child.stderr.take().expect("the log")).lines();
        let mut log = Vec::new();
        let port = loop {
            let line = lines.next_line().await.expect("the log").unwrap_or_else(|| panic!("it ended: {log:?}"));
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            log.push(line);
            if let Some(address) = entry["address"].as_str() {
                break address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
            }
        };
        let log = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                log.push(line);
            }
            log
        });
        Self { child, port, log }
    }

    /// Sends SIGTERM.
    pub async fn terminate(&mut self) {
        let id = self.child.id().expect("a process that runs").to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill");
        assert!(sent.success());
    }
    /// Ends it in the middle of everything, as SIGKILL does, and waits until it is gone.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("a process that runs");
    }

    /// Where it listens.
    pub fn address(&self) -> Address {
        Address::new(RwLock::new(([127, 0, 0, 1], self.port).into()))
    }
}
