//! A choice of lines, as it is sent.

use async_graphql::{InputObject, OneofObject};
use rules::ids::{BrandId, CategoryId, CollectionId, ProductId, ProductVariantId, TagId};
use rules::promotion::{Selector, Target};

use super::super::references::Reference;
use super::Reader;

/// A choice of lines: those that are one of some things, and none of others. Every line where nothing is given.
#[derive(InputObject, Clone, Default)]
pub struct LineSelectionInput {
    /// One of these must match; every line does where there is none. At most 250.
    #[graphql(default)]
    pub any_of: Vec<PromotionTargetInput>,
    /// None of these may match. At most 250.
    #[graphql(default)]
    pub except: Vec<PromotionTargetInput>,
}

impl LineSelectionInput {
    /// As the rules have it.
    pub fn read(&self, path: &str, reader: &mut Reader<'_>) -> Selector {
        let mut targets = |field: &str, list: &[PromotionTargetInput]| {
            let path = format!("{path}.{field}");
            let mut targets = Vec::with_capacity(list.len());
            for (place, target) in reader.list(&path, list).iter().enumerate() {
                let (target, field) = target.read();
                reader.name(format!("{path}.{place}.{field}"), Reference::Target(target));
                targets.push(target);
            }
            targets
        };
        Selector { any_of: targets("anyOf", &self.any_of), except: targets("except", &self.except) }
    }
}

/// One thing that a line can be.
#[derive(OneofObject, Clone, Copy)]
pub enum PromotionTargetInput {
    /// The variant itself.
    #[graphql(name = "variantId")]
    Variant(ProductVariantId),
    /// A variant of this product.
    #[graphql(name = "productId")]
    Product(ProductId),
    /// Of this brand.
    #[graphql(name = "brandId")]
    Brand(BrandId),
    /// In this category, or in one that lies in it.
    #[graphql(name = "categoryId")]
    Category(CategoryId),
    /// In this collection.
    #[graphql(name = "collectionId")]
    Collection(CollectionId),
    /// Marked with this tag.
    #[graphql(name = "tagId")]
    Tag(TagId),
}

impl PromotionTargetInput {
    /// As the rules have it, with the name of the field.
    fn read(self) -> (Target, &'static str) {
        match self {
            Self::Variant(id) => (Target::Variant(id), "variantId"),
            Self::Product(id) => (Target::Product(id), "productId"),
            Self::Brand(id) => (Target::Brand(id), "brandId"),
            Self::Category(id) => (Target::Category(id), "categoryId"),
            Self::Collection(id) => (Target::Collection(id), "collectionId"),
            Self::Tag(id) => (Target::Tag(id), "tagId"),
        }
    }
}
