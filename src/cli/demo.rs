//! `stoa demo`: a demo shop, made where there is none yet, and served.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Failure, serve, start};
use crate::config::Config;
use crate::demo::{self, Access, Loaded, Standing};
use crate::http::graphiql::GraphiqlSettings;
use crate::identity::secret::{Kind, Secret};
use crate::kernel::db::DatabaseUrl;
use crate::kernel::entropy::SystemEntropy;
use crate::kernel::{Error, System};

/// Serves the demo until SIGINT or SIGTERM.
pub async fn run(mut config: Config) -> Result<(), Failure> {
    let notes = config.data_dir.join("demo.json");
    let surface = serve::read_surface(&config);
    let access = if let Some(file) = own_file(&config) {
        config.database.url = DatabaseUrl::Sqlite(file.clone());
        if file.exists() { known(&notes, &file.display().to_string())? } else { make(&config, &file, &notes).await? }
    } else {
        in_database(&config, &notes).await?
    };
    let system = start::system(&config).await?;
    let first = access.stores.first().map(|store| store.handle.clone());
    if let Some(graphiql) = &mut config.edge.graphiql {
        *graphiql = GraphiqlSettings { store_handle: first };
    }
    let shutdown = CancellationToken::new();
    tokio::spawn(serve::stop_on_signal(shutdown.clone()));
    let graphiql = config.edge.graphiql.is_some();
    serve::listen(&config, system, surface, shutdown, |address| {
        let url = format!("http://{address}");
        let access = Access { graphiql: graphiql.then(|| format!("{url}/graphiql")), url, ..access };
        if let Err(failure) = keep(&notes, &access) {
            tracing::warn!(%failure, "scripts can't read who may sign in");
        }
        println!("{access}\n\nThe same stands in {}. Stop with Ctrl-C.", notes.display());
    })
    .await
}

/// The file that the demo has to itself, where no `DATABASE_URL` names another place.
pub fn own_file(config: &Config) -> Option<PathBuf> {
    let is_unnamed = config.database.url == DatabaseUrl::Sqlite(config.data_dir.join("stoa.sqlite"));
    is_unnamed.then(|| config.data_dir.join("demo.sqlite"))
}

/// Makes the demo in a file of its own, which gets its name when it is whole: whatever happens on the
/// way, there is no half of a demo.
async fn make(config: &Config, file: &Path, notes: &Path) -> Result<Access, Failure> {
    let part = with_end(file, ".part");
    for end in ["", "-wal", "-shm"] {
        let stale = with_end(&part, end);
        if stale.exists() {
            std::fs::remove_file(&stale)
                .map_err(|cause| Failure::because(&format!("{} is in the way", stale.display()), cause))?;
        }
    }
    let mut config = config.clone();
    config.database.url = DatabaseUrl::Sqlite(part.clone());
    config.migrate_on_start = true;
    let system = start::system(&config).await?;
    let failed = |error: Error| Failure::because("the demo's file can't be written", start::describe(&error));
    // Until the file has its name nobody misses a commit: it goes to the disk once, at the end.
    system.db.defer_sync().await.map_err(failed)?;
    let (loaded, access) = load(&config, &system).await?;
    demo::finish(&system, loaded).await.map_err(failed)?;
    system.db.sync().await.map_err(failed)?;
    system.db.close().await;
    keep(notes, &access)?;
    let renamed = std::fs::rename(&part, file);
    renamed.map_err(|cause| Failure::because(&format!("{} can't be made", file.display()), cause))?;
    Ok(access)
}

/// Makes the demo in a database that the operator chose, if it is empty; knows it again if it is there. A
/// part of one, left by a process that was stopped, is taken away and made anew.
async fn in_database(config: &Config, notes: &Path) -> Result<Access, Failure> {
    let at = config.database.url.to_string();
    let failed = |error: Error| Failure::because(&format!("the database {at} can't be read"), start::describe(&error));
    let mut system = start::system(config).await?;
    make_tables(&system, &at).await?;
    let standing = demo::standing(&system).await.map_err(failed)?;
    if standing == Standing::Part {
        take_away(&system, &at).await?;
        system.db.close().await;
        // What connections knew of the tables that are gone goes with them.
        system = start::system(config).await?;
    }
    let access = match standing {
        Standing::Empty | Standing::Part => {
            let (loaded, access) = load(config, &system).await?;
            // Kept first: a demo that is whole is not made again, and the secrets are told only here.
            keep(notes, &access)?;
            demo::finish(&system, loaded).await.map_err(failed)?;
            access
        }
        Standing::Whole => known(notes, &at)?,
        Standing::Others => {
            return Err(Failure(format!(
                "the database {at} has organizations of its own, and the demo goes only into an empty one: \
                 name another DATABASE_URL, or none for a file of the demo's own"
            )));
        }
    };
    system.db.close().await;
    Ok(access)
}

/// Makes the tables of an empty database. Those of one that has been in use are its operator's to change.
async fn make_tables(system: &System, at: &str) -> Result<(), Failure> {
    let status = migration::status(&system.db.owner()).await;
    let steps = status.map_err(|cause| Failure::because(&format!("the database {at} can't be read"), cause))?;
    match steps.iter().filter(|step| step.applied).count() {
        0 => start::migrate(&system.db).await.map(drop),
        applied if applied == steps.len() => Ok(()),
        _ => Err(Failure(format!("the database {at} was made by an older program: run `stoa migrate up` first"))),
    }
}

/// Makes the tables anew, with nothing in them.
async fn take_away(system: &System, at: &str) -> Result<(), Failure> {
    let owner = system.db.owner();
    let outcome = async {
        migration::down_locked(&owner, None).await?;
        migration::up_locked(&owner).await
    };
    outcome.await.map(drop).map_err(|cause| {
        let what = format!(
            "the database {at} holds a part of a demo, which can't be taken away with the rights of its login: \
             as its owner, run `stoa migrate down --yes` and `stoa migrate up`"
        );
        Failure::because(&what, cause)
    })
}

async fn load(config: &Config, system: &Arc<System>) -> Result<(Loaded, Access), Failure> {
    // What everybody knows is no password where others reach the server.
    let password = match config.listen.ip().is_loopback() {
        true => demo::PASSWORD.to_owned(),
        false => Secret::generate(Kind::Invitation, &SystemEntropy).expose().chars().rev().take(24).collect(),
    };
    let loaded = demo::load(system, &password).await;
    let loaded = loaded.map_err(|error| Failure::because("the demo was not made", start::describe(&error)))?;
    let (accounts, stores) = (loaded.accounts.clone(), loaded.stores.clone());
    let access = Access { url: config.settings.public_url.clone(), graphiql: None, accounts, stores };
    Ok((loaded, access))
}

/// Who may do what in a demo that was made before.
fn known(notes: &Path, at: &str) -> Result<Access, Failure> {
    let text = std::fs::read_to_string(notes).ok();
    text.and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(|| {
        Failure(format!(
            "the demo is in {at}, but {} does not say who may sign in: remove {at}, and it is made anew",
            notes.display()
        ))
    })
}

/// Writes the notes, for their owner alone.
fn keep(notes: &Path, access: &Access) -> Result<(), Failure> {
    use std::io::Write;
    let failed = |cause: std::io::Error| Failure::because(&format!("{} can't be written", notes.display()), cause);
    let text =
        serde_json::to_string_pretty(access).map_err(|cause| Failure::because("the notes of the demo", cause))?;
    let part = with_end(notes, ".part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    if let Some(folder) = notes.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = options.open(&part).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(failed)?;
    std::fs::rename(&part, notes).map_err(failed)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}
