use super::*;

fn scan(text: &str) -> Result<(), Refusal> {
    Guard::scan(text, &Limits::default())
}

fn repeated(before: &str, times: usize, after: &str) -> String {
    format!("{}1{}", before.repeat(times), after.repeat(times))
}

#[test]
fn an_ordinary_query_is_counted_exactly() {
    let text = r#"
        # a comment { { { : @ "
        query Listing($first: Int = 20, $ids: [ID!]!) @live {
            products(first: $first, filter: { tags: ["a:b", """c " { """] }) { nodes { ...Card, name: title @include(if: true) } }
        }
        fragment Card on Product { id ... { handle } }
        query query { fragment }
    "#;
    let guard = Guard::count(text, &Limits::default()).unwrap();
    assert_eq!((guard.operations, guard.fragments, guard.aliases), (2, 1, 1));
    assert_eq!((guard.directives, guard.spreads), (2, 2));
}

#[test]
fn attack_g01_a_hundred_and_one_aliases_are_refused() {
    let fields: String = (0..101).map(|n| format!("a{n}: shop ")).collect();
    assert_eq!(scan(&format!("{{{fields}}}")), Err(Refusal::TooManyAliases { limit: 60 }));
    let fields: String = (0..60).map(|n| format!("a{n}: shop ")).collect();
    assert_eq!(scan(&format!("{{{fields}}}")), Ok(()));
}

#[test]
fn attack_g03_ten_thousand_aliases_are_refused_at_the_sixty_first() {
    let fields: String = (0..10_000).map(|n| format!("a{n}: shop ")).collect();
    assert_eq!(scan(&format!("{{{fields}}}")), Err(Refusal::TooManyAliases { limit: 60 }));
}

#[test]
fn attack_g05_directives_by_the_thousand_are_refused() {
    assert_eq!(scan(&format!("{{ shop {} }}", "@a ".repeat(1_000))), Err(Refusal::TooManyDirectives { limit: 50 }));
    assert_eq!(scan(&format!("{{ {} }}", "shop @a ".repeat(25_000))), Err(Refusal::TooManyDirectives { limit: 50 }));
}

#[test]
fn attack_g09_unused_fragments_and_unknown_fields_by_the_thousand_are_refused() {
    let fragments: String = (0..2_000).map(|n| format!("fragment f{n} on Query {{ shop }} ")).collect();
    assert_eq!(scan(&format!("{{ shop }} {fragments}")), Err(Refusal::TooManyFragments { limit: 60 }));
    let variables: String = (0..1_000).map(|n| format!("$v{n}: Int ")).collect();
    assert_eq!(scan(&format!("query({variables}) {{ shop }}")), Err(Refusal::TooManyTokens { limit: 2_000 }));
}

#[test]
fn attack_g10_a_thousand_operations_are_refused() {
    let text: String = (0..1_000).map(|n| format!("query q{n} {{ shop }} ")).collect();
    assert_eq!(scan(&text), Err(Refusal::TooManyOperations { limit: 5 }));
    assert_eq!(scan(&"{shop}".repeat(6)), Err(Refusal::TooManyOperations { limit: 5 }));
    let five: String = (0..5).map(|n| format!("mutation q{n} {{ shop }} ")).collect();
    assert_eq!(scan(&five), Ok(()));
}

#[test]
fn attack_g11_literals_nested_without_end_are_refused() {
    let too_deep = Err(Refusal::LiteralTooDeep { limit: 12 });
    for times in [13, 900, 3_000] {
        assert_eq!(scan(&format!("{{ shop(x: {}) }}", repeated("[", times, "]"))), too_deep);
        assert_eq!(scan(&format!("{{ shop(x: {}) }}", repeated("{a:", times, "}"))), too_deep);
        assert_eq!(scan(&format!("query($v: X = {}) {{ shop }}", repeated("[", times, "]"))), too_deep);
        assert_eq!(scan(&format!("query($v: X = {}) {{ shop }}", repeated("{a:", times, "}"))), too_deep);
        assert_eq!(scan(&format!("{{ shop @a(x: {}) }}", repeated("[", times, "]"))), too_deep);
    }
    assert_eq!(scan(&format!("{{ shop(x: {}) }}", repeated("[", 12, "]"))), Ok(()));
}

