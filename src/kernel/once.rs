//! One step of a longer way, such as the write before and the write after a question to a provider.

use futures::future::BoxFuture;

use super::ctx::{Ctx, MAX_RUNS};
use super::error::{Error, Result};

/// Runs one step, again where transactions met, and never the steps before it: what was asked of a provider is not
/// asked again because the database was busy afterwards.
///
/// # Errors
/// What the step fails with; `Busy` where others always stood in its way.
pub async fn once<'a, T>(ctx: &Ctx, step: impl Fn() -> BoxFuture<'a, Result<T>> + Send) -> Result<T> {
    for _ in 0..MAX_RUNS {
        match step().await {
            Err(Error::Retry) => ctx.release().await,
            done => return done,
        }
    }
    Err(Error::Busy)
}
