//! Where a reading connection goes, out of the URL that both drivers go by.
//!
//! The other driver reads the URL, the environment and the password file, and knows more of all three. So what it
//! made of them is taken from it, and where it could know something that is not understood here, nothing is made
//! of the URL at all.

use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::trust::{Trust, encryption};
use crate::kernel::error::{Error, Result};

/// Where, and how it is encrypted.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

/// Parameters of a URL that are understood here.
const UNDERSTOOD: &[&str] =
    &["sslmode", "ssl-mode", "sslrootcert", "ssl-root-cert", "ssl-ca", "host", "port", "dbname", "user", "password"];

/// The address that a URL names; `None` where it says more than is understood here.
///
/// # Errors
/// `Internal` where the URL can't be read, or the certificates that it names.
pub(super) fn read(url: &str) -> Result<Option<Address>> {
    let options = PgConnectOptions::from_str(url)?;
    let url = Url::parse(url).map_err(Error::internal)?;
    let parameters: Vec<_> = url.query_pairs().collect();
    let parameter = |names: &[&str]| {
        parameters.iter().rev().find(|(name, _)| names.contains(&name.as_ref())).map(|(_, value)| value.to_string())
    };
    let from_environment = ["PGSSLCERT", "PGSSLKEY", "PGSSLROOTCERT", "PGOPTIONS"];
    if parameters.iter().any(|(name, _)| !UNDERSTOOD.contains(&name.as_ref()))
        || from_environment.iter().any(|name| std::env::var_os(name).is_some())
    {
        return Ok(None);
    }
    let in_url = || url.password().map(|text| percent_decode_str(text).decode_utf8_lossy().into_owned());
    let password = parameter(&["password"]).or_else(in_url).or_else(|| std::env::var("PGPASSWORD").ok());
    if password.is_none() && password_file().is_some_and(|file| file.exists()) {
        return Ok(None);
    }

    let mut config = Config::new();
    config.user(options.get_username()).port(options.get_port());
    match options.get_socket() {
        Some(folder) => config.host_path(folder),
        None => config.host(options.get_host()),
    };
    if let Some(database) = options.get_database() {
        config.dbname(database);
    }
    if let Some(password) = password {
        config.password(password);
    }
    let authorities = parameter(&["sslrootcert", "ssl-root-cert", "ssl-ca"]).map(PathBuf::from);
    let (mode, trust) = match options.get_ssl_mode() {
        PgSslMode::Disable => (SslMode::Disable, Trust::Anybody),
        PgSslMode::Allow | PgSslMode::Prefer => (SslMode::Prefer, Trust::Anybody),
        PgSslMode::Require => (SslMode::Require, Trust::Anybody),
        PgSslMode::VerifyCa => (SslMode::Require, Trust::Signed(authorities.as_deref())),
        PgSslMode::VerifyFull => (SslMode::Require, Trust::Named(authorities.as_deref())),
    };
    config.ssl_mode(mode);
    Ok(Some(Address { config, tls: MakeRustlsConnect::new(encryption(&trust)?) }))
}

/// Where passwords may stand that only the other driver looks up.
fn password_file() -> Option<PathBuf> {
    let named = std::env::var_os("PGPASSFILE").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".pgpass")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_is_where_it_goes() {
        let url = "postgres://stoa:s%2Fcret@db.internal:5433/shop?sslmode=require";
        let address = read(url).expect("a good URL").expect("understood");
        let config = address.config;
        assert_eq!(config.get_user(), Some("stoa"));
        assert_eq!(config.get_password(), Some(&b"s/cret"[..]));
        assert_eq!(config.get_dbname(), Some("shop"));
        assert_eq!(config.get_ports(), [5433]);
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn what_only_the_other_driver_can_do_is_left_to_it() {
        for parameter in ["sslcert=a.pem", "options=-csearch_path=a", "sslkey=a.pem"] {
            let url = format!("postgres://stoa:secret@localhost/shop?{parameter}");
            assert!(read(&url).expect("a good URL").is_none(), "{parameter}");
        }
    }

    #[test]
    fn authorities_that_are_not_there_are_told_at_the_start() {
        let url = "postgres://stoa:secret@localhost/shop?sslmode=verify-full&sslrootcert=/nowhere/root.pem";
        assert!(read(url).is_err());
    }
}
