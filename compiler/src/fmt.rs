//! The one layout of `.gw` text: tree and comments back to text.
//!
//! There are no options. What the tree does not hold (the way a literal is written, what is "not yet" built) is taken
//! from the source as it stands; comments, documentation and single blank lines are all kept.

mod bodies;
mod comments;
mod doc;
mod exprs;
mod items;
mod lists;
mod settings;
mod types;

use crate::source::Span;
use crate::syntax::ast::File;
use crate::syntax::trivia::Trivia;

use comments::Comments;
use doc::Doc;

/// Lines are at most this long where they can be broken at all.
const WIDTH: usize = 120;

/// The text of a file in its one layout. A file that could not be read in full stays as it is.
pub fn format(file: &File, trivia: &Trivia, source: &str) -> String {
    if file.broken {
        return source.to_owned();
    }
    let mut layout = Layout { source, comments: Comments::new(trivia, source) };
    layout.file(file)
}

/// What laying out every node needs: the source, and the comments that are not yet set.
struct Layout<'a> {
    source: &'a str,
    comments: Comments<'a>,
}

impl<'a> Layout<'a> {
    /// The source of a place, as it stands.
    fn slice(&self, span: Span) -> &'a str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The source of one token.
    fn token(&self, span: Span) -> Doc {
        Doc::Verbatim(self.slice(span).to_owned())
    }

    /// A place whose source is kept as it stands, comments in it and all.
    fn as_written(&mut self, span: Span) -> Doc {
        self.comments.pass(span.end);
        self.token(span)
    }
}

/// Several pieces, one after the other.
fn concat(parts: impl IntoIterator<Item = Doc>) -> Doc {
    Doc::Concat(parts.into_iter().collect())
}
