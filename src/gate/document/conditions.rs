//! Variables that the engine's own validation may not see: where one is not given, its declaration is left
//! out with what it would have filled (see `absent`). What a declaration says is checked here, always.

use std::collections::HashSet;

use async_graphql::parser::types::{BaseType, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type};
use async_graphql::{Name, Value};
use async_graphql_value::Value as InputValue;

use crate::gate::schema_index::{Kind, SchemaIndex};
use crate::http::guard::Refusal;

/// Refuses variables of a type that can't be given, and conditions that may be null: `@skip` and `@include`
/// take `Boolean!`, and so a variable with a default, or one that must be given.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    index: &SchemaIndex,
) -> Result<(), Refusal> {
    let mut optional = HashSet::new();
    for variable in &operation.variable_definitions {
        let declared = &variable.node;
        let ty = index.type_named(named(&declared.var_type.node));
        if !ty.is_some_and(|ty| matches!(ty.kind, Kind::Scalar | Kind::Enum | Kind::InputObject)) {
            return Err(Refusal::UnknownVariableType { at: variable.pos });
        }
        let default = declared.default_value.as_ref().map(|value| &value.node);
        if declared.var_type.node.nullable && matches!(default, None | Some(Value::Null)) {
            optional.insert(declared.name.node.clone());
        }
    }
    if optional.is_empty() {
        return Ok(());
    }
    let mut walk = Walk { document, optional, walked: HashSet::new() };
    walk.set(&operation.selection_set.node)
}

/// The named type in the middle of lists.
fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    optional: HashSet<Name>,
    walked: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<(), Refusal> {
        for selection in &set.items {
            for directive in selection.node.directives() {
                if !matches!(directive.node.name.node.as_str(), "skip" | "include") {
                    continue;
                }
                let given = directive.node.arguments.iter().map(|(_, value)| &value.node);
                if given
                    .into_iter()
                    .any(|value| matches!(value, InputValue::Variable(name) if self.optional.contains(name)))
                {
                    return Err(Refusal::ConditionMayBeNull { at: directive.pos });
                }
            }
            match &selection.node {
                Selection::Field(field) => self.set(&field.node.selection_set.node)?,
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.walked.insert(name)
                    {
                        self.set(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }
}
