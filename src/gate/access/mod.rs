//! Access rules: who may ask for which field, read from the directives in the schema.
//!
//! Owns the rules, and the walk that holds an operation against them before anything runs. Never looks at
//! rows: whether it is *my* order is an action's business. Denies by default: a root field without a rule
//! is an error at start; a field below one is allowed once its parent was, unless it has a rule of its own.
//! To add a kind of caller, add a directive, a line in `Rule::read` and a line in `Rule::admits`.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{ErrorExtensionValues, Pos, Positioned, ServerError, Value};
use rules::permission::{Permission, PermissionSet};

use super::schema_index::{FieldEntry, SchemaIndex, TypeId};

/// Who is asking, as far as the rules care.
pub trait Caller {
    /// Whether it is a signed-in person of the platform.
    fn is_user(&self) -> bool;
    /// Whether it is a shopper who is signed in at the store.
    fn is_customer(&self) -> bool;
    /// Whether nobody is signed in at all.
    fn is_anonymous(&self) -> bool;
    /// Whether it has this permission, here and now.
    fn may(&self, permission: Permission) -> bool;
    /// Whether it has this permission in one of its stores, and only the store was not named.
    fn lacks_store_for(&self, permission: Permission) -> bool;
}

/// What one field asks of its caller: any one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rule {
    /// Anybody.
    pub public: bool,
    /// A shopper of the store.
    pub customer: bool,
    /// A person of the platform.
    pub user: bool,
    /// A caller with one of these permissions.
    pub permissions: PermissionSet,
}

impl Rule {
    /// Reads the access directives of a field; `None` where it has none.
    fn read(field: &FieldEntry) -> Result<Option<Self>, String> {
        let mut rule = Self::default();
        let mut found = false;
        for directive in &field.directives {
            match &*directive.name {
                "public" => rule.public = true,
                "customer" => rule.customer = true,
                "user" => rule.user = true,
                "requires" => {
                    let name = match directive.argument("permission") {
                        Some(Value::Enum(name)) => name.as_str(),
                        _ => "",
                    };
                    let permission = Permission::from_name(name).ok_or_else(|| name.to_owned())?;
                    rule.permissions = rule.permissions | [permission].into_iter().collect();
                }
                _ => continue,
            }
            found = true;
        }
        Ok(found.then_some(rule))
    }

    /// Whether `caller` satisfies it.
    pub fn admits(&self, caller: &dyn Caller) -> bool {
        self.public
            || (self.customer && caller.is_customer())
            || (self.user && caller.is_user())
            || self.permissions.iter().any(|permission| caller.may(permission))
    }
}

/// A field whose rule is missing or can't be read: an error at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRule {
    /// Where: `Type.field`.
    pub coordinate: String,
    /// The permission that does not exist, where it names one.
    pub unknown_permission: Option<String>,
}

impl fmt::Display for MissingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unknown_permission {
            Some(name) => write!(f, "{} requires the permission {name:?}, which does not exist", self.coordinate),
            None => write!(f, "{} has none of @public, @customer, @user and @requires", self.coordinate),
        }
    }
}

impl std::error::Error for MissingRule {}

/// The rules of the whole schema.
#[derive(Debug, Clone)]
pub struct AccessRules {
    // By field: all of these hold together. An interface's field has those of every implementor.
    by_field: Vec<Box<[Rule]>>,
}

impl AccessRules {
    /// Reads the rules from the index.
    ///
    /// # Errors
    /// Every root field without a rule, and every field that names an unknown permission.
    pub fn read(index: &SchemaIndex) -> Result<Self, Vec<MissingRule>> {
        let mut own = vec![None; index.field_count()];
        let mut missing = Vec::new();
        for entry in index.types() {
            let is_root = index.roots().any(|root| root == entry.id);
            for field in entry.fields.iter().filter(|field| !field.name.starts_with("__")) {
                let coordinate = || format!("{}.{}", entry.name, field.name);
                match Rule::read(field) {
                    Ok(None) if is_root => {
                        missing.push(MissingRule { coordinate: coordinate(), unknown_permission: None });
                    }
                    Ok(rule) => own[field.id.position()] = rule,
                    Err(name) => {
                        missing.push(MissingRule { coordinate: coordinate(), unknown_permission: Some(name) });
                    }
                }
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut by_field: Vec<Box<[Rule]>> = vec![Box::default(); own.len()];
        for entry in index.types() {
            for field in &entry.fields {
                let implementors = entry.possible.iter().filter_map(|object| index.field(*object, &field.name));
                let mut all: Vec<Rule> = Vec::new();
                for rule in implementors.chain([field]).filter_map(|field| own[field.id.position()]) {
                    if !all.contains(&rule) {
                        all.push(rule);
                    }
                }
                by_field[field.id.position()] = all.into();
            }
        }
        Ok(Self { by_field })
    }

    /// What a field asks: all of these rules together, none where it inherits its parent's.
    pub fn of(&self, field: &FieldEntry) -> &[Rule] {
        self.by_field.get(field.id.position()).map_or(&[], |rules| rules)
    }
}

/// Why an operation is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Nobody is signed in, or not as what the field asks for (a shopper, or a person of the platform).
    Unauthenticated,
    /// The caller is signed in and lacks this permission.
    Forbidden(Permission),
    /// The caller has what is needed in a store, and the request names none.
    StoreRequired,
}

/// The first field of an operation that its caller may not ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// Why.
    pub reason: Reason,
    /// Which field: `Type.field`.
    pub coordinate: String,
    /// Where it stands in the query.
    pub at: Pos,
}

