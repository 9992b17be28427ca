//! Which promotions stand beside each other (rule P4).
//!
//! Each promotion that excludes another is in turn given the first place; those that may join it do,
//! the one that is worth most alone first. The sets that come out of it are applied whole, and the
//! buyer gets the one that is worth most. So where two exclude each other the better for the buyer
//! wins, and two small ones that go together win over a larger one that stands alone.

use std::cmp::Reverse;

use super::Promotion;
use super::engine::{Engine, Outcome};
use super::explanation::{Decision, SkipReason};
use super::proposal::Nothing;
use crate::money::{Money, MoneyError};

/// How many sets are applied at the most: those whose members are worth most, each alone. Bounds the
/// work, however many promotions a store runs.
const SETS: usize = 8;

/// What comes of each promotion, in their order.
pub(super) fn decide(engine: &Engine<'_>) -> Result<Vec<Decision>, MoneyError> {
    let untouched = engine.untouched()?;
    // What each is worth alone; a reason for those that can't be applied at all.
    let mut alone: Vec<Result<Money, SkipReason>> = Vec::with_capacity(engine.promotions.len());
    for (index, promotion) in engine.promotions.iter().enumerate() {
        alone.push(match engine.attempt(index, &untouched) {
            Ok(attempt) => Ok(attempt.worth),
            Err(Nothing::Broken(error)) => return Err(error),
            Err(Nothing::Skip(SkipReason::Condition { .. })) if promotion.condition.may_hold_later() => {
                Ok(Money::zero(engine.currency()))
            }
            Err(Nothing::Skip(reason)) => Err(reason),
        });
    }
    let candidates = Candidates::new(engine, &alone);
    let best = candidates.best_set()?;

    let mut decisions: Vec<Option<Decision>> = vec![None; engine.promotions.len()];
    for (index, reason) in best.dropped {
        decisions[index] = Some(Decision::Skipped { reason });
    }
    for (index, decision) in best.outcome.decisions {
        decisions[index] = Some(decision);
    }
    let mut applied: Vec<usize> =
        (0..decisions.len()).filter(|index| decisions[*index].as_ref().is_some_and(Decision::is_applied)).collect();
    applied.sort_by_key(|index| candidates.by_worth(*index));

    let why_not = |index: usize| match &alone[index] {
        Err(reason) => reason.clone(),
        Ok(_) => {
            let better = applied.iter().find(|by| candidates.exclusions.between(**by, index));
            // All that could join was in the set, so that there is one.
            better.map_or(SkipReason::NothingToReduce, |by| SkipReason::Outdone { by: engine.promotions[*by].id })
        }
    };
    let decide = |(index, decision): (usize, Option<Decision>)| {
        decision.unwrap_or_else(|| Decision::Skipped { reason: why_not(index) })
    };
    Ok(decisions.into_iter().enumerate().map(decide).collect())
}

/// A set that was applied.
struct Tried {
    outcome: Outcome,
    /// Members that could not be applied beside the others, and left room for those they exclude.
    dropped: Vec<(usize, SkipReason)>,
}

/// The promotions that can be applied.
struct Candidates<'a> {
    engine: &'a Engine<'a>,
    worth: Vec<Money>,
    exclusions: Exclusions,
    /// Those that exclude nobody; they are members of every set.
    free: Vec<usize>,
    /// Those that exclude one another, the best alone first.
    contested: Vec<usize>,
}

/// Who excludes whom, worked out once.
struct Exclusions {
    count: usize,
    excludes: Vec<bool>,
}

impl Exclusions {
    /// Only those among `candidates` are looked at.
    fn new(promotions: &[&Promotion], candidates: &[usize]) -> Self {
        let count = promotions.len();
        let mut excludes = vec![false; count * count];
        for (place, one) in candidates.iter().enumerate() {
            for other in &candidates[..place] {
                let exclude = promotions[*one].excludes(promotions[*other]);
                excludes[one * count + other] = exclude;
                excludes[other * count + one] = exclude;
            }
        }
        Self { count, excludes }
    }

    fn between(&self, one: usize, other: usize) -> bool {
        self.excludes[one * self.count + other]
    }
}

