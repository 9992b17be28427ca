//! What a line of an audit log is signed with.
//!
//! The signature stands in the line itself, from the transaction that writes it on, and is over everything else that
//! stands there, table and store included. So a line that was changed, made up or moved is no line of this server's.
//! That one is missing, or stands elsewhere, is for the chain to tell ([`super::chain`]).

use entity::audit::{audit_logs, organization_audit_logs, user_audit_logs};
use serde_json::Value;

use crate::kernel::settings::{SecretKey, Settings};

/// Bytes that tell which key signed.
const KEY_ID: usize = 8;

/// Something signed, and which key did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The key.
    pub key_id: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// No key that is known here made it.
    #[error("was signed with a STOA_SECRET_KEY that is not known here: name it in STOA_SECRET_KEYS_BEFORE")]
    UnknownKey,
    /// It is not over what stands there.
    #[error("is not as it was signed")]
    Forged,
}

/// Signs the parts for one purpose with the server's key.
pub fn sign(settings: &Settings, purpose: &str, parts: &[&[u8]]) -> Signed {
    let key_id = id_of(&settings.secret).to_vec();
    let signature = signature(&settings.secret, purpose, parts).to_vec();
    Signed { key_id, signature }
}

/// Checks a signature with the key that made it, and answers how old that is: 0 for the server's own, 1 for the one
/// before it, and so on.
///
/// # Errors
/// Where it proves nothing.
pub fn check(
    settings: &Settings,
    purpose: &str,
    parts: &[&[u8]],
    key_id: &[u8],
    signed: &[u8],
) -> Result<usize, Doubt> {
    let mut keys = std::iter::once(&settings.secret).chain(&settings.secrets_before).enumerate();
    let (age, key) = keys.find(|(_, key)| id_of(key) == key_id).ok_or(Doubt::UnknownKey)?;
    if signature(key, purpose, parts) == signed { Ok(age) } else { Err(Doubt::Forged) }
}

fn id_of(key: &SecretKey) -> [u8; KEY_ID] {
    let mut id = [0; KEY_ID];
    id.copy_from_slice(&key.sign("audit key id", &[])[..KEY_ID]);
    id
}

/// The key's id is signed, too.
fn signature(key: &SecretKey, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    let id = id_of(key);
    let parts: Vec<&[u8]> = std::iter::once(&id[..]).chain(parts.iter().copied()).collect();
    key.sign(purpose, &parts)
}

/// A line of one of the logs.
pub trait Line {
    /// The log, whose lines are signed as no other's.
    const LOG: &'static str;

    /// Everything that it says, a part a column.
    fn parts(&self) -> Vec<Vec<u8>>;

    /// Who signed it, and what with.
    fn signed(&self) -> (&[u8], &[u8]);
}

/// Signs what a line says.
pub fn sign_line<L: Line>(settings: &Settings, line: &L) -> Signed {
    let parts = line.parts();
    sign(settings, L::LOG, &parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Checks that a line says what was signed.
///
/// # Errors
/// Where that can't be proved.
pub fn check_line<L: Line>(settings: &Settings, line: &L) -> Result<usize, Doubt> {
    let (parts, (key_id, signature)) = (line.parts(), line.signed());
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    check(settings, L::LOG, &parts, key_id, signature)
}

macro_rules! line {
    ($log:ident, $key:ident) => {
        impl Line for $log::Model {
            const LOG: &'static str = stringify!($log);

            fn parts(&self) -> Vec<Vec<u8>> {
                let text = |text: &str| text.as_bytes().to_vec();
                // Nothing is not the same as an empty text.
                let perhaps = |part: Option<Vec<u8>>| part.map(|part| [&[1][..], &part].concat()).unwrap_or_default();
                vec![
                    self.$key.0.as_bytes().to_vec(),
                    self.id.0.as_bytes().to_vec(),
                    text(self.actor_kind.name()),
                    perhaps(self.actor_id.as_deref().map(text)),
                    text(&self.action),
                    text(&self.subject_type),
                    perhaps(self.subject_id.as_deref().map(text)),
                    perhaps(self.before.as_ref().map(canonical)),
                    perhaps(self.after.as_ref().map(canonical)),
                    text(&self.request_id),
                    self.created_at.timestamp_micros().to_be_bytes().to_vec(),
                ]
            }

            fn signed(&self) -> (&[u8], &[u8]) {
                (&self.key_id, &self.signature)
            }
        }
    };
}

line!(audit_logs, store_id);
line!(organization_audit_logs, organization_id);
line!(user_audit_logs, user_id);

/// A value in one form, however a database keeps it: keys in their order, each part led by what it is and how long.
fn canonical(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(value, &mut bytes);
    bytes
}

fn write(value: &Value, out: &mut Vec<u8>) {
    let mut part = |kind: u8, bytes: &[u8]| {
        out.push(kind);
        out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    match value {
        Value::Null => part(b'n', &[]),
        Value::Bool(truth) => part(b'b', &[u8::from(*truth)]),
        Value::Number(number) => part(b'd', number.to_string().as_bytes()),
        Value::String(text) => part(b't', text.as_bytes()),
        Value::Array(values) => {
            part(b'l', &(values.len() as u64).to_be_bytes());
            values.iter().for_each(|value| write(value, out));
        }
        Value::Object(fields) => {
            part(b'o', &(fields.len() as u64).to_be_bytes());
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            for (key, value) in fields {
                write(&Value::String(key.clone()), out);
                write(value, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(now: u8, before: &[u8]) -> Settings {
        let key = |byte: &u8| SecretKey::new([*byte; 32]);
        Settings { secret: key(&now), secrets_before: before.iter().map(key).collect(), ..Settings::default() }
    }

    #[test]
    fn no_two_values_are_signed_alike() {
        let values = [
            json!(null),
            json!(false),
            json!(0),
            json!("0"),
            json!(""),
            json!([]),
            json!({}),
            json!([[], []]),
            json!([["a"], "b"]),
            json!(["a", ["b"]]),
            json!(["ab"]),
            json!(["a", "b"]),
            json!({ "a": "b" }),
            json!({ "a": null }),
            json!({ "a": { "b": 1 } }),
            json!({ "a": {}, "b": 1 }),
        ];
        let forms: std::collections::BTreeSet<_> = values.iter().map(canonical).collect();
        assert_eq!(forms.len(), values.len());
        assert_eq!(canonical(&json!({ "a": 1, "b": 2 })), canonical(&json!({ "b": 2, "a": 1 })));
    }

    #[test]
    fn attack_s04_a_signature_holds_for_its_parts_its_purpose_and_its_key() {
        let (old, new) = (settings(7, &[]), settings(8, &[7]));
        let signed = sign(&old, "one", &[b"a", b"bc"]);
        let check = |settings: &Settings, purpose: &str, parts: &[&[u8]]| {
            check(settings, purpose, parts, &signed.key_id, &signed.signature)
        };
        assert_eq!(check(&old, "one", &[b"a", b"bc"]), Ok(0));
        assert_eq!(check(&new, "one", &[b"a", b"bc"]), Ok(1), "the key before is known by its age");
        assert_eq!(check(&settings(8, &[]), "one", &[b"a", b"bc"]), Err(Doubt::UnknownKey));
        for (purpose, parts) in [("one", &[&b"ab"[..], b"c"][..]), ("one", &[b"a"]), ("two", &[b"a", b"bc"])] {
            assert_eq!(check(&old, purpose, parts), Err(Doubt::Forged), "{purpose} {parts:?}");
        }
    }
}
