//! How accounts and their sessions look in the schema.

use chrono::{DateTime, Utc};
use entity::customers::customers;
use rules::Problem;
use rules::ids::CustomerSessionId;

use super::sessions::Tokens;
use crate::customers::profiles::Customer;
use crate::identity::throttle::{self, Attempt};
use crate::kernel::graph::object;
use crate::kernel::payload::{Payload, UserError};
use crate::payload;

/// The tokens of a customer's session. They are shown here and never again.
#[derive(Clone)]
pub struct CustomerSessionTokens(Tokens);

impl From<Tokens> for CustomerSessionTokens {
    fn from(tokens: Tokens) -> Self {
        Self(tokens)
    }
}

/// The tokens of a customer's session. They are shown here and never again.
#[object]
impl CustomerSessionTokens {
    /// The session's id.
    fn session_id(&self) -> CustomerSessionId {
        self.0.session
    }

    /// Send it with each request: `Authorization: Bearer …`. It is good at this store alone.
    fn access_token(&self) -> &str {
        self.0.access.expose()
    }

    /// Until when the access token is good.
    fn access_token_expires_at(&self) -> DateTime<Utc> {
        self.0.access_expires_at
    }

    /// Trade it for the next tokens with `customerSessionRefresh`, once.
    fn refresh_token(&self) -> &str {
        self.0.refresh.expose()
    }

    /// Until when the refresh token is good.
    fn refresh_token_expires_at(&self) -> DateTime<Utc> {
        self.0.refresh_expires_at
    }
}

/// The answer of `customerSignIn`.
#[object]
pub struct CustomerSignInPayload {
    /// The tokens of the new session.
    session: Option<CustomerSessionTokens>,
    /// Who signed in.
    customer: Option<Customer>,
    /// With the code LOCKED_OUT: when to try again.
    locked_until: Option<DateTime<Utc>>,
    /// What to mend, where no session was opened; empty otherwise. The failed try was counted all the same.
    user_errors: Vec<UserError>,
}

impl Payload for CustomerSignInPayload {
    type Value = Attempt<(Tokens, customers::Model)>;

    fn done(value: Self::Value) -> Self {
        match value {
            Attempt::Done((tokens, customer)) => Self {
                session: Some(tokens.into()),
                customer: Some(customer.into()),
                locked_until: None,
                user_errors: Vec::new(),
            },
            Attempt::LockedOut(until) => {
                Self { locked_until: Some(until), ..Self::refused(vec![throttle::locked_out(until)]) }
            }
        }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        let user_errors = problems.into_iter().map(Into::into).collect();
        Self { session: None, customer: None, locked_until: None, user_errors }
    }
}

/// The answer of `customerPasswordChange`.
#[object]
pub struct CustomerPasswordChangePayload {
    /// You.
    customer: Option<Customer>,
    /// With the code LOCKED_OUT: when to try again.
    locked_until: Option<DateTime<Utc>>,
    /// What to mend, where nothing was changed; empty otherwise. A wrong password was counted all the same.
    user_errors: Vec<UserError>,
}

impl Payload for CustomerPasswordChangePayload {
    type Value = Attempt<Customer>;

    fn done(value: Self::Value) -> Self {
        match value {
            Attempt::Done(customer) => Self { customer: Some(customer), locked_until: None, user_errors: Vec::new() },
            Attempt::LockedOut(until) => {
                Self { locked_until: Some(until), ..Self::refused(vec![throttle::locked_out(until)]) }
            }
        }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        Self { customer: None, locked_until: None, user_errors: problems.into_iter().map(Into::into).collect() }
    }
}

payload! {
    /// The answer of `customerSignUp`: the same for an e-mail address that is taken and one that is not.
    CustomerSignUpPayload {
        /// Whether the input was in order. A letter is on its way; sign in next.
        accepted: bool,
    }
}

payload! {
    /// The answer of `customerSessionRefresh`.
    CustomerSessionRefreshPayload {
        /// The next tokens of the session.
        session: CustomerSessionTokens,
    }
}

payload! {
    /// The answer of `customerSignOut`.
    CustomerSignOutPayload {
        /// The id of the session that ended.
        revoked_session_id: CustomerSessionId,
    }
}

payload! {
    /// The answer of `customerEmailVerificationSend`.
    CustomerEmailVerificationSendPayload {
        /// Whether a letter is on its way.
        accepted: bool,
    }
}

payload! {
    /// The answer of `customerEmailVerify`.
    CustomerEmailVerifyPayload {
        /// Whether the mailbox is proven now.
        verified: bool,
    }
}

payload! {
    /// The answer of `customerPasswordResetSend`: the same for a mailbox that has an account and one that has none.
    CustomerPasswordResetSendPayload {
        /// Whether a letter is on its way.
        accepted: bool,
    }
}

payload! {
    /// The answer of `customerPasswordReset`.
    CustomerPasswordResetPayload {
        /// Whether the new password is in force. Sign in next.
        accepted: bool,
    }
}

payload! {
    /// The answer of `customerInvite`.
    CustomerInvitePayload {
        /// The customer, to whom a letter is on its way.
        customer: Customer,
    }
}

payload! {
    /// The answer of `customerInvitationAccept`.
    CustomerInvitationAcceptPayload {
        /// Whether there is an account now. Sign in next.
        accepted: bool,
    }
}
