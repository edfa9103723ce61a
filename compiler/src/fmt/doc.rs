//! A small pretty printer: a document says where lines may break, and the printer breaks no more groups than it must.
//!
//! After Wadler, "A prettier printer" (2003), in the iterative form of Lindig, "Strictly pretty" (2000).

/// A piece of layout.
#[derive(Debug, Clone)]
pub(super) enum Doc {
    /// Text without line ends.
    Text(String),
    /// Text printed as it stands, line ends and all.
    Verbatim(String),
    /// A blank in a flat group, a line end in a broken one.
    Line,
    /// Nothing in a flat group, a line end in a broken one.
    SoftLine,
    /// A line end; every group around it is broken.
    HardLine,
    /// An empty line and a line end.
    BlankLine,
    /// Text that only stands in a broken group.
    IfBroken(&'static str),
    /// Text that only stands in a flat group.
    IfFlat(&'static str),
    /// The lines in it are indented one step more.
    Indent(Box<Doc>),
    /// Broken as a whole, or flat as a whole.
    Group(Box<Doc>),
    /// One after the other.
    Concat(Vec<Doc>),
}

/// Blanks of one step of indentation.
const STEP: usize = 4;

impl Doc {
    /// Text without line ends.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Nothing.
    pub(super) fn nothing() -> Self {
        Self::Concat(Vec::new())
    }

    /// Broken as a whole, or flat as a whole.
    pub(super) fn group(self) -> Self {
        Self::Group(Box::new(self))
    }

    /// The lines in it are indented one step more.
    pub(super) fn indent(self) -> Self {
        Self::Indent(Box::new(self))
    }

    /// Whether it can't be flat.
    pub(super) fn breaks(&self) -> bool {
        match self {
            Self::HardLine | Self::BlankLine => true,
            Self::Verbatim(text) => text.contains('\n'),
            Self::Indent(inner) | Self::Group(inner) => inner.breaks(),
            Self::Concat(parts) => parts.iter().any(Self::breaks),
            Self::Text(_) | Self::Line | Self::SoftLine | Self::IfBroken(_) | Self::IfFlat(_) => false,
        }
    }

    /// Prints it in lines of at most `width` characters where that is possible.
    pub(super) fn print(&self, width: usize) -> String {
        Printer { width, column: 0, output: String::new() }.print(self)
    }
}

/// A document to print, at its indentation, in a broken group or a flat one.
type Task<'a> = (usize, bool, &'a Doc);

struct Printer {
    width: usize,
    column: usize,
    output: String,
}

impl Printer {
    fn print(mut self, doc: &Doc) -> String {
        let mut tasks: Vec<Task<'_>> = vec![(0, true, doc)];
        while let Some((indent, broken, doc)) = tasks.pop() {
            match doc {
                Doc::Text(text) => self.write(text),
                Doc::Verbatim(text) => self.write_lines(text),
                Doc::Line if !broken => self.write(" "),
                Doc::SoftLine if !broken => {}
                Doc::Line | Doc::SoftLine | Doc::HardLine => self.new_line(indent),
                Doc::BlankLine => {
                    self.new_line(0);
                    self.new_line(indent);
                }
                Doc::IfBroken(text) if broken => self.write(text),
                Doc::IfFlat(text) if !broken => self.write(text),
                Doc::IfBroken(_) | Doc::IfFlat(_) => {}
                Doc::Indent(inner) => tasks.push((indent + STEP, broken, inner)),
                Doc::Group(inner) => {
                    let flat = !inner.breaks() && self.fits(inner, &tasks);
                    tasks.push((indent, !flat, inner));
                }
                Doc::Concat(parts) => tasks.extend(parts.iter().rev().map(|part| (indent, broken, part))),
            }
        }
        self.output
    }

    fn write(&mut self, text: &str) {
        self.column += text.chars().count();
        self.output.push_str(text);
    }

    fn write_lines(&mut self, text: &str) {
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
        self.output.push_str(text);
    }

    fn new_line(&mut self, indent: usize) {
        self.output.truncate(self.output.trim_end_matches(' ').len());
        self.output.push('\n');
        self.output.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether `doc`, flat, and what follows it up to the next place where a line may end, fit on this line.
    fn fits(&self, doc: &Doc, behind: &[Task<'_>]) -> bool {
        let mut room = self.width.saturating_sub(self.column);
        let mut tasks = vec![(false, doc)];
        let mut behind = behind.iter().rev();
        loop {
            let Some((broken, doc)) = tasks.pop().or_else(|| behind.next().map(|(_, broken, doc)| (*broken, *doc)))
            else {
                return true;
            };
            let text = match doc {
                Doc::Text(text) => text.as_str(),
                Doc::Verbatim(text) => match text.split_once('\n') {
                    Some((first, _)) => return first.chars().count() <= room,
                    None => text.as_str(),
                },
                Doc::HardLine | Doc::BlankLine => return true,
                Doc::Line | Doc::SoftLine if broken => return true,
                Doc::Line => " ",
                Doc::IfBroken(text) if broken => text,
                Doc::IfFlat(text) if !broken => text,
                Doc::SoftLine | Doc::IfBroken(_) | Doc::IfFlat(_) => "",
                Doc::Indent(inner) => {
                    tasks.push((broken, inner));
                    continue;
                }
                Doc::Group(inner) => {
                    // A group behind this one may still break: its first line end is as good as any.
                    tasks.push((broken, inner));
                    continue;
                }
                Doc::Concat(parts) => {
                    tasks.extend(parts.iter().rev().map(|part| (broken, part)));
                    continue;
                }
            };
            match room.checked_sub(text.chars().count()) {
                Some(left) => room = left,
                None => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Doc {
        let mut parts = vec![Doc::Line];
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 {
                parts.extend([Doc::text(","), Doc::Line]);
            }
            parts.push(Doc::text(*entry));
        }
        parts.push(Doc::IfBroken(","));
        Doc::Concat(vec![Doc::text("{"), Doc::Concat(parts).indent(), Doc::Line, Doc::text("}")]).group()
    }

    #[test]
    fn a_group_is_flat_where_it_fits_and_broken_as_a_whole_where_not() {
        assert_eq!(list(&["a", "b"]).print(10), "{ a, b }");
        assert_eq!(list(&["aaaa", "bbbb"]).print(10), "{\n    aaaa,\n    bbbb,\n}");
    }

    #[test]
    fn what_follows_a_group_counts() {
        let doc = Doc::Concat(vec![list(&["a", "b"]), Doc::text(" else")]);
        assert_eq!(doc.print(13), "{ a, b } else");
        assert_eq!(doc.print(12), "{\n    a,\n    b,\n} else");
    }

    #[test]
    fn blank_lines_have_no_blanks() {
        let doc = Doc::Concat(vec![Doc::text("a"), Doc::BlankLine, Doc::text("b")]).indent();
        assert_eq!(doc.print(10), "a\n\n    b");
    }
}
