//! Names for what expressions bind, good enough to be read in generated code.

use std::collections::BTreeSet;

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
    /// Names that stand for something in the whole body.
    taken: BTreeSet<String>,
    /// The locals that are bound around this place.
    open: Vec<LocalId>,
}

impl Locals {
    /// No locals yet, beside parameters and `let`s of these names.
    pub(super) fn new(taken: BTreeSet<String>) -> Self {
        Self { names: Vec::new(), taken, open: Vec::new() }
    }

    /// A new local, bound until [`Self::close`].
    pub(super) fn open(&mut self, hint: &str) -> LocalId {
        let name = self.free(&word(hint));
        let id = LocalId(self.names.len());
        self.names.push(name);
        self.open.push(id);
        id
    }

    /// Ends the innermost local.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    /// Keeps a local that was closed bound at this place too, until [`Self::close`].
    pub(super) fn reopen(&mut self, id: LocalId) {
        self.open.push(id);
    }

    /// A new local that is bound from here to the end of the body, under this very name where it may have it.
    pub(super) fn forever(&mut self, name: &str, own: bool) -> LocalId {
        let name = if own { word(name) } else { self.free(&word(name)) };
        let id = LocalId(self.names.len());
        self.taken.insert(name.clone());
        self.names.push(name);
        id
    }

    /// A new local whose name no other has.
    pub(super) fn anywhere(&mut self, hint: &str) -> LocalId {
        let word = word(hint);
        let numbered = std::iter::once(word.clone()).chain((2_u32..).map(|number| format!("{word}_{number}")));
        let is_free = |name: &String| !self.taken.contains(name) && !self.names.contains(name);
        let name = numbered.into_iter().find(is_free).unwrap_or_default();
        let id = LocalId(self.names.len());
        self.names.push(name);
        id
    }

    /// The name of a local.
    pub(super) fn name(&self, id: LocalId) -> &str {
        self.names.get(id.0).map_or("", String::as_str)
    }

    /// The word itself, or the first `word_2` that nothing around this place has.
    fn free(&self, word: &str) -> String {
        let is_free = |name: &str| {
            !self.taken.contains(name) && !self.open.iter().any(|id| self.names.get(id.0).is_some_and(|it| it == name))
        };
        let numbered = std::iter::once(word.to_owned()).chain((2_u32..).map(|number| format!("{word}_{number}")));
        numbered.into_iter().find(|name| is_free(name)).unwrap_or_default()
    }
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