impl<'a> Candidates<'a> {
    fn new(engine: &'a Engine<'a>, alone: &[Result<Money, SkipReason>]) -> Self {
        let nothing = Money::zero(engine.currency());
        let worth = alone.iter().map(|worth| worth.as_ref().map_or(nothing, |worth| *worth)).collect();
        let all: Vec<usize> = (0..alone.len()).filter(|index| alone[*index].is_ok()).collect();
        let exclusions = Exclusions::new(engine.promotions, &all);
        let is_free = |index: &usize| !all.iter().any(|other| exclusions.between(*index, *other));
        let (free, contested) = all.iter().copied().partition(is_free);
        let mut candidates = Self { engine, worth, exclusions, free, contested };
        let mut contested = std::mem::take(&mut candidates.contested);
        contested.sort_by_key(|index| candidates.by_worth(*index));
        candidates.contested = contested;
        candidates
    }

    /// The best alone first, ties by priority, age and id.
    fn by_worth(&self, index: usize) -> impl Ord + use<> {
        (Reverse(self.worth[index].minor()), self.engine.promotions[index].rank())
    }

    /// The set that is worth most to the buyer; of equal ones that whose first place is the earliest.
    fn best_set(&self) -> Result<Tried, MoneyError> {
        let mut first_places = self.contested.clone();
        first_places.sort_by_key(|index| self.engine.promotions[*index].rank());
        let mut sets: Vec<(usize, Vec<usize>)> = Vec::new();
        for first in first_places {
            let members = self.members(Some(first), &[]);
            if !sets.iter().any(|(_, known)| *known == members) {
                sets.push((first, members));
            }
        }
        if sets.len() > SETS {
            let worth = |members: &[usize]| -> i128 {
                members.iter().map(|index| i128::from(self.worth[*index].minor())).sum()
            };
            let mut by_worth: Vec<usize> = (0..sets.len()).collect();
            by_worth.sort_by_cached_key(|place| Reverse(worth(&sets[*place].1)));
            let kept = &by_worth[..SETS];
            let keep = |(place, set)| kept.contains(&place).then_some(set);
            sets = sets.into_iter().enumerate().filter_map(keep).collect();
        }
        let mut best: Option<Tried> = None;
        for (first, members) in sets {
            let tried = self.try_set(first, &members)?;
            let is_better = |best: &Tried| tried.outcome.worth.minor() > best.outcome.worth.minor();
            if best.as_ref().is_none_or(is_better) {
                best = Some(tried);
            }
        }
        match best {
            Some(best) => Ok(best),
            None => Ok(Tried { outcome: self.engine.apply(&self.members(None, &[]))?, dropped: Vec::new() }),
        }
    }

    /// The set with `first` in it, and all that may join; in the order in which they are applied.
    fn members(&self, first: Option<usize>, without: &[(usize, SkipReason)]) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        for index in first.into_iter().chain(self.contested.iter().copied()) {
            let dropped = without.iter().any(|(dropped, _)| *dropped == index);
            let excluded = |other: &usize| *other == index || self.exclusions.between(*other, index);
            if !dropped && !chosen.iter().any(excluded) {
                chosen.push(index);
            }
        }
        let mut members = [self.free.as_slice(), &chosen].concat();
        members.sort_unstable();
        members
    }

    /// Applies a set. A member that the others leave nothing to apply to makes room for those that it
    /// excluded, until all that are left can be applied.
    fn try_set(&self, first: usize, members: &[usize]) -> Result<Tried, MoneyError> {
        let mut dropped: Vec<(usize, SkipReason)> = Vec::new();
        let mut outcome = self.engine.apply(members)?;
        loop {
            let before = dropped.len();
            for (index, decision) in &outcome.decisions {
                if let Decision::Skipped { reason } = decision
                    && self.contested.contains(index)
                {
                    dropped.push((*index, reason.clone()));
                }
            }
            if dropped.len() == before {
                return Ok(Tried { outcome, dropped });
            }
            outcome = self.engine.apply(&self.members(Some(first), &dropped))?;
        }
    }
}
