//! `stoa token`: tokens of a store, made by the operator.

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use rules::permission::Permission;
use rules::states::TokenKind;

use super::store::StoreChoice;
use super::{Failure, start};
use crate::config::Config;
use crate::tenancy::api_tokens::{self, ApiTokenCreateInput};

/// What to do with tokens.
#[derive(Subcommand)]
pub enum Verb {
    /// Make a token, and print its secret this once.
    Create(Create),
}

/// A new token.
#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    store: StoreChoice,
    /// The name to know the token by.
    #[arg(long)]
    name: String,
    /// What it may do, such as PRODUCTS_READ; give it several times for more.
    #[arg(long = "scope", value_name = "PERMISSION", value_parser = permission)]
    scopes: Vec<Permission>,
    /// For a storefront: it may stand in a page, has no scopes, and sees what every visitor sees.
    #[arg(long, conflicts_with = "scopes")]
    storefront: bool,
    /// In how many days it ends; never, where it is left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    expires_in_days: Option<u32>,
}

fn permission(text: &str) -> Result<Permission, String> {
    Permission::from_name(&text.to_ascii_uppercase()).ok_or_else(|| {
        let names: Vec<&str> = Permission::ALL.iter().map(|permission| permission.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// Makes the token. The secret alone goes to the standard output, so that a script can take it.
pub async fn run(config: Config, Verb::Create(args): Verb) -> Result<(), Failure> {
    let (system, ctx) = args.store.open(config, "token").await?;
    let input = ApiTokenCreateInput {
        name: args.name,
        kind: if args.storefront { TokenKind::Storefront } else { TokenKind::Api },
        scopes: args.scopes,
        expires_at: args.expires_in_days.map(|days| ctx.now() + TimeDelta::days(days.into())),
        allowed_networks: Vec::new(),
    };
    let made = ctx.retrying(input, api_tokens::create::run).await;
    system.db.close().await;
    let (_, secret) = made.map_err(|error| Failure::because("no token was made", start::describe(&error)))?;
    println!("{secret}");
    eprintln!("Keep it: it is shown this once.");
    Ok(())
}
