//! What can be done with cart settings.

pub mod update;

pub use update::CartSettingsUpdateInput;
