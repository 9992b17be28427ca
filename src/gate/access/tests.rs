use async_graphql::parser::parse_query;
use async_graphql::{EmptySubscription, Interface, Object, SDLExportOptions, Schema, SimpleObject};

use super::*;
use crate::gate::directives::{CacheScope, cache_control, cost, credential, customer, public, requires, user};

#[derive(SimpleObject)]
struct Product {
    id: i32,
    #[graphql(directive = requires::apply(Permission::PricesRead), directive = customer::apply())]
    cost: i32,
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    secret: i64,
}

#[derive(SimpleObject)]
struct Order {
    id: i32,
    secret: i64,
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "&i32"))]
#[graphql(field(name = "secret", ty = "&i64"))]
enum Node {
    Product(Product),
    Order(Order),
}

struct Query;

#[Object]
impl Query {
    #[graphql(
        directive = public::apply(),
        directive = cost::apply(1, Some(4)),
        directive = cache_control::apply(60, CacheScope::Public)
    )]
    async fn products(&self) -> Vec<Product> {
        Vec::new()
    }

    #[graphql(directive = public::apply())]
    async fn node(&self) -> Option<Node> {
        Some(Node::Order(Order { id: 1, secret: 2 }))
    }

    #[graphql(directive = customer::apply())]
    async fn profile(&self) -> i32 {
        1
    }

    #[graphql(directive = user::apply())]
    async fn viewer(&self) -> i32 {
        1
    }

    #[graphql(
        directive = requires::apply(Permission::MembersRead),
        directive = requires::apply(Permission::RolesRead)
    )]
    async fn members(&self) -> i32 {
        1
    }
}

struct Mutation;

#[Object]
impl Mutation {
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn login(&self) -> i32 {
        1
    }
}

fn sdl() -> String {
    Schema::build(Query, Mutation, EmptySubscription).finish().sdl_with_options(SDLExportOptions::new())
}

