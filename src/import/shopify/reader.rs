//! The reader: rows in, products and problems out.

use std::collections::{HashSet, VecDeque};
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use csv::ByteRecord;

use super::columns::{Column, Columns, Header};
use super::gather::{Draft, Row, Skus};
use super::source::{Meter, RowTooLong, Source};
use super::{FileError, ImportedProduct, RowProblem, Skipped, cells};

/// One thing that the reader found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A whole product. The problems of its rows came before it.
    Product(Box<ImportedProduct>),
    /// Something that could not be read.
    Problem(RowProblem),
}

/// How much was read so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows, without the header and without blank ones.
    pub rows: u64,
    /// Products that were given out.
    pub products: u64,
    /// Variants of these products.
    pub variants: u64,
    /// Images of these products.
    pub images: u64,
    /// Problems that were given out.
    pub problems: u64,
}

/// Reads a file product by product: an iterator of what it finds.
///
/// In memory are one product, and of the rest of the file its handles and SKUs. After an error the
/// iterator is at its end; the product that it cut off was not given out, those before it were.
pub struct ShopifyReader<R> {
    rows: csv::Reader<Source<R>>,
    record: ByteRecord,
    meter: Arc<Meter>,
    header: Header,
    group: Option<Group>,
    handles: HashSet<Box<str>>,
    skus: Skus,
    found: VecDeque<Found>,
    counts: Counts,
    ended: bool,
}

/// The rows of one handle.
struct Group {
    folded_handle: Box<str>,
    /// `None` where the first row was bad: the rest of the rows are passed over.
    draft: Option<Draft>,
}

