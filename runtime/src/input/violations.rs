//! What is wrong with a request, all of it, within bounds.

use std::fmt;

use crate::value::Reason;

/// The most violations that are listed; what comes after them is only said to be there.
const MOST: usize = 64;

/// The longest place that is repeated to the client, in characters: it may hold names that the client chose.
const LONGEST_PLACE: usize = 200;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The name of a parameter, or the JSON pointer of a place in the body (`/lines/3/quantity`; `body` for all of it).
    pub at: String,
    /// What is wrong: `must be at least 1`.
    pub why: String,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// 400: these are wrong.
    Invalid(Vec<Violation>),
    /// 400: the body is no JSON from this byte on.
    Malformed {
        /// The byte.
        offset: usize,
        /// What is wrong there.
        why: String,
    },
    /// 415: the body's content type is not JSON.
    UnsupportedMediaType,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(violations) => {
                for (index, Violation { at, why }) in violations.iter().enumerate() {
                    write!(f, "{}{at}: {why}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Self::Malformed { offset, why } => write!(f, "the body is no JSON: {why} at byte {offset}"),
            Self::UnsupportedMediaType => f.write_str("the body must be application/json"),
        }
    }
}

impl std::error::Error for Rejection {}

/// The violations found so far.
#[derive(Debug, Default)]
pub(super) struct Violations {
    list: Vec<Violation>,
    more: bool,
}

impl Violations {
    /// Notes that `why` is wrong at `at`.
    #[cold]
    pub(super) fn note(&mut self, at: &str, why: &str) {
        if self.list.len() >= MOST {
            self.more = true;
            return;
        }
        let mut place: String = at.chars().take(LONGEST_PLACE).collect();
        if place.len() < at.len() {
            place.push('…');
        }
        self.list.push(Violation { at: place, why: why.to_owned() });
    }

    /// Notes an error.
    pub(super) fn note_error<T>(&mut self, result: Result<T, Reason>, at: &str) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(reason) => {
                self.note(at, reason.as_str());
                None
            }
        }
    }

    /// Notes that there is nothing.
    pub(super) fn note_none<T>(&mut self, value: Option<T>, at: &str, why: &str) -> Option<T> {
        if value.is_none() {
            self.note(at, why);
        }
        value
    }

    pub(super) fn into_result(self) -> Result<(), Rejection> {
        if self.list.is_empty() { Ok(()) } else { Err(self.into_rejection()) }
    }

    pub(super) fn into_rejection(mut self) -> Rejection {
        if self.more {
            self.list.push(Violation { at: String::new(), why: "there is more".to_owned() });
        }
        Rejection::Invalid(self.list)
    }
}
