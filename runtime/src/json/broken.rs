//! Why an answer does not keep its contract, and where.

use std::borrow::Cow;
use std::fmt;

use super::cursor::Fault;
use crate::value::Reason;

/// The longest path or key that is printed, in characters.
const LONGEST_PATH: usize = 256;
const LONGEST_KEY: usize = 64;

/// An upstream's body that is no JSON, or not the JSON that its type promises.
///
/// Shown it reads `lines[3].quantity: expected a whole number, found a string`. The path grows outwards while the
/// readers return. It is one word wide, so that results stay small on the hot path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(Box<Report>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Report {
    /// The innermost step first.
    path: Vec<Step>,
    why: Cow<'static, str>,
    /// The byte at which the text stops to be JSON; none where it is JSON of the wrong type.
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Broken {
    /// The text is no JSON from `offset` on.
    #[cold]
    pub(crate) fn malformed(fault: Fault, offset: usize) -> Self {
        Self(Box::new(Report { path: Vec::new(), why: Cow::Owned(fault.to_string()), offset: Some(offset) }))
    }

    /// The text is JSON, but not what its type promises.
    #[cold]
    pub fn contract(why: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Report { path: Vec::new(), why: why.into(), offset: None }))
    }

    /// A key that must be there is not.
    #[cold]
    pub(crate) fn missing(key: &str) -> Self {
        Self::contract("is missing").in_key(key.as_bytes())
    }

    /// Whether the text is JSON, only not of the promised type: such a value can be skipped, and replaced.
    pub fn is_contract(&self) -> bool {
        self.0.offset.is_none()
    }

    /// The byte at which the text stops to be JSON.
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// What is wrong, without the place.
    pub fn why(&self) -> &str {
        &self.0.why
    }

    /// Where it is wrong: `lines[3].quantity`; empty for the body itself. Cut after 256 characters.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.path.iter().rev() {
            match step {
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
            }
            if path.chars().count() > LONGEST_PATH {
                return path.chars().take(LONGEST_PATH).chain("…".chars()).collect();
            }
        }
        path
    }

    /// The same, seen from the object that has it under `key`.
    #[cold]
    #[must_use]
    pub(crate) fn in_key(mut self, key: &[u8]) -> Self {
        let key = String::from_utf8_lossy(key);
        let mut shown: String = key.chars().take(LONGEST_KEY).map(|c| if c.is_control() { '?' } else { c }).collect();
        if shown.len() < key.len() && key.chars().count() > LONGEST_KEY {
            shown.push('…');
        }
        self.0.path.push(Step::Key(shown));
        self
    }

    /// The same, seen from the array that has it at `index`.
    #[cold]
    #[must_use]
    pub(crate) fn at_index(mut self, index: usize) -> Self {
        self.0.path.push(Step::Index(index));
        self
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.why)?;
        match self.0.offset {
            Some(offset) => write!(f, " at byte {offset}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Broken {}

impl From<Reason> for Broken {
    #[cold]
    fn from(reason: Reason) -> Self {
        Self::contract(reason.into_text())
    }
}
