//! `stoa plan`: the plan of a store, set by the operator.

use clap::Args;
use rules::states::StorePlan;

use super::store::StoreChoice;
use super::{Failure, start};
use crate::config::Config;
use crate::tenancy::stores::set_plan;

/// A store's new plan.
#[derive(Args)]
pub struct Plan {
    /// STANDARD; PLUS for four times its allowances; ENTERPRISE for sixteen times.
    #[arg(value_parser = plan)]
    plan: StorePlan,
    #[command(flatten)]
    store: StoreChoice,
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
    let (system, ctx) = args.store.open(config, "plan").await?;
    let set = ctx.retrying(args.plan, set_plan::run).await;
    system.db.close().await;
    set.map_err(|error| Failure::because("the plan was not set", start::describe(&error)))?;
    let store = ctx.store_context().map_or("", |store| &store.handle);
    eprintln!("{store} has the plan {} now.", args.plan.name());
    Ok(())
}
