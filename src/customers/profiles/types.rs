//! How customers look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::customers::customers;
use rules::ids::{CustomerId, SegmentId};
use rules::permission::Permission;
use rules::states::{ConsentSource, CustomerKind, CustomerState};

use super::loaders::{CustomerCountInSegment, CustomersInSegment, PageInSegment, TagsByCustomer};
use super::store::{self, CustomerFilter};
use crate::customers::addresses::{AddressesByCustomer, CustomerAddress};
use crate::customers::segments::{Segment, SegmentsByCustomer};
use crate::customers::totals::{CustomerOrderTotal, TotalsByCustomer};
use crate::gate::directives::{cost, customer, requires};
use crate::kernel::graph::{Load, object};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{Ctx, Result};
use crate::payments::store_credits::{StoreCredit, StoreCreditsByCustomer};
use crate::{connection, payload};

/// A person or company that buys at the store. Seen by the staff, and by the customer.
#[derive(Clone)]
pub struct Customer(pub Arc<customers::Model>);

impl From<customers::Model> for Customer {
    fn from(row: customers::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A person or company that buys at the store. Seen by the staff, and by the customer.
#[object]
impl Customer {
    /// The customer's id.
    fn id(&self) -> CustomerId {
        self.0.id
    }

    /// Whether there is an account.
    fn kind(&self) -> CustomerKind {
        self.0.kind
    }

    /// Whether the store lets the account in.
    fn state(&self) -> CustomerState {
        self.0.state
    }

    /// The e-mail address.
    fn email(&self) -> &str {
        &self.0.email
    }

    /// Whether the mailbox was proven to be the customer's.
    fn email_verified(&self) -> bool {
        self.0.email_verified_at.is_some()
    }

    /// The first name.
    fn first_name(&self) -> Option<&str> {
        self.0.first_name.as_deref()
    }

    /// The last name.
    fn last_name(&self) -> Option<&str> {
        self.0.last_name.as_deref()
    }

    /// What to call the customer: both names, or the e-mail address where there is none.
    fn display_name(&self) -> String {
        let names = [self.0.first_name.as_deref(), self.0.last_name.as_deref()];
        let names = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if names.is_empty() { self.0.email.clone() } else { names }
    }

    /// The telephone number, as it was typed.
    fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// The language that the customer chose, such as `pt-BR`; null leaves it to the request.
    fn locale(&self) -> Option<&str> {
        self.0.locale.as_deref()
    }

    /// Whether news may be sent.
    fn accepts_marketing(&self) -> bool {
        self.0.accepts_marketing
    }

    /// When that was said last; null where it never was.
    fn marketing_changed_at(&self) -> Option<DateTime<Utc>> {
        self.0.marketing_changed_at
    }

    /// Where that was said last.
    fn marketing_source(&self) -> Option<ConsentSource> {
        self.0.marketing_source
    }

    /// Whether no tax is charged.
    fn tax_exempt(&self) -> bool {
        self.0.tax_exempt
    }

    /// Why no tax is charged, such as a certificate.
    fn tax_exempt_reason(&self) -> Option<&str> {
        self.0.tax_exempt_reason.as_deref()
    }

    /// The company that buys.
    fn company_name(&self) -> Option<&str> {
        self.0.company_name.as_deref()
    }

    /// The company's number for value-added tax.
    fn vat_number(&self) -> Option<&str> {
        self.0.vat_number.as_deref()
    }

    /// What the staff notes.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What integrations keep, in the order of the keys.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    fn metadata(&self) -> Vec<MetadataEntry> {
        let entries = self.0.metadata.as_object().into_iter().flatten();
        let entries = entries.map(|(key, value)| MetadataEntry {
            key: key.clone(),
            value: value.as_str().unwrap_or_default().to_owned(),
        });
        entries.collect()
    }

    /// The words that the staff marks the customer with; 50 at the most.
    #[graphql(directive = requires::apply(Permission::CustomersRead))]
    fn tags(&self) -> Load<TagsByCustomer, Vec<String>> {
        Load::<TagsByCustomer, _>::of(self.0.id, |tags| tags.iter().map(|row| row.tag.clone()).collect())
    }

    /// The segments that the customer belongs to at this moment.
    #[graphql(directive = requires::apply(Permission::CustomersRead), directive = cost::apply(1, Some(5)))]
    fn segments(&self) -> Load<SegmentsByCustomer, Vec<Segment>> {
        Load::<SegmentsByCustomer, _>::of(self.0.id, |segments| segments.into_iter().map(Segment).collect())
    }

    /// What the customer has bought, in each currency.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn order_totals(&self) -> Load<TotalsByCustomer, Vec<CustomerOrderTotal>> {
        Load::<TotalsByCustomer, _>::of(self.0.id, |totals| totals.into_iter().map(CustomerOrderTotal).collect())
    }

