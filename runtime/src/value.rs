//! The values of the language as they are while a gateway runs, and the rules that types set for them.
//!
//! What came as text keeps that text: `Decimal`, `Float`, `Time` and the like are written back as they were read.

pub mod math;
pub mod numbers;
pub mod secret;
pub mod strings;
pub mod text;

mod decimal;
mod float;
mod path;
mod pattern;
mod plain;
pub mod rows;
mod rules;
mod time;
mod url;
mod uuid;

pub use decimal::Decimal;
pub use float::Float;
pub use path::Path;
pub use pattern::Pattern;
pub use rules::{Bounds, NumberRange, Reason, TextRule};
pub use time::{Date, Time};
pub use url::Url;
pub use uuid::Uuid;

pub(crate) use rules::in_int_range;

/// An enum of a `.gw` file.
pub trait Variant: Sized {
    /// The names of its variants in JSON.
    const NAMES: &'static [&'static str];

    /// The variant of this name. An enum that is open (`..`) has one for every name.
    fn from_text(text: &str) -> Option<Self>;

    /// The name of this variant.
    fn as_text(&self) -> &str;
}

/// The elements `from` to below `to` of a list (`[a..b]`), as many of them as there are.
pub fn slice<T>(list: &[T], from: i64, to: Option<i64>) -> &[T] {
    let index = |at: i64| usize::try_from(at).unwrap_or(0).min(list.len());
    let to = to.map_or(list.len(), index);
    list.get(index(from).min(to)..to).unwrap_or_default()
}

/// The element at `index` of a list, if it has one.
pub fn element<T>(list: &[T], index: i64) -> Option<&T> {
    list.get(usize::try_from(index).ok()?)
}

/// Whether one of the strings of a list is `text`.
pub fn has_text(list: &[String], text: &str) -> bool {
    list.iter().any(|entry| entry == text)
}

/// The same as [`slice()`] as a range of indices, for a list that is still to be read.
pub fn slice_range(from: i64, to: Option<i64>) -> std::ops::Range<usize> {
    let index = |at: i64| usize::try_from(at.max(0)).unwrap_or(usize::MAX);
    index(from)..to.map_or(usize::MAX, index)
}
