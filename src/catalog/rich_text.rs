//! Rich text, cleaned when it is written: what is stored is safe to show, and the source is not kept.

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::Builder;
use rules::{ErrorCode, Problem};

/// The longest text that is taken, in bytes before cleaning.
pub const MAX_BYTES: usize = 64 * 1024;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::default();
    cleaner
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(|_, attribute, value| match attribute {
            // A class or an inline style from elsewhere would reach into the storefront's own look.
            "class" | "style" | "id" => None,
            _ => Some(Cow::Borrowed(value)),
        });
    cleaner
});

/// Cleans a text: scripts, event handlers, frames and dangerous links go, formatting stays. What is
/// empty afterwards is none.
///
/// # Errors
/// A problem at `path` where the text is too long or holds control characters.
pub fn clean(path: &str, html: &str) -> Result<Option<String>, Problem> {
    if html.len() > MAX_BYTES {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Keep it under {} KiB.", MAX_BYTES / 1024)));
    }
    if crate::kernel::text::has_forbidden_control(html) {
        return Err(Problem::new(ErrorCode::Invalid, path, "Remove the control characters."));
    }
    let clean = CLEANER.clean(html).to_string();
    let clean = clean.trim();
    Ok((!clean.is_empty()).then(|| clean.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_h13_scripts_handlers_and_javascript_links_are_gone() {
        let dirty = r#"<p onclick="x()" style="a">Hi <script>alert(1)</script><a href="javascript:x()">l</a><b>!</b></p><iframe src="//evil"></iframe>"#;
        let clean = clean("descriptionHtml", dirty).expect("a short text");
        assert_eq!(clean.as_deref(), Some(r#"<p>Hi <a rel="noopener noreferrer nofollow">l</a><b>!</b></p>"#));
    }

    #[test]
    fn nothing_left_is_none() {
        assert_eq!(clean("descriptionHtml", " <script>1</script> "), Ok(None));
    }
}
