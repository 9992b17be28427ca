//! `stoa reseal`: after the server's key was changed, what the key before sealed is sealed by the new one.

use super::{Failure, start};
use crate::config::Config;
use crate::gate::authentication;
use crate::kernel::Error;
use crate::payments::providers;
use crate::tenancy::stores;

/// Goes through all stores. Whoever is interrupted begins anew: what is done is passed over.
pub async fn run(config: Config) -> Result<(), Failure> {
    let system = start::system(&config).await?;
    let told = |error: &Error| Failure(start::describe(error));
    let all = stores::all_ids(&system).await.map_err(|error| told(&error))?;
    let (mut count, mut closed) = (0, 0);
    for store in &all {
        let ctx = match authentication::operator(&system, "reseal", Some(&store.to_string())).await {
            Ok(ctx) => ctx,
            Err(Error::NoSuchStore) => {
                closed += 1;
                continue;
            }
            Err(error) => return Err(told(&error)),
        };
        count += ctx.retrying((), async |ctx, ()| providers::reseal(ctx).await).await.map_err(|error| told(&error))?;
    }
    println!("{count} secrets of {} stores were sealed anew", all.len() - closed);
    if closed > 0 {
        println!("{closed} stores are closed: keep the key before for as long as one of them may open again");
    }
    system.db.close().await;
    Ok(())
}
