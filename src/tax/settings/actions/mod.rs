//! What can be done to tax settings, one file each.

pub mod update;

pub use update::TaxSettingsUpdateInput;
