//! How categories look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::catalog::categories;
use rules::ids::CategoryId;
use rules::permission::Permission;

use super::loaders::{AncestorsByCategory, CategoriesByParent, CategoryById};
use super::store::CategoryFilter;
use crate::catalog::products::{Parent, ProductConnection, ProductSort, ProductsInside};
use crate::gate::directives::{cost, requires};
use crate::kernel::graph::{Load, object};
use crate::kernel::page::PageArgs;
use crate::kernel::{Ctx, Result};
use crate::{connection, payload};

/// A place in the store's tree, where products stand.
#[derive(Clone)]
pub struct Category(pub Arc<categories::Model>);

impl From<categories::Model> for Category {
    fn from(row: categories::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A place in the store's tree, where products stand.
#[object]
impl Category {
    /// The category's id.
    fn id(&self) -> CategoryId {
        self.0.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The name in addresses; unique in the store.
    fn slug(&self) -> &str {
        &self.0.slug
    }

    /// What the category is about, as HTML that is safe to show.
    fn description_html(&self) -> Option<&str> {
        self.0.description_html.as_deref()
    }

    /// The place among the categories under the same parent, from 0.
    fn position(&self) -> i32 {
        self.0.position
    }

    /// How many categories stand above it.
    fn depth(&self) -> i32 {
        self.0.depth
    }

    /// The category above. Null at the top of the tree.
    fn parent(&self) -> Load<CategoryById, Option<Category>> {
        Load::<CategoryById, _>::maybe(self.0.parent_id, |parent| {
            parent.filter(|row| row.deleted_at.is_none()).map(Category)
        })
    }

    /// The categories directly below, in the merchant's order; 250 at the most.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn children(&self) -> Load<CategoriesByParent, Vec<Category>> {
        Load::<CategoriesByParent, _>::of(self.0.id, |children| children.into_iter().map(Category).collect())
    }

    /// The way here from the top of the tree, without the category itself; 7 at the most.
    #[graphql(directive = cost::apply(1, Some(7)))]
    fn ancestors(&self) -> Load<AncestorsByCategory, Vec<Category>> {
        if self.0.parent_id.is_none() {
            return Load::known(Vec::new());
        }
        Load::<AncestorsByCategory, _>::of(self.0.id, |ancestors| ancestors.into_iter().map(Category).collect())
    }

    /// The products that stand in it. Storefronts see those that are active and published.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    fn products(
        &self,
        ctx: &Ctx,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Whether those in the categories below count too.", default = true)] include_descendants: bool,
        #[graphql(desc = "In which order.", default)] sort: ProductSort,
    ) -> Result<Load<ProductsInside, Option<ProductConnection>>> {
        let parent = Parent::Category(self.0.id, include_descendants);
        ProductConnection::inside(ctx, parent, sort, PageArgs { first, after, last, before })
    }

    /// Goes up with each change of the category itself; send it back as `expectedVersion`.
    #[graphql(directive = requires::apply(Permission::CollectionsRead))]
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Which categories to list.
#[derive(InputObject, Default, Clone)]
pub struct CategoryFilterInput {
    /// Those directly under this category.
    pub parent_id: Option<CategoryId>,
    /// Those at the top of the tree.
    #[graphql(default)]
    pub roots: bool,
    /// Those whose name starts with this; case and accents do not count.
    pub name_prefix: Option<String>,
    /// The deleted ones instead of the living; needs COLLECTIONS_READ.
    #[graphql(default)]
    pub deleted: bool,
}

impl From<CategoryFilterInput> for CategoryFilter {
    fn from(input: CategoryFilterInput) -> Self {
        Self { parent: input.parent_id, roots: input.roots, name_prefix: input.name_prefix, deleted: input.deleted }
    }
}

/// In which order categories are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum CategorySort {
    /// In the merchant's order, which counts among the categories under one parent.
    #[default]
    Position,
    /// By name, from A to Z.
    Name,
    /// By name, from Z to A.
    NameDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(CategoryConnection, CategoryEdge, Category, "categories");

payload! {
    /// The answer of `categoryCreate`.
    CategoryCreatePayload {
        /// The new category.
        category: Category,
    }
}

payload! {
    /// The answer of `categoryUpdate`.
    CategoryUpdatePayload {
        /// The category as it is now.
        category: Category,
    }
}

payload! {
    /// The answer of `categoryDelete`.
    CategoryDeletePayload {
        /// The id of the deleted category.
        deleted_category_id: CategoryId,
    }
}

payload! {
    /// The answer of `categoryRestore`.
    CategoryRestorePayload {
        /// The category as it is now.
        category: Category,
    }
}
