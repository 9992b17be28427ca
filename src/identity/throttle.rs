//! The brake on guessing.
//!
//! Owns the counts of tries, per account and per network address, in the database: they hold for all
//! nodes and over a restart. A try is counted, in a commit of its own, before it is looked at, so
//! that tries in parallel are never more than the allowance; what turns out well is given back.
//! Never knows what is tried. To brake something else, add a rule to [`RULES`].

use std::net::IpAddr;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::identity::sign_in_throttles::{Column, Entity};
use rules::ids::{CustomerId, StoreId};
use rules::{ErrorCode, Problem};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, Statement, Value};

use crate::kernel::db::List;
use crate::kernel::{Action, Ctx, Error, Result, Scope};

/// How long each further try locks, in minutes, once the allowance is used up.
const LOCKS: [i64; 7] = [1, 2, 4, 8, 16, 32, 60];

/// How many tries, and for how long they count.
#[derive(Debug)]
pub struct Rule {
    name: &'static str,
    /// The try that closes the door behind itself: so many go through in a row.
    allowance: i32,
    /// How long after the first try the count starts anew, unless the door is closed at that moment.
    window: TimeDelta,
    /// Whether many people share the count, so that the right guess of one does not end it for all.
    shared: bool,
}

impl Rule {
    /// What one person tries, from wherever.
    const fn own(name: &'static str, allowance: i32, window: TimeDelta) -> Self {
        Self { name, allowance, window, shared: false }
    }

    /// What comes from one address, whoever tries. Larger, since many people share one.
    const fn of_address(name: &'static str, allowance: i32) -> Self {
        Self { name, allowance, window: TimeDelta::hours(1), shared: true }
    }
}

/// Tries to sign in to one account, known or not, from wherever.
const SIGN_IN: Rule = Rule::own("sign_in", 5, TimeDelta::hours(24));

/// Tries to sign in from one address, to whatever account.
const SIGN_IN_ADDRESS: Rule = Rule::of_address("sign_in_address", 50);

/// Tries to change the password of one account with a session of it.
const PASSWORD_CHANGE: Rule = Rule::own("password_change", 5, TimeDelta::hours(24));

/// Sign-ups from one address.
const SIGN_UP_ADDRESS: Rule = Rule::of_address("sign_up_address", 100);

/// Tries to sign in to one customer's account of a store, known or not.
const CUSTOMER_SIGN_IN: Rule = Rule::own("customer_sign_in", 5, TimeDelta::hours(24));

/// Tries to change the password of one customer with a session of it.
const CUSTOMER_PASSWORD_CHANGE: Rule = Rule::own("customer_password_change", 5, TimeDelta::hours(24));

/// Letters that anybody may have sent to one mailbox by one store: nobody's mailbox is filled by strangers.
const CUSTOMER_LETTERS: Rule = Rule::own("customer_letters", 5, TimeDelta::hours(1));

/// Letters that are asked for from one address.
const LETTERS_ADDRESS: Rule = Rule::of_address("letters_address", 50);

/// All of them.
const RULES: &[&Rule] = &[
    &SIGN_IN,
    &SIGN_IN_ADDRESS,
    &PASSWORD_CHANGE,
    &SIGN_UP_ADDRESS,
    &CUSTOMER_SIGN_IN,
    &CUSTOMER_PASSWORD_CHANGE,
    &CUSTOMER_LETTERS,
    &LETTERS_ADDRESS,
    &GIFT_CARD_ADDRESS,
];

/// What came of something that is braked.
#[derive(Debug, Clone)]
pub enum Attempt<T> {
    /// It was let through, and worked.
    Done(T),
    /// It was not looked at: the door is closed until then.
    LockedOut(DateTime<Utc>),
}

/// The problem of a door that is closed.
pub fn locked_out(until: DateTime<Utc>) -> Problem {
    let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
    Problem::new(ErrorCode::LockedOut, "", format!("Too many tries: try again after {until}."))
}

/// Codes of gift cards from one address. What is right is given back, so that it counts wrong ones.
const GIFT_CARD_ADDRESS: Rule = Rule::of_address("gift_card_address", 20);

/// One count.
#[derive(Debug, Clone)]
pub struct Key {
    rule: &'static Rule,
    /// Signed, so that the table holds no addresses of people.
    text: String,
}

impl Key {
    fn new(ctx: &Ctx, rule: &'static Rule, of: &[u8]) -> Self {
        Self::of_parts(ctx, rule, &[of])
    }

