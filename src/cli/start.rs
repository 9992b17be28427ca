//! What commands do first: settings, log, runtime, database.

use std::sync::Arc;

use tracing_subscriber::EnvFilter;

use super::Failure;
use crate::app;
use crate::config::{Config, ConfigError, LogSettings};
use crate::kernel::clock::SystemClock;
use crate::kernel::db::{DatabaseUrl, Db};
use crate::kernel::entropy::SystemEntropy;
use crate::kernel::{System, private};

/// Reads the settings, starts the log and the runtime, and runs the command in it.
pub fn with_config<T, F>(command: F) -> Result<T, Failure>
where
    F: AsyncFnOnce(Config) -> Result<T, Failure>,
{
    let config = Config::from_env(&SystemEntropy).map_err(|errors| settings_failure(&errors))?;
    log(&config.log)?;
    runtime()?.block_on(command(config))
}

/// The runtime of the process.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::because("the runtime can't be started", cause))
}

/// All that is wrong with the settings, a line each.
pub fn settings_failure(errors: &[ConfigError]) -> Failure {
    let lines: Vec<String> = errors.iter().map(|error| format!("  {error}")).collect();
    Failure(format!("the settings can't be used:\n{}\nsee .env.example for all of them", lines.join("\n")))
}

fn log(settings: &LogSettings) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|_| Failure("STOA_LOG: expected levels such as `info` or `info,stoa=debug`".to_owned()))?;
    // Colors are for people: a file or a collector would keep their codes.
    let colors = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colors);
    let started = if settings.json {
        log.json().flatten_event(true).with_span_list(false).try_init()
    } else {
        log.compact().try_init()
    };
    started.map_err(|cause| Failure::because("the log can't be started", cause))
}

/// Opens the database, and brings its tables up to date where the settings say so.
pub async fn system(config: &Config) -> Result<Arc<System>, Failure> {
    let db = open(config).await?;
    if config.migrate_on_start {
        migrate(&db).await?;
    }
    let clock = Arc::new(SystemClock);
    let system = System::new(db, clock, Arc::new(SystemEntropy), config.settings.clone());
    app::equip(&system);
    Ok(Arc::new(system))
}

/// Opens the database as it is.
pub async fn open(config: &Config) -> Result<Db, Failure> {
    let at = &config.database.url;
    reach(config).await?;
    close_files(config)?;
    let db = Db::connect(&config.database).await;
    db.map_err(|cause| Failure::because(&format!("the database {at} can't be opened"), describe(&cause)))
}

/// Closes the files of the installation to everybody else of the machine. What is made new is closed anyway;
/// a backup that was brought back, or a careless `chmod`, may have opened one.
fn close_files(config: &Config) -> Result<(), Failure> {
    let mut files = vec![config.data_dir.join("secret.key")];
    if let DatabaseUrl::Sqlite(path) = &config.database.url {
        files.extend(["", "-wal", "-shm"].map(|end| {
            let mut name = path.clone().into_os_string();
            name.push(end);
            name.into()
        }));
    }
    for file in files {
        let closed = private::close_to_others(&file).map_err(|cause| {
            Failure::because(&format!("{} can be read by everybody, and can't be closed", file.display()), cause)
        })?;
        if closed {
            tracing::warn!(file = %file.display(), "a file could be read by everybody: it is closed now");
        }
    }
    Ok(())
}

/// Asks the database server once and without the patience of the pool, which would not say why it waited.
pub async fn reach(config: &Config) -> Result<(), Failure> {
    let failed = |why| Failure::because(&format!("the database {} can't be reached", config.database.url), why);
    crate::kernel::db::reach(&config.database).await.map_err(failed)
}

/// Brings the tables up to date.
pub async fn migrate(db: &Db) -> Result<Vec<String>, Failure> {
    let done = migration::up_locked(&db.owner()).await;
    let done = done.map_err(|cause| Failure::because("the migrations did not run", cause))?;
    if !done.is_empty() {
        tracing::info!(migrations = done.len(), "the database is up to date");
    }
    Ok(done)
}

/// The cause of an error, for the operator: on the shell nothing has to be hidden.
pub fn describe(error: &crate::kernel::Error) -> String {
    match error {
        crate::kernel::Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