    /// What the customer has at the store to pay with, in each currency.
    #[graphql(directive = customer::apply(), directive = requires::apply(Permission::StoreCreditRead))]
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn store_credits(&self) -> Load<StoreCreditsByCustomer, Vec<StoreCredit>> {
        Load::<StoreCreditsByCustomer, _>::of(self.0.id, |rows| rows.into_iter().map(StoreCredit).collect())
    }

    /// The addresses, the oldest first; 50 at the most.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn addresses(&self) -> Load<AddressesByCustomer, Vec<CustomerAddress>> {
        Load::<AddressesByCustomer, _>::of(self.0.id, |rows| rows.into_iter().map(CustomerAddress).collect())
    }

    /// Where things are sent unless told otherwise.
    fn default_shipping_address(&self) -> Load<AddressesByCustomer, Option<CustomerAddress>> {
        Load::<AddressesByCustomer, _>::of(self.0.id, |rows| {
            rows.into_iter().find(|row| row.is_default_shipping).map(CustomerAddress)
        })
    }

    /// Where bills go unless told otherwise.
    fn default_billing_address(&self) -> Load<AddressesByCustomer, Option<CustomerAddress>> {
        Load::<AddressesByCustomer, _>::of(self.0.id, |rows| {
            rows.into_iter().find(|row| row.is_default_billing).map(CustomerAddress)
        })
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When the customer was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the customer last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A text that an integration keeps under a key.
#[object]
#[derive(Clone)]
pub struct MetadataEntry {
    /// The key.
    key: String,
    /// The text.
    value: String,
}

/// Which customers to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct CustomerFilterInput {
    /// Those in whose names or e-mail address each of these words stands, or a part of one; case and accents do not
    /// count.
    search: Option<String>,
    /// Those with this e-mail address, a guest and an account at the most.
    email: Option<String>,
    /// Those marked with this tag; case does not count.
    tag: Option<String>,
    /// Those who belong to this segment at this moment.
    segment_id: Option<SegmentId>,
    /// Those with or without an account.
    kind: Option<CustomerKind>,
    /// Those whom the store lets in, or keeps out.
    state: Option<CustomerState>,
    /// Those who take news, or who do not.
    accepts_marketing: Option<bool>,
    /// Those created at this moment or later.
    created_from: Option<DateTime<Utc>>,
    /// Those created before this moment.
    created_before: Option<DateTime<Utc>>,
}

impl CustomerFilterInput {
    /// The filter, and the segment that is still to be found.
    pub fn read(self) -> (CustomerFilter, Option<SegmentId>) {
        let filter = CustomerFilter {
            search: self.search,
            email: self.email,
            tag: self.tag,
            segment: None,
            kind: self.kind,
            state: self.state,
            accepts_marketing: self.accepts_marketing,
            created_from: self.created_from,
            created_before: self.created_before,
        };
        (filter, self.segment_id)
    }
}

/// In which order customers are listed.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CustomerSort {
    /// By last name, first name and e-mail address, from A to Z.
    #[default]
    Name,
    /// The same from Z to A.
    NameDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(CustomerConnection, CustomerEdge, Customer, "customers");

impl CustomerConnection {
    /// The customers inside a segment at this moment. For `Segment.customers`.
    ///
    /// # Errors
    /// `BadInput` for a page out of bounds or a cursor of another list.
    pub fn in_segment(
        ctx: &Ctx,
        segment: SegmentId,
        sort: CustomerSort,
        page: PageArgs,
    ) -> Result<Load<CustomersInSegment, Option<Self>>> {
        let page = page.read(ctx, &store::sort(sort))?;
        Ok(Load::<CustomersInSegment, _>::of(PageInSegment { segment, sort, page }, move |slice| {
            let count: page::Count =
                Box::new(move |ctx| Box::pin(async move { ctx.load::<CustomerCountInSegment>(segment).await }));
            Some(Self::new(slice.map(Customer), count))
        }))
    }
}

payload! {
    /// The answer of `customerCreate`.
    CustomerCreatePayload {
        /// The new customer.
        customer: Customer,
    }
}

payload! {
    /// The answer of `customerUpdate`.
    CustomerUpdatePayload {
        /// The customer as it is now.
        customer: Customer,
    }
}

payload! {
    /// The answer of `customerProfileUpdate`.
    CustomerProfileUpdatePayload {
        /// You, as you are now.
        customer: Customer,
    }
}

payload! {
    /// The answer of `customerDelete`.
    CustomerDeletePayload {
        /// The id of the deleted customer.
        deleted_customer_id: CustomerId,
    }
}

payload! {
    /// The answer of `customerTagsAdd`.
    CustomerTagsAddPayload {
        /// The customer.
        customer: Customer,
    }
}

payload! {
    /// The answer of `customerTagsRemove`.
    CustomerTagsRemovePayload {
        /// The customer.
        customer: Customer,
    }
}
