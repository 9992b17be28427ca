//! Documents made from the schema.

use async_graphql::parser::types::OperationType;
use serde_json::Value;
use stoa::gate::schema_index::{FieldEntry, FieldType, Kind, SchemaIndex, TypeId};

/// How many levels of objects are asked for below the root field.
const DEPTH: usize = 4;

/// Writes the document of a root field: with the arguments that `variables` names, and the fields that
/// need no permission or one that `may` grants.
pub fn document(index: &SchemaIndex, field: &str, variables: &Value, may: &dyn Fn(&str) -> bool) -> String {
    let (word, entry) = [
        ("query", OperationType::Query),
        ("mutation", OperationType::Mutation),
        ("subscription", OperationType::Subscription),
    ]
    .into_iter()
    .find_map(|(word, kind)| Some((word, index.field(index.root(kind)?, field)?)))
    .unwrap_or_else(|| panic!("no root field {field}"));
    let given = variables.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let (mut declared, mut passed) = (Vec::new(), Vec::new());
    for name in given {
        let argument = entry.argument(name).unwrap_or_else(|| panic!("{field} takes no {name}"));
        declared.push(format!("${name}: {}", type_text(index, &argument.ty)));
        passed.push(format!("{name}: ${name}"));
    }
    let list = |items: Vec<String>| if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) };
    let mut writer = Writer { index, may, path: Vec::new() };
    let selection = writer.below(entry, DEPTH, false).unwrap_or_default();
    format!("{word} {}{} {{ {field}{}{selection} }}", capital(field), list(declared), list(passed))
}

fn capital(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

fn type_text(index: &SchemaIndex, ty: &FieldType) -> String {
    let mut text = index.get(ty.named).name.to_string();
    for (level, nullable) in ty.nullable.iter().rev().enumerate() {
        if level > 0 {
            text = format!("[{text}]");
        }
        if !nullable {
            text.push('!');
        }
    }
    text
}

struct Writer<'a> {
    index: &'a SchemaIndex,
    may: &'a dyn Fn(&str) -> bool,
    path: Vec<TypeId>,
}

impl Writer<'_> {
    /// The selection below a field: empty for a leaf, `None` where there is nothing to select.
    fn below(&mut self, field: &FieldEntry, depth: usize, in_list: bool) -> Option<String> {
        let ty = self.index.get(field.ty.named);
        if !ty.kind.is_composite() {
            return Some(String::new());
        }
        let many = field.ty.lists() > 0 || ty.name.ends_with("Connection");
        if depth == 0 || self.path.contains(&ty.id) || (ty.name.ends_with("Connection") && in_list) {
            return None;
        }
        if ty.kind == Kind::Union || (ty.kind == Kind::Interface && ty.possible.len() > 1) {
            let leaves = ty.fields.iter().filter(|field| !self.index.get(field.ty.named).kind.is_composite());
            let names: Vec<&str> = leaves.map(|field| &*field.name).collect();
            return Some(format!(" {{ __typename {} }}", names.join(" ")));
        }
        self.path.push(ty.id);
        let mut parts = Vec::new();
        for field in &ty.fields {
            let demanding =
                field.arguments.iter().any(|argument| !argument.ty.nullable[0] && argument.default.is_none());
            // What a connection shows as `nodes` it shows as `edges` too.
            let twice = &*field.name == "edges" && ty.name.ends_with("Connection");
            if demanding || twice || !self.is_open(field) {
                continue;
            }
            if let Some(selection) = self.below(field, depth - 1, in_list || many) {
                parts.push(format!("{}{selection}", field.name));
            }
        }
        self.path.pop();
        (!parts.is_empty()).then(|| format!(" {{ {} }}", parts.join(" ")))
    }

    /// Whether the caller may ask for it: it has no rule of its own, or one that is met.
    fn is_open(&self, field: &FieldEntry) -> bool {
        let mut rules = field
            .directives
            .iter()
            .filter(|directive| matches!(&*directive.name, "requires" | "public" | "user" | "customer"));
        let mut has_rule = false;
        let met = rules.any(|directive| {
            has_rule = true;
            match directive.argument("permission") {
                Some(async_graphql::Value::Enum(name)) => (self.may)(name.as_str()),
                _ => &*directive.name == "public",
            }
        });
        met || !has_rule
    }
}
