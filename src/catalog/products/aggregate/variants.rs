//! What can be bought.

use std::collections::BTreeMap;

use entity::catalog::product_variants;
use rules::ids::{ProductOptionId, ProductOptionValueId, ProductVariantId};
use rules::{ErrorCode, Problems};

use super::super::draft::{Change, MAX_VARIANTS, MediaChoice, Others, SelectedOption, VariantDraft, VariantTarget};
use super::options::same;
use super::{Mint, ProductAggregate, VariantState};
use crate::kernel::text;

type Selection = BTreeMap<ProductOptionId, ProductOptionValueId>;

impl ProductAggregate {
    /// Adds and changes variants. Gives their ids in the order of the drafts; `at` says where each draft
    /// stands in the input.
    pub fn put_variants(
        &mut self,
        drafts: &[VariantDraft],
        at: fn(usize) -> String,
        mint: &Mint<'_>,
        problems: &mut Problems,
    ) -> Vec<ProductVariantId> {
        let mut touched: Vec<ProductVariantId> = Vec::with_capacity(drafts.len());
        let mut paths: BTreeMap<ProductVariantId, String> = BTreeMap::new();
        for (index, draft) in drafts.iter().enumerate() {
            let path = at(index);
            let Some(place) = self.place_of(draft, &path, mint, problems) else { continue };
            let id = self.variants[place].row.id;
            if paths.insert(id, path.clone()).is_some() {
                problems.add(ErrorCode::Duplicate, &path, "This variant stands in the input already: name it once.");
                continue;
            }
            touched.push(id);
            self.put_variant(place, draft, &path, problems);
        }
        self.name_variants();
        self.tell_repeated(&paths, problems);
        if self.variants.len() > MAX_VARIANTS {
            let message = format!("The product would have more than {MAX_VARIANTS} variants.");
            problems.add(ErrorCode::LimitReached, "variants", message);
        }
        touched
    }

    /// Takes one variant away. The last one stays: a product is sold as something.
    pub fn remove_variant(&mut self, id: ProductVariantId, problems: &mut Problems) {
        self.variants.retain(|variant| variant.row.id != id);
        if self.variants.is_empty() {
            let message = "A product keeps its last variant: delete the product, or create another variant first.";
            problems.add(ErrorCode::NotAllowed, "", message);
        }
    }

    /// Puts the variants into the order of a draft; those that it does not name follow, or go.
    pub(super) fn order_variants(&mut self, named: &[ProductVariantId], others: Others) {
        if named.is_empty() {
            return;
        }
        let place = |id: ProductVariantId| named.iter().position(|named| *named == id);
        if others == Others::Remove {
            self.variants.retain(|variant| place(variant.row.id).is_some());
        }
        self.variants.sort_by_key(|variant| place(variant.row.id).unwrap_or(usize::MAX));
        for (position, variant) in (0..).zip(&mut self.variants) {
            variant.row.position = position;
        }
    }

    /// Where the variant of a draft stands; it is added where it is new.
    fn place_of(
        &mut self,
        draft: &VariantDraft,
        path: &str,
        mint: &Mint<'_>,
        problems: &mut Problems,
    ) -> Option<usize> {
        if let VariantTarget::Existing(id) = draft.target {
            let place = self.variants.iter().position(|variant| variant.row.id == id);
            if place.is_none() {
                problems.add(ErrorCode::NotFound, &format!("{path}.id"), "There is no such variant here.");
            }
            return place;
        }
        let selected = self.selection(draft.selected_options.set().map_or(&[], Vec::as_slice), path, problems)?;
        let there = self.variants.iter().position(|variant| variant.selected == selected);
        match there {
            Some(place) if draft.target == VariantTarget::Matching => Some(place),
            _ => {
                self.variants.push(self.new_variant(selected, mint));
                Some(self.variants.len() - 1)
            }
        }
    }

