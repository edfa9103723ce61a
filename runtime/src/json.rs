//! The JSON path: bodies are scanned once; what is wanted is copied as it came or decoded, the rest is only checked.
//!
//! `cursor` is the grammar of JSON, `scanner` reads objects and arrays, `slices` and `decode` single values, `copy`
//! writes while it reads. `slot` holds fields until their object ends, `broken` says what was wrong and where.

mod blocks;
mod broken;
mod copy;
mod cursor;
mod decode;
mod digits;
mod guesses;
mod map;
mod raw;
mod scanner;
mod slices;
mod slot;
mod text;
mod unique;
mod writer;

pub use broken::Broken;
pub use copy::Aside;
pub use map::Map;
pub use raw::{Fragment, Json, Raw};
pub use scanner::{Drift, Scanner};
pub use slot::{DriftSlot, Slot};
pub use writer::{ObjectWriter, ToJson, Writer};

pub(crate) use digits::Digits;
pub(crate) use unique::{Step, duplicate_keys};

use bytes::Bytes;

/// What a reader made of a whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// The fields that were not as their type says and were replaced by their fallbacks.
    pub drifts: Vec<Drift>,
}

/// Reads all of `body` by `reader`, and checks that nothing follows.
pub fn read<T, F>(body: &Bytes, reader: F) -> Result<Read<T>, Broken>
where
    F: FnOnce(&mut Scanner<'_>) -> Result<T, Broken>,
{
    let mut scan = Scanner::new(body)?;
    let value = reader(&mut scan)?;
    scan.finish()?;
    Ok(Read { value, drifts: scan.take_drifts() })
}

/// Whether all of `body` is null: what an operation of a nullable type may answer.
pub fn is_null(body: &Bytes) -> bool {
    body.trim_ascii() == b"null"
}

/// Whether all of `text` is one JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    let mut at = cursor::Cursor { rest: text.as_bytes() };
    at.number().is_ok() && at.rest.is_empty()
}