#[test]
fn attack_g11_nesting_cannot_hide_behind_a_block_string_that_never_ends() {
    // The parser reads an unclosed `"""abc"` as two strings, and goes on behind them.
    let hidden = format!("{{ shop(x: [\"\"\"abc\" {}]) }}", repeated("[", 3_000, "]"));
    assert_eq!(scan(&hidden), Err(Refusal::UnterminatedString));
    let hidden = format!("{{ shop(x: \"abc\n {}) }}", repeated("[", 3_000, "]"));
    assert_eq!(scan(&hidden), Err(Refusal::UnterminatedString));
    assert_eq!(scan(r#"{ shop(x: "a\"#), Err(Refusal::UnterminatedString));
}

#[test]
fn attack_g11_unbalanced_brackets_hide_nothing() {
    let text = format!("{{ shop ) ) ) {}", "{a:".repeat(3_000));
    assert!(matches!(scan(&text), Err(Refusal::NestedTooDeep { limit: 40 })));
    let text = format!("}}}}}} {}", "[".repeat(3_000));
    assert!(matches!(scan(&text), Err(Refusal::LiteralTooDeep { limit: 12 })));
}

#[test]
fn attack_g12_list_types_nested_without_end_are_refused() {
    let text = format!("query($a: {}) {{ shop }}", repeated("[", 2_000, "]").replace('1', "Int"));
    assert_eq!(scan(&text), Err(Refusal::LiteralTooDeep { limit: 12 }));
}

#[test]
fn selections_nested_without_end_are_refused() {
    assert_eq!(scan(&repeated("{ shop ", 41, "}")), Err(Refusal::NestedTooDeep { limit: 40 }));
    assert_eq!(scan(&repeated("{ ... ", 5_000, "}")), Err(Refusal::NestedTooDeep { limit: 40 }));
}

#[test]
fn attack_g13_json_nested_or_full_of_keys_is_refused() {
    let limits = Limits::default();
    let nested = format!(r#"{{"variables":{{"a":{}}}}}"#, repeated("[", 10_000, "]"));
    assert_eq!(scan_body(nested.as_bytes(), &limits), Err(Refusal::JsonTooDeep { limit: 15 }));
    let keys: Vec<String> = (0..100_000).map(|n| format!(r#""k{n}":1"#)).collect();
    let wide = format!(r#"{{"variables":{{{}}}}}"#, keys.join(","));
    assert_eq!(scan_body(wide.as_bytes(), &limits), Err(Refusal::JsonTooManyKeys { limit: 10_000 }));
    let quoted = format!(r#"{{"query":"{}\" {}","variables":null}}"#, "[".repeat(100), ":".repeat(20_000));
    assert_eq!(scan_body(quoted.as_bytes(), &limits), Ok(()));
    assert_eq!(scan_json_depth(br#"{"a":[{"b":"}"}]}"#, 3, 2), Ok(()));
    assert_eq!(scan_json_depth(br#"{"a":[{"b":1}]}"#, 2, 2), Err(Refusal::JsonTooDeep { limit: 2 }));
}

#[test]
fn attack_g14_a_text_of_megabytes_is_refused_unread() {
    let large = Err(Refusal::TextTooLarge { limit: 256 << 10 });
    assert_eq!(scan(&",".repeat(3 << 20)), large);
    assert_eq!(scan(&format!("{{ shop }} #{}", "x".repeat(3 << 20))), large);
    assert_eq!(scan(&format!("{{ shop(x: \"{}\") }}", "x".repeat(3 << 20))), large);
}

#[test]
fn attack_g22_a_refusal_never_repeats_the_query() {
    let text = format!("mutation {{ login(password: \"hunter2{}\n", "x".repeat(50_000));
    let refusal = scan(&text).unwrap_err();
    assert!(!format!("{refusal} {refusal:?}").contains("hunter2"));
}
