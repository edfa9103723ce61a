//! Rows of lists: ordering, choosing, gathering by keys, and what all rows are together.
//!
//! A row is a reference or a tuple of references, so it is copied freely and what it refers to never is. Each function takes time and memory
//! in proportion to its rows, whose number the bounds of the answers that they come from limit.

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::vec::IntoIter;

use rust_decimal::Decimal as Number;

use super::math::{self, Arithmetic, Arithmetics};
use super::{Decimal, Float, slice_range};

/// Rows by a key, the least first; rows with the same key stay as they were.
pub fn sorted<T: Copy, K: Ord>(rows: impl Iterator<Item = T>, key: impl Fn(T) -> K) -> IntoIter<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_by_cached_key(|row| key(*row));
    rows.into_iter()
}

/// Rows by a key, the greatest first; rows with the same key stay as they were.
pub fn sorted_descending<T: Copy, K: Ord>(rows: impl Iterator<Item = T>, key: impl Fn(T) -> K) -> IntoIter<T> {
    sorted(rows, |row| Reverse(key(row)))
}

/// [`sorted`] by a key that can fail.
pub fn try_sorted<T: Copy, K: Ord, E>(
    rows: impl Iterator<Item = T>,
    key: impl Fn(T) -> Result<K, E>,
) -> Result<IntoIter<T>, E> {
    let mut keyed = keyed(rows, key)?;
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(without_keys(keyed))
}

/// [`sorted_descending`] by a key that can fail.
pub fn try_sorted_descending<T: Copy, K: Ord, E>(
    rows: impl Iterator<Item = T>,
    key: impl Fn(T) -> Result<K, E>,
) -> Result<IntoIter<T>, E> {
    let mut keyed = keyed(rows, key)?;
    keyed.sort_by(|(one, _), (other, _)| other.cmp(one));
    Ok(without_keys(keyed))
}

/// Of the rows with the same key only the first.
pub fn distinct<T: Copy, K: Eq + Hash>(rows: impl Iterator<Item = T>, key: impl Fn(T) -> K) -> IntoIter<T> {
    let mut seen = HashSet::new();
    rows.filter(|row| seen.insert(key(*row))).collect::<Vec<_>>().into_iter()
}

/// [`distinct`] by a key that can fail.
pub fn try_distinct<T: Copy, K: Eq + Hash, E>(
    rows: impl Iterator<Item = T>,
    key: impl Fn(T) -> Result<K, E>,
) -> Result<IntoIter<T>, E> {
    let mut seen = HashSet::new();
    let first = keyed(rows, key)?.into_iter().filter_map(|(key, row)| seen.insert(key).then_some(row));
    Ok(first.collect::<Vec<_>>().into_iter())
}

/// The last row first.
pub fn reversed<T>(rows: impl Iterator<Item = T>) -> std::iter::Rev<IntoIter<T>> {
    rows.collect::<Vec<_>>().into_iter().rev()
}

/// `rows[from..to]`: below zero is zero, and past the end is the end.
pub fn between<T>(rows: impl Iterator<Item = T>, from: i64, to: Option<i64>) -> impl Iterator<Item = T> {
    let range = slice_range(from, to);
    rows.skip(range.start).take(range.end.saturating_sub(range.start))
}

/// So many rows at a time; the last ones may be fewer.
pub fn chunks<T: Copy>(rows: impl Iterator<Item = T>, size: usize) -> Vec<Vec<T>> {
    rows.collect::<Vec<_>>().chunks(size.max(1)).map(<[T]>::to_vec).collect()
}

/// How many rows there are.
pub fn count<T>(rows: impl Iterator<Item = T>) -> i64 {
    i64::try_from(rows.count()).unwrap_or(i64::MAX)
}

/// Strings with one between them.
pub fn join<T: AsRef<str>>(texts: impl Iterator<Item = T>, separator: &str) -> String {
    let mut joined = String::new();
    for (at, text) in texts.enumerate() {
        if at > 0 {
            joined.push_str(separator);
        }
        joined.push_str(text.as_ref());
    }
    joined
}

// ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A number that can be added up.
pub trait Sum: Arithmetics<Self, Output = Self> + Sized {
    /// What the numbers are divided to on average.
    type Average;
    /// Nothing.
    fn zero() -> Self;
    /// How many there are, as such a number.
    fn many(count: i64) -> Self;
    /// Of two such numbers, as an average.
    fn mean(sum: &Self, count: &Self, place: &'static str) -> Result<Self::Average, Arithmetic>;
}

impl Sum for i64 {
    type Average = Decimal;

    fn zero() -> Self {
        0
    }

    fn many(count: i64) -> Self {
        count
    }

    fn mean(sum: &Self, count: &Self, place: &'static str) -> Result<Decimal, Arithmetic> {
        math::div(sum, count, place)
    }
}

impl Sum for Decimal {
    type Average = Self;

    fn zero() -> Self {
        Self::new(Number::ZERO)
    }

    fn many(count: i64) -> Self {
        Self::new(Number::from(count))
    }

    fn mean(sum: &Self, count: &Self, place: &'static str) -> Result<Self, Arithmetic> {
        math::div(sum, count, place)
    }
}

impl Sum for Float {
    type Average = Self;

    fn zero() -> Self {
        Self::literal("0")
    }

    fn many(count: i64) -> Self {
        // An average is a float, which rounds.
        #[expect(clippy::cast_precision_loss)]
        Self::new(count as f64).unwrap_or_else(Self::zero)
    }

    fn mean(sum: &Self, count: &Self, place: &'static str) -> Result<Self, Arithmetic> {
        math::div(sum, count, place)
    }
}

/// Numbers added up; of none 0. `place` is where it stands in the `.gw` file, for the log.
pub fn sum<N: Sum>(mut numbers: impl Iterator<Item = N>, place: &'static str) -> Result<N, Arithmetic> {
    numbers.try_fold(N::zero(), |sum, number| math::add(&sum, &number, place))
}

/// The mean of numbers, of Ints and Decimals as a Decimal; of none nothing.
pub fn average<N: Sum>(
    numbers: impl Iterator<Item = N>,
    place: &'static str,
) -> Result<Option<N::Average>, Arithmetic> {
    let mut count = 0;
    let sum = sum(numbers.inspect(|_| count += 1), place)?;
    if count == 0 { Ok(None) } else { N::mean(&sum, &N::many(count), place).map(Some) }
}

// ── rows by keys ─────────────────────────────────────────────────────────────────────────────────────────────────

/// The first row of each key.
#[derive(Debug)]
pub struct Index<K, T> {
    places: HashMap<K, usize>,
    rows: Vec<T>,
}

/// Gathers the first row of each key.
pub fn index<K: Eq + Hash, T>(rows: impl IntoIterator<Item = (K, T)>) -> Index<K, T> {
    let mut index = Index { places: HashMap::new(), rows: Vec::new() };
    for (key, row) in rows {
        let next = index.rows.len();
        if *index.places.entry(key).or_insert(next) == next {
            index.rows.push(row);
        }
    }
    index
}

impl<K: Eq + Hash, T: Copy> Index<K, T> {
    /// The row with this key.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<T>
    where
        K: Borrow<Q>,
    {
        self.rows.get(*self.places.get(key)?).copied()
    }

    /// The rows, in the order in which their keys first came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.rows.iter()
    }
}

/// All rows of each key.
#[derive(Debug)]
pub struct Groups<K, T> {
    places: HashMap<K, usize>,
    groups: Vec<(K, Vec<T>)>,
}

/// Gathers all rows of each key.
pub fn groups<K: Clone + Eq + Hash, T>(rows: impl IntoIterator<Item = (K, T)>) -> Groups<K, T> {
    let mut groups = Groups { places: HashMap::new(), groups: Vec::<(K, Vec<T>)>::new() };
    for (key, row) in rows {
        let next = groups.groups.len();
        let place = *groups.places.entry(key.clone()).or_insert(next);
        match groups.groups.get_mut(place) {
            Some((_, group)) => group.push(row),
            None => groups.groups.push((key, vec![row])),
        }
    }
    groups
}

