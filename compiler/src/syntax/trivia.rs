//! What a file holds beside its tree: comments and blank lines, by place. The formatter puts them back.

use crate::source::Span;

/// Comments and blank lines of one file, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trivia {
    /// `// …` and `/* … */`; documentation (`///`) is part of the tree.
    pub comments: Vec<Comment>,
    /// For each run of blank lines the place of what follows it.
    pub blank_lines: Vec<u32>,
}

/// One comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// All of it, its slashes included.
    pub span: Span,
    /// Whether nothing stands before it on its line.
    pub own_line: bool,
}

impl Trivia {
    /// The comments that start in a range.
    pub fn comments_in(&self, start: u32, end: u32) -> &[Comment] {
        let from = self.comments.partition_point(|comment| comment.span.start < start);
        let to = self.comments.partition_point(|comment| comment.span.start < end);
        self.comments.get(from..to.max(from)).unwrap_or_default()
    }

    /// Whether a blank line stands right before the token or comment at `offset`.
    pub fn blank_before(&self, offset: u32) -> bool {
        self.blank_lines.binary_search(&offset).is_ok()
    }
}
