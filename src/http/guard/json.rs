//! The guard over JSON, before serde.

use super::{Limits, Refusal};

/// Reads a whole request body once and refuses it where its JSON nests too deep or has too many keys.
/// What isn't JSON at all is left to the parser, which this makes safe to run.
pub fn scan_body(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    scan_json_depth(bytes, limits.json_nesting(), limits.json_keys)
}

/// Reads `bytes` once, in linear time, and refuses more than `max_depth` open brackets or more than
/// `max_keys` keys.
pub fn scan_json_depth(bytes: &[u8], max_depth: usize, max_keys: usize) -> Result<(), Refusal> {
    let (mut depth, mut keys, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > max_depth {
                    return Err(Refusal::JsonTooDeep { limit: max_depth });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' => {
                keys += 1;
                if keys > max_keys {
                    return Err(Refusal::JsonTooManyKeys { limit: max_keys });
                }
            }
            _ => {}
        }
    }
    Ok(())
}