enum Who {
    Anonymous,
    Customer,
    User(&'static [Permission]),
    /// Holds these in a store, and names none.
    Nowhere(&'static [Permission]),
    Token(&'static [Permission]),
}

impl Caller for Who {
    fn is_user(&self) -> bool {
        matches!(self, Self::User(_) | Self::Nowhere(_))
    }
    fn is_customer(&self) -> bool {
        matches!(self, Self::Customer)
    }
    fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }
    fn may(&self, permission: Permission) -> bool {
        matches!(self, Self::User(permissions) | Self::Token(permissions) if permissions.contains(&permission))
    }
    fn lacks_store_for(&self, permission: Permission) -> bool {
        matches!(self, Self::Nowhere(permissions) if permissions.contains(&permission))
    }
}

fn verdict(query: &str, caller: &Who) -> Result<(), (Reason, String)> {
    let index = SchemaIndex::read(&sdl()).unwrap();
    let rules = AccessRules::read(&index).unwrap();
    let document = parse_query(query).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    walk(&document, &operation.node, &index, &rules, caller).map_err(|denial| (denial.reason, denial.coordinate))
}

fn forbidden(permission: Permission, coordinate: &str) -> Result<(), (Reason, String)> {
    Err((Reason::Forbidden(permission), coordinate.to_owned()))
}

fn unauthenticated(coordinate: &str) -> Result<(), (Reason, String)> {
    Err((Reason::Unauthenticated, coordinate.to_owned()))
}

#[test]
fn the_directives_stand_in_the_sdl() {
    let sdl = sdl();
    for line in [
        "products: [Product!]! @public @cost(weight: 1, listSize: 4) @cacheControl(maxAge: 60, scope: PUBLIC)",
        "cost: Int! @requires(permission: PRICES_READ) @customer",
        "members: Int! @requires(permission: MEMBERS_READ) @requires(permission: ROLES_READ)",
        "viewer: Int! @user",
        "login: Int! @public @credential",
        "directive @requires(permission: Permission!) repeatable on FIELD_DEFINITION",
        "directive @cost(weight: Int! = 1, listSize: Int) on FIELD_DEFINITION",
        "directive @cacheControl(maxAge: Int!, scope: CacheControlScope!) on FIELD_DEFINITION",
        "directive @public on FIELD_DEFINITION",
        "directive @credential on FIELD_DEFINITION",
    ] {
        assert!(sdl.contains(line), "{line}\n{sdl}");
    }
}

#[test]
fn a_root_field_without_a_rule_is_an_error_at_start() {
    let index = SchemaIndex::read(
        "type Query { a: Int @public b: C } type C { d: Int } type Mutation { e: Int @cost(weight: 1) }
         schema { query: Query mutation: Mutation }",
    );
    let missing = AccessRules::read(&index.unwrap()).unwrap_err();
    let coordinates: Vec<_> = missing.iter().map(|missing| missing.coordinate.as_str()).collect();
    assert_eq!(coordinates, ["Query.b", "Mutation.e"]);
}

#[test]
fn a_rule_with_an_unknown_permission_is_an_error_at_start() {
    let index = SchemaIndex::read("type Query { a: Int @requires(permission: FLY) } schema { query: Query }").unwrap();
    let missing = AccessRules::read(&index).unwrap_err();
    assert_eq!(missing[0].unknown_permission.as_deref(), Some("FLY"));
}

#[test]
fn root_fields_ask_for_who_their_directives_name() {
    assert_eq!(verdict("{ products { id } __typename __schema { types { name } } }", &Who::Anonymous), Ok(()));
    assert_eq!(verdict("{ profile }", &Who::Anonymous), unauthenticated("Query.profile"));
    assert_eq!(verdict("{ profile }", &Who::Customer), Ok(()));
    assert_eq!(verdict("{ profile }", &Who::User(&[])), unauthenticated("Query.profile"));
    assert_eq!(verdict("{ viewer }", &Who::User(&[])), Ok(()));
    assert_eq!(verdict("{ viewer }", &Who::Customer), unauthenticated("Query.viewer"));
    assert_eq!(verdict("{ members }", &Who::Anonymous), unauthenticated("Query.members"));
    assert_eq!(verdict("{ members }", &Who::User(&[])), forbidden(Permission::MembersRead, "Query.members"));
    assert_eq!(verdict("{ members }", &Who::Token(&[Permission::RolesRead])), Ok(()));
    assert_eq!(verdict("mutation { login }", &Who::Anonymous), Ok(()));
}

#[test]
fn a_field_inherits_its_parents_rule_unless_it_has_its_own() {
    assert_eq!(verdict("{ products { id cost } }", &Who::Anonymous), unauthenticated("Product.cost"));
    assert_eq!(verdict("{ products { id cost } }", &Who::User(&[])), forbidden(Permission::PricesRead, "Product.cost"));
    assert_eq!(verdict("{ products { cost } }", &Who::Customer), Ok(()));
    assert_eq!(verdict("{ products { cost } }", &Who::Token(&[Permission::PricesRead])), Ok(()));
}

#[test]
fn nothing_hides_a_denied_field() {
    let denied = forbidden(Permission::InventoryRead, "Product.secret");
    for query in [
        "{ products { id: secret } }",
        "{ products { ... { ... on Product { secret } } } }",
        "{ ...a } fragment a on Query { products { ...b } } fragment b on Product { secret }",
        "{ products { secret @skip(if: true) } }",
        "query($no: Boolean = false) { products @include(if: $no) { ... @include(if: $no) { secret } } }",
        "{ node { ... on Product { secret } } }",
    ] {
        assert_eq!(verdict(query, &Who::Customer), denied, "{query}");
    }
}

#[test]
fn a_field_behind_an_interface_asks_what_every_implementor_asks() {
    assert_eq!(verdict("{ node { id } }", &Who::Anonymous), Ok(()));
    let denied = forbidden(Permission::InventoryRead, "Node.secret");
    assert_eq!(verdict("{ node { secret } }", &Who::User(&[])), denied);
    assert_eq!(verdict("{ node { ...n } } fragment n on Node { x: secret }", &Who::User(&[])), denied);
    assert_eq!(verdict("{ node { secret } }", &Who::User(&[Permission::InventoryRead])), Ok(()));
    assert_eq!(verdict("{ node { ... on Order { secret } } }", &Who::Anonymous), Ok(()));
}

#[test]
fn a_denial_is_an_error_with_a_code_clients_know() {
    let denial =
        Denial { reason: Reason::Forbidden(Permission::PricesRead), coordinate: "A.b".into(), at: Pos::default() };
    let error = serde_json::to_value(denial.to_error()).unwrap();
    assert_eq!(error["extensions"], serde_json::json!({ "code": "FORBIDDEN", "permission": "PRICES_READ" }));
    let error = serde_json::to_value(Denial { reason: Reason::Unauthenticated, ..denial }.to_error()).unwrap();
    assert_eq!(error["extensions"], serde_json::json!({ "code": "UNAUTHENTICATED" }));
}

#[test]
fn attack_g08_the_walk_visits_each_fragment_once() {
    let mut query = String::from("{ ...f0 }");
    for n in 0..30 {
        query.push_str(&format!(" fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1));
    }
    query.push_str(" fragment f30 on Query { viewer }");
    assert_eq!(verdict(&query, &Who::Anonymous), unauthenticated("Query.viewer"));
}

#[test]
fn who_only_forgot_the_store_is_told_to_name_one() {
    const HELD: &[Permission] = &[Permission::InventoryRead];
    let query = "{ products { secret } }";
    let coordinate = || "Product.secret".to_owned();
    assert_eq!(verdict(query, &Who::Nowhere(HELD)), Err((Reason::StoreRequired, coordinate())));
    let lacking = Err((Reason::Forbidden(Permission::InventoryRead), coordinate()));
    assert_eq!(verdict(query, &Who::Nowhere(&[])), lacking);
    assert_eq!(verdict(query, &Who::User(&[])), lacking);
}
