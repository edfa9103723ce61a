//! Names in generated code: every one is chosen here, so that none is a keyword, shadows what generated code itself needs,
//! or meets another of its scope.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

/// Words that Rust keeps for itself and that may be written raw (`r#type`).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that are never a name, not even raw.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_", ""];

/// Types and variants of Rust's prelude that generated code writes without a path.
pub(super) const PRELUDE: &[&str] =
    &["Default", "Err", "From", "Into", "Iterator", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

/// What a handler calls by name beside the endpoint's own words.
pub(super) const HANDLER: &[&str] = &["call", "gw", "index", "input", "object", "out", "services", "types"];

/// An identifier at a place in the `.gw` text.
pub(super) fn ident_at(name: &str, span: Span) -> Ident {
    if KEYWORDS.contains(&name) { Ident::new_raw(name, span) } else { Ident::new(name, span) }
}

/// An identifier that only generated code knows.
pub(super) fn ident(name: &str) -> Ident {
    ident_at(name, Span::call_site())
}

/// `HTTPStatus code` as `http_status_code`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            push_gap(&mut snake);
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let next = letters.get(at + 1);
        let starts_word = letter.is_ascii_uppercase()
            && (before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit())
                || next.is_some_and(char::is_ascii_lowercase));
        if starts_word {
            push_gap(&mut snake);
        }
        snake.push(letter.to_ascii_lowercase());
    }
    let trimmed = snake.trim_end_matches('_');
    if trimmed.is_empty() || trimmed.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("n{trimmed}");
    }
    trimmed.to_owned()
}

fn push_gap(name: &mut String) {
    if !name.is_empty() && !name.ends_with('_') {
        name.push('_');
    }
}

/// `order_line` as `OrderLine`.
pub(super) fn pascal(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    for word in snake(name).split('_') {
        let mut letters = word.chars();
        pascal.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        pascal.extend(letters);
    }
    pascal
}

/// `order_line` as `ORDER_LINE`.
pub(super) fn screaming(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// The names of one scope: gives each that is asked for, or the nearest free one.
#[derive(Debug, Clone, Default)]
pub(super) struct Namer {
    taken: BTreeSet<String>,
}

impl Namer {
    /// A scope in which these names are taken already.
    pub(super) fn reserving<'n>(reserved: impl IntoIterator<Item = &'n str>) -> Self {
        Self { taken: reserved.into_iter().map(str::to_owned).collect() }
    }

    /// `wanted`, or with a number behind it where it is taken: `line_2`, `Line2`, `LINE_2`.
    pub(super) fn pick(&mut self, wanted: &str) -> String {
        let name = self.free(wanted);
        self.taken.insert(name.clone());
        name
    }

    /// The name that `pick` would give.
    pub(super) fn free(&self, wanted: &str) -> String {
        let is_free = |name: &str| !self.taken.contains(name) && !NEVER.contains(&name);
        if is_free(wanted) {
            return wanted.to_owned();
        }
        let is_type = wanted.starts_with(|first: char| first.is_ascii_uppercase())
            && wanted.contains(|letter: char| letter.is_ascii_lowercase());
        let gap = if is_type { "" } else { "_" };
        (2..u32::MAX)
            .map(|number| format!("{}{gap}{number}", wanted.trim_end_matches('_')))
            .find(|name| is_free(name))
            .unwrap_or_else(|| wanted.to_owned())
    }

    /// Takes a name that must be as it is.
    pub(super) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_people_read_them() {
        assert_eq!(snake("HTTPStatus code"), "http_status_code");
        assert_eq!(snake("userId"), "user_id");
        assert_eq!(snake("first-name"), "first_name");
        assert_eq!(snake("Users"), "users");
        assert_eq!(snake("404"), "n404");
        assert_eq!(snake("_"), "n");
        assert_eq!(pascal("order_line"), "OrderLine");
        assert_eq!(pascal("OrderLine"), "OrderLine");
        assert_eq!(screaming("orderLine"), "ORDER_LINE");
    }

    #[test]
    fn keywords_are_raw_and_the_others_get_a_number() {
        assert_eq!(ident("type").to_string(), "r#type");
        assert_eq!(ident("gen").to_string(), "r#gen");
        assert_eq!(ident("kind").to_string(), "kind");
        let mut names = Namer::reserving(PRELUDE.iter().chain(HANDLER).copied());
        assert_eq!(names.pick("Result"), "Result2");
        assert_eq!(names.pick("Vec"), "Vec2");
        assert_eq!(names.pick("Option"), "Option2");
        assert_eq!(names.pick("Self"), "Self2");
        assert_eq!(names.pick("self"), "self_2");
        assert_eq!(names.pick("crate"), "crate_2");
        assert_eq!(names.pick("gw"), "gw_2");
        assert_eq!(names.pick("call"), "call_2");
        assert_eq!(names.pick("call"), "call_3");
        assert_eq!(names.pick("line"), "line");
        assert_eq!(names.pick("line"), "line_2");
        assert_eq!(names.pick("LINE"), "LINE");
        assert_eq!(names.pick("LINE"), "LINE_2");
    }
}
