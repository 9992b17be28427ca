//! How domains look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tenancy::store_domains;
use rules::ids::StoreDomainId;

use crate::kernel::graph::object;
use crate::payload;

/// A host name that leads to a store.
#[derive(Clone)]
pub struct StoreDomain(pub Arc<store_domains::Model>);

impl From<store_domains::Model> for StoreDomain {
    fn from(row: store_domains::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A host name that leads to a store.
#[object]
impl StoreDomain {
    /// The domain's id.
    fn id(&self) -> StoreDomainId {
        self.0.id
    }

    /// The host, lower case and in its ASCII form, such as `shop.example.com`; unique on the platform.
    fn host(&self) -> &str {
        &self.0.host
    }

    /// Whether links are made with it; one domain of a store at the most.
    fn is_primary(&self) -> bool {
        self.0.is_primary
    }

    /// When it was added.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

payload! {
    /// The answer of `storeDomainAdd`.
    StoreDomainAddPayload {
        /// The new domain.
        store_domain: StoreDomain,
    }
}

payload! {
    /// The answer of `storeDomainRemove`.
    StoreDomainRemovePayload {
        /// The id of the domain that is gone.
        removed_store_domain_id: StoreDomainId,
    }
}
