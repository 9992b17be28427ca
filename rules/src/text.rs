//! The one fold by which names and codes are compared.
//!
//! Owns what counts as the same text. Never changes what is stored or shown: the text as it was
//! typed stands beside its fold.

use unicode_normalization::UnicodeNormalization;

/// The key that names, codes, SKUs and tags are compared by: NFKC, lower case, no blanks around.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_in_case_width_and_blanks_are_one() {
        for twin in ["SUMMER10", " summer10 ", "Summer10\u{a0}", "ＳＵＭＭＥＲ１０"] {
            assert_eq!(fold(twin), "summer10", "{twin}");
        }
        assert_ne!(fold("SUMMER 10"), fold("SUMMER10"), "a blank inside is a letter like any other");
    }
}
