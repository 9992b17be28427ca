//! Who did what.

pub mod audit_chains;
pub mod audit_logs;
pub mod audit_seals;
pub mod audit_unsealed;
pub mod organization_audit_logs;
pub mod user_audit_logs;
