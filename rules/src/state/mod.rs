//! The lives of checkout, order, payment, fulfillment and return.
//!
//! Owns which event may follow which state, and what has to be done then: each machine takes a state
//! and an event and gives the next state, or a problem. Never does what is to be done; the words of
//! the states stand in `states`.
//!
//! A state that is already there is no error: who cancels twice gets the same answer and nothing is
//! done twice.

pub mod checkout;
pub mod fulfillment;
pub mod order;
pub mod payment;
pub mod return_;
