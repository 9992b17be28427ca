use async_graphql::{Value, value};

use super::*;

const SDL: &str = r#"
interface Node { id: ID! }
type Image { url: String! }
type Price { amount: String! }
type Variant implements Node {
  id: ID!
  prices: [Price!]! @cost(weight: 1, listSize: 3)
  similar(first: Int, last: Int): VariantConnection!
}
type VariantConnection { nodes: [Variant!]! }
type Edge { node: Product! }
type Product implements Node {
  id: ID!
  title: String!
  variants: [Variant!]! @cost(weight: 1, listSize: 4)
  images: [Image!]! @cost(weight: 1, listSize: 4)
  options: [Price!]!
  related(first: Int = 20, last: Int): ProductConnection!
  stock: Int! @cost(weight: 5)
}
type ProductConnection { nodes: [Product!]! edges: [Edge!]! totalCount: Int! @cost(weight: 10) pageInfo: PageInfo! }
type PageInfo { hasNextPage: Boolean! }
union Thing = Product | Variant
type Query {
  n: Int @public
  m(x: [Int!]): Int @public
  q: Query @public
  node(id: ID!): Node @public
  nodes(ids: [ID!]!): [Node]! @public
  thing: Thing @public
  product: Product @public
  products(first: Int, last: Int): ProductConnection @public
}
type Payload { ok: Boolean! }
type Mutation {
  login(password: String!): Payload @public @credential
  set(x: Int): Payload @public
}
schema { query: Query mutation: Mutation }
"#;

const INTROSPECTION: &str = r#"
query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind }
  subscriptionType { name kind } types { ...FullType }
  directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }
"#;

fn prepare(text: &str) -> Result<Document, Refusal> {
    let index = SchemaIndex::read(SDL).unwrap();
    let rules = AccessRules::read(&index).unwrap();
    Document::prepare(text, &index, &rules, &Limits::default())
}

fn refused(text: &str) -> &'static str {
    prepare(text).map_or_else(|refusal| refusal.reason(), |_| "ACCEPTED")
}

fn cost_with(text: &str, variables: Value) -> Result<u64, Refusal> {
    let document = prepare(text)?;
    let operation = document.operation(None)?;
    let variables = Variables::from_value(variables);
    operation.bind(&variables, &Limits::default()).map(|bound| bound.cost)
}

fn cost(text: &str) -> Result<u64, Refusal> {
    cost_with(text, value!({}))
}

