//! PostgreSQL servers of a test's own, made from the programs of this machine and gone at its end.

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// Whom servers run as where the tests run as root, which PostgreSQL refuses: nobody.
const NOBODY: u32 = 65_534;

/// A server with a data directory, stopped and removed when it is dropped.
pub struct Server {
    data: PathBuf,
    port: u16,
    running: bool,
    _folder: TempDir,
}

impl Server {
    /// Makes a primary that standbys can follow, and starts it.
    pub fn primary() -> Self {
        let (folder, data) = folder();
        run(program("initdb")
            .arg("-D")
            .arg(&data)
            .args("-U postgres -A trust -E UTF8 --locale=C --no-sync".split(' ')));
        let settings = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 40\n\
                        shared_buffers = '32MB'\nfsync = off\nautovacuum = off\nwal_level = replica\n\
                        max_wal_senders = 4\nmin_wal_size = '32MB'\nwal_keep_size = '32MB'\nhot_standby = on\n";
        append(&data.join("postgresql.conf"), settings);
        let mut server = Self { data, port: 0, running: false, _folder: folder };
        server.start();
        server
    }

    /// Makes a standby of this server, and starts it.
    pub fn standby(&self) -> Self {
        let (folder, data) = folder();
        let from = format!("host=127.0.0.1 port={} user=postgres", self.port);
        run(program("pg_basebackup").arg("-D").arg(&data).args([
            "-d",
            &from,
            "-R",
            "-c",
            "fast",
            "-X",
            "stream",
            "--no-sync",
        ]));
        // What it follows, and that it must not clean away what a query here still reads.
        append(&data.join("postgresql.conf"), "hot_standby_feedback = on\nmax_standby_streaming_delay = '100ms'\n");
        let mut server = Self { data, port: 0, running: false, _folder: folder };
        server.start();
        server
    }

    /// Starts it, at the port that it had.
    pub fn start(&mut self) {
        for _ in 0..8 {
            if self.port == 0 {
                self.port = free_port();
            }
            let log = self.data.with_extension("log");
            let mut start = program("pg_ctl");
            start.arg("-D").arg(&self.data).arg("-l").arg(log).args([
                "-o",
                &format!("-p {}", self.port),
                "-w",
                "-t",
                "60",
                "start",
            ]);
            // Output of its own would be held open by the server for as long as it runs.
            if start.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("pg_ctl").success() {
                self.running = true;
                return;
            }
            // Somebody took the port.
            self.port = 0;
        }
        let mut log = String::new();
        let _ = std::fs::File::open(self.data.with_extension("log")).and_then(|mut file| file.read_to_string(&mut log));
        panic!("the server does not start: {log}");
    }

    /// Stops it as a crash does: nobody is told.
    pub fn crash(&mut self) {
        if std::mem::take(&mut self.running) {
            let mut stop = program("pg_ctl");
            stop.arg("-D").arg(&self.data).args(["-m", "immediate", "-w", "stop"]);
            let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

/// A folder that belongs to whom servers run as, and the place of the data in it.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::Builder::new().prefix("stoa-postgres-").tempdir().expect("a folder");
    #[cfg(unix)]
    if is_root() {
        std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("the folder's owner");
    }
    let data = folder.path().join("data");
    (folder, data)
}

fn append(path: &Path, text: &str) {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("the settings");
    file.write_all(text.as_bytes()).expect("the settings");
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr()).expect("a port").port()
}

fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn program(name: &str) -> Command {
    let mut command = Command::new(programs().join(name));
    command.current_dir("/").env("LC_ALL", "C");
    #[cfg(unix)]
    if is_root() {
        use std::os::unix::process::CommandExt;
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// The newest directory of PostgreSQL's programs; the cluster of the tests came from one.
fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let mut found: Vec<PathBuf> =
            std::env::var_os("STOA_TEST_POSTGRES_BIN").map(PathBuf::from).into_iter().collect();
        for parent in ["/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt", "/usr"] {
            let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
            let mut homes: Vec<PathBuf> = entries
                .map(|entry| entry.path())
                .filter(|path| {
                    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    name.bytes().all(|b| b.is_ascii_digit())
                        || name.starts_with("postgresql@")
                        || name.starts_with("pgsql-")
                })
                .collect();
            homes.sort();
            found.extend(homes.into_iter().rev().map(|home| home.join("bin")));
        }
        found.push("/usr/local/pgsql/bin".into());
        if let Ok(said) = Command::new("pg_config").arg("--bindir").output() {
            found.push(String::from_utf8_lossy(&said.stdout).trim().into());
        }
        if let Some(path) = std::env::var_os("PATH") {
            found.extend(std::env::split_paths(&path));
        }
        let complete = |bin: &PathBuf| ["initdb", "pg_ctl", "pg_basebackup"].iter().all(|name| bin.join(name).exists());
        found.into_iter().find(complete).expect("PostgreSQL's programs: name their directory in STOA_TEST_POSTGRES_BIN")
    })
}
