//! Seats: how many live connections there may be, in all and of one caller (attack G26).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::http::{limits::LiveLimits, refusal::Refusal};

/// The seats of one server.
pub(super) struct Seats {
    most: usize,
    most_of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_caller: HashMap<Box<str>, usize>,
}

impl Seats {
    pub(super) fn new(limits: &LiveLimits) -> Self {
        Self { most: limits.connections, most_of_one: limits.connections_of_one, taken: Mutex::default() }
    }

    pub(super) fn take(seats: &Arc<Self>, caller: &str) -> Result<Seat, Refusal> {
        let mut taken = seats.taken();
        if taken.all >= seats.most {
            return Err(Refusal::Overloaded);
        }
        let of_one = taken.by_caller.get(caller).copied().unwrap_or_default();
        if of_one >= seats.most_of_one {
            return Err(Refusal::TooManyLive);
        }
        taken.by_caller.insert(caller.into(), of_one + 1);
        taken.all += 1;
        Ok(Seat { seats: Arc::clone(seats), caller: caller.into() })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn leave(&mut self, caller: &str) {
        self.all = self.all.saturating_sub(1);
        if let Some(of_one) = self.by_caller.get_mut(caller) {
            *of_one -= 1;
            if *of_one == 0 {
                self.by_caller.remove(caller);
            }
        }
    }
}

/// One seat; given back when it is dropped.
pub(in crate::http) struct Seat {
    seats: Arc<Seats>,
    caller: Box<str>,
}

impl Seat {
    /// Gives the seat to whom it turned out to be for.
    ///
    /// # Errors
    /// [`Refusal::TooManyLive`] where that caller has no seat left.
    pub(super) fn pass_to(&mut self, caller: &str) -> Result<(), Refusal> {
        if *self.caller == *caller {
            return Ok(());
        }
        let mut taken = self.seats.taken();
        let of_one = taken.by_caller.get(caller).copied().unwrap_or_default();
        if of_one >= self.seats.most_of_one {
            return Err(Refusal::TooManyLive);
        }
        taken.leave(&self.caller);
        taken.all += 1;
        taken.by_caller.insert(caller.into(), of_one + 1);
        drop(taken);
        self.caller = caller.into();
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken().leave(&self.caller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(most: usize, most_of_one: usize) -> Arc<Seats> {
        let limits = LiveLimits { connections: most, connections_of_one: most_of_one, ..LiveLimits::default() };
        Arc::new(Seats::new(&limits))
    }

    #[test]
    fn attack_g26_nobody_takes_more_seats_than_there_are() {
        let seats = seats(3, 2);
        let taken = [Seats::take(&seats, "a"), Seats::take(&seats, "a"), Seats::take(&seats, "b")];
        assert!(taken.iter().all(Result::is_ok));
        assert_eq!(Seats::take(&seats, "c").err(), Some(Refusal::Overloaded));
        drop(taken);
        assert!(Seats::take(&seats, "c").is_ok());
        assert!(seats.taken().by_caller.is_empty(), "who left is forgotten");
    }

    #[test]
    fn attack_g26_a_seat_that_is_passed_on_counts_for_whom_it_went_to() {
        let seats = seats(9, 1);
        let mut first = Seats::take(&seats, "address").unwrap();
        first.pass_to("user").unwrap();
        let mut second = Seats::take(&seats, "address").unwrap();
        assert_eq!(second.pass_to("user"), Err(Refusal::TooManyLive));
        assert_eq!(Seats::take(&seats, "address").err(), Some(Refusal::TooManyLive), "it stays where it was");
        drop(first);
        assert_eq!(second.pass_to("user"), Ok(()));
        assert_eq!(seats.taken().all, 1);
    }
}