    fn put_variant(&mut self, place: usize, draft: &VariantDraft, path: &str, problems: &mut Problems) {
        let media = match draft.media.set() {
            None => Change::Keep,
            Some(None) => Change::Set(None),
            Some(Some(choice)) => {
                let (medium, field) = match choice {
                    MediaChoice::Id(id) => (self.media.iter().find(|medium| medium.id == *id), "mediaId"),
                    MediaChoice::Url(url) => (self.media.iter().find(|medium| medium.url == *url), "mediaUrl"),
                };
                if medium.is_none() {
                    let path = format!("{path}.{field}");
                    problems.add(ErrorCode::NotFound, &path, "The product has no such medium.");
                }
                Change::Set(medium.map(|medium| medium.id))
            }
        };
        let selected = match (&draft.target, draft.selected_options.set()) {
            (VariantTarget::Existing(_), Some(selected)) => self.selection(selected, path, problems),
            _ => None,
        };
        let variant = &mut self.variants[place];
        if let Some(selected) = selected {
            variant.selected = selected;
        }
        let row = &mut variant.row;
        if let Some(sku) = draft.sku.set() {
            row.sku_normalized = sku.as_deref().map(text::fold);
            row.sku.clone_from(sku);
        }
        if let Some(cost) = draft.cost.set() {
            row.cost_amount = cost.map(rules::Money::minor);
            row.cost_currency = cost.map(rules::Money::currency);
        }
        draft.barcode.put(&mut row.barcode);
        draft.weight_grams.put(&mut row.weight_grams);
        draft.requires_shipping.put(&mut row.requires_shipping);
        draft.taxable.put(&mut row.taxable);
        draft.tax_category_id.put(&mut row.tax_category_id);
        draft.tax_code.put(&mut row.tax_code);
        draft.external_id.put(&mut row.external_id);
        media.put(&mut row.media_id);
    }

    /// Reads one value of every option.
    fn selection(&self, selected: &[SelectedOption], path: &str, problems: &mut Problems) -> Option<Selection> {
        let path = format!("{path}.selectedOptions");
        let mut selection = Selection::new();
        let mut fits = true;
        for (index, choice) in selected.iter().enumerate() {
            let path = format!("{path}.{index}");
            let mut mismatch = |field: &str, message: &str| {
                problems.add(ErrorCode::OptionMismatch, &format!("{path}.{field}"), message);
                fits = false;
            };
            let Some(option) = self.options.iter().find(|option| same(&option.row.name, &choice.name)) else {
                mismatch("name", "The product has no such option.");
                continue;
            };
            let Some(value) = option.values.iter().find(|value| same(&value.name, &choice.value)) else {
                mismatch("value", "The option has no such value.");
                continue;
            };
            if selection.insert(option.row.id, value.id).is_some() {
                mismatch("name", "Name each option once.");
            }
        }
        if fits && selection.len() < self.options.len() {
            let missing = self.options.iter().filter(|option| !selection.contains_key(&option.row.id));
            let names: Vec<&str> = missing.map(|option| option.row.name.as_str()).collect();
            let message = format!("Name a value of every option; missing: {}.", names.join(", "));
            problems.add(ErrorCode::OptionMismatch, &path, message);
            fits = false;
        }
        fits.then_some(selection)
    }

    /// Notes variants that can't stand beside each other: the same values, or the same stock number.
    /// `paths` says where in the input a variant stands.
    fn tell_repeated(&self, paths: &BTreeMap<ProductVariantId, String>, problems: &mut Problems) {
        let mut by_key: BTreeMap<&str, Vec<ProductVariantId>> = BTreeMap::new();
        let mut by_sku: BTreeMap<&str, Vec<ProductVariantId>> = BTreeMap::new();
        for variant in &self.variants {
            by_key.entry(&variant.row.option_key).or_default().push(variant.row.id);
            if let Some(sku) = &variant.row.sku_normalized {
                by_sku.entry(sku).or_default().push(variant.row.id);
            }
        }
        let mut tell = |field: &str, what: &str, ids: &[ProductVariantId]| {
            let named: Vec<&String> = ids.iter().filter_map(|id| paths.get(id)).collect();
            if ids.len() < 2 || named.is_empty() {
                return;
            }
            // The first one in the input may have it, unless one that is not in the input has it already.
            let (code, told) = match named.len() == ids.len() {
                true => (ErrorCode::Duplicate, &named[1..]),
                false => (ErrorCode::Taken, &named[..]),
            };
            for path in told {
                problems.add(code, &format!("{path}.{field}"), format!("Another variant has {what}."));
            }
        };
        for ids in by_key.values() {
            tell("selectedOptions", "the same option values: choose different ones", ids);
        }
        for ids in by_sku.values() {
            tell("sku", "this SKU: choose a different one", ids);
        }
    }

    fn new_variant(&self, selected: Selection, mint: &Mint<'_>) -> VariantState {
        let last = self.variants.iter().map(|variant| variant.row.position).max();
        let row = product_variants::Model {
            store_id: self.product.store_id,
            id: mint.id(),
            product_id: self.product.id,
            title: String::new(),
            option_key: String::new(),
            sku: None,
            sku_normalized: None,
            barcode: None,
            weight_grams: None,
            requires_shipping: true,
            taxable: true,
            tax_category_id: None,
            tax_code: None,
            cost_amount: None,
            cost_currency: None,
            media_id: None,
            position: last.map_or(0, |last| last + 1),
            external_id: None,
            version: 1,
            created_at: mint.now,
            updated_at: mint.now,
            deleted_at: None,
        };
        VariantState { row, selected }
    }
}
