//! The servers that are measured, each a process of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::Result;
use crate::drive::Connection;
use crate::measure::{Contender, Speaks};

/// The key of every Stoa that is measured; cursors made by one are good at the others.
const SECRET_KEY: &str = "9f0c3b6ad2e81745b01f6c9de3a27458c4d1e0fb2a9387615c4e8d7f0a1b2c3d";

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server, ended when it is dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
    /// From its start to its first good answer.
    pub first_answer: Duration,
    _child: Child,
}

impl Server {
    /// The same as one that is measured.
    pub fn contender(&self, name: &str, speaks: Speaks) -> Contender {
        Contender { name: name.to_owned(), speaks, address: self.address, pid: self.pid }
    }
}

/// How a Stoa is started.
#[derive(Debug, Clone)]
pub struct Stoa {
    /// The program.
    pub program: PathBuf,
    /// `postgres://…` or `sqlite:…`; its own choice where there is none.
    pub database: Option<String>,
    /// Where its files and its log go.
    pub data: PathBuf,
    /// The processors that it may use, as `taskset` has them.
    pub cpus: Option<String>,
    /// Further settings.
    pub settings: Vec<(&'static str, String)>,
}

impl Stoa {
    fn command(&self) -> Command {
        let mut command = on(self.cpus.as_deref(), &self.program);
        command.current_dir(&self.data).env("STOA_DATA_DIR", &self.data).env("STOA_SECRET_KEY", SECRET_KEY);
        // One client asks here as a whole town would: it is held to what it costs, and never sent away.
        command.env("STOA_THROTTLE_ANONYMOUS_MAXIMUM", "100000000").env("STOA_THROTTLE_ANONYMOUS_RESTORE", "100000000");
        command.envs(self.database.iter().map(|database| ("DATABASE_URL", database)));
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs another of its commands to the end, and gives what it printed.
    ///
    /// # Errors
    /// What it said where it failed.
    pub async fn run(&self, arguments: &[&str]) -> Result<String> {
        let done = self.command().args(arguments).output().await?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Starts it by one of its commands that serve, and waits until `probe` is answered.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn serve(&self, verb: &str, probe: &[u8]) -> Result<Server> {
        let address = free_address()?;
        let mut command = self.command();
        command.arg(verb).env("STOA_LISTEN", address.to_string());
        start(command, &self.data.join("stoa.log"), address, probe).await
    }
}

/// Starts the reference server out of this same program.
///
/// # Errors
/// Where it does not answer.
pub async fn reference(database: &str, data: &Path, cpus: Option<&str>) -> Result<Server> {
    let address = free_address()?;
    let mut command = on(cpus, &std::env::current_exe()?);
    command.args(["reference", "--listen", &address.to_string(), "--database", database]);
    let probe = b"GET /bytes HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
    start(command, &data.join("reference.log"), address, probe).await
}

/// A command that runs on these processors only.
fn on(cpus: Option<&str>, program: &Path) -> Command {
    match cpus {
        Some(cpus) => {
            let mut command = Command::new("taskset");
            command.args(["-c", cpus]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

async fn start(mut command: Command, log: &Path, address: SocketAddr, probe: &[u8]) -> Result<Server> {
    let log_file = std::fs::File::options().create(true).append(true).open(log)?;
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(log_file).kill_on_drop(true).spawn()?;
    let pid = child.id().ok_or("the server ended at once")?;
    loop {
        if let Ok(mut connection) = Connection::open(address).await
            && connection.ask(probe).await.is_ok()
        {
            return Ok(Server { address, pid, first_answer: started.elapsed(), _child: child });
        }
        if let Some(status) = child.try_wait()? {
            return Err(format!("the server ended ({status}); its log is {}", log.display()).into());
        }
        if started.elapsed() > PATIENCE {
            return Err(format!("the server does not answer; its log is {}", log.display()).into());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
