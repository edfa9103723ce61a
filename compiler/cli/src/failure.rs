//! How a command ends, and what it says when it can't do what it was asked.

use std::fmt;
use std::io;
use std::path::Path;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Fine,
    /// The program has errors, or what was asked could not be done.
    Errors,
    /// It was asked the wrong way.
    WrongUse,
}

impl Exit {
    /// What the process tells its parent.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Errors => 1,
            Self::WrongUse => 2,
        }
    }
}

/// Why a command could not be done; errors of a `.gw` program are diagnostics, not this.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the command ends.
    pub(crate) exit: Exit,
    message: String,
    notes: Vec<String>,
}

/// What a command gives back.
pub(crate) type Outcome<T = Exit> = Result<T, Failure>;

impl Failure {
    /// It could not be done.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::Errors, message: message.into(), notes: Vec::new() }
    }

    /// It was asked the wrong way.
    pub(crate) fn wrong_use(message: impl Into<String>) -> Self {
        Self { exit: Exit::WrongUse, ..Self::new(message) }
    }

    /// The system said no to something with this file.
    pub(crate) fn file(doing: &str, path: &Path, why: &io::Error) -> Self {
        Self::new(format!("can't {doing} {}: {why}", path.display()))
    }

    /// Says more: why, or what to do.
    #[must_use]
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The first line.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The lines below it.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
