//! What a store's currencies and languages must be like.

use rules::{Currency, ErrorCode, Problem, Problems};

use crate::kernel::input;

/// What a store sells in and speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreLists {
    /// Its currencies, by code.
    pub currencies: Vec<Currency>,
    /// Its languages, by tag.
    pub locales: Vec<String>,
}

/// Currencies that a store can sell in.
pub const MAX_CURRENCIES: usize = 50;

/// Languages that a store can speak.
pub const MAX_LOCALES: usize = 50;

/// Reads a list of currencies: each once, one at least.
pub fn currencies(problems: &mut Problems, list: &[Currency]) -> Vec<Currency> {
    bounded(problems, "currencies", list.len(), MAX_CURRENCIES);
    distinct(problems, "currencies", list.iter().take(MAX_CURRENCIES).copied())
}

/// Reads a list of languages: each once, one at least.
pub fn locales(problems: &mut Problems, list: &[String]) -> Vec<String> {
    bounded(problems, "locales", list.len(), MAX_LOCALES);
    let mut read = Vec::new();
    for (place, raw) in list.iter().take(MAX_LOCALES).enumerate() {
        read.extend(problems.keep(input::language(&format!("locales.{place}"), raw)));
    }
    distinct(problems, "locales", read)
}

fn bounded(problems: &mut Problems, path: &str, length: usize, max: usize) {
    if length == 0 {
        problems.add(ErrorCode::Required, path, "List one at least.");
    }
    if length > max {
        problems.add(ErrorCode::TooLong, path, format!("List at most {max}."));
    }
}

fn distinct<T: PartialEq>(problems: &mut Problems, path: &str, list: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut read = Vec::new();
    for (place, item) in list.into_iter().enumerate() {
        if read.contains(&item) {
            problems.add(ErrorCode::Duplicate, &format!("{path}.{place}"), "This stands in the list twice.");
        } else {
            read.push(item);
        }
    }
    read
}

/// Holds a store's own currency and language against the lists: they must be in them.
///
/// # Errors
/// The problems of both.
pub fn expect_own_listed(
    (currency, currencies): (Currency, &[Currency]),
    (locale, locales): (&str, &[String]),
) -> Result<(), Vec<Problem>> {
    let mut problems = Problems::new();
    if !currencies.contains(&currency) {
        let message = format!("The store's own currency {currency} must be among them.");
        problems.add(ErrorCode::CurrencyNotEnabled, "currencies", message);
    }
    if !locales.iter().any(|listed| listed == locale) {
        problems.add(ErrorCode::Invalid, "locales", format!("The store's own language {locale} must be among them."));
    }
    problems.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_each_once_and_one_at_least() {
        let mut problems = Problems::new();
        assert_eq!(currencies(&mut problems, &[Currency::EUR, Currency::USD, Currency::EUR]).len(), 2);
        assert_eq!(locales(&mut problems, &["DE".to_owned(), "de".to_owned(), "d".to_owned()]), ["de"]);
        locales(&mut problems, &[]);
        let found = problems.finish().expect_err("four problems");
        let fields: Vec<_> = found.iter().map(|problem| (problem.code, problem.field.join("."))).collect();
        assert_eq!(
            fields,
            [
                (ErrorCode::Duplicate, "currencies.2".to_owned()),
                (ErrorCode::Invalid, "locales.2".to_owned()),
                (ErrorCode::Duplicate, "locales.1".to_owned()),
                (ErrorCode::Required, "locales".to_owned()),
            ]
        );
    }

    #[test]
    fn the_stores_own_must_be_listed() {
        assert!(expect_own_listed((Currency::EUR, &[Currency::EUR]), ("de", &["de".to_owned()])).is_ok());
        let problems = expect_own_listed((Currency::EUR, &[Currency::USD]), ("de", &["en".to_owned()]));
        assert_eq!(problems.expect_err("neither is").len(), 2);
    }
}
