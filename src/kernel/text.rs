//! How texts are folded, so that what looks alike is found, sorted and kept unique alike.
//!
//! The database compares bytes; these folds are the only ones, and their result is stored beside
//! the text as it was typed.

pub use rules::text::fold;
use unicode_normalization::UnicodeNormalization;

/// The key that a title sorts by: lower case, accents apart from their letters and dropped, blanks joined.
pub fn sort_key(text: &str) -> String {
    let folded = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    let lower: String = folded.flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The key that an e-mail address is compared by. The part before the @ is folded too: no two
/// people share a mailbox that differs in case alone.
pub fn email_key(email: &str) -> String {
    fold(email)
}

/// Whether a text holds a character that can't be stored or shown: NUL and other control characters
/// but line breaks and tabs.
pub fn has_forbidden_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether a text shows nothing: blanks, and characters that only join, part or direct others.
pub fn shows_nothing(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
            || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
            || matches!(c, '\u{e0000}'..='\u{e0fff}')
    })
}

/// Makes a slug from a title: ASCII letters, digits and hyphens. Empty where nothing is left.
pub fn slug(text: &str) -> String {
    let mut slug = slug::slugify(text);
    slug.truncate(100);
    slug.trim_end_matches('-').to_owned()
}

/// Whether a text has the form of a slug.
pub fn is_slug(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_in_case_width_and_accent_fold_alike() {
        assert_eq!(fold(" ＡＢＣ-1 "), "abc-1");
        assert_eq!(sort_key("  Élan   Vital "), "elan vital");
        assert_eq!(email_key("Ann@Example.COM"), "ann@example.com");
    }

    #[test]
    fn what_nobody_can_see_shows_nothing() {
        for text in ["", " \u{a0}", "\u{200b}\u{200b}", "\u{feff}", "\u{202e} \u{2066}", "\u{3164}", "\u{e0041}"] {
            assert!(shows_nothing(text), "{text:?}");
        }
        for text in ["a", "\u{200f}א", "👩\u{200d}🌾", "❤\u{fe0f}", "-"] {
            assert!(!shows_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Crème Brûlée & Co."), "creme-brulee-co");
        assert_eq!(slug("!!!"), "");
        assert!(is_slug("a-1") && !is_slug("-a") && !is_slug("A") && !is_slug("") && !is_slug("a b"));
    }
}
