//! What somebody wants a product to be, before it meets what is stored.
//!
//! A draft is plain data that anybody can fill: a mutation's input, a row of an import, the demo. Only a
//! [`Checked`] one can be saved, and [`ProductDraft::check`] is the only way to one: it reads every text
//! into the form that is stored, and tells all problems at once, at the paths of `productCreate`.

mod change;
mod details;
mod media;
mod options;
#[cfg(test)]
mod tests;
mod variants;

use rules::{ErrorCode, Problem, Problems};

use crate::kernel::ctx::StoreContext;

pub use change::Change;
pub use details::{ProductDetails, moment};
pub use media::{MediaDraft, check_media, check_medium};
pub use options::{OptionDraft, check_options};
pub use variants::{MediaChoice, SelectedOption, VariantDraft, VariantTarget, alone, check_variants, listed};

use media::read_media;
use options::read_options;
use variants::read_variants;

/// Options of a product at the most.
pub const MAX_OPTIONS: usize = 3;
/// Values of an option at the most.
pub const MAX_VALUES: usize = 100;
/// Variants of a product at the most.
pub const MAX_VARIANTS: usize = 250;
/// Media of a product at the most.
pub const MAX_MEDIA: usize = 250;
/// Tags of a product at the most.
pub const MAX_TAGS: usize = 100;
/// The longest title, name or code, in characters.
const MAX_LINE: usize = 255;

/// A whole product: its own fields and its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductDraft {
    /// The fields of the product itself.
    pub details: ProductDetails,
    /// What a buyer chooses by. Matched with what is there by name, whatever its case.
    pub options: Change<Vec<OptionDraft>>,
    /// Pictures and films. Matched with what is there by address.
    pub media: Change<Vec<MediaDraft>>,
    /// What can be bought. A new product without any gets one, if it has no options.
    pub variants: Vec<VariantDraft>,
    /// What happens to options, values, media and variants that the draft does not name.
    pub others: Others,
}

/// What happens to parts of a product that a draft does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Others {
    /// They stay, behind those that are named.
    #[default]
    Keep,
    /// They go.
    Remove,
}

/// Data that was checked, in the form in which it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked<T>(T);

impl<T> std::ops::Deref for Checked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl ProductDraft {
    /// Reads the draft for a store. `problems` are those that were found on the way to the draft.
    ///
    /// # Errors
    /// Every problem, at the paths of `productCreate`.
    pub fn check(self, store: &StoreContext, mut problems: Problems) -> Result<Checked<Self>, Vec<Problem>> {
        let details = self.details.read(&mut problems);
        let options = match self.options {
            Change::Keep => Change::Keep,
            Change::Set(options) => Change::Set(read_options(options, &mut problems)),
        };
        let media = match self.media {
            Change::Keep => Change::Keep,
            Change::Set(media) => Change::Set(read_media(media, &mut problems)),
        };
        let variants = read_variants(self.variants, listed, store, &mut problems);
        problems.finish()?;
        Ok(Checked(Self { details, options, media, variants, others: self.others }))
    }
}

/// Holds a list to its longest length.
fn fits(length: usize, max: usize, path: &str, problems: &mut Problems) -> bool {
    if length > max {
        problems.add(ErrorCode::TooLong, path, format!("Give at most {max}."));
    }
    length <= max
}
