//! `customerSignUp`: a new account at the store.
//!
//! The answer says nothing about whether the e-mail address was taken, and takes as long (rule A3): the password is
//! hashed, and a letter committed, either way. The letter tells the owner of the mailbox which it was.

use async_graphql::InputObject;
use entity::customers::customers::{ActiveModel, Model};
use rules::Problems;
use rules::ids::CustomerId;
use rules::states::{ConsentSource, CustomerKind, CustomerState, EmailTemplate, OneTimePurpose};
use sea_orm::ActiveValue::Set;

use super::super::events::CustomerSignUpRepeated;
use super::super::{one_time, store};
use crate::customers::profiles::{self, Consent, CustomerCreated, CustomerSnapshot, ProfileFields, sort_name};
use crate::identity::email;
use crate::identity::password::{self, Password};
use crate::identity::throttle;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::messages;

/// A new account.
#[derive(InputObject, Clone)]
pub struct CustomerSignUpInput {
    /// The e-mail address to sign in with.
    pub email: String,
    /// The password; 8 to 256 characters, and not an easy guess.
    pub password: Password,
    /// The first name; at most 100 characters.
    pub first_name: Option<String>,
    /// The last name; at most 100 characters.
    pub last_name: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The language to be spoken to in, such as `pt-BR`; left to each request where it is left out.
    pub locale: Option<String>,
    /// Whether news may be sent to you.
    #[graphql(default)]
    pub accepts_marketing: bool,
}

/// Signs up. True, whether the address was taken or not.
pub async fn run(ctx: &Ctx, input: CustomerSignUpInput) -> Result<bool> {
    let mut problems = Problems::new();
    let email = problems.keep(email::read("email", &input.email));
    problems.keep(input.password.check("password", email.as_ref().map_or("", |email| email.key.as_str())));
    let mut row = ActiveModel {
        kind: Set(CustomerKind::Registered),
        state: Set(CustomerState::Enabled),
        accepts_marketing: Set(false),
        tax_exempt: Set(false),
        metadata: Set(serde_json::json!({})),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    ProfileFields::of_new(&input.first_name, &input.last_name, &input.phone, &input.locale)
        .read(&mut row, &mut problems);
    problems.finish()?;
    let Some(email) = email else { return Err(input::unread()) };
    let store = ctx.store_context()?.id;
    // A letter is sent either way, so that the mailbox counts as well as the address that asks.
    let mut keys = throttle::customer_letters(ctx, store, &email.key);
    keys.extend(throttle::sign_up(ctx));
    if let Some(until) = throttle::take(ctx, &keys).await? {
        return Err(throttle::locked_out(until).into());
    }

    let taken = profiles::find_by_email(&ctx.store().await?, CustomerKind::Registered, &email.key).await?;
    let hash = password::hash(ctx, &input.password).await?;
    row.email = Set(email.address);
    row.email_normalized = Set(email.key);
    row.sort_name = Set(sort_name(&row, None));
    if input.accepts_marketing {
        Consent { accepts: true, at: ctx.now(), source: ConsentSource::SignUp }.note(None, &mut row);
    }
    // The hash stays good when transactions meet: only the write is run again.
    let written = match taken {
        None => ctx.retrying((row, hash), insert).await,
        Some(account) => ctx.retrying(account, repeated).await,
    };
    match written {
        Err(Error::Retry) => Err(Error::Busy),
        written => written.map(|()| true),
    }
}

async fn insert(ctx: &Ctx, (row, hash): (ActiveModel, String)) -> Result<()> {
    let mut tx = ctx.begin_store(Action::CustomerSignUp).await?;
    let row = ActiveModel { id: Set(ctx.id::<CustomerId>()), ..row };
    let customer = match profiles::insert(&tx, row).await {
        Ok(customer) => customer,
        // Somebody else was faster with the same address: the database decides, and the answer stays the same.
        Err(Error::Conflict(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    store::insert_credentials(&tx, customer.id, hash).await?;
    one_time::send(&tx, &customer, OneTimePurpose::EmailVerification).await?;
    tx.emit(&CustomerCreated { customer: CustomerSnapshot::from(&customer) })?;
    tx.commit(Audit::created("customer", customer.id, &CustomerSnapshot::from(&customer))).await
}

/// The address is taken: the account stays as it is, and its owner is told.
async fn repeated(ctx: &Ctx, account: Model) -> Result<()> {
    let mut tx = ctx.begin_store(Action::CustomerSignUpRepeat).await?;
    messages::queue(&tx, one_time::letter(&account, EmailTemplate::CustomerSignUpRepeated, None)).await?;
    let repeated = CustomerSignUpRepeated { customer_id: account.id };
    tx.emit(&repeated)?;
    tx.commit(Audit::done("customer", &repeated)).await
}
