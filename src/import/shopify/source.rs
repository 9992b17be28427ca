//! The bytes of the file, on their way to the CSV parser.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::MAX_ROW;

/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// What the reader and its source know of each other.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes read from the file so far.
    pub read: AtomicU64,
    /// Bytes read since the last row was complete.
    pub since_row: AtomicU64,
}

/// Marks the error that means a row without end.
#[derive(Debug, thiserror::Error)]
#[error("the row is too long")]
pub(super) struct RowTooLong;

/// Hands the bytes on with every line break as a single `\n`, the last line ended by one too, and
/// stops where a row grows beyond what a row can be.
///
/// One kind of line break lets lines be counted: the parser takes a `\r\n` apart.
pub(super) struct Source<R> {
    inner: io::Chain<io::Cursor<Vec<u8>>, R>,
    meter: Arc<Meter>,
    after_carriage_return: bool,
    last: u8,
    ended: bool,
}

impl<R: Read> Source<R> {
    /// Begins with the first bytes of the file, to pass over a byte-order mark.
    pub(super) fn new(mut file: R, meter: Arc<Meter>) -> io::Result<Self> {
        let mut head = Vec::new();
        file.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut head)?;
        if head == BYTE_ORDER_MARK {
            head.clear();
        }
        let inner = io::Cursor::new(head).chain(file);
        Ok(Self { inner, meter, after_carriage_return: false, last: b'\n', ended: false })
    }

    /// Turns `\r\n` and a lone `\r` into `\n`, in place; answers how many bytes are left.
    fn normalize(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for index in 0..bytes.len() {
            let byte = bytes[index];
            let follows_carriage_return = std::mem::replace(&mut self.after_carriage_return, byte == b'\r');
            if byte == b'\n' && follows_carriage_return {
                continue;
            }
            bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
            kept += 1;
        }
        kept
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.ended || buffer.is_empty() {
                return Ok(0);
            }
            if self.meter.since_row.load(Ordering::Relaxed) > MAX_ROW {
                return Err(io::Error::other(RowTooLong));
            }
            let count = match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => result?,
            };
            self.meter.read.fetch_add(count as u64, Ordering::Relaxed);
            self.meter.since_row.fetch_add(count as u64, Ordering::Relaxed);
            if count == 0 {
                self.ended = true;
                if self.last == b'\n' {
                    return Ok(0);
                }
                buffer[0] = b'\n';
                return Ok(1);
            }
            let kept = self.normalize(&mut buffer[..count]);
            if kept > 0 {
                self.last = buffer[kept - 1];
                return Ok(kept);
            }
        }
    }
}
