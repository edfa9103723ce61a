//! Diagnostics as data: what is wrong, where, why, and what to write instead.
//!
//! The compiler only makes them; [`human`] and [`json`] show them. A message is lower case, without a full stop,
//! with names in backticks: what is wrong. A note says why. A fix says what to write.

pub mod codes;
#[cfg(feature = "render")]
pub mod human;
pub mod json;
pub(crate) mod later;

pub use codes::Code;

use crate::source::Span;

/// Whether a program with it can be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the program builds.
    Warning,
    /// The program does not build.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule; its page explains it at length.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Places, the primary one first; none where the finding is about a file that could not be read.
    pub labels: Vec<Label>,
    /// Why, and what else helps.
    pub notes: Vec<String>,
    /// What to write instead, each on its own.
    pub fixes: Vec<Fix>,
}

/// A place and a few words on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words, or nothing.
    pub text: String,
    /// Whether this is the place to change; exactly one label of a diagnostic is.
    pub primary: bool,
}

/// A change of the text that mends the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an offer: "did you mean `price`?"
    pub title: String,
    /// Each range and the text to stand there; ranges do not overlap.
    pub edits: Vec<(Span, String)>,
    /// Whether `gw check --fix` may apply it unasked: it is surely what was meant, and leaves a valid program.
    pub applicable: bool,
}

impl Diagnostic {
    /// A finding at one place.
    pub fn new(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        let message = message.into();
        debug_assert!(!message.ends_with('.'), "a message is no sentence: {message}");
        Self {
            code,
            message,
            labels: vec![Label { span, text: label.into(), primary: true }],
            notes: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// A finding about a file that could not be read, so that there is no place to show.
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), notes: Vec::new(), fixes: Vec::new() }
    }

    /// Names a second place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: label.into(), primary: false });
        self
    }

    /// Says why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Offers one change that `gw check --fix` may apply.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits: vec![(span, text.into())], applicable: true });
        self
    }

    /// Offers one change that a person must choose.
    #[must_use]
    pub fn suggest(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits: vec![(span, text.into())], applicable: false });
        self
    }

    /// The place to change.
    pub fn primary(&self) -> Option<Span> {
        self.labels.iter().find(|label| label.primary).map(|label| label.span)
    }

    /// Whether the program can be built all the same.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The sink that every stage writes to.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Keeps one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// What was found so far, in the order in which it was found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// All of them, by file and place, each once.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| (diagnostic.primary(), diagnostic.code));
        self.list.dedup();
        self.list
    }
}
