//! Readers of input values that every domain has: lines of text, slugs, versions.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use rules::{ErrorCode, Problem};

use super::error::Error;
use super::text;

/// Reads one line of text: no blanks around, no line breaks or control characters, `min` to `max` characters.
///
/// # Errors
/// A problem at `path`.
pub fn line(path: &str, raw: &str, min: usize, max: usize) -> Result<String, Problem> {
    let trimmed = raw.trim();
    // A name that nobody can see is none.
    let length = if text::shows_nothing(trimmed) { 0 } else { trimmed.chars().count() };
    if trimmed.chars().any(char::is_control) {
        return Err(Problem::new(ErrorCode::Invalid, path, "Use one line without control characters."));
    }
    if length < min {
        let code = if length == 0 { ErrorCode::Required } else { ErrorCode::TooShort };
        let plural = if min == 1 { "" } else { "s" };
        return Err(Problem::new(code, path, format!("Give at least {min} character{plural}.")));
    }
    if length > max {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {max} characters.")));
    }
    Ok(trimmed.to_owned())
}

/// Reads one line of text that may be absent; one that shows nothing is absent.
///
/// # Errors
/// A problem at `path`.
pub fn optional_line(path: &str, raw: Option<&str>, max: usize) -> Result<Option<String>, Problem> {
    match raw.filter(|raw| !text::shows_nothing(raw)) {
        None => Ok(None),
        Some(raw) => line(path, raw, 1, max).map(Some),
    }
}

/// Reads a slug.
///
/// # Errors
/// A problem at `path`.
pub fn slug(path: &str, raw: &str) -> Result<String, Problem> {
    if text::is_slug(raw) { Ok(raw.to_owned()) } else { Err(bad_slug(path)) }
}

/// The problem of a slug that is none.
pub fn bad_slug(path: &str) -> Problem {
    let message = "Use lower-case letters, digits and hyphens; at most 100, no hyphen at either end.";
    Problem::new(ErrorCode::Invalid, path, message)
}

/// Reads the tag of a language, such as `pt-br`, and writes it as BCP 47 does: `pt-BR`. Whether anybody
/// speaks it is not looked up.
///
/// # Errors
/// A problem at `path`.
pub fn language(path: &str, raw: &str) -> Result<String, Problem> {
    let bad = || Problem::new(ErrorCode::Invalid, path, "Give the tag of a language, such as `de` or `pt-BR`.");
    let mut parts = raw.trim().split('-');
    let first = parts.next().unwrap_or_default();
    if raw.len() > 35 || !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err(bad());
    }
    let mut tag = first.to_ascii_lowercase();
    for part in parts {
        if !(1..=8).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(bad());
        }
        let lower = part.to_ascii_lowercase();
        tag.push('-');
        match lower.len() {
            2 => tag.push_str(&lower.to_ascii_uppercase()),
            4 => {
                tag.push_str(&lower[..1].to_ascii_uppercase());
                tag.push_str(&lower[1..]);
            }
            _ => tag.push_str(&lower),
        }
    }
    Ok(tag)
}

/// Reads a moment: cut to microseconds, as the databases keep it, and in a year of four digits.
///
/// # Errors
/// A problem at `path`.
pub fn moment(path: &str, given: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    if (1970..=9999).contains(&given.year()) {
        Ok(given.trunc_subsecs(6))
    } else {
        Err(Problem::new(ErrorCode::OutOfRange, path, "Give a time between the years 1970 and 9999."))
    }
}

/// Reads the code of a country.
///
/// # Errors
/// A problem at `path`.
pub fn country(path: &str, raw: &str) -> Result<String, Problem> {
    let code = raw.trim().to_ascii_uppercase();
    if rules::country::is_country(&code) {
        return Ok(code);
    }
    Err(Problem::new(ErrorCode::Invalid, path, "Give the two letters of a country in ISO 3166, such as `DE`."))
}

/// Reads the name of a time zone.
///
/// # Errors
/// A problem at `path`.
pub fn time_zone(path: &str, raw: &str) -> Result<String, Problem> {
    match raw.trim().parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => {
            let message = "Give the name of a time zone in the IANA database, such as `Europe/Berlin` or `UTC`.";
            Err(Problem::new(ErrorCode::Invalid, path, message))
        }
    }
}

/// The problem of a list that is null. Null says neither "keep" nor "none", so it is never guessed.
pub fn null_list(path: &str) -> Problem {
    Problem::new(ErrorCode::Invalid, path, "Leave the list out to keep it, or send [] to empty it; null is neither.")
}

/// A field was read without a problem and without a value: a mistake in the code that reads it.
pub fn unread() -> Error {
    Error::internal("a field without a value has no problem")
}

/// Holds a change to the version that was read.
///
/// # Errors
/// `Conflict` with `STALE` where the row has moved on.
pub fn expect_version(expected: Option<i32>, version: i64) -> Result<(), Error> {
    match expected {
        Some(expected) if i64::from(expected) != version => Err(stale()),
        _ => Ok(()),
    }
}

/// The row changed while it was being changed.
pub fn stale() -> Error {
    let message = "It has changed since you read it: read it again and repeat the change.";
    Error::Conflict(Problem::new(ErrorCode::Stale, "expectedVersion", message))
}

/// Something that the input names is not there, or not in this store.
pub fn not_found(path: &str, what: &str) -> Error {
    Error::Conflict(Problem::new(ErrorCode::NotFound, path, format!("There is no such {what} here.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_time_zones_are_those_that_there_are() {
        assert_eq!(country("country", " de ").as_deref(), Ok("DE"));
        assert!(country("country", "XX").is_err());
        assert_eq!(time_zone("timeZone", "America/New_York").as_deref(), Ok("America/New_York"));
        for wrong in ["", "Mars/Olympus", "europe/berlin", "UTC+1", "../etc/passwd"] {
            assert!(time_zone("timeZone", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn languages_are_written_as_their_standard_has_it() {
        assert_eq!(language("locale", " PT-br ").as_deref(), Ok("pt-BR"));
        assert_eq!(language("locale", "zh-hant-tw").as_deref(), Ok("zh-Hant-TW"));
        assert_eq!(language("locale", "es-419").as_deref(), Ok("es-419"));
        for wrong in ["", "d", "german", "de_AT", "de-", "d\u{e9}", "de-AT\0", "12", &"de-AT".repeat(10)] {
            assert!(language("locale", wrong).is_err(), "{wrong}");
        }
    }
}
