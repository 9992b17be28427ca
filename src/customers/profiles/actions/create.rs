//! `customerCreate`: the staff enters a customer.

use async_graphql::InputObject;
use entity::customers::customers::ActiveModel;
use rules::Problems;
use rules::ids::CustomerId;
use rules::states::{ConsentSource, CustomerKind, CustomerState};
use sea_orm::ActiveValue::Set;

use super::super::events::{CustomerCreated, CustomerSnapshot};
use super::super::store;
use super::super::types::Customer;
use super::fields::{Consent, MetadataEntryInput, ProfileFields, StaffFields, new, sort_name};
use crate::identity::email;
use crate::kernel::{Action, Audit, Ctx, Result, input};

/// A new customer without an account.
#[derive(InputObject, Clone, Default)]
pub struct CustomerCreateInput {
    /// The e-mail address; no other customer without an account may have it.
    pub email: String,
    /// The first name; at most 100 characters.
    pub first_name: Option<String>,
    /// The last name; at most 100 characters.
    pub last_name: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The language, such as `pt-BR`.
    pub locale: Option<String>,
    /// Whether the customer told you that news may be sent.
    #[graphql(default)]
    pub accepts_marketing: bool,
    /// Whether no tax is charged.
    #[graphql(default)]
    pub tax_exempt: bool,
    /// Why no tax is charged; at most 200 characters.
    pub tax_exempt_reason: Option<String>,
    /// The company that buys; at most 200 characters.
    pub company_name: Option<String>,
    /// The company's number for value-added tax; at most 200 characters.
    pub vat_number: Option<String>,
    /// What you want to note; the customer never sees it.
    pub note: Option<String>,
    /// What integrations keep; 50 entries at the most.
    #[graphql(default)]
    pub metadata: Vec<MetadataEntryInput>,
    /// Tags; 50 at the most.
    #[graphql(default)]
    pub tags: Vec<String>,
}

/// Creates the customer.
pub async fn run(ctx: &Ctx, input: CustomerCreateInput) -> Result<Customer> {
    let mut problems = Problems::new();
    let email = problems.keep(email::read("email", &input.email));
    let mut row = empty(ctx);
    ProfileFields::of_new(&input.first_name, &input.last_name, &input.phone, &input.locale)
        .read(&mut row, &mut problems);
    StaffFields {
        tax_exempt: Some(input.tax_exempt),
        tax_exempt_reason: new(&input.tax_exempt_reason),
        company_name: new(&input.company_name),
        vat_number: new(&input.vat_number),
        note: new(&input.note),
        metadata: Some(&input.metadata),
    }
    .read(&mut row, &mut problems);
    problems.finish()?;
    let tags = if input.tags.is_empty() { Vec::new() } else { super::tags(ctx, &input.tags)? };
    let Some(email) = email else { return Err(input::unread()) };
    row.email = Set(email.address);
    row.email_normalized = Set(email.key);
    row.sort_name = Set(sort_name(&row, None));
    if input.accepts_marketing {
        Consent { accepts: true, at: ctx.now(), source: ConsentSource::Staff }.note(None, &mut row);
    }

    let mut tx = ctx.begin_store(Action::CustomerCreate).await?;
    let customer = store::insert(&tx, row).await?;
    super::tags_add::put_on(&tx, customer.id, &tags).await?;
    tx.emit(&CustomerCreated { customer: CustomerSnapshot::from(&customer) })?;
    tx.commit(Audit::created("customer", customer.id, &CustomerSnapshot::from(&customer))).await?;
    Ok(customer.into())
}

/// A customer without an account, of whom nothing is known.
pub fn empty(ctx: &Ctx) -> ActiveModel {
    ActiveModel {
        id: Set(ctx.id::<CustomerId>()),
        kind: Set(CustomerKind::Guest),
        state: Set(CustomerState::Enabled),
        accepts_marketing: Set(false),
        tax_exempt: Set(false),
        metadata: Set(serde_json::json!({})),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    }
}
