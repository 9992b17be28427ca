//! Stories of what every domain stands on: transactions, tenants, callers, servers that fail.

mod cluster;
mod replica;
