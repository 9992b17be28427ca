//! Who did what.

pub mod audit_logs;
pub mod organization_audit_logs;
pub mod user_audit_logs;
