//! One field of many objects, as text.

use serde::Serialize;

/// The JSON text of one value for each of many rows. A row without one is broken: a null stands in it where
/// none may stand, and the object that it belongs to goes with it.
#[derive(Debug, Default)]
pub struct Column {
    json: Vec<u8>,
    rows: Vec<Option<(u32, u32)>>,
}

impl Column {
    pub(super) fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self { json: Vec::with_capacity(bytes), rows: Vec::with_capacity(rows) }
    }

    /// Writes each value as it serializes itself.
    pub(super) fn of_leaves<T: Serialize>(values: &[T]) -> Self {
        let mut column = Self::with_capacity(values.len(), values.len() * 16);
        for value in values {
            // Writing to memory can't fail; what does not serialize is a value that is not there.
            column.push(|json| serde_json::to_writer(json, value).map_err(drop));
        }
        column
    }

    /// The same text in every row.
    pub(super) fn constant(text: &[u8], rows: usize) -> Self {
        Self { json: text.to_vec(), rows: vec![Some((0, position(text.len()))); rows] }
    }

    /// Adds a row. Where `write` fails, what it wrote is taken back, and the row is broken.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), ()>) {
        let start = self.json.len();
        let row = match write(&mut self.json) {
            Ok(()) => Some((position(start), position(self.json.len()))),
            Err(()) => {
                self.json.truncate(start);
                None
            }
        };
        self.rows.push(row);
    }

    /// The text of a row; `None` where it is broken.
    pub(super) fn get(&self, row: usize) -> Option<&[u8]> {
        let (start, end) = (*self.rows.get(row)?)?;
        self.json.get(start as usize..end as usize)
    }

    /// The text of the first row, for the one value at a root.
    pub(super) fn into_only(mut self) -> Option<Vec<u8>> {
        let (start, end) = (*self.rows.first()?)?;
        self.json.truncate(end as usize);
        self.json.drain(..start as usize);
        Some(self.json)
    }

    /// The rows of a longer column: `present` says which of `rows` rows stand here, in their order. Where
    /// `nullable`, the others and the broken ones are null; else they are broken.
    pub(super) fn spread(mut self, present: &[u32], rows: usize, nullable: bool) -> Self {
        let gap = nullable.then(|| {
            let start = position(self.json.len());
            self.json.extend_from_slice(b"null");
            (start, position(self.json.len()))
        });
        let mut all = vec![gap; rows];
        for (row, place) in present.iter().enumerate() {
            all[*place as usize] = self.rows.get(row).copied().flatten().or(gap);
        }
        self.rows = all;
        self
    }

    /// The rows as lists: `lengths` says how many of them each list takes, in their order. A list with a
    /// broken row is broken.
    pub(super) fn lists(&self, lengths: &[u32]) -> Self {
        let mut lists = Self::with_capacity(lengths.len(), self.json.len() + self.rows.len() + 2 * lengths.len());
        let mut next = 0;
        for length in lengths {
            let of_list = next..next + *length as usize;
            next = of_list.end;
            lists.push(|json| {
                json.push(b'[');
                for (position, row) in of_list.enumerate() {
                    if position > 0 {
                        json.push(b',');
                    }
                    json.extend_from_slice(self.get(row).ok_or(())?);
                }
                json.push(b']');
                Ok(())
            });
        }
        lists
    }
}

/// An answer is far below 4 GiB: what it holds is bounded by the cost of its operation.
fn position(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
