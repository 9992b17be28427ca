//! Many futures of one kind, waited for together.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for all of them, in the caller's own task. Each is asked whenever one may go on: those that share a
/// batch go on together, so that a queue of wake-ups would cost more than it saves.
pub(super) struct Together<F: Future>(Vec<State<F>>);

enum State<F: Future> {
    Waiting(Pin<Box<F>>),
    Done(Option<F::Output>),
}

impl<F: Future> Together<F> {
    pub(super) fn new(futures: Vec<F>) -> Self {
        Self(futures.into_iter().map(|future| State::Waiting(Box::pin(future))).collect())
    }
}

/// What is pinned stands in boxes of its own, and the outputs never are.
impl<F: Future> Unpin for Together<F> {}

impl<F: Future> Future for Together<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let mut all_done = true;
        for state in &mut self.0 {
            if let State::Waiting(future) = state {
                match future.as_mut().poll(task) {
                    Poll::Ready(output) => *state = State::Done(Some(output)),
                    Poll::Pending => all_done = false,
                }
            }
        }
        if !all_done {
            return Poll::Pending;
        }
        let outputs = self.0.iter_mut().filter_map(|state| match state {
            State::Done(output) => output.take(),
            State::Waiting(_) => None,
        });
        Poll::Ready(outputs.collect())
    }
}
