//! The tables as SeaORM sees them.
//!
//! Owns one module a table, named as the table is, in a folder a domain: columns and relations,
//! nothing else. Beside them [`scope`] says which tables belong to a store or to an organization, and [`row`] how
//! lists of them are read.
//! Never holds a rule or a query; those stand in the crate `rules` and in the domains.
//!
//! To add a table, add its file to the domain's folder, its line to the domain's module, and, where
//! it carries a `store_id` or an `organization_id`, its line in [`scope`]; then write its migration.

// The derive `Row` names this crate as everybody else does.
extern crate self as entity;

pub mod audit;
pub mod carts;
pub mod catalog;
pub mod checkout;
pub mod customers;
pub mod events;
pub mod identity;
pub mod inventory;
pub mod messages;
pub mod orders;
pub mod payments;
pub mod pricing;
pub mod promotions;
pub mod row;
pub mod scope;
pub mod shipping;
pub mod tax;
pub mod tenancy;
