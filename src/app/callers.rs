//! Who asks, and whether they may ask for that.

use super::App;
use super::job::Job;
use super::spending::Seen;
use super::stopped::Stopped;
use crate::gate::access::Caller;
use crate::gate::authentication::{Claims, SentDocument, authenticate};
use crate::gate::document::{DocumentHash, Operation, expect_trusted};
use crate::http::RequestHead;
use crate::kernel::{Actor, Ctx, Error};

impl App {
    /// Finds out who asks and where.
    pub(super) async fn identify(
        &self,
        head: &RequestHead,
        document: DocumentHash,
        text_wanted: bool,
    ) -> Result<Ctx, Error> {
        let document = SentDocument { hash: document.0, text_wanted };
        authenticate(&self.0.system, Claims { document: Some(document), ..claims(head)? }).await
    }

    /// Finds out who asks, and holds what is asked against that: at each request anew.
    pub(super) async fn let_in(&self, head: &RequestHead, job: &Job, seen: &mut Seen) -> Result<Ctx, Stopped> {
        seen.requested = Some(job.cost);
        let ctx = match &seen.ctx {
            Some(ctx) => ctx.clone(),
            None => seen.ctx.insert(self.identify(head, job.hash, false).await?).clone(),
        };
        Self::allow(&ctx, &job.operation)?;
        Ok(ctx)
    }

    /// Holds an operation against its caller: a document that the store trusts, and nothing that the caller
    /// may not ask for.
    pub(super) fn allow(ctx: &Ctx, operation: &Operation) -> Result<(), Stopped> {
        expect_trusted(ctx)?;
        Ok(operation.check_access(&Asks(ctx))?)
    }
}

/// The caller as the access rules see it.
struct Asks<'a>(&'a Ctx);

impl Caller for Asks<'_> {
    fn is_user(&self) -> bool {
        matches!(self.0.actor(), Actor::User { .. })
    }

    fn is_customer(&self) -> bool {
        self.0.shopper().is_some()
    }

    fn is_anonymous(&self) -> bool {
        matches!(self.0.actor(), Actor::Anonymous)
    }

    fn may(&self, permission: rules::permission::Permission) -> bool {
        self.0.may(permission)
    }

    fn lacks_store_for(&self, permission: rules::permission::Permission) -> bool {
        self.0.lacks_store_for(permission)
    }
}

/// Reads what the request says of itself.
pub(super) fn claims(head: &RequestHead) -> Result<Claims, Error> {
    for name in ["authorization", "x-store", "x-currency"] {
        if head.headers.get_all(name).iter().count() > 1 {
            return Err(Error::BadInput(format!("Send the header `{name}` once.")));
        }
    }
    let text = |name: &str| -> Result<Option<String>, Error> {
        match head.headers.get(name) {
            None => Ok(None),
            Some(value) => match value.to_str() {
                Ok(text) if !text.trim().is_empty() => Ok(Some(text.to_owned())),
                Ok(_) => Ok(None),
                Err(_) => Err(Error::BadInput(format!("The header `{name}` holds characters beyond ASCII."))),
            },
        }
    };
    Ok(Claims {
        request_id: head.caller.request_id.as_str().to_owned(),
        authorization: text("authorization")?,
        store: text("x-store")?,
        host: head.caller.host.as_deref().map(str::to_owned),
        currency: text("x-currency")?,
        languages: text("accept-language").unwrap_or_default(),
        address: Some(head.caller.address),
        user_agent: text("user-agent").unwrap_or_default().map(|agent| agent.chars().take(200).collect()),
        document: None,
    })
}
