//! `stoa worker`: what is done without anybody asking, until the process is told to stop.

use tokio_util::sync::CancellationToken;

use super::{Failure, serve, start};
use crate::config::Config;
use crate::worker;

/// Works until SIGINT or SIGTERM.
pub async fn run(config: Config) -> Result<(), Failure> {
    let system = start::system(&config).await?;
    serve::refuse_broken_wall(&system).await?;
    let stop = CancellationToken::new();
    tokio::spawn(serve::stop_on_signal(stop.clone()));
    tracing::info!(database = %config.database.url, "working");
    let post = serve::post(&config, &system);
    worker::work(std::sync::Arc::clone(&system), config.worker_interval, stop).await;
    drop(post);
    tracing::info!("stopped");
    system.db.close().await;
    Ok(())
}
