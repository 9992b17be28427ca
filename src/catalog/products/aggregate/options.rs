//! Options and their values.

use std::collections::{BTreeMap, BTreeSet};

use entity::catalog::{product_option_values, product_options};
use rules::ids::{ProductOptionValueId, ProductVariantId};
use rules::{ErrorCode, Problems};

use super::super::draft::{MAX_OPTIONS, MAX_VALUES, OptionDraft, Others};
use super::{Mint, OptionState, ProductAggregate};
use crate::kernel::text;

/// What the only variant of a product without options is called.
const ONLY_VARIANT: &str = "Default";

impl ProductAggregate {
    /// Gives the product these options. Options and values that were there under the same names keep
    /// their ids; the variants take the first value of an option that is new. Gives the variants that
    /// are left without a value, because theirs is gone.
    pub fn set_options(
        &mut self,
        wanted: &[OptionDraft],
        others: Others,
        mint: &Mint<'_>,
        problems: &mut Problems,
    ) -> Vec<ProductVariantId> {
        let mut old = std::mem::take(&mut self.options);
        for (index, option) in wanted.iter().enumerate() {
            let mut state = match take(&mut old, |old| same(&old.row.name, &option.name)) {
                Some(state) => state,
                None => self.new_option(mint),
            };
            state.row.name.clone_from(&option.name);
            let mut values = std::mem::take(&mut state.values);
            for name in &option.values {
                let mut value =
                    take(&mut values, |old| same(&old.name, name)).unwrap_or_else(|| new_value(&state.row, mint));
                value.name.clone_from(name);
                state.values.push(value);
            }
            if others == Others::Keep {
                state.values.append(&mut values);
            }
            if state.values.len() > MAX_VALUES {
                let path = format!("options.{index}.values");
                let message = format!("With those that are there, it would have more than {MAX_VALUES} values.");
                problems.add(ErrorCode::LimitReached, &path, message);
            }
            self.options.push(state);
        }
        if others == Others::Keep {
            self.options.append(&mut old);
        }
        if self.options.len() > MAX_OPTIONS {
            let message = format!("With those that are there, it would have more than {MAX_OPTIONS} options.");
            problems.add(ErrorCode::LimitReached, "options", message);
        }
        for (position, option) in (0..).zip(&mut self.options) {
            option.row.position = position;
            for (position, value) in (0..).zip(&mut option.values) {
                value.position = position;
            }
        }
        self.fit_variants()
    }

    /// Brings the variants to the options that there are, and gives those that do not fit.
    fn fit_variants(&mut self) -> Vec<ProductVariantId> {
        let mut lost = Vec::new();
        for variant in &mut self.variants {
            let mut selected = BTreeMap::new();
            for option in &self.options {
                match variant.selected.get(&option.row.id) {
                    Some(value) if option.values.iter().any(|old| old.id == *value) => {
                        selected.insert(option.row.id, *value);
                    }
                    Some(_) => {
                        lost.push(variant.row.id);
                        break;
                    }
                    None => selected.extend(option.values.first().map(|value| (option.row.id, value.id))),
                }
            }
            variant.selected = selected;
        }
        self.name_variants();
        lost
    }

    /// Writes the titles and keys of the variants anew from their values.
    pub(super) fn name_variants(&mut self) {
        for variant in &mut self.variants {
            let mut names = Vec::with_capacity(self.options.len());
            for option in &self.options {
                let value = variant.selected.get(&option.row.id);
                names.extend(option.values.iter().find(|row| Some(&row.id) == value).map(|row| row.name.as_str()));
            }
            variant.row.title = if names.is_empty() { ONLY_VARIANT.to_owned() } else { names.join(" / ") };
            variant.row.option_key = key(variant.selected.values());
        }
    }

    /// The variants that name the same values as one before them.
    pub fn repeated(&self) -> Vec<ProductVariantId> {
        let mut seen = BTreeSet::new();
        let repeated = self.variants.iter().filter(|variant| !seen.insert(variant.row.option_key.clone()));
        repeated.map(|variant| variant.row.id).collect()
    }

    fn new_option(&self, mint: &Mint<'_>) -> OptionState {
        let row = product_options::Model {
            store_id: self.product.store_id,
            id: mint.id(),
            product_id: self.product.id,
            name: String::new(),
            position: 0,
            created_at: mint.now,
            updated_at: mint.now,
        };
        OptionState { row, values: Vec::new() }
    }
}

fn new_value(option: &product_options::Model, mint: &Mint<'_>) -> product_option_values::Model {
    product_option_values::Model {
        store_id: option.store_id,
        id: mint.id(),
        product_id: option.product_id,
        option_id: option.id,
        name: String::new(),
        position: 0,
        created_at: mint.now,
        updated_at: mint.now,
    }
}

/// The key of a set of values: their ids, sorted and joined.
fn key<'a>(values: impl Iterator<Item = &'a ProductOptionValueId>) -> String {
    let mut ids: Vec<String> = values.map(|value| value.0.simple().to_string()).collect();
    ids.sort_unstable();
    ids.join("-")
}

/// Whether two names of options or values mean the same.
pub(super) fn same(left: &str, right: &str) -> bool {
    text::fold(left) == text::fold(right)
}

/// Takes the first that fits out of a list.
pub(super) fn take<T>(list: &mut Vec<T>, fits: impl Fn(&T) -> bool) -> Option<T> {
    list.iter().position(fits).map(|index| list.remove(index))
}
