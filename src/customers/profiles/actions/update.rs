//! `customerUpdate`: the staff changes what is known of a customer.

use async_graphql::{InputObject, MaybeUndefined};
use entity::customers::customers::ActiveModel;
use rules::ids::CustomerId;
use rules::states::{ConsentSource, CustomerState};
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{CustomerSnapshot, CustomerUpdated};
use super::super::store;
use super::super::types::Customer;
use super::fields::{Consent, MetadataEntryInput, ProfileFields, StaffFields, sort_name};
use crate::customers::accounts;
use crate::identity::email;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of a customer. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct CustomerUpdateInput {
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the store lets the account in.
    pub state: Option<CustomerState>,
    /// The first name.
    pub first_name: MaybeUndefined<String>,
    /// The last name.
    pub last_name: MaybeUndefined<String>,
    /// The telephone number.
    pub phone: MaybeUndefined<String>,
    /// The language.
    pub locale: MaybeUndefined<String>,
    /// Whether the customer told you that news may be sent.
    pub accepts_marketing: Option<bool>,
    /// Whether no tax is charged.
    pub tax_exempt: Option<bool>,
    /// Why no tax is charged.
    pub tax_exempt_reason: MaybeUndefined<String>,
    /// The company that buys.
    pub company_name: MaybeUndefined<String>,
    /// The company's number for value-added tax.
    pub vat_number: MaybeUndefined<String>,
    /// What you want to note.
    pub note: MaybeUndefined<String>,
    /// What integrations keep, in the place of all that was kept.
    pub metadata: Option<Vec<MetadataEntryInput>>,
}

/// Changes the customer.
pub async fn run(ctx: &Ctx, (id, input, expected): (CustomerId, CustomerUpdateInput, Option<i32>)) -> Result<Customer> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    let email = input.email.as_deref().and_then(|raw| problems.keep(email::read("email", raw)));
    ProfileFields {
        first_name: text(&input.first_name),
        last_name: text(&input.last_name),
        phone: text(&input.phone),
        locale: text(&input.locale),
    }
    .read(&mut row, &mut problems);
    StaffFields {
        tax_exempt: input.tax_exempt,
        tax_exempt_reason: text(&input.tax_exempt_reason),
        company_name: text(&input.company_name),
        vat_number: text(&input.vat_number),
        note: text(&input.note),
        metadata: input.metadata.as_deref(),
    }
    .read(&mut row, &mut problems);
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::CustomerUpdate).await?;
    let before = store::hold_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if matches!(&row.tax_exempt_reason, Set(Some(_))) && input.tax_exempt.is_none() && !before.tax_exempt {
        let message = "There is no reason where tax is charged: set `taxExempt` as well.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "taxExemptReason", message)));
    }
    let mailbox_changes = email.as_ref().is_some_and(|email| email.key != before.email_normalized);
    if let Some(email) = email {
        row.email = Set(email.address);
        row.email_normalized = Set(email.key);
    }
    if mailbox_changes {
        row.email_verified_at = Set(None);
    }
    if let Some(state) = input.state {
        row.state = Set(state);
    }
    if let Some(accepts) = input.accepts_marketing {
        Consent { accepts, at: ctx.now(), source: ConsentSource::Staff }.note(Some(&before), &mut row);
    }
    row.sort_name = Set(sort_name(&row, Some(&before)));
    let customer = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    if customer.state == CustomerState::Disabled && before.state != CustomerState::Disabled {
        accounts::end_sessions(&mut tx, id, accounts::SessionEnd::Disabled).await?;
    }
    if mailbox_changes {
        // What was sent to the old mailbox proves nothing about the new one.
        accounts::void_tokens(&tx, id).await?;
    }
    tx.emit(&CustomerUpdated { customer: CustomerSnapshot::from(&customer) })?;
    let (before, after) = (CustomerSnapshot::from(&before), CustomerSnapshot::from(&customer));
    tx.commit(Audit::updated("customer", id, &before, &after)).await?;
    Ok(customer.into())
}

/// A field as the readers take it.
pub fn text(field: &MaybeUndefined<String>) -> MaybeUndefined<&str> {
    match field {
        MaybeUndefined::Undefined => MaybeUndefined::Undefined,
        MaybeUndefined::Null => MaybeUndefined::Null,
        MaybeUndefined::Value(text) => MaybeUndefined::Value(text),
    }
}
