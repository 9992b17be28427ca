//! Money, which the pure rules own, as an object of the graph.

use rules::Money;

use super::at::{At, Step};
use super::output::{Later, LeafValues, Output, Values};
use super::{Object, output};

impl Object for Money {
    const NAME: &'static str = "Money";

    fn field(name: &str) -> Option<usize> {
        match name {
            "amount" => Some(0),
            "currencyCode" => Some(1),
            _ => None,
        }
    }

    fn column<'x>(objects: &'x [&'x Self], field: usize, at: At<'x>) -> Step<'x> {
        match field {
            0 => Values(objects.iter().map(|money| money.amount()).collect()).column(at),
            _ => Values(objects.iter().map(|money| money.currency()).collect()).column(at),
        }
    }
}

impl Output for Money {
    fn write<'x>(values: Vec<&'x Self>, at: At<'x>) -> Later<'x> {
        output::objects(values, at)
    }
}
