//! What stands between a cart and its order (rule C6).

use crate::money::Money;
use crate::problem::{ErrorCode, Problem};
use crate::stock::Short;

/// Why a cart can't become an order (rule C6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// Nobody is named to write to.
    NoEmail,
    /// Something ships, and there is no address.
    NoAddress,
    /// Something ships, and no way is chosen.
    NoShippingMethod,
    /// Lines that can't be bought any more.
    Unavailable {
        /// Their places.
        lines: Vec<usize>,
    },
    /// The total is another one than the buyer agreed to.
    PriceChanged {
        /// What the buyer agreed to.
        agreed: Money,
        /// What it is.
        total: Money,
    },
    /// There is not enough in stock.
    StockShort(Short),
    /// Less is paid than it costs, and the store does not allow it.
    PartlyPaid {
        /// What is missing.
        missing: Money,
    },
}

/// What a cart is looked at for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// How many lines there are.
    pub lines: usize,
    /// Whether there is an e-mail address.
    pub has_email: bool,
    /// Whether there is an address to ship to.
    pub has_address: bool,
    /// Whether something has to be shipped.
    pub ships: bool,
    /// Whether a way to ship is chosen.
    pub has_shipping_method: bool,
    /// The places of lines that can't be bought any more.
    pub unavailable: Vec<usize>,
    /// What the buyer agreed to; `None` where it was not asked.
    pub agreed: Option<Money>,
    /// What it costs.
    pub total: Money,
    /// What is paid of it by this payment and by what was paid before, such as gift cards.
    pub paid: Money,
    /// Whether the store takes less than it costs.
    pub may_be_partly_paid: bool,
    /// What there is not enough of.
    pub short: Vec<Short>,
}

impl Readiness {
    /// Everything that stands in the way, not just the first.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self.lines == 0 {
            refusals.push(Refusal::Empty);
        }
        if !self.has_email {
            refusals.push(Refusal::NoEmail);
        }
        if self.ships && !self.has_address {
            refusals.push(Refusal::NoAddress);
        }
        if self.ships && !self.has_shipping_method {
            refusals.push(Refusal::NoShippingMethod);
        }
        if !self.unavailable.is_empty() {
            refusals.push(Refusal::Unavailable { lines: self.unavailable.clone() });
        }
        if let Some(agreed) = self.agreed.filter(|agreed| *agreed != self.total) {
            refusals.push(Refusal::PriceChanged { agreed, total: self.total });
        }
        refusals.extend(self.short.iter().copied().map(Refusal::StockShort));
        match self.total.checked_sub(self.paid) {
            Ok(missing) if missing.minor() <= 0 || self.may_be_partly_paid => {}
            Ok(missing) => refusals.push(Refusal::PartlyPaid { missing }),
            Err(_) => refusals.push(Refusal::PartlyPaid { missing: self.total }),
        }
        refusals
    }
}

impl Refusal {
    /// What the buyer is told.
    pub fn problem(&self) -> Problem {
        let problem = |code, path: &str, message: String| Problem::new(code, path, message);
        match self {
            Self::Empty => problem(ErrorCode::CartEmpty, "", "the cart is empty: add something".to_owned()),
            Self::NoEmail => problem(ErrorCode::Required, "email", "an e-mail address is needed".to_owned()),
            Self::NoAddress => {
                problem(ErrorCode::Required, "shippingAddress", "an address to ship to is needed".to_owned())
            }
            Self::NoShippingMethod => {
                problem(ErrorCode::Required, "shippingMethod", "choose a shipping method".to_owned())
            }
            Self::Unavailable { lines } => {
                let places: Vec<String> = lines.iter().map(|line| (line + 1).to_string()).collect();
                let message = format!("these lines can't be bought any more, remove them: {}", places.join(", "));
                problem(ErrorCode::LineUnavailable, "lines", message)
            }
            Self::PriceChanged { agreed, total } => {
                let message = format!("the total was {agreed} and is {total} now: look at the cart again");
                problem(ErrorCode::PriceChanged, "", message)
            }
            Self::StockShort(short) => {
                let message = format!("{} are wanted and {} are left: take fewer", short.wanted, short.available);
                problem(ErrorCode::OutOfStock, "lines", message)
            }
            Self::PartlyPaid { missing } => {
                problem(ErrorCode::NotAllowed, "", format!("{missing} are missing to the total: pay the whole of it"))
            }
        }
    }
}
