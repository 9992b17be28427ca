//! What is known of one operation before it runs.

use std::collections::HashSet;
use std::time::Duration;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Pos, Positioned, Value, Variables};

use super::cost::Cost;
use super::{sharing, writes};
use crate::gate::access::{AccessRules, Caller, Demands, Denial};
use crate::gate::schema_index::{SchemaIndex, TypeId};
use crate::http::guard::{Limits, Refusal};

/// How many of introspection's lists may stand in one another; the standard query has one.
const INTROSPECTION_LISTS: usize = 2;

/// An argument as the query gives it.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// By a variable.
    Variable(Name),
    /// Literally; variables inside it stand as null.
    Literal(Value),
}

impl Given {
    /// The value, or `None` where its variable has none.
    pub(super) fn with<'a>(&'a self, variables: &'a Variables) -> Option<&'a Value> {
        match self {
            Self::Variable(name) => variables.get(name),
            Self::Literal(value) => Some(value),
        }
    }
}

/// The argument of this name on a field of the query.
pub(super) fn given(field: &Field, name: &str) -> Option<Given> {
    let value = field.get_argument(name)?;
    let mut variable = None;
    let literal = value.node.clone().into_const_with(|name| {
        variable = Some(name);
        Ok::<_, ()>(Value::Null)
    });
    match (literal, variable) {
        (Ok(Value::Null), Some(variable)) => Some(Given::Variable(variable)),
        (literal, _) => Some(Given::Literal(literal.unwrap_or_default())),
    }
}

/// One operation of a document, and what it asks.
#[derive(Debug, Clone)]
pub struct Operation {
    name: Option<Name>,
    kind: OperationType,
    root_fields: usize,
    takes_credentials: bool,
    introspects: bool,
    demands: Demands,
    shared_for: Option<Duration>,
    cost: Cost,
    base_cost: u64,
    variables: Vec<Declared>,
}

/// A variable that an operation declares.
#[derive(Debug, Clone)]
struct Declared {
    name: Name,
    default: Option<Value>,
    nullable: bool,
    at: Pos,
}

/// The variables that an operation runs with.
#[derive(Debug)]
pub struct Bound {
    /// Those that the operation declares, with its defaults for what was not given.
    pub variables: Variables,
    /// What the operation costs with them, in objects.
    pub cost: u64,
}

impl Operation {
    pub(super) fn read(
        name: Option<&Name>,
        document: &ExecutableDocument,
        definition: &Positioned<OperationDefinition>,
        index: &SchemaIndex,
        rules: &AccessRules,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let operation = &definition.node;
        let root = index.root(operation.ty);
        let mut fields = Vec::new();
        collect(document, &operation.selection_set.node, &mut fields);
        let introspects = fields.iter().any(|field| matches!(field.node.name.node.as_str(), "__schema" | "__type"));
        if introspects {
            check_introspection(document, operation, index, &fields)?;
        }
        fields.retain(|field| field.node.name.node != "__typename");
        let takes_credentials = fields.iter().any(|field| {
            root.and_then(|root| index.field(root, &field.node.name.node))
                .is_some_and(|entry| entry.directive("credential").is_some())
        });
        if writes(operation.ty) {
            check_mutation(&fields, limits)?;
        }
        if takes_credentials && fields.len() > 1 {
            return Err(Refusal::CredentialsNotAlone);
        }
        let variables = operation.variable_definitions.iter().map(|variable| Declared {
            name: variable.node.name.node.clone(),
            default: variable.node.default_value.as_ref().map(|value| value.node.clone()),
            nullable: variable.node.var_type.node.nullable,
            at: variable.pos,
        });
        let demands = Demands::collect(document, operation, index, rules);
        let shared_for = sharing::of(document, operation, index).filter(|_| demands.all_public());
        Ok(Self {
            name: name.cloned(),
            kind: operation.ty,
            root_fields: fields.len(),
            takes_credentials,
            introspects,
            base_cost: base_cost(&fields, root, index),
            demands,
            shared_for,
            cost: Cost::of(document, operation, index),
            variables: variables.collect(),
        })
    }

    /// Its name, where it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(Name::as_str)
    }

    /// Whether it is a query, a mutation or a subscription.
    pub const fn kind(&self) -> OperationType {
        self.kind
    }

    /// How many fields stand at its root once its fragments are expanded, `__typename` left out. A mutation
    /// with an idempotency key may have one.
    pub const fn root_fields(&self) -> usize {
        self.root_fields
    }

    /// Whether its only root field takes credentials.
    pub const fn takes_credentials(&self) -> bool {
        self.takes_credentials
    }

    /// Whether it asks for the schema.
    pub const fn introspects(&self) -> bool {
        self.introspects
    }

    /// What it costs beside the objects that it answers with: writes, and introspection. Never more than it was
    /// held to cost.
    pub const fn base_cost(&self) -> u64 {
        self.base_cost
    }

    /// What it asks of its caller.
    pub const fn demands(&self) -> &Demands {
        &self.demands
    }

    /// How long its answer to one visitor may be told to all others; `None` where it may not.
    pub const fn shared_for(&self) -> Option<Duration> {
        self.shared_for
    }

    /// Holds it against a caller, before anything runs.
    ///
    /// # Errors
    /// The first field that the caller may not ask for.
    pub fn check_access(&self, caller: &dyn Caller) -> Result<(), Denial> {
        self.demands.check(caller)
    }

    /// Binds the variables of a request: fills in the operation's defaults (the engine's own `@skip` and
    /// `@include` don't), leaves out what it does not declare, and works out the cost.
    ///
    /// # Errors
    /// Where one that may not be null has no value, a list is too long, a page too large, or the operation too
    /// costly with them.
    pub fn bind(&self, given: &Variables, limits: &Limits) -> Result<Bound, Refusal> {
        let mut variables = Variables::default();
        for Declared { name, default, nullable, at } in &self.variables {
            match given.get(name).or(default.as_ref()) {
                None | Some(Value::Null) if !nullable => return Err(Refusal::VariableMissing { at: *at }),
                None => {}
                Some(value) => {
                    check_value(value, limits)?;
                    variables.insert(name.clone(), value.clone());
                }
            }
        }
        let cost = self.cost.with(&variables, limits)?;
        if cost > limits.cost {
            return Err(Refusal::TooCostly { cost, limit: limits.cost });
        }
        Ok(Bound { variables, cost })
    }
}

