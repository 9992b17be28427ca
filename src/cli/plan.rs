//! `stoa plan`: the plan of a store, set by the operator.

use clap::Args;
use rules::states::StorePlan;

use super::{Failure, start};
use crate::config::Config;
use crate::gate::authentication;
use crate::kernel::Error;
use crate::tenancy::stores::set_plan;

/// A store's new plan.
#[derive(Args)]
pub struct Plan {
    /// STANDARD; PLUS for four times its allowances; ENTERPRISE for sixteen times.
    #[arg(value_parser = plan)]
    plan: StorePlan,
    /// The store, by its handle or id.
    #[arg(long)]
    store: String,
}

fn plan(text: &str) -> Result<StorePlan, String> {
    let found = StorePlan::ALL.iter().find(|plan| plan.name().eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = StorePlan::ALL.iter().map(|plan| plan.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// Sets it. Callers of the store have it from their next request on.
pub async fn run(config: Config, args: Plan) -> Result<(), Failure> {
    let system = start::system(&config).await?;
    let ctx = match authentication::operator(&system, "plan", Some(&args.store)).await {
        Ok(ctx) => ctx,
        Err(Error::NoSuchStore) => {
            return Err(Failure(format!("there is no store with the handle or id `{}`", args.store)));
        }
        Err(error) => return Err(Failure(start::describe(&error))),
    };
    let set = ctx.retrying(args.plan, set_plan::run).await;
    system.db.close().await;
    set.map_err(|error| Failure::because("the plan was not set", start::describe(&error)))?;
    eprintln!("{} has the plan {} now.", args.store, args.plan.name());
    Ok(())
}
