//! What can be done with carts.

pub mod addresses;
pub mod attributes_update;
pub mod buyer_identity_update;
pub mod create;
pub mod currency_update;
pub mod discount_codes_update;
pub mod gift_cards_apply;
pub mod gift_cards_remove;
pub mod lines_add;
pub mod lines_remove;
pub mod lines_update;
pub mod merge;
pub mod note_update;
pub mod recover;
pub mod shipping_options_update;
pub mod store_credit_update;

pub use buyer_identity_update::CartBuyerIdentityInput;
pub use create::CartCreateInput;
pub use lines_add::CartLineInput;
pub use lines_update::CartLineUpdateInput;
pub use shipping_options_update::CartShippingChoiceInput;

use rules::Problem;

use crate::carts::attributes::free_text;

/// Characters of a note at the most.
const MAX_NOTE: usize = 2_000;

/// Reads a note; one that shows nothing is none.
///
/// # Errors
/// A problem at `note`.
fn note(raw: Option<&str>) -> Result<Option<String>, Problem> {
    let raw = raw.filter(|raw| !crate::kernel::text::shows_nothing(raw));
    raw.map(|raw| free_text("note", raw.trim(), MAX_NOTE)).transpose()
}
