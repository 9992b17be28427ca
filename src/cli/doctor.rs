//! `stoa doctor`: checks everything that the server stands on, and says what to do.

use super::{Failure, start};
use crate::config::Config;
use crate::kernel::db::Db;
use crate::kernel::entropy::SystemEntropy;

/// Checks, in the order in which they build on each other.
pub fn run() -> Result<(), Failure> {
    let config = Config::from_env(&SystemEntropy).map_err(|errors| start::settings_failure(&errors))?;
    println!("ok    settings: {} mode", if config.production { "production" } else { "development" });
    start::runtime()?.block_on(check(config))
}

async fn check(config: Config) -> Result<(), Failure> {
    let mut wrong = 0;
    let mut say = |good: bool, text: String| {
        wrong += usize::from(!good);
        println!("{}  {text}", if good { "ok  " } else { "MEND" });
    };
    let db = match Db::connect(&config.database).await {
        Ok(db) => db,
        Err(cause) => {
            return Err(Failure::because(
                &format!("the database {} can't be opened", config.database.url),
                start::describe(&cause),
            ));
        }
    };
    // What follows could only say the same again.
    start::reach(&config).await?;
    if config.database.read_url.is_some() {
        match crate::kernel::db::check_replica(&config.database).await {
            Ok(()) => say(true, "read replica: it follows the primary".to_owned()),
            Err(why) => say(false, format!("read replica: {why}")),
        }
    }
    let owner = db.owner();
    match migration::pending(&owner).await {
        Ok(pending) => {
            say(true, format!("database: {}", config.database.url));
            match pending.len() {
                0 => say(true, "migrations: all applied".to_owned()),
                missing => say(false, format!("migrations: {missing} are missing: run `stoa migrate up`")),
            }
        }
        Err(cause) => say(false, format!("database {}: {cause}", config.database.url)),
    }
    match migration::wall_problems(&owner).await {
        Ok(problems) if problems.is_empty() => say(true, "wall between stores: it holds".to_owned()),
        Ok(problems) => problems.into_iter().for_each(|problem| say(false, format!("wall between stores: {problem}"))),
        Err(cause) => say(false, format!("wall between stores: it can't be checked: {cause}")),
    }
    match migration::login_advice(&owner).await {
        Ok(advice) => advice.into_iter().for_each(|advice| println!("note  login: {advice}")),
        Err(cause) => say(false, format!("login: it can't be checked: {cause}")),
    }
    match crate::app::Surface::read(config.introspection) {
        Ok(_) => say(true, "schema: every root field has its access rule".to_owned()),
        Err(cause) => say(false, format!("schema: {cause}")),
    }
    db.close().await;
    match wrong {
        0 => Ok(()),
        1 => Err(Failure("one thing to mend".to_owned())),
        many => Err(Failure(format!("{many} things to mend"))),
    }
}
