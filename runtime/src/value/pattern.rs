//! `matches r"…"`: a regular expression that a whole string must match.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// The most memory that one compiled pattern may take.
const SIZE_LIMIT: usize = 1 << 20;

/// A regular expression that a whole string must match. It is compiled when it is first used; matching takes time
/// linear in the text, whatever the pattern.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern that is written `source`.
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// How it is written.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether all of `text` matches. The compiler of `.gw` files has checked the pattern; one that does not compile
    /// all the same matches nothing.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled.get_or_init(|| self.compile()).as_ref().is_some_and(|regex| regex.is_match(text))
    }

    fn compile(&self) -> Option<Regex> {
        // Alone first: `a)|(b` must not become valid by what we put around it.
        RegexBuilder::new(self.source).size_limit(SIZE_LIMIT).build().ok()?;
        RegexBuilder::new(&format!(r"\A(?:{})\z", self.source)).size_limit(SIZE_LIMIT).build().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn the_whole_text_must_match() {
        static LETTERS: Pattern = Pattern::new("[a-z]+|x1");
        assert!(LETTERS.matches("abc"));
        assert!(LETTERS.matches("x1"));
        for text in ["", "abc1", "1abc", "abc\n", "x1x1"] {
            assert!(!LETTERS.matches(text), "{text:?}");
        }
    }

    #[test]
    fn what_does_not_compile_matches_nothing() {
        for source in ["a)|(b", "(", "(a{1000}){1000}"] {
            assert!(!Pattern::new(source).matches("a"));
        }
    }
}
