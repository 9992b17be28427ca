//! The store that a command works in.

use std::sync::Arc;

use clap::Args;

use super::{Failure, demo, start};
use crate::config::Config;
use crate::gate::authentication;
use crate::kernel::db::DatabaseUrl;
use crate::kernel::{Ctx, Error, System};

/// Which store.
#[derive(Args)]
pub struct StoreChoice {
    /// The store, by its handle or id.
    #[arg(long)]
    store: String,
    /// Look for it in what `stoa demo` made.
    #[arg(long)]
    demo: bool,
}

impl StoreChoice {
    /// Opens the database, and acts in the store as the operator.
    ///
    /// # Errors
    /// What is missing, and where it was looked for.
    pub async fn open(&self, mut config: Config, command: &str) -> Result<(Arc<System>, Ctx), Failure> {
        let demo = demo::own_file(&config).filter(|file| file.exists());
        if self.demo && demo::own_file(&config).is_some() {
            let file = demo.clone().ok_or_else(|| Failure("there is no demo yet: run `stoa demo` first".to_owned()))?;
            config.database.url = DatabaseUrl::Sqlite(file);
        }
        let system = start::system(&config).await?;
        match authentication::operator(&system, command, Some(&self.store)).await {
            Ok(ctx) => Ok((system, ctx)),
            Err(Error::NoSuchStore) => {
                let hint = match demo {
                    Some(_) if !self.demo => "; the demo's are in a file of their own: add `--demo`",
                    _ => "",
                };
                let (store, at) = (&self.store, &config.database.url);
                Err(Failure(format!("there is no store with the handle or id `{store}` in {at}{hint}")))
            }
            Err(error) => Err(Failure(start::describe(&error))),
        }
    }
}
