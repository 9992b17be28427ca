//! The directives that stand in the schema beside its fields, so that the SDL says what holds.
//!
//! Owns their names and arguments. Never acts: `access` reads who may ask, `document` what it costs. A
//! domain writes `#[graphql(directive = requires::apply(Permission::ProductsManage))]`; several access
//! directives on one field mean any of them.

#![allow(
    missing_docs,
    unused_variables,
    reason = "the derive makes a type of each function, without its comment, and uses its arguments only in `apply`"
)]

use async_graphql::{Enum, TypeDirective};
use rules::permission::Permission;

/// Who may share a cached answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "CacheControlScope")]
pub enum CacheScope {
    /// Everybody: the answer is the same for all callers.
    Public,
    /// Only the caller.
    Private,
}

/// Anybody may ask for this field.
#[TypeDirective(location = "FieldDefinition")]
pub fn public() {}

/// A shopper who is signed in at the store may ask for this field.
#[TypeDirective(location = "FieldDefinition")]
pub fn customer() {}

/// A person who is signed in at the platform may ask for this field.
#[TypeDirective(location = "FieldDefinition")]
pub fn user() {}

/// A caller with this permission may ask for this field.
#[TypeDirective(location = "FieldDefinition", repeatable)]
pub fn requires(permission: Permission) {}

/// What this field counts for in an operation's cost, and how many items its list is assumed to have.
#[TypeDirective(location = "FieldDefinition")]
pub fn cost(#[graphql(default = 1)] weight: i32, list_size: Option<i32>) {}

/// How long, in seconds, an answer with this field may be kept, and for whom.
#[TypeDirective(location = "FieldDefinition", name = "cacheControl")]
pub fn cache_control(max_age: i32, scope: CacheScope) {}

/// This field takes a secret that could be guessed, so it must be the only root field of its operation.
#[TypeDirective(location = "FieldDefinition")]
pub fn credential() {}
