//! What fields give, and how it becomes a column.

use futures::future::BoxFuture;
use serde::Serialize;

use super::Object;
use super::at::{At, Origin, Step};
use super::column::Column;
use super::selection::fields;

/// A column on its way.
pub type Later<'x> = BoxFuture<'x, Column>;

/// A value that holds objects: one, one that may be missing, or many. Everything else is a leaf, and serializes
/// itself.
pub trait Output: Send + Sync + Sized {
    /// Writes the values of all rows of a place, which somebody holds.
    fn write<'x>(values: Vec<&'x Self>, at: At<'x>) -> Later<'x>;

    /// Writes the values of all rows of a place, and holds them as long.
    fn write_owned<'x>(values: Vec<Self>, at: At<'x>) -> Later<'x>
    where
        Self: 'x,
    {
        Box::pin(async move { Self::write(values.iter().collect(), at).await })
    }
}

/// Values whose type decides how they are written: by [`ObjectValues`], or by [`LeafValues`].
pub struct Values<T>(pub Vec<T>);

/// The same of values that stand in their objects.
pub struct Stored<'x, T>(pub Vec<&'x T>);

/// Writes values that hold objects.
pub trait ObjectValues<'x> {
    /// Starts the column.
    fn column(self, at: At<'x>) -> Step<'x>;
}

impl<'x, T: Output + 'x> ObjectValues<'x> for Values<T> {
    fn column(self, at: At<'x>) -> Step<'x> {
        if self.0.is_empty() { Step::nothing() } else { Step::Later(T::write_owned(self.0, at)) }
    }
}

impl<'x, T: Output> ObjectValues<'x> for Stored<'x, T> {
    fn column(self, at: At<'x>) -> Step<'x> {
        if self.0.is_empty() { Step::nothing() } else { Step::Later(T::write(self.0, at)) }
    }
}

/// Writes leaves.
pub trait LeafValues {
    /// The column.
    fn column<'x>(self, at: At<'x>) -> Step<'x>;
}

impl<T: Serialize> LeafValues for &Values<T> {
    fn column<'x>(self, _at: At<'x>) -> Step<'x> {
        Step::Ready(Column::of_leaves(&self.0))
    }
}

impl<T: Serialize> LeafValues for &Stored<'_, T> {
    fn column<'x>(self, _at: At<'x>) -> Step<'x> {
        Step::Ready(Column::of_leaves(&self.0))
    }
}

impl<T: Output> Output for Option<T> {
    fn write<'x>(values: Vec<&'x Self>, at: At<'x>) -> Later<'x> {
        Box::pin(async move {
            let (mut present, mut some) = (Vec::new(), Vec::new());
            for (row, value) in values.iter().enumerate() {
                if let Some(value) = value {
                    present.push(row_number(row));
                    some.push(value);
                }
            }
            let origin = Origin::Rows(at.origin, present.iter().map(|row| (*row, None)).collect());
            let column = match some.is_empty() {
                true => Column::default(),
                false => T::write(some, At { origin: &origin, ..at }).await,
            };
            column.spread(&present, values.len(), true)
        })
    }
}

impl<T: Output> Output for Vec<T> {
    fn write<'x>(values: Vec<&'x Self>, at: At<'x>) -> Later<'x> {
        Box::pin(async move {
            let (mut items, mut rows, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
            for (row, list) in values.into_iter().enumerate() {
                lengths.push(row_number(list.len()));
                rows.extend((0..list.len()).map(|index| (row_number(row), Some(row_number(index)))));
                items.extend(list);
            }
            let origin = Origin::Rows(at.origin, rows);
            let column = match items.is_empty() {
                true => Column::default(),
                false => T::write(items, At { origin: &origin, ..at }).await,
            };
            column.lists(&lengths)
        })
    }
}

/// Writes objects.
pub fn objects<'x, T: Object>(objects: Vec<&'x T>, at: At<'x>) -> Later<'x> {
    Box::pin(write_objects(objects, at, T::NAME))
}

/// The rows of an interface's, put together from those of its members.
pub struct Members {
    rows: usize,
    parts: Vec<(Column, Vec<usize>)>,
}

impl Members {
    /// So many rows, of which none is known.
    pub fn new(rows: usize) -> Self {
        Self { rows, parts: Vec::new() }
    }

    /// Writes those rows that are of one type.
    pub async fn add<T: Object>(&mut self, objects: Vec<&T>, rows: Vec<usize>, at: At<'_>, interface: &str) {
        if objects.is_empty() {
            return;
        }
        let origin = Origin::Rows(at.origin, rows.iter().map(|row| (row_number(*row), None)).collect());
        let column = write_objects(objects, At { origin: &origin, ..at }, interface).await;
        self.parts.push((column, rows));
    }

    /// All of them.
    pub fn column(self) -> Column {
        let mut places = vec![None; self.rows];
        for (part, (_, rows)) in self.parts.iter().enumerate() {
            for (row, place) in rows.iter().enumerate() {
                places[*place] = Some((part, row));
            }
        }
        let mut all = Column::with_capacity(self.rows, 0);
        for place in places {
            all.push(|json| {
                let (part, row) = place.ok_or(())?;
                json.extend_from_slice(self.parts[part].0.get(row).ok_or(())?);
                Ok(())
            });
        }
        all
    }
}

async fn write_objects<T: Object>(objects: Vec<&T>, at: At<'_>, declared: &str) -> Column {
    at.ctx.count_objects(objects.len());
    let selected = fields::<T>(at, declared);
    let mut columns = Vec::with_capacity(selected.len());
    for field in &selected {
        let column = match field.field {
            None => Column::constant(format!("\"{}\"", T::NAME).as_bytes(), objects.len()),
            Some(place) => {
                let origin = Origin::Field(at.origin, field.key);
                T::column(&objects, place, At { selected: field, origin: &origin, ..at }).done().await
            }
        };
        columns.push(column);
    }
    let width: usize = selected.iter().map(|field| field.written.len() + 24).sum();
    let mut written = Column::with_capacity(objects.len(), objects.len() * width);
    for row in 0..objects.len() {
        written.push(|json| {
            json.push(b'{');
            for (position, (field, column)) in selected.iter().zip(&columns).enumerate() {
                if position > 0 {
                    json.push(b',');
                }
                json.extend_from_slice(&field.written);
                json.extend_from_slice(column.get(row).ok_or(())?);
            }
            json.push(b'}');
            Ok(())
        });
    }
    written
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