/// The fields at the root, fragments expanded.
fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, fields: &mut Vec<&'a Positioned<Field>>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(field),
            Selection::InlineFragment(fragment) => collect(document, &fragment.node.selection_set.node, fields),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}

/// The weights of its root fields, without the one of the object that each answers with.
fn base_cost(fields: &[&Positioned<Field>], root: Option<TypeId>, index: &SchemaIndex) -> u64 {
    let entries = fields.iter().filter_map(|field| index.field(root?, &field.node.name.node));
    let base = entries.map(|entry| {
        let ty = index.get(entry.ty.named);
        let counted = ty.kind.is_composite() && !ty.is_introspection();
        entry.weight.saturating_sub(u64::from(counted))
    });
    base.fold(0, u64::saturating_add)
}

fn check_mutation(fields: &[&Positioned<Field>], limits: &Limits) -> Result<(), Refusal> {
    if fields.len() > limits.root_mutation_fields {
        return Err(Refusal::TooManyRootFields { limit: limits.root_mutation_fields });
    }
    let mut keys = HashSet::new();
    match fields.iter().find(|field| !keys.insert(field.node.response_key().node.as_str())) {
        Some(again) => Err(Refusal::RepeatedMutation { at: again.pos }),
        None => Ok(()),
    }
}

fn check_introspection(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    index: &SchemaIndex,
    fields: &[&Positioned<Field>],
) -> Result<(), Refusal> {
    let whole = fields.iter().filter(|field| field.node.name.node == "__schema").count();
    let Some(root) = index.root(operation.ty) else { return Ok(()) };
    if whole > 1 || lists(document, index, &operation.selection_set.node, root) > INTROSPECTION_LISTS {
        return Err(Refusal::IntrospectionTooDeep);
    }
    Ok(())
}

/// How many of introspection's lists of fields and types stand in one another at most.
fn lists(document: &ExecutableDocument, index: &SchemaIndex, set: &SelectionSet, on: TypeId) -> usize {
    let type_named = |name: &str| index.type_named(name).map(|entry| entry.id);
    let below = set.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            let Some(entry) = index.field(on, name) else { return 0 };
            let counts = *index.get(on).name == *"__Type"
                && matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes");
            usize::from(counts) + lists(document, index, &field.node.selection_set.node, entry.ty.named)
        }
        Selection::InlineFragment(fragment) => {
            let on = match &fragment.node.type_condition {
                None => Some(on),
                Some(condition) => type_named(&condition.node.on.node),
            };
            on.map_or(0, |on| lists(document, index, &fragment.node.selection_set.node, on))
        }
        Selection::FragmentSpread(spread) => match document.fragments.get(&spread.node.fragment_name.node) {
            None => 0,
            Some(fragment) => type_named(&fragment.node.type_condition.node.on.node)
                .map_or(0, |on| lists(document, index, &fragment.node.selection_set.node, on)),
        },
    });
    below.max().unwrap_or(0)
}

/// Refuses lists that are too long and texts that can't be kept, anywhere in a value.
fn check_value(value: &Value, limits: &Limits) -> Result<(), Refusal> {
    match value {
        Value::List(items) if items.len() > limits.input_list => {
            Err(Refusal::InputListTooLong { limit: limits.input_list })
        }
        Value::List(items) => items.iter().try_for_each(|item| check_value(item, limits)),
        Value::Object(fields) => fields.values().try_for_each(|value| check_value(value, limits)),
        Value::String(text) if text.contains('\0') => Err(Refusal::NulInText),
        _ => Ok(()),
    }
}

/// Refuses lists that are too long and texts that can't be kept, in the arguments that stand in the text.
pub(super) fn check_literals(document: &ExecutableDocument, limits: &Limits) -> Result<(), Refusal> {
    fn set(selections: &SelectionSet, limits: &Limits) -> Result<(), Refusal> {
        for selection in &selections.items {
            let inner = match &selection.node {
                Selection::Field(field) => {
                    for (_, value) in &field.node.arguments {
                        let literal = value.node.clone().into_const_with(|_| Ok::<_, ()>(Value::Null));
                        check_value(&literal.unwrap_or_default(), limits)?;
                    }
                    &field.node.selection_set.node
                }
                Selection::InlineFragment(fragment) => &fragment.node.selection_set.node,
                Selection::FragmentSpread(_) => continue,
            };
            set(inner, limits)?;
        }
        Ok(())
    }
    for (_, operation) in document.operations.iter() {
        set(&operation.node.selection_set.node, limits)?;
    }
    document.fragments.values().try_for_each(|fragment| set(&fragment.node.selection_set.node, limits))
}
