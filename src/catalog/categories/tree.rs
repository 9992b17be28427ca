//! Where categories stand: how deep, under which parent, at which place.
//!
//! Owns the shape of the tree. Whoever changes it holds the store first, so that changes come one after
//! the other and each sees the whole tree as the one before left it: two moves can't close a circle
//! between them, and no category is put under one that is just being deleted. Living categories under
//! one parent have the places 0, 1, 2 and so on, without gaps.

use entity::catalog::categories::Model;
use rules::ids::CategoryId;
use rules::{ErrorCode, Problem};

use super::store;
use crate::kernel::{Error, Result, StoreScope, Tx, input};

/// Levels that a tree has at the most.
pub const MAX_LEVELS: i32 = 8;

/// Categories directly under one parent at the most. Those at the top are not counted.
pub const MAX_CHILDREN: u64 = 250;

/// Where a category is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub parent: Option<CategoryId>,
    pub depth: i32,
    pub position: i32,
}

/// Makes room under `parent` for a category that has `levels` levels below it, at the wanted place or
/// behind the last. `path` is the field that names the parent.
pub async fn make_room(
    tx: &Tx<StoreScope>,
    path: &str,
    parent: Option<CategoryId>,
    levels: i32,
    position: Option<i32>,
    moving: Option<CategoryId>,
) -> Result<Place> {
    let depth = match parent {
        None => 0,
        Some(id) => {
            let parent = store::find_living(tx, id).await?.ok_or_else(|| input::not_found(path, "category"))?;
            parent.depth + 1
        }
    };
    check_levels(path, depth, levels)?;
    let siblings = store::count_children(tx, parent, moving).await?;
    if parent.is_some() && siblings >= MAX_CHILDREN {
        let message = format!("A category holds {MAX_CHILDREN} others at the most: put it elsewhere.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, path, message)));
    }
    let end = i32::try_from(siblings).unwrap_or(i32::MAX);
    let position = position.unwrap_or(end).min(end);
    if position < end {
        store::shift_children(tx, parent, position, 1, moving).await?;
    }
    Ok(Place { parent, depth, position })
}

/// Closes the gap that a category leaves where it stood.
pub async fn close_gap(tx: &Tx<StoreScope>, row: &Model) -> Result<()> {
    store::shift_children(tx, row.parent_id, row.position, -1, Some(row.id)).await
}

/// Takes a category to another parent or place, with everything below it. Gives the new place, for
/// the row itself.
pub async fn relocate(
    tx: &Tx<StoreScope>,
    row: &Model,
    parent: Option<CategoryId>,
    position: Option<i32>,
) -> Result<Place> {
    // A category that keeps its parent and names no place stays where it is.
    let stays = parent == row.parent_id;
    let position = if stays { position.or(Some(row.position)) } else { position };
    let below = if stays { Vec::new() } else { store::list_below(tx, row.id).await? };
    if let Some(parent) = parent.filter(|_| !stays) {
        let inside = parent == row.id || below.iter().any(|below| below.id == parent && below.deleted_at.is_none());
        if inside {
            let message = "A category can't stand under itself or under one of its own: choose another parent.";
            return Err(Error::Conflict(Problem::new(ErrorCode::Cycle, "parentId", message)));
        }
    }
    close_gap(tx, row).await?;
    let place = make_room(tx, "parentId", parent, levels_below(row, &below), position, Some(row.id)).await?;
    if place.depth != row.depth && !below.is_empty() {
        store::deepen(tx, below.iter().map(|below| below.id), place.depth - row.depth).await?;
    }
    Ok(place)
}

/// How many levels of living categories stand below one.
fn levels_below(row: &Model, below: &[Model]) -> i32 {
    let living = below.iter().filter(|below| below.deleted_at.is_none());
    living.map(|below| below.depth - row.depth).max().unwrap_or(0)
}

fn check_levels(path: &str, depth: i32, levels: i32) -> Result<()> {
    if depth + levels < MAX_LEVELS {
        return Ok(());
    }
    let message = format!("The tree has {MAX_LEVELS} levels at the most: put it higher up.");
    Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, path, message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: i32, deleted: bool) -> Model {
        let now = chrono::DateTime::UNIX_EPOCH;
        Model {
            store_id: rules::ids::StoreId(uuid::Uuid::nil()),
            id: CategoryId(uuid::Uuid::nil()),
            parent_id: None,
            name: String::new(),
            sort_name: String::new(),
            slug: String::new(),
            description_html: None,
            position: 0,
            depth,
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: deleted.then_some(now),
        }
    }

    #[test]
    fn a_tree_has_eight_levels() {
        assert!(check_levels("parentId", 7, 0).is_ok());
        assert!(check_levels("parentId", 8, 0).is_err());
        assert!(check_levels("parentId", 4, 3).is_ok());
        assert!(check_levels("parentId", 4, 4).is_err());
    }

    #[test]
    fn deleted_categories_take_no_level() {
        let below = [row(3, false), row(4, false), row(5, true)];
        assert_eq!(levels_below(&row(2, false), &below), 2);
        assert_eq!(levels_below(&row(2, false), &[]), 0);
    }
}
