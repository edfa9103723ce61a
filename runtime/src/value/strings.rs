//! The methods of strings. Lengths are in characters: Unicode scalar values.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::math::{Arithmetic, ArithmeticFault};
use super::pattern::Pattern;

/// What is replaced in a text makes it no larger than this, in bytes, unless it was.
pub const MOST_BYTES: usize = 1 << 20;

/// No text is filled up to more characters than this.
pub const MOST_PADDED: i64 = 10_000;

/// No text is split into more parts than this.
pub const MOST_PARTS: usize = 10_000;

/// All letters in lower case.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// All letters in upper case.
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// Without white space at both ends.
pub fn trim(text: &str) -> String {
    text.trim().to_owned()
}

/// How many characters it has.
pub fn length(text: &str) -> i64 {
    whole(text.chars().count())
}

/// Whether `part` stands in it.
pub fn contains(text: &str, part: &str) -> bool {
    text.contains(part)
}

/// Whether it starts with `start`.
pub fn starts_with(text: &str, start: &str) -> bool {
    text.starts_with(start)
}

/// Whether it ends with `end`.
pub fn ends_with(text: &str, end: &str) -> bool {
    text.ends_with(end)
}

/// Whether all of it matches a pattern.
pub fn matches(text: &str, pattern: &Pattern) -> bool {
    pattern.matches(text)
}

/// Each `from` in it replaced by `to`, from the start on; nothing is replaced by what stands between two characters.
pub fn replace(text: &str, from: &str, to: &str, place: &'static str) -> Result<String, Arithmetic> {
    if from.is_empty() {
        return Ok(text.to_owned());
    }
    if to.len() > from.len() {
        let grows = text.matches(from).count().saturating_mul(to.len() - from.len());
        if text.len().saturating_add(grows) > MOST_BYTES.max(text.len()) {
            return Err(too_large(place));
        }
    }
    Ok(text.replace(from, to))
}

/// Its parts between separators: one where there is none, or where the separator is empty.
pub fn split(text: &str, separator: &str, place: &'static str) -> Result<Vec<String>, Arithmetic> {
    if separator.is_empty() {
        return Ok(vec![text.to_owned()]);
    }
    let mut parts = Vec::new();
    for part in text.split(separator) {
        if parts.len() == MOST_PARTS {
            return Err(too_large(place));
        }
        parts.push(part.to_owned());
    }
    Ok(parts)
}

/// Its first characters: `length` of them at most, and where it is longer, `ending` stands for what was cut.
pub fn truncate(text: &str, length: i64, ending: &str) -> String {
    let length = size(length);
    if text.chars().nth(length).is_none() {
        return text.to_owned();
    }
    let ending = first(ending, length);
    let mut short = first(text, length - ending.chars().count()).to_owned();
    short.push_str(ending);
    short
}

/// Filled up at the start with `with`, over and over, to `length` characters.
pub fn pad_start(text: &str, length: i64, with: &str, place: &'static str) -> Result<String, Arithmetic> {
    let mut padded: String = padding(text, length, with, place)?.collect();
    padded.push_str(text);
    Ok(padded)
}

/// Filled up at the end with `with`, over and over, to `length` characters.
pub fn pad_end(text: &str, length: i64, with: &str, place: &'static str) -> Result<String, Arithmetic> {
    let mut padded = text.to_owned();
    padded.extend(padding(text, length, with, place)?);
    Ok(padded)
}

/// Its UTF-8 bytes in base64 (RFC 4648, section 4), with padding.
pub fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// The SHA-256 hash of its UTF-8 bytes, as 64 hexadecimal digits.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a `String` never fails.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The characters that fill a text up; none where `with` has none.
fn padding<'w>(
    text: &str,
    length: i64,
    with: &'w str,
    place: &'static str,
) -> Result<impl Iterator<Item = char> + use<'w>, Arithmetic> {
    if length > MOST_PADDED {
        return Err(too_large(place));
    }
    let missing = size(length).saturating_sub(text.chars().count());
    Ok(with.chars().cycle().take(missing))
}

/// At most the first `length` characters.
fn first(text: &str, length: usize) -> &str {
    text.char_indices().nth(length).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// A length; one below zero is zero.
fn size(length: i64) -> usize {
    usize::try_from(length.max(0)).unwrap_or(usize::MAX)
}

fn whole(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn too_large(place: &'static str) -> Arithmetic {
    Arithmetic { fault: ArithmeticFault::TooLarge, place }
}