impl<K: Eq + Hash, T> Groups<K, T> {
    /// The rows with this key, and the key.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<(&K, &[T])>
    where
        K: Borrow<Q>,
    {
        self.groups.get(*self.places.get(key)?).map(|(key, group)| (key, group.as_slice()))
    }

    /// The keys with their rows, in the order in which the keys first came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &[T])> + ExactSizeIterator {
        self.groups.iter().map(|(key, group)| (key, group.as_slice()))
    }
}

fn keyed<T: Copy, K, E>(rows: impl Iterator<Item = T>, key: impl Fn(T) -> Result<K, E>) -> Result<Vec<(K, T)>, E> {
    rows.map(|row| Ok((key(row)?, row))).collect()
}

fn without_keys<K, T>(keyed: Vec<(K, T)>) -> IntoIter<T> {
    keyed.into_iter().map(|(_, row)| row).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "shop.gw:1:1";

    #[test]
    fn rows_with_the_same_key_stay_as_they_were() {
        let rows = [(2, "a"), (1, "b"), (2, "c"), (1, "d")];
        let texts = |rows: IntoIter<&(i32, &'static str)>| rows.map(|row| row.1).collect::<String>();
        assert_eq!(texts(sorted(rows.iter(), |row| row.0)), "bdac");
        assert_eq!(texts(sorted_descending(rows.iter(), |row| row.0)), "acbd");
        assert_eq!(texts(distinct(rows.iter(), |row| row.0)), "ab");
        let ok = |row: &(i32, &str)| Ok::<_, Arithmetic>(row.0);
        assert_eq!(try_sorted(rows.iter(), ok).map(texts), Ok("bdac".to_owned()));
        assert_eq!(try_sorted_descending(rows.iter(), ok).map(texts), Ok("acbd".to_owned()));
        assert_eq!(try_distinct(rows.iter(), ok).map(texts), Ok("ab".to_owned()));
    }

    #[test]
    fn sums_are_exact_and_never_wrap() {
        let decimals = ["0.1", "0.2", "0.30"].map(Decimal::literal);
        assert_eq!(sum(decimals.iter().cloned(), PLACE).map(|sum| sum.to_string()), Ok("0.60".to_owned()));
        assert!(sum([i64::MAX, 1].into_iter(), PLACE).is_err());
        assert_eq!(sum(std::iter::empty::<i64>(), PLACE), Ok(0));
        assert_eq!(
            average([1_i64, 2].into_iter(), PLACE).map(|it| it.map(|it| it.to_string())),
            Ok(Some("1.5".to_owned()))
        );
        assert_eq!(average(std::iter::empty::<i64>(), PLACE), Ok(None));
    }

    #[test]
    fn the_first_row_of_a_key_is_the_one_that_an_index_has() {
        let by_key = index([("a", &1), ("b", &2), ("a", &3)]);
        assert_eq!(by_key.get("a"), Some(&1));
        assert_eq!(by_key.get("c"), None);
        assert_eq!(by_key.iter().copied().collect::<Vec<_>>(), [&1, &2]);
    }

    #[test]
    fn groups_keep_the_order_in_which_keys_came() {
        let by_key = groups([("b", &1), ("a", &2), ("b", &3)]);
        assert_eq!(by_key.iter().map(|(key, _)| *key).collect::<String>(), "ba");
        assert_eq!(by_key.get("b"), Some((&"b", [&1, &3].as_slice())));
    }

    #[test]
    fn chunks_and_slices_are_cut_to_what_there_is() {
        let sizes = |chunks: Vec<Vec<i32>>| chunks.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(chunks(0..5, 2)), [2, 2, 1]);
        assert_eq!(between(0..5, 3, Some(9)).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(between(0..5, -1, Some(1)).collect::<Vec<_>>(), [0]);
        assert_eq!(join(["a", "b"].iter(), "-"), "a-b");
    }
}
