//! A remembered body as gzip, compressed once for all who are told it.
//!
//! Each of them is told its own cost at the end, so no two answers are alike to the last byte. The format allows for
//! that: what all have in common is compressed up to the edge of a byte, what is one answer's own follows as it is,
//! in a block without compression, and the checksum goes on from where it stood.

use std::io::Write;

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// What every file of gzip begins with: no name, no time, made on no system in particular.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A last block without compression.
const PLAIN_AND_LAST: u8 = 1;

/// What ends a file: the checksum and the length of what was packed.
const TAIL: usize = 8;

/// What answers have in common, packed.
#[derive(Debug)]
pub(super) struct Packed {
    /// The head, and blocks up to the edge of a byte.
    begun: Vec<u8>,
    checksum: Hasher,
    length: usize,
}

impl Packed {
    /// Packs what answers begin with, as long as that takes `most` bytes at the most.
    pub fn of(common: &[u8], most: usize) -> Option<Self> {
        let mut encoder = DeflateEncoder::new(HEAD.to_vec(), Compression::fast());
        encoder.write_all(common).ok()?;
        // To the edge of a byte, with nothing left behind.
        encoder.flush().ok()?;
        let mut checksum = Hasher::new();
        checksum.update(common);
        let begun = encoder.get_ref().clone();
        (begun.len() <= most).then_some(Self { begun, checksum, length: common.len() })
    }

    /// The whole answer that ends like this; `None` where the end is longer than a block.
    pub fn with(&self, end: &[u8]) -> Option<Vec<u8>> {
        let length = u16::try_from(end.len()).ok()?;
        let mut checksum = self.checksum.clone();
        checksum.update(end);
        // Modulo 2^32, as the format has it.
        let whole = (self.length + end.len()) as u32;
        let mut packed = Vec::with_capacity(self.begun.len() + 5 + end.len() + TAIL);
        packed.extend_from_slice(&self.begun);
        packed.push(PLAIN_AND_LAST);
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&(!length).to_le_bytes());
        packed.extend_from_slice(end);
        packed.extend_from_slice(&checksum.finalize().to_le_bytes());
        packed.extend_from_slice(&whole.to_le_bytes());
        Some(packed)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn unpacked(packed: &[u8]) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("good gzip");
        text
    }

    #[test]
    fn what_is_packed_once_ends_in_many_ways() {
        let common = format!("{{\"data\":{{\"titles\":[{}]", "\"Mug\",".repeat(3_000));
        let packed = Packed::of(&common.clone().into_bytes(), common.len()).expect("it fits");
        for end in ["", "}", ",\"extensions\":{\"cost\":1}}", &"é".repeat(30_000)] {
            let whole = packed.with(end.as_bytes()).expect("one block");
            assert_eq!(unpacked(&whole), format!("{common}{end}"));
            assert!(whole.len() < common.len() / 10 + end.len());
        }
        assert!(packed.with(&[b' '; 1 << 16]).is_none());
    }

    #[test]
    fn what_takes_too_much_room_is_not_kept() {
        assert!(Packed::of(b"abc", HEAD.len()).is_none());
        assert!(Packed::of(b"", 100).is_some_and(|packed| unpacked(&packed.with(b"").expect("a file")).is_empty()));
    }
}
