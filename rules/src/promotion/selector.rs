//! Which lines a condition or an action is about.

use serde::{Deserialize, Serialize};

use crate::basket::Line;
use crate::ids::{BrandId, CategoryId, CollectionId, ProductId, ProductVariantId, TagId};

/// A choice of lines: those that match one of `any_of` and none of `except`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Selector {
    /// One of these must match; an empty list matches every line.
    #[serde(default)]
    pub any_of: Vec<Target>,
    /// None of these may match.
    #[serde(default)]
    pub except: Vec<Target>,
}

/// One thing that a line can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// The variant itself.
    Variant(ProductVariantId),
    /// A variant of the product.
    Product(ProductId),
    /// Of the brand.
    Brand(BrandId),
    /// In the category, or in one that lies in it.
    Category(CategoryId),
    /// In the collection.
    Collection(CollectionId),
    /// Marked with the tag.
    Tag(TagId),
}

impl Selector {
    /// Every line.
    pub fn everything() -> Self {
        Self::default()
    }

    /// The lines that match one of the targets.
    pub fn any_of(targets: impl IntoIterator<Item = Target>) -> Self {
        Self { any_of: targets.into_iter().collect(), except: Vec::new() }
    }

    /// Whether the line is one of them.
    pub fn matches(&self, line: &Line) -> bool {
        (self.any_of.is_empty() || self.any_of.iter().any(|target| target.matches(line)))
            && !self.except.iter().any(|target| target.matches(line))
    }
}

impl Target {
    /// Whether the line is this.
    pub fn matches(&self, line: &Line) -> bool {
        match self {
            Self::Variant(variant) => line.variant == *variant,
            Self::Product(product) => line.product == *product,
            Self::Brand(brand) => line.brand == Some(*brand),
            Self::Category(category) => line.categories.contains(category),
            Self::Collection(collection) => line.collections.contains(collection),
            Self::Tag(tag) => line.tags.contains(tag),
        }
    }
}
