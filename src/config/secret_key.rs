//! The server's key: given in production, made once and kept beside the data otherwise.

use std::io::{self, Write};
use std::path::Path;

use super::Reader;
use crate::kernel::Entropy;
use crate::kernel::settings::SecretKey;

const NAME: &str = "STOA_SECRET_KEY";
const FORM: &str = "expected 64 hexadecimal digits, not the same two throughout; `openssl rand -hex 32` makes them";

pub(super) fn read(read: &mut Reader<'_>, production: bool, data_dir: &Path, entropy: &dyn Entropy) -> SecretKey {
    match read.text(NAME) {
        Some(text) => decode(&text).unwrap_or_else(|| {
            read.wrong(NAME, FORM);
            SecretKey::new([0; 32])
        }),
        None if production => {
            read.wrong(NAME, format!("is needed with a DATABASE_URL or an address beyond this machine; {FORM}"));
            SecretKey::new([0; 32])
        }
        None => {
            let kept = kept(data_dir, entropy);
            let why = match &kept {
                Ok(_) => "is not whole in the data directory: remove the file secret.key, and one is made anew",
                Err(_) => "could not be kept in the data directory; set it, or make the directory writable",
            };
            kept.ok().and_then(|text| decode(text.trim())).unwrap_or_else(|| {
                read.wrong(NAME, why);
                SecretKey::new([0; 32])
            })
        }
    }
}

/// The keys before this one, the newest first.
pub(super) fn read_before(read: &mut Reader<'_>) -> Vec<SecretKey> {
    const BEFORE: &str = "STOA_SECRET_KEYS_BEFORE";
    let Some(text) = read.text(BEFORE) else { return Vec::new() };
    let keys: Option<Vec<SecretKey>> = text.split(',').map(|key| decode(key.trim())).collect();
    keys.unwrap_or_else(|| {
        read.wrong(BEFORE, "expected earlier values of STOA_SECRET_KEY, separated by commas");
        Vec::new()
    })
}

fn decode(text: &str) -> Option<SecretKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    // A key of one repeated byte was typed, not made.
    bytes.iter().any(|byte| *byte != bytes[0]).then(|| SecretKey::new(bytes))
}

/// The text of the key that is kept, made where there is none. Of processes that start at once, all take the key of
/// the one that was first.
fn kept(data_dir: &Path, entropy: &dyn Entropy) -> io::Result<String> {
    let path = data_dir.join("secret.key");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok(text);
    }
    std::fs::create_dir_all(data_dir)?;
    let (mut key, mut name) = ([0; 32], [0; 8]);
    entropy.fill(&mut key);
    entropy.fill(&mut name);
    let draft = data_dir.join(format!(".secret.key.{}", hex::encode(name)));
    let written = write_private(&draft, &hex::encode(key)).and_then(|()| give_name(&draft, &path));
    // A draft that was renamed is not there any more.
    let _ = std::fs::remove_file(&draft);
    written?;
    std::fs::read_to_string(&path)
}

/// Writes a new file that only its owner reads.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// Gives a whole file its name, unless another one has it: nobody sees a part of it.
fn give_name(draft: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) => std::fs::rename(draft, path),
        Ok(()) => Ok(()),
    }
}
