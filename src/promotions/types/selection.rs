//! How a choice of lines looks in the schema.

use rules::ids::{BrandId, CategoryId, CollectionId, ProductId, ProductVariantId, TagId};
use rules::promotion::{Selector, Target};

use crate::catalog::brands::{Brand, BrandById};
use crate::catalog::categories::{Category, CategoryById};
use crate::catalog::collections::{self, Collection, CollectionById};
use crate::catalog::products::{Product, ProductById, Viewer};
use crate::catalog::tags::{Tag, TagById};
use crate::catalog::variants::ProductVariant;
use crate::gate::directives::cost;
use crate::kernel::graph::{Load, object};
use crate::kernel::{ById, Ctx, Result};

/// A choice of lines: those that are one of some things, and none of others.
#[object]
#[derive(Clone)]
pub struct LineSelection {
    /// It as a sentence.
    summary: String,
    /// One of these must match; none means every line. At most 250.
    #[graphql(directive = cost::apply(1, Some(5)))]
    any_of: Vec<PromotionTarget>,
    /// None of these may match. At most 250.
    #[graphql(directive = cost::apply(1, Some(5)))]
    except: Vec<PromotionTarget>,
}

impl From<Selector> for LineSelection {
    fn from(selector: Selector) -> Self {
        let targets = |targets: Vec<Target>| targets.into_iter().map(PromotionTarget).collect();
        Self { summary: selector.to_string(), any_of: targets(selector.any_of), except: targets(selector.except) }
    }
}

/// One thing that a line can be. One of the ids is there; what it names is null where it was deleted, or is not
/// yours to see.
#[derive(Clone, Copy)]
pub struct PromotionTarget(Target);

/// One thing that a line can be. One of the ids is there; what it names is null where it was deleted, or is not
/// yours to see.
#[object]
impl PromotionTarget {
    /// The variant itself.
    fn variant_id(&self) -> Option<ProductVariantId> {
        if let Target::Variant(id) = self.0 { Some(id) } else { None }
    }

    /// A variant of this product.
    fn product_id(&self) -> Option<ProductId> {
        if let Target::Product(id) = self.0 { Some(id) } else { None }
    }

    /// Of this brand.
    fn brand_id(&self) -> Option<BrandId> {
        if let Target::Brand(id) = self.0 { Some(id) } else { None }
    }

    /// In this category, or in one that lies in it.
    fn category_id(&self) -> Option<CategoryId> {
        if let Target::Category(id) = self.0 { Some(id) } else { None }
    }

    /// In this collection.
    fn collection_id(&self) -> Option<CollectionId> {
        if let Target::Collection(id) = self.0 { Some(id) } else { None }
    }

    /// Marked with this tag.
    fn tag_id(&self) -> Option<TagId> {
        if let Target::Tag(id) = self.0 { Some(id) } else { None }
    }

    /// The variant.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        match self.variant_id() {
            Some(id) => ProductVariant::by_id(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The product.
    fn product(&self, ctx: &Ctx) -> Load<ProductById, Option<Product>> {
        let viewer = Viewer::of(ctx);
        Load::<ProductById, _>::maybe(self.product_id(), move |row| row.filter(|row| viewer.sees(row)).map(Product))
    }

    /// The brand.
    fn brand(&self) -> Load<BrandById, Option<Brand>> {
        Load::<BrandById, _>::maybe(self.brand_id(), |row| row.filter(|row| row.deleted_at.is_none()).map(Brand))
    }

    /// The category.
    fn category(&self) -> Load<CategoryById, Option<Category>> {
        Load::<CategoryById, _>::maybe(self.category_id(), |row| {
            row.filter(|row| row.deleted_at.is_none()).map(Category)
        })
    }

    /// The collection.
    fn collection(&self, ctx: &Ctx) -> Load<CollectionById, Option<Collection>> {
        let ctx = ctx.clone();
        Load::<CollectionById, _>::maybe(self.collection_id(), move |row| {
            row.filter(|row| collections::is_shown(&ctx, row)).map(Collection)
        })
    }

    /// The tag.
    fn tag(&self) -> Load<TagById, Option<Tag>> {
        Load::<TagById, _>::maybe(self.tag_id(), |row| row.map(Tag))
    }
}
