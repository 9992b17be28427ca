//! How large a document is once its fragments are expanded, counted with each fragment walked once.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Pos, Positioned};

use crate::http::guard::{Limits, Refusal};

/// What one selection set comes to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    /// Selections, spreads and inline fragments counted like fields.
    pub selections: u64,
    /// Fields inside fields.
    pub depth: usize,
    /// Selection sets inside selection sets, those of fragments included.
    pub height: usize,
}

/// Refuses documents that expand too far, go round in circles, or use aliases that are the server's.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Refusal> {
    let mut walk = Walk { document, limits, fragments: HashMap::new() };
    let mut total: u64 = 0;
    for (_, operation) in document.operations.iter() {
        let size = walk.set(&operation.node.selection_set, 1)?;
        total = total.saturating_add(size.selections).saturating_add(1);
        walk.hold(Size { selections: total, ..size })?;
    }
    // Those that no operation uses as well: the engine's validation visits them all.
    for (name, fragment) in &document.fragments {
        let size = walk.fragment(name, fragment.pos, 1)?;
        walk.hold(size)?;
    }
    Ok(())
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    // `None` while the fragment is being walked: meeting it again is a circle.
    fragments: HashMap<&'a str, Option<Size>>,
}

impl<'a> Walk<'a> {
    fn hold(&self, size: Size) -> Result<(), Refusal> {
        if size.selections > self.limits.selections {
            return Err(Refusal::TooManySelections { limit: self.limits.selections });
        }
        if size.depth > self.limits.depth {
            return Err(Refusal::TooDeep { limit: self.limits.depth });
        }
        if size.height > self.limits.nesting {
            return Err(Refusal::NestedTooDeep { limit: self.limits.nesting });
        }
        Ok(())
    }

    // `level` bounds the recursion: a fragment not yet walked is walked from where it is first met.
    fn set(&mut self, set: &'a Positioned<SelectionSet>, level: usize) -> Result<Size, Refusal> {
        if level > self.limits.nesting {
            return Err(Refusal::NestedTooDeep { limit: self.limits.nesting });
        }
        let mut all = Size::default();
        for selection in &set.node.items {
            let one = match &selection.node {
                Selection::Field(field) => {
                    // Only names of the schema begin so; an alias that does could pass for one.
                    if let Some(alias) = field.node.alias.as_ref().filter(|alias| alias.node.starts_with("__")) {
                        return Err(Refusal::ReservedAlias { at: alias.pos });
                    }
                    let inner = self.set(&field.node.selection_set, level + 1)?;
                    Size { depth: inner.depth + 1, ..inner }
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set, level + 1)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, spread.pos, level + 1)?
                }
            };
            all.selections = all.selections.saturating_add(one.selections).saturating_add(1);
            all.depth = all.depth.max(one.depth);
            all.height = all.height.max(one.height);
        }
        if !set.node.items.is_empty() {
            all.height += 1;
        }
        Ok(all)
    }

    fn fragment(&mut self, name: &str, at: Pos, level: usize) -> Result<Size, Refusal> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(Some(size)) => Ok(*size),
            Some(None) => Err(Refusal::FragmentCycle { at }),
            None => {
                self.fragments.insert(name, None);
                let size = self.set(&fragment.node.selection_set, level)?;
                self.fragments.insert(name, Some(size));
                Ok(size)
            }
        }
    }
}