impl<R: Read> ShopifyReader<R> {
    /// Reads the header row. A buffer of one's own around `file` is not needed.
    ///
    /// # Errors
    /// `Empty`, `MissingColumns`, `DuplicateColumns`, `NotCommas`, `NotUtf8`, `RowTooLong`, `Unreadable`.
    pub fn open(file: R) -> Result<Self, FileError> {
        let meter = Arc::new(Meter::default());
        let source = Source::new(file, Arc::clone(&meter)).map_err(FileError::Unreadable)?;
        let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source);
        let mut record = ByteRecord::new();
        if !rows.read_byte_record(&mut record).map_err(|error| file_error(error, 1))? {
            return Err(FileError::Empty);
        }
        meter.since_row.store(0, Ordering::Relaxed);
        let names = record
            .iter()
            .map(|name| std::str::from_utf8(name).map(str::to_owned))
            .collect::<Result<Vec<String>, _>>()
            .map_err(|_| FileError::NotUtf8)?;
        Ok(Self {
            header: Header::read(names)?,
            rows,
            record,
            meter,
            group: None,
            handles: HashSet::new(),
            skus: Skus::default(),
            found: VecDeque::new(),
            counts: Counts::default(),
            ended: false,
        })
    }

    /// The columns that nothing is taken from, for the report.
    pub fn unused_columns(&self) -> &[String] {
        self.header.unused()
    }

    /// The columns that the file has.
    pub fn columns(&self) -> Columns {
        self.header.columns()
    }

    /// How many bytes of the file were read, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.meter.read.load(Ordering::Relaxed)
    }

    /// How much was read and given out so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Reads one row, and puts what it completes in line. `Ok(false)` at the end of the file.
    fn read_row(&mut self) -> Result<bool, FileError> {
        let before = self.rows.position().line();
        let more = self.rows.read_byte_record(&mut self.record);
        self.meter.since_row.store(0, Ordering::Relaxed);
        if !more.map_err(|error| file_error(error, before))? {
            self.finish_group();
            return Ok(false);
        }
        if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            return Ok(true);
        }
        self.counts.rows += 1;

        // Counted from the row's end, since blank lines before it belong to no row.
        let breaks: usize = self.record.iter().map(|cell| cell.iter().filter(|byte| **byte == b'\n').count()).sum();
        let line = self.rows.position().line().saturating_sub(breaks as u64 + 1).max(before);
        // Taken out for the while, since the row borrows it.
        let record = std::mem::take(&mut self.record);
        self.take_row(&record, line);
        self.record = record;
        Ok(true)
    }

    fn take_row(&mut self, record: &ByteRecord, line: u64) {
        let handle_position = self.header.position(Column::Handle);
        let handle = handle_position.and_then(|position| record.get(position)).and_then(|cell| {
            let cell = std::str::from_utf8(cell).ok()?.trim();
            (!cell.is_empty() && !cell.contains('\0')).then_some(cell)
        });
        let flaw = self.flaw(record).or_else(|| match handle {
            None => Some((handle_position, "is blank: each row names its product".to_owned())),
            Some(handle) => {
                cells::handle(handle).err().map(|rest| (handle_position, format!("{} {rest}", cells::shown(handle))))
            }
        });
        // A handle that is none can't say which product the row belongs to.
        let handle = handle.filter(|handle| cells::handle(handle).is_ok());
        let problem = flaw.map(|(position, reason)| RowProblem {
            line,
            handle: handle.map(str::to_owned),
            column: position.and_then(|position| self.header.name_at(position)).map(str::to_owned),
            reason,
            skipped: Skipped::Row,
        });
        let Some(handle) = handle else {
            self.found.extend(problem.map(Found::Problem));
            return;
        };

        let folded_handle = handle.to_lowercase().into_boxed_str();
        let continues = self.group.as_ref().is_some_and(|group| group.folded_handle == folded_handle);
        if !continues && self.handles.contains(&folded_handle) {
            self.found.push_back(Found::Problem(problem.unwrap_or_else(|| {
                RowProblem {
                    line,
                    handle: Some(handle.to_owned()),
                    column: handle_position.and_then(|position| self.header.name_at(position)).map(str::to_owned),
                    reason: "the product's other rows stand further up, with another product between: \
                         move this row to them"
                        .to_owned(),
                    skipped: Skipped::Row,
                }
            })));
            return;
        }
        if !continues {
            self.finish_group();
            self.handles.insert(folded_handle.clone());
        }
        if let Some(problem) = problem {
            if continues {
                self.found.push_back(Found::Problem(problem));
            } else {
                self.found.push_back(Found::Problem(RowProblem { skipped: Skipped::Product, ..problem }));
                self.group = Some(Group { folded_handle, draft: None });
            }
            return;
        }

        let row = Row { line, header: &self.header, record, handle };
        if !continues {
            let draft = match Draft::begin(&row) {
                Ok(draft) => Some(draft),
                Err(problem) => {
                    self.found.push_back(Found::Problem(problem));
                    None
                }
            };
            self.group = Some(Group { folded_handle, draft });
        }
        if let Some(draft) = self.group.as_mut().and_then(|group| group.draft.as_mut()) {
            draft.add(&row, &mut self.skus, |problem| self.found.push_back(Found::Problem(problem)));
        }
    }

    /// What makes the row unreadable as a row: the column at fault, if it is one, and the reason.
    fn flaw(&self, record: &ByteRecord) -> Option<(Option<usize>, String)> {
        if record.len() != self.header.len() {
            let (expected, count) = (self.header.len(), record.len());
            let reason = format!("has {count} columns, the header has {expected}: is a quote missing?");
            return Some((None, reason));
        }
        record.iter().enumerate().find_map(|(position, cell)| match std::str::from_utf8(cell) {
            Err(_) => Some((Some(position), "is not UTF-8: save the file with the encoding UTF-8".to_owned())),
            Ok(cell) if cell.contains('\0') => Some((Some(position), "has a zero byte in it".to_owned())),
            Ok(_) => None,
        })
    }

    /// Puts the product whose rows are read in line.
    fn finish_group(&mut self) {
        let Some(draft) = self.group.take().and_then(|group| group.draft) else { return };
        self.found.push_back(match draft.finish() {
            Ok(product) => Found::Product(Box::new(product)),
            Err(problem) => Found::Problem(problem),
        });
    }

    fn count(&mut self, found: &Found) {
        match found {
            Found::Product(product) => {
                self.counts.products += 1;
                self.counts.variants += product.variants.len() as u64;
                self.counts.images += product.images.len() as u64;
            }
            Found::Problem(_) => self.counts.problems += 1,
        }
    }
}

impl<R: Read> Iterator for ShopifyReader<R> {
    type Item = Result<Found, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.found.pop_front() {
                self.count(&found);
                return Some(Ok(found));
            }
            if self.ended {
                return None;
            }
            match self.read_row() {
                Ok(more) => self.ended = !more,
                Err(error) => {
                    // A product cut off in the middle is not given out: an update from it would
                    // take away the variants that were not read.
                    self.group = None;
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// Tells a row without end from a file that can't be read.
fn file_error(error: csv::Error, line: u64) -> FileError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<RowTooLong>()) => {
            FileError::RowTooLong { line }
        }
        csv::ErrorKind::Io(error) => FileError::Unreadable(error),
        other => FileError::Unreadable(std::io::Error::other(format!("{other:?}"))),
    }
}
