//! Pictures and films.

use rules::states::MediaKind;
use rules::{ErrorCode, Problem, Problems};

use super::{Change, Checked, MAX_MEDIA, fits};
use crate::kernel::input;

/// The longest address of a medium, in bytes.
pub(super) const MAX_URL: usize = 2048;
/// The longest description of a medium, in characters.
const MAX_ALT: usize = 512;

/// A picture or a film.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaDraft {
    /// Where it is found.
    pub url: String,
    /// What it shows, in words.
    pub alt: Change<Option<String>>,
    /// A picture where something new says nothing.
    pub kind: Change<MediaKind>,
    /// The width in pixels.
    pub width: Change<Option<i32>>,
    /// The height in pixels.
    pub height: Change<Option<i32>>,
}

/// Reads media.
///
/// # Errors
/// Every problem, at the paths of `productMediaCreate`.
pub fn check_media(media: Vec<MediaDraft>) -> Result<Checked<Vec<MediaDraft>>, Vec<Problem>> {
    let mut problems = Problems::new();
    let media = read_media(media, &mut problems);
    problems.finish()?;
    Ok(Checked(media))
}

/// Reads a change of one medium.
///
/// # Errors
/// Every problem, at the paths of `productMediaUpdate`.
pub fn check_medium(
    url: Change<String>,
    medium: MediaDraft,
) -> Result<Checked<(Change<String>, MediaDraft)>, Vec<Problem>> {
    let mut problems = Problems::new();
    let url = url.read(&mut problems, |url| address("url", &url));
    let medium = read_medium("", medium, &mut problems);
    problems.finish()?;
    Ok(Checked((url, medium)))
}

pub(super) fn read_media(media: Vec<MediaDraft>, problems: &mut Problems) -> Vec<MediaDraft> {
    if !fits(media.len(), MAX_MEDIA, "media", problems) {
        return Vec::new();
    }
    let mut read = Vec::with_capacity(media.len());
    for (index, medium) in media.into_iter().enumerate() {
        let path = format!("media.{index}");
        let url = problems.keep(address(&format!("{path}.url"), &medium.url)).unwrap_or_default();
        read.push(MediaDraft { url, ..read_medium(&path, medium, problems) });
    }
    read
}

/// Everything of a medium but its address.
fn read_medium(path: &str, medium: MediaDraft, problems: &mut Problems) -> MediaDraft {
    let pixels = |field: &str, value: Option<i32>| match value {
        Some(pixels) if pixels < 1 => {
            Err(Problem::new(ErrorCode::OutOfRange, &format!("{path}.{field}"), "Give a whole number from 1 up."))
        }
        value => Ok(value),
    };
    MediaDraft {
        url: medium.url,
        alt: medium.alt.read(problems, |alt| input::optional_line(&format!("{path}.alt"), alt.as_deref(), MAX_ALT)),
        kind: medium.kind,
        width: medium.width.read(problems, |width| pixels("width", width)),
        height: medium.height.read(problems, |height| pixels("height", height)),
    }
}

/// Reads the address of a medium into the one spelling that is stored. Nothing is fetched.
pub(super) fn address(path: &str, raw: &str) -> Result<String, Problem> {
    let bad = |message: &str| Problem::new(ErrorCode::Invalid, path, message);
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(Problem::new(ErrorCode::Required, path, "Give the address."));
    }
    if raw.len() > MAX_URL {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX_URL} characters.")));
    }
    let url = url::Url::parse(raw).map_err(|_| bad("Give a whole address, such as https://cdn.example/shirt.jpg."))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(bad("Give an address that starts with https:// or http://."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("Leave out the user name and the password: everybody can read the address."));
    }
    let url = String::from(url);
    if url.len() > MAX_URL {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX_URL} characters.")));
    }
    Ok(url)
}