    fn of_parts(ctx: &Ctx, rule: &'static Rule, of: &[&[u8]]) -> Self {
        let parts: Vec<&[u8]> = std::iter::once(rule.name.as_bytes()).chain(of.iter().copied()).collect();
        let signed = ctx.settings().secret.sign("throttle", &parts);
        Self { rule, text: format!("{}:{}", rule.name, hex::encode(signed)) }
    }
}

/// The counts of a sign-in: the account's first. Whoever takes several takes them in this order, so
/// that no two wait for each other.
pub fn sign_in(ctx: &Ctx, email_key: &str) -> Vec<Key> {
    let account = Key::new(ctx, &SIGN_IN, email_key.as_bytes());
    [account].into_iter().chain(address(ctx, &SIGN_IN_ADDRESS)).collect()
}

/// The counts of a sign-up.
pub fn sign_up(ctx: &Ctx) -> Vec<Key> {
    address(ctx, &SIGN_UP_ADDRESS).into_iter().collect()
}

/// The counts of a change of password.
pub fn password_change(ctx: &Ctx, user: rules::ids::UserId) -> Vec<Key> {
    vec![Key::new(ctx, &PASSWORD_CHANGE, user.0.as_bytes())]
}

/// The counts of codes of gift cards.
pub fn gift_card_codes(ctx: &Ctx) -> Vec<Key> {
    address(ctx, &GIFT_CARD_ADDRESS).into_iter().collect()
}

/// The counts of a customer's sign-in at a store. A guess at one store is none at another.
pub fn customer_sign_in(ctx: &Ctx, store: StoreId, email_key: &str) -> Vec<Key> {
    let account = Key::of_parts(ctx, &CUSTOMER_SIGN_IN, &[store.0.as_bytes(), email_key.as_bytes()]);
    [account].into_iter().chain(address(ctx, &SIGN_IN_ADDRESS)).collect()
}

/// The counts of a customer's change of password.
pub fn customer_password_change(ctx: &Ctx, customer: CustomerId) -> Vec<Key> {
    vec![Key::new(ctx, &CUSTOMER_PASSWORD_CHANGE, customer.0.as_bytes())]
}

/// The counts of letters that a store sends to a mailbox because somebody asked, known or not.
pub fn customer_letters(ctx: &Ctx, store: StoreId, email_key: &str) -> Vec<Key> {
    let mailbox = Key::of_parts(ctx, &CUSTOMER_LETTERS, &[store.0.as_bytes(), email_key.as_bytes()]);
    [mailbox].into_iter().chain(address(ctx, &LETTERS_ADDRESS)).collect()
}

/// Lets one try be made where the door is open: counts it under every key before it is looked at. A try that is
/// right gives its count back by itself ([`settle`]); one that was not looked at gets it back here.
///
/// # Errors
/// What the try fails with.
pub async fn attempt<T>(
    ctx: &Ctx,
    keys: Vec<Key>,
    the_try: impl AsyncFnOnce(Vec<Key>) -> Result<T>,
) -> Result<Attempt<T>> {
    if let Some(until) = take(ctx, &keys).await? {
        return Ok(Attempt::LockedOut(until));
    }
    match the_try(keys.clone()).await {
        // The guess was not looked at, so it does not count. A second failure here must not hide the first.
        Err(error @ Error::Busy) => {
            if let Err(error) = give_back(ctx, &keys).await {
                tracing::warn!(%error, "a try that was not looked at stays counted");
            }
            Err(error)
        }
        tried => tried.map(Attempt::Done),
    }
}

/// The count of the address that the request came from. A network of version 6 is given to one
/// customer as a whole, so it counts as one.
fn address(ctx: &Ctx, rule: &'static Rule) -> Option<Key> {
    let address = ctx.caller().address?.to_canonical();
    Some(match address {
        IpAddr::V4(address) => Key::new(ctx, rule, &address.octets()),
        IpAddr::V6(address) => Key::new(ctx, rule, &address.octets()[..8]),
    })
}

/// Counts one try under every key, for good, before it is looked at. Gives the moment until which the
/// door is closed, where it is; then nothing was counted.
///
/// # Errors
/// `Busy`, or `Retry` where transactions met.
pub async fn take(ctx: &Ctx, keys: &[Key]) -> Result<Option<DateTime<Utc>>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let tx = ctx.begin_platform(Action::SignInThrottle).await?;
    for key in keys {
        if !count(&*tx, key, ctx.now()).await? {
            let until = locked_until(&tx, key).await?;
            // Dropping the transaction takes back what was counted under the keys before.
            return Ok(Some(until.unwrap_or(ctx.now())));
        }
    }
    tx.commit_unaudited("a count of tries").await?;
    Ok(None)
}

