//! `{String: T}`: an object with any keys, in the order in which they came.

use super::broken::Broken;
use super::writer::{ToJson, Writer};

/// An object with any keys, each once, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map<T> {
    entries: Vec<(String, T)>,
    /// The indices of `entries`, sorted by key.
    by_key: Vec<usize>,
}

impl<T> Map<T> {
    /// A map of these entries; a key that appears twice breaks the contract.
    pub fn new(entries: Vec<(String, T)>) -> Result<Self, Broken> {
        let key = |index: &usize| entries.get(*index).map(|(key, _)| key.as_str());
        let mut by_key: Vec<usize> = (0..entries.len()).collect();
        by_key.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let doubled = by_key.array_windows().find(|[a, b]| key(a) == key(b)).and_then(|[a, _]| key(a));
        if let Some(doubled) = doubled {
            return Err(twice(doubled.as_bytes()));
        }
        Ok(Self { entries, by_key })
    }

    /// What stands under `key`.
    pub fn get(&self, key: &str) -> Option<&T> {
        let at = |index: &usize| self.entries.get(*index);
        let found =
            self.by_key.binary_search_by(|index| at(index).map(|(key, _)| key.as_str()).cmp(&Some(key))).ok()?;
        self.by_key.get(found).and_then(at).map(|(_, value)| value)
    }

    /// All entries, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T: ToJson> ToJson for Map<T> {
    fn write_json(&self, out: &mut Writer) {
        let mut object = out.object();
        for (key, value) in self.iter() {
            value.write_json(object.name(key));
        }
        object.end();
    }
}

/// Checks that no key appears twice.
pub(super) fn check_keys(mut keys: Vec<Vec<u8>>) -> Result<(), Broken> {
    keys.sort_unstable();
    match keys.array_windows().find(|[a, b]| a == b) {
        Some([doubled, _]) => Err(twice(doubled)),
        None => Ok(()),
    }
}

#[cold]
fn twice(key: &[u8]) -> Broken {
    Broken::contract("the key appears more than once").in_key(key)
}
