//! What letters prove.

use rules::ids::StoreId;
use uuid::Uuid;

use crate::identity::secret::{Kind, Secret};
use crate::kernel::settings::SecretKey;

/// The secret of a token, by the token's id. It follows from the server's key, so that whoever reads the database, or a copy
/// of it, can't open anybody's account with what waits in the queue.
pub fn one_time(key: &SecretKey, kind: Kind, store: StoreId, token: Uuid) -> Secret {
    let parts: [&[u8]; 3] = [kind.prefix().as_bytes(), store.0.as_bytes(), token.as_bytes()];
    Secret::of_bytes(kind, key.sign("one-time token", &parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::secret;

    #[test]
    fn a_secret_is_made_again_and_is_nobody_elses() {
        let (key, store) = (SecretKey::new([7; 32]), StoreId(Uuid::from_u128(1)));
        let make = |key: &SecretKey, kind, store, token| one_time(key, kind, store, Uuid::from_u128(token)).hash();
        let made = make(&key, Kind::PasswordReset, store, 1);
        assert_eq!(made, make(&key, Kind::PasswordReset, store, 1));
        for other in [
            make(&SecretKey::new([8; 32]), Kind::PasswordReset, store, 1),
            make(&key, Kind::EmailVerification, store, 1),
            make(&key, Kind::PasswordReset, StoreId(Uuid::from_u128(2)), 1),
            make(&key, Kind::PasswordReset, store, 2),
        ] {
            assert_ne!(made, other);
        }
        let secret = one_time(&key, Kind::PasswordReset, store, Uuid::from_u128(1));
        assert_eq!(secret::parse_kind(Kind::PasswordReset, secret.expose()), Some(made));
    }
}
