//! Fulfillments: what is sent, and its way to the buyer (rule F1).

use crate::problem::{ErrorCode, Problem, Problems};
use crate::states::FulfillmentStatus;

/// One line of an order, as far as sending asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sendable {
    /// How many were ordered and not yet sent.
    pub unfulfilled: i64,
    /// How many are on hand at the location that sends; `None` where nothing is counted.
    pub on_hand: Option<i64>,
    /// Whether it is shipped; what is not (a service, a download) does not share a fulfillment.
    pub ships: bool,
}

/// Units of a line that are to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The line's place in the order.
    pub line: usize,
    /// How many.
    pub units: i64,
}

/// Something that happens to a fulfillment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FulfillmentEvent {
    /// It leaves.
    Ship,
    /// It arrives.
    Deliver,
    /// It is called off.
    Cancel,
}

/// What is to be done after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FulfillmentEffect {
    /// Its units are unfulfilled again, and back where they came from.
    FreeLines,
}

/// Whether units can be sent together.
///
/// # Errors
/// Every problem: nothing named, a line named twice or not there, more than is left to send or on
/// hand, and what ships beside what does not.
pub fn check(lines: &[Sendable], wanted: &[Wanted]) -> Result<(), Vec<Problem>> {
    let mut problems = Problems::new();
    if wanted.is_empty() {
        problems.add(ErrorCode::Required, "lines", "name one line at least");
    }
    let mut ships = None;
    for (index, Wanted { line, units }) in wanted.iter().enumerate() {
        let path = format!("lines.{index}");
        let units_path = format!("{path}.quantity");
        let Some(sendable) = lines.get(*line) else {
            problems.add(ErrorCode::NotFound, &path, "the order has no such line");
            continue;
        };
        if wanted[..index].iter().any(|earlier| earlier.line == *line) {
            problems.add(ErrorCode::Duplicate, &path, "the line is named twice: name it once with all its units");
        }
        if *units < 1 {
            problems.add(ErrorCode::OutOfRange, &units_path, "send one unit at least");
        } else if *units > sendable.unfulfilled {
            let message = format!("{} are left to send", sendable.unfulfilled.max(0));
            problems.add(ErrorCode::OutOfRange, &units_path, message);
        } else if let Some(on_hand) = sendable.on_hand.filter(|on_hand| units > on_hand) {
            problems.add(ErrorCode::OutOfStock, &units_path, format!("{} are on hand here", on_hand.max(0)));
        }
        if *ships.get_or_insert(sendable.ships) != sendable.ships {
            let message = "what is shipped and what is not have fulfillments of their own: name them apart";
            problems.add(ErrorCode::Invalid, &path, message);
        }
    }
    problems.finish()
}

/// The status after an event, and what is to be done. An event that has happened already does nothing.
///
/// # Errors
/// `NOT_ALLOWED` where the event can't follow.
pub fn step(
    status: FulfillmentStatus,
    event: FulfillmentEvent,
) -> Result<(FulfillmentStatus, Vec<FulfillmentEffect>), Problem> {
    use FulfillmentEvent as Event;
    use FulfillmentStatus as Status;

    let to = |status| Ok((status, Vec::new()));
    let refuse = |message| Err(Problem::new(ErrorCode::NotAllowed, "", message));
    match (status, event) {
        (Status::Open, Event::Ship) => to(Status::Shipped),
        (Status::Open, Event::Cancel) => Ok((Status::Canceled, vec![FulfillmentEffect::FreeLines])),
        (Status::Open | Status::Shipped, Event::Deliver) => to(Status::Delivered),
        (Status::Shipped, Event::Ship)
        | (Status::Delivered, Event::Ship | Event::Deliver)
        | (Status::Canceled, Event::Cancel) => to(status),
        (Status::Shipped | Status::Delivered, Event::Cancel) => refuse("it has left already: take a return instead"),
        (Status::Canceled, Event::Ship | Event::Deliver) => refuse("it was canceled: make another fulfillment"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(lines: &[Sendable], wanted: &[(usize, i64)]) -> Vec<(ErrorCode, String)> {
        let wanted: Vec<Wanted> = wanted.iter().map(|(line, units)| Wanted { line: *line, units: *units }).collect();
        let problems = check(lines, &wanted).err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.code, problem.field.join("."))).collect()
    }

    #[test]
    fn rule_f1_only_what_is_left_and_on_hand_is_sent_and_not_nothing() {
        let shirt = Sendable { unfulfilled: 3, on_hand: Some(2), ships: true };
        let lines = [shirt, Sendable { on_hand: None, ..shirt }, Sendable { ships: false, on_hand: None, ..shirt }];
        assert_eq!(codes(&lines, &[(0, 2), (1, 3)]), []);
        assert_eq!(codes(&lines, &[(2, 3)]), []);
        let at = |code, path: &str| (code, path.to_owned());
        assert_eq!(codes(&lines, &[]), [at(ErrorCode::Required, "lines")]);
        assert_eq!(codes(&lines, &[(0, 3)]), [at(ErrorCode::OutOfStock, "lines.0.quantity")]);
        assert_eq!(codes(&lines, &[(1, 4)]), [at(ErrorCode::OutOfRange, "lines.0.quantity")]);
        assert_eq!(codes(&lines, &[(1, 0)]), [at(ErrorCode::OutOfRange, "lines.0.quantity")]);
        assert_eq!(codes(&lines, &[(9, 1)]), [at(ErrorCode::NotFound, "lines.0")]);
        assert_eq!(codes(&lines, &[(1, 2), (1, 2)]), [at(ErrorCode::Duplicate, "lines.1")]);
        assert_eq!(codes(&lines, &[(0, 1), (2, 1)]), [at(ErrorCode::Invalid, "lines.1")]);
    }

    #[test]
    fn rule_f1_a_canceled_fulfillment_frees_its_lines_once() {
        use FulfillmentEvent::*;
        use FulfillmentStatus as Status;
        assert_eq!(step(Status::Open, Cancel), Ok((Status::Canceled, vec![FulfillmentEffect::FreeLines])));
        assert_eq!(step(Status::Canceled, Cancel), Ok((Status::Canceled, Vec::new())));
        assert_eq!(step(Status::Open, Ship), Ok((Status::Shipped, Vec::new())));
        assert_eq!(step(Status::Shipped, Deliver), Ok((Status::Delivered, Vec::new())));
        assert_eq!(step(Status::Delivered, Deliver), Ok((Status::Delivered, Vec::new())));
        for (status, event) in [(Status::Shipped, Cancel), (Status::Delivered, Cancel), (Status::Canceled, Ship)] {
            assert_eq!(step(status, event).map_err(|problem| problem.code), Err(ErrorCode::NotAllowed));
        }
    }
}
