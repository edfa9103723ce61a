//! Comments while the tree is laid out: each is set once, in the order of the source, before or behind the nearest
//! entry, statement or item.

use super::doc::Doc;
use crate::syntax::trivia::{Comment, Trivia};

/// The comments of a file, less those that are set already.
pub(super) struct Comments<'a> {
    trivia: &'a Trivia,
    source: &'a str,
    next: usize,
}

impl<'a> Comments<'a> {
    pub(super) fn new(trivia: &'a Trivia, source: &'a str) -> Self {
        Self { trivia, source, next: 0 }
    }

    /// Takes all comments that start before `offset`, each with the blank line that may stand before it.
    pub(super) fn before(&mut self, offset: u32) -> Vec<(Doc, bool)> {
        let mut taken = Vec::new();
        while let Some(comment) = self.peek().filter(|comment| comment.span.start < offset) {
            self.next += 1;
            taken.push((self.text(comment), self.blank_before(comment.span.start)));
        }
        taken
    }

    /// Takes the comment that stands behind `offset` on the same line, if only a separator is between.
    pub(super) fn behind(&mut self, offset: u32) -> Option<Doc> {
        let comment = self.peek().filter(|comment| !comment.own_line && comment.span.start >= offset)?;
        let between = self.source.get(offset as usize..comment.span.start as usize)?;
        if !between.chars().all(|next| matches!(next, ' ' | '\t' | ',')) {
            return None;
        }
        self.next += 1;
        Some(self.text(comment))
    }

    /// Passes over the comments that start before `offset`: they stand in text that is kept as written.
    pub(super) fn pass(&mut self, offset: u32) {
        while self.peek().is_some_and(|comment| comment.span.start < offset) {
            self.next += 1;
        }
    }

    /// Whether a blank line stands before what starts at `offset`.
    pub(super) fn blank_before(&self, offset: u32) -> bool {
        self.trivia.blank_before(offset)
    }

    /// The place of the next comment, if it starts before `offset`.
    pub(super) fn next_before(&self, offset: u32) -> Option<u32> {
        self.peek().map(|comment| comment.span.start).filter(|start| *start < offset)
    }

    fn peek(&self) -> Option<Comment> {
        self.trivia.comments.get(self.next).copied()
    }

    fn text(&self, comment: Comment) -> Doc {
        let text = self.source.get(comment.span.start as usize..comment.span.end as usize).unwrap_or_default();
        Doc::Verbatim(text.trim_end().to_owned())
    }
}
