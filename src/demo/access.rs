//! Who can do what in the demo: for people, and for scripts.

use serde::{Deserialize, Serialize};

/// Everything that one needs to use the demo. `demo.json` in the data directory holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// Where the server is.
    pub url: String,
    /// Where GraphiQL is; none where it is switched off.
    pub graphiql: Option<String>,
    /// Who can sign in.
    pub accounts: Vec<AccountAccess>,
    /// The stores with their tokens.
    pub stores: Vec<StoreAccess>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAccess {
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// Where the person is a member.
    pub organization: String,
    /// As what.
    pub role: String,
}

/// A store with its tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreAccess {
    /// The word for `X-Store`.
    pub handle: String,
    /// The store's name.
    pub name: String,
    /// The token of an integration.
    pub api_token: String,
    /// The token of a storefront.
    pub storefront_token: String,
}

/// What stands in a box as it is read on a terminal.
impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut lines = vec![format!("Stoa demo at {}", self.url)];
        lines.extend(self.graphiql.iter().map(|graphiql| format!("GraphiQL   {graphiql}")));
        lines.extend([String::new(), "Accounts (sign in with `signIn`)".to_owned()]);
        for account in &self.accounts {
            let AccountAccess { email, password, organization, role } = account;
            lines.push(format!("  {email:<32} {password:<24} {} of {organization}", role.to_lowercase()));
        }
        lines.extend([String::new(), "Stores (send `X-Store: handle`)".to_owned()]);
        for store in &self.stores {
            lines.push(format!("  {}", store.handle));
            lines.push(format!("    API token         {}", store.api_token));
            lines.push(format!("    storefront token  {}", store.storefront_token));
        }
        let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        writeln!(f, "╭{}╮", "─".repeat(width + 2))?;
        for line in &lines {
            writeln!(f, "│ {line:<width$} │")?;
        }
        write!(f, "╰{}╯", "─".repeat(width + 2))
    }
}
