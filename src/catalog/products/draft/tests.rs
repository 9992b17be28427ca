use rules::ids::{OrganizationId, StoreId};
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, Money};
use uuid::Uuid;

use super::media::{MAX_URL, address};
use super::*;

fn store() -> StoreContext {
    StoreContext {
        id: StoreId(Uuid::nil()),
        organization: OrganizationId(Uuid::nil()),
        handle: "linden".to_owned(),
        currency: Currency::EUR,
        currencies: vec![Currency::EUR],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    }
}

#[test]
fn every_problem_is_told_at_its_path() {
    let draft = ProductDraft {
        details: ProductDetails {
            title: Change::Set(" ".to_owned()),
            slug: Change::Set("No Slug".to_owned()),
            tags: Change::Set(vec!["new".to_owned(), String::new()]),
            ..Default::default()
        },
        options: Change::Set(vec![
            OptionDraft { name: "Size".to_owned(), values: vec!["S".to_owned(), "s ".to_owned()] },
            OptionDraft { name: "SIZE".to_owned(), values: vec![] },
        ]),
        media: Change::Set(vec![MediaDraft { url: "javascript:alert(1)".to_owned(), ..Default::default() }]),
        variants: vec![VariantDraft {
            sku: Change::Set(Some("a\u{0}b".to_owned())),
            weight_grams: Change::Set(Some(-1)),
            cost: Change::Set(Some(Money::from_minor(1, Currency::JPY))),
            ..Default::default()
        }],
        ..Default::default()
    };
    let problems = draft.check(&store(), Problems::new()).expect_err("a bad draft");
    let told: Vec<_> = problems.iter().map(|problem| (problem.field.join("."), problem.code)).collect();
    let expected = [
        ("title", ErrorCode::Required),
        ("slug", ErrorCode::Invalid),
        ("tags.1", ErrorCode::Required),
        ("options.0.values.1", ErrorCode::Duplicate),
        ("options.1.name", ErrorCode::Duplicate),
        ("options.1.values", ErrorCode::Required),
        ("media.0.url", ErrorCode::Invalid),
        ("variants.0.sku", ErrorCode::Invalid),
        ("variants.0.weightGrams", ErrorCode::OutOfRange),
        ("variants.0.cost.currencyCode", ErrorCode::CurrencyNotEnabled),
    ];
    assert_eq!(told, expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn addresses_are_stored_in_one_safe_spelling() {
    assert_eq!(address("url", " HTTPS://CDN.example/a b\".jpg ").as_deref(), Ok("https://cdn.example/a%20b%22.jpg"));
    for wrong in ["", "//cdn.example/a.jpg", "ftp://a/b", "data:image/png;base64,AA", "https://", "https://u:p@a/b"] {
        assert!(address("url", wrong).is_err(), "{wrong}");
    }
    assert!(address("url", &format!("https://a.example/{}", "x".repeat(MAX_URL))).is_err());
}

#[test]
fn tags_that_differ_in_case_alone_are_one() {
    let details = ProductDetails {
        tags: Change::Set(vec!["New".to_owned(), "new ".to_owned(), "Sale".to_owned()]),
        ..Default::default()
    };
    let checked = details.check(Problems::new()).expect("good details");
    assert_eq!(checked.tags, Change::Set(vec!["New".to_owned(), "Sale".to_owned()]));
}
