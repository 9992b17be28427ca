use super::*;

const SDL: &str = r#"
"A node"
interface Node { id: ID! }
type Product implements Node { id: ID! @public tags(first: Int! = 20, of: [String!]): [[String!]]! @cost(weight: 2, listSize: 4) }
type Shop implements Node { id: ID! }
union Thing = Product | Shop
input Filter { tag: String = "a" }
enum Color { RED }
scalar Decimal
type Query { node(id: ID!): Node @public thing(filter: Filter): Thing color: Color price: Decimal }
directive @public on FIELD_DEFINITION
directive @cost(weight: Int! = 1, listSize: Int) repeatable on FIELD_DEFINITION
schema { query: Query }
"#;

#[test]
fn types_fields_and_directives_are_found_by_name() {
    let index = SchemaIndex::read(SDL).unwrap();
    let product = index.type_named("Product").unwrap();
    let tags = index.field(product.id, "tags").unwrap();
    assert_eq!(&*tags.ty.nullable, [false, true, false]);
    assert_eq!(tags.ty.lists(), 2);
    assert_eq!(&*index.get(tags.ty.named).name, "String");
    assert_eq!(tags.argument("first").unwrap().default, Some(Value::from(20)));
    assert_eq!(tags.directive("cost").unwrap().argument("listSize"), Some(&Value::from(4)));
    assert!(tags.directive("public").is_none());
    assert_eq!(&*index.type_named("Filter").unwrap().inputs[0].name, "tag");
}

#[test]
fn implementors_and_members_are_known() {
    let index = SchemaIndex::read(SDL).unwrap();
    let id = |name| index.type_named(name).unwrap().id;
    for both in ["Node", "Thing"] {
        assert!(index.is_a(id("Product"), id(both)) && index.is_a(id("Shop"), id(both)));
        assert!(!index.is_a(id("Query"), id(both)));
    }
    assert!(index.is_a(id("Shop"), id("Shop")) && !index.is_a(id("Shop"), id("Product")));
    assert!(index.overlap(id("Node"), id("Thing")) && !index.overlap(id("Query"), id("Thing")));
}

#[test]
fn introspection_is_part_of_the_index() {
    let index = SchemaIndex::read(SDL).unwrap();
    let query = index.root(ast::OperationType::Query).unwrap();
    let schema = index.field(query, "__schema").unwrap();
    assert_eq!(&*index.get(schema.ty.named).name, "__Schema");
    assert!(index.get(schema.ty.named).is_introspection());
    assert!(index.field(query, "__type").is_some());
    let thing = index.type_named("Thing").unwrap().id;
    assert_eq!(&*index.field(thing, "__typename").unwrap().ty.nullable, [false]);
    assert!(index.field(index.type_named("Color").unwrap().id, "__typename").is_none());
    assert_eq!(index.root(ast::OperationType::Mutation), None);
}

#[test]
fn a_broken_schema_is_an_error_at_start() {
    assert!(matches!(SchemaIndex::read("type {"), Err(IndexError::Syntax(_))));
    assert!(
        matches!(SchemaIndex::read("type Query { a: B } schema { query: Query }"), Err(IndexError::UnknownType(name)) if name == "B")
    );
    assert!(matches!(SchemaIndex::read("type Query { a: Int }"), Err(IndexError::NoQueryRoot)));
}