/// One try more under one key, unless the door is closed. One statement, so that tries in parallel
/// wait for each other at the row and none is lost.
async fn count(scope: &impl Scope, key: &Key, now: DateTime<Utc>) -> Result<bool> {
    const T: &str = "sign_in_throttles";
    // $1 key, $2 now, $3 the window's start, $4 the allowance, $5… the ends of the locks.
    let (last, steps) = (LOCKS.len() + 4, 0..LOCKS.len() - 1);
    let growing: String =
        steps.map(|step| format!(" WHEN {T}.failures + 1 = $4 + {step} THEN ${}", step + 5)).collect();
    let sql = format!(
        "INSERT INTO {T} (key, failures, window_started_at, locked_until, updated_at) VALUES ($1, 1, $2, NULL, $2) \
         ON CONFLICT (key) DO UPDATE SET \
         failures = CASE WHEN {T}.window_started_at <= $3 THEN 1 ELSE {T}.failures + 1 END, \
         window_started_at = CASE WHEN {T}.window_started_at <= $3 THEN $2 ELSE {T}.window_started_at END, \
         locked_until = CASE WHEN {T}.window_started_at <= $3 OR {T}.failures + 1 < $4 THEN NULL{growing} \
         ELSE ${last} END, \
         updated_at = $2 \
         WHERE {T}.locked_until IS NULL OR {T}.locked_until <= $2"
    );
    let mut values: Vec<Value> =
        vec![key.text.clone().into(), now.into(), (now - key.rule.window).into(), key.rule.allowance.into()];
    values.extend(LOCKS.iter().map(|minutes| Value::from(now + TimeDelta::minutes(*minutes))));
    let statement = Statement::from_sql_and_values(scope.conn().get_database_backend(), sql, values);
    Ok(scope.conn().execute_raw(statement).await?.rows_affected() == 1)
}

async fn locked_until(scope: &crate::kernel::PlatformScope, key: &Key) -> Result<Option<DateTime<Utc>>> {
    let row = scope.find::<Entity>().filter(Column::Key.eq(key.text.as_str())).first(scope.conn()).await?;
    Ok(row.and_then(|row| row.locked_until))
}

/// What the try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was the right guess: the account's count ends, the address gets its try back.
    Right,
    /// It was not looked at: every key gets its try back.
    Untried,
}

/// Gives back what was counted, in the transaction of what follows from the try.
///
/// # Errors
/// What the database says.
pub async fn settle(scope: &impl Scope, keys: &[Key], outcome: Outcome) -> Result<()> {
    for key in keys {
        let ends = outcome == Outcome::Right && !key.rule.shared;
        let (sql, values): (&str, Vec<Value>) = if ends {
            ("DELETE FROM sign_in_throttles WHERE key = $1", vec![key.text.clone().into()])
        } else {
            (
                "UPDATE sign_in_throttles SET failures = failures - 1, \
                 locked_until = CASE WHEN failures <= $2 THEN NULL ELSE locked_until END \
                 WHERE key = $1 AND failures > 0",
                vec![key.text.clone().into(), key.rule.allowance.into()],
            )
        };
        let backend = scope.conn().get_database_backend();
        scope.conn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
    Ok(())
}

/// Gives back tries that were never looked at, in a commit of its own.
///
/// # Errors
/// `Busy`, or `Retry` where transactions met.
pub async fn give_back(ctx: &Ctx, keys: &[Key]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let tx = ctx.begin_platform(Action::SignInThrottle).await?;
    settle(&*tx, keys, Outcome::Untried).await?;
    tx.commit_unaudited("a count of tries").await
}

/// Removes counts that no longer matter: for the worker. Gives how many.
///
/// # Errors
/// `Busy`, or `Retry` where transactions met.
pub async fn sweep(ctx: &Ctx) -> Result<u64> {
    let longest = RULES.iter().map(|rule| rule.window).max().unwrap_or_default();
    let tx = ctx.begin_platform(Action::SignInThrottle).await?;
    let gone = tx.delete_many::<Entity>().filter(Column::UpdatedAt.lt(ctx.now() - longest)).exec(tx.conn()).await?;
    tx.commit_unaudited("counts that no longer matter").await?;
    Ok(gone.rows_affected)
}
