use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const STORE: StoreId = StoreId(Uuid::from_u128(1));
const PRODUCT: ProductId = ProductId(Uuid::from_u128(2));

fn hour(hour: i64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(365) + TimeDelta::hours(hour)
}

fn euro(minor: i64) -> PriceDraft {
    PriceDraft::new(None, Money::from_minor(minor, Currency::EUR))
}

fn problems(drafts: &[PriceDraft]) -> Vec<String> {
    let problems = check(&[Currency::EUR, Currency::JPY], drafts.iter().enumerate());
    problems.iter().map(|problem| format!("{:?} {}", problem.code, problem.field.join("."))).collect()
}

/// Sets drafts on rows as a write does, at an hour; new ids count up.
fn set(stored: Vec<prices::Model>, drafts: &[PriceDraft], remove_others: bool, at: i64) -> Plan {
    let mut next = 1000 + stored.iter().map(|row| row.id.0.as_u128()).max().unwrap_or_default();
    let id = || {
        next += 1;
        PriceId(Uuid::from_u128(next))
    };
    plan((STORE, PRODUCT), stored, drafts, remove_others, hour(at), id).unwrap()
}

#[test]
fn attack_c04_a_currency_that_the_store_does_not_sell_in_is_refused() {
    let dollar = PriceDraft::new(None, Money::from_minor(100, Currency::USD));
    assert_eq!(problems(&[euro(1), dollar]), ["CurrencyNotEnabled 1.currency"]);
    let mixed = PriceDraft { compare_at: Some(Money::from_minor(100, Currency::JPY)), ..euro(1) };
    assert_eq!(problems(&[mixed]), ["Invalid 0.compareAt"]);
}

#[test]
fn attack_c06_amounts_below_nothing_and_beyond_reason_are_refused() {
    assert_eq!(problems(&[euro(0)]), [""; 0]);
    assert_eq!(problems(&[euro(-1)]), ["OutOfRange 0.amount"]);
    assert_eq!(problems(&[euro(99_999_999_999_999)]), [""; 0]);
    assert_eq!(problems(&[euro(100_000_000_000_000)]), ["OutOfRange 0.amount"]);
    assert_eq!(problems(&[euro(i64::MAX)]), ["OutOfRange 0.amount"]);
    let compared = PriceDraft { compare_at: Some(Money::from_minor(-1, Currency::EUR)), ..euro(1) };
    assert_eq!(problems(&[compared]), ["OutOfRange 0.compareAt"]);
}

#[test]
fn attack_g20_quantities_and_moments_beyond_reason_are_refused() {
    assert_eq!(problems(&[PriceDraft { minimum_quantity: 0, ..euro(1) }]), ["OutOfRange 0.minimumQuantity"]);
    let far = DateTime::parse_from_rfc3339("9999-12-31T23:59:59Z").unwrap().to_utc() + TimeDelta::seconds(1);
    assert_eq!(problems(&[PriceDraft { valid_to: Some(far), ..euro(1) }]), ["OutOfRange 0.validTo"]);
    assert_eq!(problems(&[PriceDraft { valid_from: Some(ALWAYS), ..euro(1) }]), ["OutOfRange 0.validFrom"]);
    let backwards = PriceDraft { valid_from: Some(hour(2)), valid_to: Some(hour(2)), ..euro(1) };
    assert_eq!(problems(&[backwards]), ["Invalid 0.validTo"]);
}

#[test]
fn a_price_stands_once_in_a_list() {
    let later = PriceDraft { valid_from: Some(hour(1)), ..euro(2) };
    assert_eq!(problems(&[euro(1), later, euro(3)]), ["Duplicate 2"]);
    // What the databases can't tell apart is the same moment.
    let close = |nanoseconds| PriceDraft { valid_from: Some(hour(1) + TimeDelta::nanoseconds(nanoseconds)), ..euro(1) };
    assert_eq!(problems(&[close(1), close(2)]), ["Duplicate 1"]);
}

#[test]
fn what_differs_is_written_and_nothing_else() {
    let tier = PriceDraft { minimum_quantity: 10, ..euro(90) };
    let first = set(Vec::new(), &[euro(100), tier.clone()], false, 0);
    assert_eq!((first.save.len(), first.before.len(), first.remove.len()), (2, 0, 0));

    let again = set(first.after.clone(), &[euro(100), tier], true, 1);
    assert!(again.is_empty());
    assert_eq!(again.named, first.named);

    let changed = set(first.after.clone(), &[euro(120)], false, 1);
    assert_eq!(changed.save.len(), 1);
    assert_eq!(changed.save[0].id, first.save[0].id);
    assert_eq!((changed.save[0].created_at, changed.save[0].updated_at), (hour(0), hour(1)));
    assert_eq!(changed.before, [first.save[0].clone()]);
    assert_eq!(changed.after.len(), 2);

    let alone = set(first.after.clone(), &[euro(100)], true, 1);
    assert_eq!((alone.save.len(), alone.remove.clone()), (0, vec![first.save[1].clone()]));
}

#[test]
fn a_product_takes_so_many_prices_and_no_more() {
    let tiers = |from: i32, count: usize| -> Vec<PriceDraft> {
        (from..).take(count).map(|minimum_quantity| PriceDraft { minimum_quantity, ..euro(1) }).collect()
    };
    let full = set(Vec::new(), &tiers(1, MAX_PER_LEVEL), false, 0);
    let one_more = plan((STORE, PRODUCT), full.after, &tiers(500, 1), false, hour(1), || PriceId(Uuid::from_u128(9)));
    assert_eq!(one_more.unwrap_err().code, ErrorCode::LimitReached);
}

fn any_drafts() -> impl Strategy<Value = Vec<PriceDraft>> {
    let any = (prop::option::of(1..3_u128), 1..3_i32, 0..3_i64, prop::option::of(0..3_i64), prop::option::of(3..5_i64));
    let draft = any.prop_map(|(variant, minimum_quantity, minor, from, to)| PriceDraft {
        variant: variant.map(|number| ProductVariantId(Uuid::from_u128(number))),
        minimum_quantity,
        valid_from: from.map(hour),
        valid_to: to.map(hour),
        ..euro(minor)
    });
    prop::collection::vec(draft, 0..8).prop_map(|mut drafts| {
        let mut seen = HashSet::new();
        drafts.retain(|draft| seen.insert(draft.key()));
        drafts
    })
}

proptest! {
    #[test]
    fn setting_the_same_twice_writes_nothing(
        before in any_drafts(),
        drafts in any_drafts(),
        remove_others: bool,
    ) {
        let before = set(Vec::new(), &before, false, 0).after;
        let first = set(before.clone(), &drafts, remove_others, 1);
        prop_assert!(set(first.after.clone(), &drafts, remove_others, 2).is_empty());

        // Every draft is there as it was said, and what it did not name is there only if it may stay.
        for (row, draft) in first.named.iter().zip(&drafts) {
            prop_assert_eq!((key_of(row), row.amount, row.valid_to), (draft.key(), draft.amount.minor(), draft.valid_to));
        }
        let others: Vec<_> = before.iter().filter(|row| !drafts.iter().any(|draft| draft.key() == key_of(row))).collect();
        let kept = first.after.len() - drafts.len();
        prop_assert_eq!((kept, first.remove.len()), if remove_others { (0, others.len()) } else { (others.len(), 0) });
    }
}
