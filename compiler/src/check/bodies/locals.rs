//! Names for what expressions bind, good enough to be read in generated code.

use std::collections::{BTreeMap, BTreeSet};

use crate::typed::LocalId;

/// Rust's own words, which can't name a local.
const RESERVED: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The locals of one endpoint.
pub(super) struct Locals {
    /// Their names, by [`LocalId`].
    pub(super) names: Vec<String>,
    /// The word that each name was made of.
    words: Vec<String>,
    /// The same names, to look them up.
    ever: BTreeSet<String>,
    /// Names that stand for something in the whole body.
    taken: BTreeSet<String>,
    /// The locals that are bound around this place.
    open: Vec<LocalId>,
    /// How often each name and each word is open.
    counts: BTreeMap<String, u32>,
    /// How many locals of each word are bound from somewhere to the end of the body.
    lasting: BTreeMap<String, u32>,
}

impl Locals {
    /// No locals yet, beside parameters and `let`s of these names.
    pub(super) fn new(taken: BTreeSet<String>) -> Self {
        Self {
            names: Vec::new(),
            ever: BTreeSet::new(),
            words: Vec::new(),
            taken,
            open: Vec::new(),
            counts: BTreeMap::new(),
            lasting: BTreeMap::new(),
        }
    }

    /// A new local, bound until [`Self::close`].
    pub(super) fn open(&mut self, hint: &str) -> LocalId {
        let word = word(hint);
        let open = self.counts.get(&word).copied().unwrap_or(0);
        let name = numbered(&word, open).find(|name| !self.taken.contains(name) && !self.counts.contains_key(name));
        let id = self.add(word, name.unwrap_or_default());
        self.reopen(id);
        id
    }

    /// Ends the innermost local.
    pub(super) fn close(&mut self) {
        let Some(id) = self.open.pop() else { return };
        for key in self.keys(id) {
            if let Some(count) = self.counts.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(&key);
                }
            }
        }
    }

    /// Keeps a local that was closed bound at this place too, until [`Self::close`].
    pub(super) fn reopen(&mut self, id: LocalId) {
        self.open.push(id);
        for key in self.keys(id) {
            *self.counts.entry(key).or_default() += 1;
        }
    }

    /// A new local that is bound from here to the end of the body, under this very name where it may have it.
    pub(super) fn forever(&mut self, name: &str, own: bool) -> LocalId {
        let word = word(name);
        if own && word == name {
            return self.add(word.clone(), word);
        }
        self.lasting(word)
    }

    /// A new local whose name no other has.
    pub(super) fn anywhere(&mut self, hint: &str) -> LocalId {
        self.lasting(word(hint))
    }

    /// The name of a local.
    pub(super) fn name(&self, id: LocalId) -> &str {
        self.names.get(id.0).map_or("", String::as_str)
    }

    fn lasting(&mut self, word: String) -> LocalId {
        let used = self.lasting.entry(word.clone()).or_default();
        let before = *used;
        *used += 1;
        let all: BTreeSet<&str> =
            self.names.iter().map(String::as_str).filter(|name| name.starts_with(&word)).collect();
        let name = numbered(&word, before).find(|name| !self.taken.contains(name) && !all.contains(name.as_str()));
        let name = name.unwrap_or_default();
        self.taken.insert(name.clone());
        self.add(word, name)
    }

    fn add(&mut self, word: String, name: String) -> LocalId {
        self.ever.insert(name.clone());
        self.names.push(name);
        self.words.push(word);
        LocalId(self.names.len() - 1)
    }

    /// What an open local counts under: its word, and its name where that is another.
    fn keys(&self, id: LocalId) -> Vec<String> {
        let word = self.words.get(id.0).cloned();
        let name = self.names.get(id.0).cloned().filter(|name| Some(name) != word.as_ref());
        word.into_iter().chain(name).collect()
    }
}

/// The word itself, then `word_2` and so on, without the first `used` of them.
fn numbered(word: &str, used: u32) -> impl Iterator<Item = String> {
    (used + 1..).map(move |number| if number == 1 { word.to_owned() } else { format!("{word}_{number}") })
}

/// One of several: `line` of `lines`, `company` of `companies`; nothing where the word is no plural.
pub(super) fn singular(plural: &str) -> Option<String> {
    if let Some(stem) = plural.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Some(format!("{stem}y"));
    }
    for ending in ["sses", "xes", "ches", "shes", "zes"] {
        if plural.ends_with(ending) {
            return plural.strip_suffix("es").map(str::to_owned);
        }
    }
    let stem = plural.strip_suffix('s').filter(|stem| !stem.is_empty() && !stem.ends_with(['s', 'u']));
    stem.map(str::to_owned)
}

/// The hint as a Rust word in `snake_case`.
fn word(hint: &str) -> String {
    let mut word = String::new();
    for letter in hint.chars() {
        if letter.is_ascii_uppercase() && word.ends_with(|last: char| last.is_ascii_lowercase()) {
            word.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            word.push(letter.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_matches('_');
    match word {
        "" => "value".to_owned(),
        _ if word.starts_with(|first: char| first.is_ascii_digit()) || RESERVED.contains(&word) => {
            format!("the_{word}")
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several() {
        for (plural, one) in [("lines", "line"), ("companies", "company"), ("boxes", "box"), ("addresses", "address")] {
            assert_eq!(singular(plural).as_deref(), Some(one));
        }
        assert_eq!((singular("stock"), singular("status")), (None, None));
    }

    #[test]
    fn words_are_rust() {
        for (hint, name) in
            [("type", "the_type"), ("firstName", "first_name"), ("x-y", "x_y"), ("", "value"), ("2nd", "the_2nd")]
        {
            assert_eq!(word(hint), name);
        }
    }

    #[test]
    fn names_around_a_place_differ() {
        let mut locals = Locals::new(["user".to_owned()].into());
        let (outer, inner) = (locals.open("user"), locals.open("user"));
        assert_eq!((locals.name(outer), locals.name(inner)), ("user_2", "user_3"));
        locals.close();
        let again = locals.open("user");
        assert_eq!(locals.name(again), "user_3");
    }
}
