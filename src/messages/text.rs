//! What letters say.

use rules::states::EmailTemplate;

use super::secret::one_time;
use super::store::Claimed;
use super::transport::Mail;
use crate::identity::secret::Kind;
use crate::kernel::settings::SecretKey;

/// The kind of secret that a letter carries.
fn kind(template: EmailTemplate) -> Option<Kind> {
    match template {
        EmailTemplate::CustomerEmailVerification => Some(Kind::EmailVerification),
        EmailTemplate::CustomerPasswordReset => Some(Kind::PasswordReset),
        EmailTemplate::CustomerInvitation => Some(Kind::CustomerInvitation),
        EmailTemplate::OrderLookup => Some(Kind::Order),
        EmailTemplate::CustomerPasswordResetUnknown
        | EmailTemplate::CustomerSignUpRepeated
        | EmailTemplate::CustomerPasswordChanged
        | EmailTemplate::OrderLookupUnknown => None,
    }
}

/// Where the storefront takes what a letter proves. It stands behind the `#`, which no browser sends to anybody.
fn page(template: EmailTemplate) -> &'static str {
    match template {
        EmailTemplate::CustomerEmailVerification => "account/verify-email",
        EmailTemplate::CustomerPasswordReset => "account/reset-password",
        EmailTemplate::CustomerInvitation => "account/accept-invitation",
        EmailTemplate::OrderLookup => "orders/show",
        EmailTemplate::OrderLookupUnknown => "orders/look-up",
        EmailTemplate::CustomerPasswordResetUnknown
        | EmailTemplate::CustomerSignUpRepeated
        | EmailTemplate::CustomerPasswordChanged => "account",
    }
}

/// Writes a letter.
pub fn compose(letter: &Claimed, key: &SecretKey) -> Mail {
    let store = &letter.store_name;
    let secret = kind(letter.template)
        .zip(letter.token)
        .map(|(kind, token)| one_time(key, kind, letter.store, token).expose().to_owned());
    let (subject, says) = match letter.template {
        EmailTemplate::CustomerEmailVerification => {
            (format!("Confirm your e-mail address at {store}"), "Please confirm that this is your e-mail address.")
        }
        EmailTemplate::CustomerPasswordReset => (
            format!("Choose a new password at {store}"),
            "Somebody asked for a new password for your account. If it was you, choose one; otherwise nothing has \
             changed, and there is nothing to do.",
        ),
        EmailTemplate::CustomerPasswordResetUnknown => (
            format!("Your request at {store}"),
            "Somebody asked for a new password for this e-mail address. There is no account with it; if it was you, \
             you may have used another address, or you can sign up.",
        ),
        EmailTemplate::CustomerInvitation => {
            (format!("Your account at {store}"), "You are invited to make an account: choose a password.")
        }
        EmailTemplate::CustomerSignUpRepeated => (
            format!("You have an account at {store}"),
            "Somebody signed up with this e-mail address, which has an account already. If it was you, sign in, or \
             ask for a new password if you have forgotten it; otherwise there is nothing to do.",
        ),
        EmailTemplate::CustomerPasswordChanged => (
            format!("Your password at {store} was changed"),
            "The password of your account was changed. If it was not you, ask for a new password at once.",
        ),
        EmailTemplate::OrderLookup => (
            format!("Your order at {store}"),
            "Somebody asked to see an order that was placed with this e-mail address. If it was you, this shows it for \
             an hour; otherwise there is nothing to do.",
        ),
        EmailTemplate::OrderLookupUnknown => (
            format!("Your request at {store}"),
            "Somebody asked to see an order that was placed with this e-mail address. There is none with that number; \
             if it was you, look at the number again, or try another address.",
        ),
    };
    let greeting = letter.name.as_ref().map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
    let mut lines = vec![greeting, String::new(), says.to_owned(), String::new()];
    match (&secret, &letter.host) {
        (Some(secret), Some(host)) => lines.push(format!("https://{host}/{}#token={secret}", page(letter.template))),
        (Some(secret), None) => lines.push(format!("Your code: {secret}")),
        (None, Some(host)) => lines.push(format!("https://{host}/{}", page(letter.template))),
        (None, None) => {}
    }
    lines.extend([String::new(), store.clone()]);
    Mail {
        id: letter.id,
        to: letter.recipient.clone(),
        from_name: store.clone(),
        subject,
        text: lines.join("\n"),
        written_at: letter.created_at,
    }
}
