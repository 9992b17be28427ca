use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use rules::ids::{ProductVariantId, StoreId};
use rules::{ErrorCode, Problems};
use uuid::Uuid;

use super::super::draft::{
    Change, MediaChoice, MediaDraft, OptionDraft, Others, ProductDetails, ProductDraft, SelectedOption, VariantDraft,
    VariantTarget, listed,
};
use super::{Mint, ProductAggregate};

static NEXT: AtomicU64 = AtomicU64::new(1);

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_366_400, 0).unwrap_or_default()
}

fn mint() -> Mint<'static> {
    Mint::new(now(), || Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into()))
}

fn option(name: &str, values: &[&str]) -> OptionDraft {
    OptionDraft { name: name.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

fn variant(selected: &[(&str, &str)], sku: &str) -> VariantDraft {
    let selected =
        selected.iter().map(|(name, value)| SelectedOption { name: (*name).to_owned(), value: (*value).to_owned() });
    VariantDraft {
        selected_options: Change::Set(selected.collect()),
        sku: Change::Set(Some(sku.to_owned()).filter(|sku| !sku.is_empty())),
        ..Default::default()
    }
}

/// A shirt in two sizes.
fn shirt() -> ProductDraft {
    ProductDraft {
        details: ProductDetails { title: Change::Set("Linen Shirt".to_owned()), ..Default::default() },
        options: Change::Set(vec![option("Size", &["S", "M"])]),
        variants: vec![variant(&[("Size", "S")], "shirt-s"), variant(&[("size", "m")], "shirt-m")],
        ..Default::default()
    }
}

fn made(draft: &ProductDraft) -> (ProductAggregate, Vec<ProductVariantId>) {
    let mint = mint();
    let mut problems = Problems::new();
    let mut product = ProductAggregate::new(StoreId(Uuid::nil()), &mint);
    let ids = product.fill(draft, None, &mint, &mut problems);
    assert_eq!(problems.finish(), Ok(()));
    (product, ids)
}

/// What is wrong with a change.
fn told(change: impl FnOnce(&mut Problems)) -> Vec<(ErrorCode, String)> {
    let mut problems = Problems::new();
    change(&mut problems);
    let told = problems.finish().err().unwrap_or_default();
    told.into_iter().map(|problem| (problem.code, problem.field.join("."))).collect()
}

fn titles(product: &ProductAggregate) -> Vec<&str> {
    product.variants.iter().map(|variant| variant.row.title.as_str()).collect()
}

#[test]
fn a_product_without_options_gets_one_variant() {
    let (product, ids) = made(&ProductDraft { options: Change::Keep, variants: Vec::new(), ..shirt() });
    assert_eq!((titles(&product), ids, product.product.slug.as_str()), (vec!["Default"], vec![], "linen-shirt"));
}

#[test]
fn variants_are_named_by_their_values_and_known_in_the_order_of_the_input() {
    let mut draft = shirt();
    draft.variants.reverse();
    let (product, ids) = made(&draft);
    assert_eq!(titles(&product), ["M", "S"]);
    assert_eq!(ids, [product.variants[0].row.id, product.variants[1].row.id]);
}

#[test]
fn the_same_draft_again_changes_nothing() {
    let (before, ids) = made(&shirt());
    let mut after = before.clone();
    let again = told(|problems| {
        assert_eq!(after.change(&shirt(), None, &mint(), problems), ids);
    });
    after.stamp(&before, now() + TimeDelta::hours(1));
    assert_eq!((again, after), (vec![], before));
}

#[test]
fn only_what_differs_gets_its_next_version() {
    let (before, ids) = made(&shirt());
    let mut after = before.clone();
    let mut draft = shirt();
    draft.variants[1].barcode = Change::Set(Some("4006381333931".to_owned()));
    let problems = told(|problems| drop(after.change(&draft, None, &mint(), problems)));
    after.stamp(&before, now() + TimeDelta::hours(1));
    assert_eq!(problems, []);
    assert_eq!(after.variants.iter().map(|variant| variant.row.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((after.product.version, after.variants[1].row.id), (1, ids[1]));
}

#[test]
fn a_draft_adds_to_what_is_there_or_replaces_it() {
    let (before, _) = made(&shirt());
    let draft = |others| ProductDraft {
        options: Change::Set(vec![option("Size", &["L"])]),
        variants: vec![variant(&[("Size", "L")], "")],
        others,
        ..shirt()
    };
    let mut added = before.clone();
    assert_eq!(told(|problems| drop(added.change(&draft(Others::Keep), None, &mint(), problems))), []);
    assert_eq!(titles(&added), ["L", "S", "M"]);
    let mut replaced = before;
    assert_eq!(told(|problems| drop(replaced.change(&draft(Others::Remove), None, &mint(), problems))), []);
    assert_eq!(titles(&replaced), ["L"]);
    assert_eq!(replaced.options[0].values.len(), 1);
}

#[test]
fn options_keep_their_ids_by_name_and_variants_take_the_first_value_of_a_new_one() {
    let (before, _) = made(&shirt());
    let mut after = before.clone();
    let wanted = [option("Color", &["Blue", "Red"]), option("SIZE", &["M", "S", "L"])];
    assert_eq!(after.set_options(&wanted, Others::Remove, &mint(), &mut Problems::new()), []);
    assert_eq!(after.options[1].row.id, before.options[0].row.id);
    assert_eq!(after.options[1].row.name, "SIZE");
    assert_eq!(titles(&after), ["Blue / S", "Blue / M"]);
    assert!(after.repeated().is_empty());
}

#[test]
fn a_value_in_use_and_a_choice_that_tells_variants_apart_are_missed() {
    let (before, ids) = made(&shirt());
    let mut without_m = before.clone();
    let lost = without_m.set_options(&[option("Size", &["S"])], Others::Remove, &mint(), &mut Problems::new());
    assert_eq!(lost, [ids[1]]);
    let mut without_size = before;
    without_size.set_options(&[], Others::Remove, &mint(), &mut Problems::new());
    assert_eq!(without_size.repeated(), [ids[1]]);
}

#[test]
fn every_variant_names_one_value_of_every_option() {
    let (product, _) = made(&shirt());
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[], "variants.0.selectedOptions"),
        (&[("Size", "XXL")], "variants.0.selectedOptions.0.value"),
        (&[("Length", "S")], "variants.0.selectedOptions.0.name"),
        (&[("Size", "S"), ("Size", "M")], "variants.0.selectedOptions.1.name"),
    ];
    for (selected, path) in cases {
        let mut product = product.clone();
        let problems = told(|problems| drop(product.put_variants(&[variant(selected, "")], listed, &mint(), problems)));
        assert_eq!(problems, [(ErrorCode::OptionMismatch, path.to_owned())]);
    }
}

#[test]
fn two_variants_never_share_values_or_a_stock_number() {
    let (product, _) = made(&shirt());
    let new =
        |selected: &[(&str, &str)], sku: &str| VariantDraft { target: VariantTarget::New, ..variant(selected, sku) };
    let problems = |drafts: &[VariantDraft]| {
        let mut product = product.clone();
        told(|problems| drop(product.put_variants(drafts, listed, &mint(), problems)))
    };
    assert_eq!(
        problems(&[new(&[("Size", "S")], "SHIRT-M")]),
        [(ErrorCode::Taken, "variants.0.selectedOptions".to_owned()), (ErrorCode::Taken, "variants.0.sku".to_owned())]
    );
    let (empty, _) = made(&ProductDraft { options: Change::Keep, variants: Vec::new(), ..shirt() });
    let mut both = empty;
    both.set_options(&[option("Size", &["S", "M", "L"])], Others::Remove, &mint(), &mut Problems::new());
    let twice = [new(&[("Size", "M")], "a"), new(&[("Size", "M")], "b"), new(&[("Size", "L")], "A")];
    assert_eq!(
        told(|problems| drop(both.put_variants(&twice, listed, &mint(), problems))),
        [
            (ErrorCode::Duplicate, "variants.1.selectedOptions".to_owned()),
            (ErrorCode::Duplicate, "variants.2.sku".to_owned())
        ]
    );
}

#[test]
fn variants_may_trade_values_and_stock_numbers() {
    let (mut product, ids) = made(&shirt());
    let mut trade = shirt().variants;
    trade[0].target = VariantTarget::Existing(ids[1]);
    trade[1].target = VariantTarget::Existing(ids[0]);
    assert_eq!(told(|problems| drop(product.put_variants(&trade, listed, &mint(), problems))), []);
    assert_eq!(titles(&product), ["M", "S"]);
    assert_eq!(product.variants[0].row.sku.as_deref(), Some("shirt-m"));
}

#[test]
fn attack_t06_a_variant_shows_media_of_its_own_product_alone() {
    let (mut product, _) = made(&ProductDraft {
        media: Change::Set(vec![MediaDraft { url: "https://cdn.example/a.jpg".to_owned(), ..Default::default() }]),
        ..shirt()
    });
    let showing = |choice| [VariantDraft { media: Change::Set(Some(choice)), ..variant(&[("Size", "S")], "") }];
    let own = showing(MediaChoice::Url("https://cdn.example/a.jpg".to_owned()));
    assert_eq!(told(|problems| drop(product.put_variants(&own, listed, &mint(), problems))), []);
    assert_eq!(product.variants[0].row.media_id, Some(product.media[0].id));
    let foreign = showing(MediaChoice::Id(Uuid::from_u128(u128::MAX).into()));
    assert_eq!(
        told(|problems| drop(product.put_variants(&foreign, listed, &mint(), problems))),
        [(ErrorCode::NotFound, "variants.0.mediaId".to_owned())]
    );
    let id = product.media[0].id;
    product.remove_medium(id);
    assert_eq!(product.variants[0].row.media_id, None);
}

#[test]
fn the_last_variant_stays() {
    let (mut product, ids) = made(&shirt());
    assert_eq!(told(|problems| product.remove_variant(ids[0], problems)), []);
    assert_eq!(told(|problems| product.remove_variant(ids[1], problems)), [(ErrorCode::NotAllowed, String::new())]);
}

#[test]
fn an_order_of_media_names_each_once() {
    let medium = |url: &str| MediaDraft { url: url.to_owned(), ..Default::default() };
    let (mut product, _) =
        made(&ProductDraft { media: Change::Set(vec![medium("https://a/1"), medium("https://a/2")]), ..shirt() });
    let (first, second) = (product.media[0].id, product.media[1].id);
    assert_eq!(
        told(|problems| product.clone().order_media(&[second], problems)),
        [(ErrorCode::Required, "mediaIds".to_owned())]
    );
    assert_eq!(
        told(|problems| product.clone().order_media(&[second, second, first], problems)),
        [(ErrorCode::Duplicate, "mediaIds.1".to_owned())]
    );
    assert_eq!(told(|problems| product.order_media(&[second, first], problems)), []);
    assert_eq!((product.media[0].id, product.media[0].position), (second, 0));
}