impl Denial {
    /// The denial as an error of the response, with `extensions.code` and, where it is one, the permission.
    pub fn to_error(&self) -> ServerError {
        let mut error = ServerError::new(self.to_string(), Some(self.at));
        let mut extensions = ErrorExtensionValues::default();
        match self.reason {
            Reason::Unauthenticated => extensions.set("code", "UNAUTHENTICATED"),
            Reason::Forbidden(permission) => {
                extensions.set("code", "FORBIDDEN");
                extensions.set("permission", permission.name());
            }
            Reason::StoreRequired => extensions.set("code", "STORE_REQUIRED"),
        }
        error.extensions = Some(extensions);
        error
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Unauthenticated => write!(f, "Sign in to ask for {}.", self.coordinate),
            Reason::Forbidden(permission) => write!(f, "{} needs the permission {permission}.", self.coordinate),
            Reason::StoreRequired => {
                let coordinate = &self.coordinate;
                write!(f, "{coordinate} belongs to a store: send `X-Store` with its handle, or use one of its domains.")
            }
        }
    }
}

impl std::error::Error for Denial {}

/// Everything that one operation asks of its caller, each rule once, in the order of the query.
#[derive(Debug, Clone, Default)]
pub struct Demands(Vec<Demand>);

#[derive(Debug, Clone)]
struct Demand {
    rule: Rule,
    coordinate: String,
    at: Pos,
}

impl Demands {
    /// Collects what `operation` asks. `@skip` and `@include` hide nothing: what is denied is denied even
    /// where it would be skipped. Each fragment is walked once, under its own type condition, so the work
    /// is linear in the text; a fragment on an interface asks what every implementor's fields ask.
    pub fn collect(
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        index: &SchemaIndex,
        rules: &AccessRules,
    ) -> Self {
        let mut walk =
            Walk { document, index, rules, walked: HashSet::new(), seen: HashSet::new(), demands: Vec::new() };
        if let Some(root) = index.root(operation.ty) {
            walk.set(&operation.selection_set, root);
        }
        Self(walk.demands)
    }

    /// Holds the demands against a caller.
    ///
    /// # Errors
    /// The first that is not met, in the order of the query.
    pub fn check(&self, caller: &dyn Caller) -> Result<(), Denial> {
        let Some(unmet) = self.0.iter().find(|demand| !demand.rule.admits(caller)) else { return Ok(()) };
        let mut permissions = unmet.rule.permissions.iter();
        let reason = match unmet.rule.permissions.iter().next() {
            Some(_) if permissions.any(|permission| caller.lacks_store_for(permission)) => Reason::StoreRequired,
            Some(permission) if !caller.is_anonymous() => Reason::Forbidden(permission),
            _ => Reason::Unauthenticated,
        };
        Err(Denial { reason, coordinate: unmet.coordinate.clone(), at: unmet.at })
    }

    /// Whether everything asked for is public.
    pub fn all_public(&self) -> bool {
        self.0.iter().all(|demand| demand.rule.public)
    }
}

/// Walks `operation` and says the first denial; `Demands` does the same in two steps, the first of which
/// can be kept with the document.
///
/// # Errors
/// The first field in the query's order that `caller` may not ask for.
pub fn walk(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    index: &SchemaIndex,
    rules: &AccessRules,
    caller: &dyn Caller,
) -> Result<(), Denial> {
    Demands::collect(document, operation, index, rules).check(caller)
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    index: &'a SchemaIndex,
    rules: &'a AccessRules,
    walked: HashSet<&'a str>,
    seen: HashSet<Rule>,
    demands: Vec<Demand>,
}

impl<'a> Walk<'a> {
    // What the schema does not know is passed over: the engine's validation refuses the document whole.
    fn set(&mut self, set: &'a Positioned<SelectionSet>, on: TypeId) {
        for selection in &set.node.items {
            match &selection.node {
                Selection::Field(field) => {
                    let Some(entry) = self.index.field(on, &field.node.name.node) else { continue };
                    self.field(entry, on, field.pos);
                    self.set(&field.node.selection_set, entry.ty.named);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|condition| &condition.node.on.node);
                    let on = match condition {
                        None => Some(on),
                        Some(name) => self.index.type_named(name).map(|entry| entry.id),
                    };
                    if let Some(on) = on {
                        self.set(&fragment.node.selection_set, on);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    let Some(on) = self.index.type_named(&fragment.node.type_condition.node.on.node) else { continue };
                    if self.walked.insert(name) {
                        self.set(&fragment.node.selection_set, on.id);
                    }
                }
            }
        }
    }

    fn field(&mut self, entry: &FieldEntry, on: TypeId, at: Pos) {
        let rules = self.rules;
        for rule in rules.of(entry) {
            if self.seen.insert(*rule) {
                let coordinate = format!("{}.{}", self.index.get(on).name, entry.name);
                self.demands.push(Demand { rule: *rule, coordinate, at });
            }
        }
    }
}