#[test]
fn the_standard_introspection_query_passes() {
    let document = prepare(INTROSPECTION).unwrap();
    assert!(document.operation(None).unwrap().introspects());
    assert_eq!(cost(INTROSPECTION), Ok(1_000), "as a whole, since its lists are as long as the schema is");
    assert_eq!(cost(r#"{ __type(name: "Query") { fields { name } } }"#), Ok(50));
}

#[test]
fn attack_g01_credentials_stand_alone() {
    assert_eq!(refused(r#"mutation { login(password: "a") { ok } }"#), "ACCEPTED");
    assert_eq!(refused(r#"mutation { __typename login(password: "a") { ok } }"#), "ACCEPTED");
    let twice = r#"mutation { a: login(password: "a") { ok } b: login(password: "b") { ok } }"#;
    assert_eq!(refused(twice), "CREDENTIALS_NOT_ALONE");
    assert_eq!(refused(r#"mutation { login(password: "a") { ok } set { ok } }"#), "CREDENTIALS_NOT_ALONE");
    let spread = r#"mutation { ...f a: login(password: "a") { ok } } fragment f on Mutation { set { ok } }"#;
    assert_eq!(refused(spread), "CREDENTIALS_NOT_ALONE");
    let sets = |n: usize| (0..n).map(|n| format!("a{n}: set {{ ok }} ")).collect::<String>();
    assert_eq!(refused(&format!("mutation {{ {} }}", sets(4))), "ACCEPTED");
    assert_eq!(refused(&format!("mutation {{ {} }}", sets(5))), "TOO_MANY_ROOT_FIELDS");
}

#[test]
fn a_mutation_never_runs_twice_under_one_key() {
    assert_eq!(refused("mutation { set { ok } set { ok } }"), "REPEATED_MUTATION");
    assert_eq!(
        refused("mutation { set { ok } ...f } fragment f on Mutation { ... { set { ok } } }"),
        "REPEATED_MUTATION"
    );
    assert_eq!(refused("mutation { ...f ...f } fragment f on Mutation { set { ok } }"), "REPEATED_MUTATION");
    assert_eq!(refused("mutation { a: set(x: 1) { ok } b: set(x: 2) { ok } }"), "ACCEPTED");
}

#[test]
fn attack_g02_the_same_field_a_thousand_times_is_refused() {
    assert_eq!(refused(&format!("{{ {} }}", "n ".repeat(1_000))), "TOO_MANY_SELECTIONS");
    assert_eq!(refused(&format!("{{ {} }}", "n ".repeat(999))), "ACCEPTED");
}

#[test]
fn attack_g04_circles_of_introspection_are_refused() {
    let circle = |times: usize| {
        let (open, close) = ("{ fields { type ".repeat(times), " } }".repeat(times));
        format!("{{ __schema {{ types {open}{{ name }}{close} }} }}")
    };
    assert_eq!(refused(&circle(2)), "ACCEPTED");
    assert_eq!(refused(&circle(3)), "INTROSPECTION_TOO_DEEP");
    assert_eq!(refused(&circle(4)), "INTROSPECTION_TOO_DEEP");
    let hidden = r#"{ __type(name: "A") { ...a } } fragment a on __Type { possibleTypes { ...b } }
        fragment b on __Type { ... { interfaces { inputFields { name } } } }"#;
    assert_eq!(refused(hidden), "INTROSPECTION_TOO_DEEP");
    assert_eq!(refused("{ a: __schema { types { name } } b: __schema { types { name } } }"), "INTROSPECTION_TOO_DEEP");
}

#[test]
fn attack_g07_circles_of_fragments_are_refused() {
    for text in [
        "{ ...a } fragment a on Query { n ...b } fragment b on Query { ...a }",
        "{ ...a } fragment a on Query { ...a }",
        "{ n } fragment a on Query { q { ...b } } fragment b on Query { q { ...a } }",
        "{ ...a } fragment a on Query { q { ... { ...a } } }",
    ] {
        assert_eq!(refused(text), "FRAGMENT_CYCLE", "{text}");
    }
}

fn fan_out(levels: usize, spreads: usize) -> String {
    let mut text = String::from("{ ...f0 }");
    for level in 0..levels {
        let spread = format!("...f{} ", level + 1);
        text.push_str(&format!(" fragment f{level} on Query {{ {} }}", spread.repeat(spreads)));
    }
    text.push_str(&format!(" fragment f{levels} on Query {{ n }}"));
    text
}

#[test]
fn attack_g08_fragments_that_fan_out_are_refused() {
    for (levels, spreads) in [(12, 2), (24, 2), (30, 2), (5, 30)] {
        assert_eq!(refused(&fan_out(levels, spreads)), "TOO_MANY_SELECTIONS", "{spreads}^{levels}");
    }
    // As many, but no operation uses them.
    let unused = fan_out(30, 2).replacen("{ ...f0 }", "{ n }", 1);
    assert_eq!(refused(&unused), "TOO_MANY_SELECTIONS");
}

#[test]
fn attack_g08_a_chain_where_each_spreads_all_later_ones_is_refused() {
    let mut text = String::from("{ ...f0 }");
    for level in 0..24 {
        let later: String = (level + 1..=24).map(|later| format!("...f{later} ")).collect();
        text.push_str(&format!(" fragment f{level} on Query {{ {later} }}"));
    }
    text.push_str(" fragment f24 on Query { n }");
    assert_eq!(refused(&text), "TOO_MANY_SELECTIONS");
}

#[test]
fn a_chain_of_fragments_that_nests_too_deep_is_refused() {
    assert_eq!(refused(&fan_out(50, 1)), "NESTED_TOO_DEEP");
    // Walked from the far end first, the parts are known before the whole is met.
    let mut far_end_first = String::from("{ n ");
    (0..=41).rev().for_each(|level| far_end_first.push_str(&format!("...f{level} ")));
    assert_eq!(refused(&fan_out(41, 1).replacen("{ ...f0", &far_end_first, 1)), "NESTED_TOO_DEEP");
}

#[test]
fn attack_g09_what_is_unused_stays_within_the_limits() {
    let variables: String = (0..1_000).map(|n| format!("$v{n}: Int ")).collect();
    assert_eq!(refused(&format!("query({variables}) {{ n }}")), "TOO_MANY_TOKENS");
    let fields: String = (0..1_000).map(|n| format!("x{n} ")).collect();
    assert_eq!(refused(&format!("{{ {fields} }}")), "TOO_MANY_SELECTIONS");
}

#[test]
fn fields_inside_fields_are_counted_through_fragments() {
    let nest = |levels: usize| format!("{{ {} n {} }}", "q { ".repeat(levels), "}".repeat(levels));
    assert_eq!(refused(&nest(14)), "ACCEPTED");
    assert_eq!(refused(&nest(15)), "TOO_DEEP");
    let hidden = format!("{} fragment f on Query {}", nest(10).replace('n', "...f"), nest(5));
    assert_eq!(refused(&hidden), "TOO_DEEP");
}

#[test]
fn attack_g16_pages_are_held_to_their_size_before_anything_runs() {
    let too_large = Err(Refusal::PageTooLarge { limit: 100 });
    assert_eq!(cost("{ products(first: 101) { nodes { id } } }"), too_large);
    assert_eq!(cost("{ products(last: 2147483648) { nodes { id } } }"), too_large);
    let text = "query($n: Int = 101) { products(first: $n) { nodes { id } } }";
    assert_eq!(cost(text), too_large);
    assert_eq!(cost_with(text, value!({ "n": 101 })), too_large);
    assert_eq!(cost_with(text, value!({ "n": 100 })), Ok(101));
    assert_eq!(cost_with(text, value!({ "n": null })), Ok(21));
}

#[test]
fn attack_g17_nested_connections_multiply() {
    let listing = "{ products(first: 100) { nodes { id title variants { id prices { amount } } images { url } } } }";
    assert_eq!(cost(listing), Ok(1 + 100 * (1 + 4 * (1 + 3) + 4)));
    let edges = "{ products(first: 100) { edges { node { variants { prices { amount } } images { url } } } } }";
    assert_eq!(cost(edges), Ok(1 + 100 * (1 + 1 + 16 + 4)));
    let cube =
        "{ products(first: 100) { nodes { related(first: 100) { nodes { related(first: 100) { nodes { id } } } } } } }";
    assert!(matches!(cost(cube), Err(Refusal::TooCostly { cost: 1_000_000.., limit: 10_000 })));
    let by_variable = "query($n: Int!) { products(first: $n) { nodes { ...p } } }
        fragment p on Product { related(last: $n) { nodes { related(first: $n) { nodes { id } } } } }";
    assert_eq!(cost_with(by_variable, value!({ "n": 100 })).map_err(|refusal| refusal.reason()), Err("TOO_COSTLY"));
    assert_eq!(cost_with(by_variable, value!({ "n": 2 })), Ok(1 + 2 * (1 + 1 + 2 * (1 + 1 + 2))));
}

#[test]
fn a_list_is_as_long_as_the_schema_or_the_input_says() {
    assert_eq!(cost("{ product { options { amount } } }"), Ok(2));
    assert_eq!(cost("{ product { stock } }"), Ok(6));
    assert_eq!(
        cost("{ product { related { nodes { id } totalCount pageInfo { hasNextPage } } } }"),
        Ok(1 + 1 + 20 + 10 + 1)
    );
    assert_eq!(cost(r#"{ nodes(ids: ["a", "b", "c"]) { id } }"#), Ok(3));
    assert_eq!(cost_with("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", value!({ "ids": ["a", "b"] })), Ok(2));
    assert_eq!(cost("{ n }"), Ok(0));
}

#[test]
fn attack_g18_long_lists_are_refused_in_the_text_and_in_variables() {
    let list = "1 ".repeat(251);
    assert_eq!(refused(&format!("{{ m(x: [{list}]) }}")), "INPUT_LIST_TOO_LONG");
    let long = Value::List(vec![Value::from(1); 251]);
    let given = value!({ "x": long });
    let refusal = cost_with("query($x: [Int!]) { m(x: $x) }", given).unwrap_err();
    assert_eq!(refusal, Refusal::InputListTooLong { limit: 250 });
}

#[test]
fn attack_g22_syntax_errors_repeat_nothing() {
    let refusal = prepare("mutation { login(password: \"hunter2\" ; ) }").unwrap_err();
    assert_eq!((refusal.code(), refusal.locations().len()), ("GRAPHQL_PARSE_FAILED", 1));
    assert!(!format!("{refusal:?} {refusal} {:?}", refusal.to_error()).contains("hunter2"));
    assert_eq!(refused(""), "SYNTAX_ERROR");
    assert_eq!(refused("fragment f on Query { n }"), "NO_OPERATION");
    assert_eq!(refused("query a { n } query a { n }"), "REPEATED_DEFINITION");
    assert_eq!(refused("{ n } query a { n }"), "ANONYMOUS_NOT_ALONE");
}

#[test]
fn aliases_that_could_pass_for_the_servers_own_names_are_refused() {
    assert_eq!(refused("{ __stoa_typename: n }"), "RESERVED_ALIAS");
    assert_eq!(refused("{ node(id: 1) { __typename: id } }"), "RESERVED_ALIAS");
    assert_eq!(refused("{ ...f } fragment f on Query { __x: n }"), "RESERVED_ALIAS");
    assert_eq!(refused("{ node(id: 1) { __typename t: __typename } }"), "ACCEPTED");
}

#[test]
fn two_things_under_one_key_are_refused() {
    for text in [
        "{ a: n a: product { id } }",
        "{ a: m(x: [1]) ... { a: m(x: [2]) } }",
        "{ product { id } ...f } fragment f on Query { product { id: title } }",
        "{ thing { ... on Product { x: title } ... on Variant { x: prices { amount } } } }",
        "{ node(id: 1) { x: id ... on Product { x: title } } }",
    ] {
        assert_eq!(refused(text), "CONFLICTING_SELECTIONS", "{text}");
    }
    assert_eq!(refused("{ thing { ... on Product { x: id } ... on Variant { x: id } } }"), "ACCEPTED");
    assert_eq!(refused("{ product { id } product { id title } }"), "ACCEPTED");
}

#[test]
fn operations_are_chosen_by_name() {
    let document = prepare("query a { n } query b { n }").unwrap();
    assert_eq!(document.operation(Some("b")).unwrap().name(), Some("b"));
    assert_eq!(document.operation(None).unwrap_err().reason(), "OPERATION_NAME_REQUIRED");
    assert_eq!(document.operation(Some("c")).unwrap_err().reason(), "UNKNOWN_OPERATION");
    let document = prepare("{ n }").unwrap();
    assert_eq!(document.operation(Some("a")).unwrap_err().reason(), "UNKNOWN_OPERATION");
    assert_eq!(document.operation(None).unwrap().kind(), OperationType::Query);
}

#[test]
fn binding_fills_defaults_in_and_leaves_strangers_out() {
    let document = prepare("query($a: Boolean = true, $b: Int) { n @skip(if: $a) m(x: [$b]) }").unwrap();
    let given = Variables::from_value(value!({ "stranger": 1 }));
    let bound = document.operation(None).unwrap().bind(&given, &Limits::default()).unwrap();
    assert_eq!(bound.variables, Variables::from_value(value!({ "a": true })));
}

#[test]
fn a_variable_that_must_have_a_value_is_asked_for_before_anything_runs() {
    let bind = |text: &str, given: Value| {
        let document = prepare(text).unwrap();
        let given = Variables::from_value(given);
        document.operation(None).unwrap().bind(&given, &Limits::default()).map(drop).map_err(|refusal| refusal.reason())
    };
    let text = "mutation($x: Int!) { a: set { ok } set(x: $x) { ok } }";
    assert_eq!(bind(text, value!({})), Err("VARIABLE_MISSING"));
    assert_eq!(bind(text, value!({ "x": null })), Err("VARIABLE_MISSING"));
    assert_eq!(bind(text, value!({ "x": 1 })), Ok(()));
    assert_eq!(bind("query($x: Int! = 1) { n }", value!({})), Ok(()));
}

#[test]
fn a_document_may_be_kept_and_shared() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Document>();
}

#[test]
fn interfaces_and_unions_carry_their_private_type_name() {
    let printed = |text: &str| format!("{:?}", prepare(text).unwrap().executable()).matches(PRIVATE_TYPENAME).count();
    assert_eq!(printed("{ node(id: 1) { id } thing { ... on Product { id } } product { id } }"), 2);
    assert_eq!(printed("{ product { id } }"), 0);
    assert_eq!(printed("{ product { id } product { title } }"), 2);
    assert_eq!(printed("{ product { id @skip(if: true) } }"), 1);
}

proptest::proptest! {
    // Whatever comes in, something comes out: no panic, no endless recursion.
    #[test]
    fn no_soup_of_tokens_breaks_the_gate(tokens in proptest::collection::vec(proptest::sample::select(SOUP), 0..200)) {
        let text = tokens.concat();
        if let Ok(document) = prepare(&text) {
            for operation in document.operations() {
                let _ = operation.bind(&Variables::default(), &Limits::default());
            }
        }
        let _ = prepare(&format!("{{ q {{ {text} }} }}"));
        let _ = prepare(&format!("{{ m(x: [{text}]) }}"));
    }
}

const SOUP: &[&str] = &[
    "{ ",
    "} ",
    "( ",
    ") ",
    "[ ",
    "] ",
    ": ",
    "... ",
    "on ",
    "@skip(if: true) ",
    "$v ",
    "\"",
    "\"\"\"",
    "\\",
    "\n",
    "# ",
    "n ",
    "q ",
    "product ",
    "node(id: 1) ",
    "query ",
    "mutation ",
    "fragment f on Query ",
    "...f ",
    "Product ",
    "1 ",
    "é",
    "products(first: 3) ",
    "nodes ",
    "id ",
    "a: ",
    "__typename ",
    "!",
    "= ",
];

#[test]
fn attack_h09_nul_in_a_literal_is_refused() {
    for query in [r#"{ a(text: "x\u0000y") { id } }"#, r#"{ a(list: [{ text: "\u0000" }]) { id } }"#] {
        let document = parse_query(query).expect("a document that parses");
        assert_eq!(operation::check_literals(&document, &Limits::default()), Err(Refusal::NulInText));
    }
}

#[test]
fn a_variable_without_a_value_is_left_out_with_what_it_would_have_filled() {
    let text =
        "query($a: Int, $b: [Int!], $c: Int) { products(first: $a) { nodes { id } } m(x: $b) again: m(x: [$c]) }";
    let document = prepare(text).unwrap();
    let operation = document.operation(None).unwrap();
    let bound = operation.bind(&Variables::from_value(value!({ "b": null })), &Limits::default()).unwrap();
    let mut request = document.request(operation, bound.variables);
    let left = format!("{:?}", request.parsed_query().unwrap());
    assert!(!left.contains("Name(\"a\")") && !left.contains("\"first\""), "absent: {left}");
    // An explicit null is a value, and an element of a list keeps its place.
    assert!(left.contains("\"b\"") && left.contains("\"c\""), "given: {left}");
}

#[test]
fn attack_g25_a_condition_that_may_be_null_is_refused_wherever_it_stands() {
    for text in [
        "query($c: Boolean) { n @skip(if: $c) }",
        "query($c: Boolean = null) { n @include(if: $c) }",
        "query($c: Boolean) { q { ... @skip(if: $c) { n } } }",
        "query($c: Boolean) { q { ...N @include(if: $c) } } fragment N on Query { n }",
        "query($c: Boolean) { q { ...N } } fragment N on Query { q { n @skip(if: $c) } }",
        "mutation($c: Boolean) { set(x: 1) @skip(if: $c) { ok } }",
    ] {
        assert_eq!(refused(text), "CONDITION_MAY_BE_NULL", "{text}");
    }
    for text in [
        "query($c: Boolean!) { n @skip(if: $c) }",
        "query($c: Boolean = false) { n @skip(if: $c) }",
        "query($c: Boolean, $x: Int) { m(x: [$x]) n @skip(if: true) }",
    ] {
        assert_eq!(refused(text), "ACCEPTED", "{text}");
    }
}

#[test]
fn attack_g21_a_variable_of_no_known_type_is_refused_whether_it_is_given_or_not() {
    for ty in ["Strin", "[Strin!]", "Product", "Node", "Thing", "[[Payload]]"] {
        let text = format!("query($x: {ty}) {{ n }}");
        assert_eq!(refused(&text), "UNKNOWN_VARIABLE_TYPE", "{ty}");
    }
    for ty in ["String", "[Int!]!", "ID", "Boolean", "Float"] {
        assert_eq!(refused(&format!("query($x: {ty}) {{ n }}")), "ACCEPTED", "{ty}");
    }
}
