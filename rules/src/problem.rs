//! What can be wrong with what a caller sent, in a form that the caller can act on.

use std::fmt;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Why a mutation changed nothing. Clients branch on it, so codes are only ever added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)+
        }
    };
}

error_codes! {
    /// A value is missing that must be there.
    Required,
    /// A value is not of the form that this field takes.
    Invalid,
    /// A text is shorter than allowed.
    TooShort,
    /// A text or a list is longer than allowed.
    TooLong,
    /// A number lies outside the allowed range.
    OutOfRange,
    /// Another row of the same store already has this value.
    Taken,
    /// The same value stands twice in the input.
    Duplicate,
    /// A row that the input names is not there.
    NotFound,
    /// The row was changed since it was read: read it again and repeat the change.
    Stale,
    /// The row is in use and can't be removed.
    InUse,
    /// The word is reserved by the system.
    Reserved,
    /// A limit on the number of such rows has been reached.
    LimitReached,
    /// The currency is not one of the store's.
    CurrencyNotEnabled,
    /// A price is needed and there is none.
    NoPrice,
    /// The variants do not fit the product's options.
    OptionMismatch,
    /// The change would close a circle in a tree.
    Cycle,
    /// The e-mail address and the password do not belong together.
    InvalidCredentials,
    /// Too many failed attempts: wait, then try again.
    LockedOut,
    /// The token is not known, was used, or has expired.
    InvalidToken,
    /// The password is too common or too easy to guess.
    PasswordTooWeak,
    /// The caller would give away a permission that it does not hold.
    PermissionNotHeld,
    /// An organization needs an owner: this is the last one.
    LastOwner,
    /// The row is built in and can't be changed.
    BuiltIn,
    /// The operation is switched off by the operator.
    Disabled,
    /// The state of the row does not allow this.
    NotAllowed,
    /// There is no such discount code.
    CodeUnknown,
    /// The discount code can't be used yet.
    CodeNotStarted,
    /// The discount code could be used earlier, and no longer.
    CodeExpired,
    /// The discount code was used as often as it may be.
    CodeUsedUp,
    /// The discount code is for other customers.
    CodeNotForYou,
    /// The discount code does not fit what is in the cart.
    CodeNotForCart,
    /// There is nothing in the cart.
    CartEmpty,
    /// Something in the cart can't be bought any more.
    LineUnavailable,
    /// The total is another one than was agreed to.
    PriceChanged,
    /// There is not enough in stock.
    OutOfStock,
    /// Another zone has this place already.
    PlaceTaken,
    /// The store's tax provider gives no taxes now: try again later.
    TaxUnavailable,
    /// The cart is being paid and can't be changed meanwhile.
    CartLocked,
    /// The cart became an order and can't be changed any more.
    CartCompleted,
    /// The key names another request already: choose a new key.
    IdempotencyKeyReused,
    /// A store needs a location that is active: this is the last one.
    LastLocation,
    /// There is no such gift card.
    GiftCardUnusable,
    /// The gift card has expired.
    GiftCardExpired,
    /// The store has switched the gift card off.
    GiftCardDisabled,
    /// Nothing is left of the gift card, or all of it is being paid with elsewhere.
    GiftCardEmpty,
    /// The gift card is in another currency.
    GiftCardOtherCurrency,
    /// There is less store credit than that.
    StoreCreditShort,
}

/// One thing to mend: which field, what is wrong with it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// What kind of problem it is.
    pub code: ErrorCode,
    /// The way to the input field at fault, from the outside in; list positions as numbers.
    /// Empty where the problem lies with the whole input.
    pub field: Vec<String>,
    /// A sentence for a person, which says what to do.
    pub message: String,
    /// How many units there are, where that is what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<u32>,
}

impl Problem {
    /// A problem with the field at `path`, a dotted way such as `variants.0.sku`; `""` means the whole input.
    pub fn new(code: ErrorCode, path: &str, message: impl Into<String>) -> Self {
        let field = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { code, field, message: message.into(), available: None }
    }

    /// The same problem, with the number of units that there are.
    #[must_use]
    pub fn with_available(mut self, units: u32) -> Self {
        self.available = Some(units);
        self
    }

    /// The same problem, seen from further out: `path` is put before its own.
    #[must_use]
    pub fn under(mut self, path: &str) -> Self {
        let mut field: Vec<String> = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        field.append(&mut self.field);
        self.field = field;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field.join("."))?;
        }
        f.write_str(&self.message)
    }
}

/// Collects every problem of an input, so that a caller mends them all in one go.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Starts with none.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one more.
    pub fn add(&mut self, code: ErrorCode, path: &str, message: impl Into<String>) {
        self.0.push(Problem::new(code, path, message));
    }

    /// Notes a problem that was already made.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Keeps the value of a step that worked; notes the problem of one that did not.
    pub fn keep<T>(&mut self, step: Result<T, Problem>) -> Option<T> {
        step.map_err(|problem| self.0.push(problem)).ok()
    }

    /// Whether none was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends the collecting.
    ///
    /// # Errors
    /// The problems, where there are any.
    pub fn finish(self) -> Result<(), Vec<Problem>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
