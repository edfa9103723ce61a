//! From a root file to every file of its program: follows `use "./x.gw"`, each file once.
//!
//! It knows paths and nothing of what the files mean. A file that can't be had is one error at the `use` that names it.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{FileError, Files, MAX_FILE_BYTES};
use crate::source::{FileId, Source, SourceMap, Span};
use crate::syntax::{self, Parsed, ast, trivia::Trivia};

/// The most files of one program.
pub const MAX_FILES: usize = 256;

/// The longest chain of files that use one another.
pub const MAX_DEPTH: usize = 32;

/// Every file of a program, the root first, the others as they were found.
#[derive(Debug, Default)]
pub struct Program {
    /// Their texts and names.
    pub sources: SourceMap,
    /// Their trees.
    pub files: Vec<LoadedFile>,
    /// Whether a file could not be had, so that names may be missing through no fault of their users.
    pub incomplete: bool,
}

/// One file that was read and parsed.
#[derive(Debug)]
pub struct LoadedFile {
    /// Its place in [`Program::sources`].
    pub id: FileId,
    /// Its tree.
    pub tree: ast::File,
    /// Its comments and blank lines.
    pub trivia: Trivia,
    /// The files it uses, each with the place that says so; those that could not be had are left out.
    pub uses: Vec<(Span, FileId)>,
}

/// Reads the root and all it uses.
pub fn load(files: &dyn Files, root: &str, diagnostics: &mut Diagnostics) -> Program {
    let mut loader = Loader { files, program: Program::default(), paths: Vec::new(), open: Vec::new(), diagnostics };
    match files.read(root) {
        Ok(text) => {
            loader.add(root.to_owned(), text);
        }
        Err(error) => {
            loader.program.incomplete = true;
            let (code, message, note) = unreadable(root, &error);
            loader.diagnostics.push(with_note(Diagnostic::without_place(code, message), note));
        }
    }
    loader.program
}

struct Loader<'a> {
    files: &'a dyn Files,
    program: Program,
    /// The path of each file, by its id.
    paths: Vec<String>,
    /// The files between the root and the one being read, each with the `use` that leads on from it.
    open: Vec<(FileId, Option<Span>)>,
    diagnostics: &'a mut Diagnostics,
}

impl Loader<'_> {
    /// Parses a file and follows what it uses.
    fn add(&mut self, path: String, text: String) -> FileId {
        let id = FileId(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        let Parsed { file: tree, trivia, diagnostics } = syntax::parse(&text, id);
        self.program.sources.add(Source::new(path.clone(), text));
        for diagnostic in diagnostics {
            self.diagnostics.push(diagnostic);
        }
        let used: Vec<ast::Text> = tree.items.iter().filter_map(used_path).cloned().collect();
        self.paths.push(path);
        self.program.files.push(LoadedFile { id, tree, trivia, uses: Vec::new() });

        self.open.push((id, None));
        for text in used {
            if let Some(last) = self.open.last_mut() {
                last.1 = Some(text.span);
            }
            match self.follow(id, &text) {
                Some(target) => self.remember(id, text.span, target),
                None => self.program.incomplete = true,
            }
        }
        self.open.pop();
        id
    }

    /// The file that a `use` names, read now or before.
    fn follow(&mut self, from: FileId, used: &ast::Text) -> Option<FileId> {
        let here = self.paths.get(from.0 as usize).map_or("", String::as_str);
        let path = match resolve_path(here, &used.value) {
            Ok(path) => path,
            Err(fault) => {
                self.diagnostics.push(fault.diagnostic(used));
                return None;
            }
        };
        if let Some(known) = self.paths.iter().position(|known| *known == path) {
            let target = self.program.files.get(known)?.id;
            if self.open.iter().any(|(open, _)| *open == target) {
                self.report_circle(target, used.span);
            }
            return Some(target);
        }
        if self.paths.len() >= MAX_FILES || self.open.len() >= MAX_DEPTH {
            self.report_too_many(used.span);
            return None;
        }
        match self.files.read(&path) {
            Ok(text) => Some(self.add(path, text)),
            Err(error) => {
                let (code, message, note) = unreadable(&path, &error);
                self.diagnostics.push(with_note(Diagnostic::new(code, message, used.span, "used here"), note));
                None
            }
        }
    }

    fn remember(&mut self, id: FileId, span: Span, target: FileId) {
        if let Some(file) = self.program.files.get_mut(id.0 as usize) {
            file.uses.push((span, target));
        }
    }

    /// Shows every `use` on the way from `target` back to itself; `last` closes the circle.
    fn report_circle(&mut self, target: FileId, last: Span) {
        let name = |file: FileId| self.paths.get(file.0 as usize).map_or("", String::as_str);
        let circle: Vec<_> = self.open.iter().skip_while(|(open, _)| *open != target).collect();
        let mut way: Vec<&str> = circle.iter().map(|(file, _)| name(*file)).collect();
        way.push(name(target));
        let message = if circle.len() == 1 {
            format!("`{}` uses itself", name(target))
        } else {
            format!("`{}` uses itself through other files", name(target))
        };
        let mut diagnostic = Diagnostic::new(Code::GW0102, message, last, "this closes the circle");
        for (_, used) in circle {
            if let Some(span) = used.filter(|span| *span != last) {
                diagnostic = diagnostic.also(span, "on the way");
            }
        }
        self.diagnostics.push(
            diagnostic
                .note(format!("the circle is {}", way.join(" → ")))
                .note("a name means the same in every file of a program, so the second `use` is not needed"),
        );
    }

    fn report_too_many(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::GW0107, "this program has too many files", span, "one file too many")
                .note(format!("a program has at most {MAX_FILES} files, in chains of at most {MAX_DEPTH}")),
        );
    }
}

fn used_path(item: &ast::Item) -> Option<&ast::Text> {
    match &item.kind {
        ast::ItemKind::Use(path) => Some(path),
        _ => None,
    }
}

fn with_note(diagnostic: Diagnostic, note: Option<String>) -> Diagnostic {
    match note {
        Some(note) => diagnostic.note(note),
        None => diagnostic,
    }
}

/// Code, message and note for a file that can't be had.
fn unreadable(path: &str, error: &FileError) -> (Code, String, Option<String>) {
    match error {
        FileError::Missing => (Code::GW0101, format!("there is no file `{path}`"), None),
        FileError::TooLarge => (
            Code::GW0103,
            format!("`{path}` is too large"),
            Some(format!(
                "a file has at most {} KiB; parts of it can stand in files of their own",
                MAX_FILE_BYTES / 1024
            )),
        ),
        FileError::NotUtf8(at) => {
            (Code::GW0104, format!("`{path}` is not UTF-8 text"), Some(format!("byte {at} is the first that is none")))
        }
        FileError::Unreadable(why) => {
            (Code::GW0105, format!("`{path}` can't be opened"), Some(format!("the system says: {why}")))
        }
    }
}

/// Why the path of a `use` is no path.
enum PathFault {
    Empty,
    Absolute,
    Backslash,
    NoDot,
    Extension,
    Odd,
}

impl PathFault {
    fn diagnostic(&self, used: &ast::Text) -> Diagnostic {
        let path = &used.value;
        let fault = |message: &str, label: &str| Diagnostic::new(Code::GW0106, message, used.span, label);
        match self {
            Self::Empty => fault("this `use` names no file", "a path such as `\"./types.gw\"` is expected"),
            Self::Absolute => fault("a `use` can't name an absolute path", "relative to this file, from `./` or `../`")
                .note("so a program means the same on every machine"),
            Self::Backslash => fault("the parts of a path are separated by `/`", "has a backslash").fix(
                "write it with `/`",
                used.span,
                format!("\"{}\"", path.replace('\\', "/")),
            ),
            Self::NoDot => fault("the path of a `use` begins with `./` or `../`", "is relative to this file").fix(
                format!("write `./{path}`"),
                used.span,
                format!("\"./{path}\""),
            ),
            Self::Extension => fault("a `use` names a `.gw` file", "does not end in `.gw`").suggest(
                format!("did you mean `{path}.gw`?"),
                used.span,
                format!("\"{path}.gw\""),
            ),
            Self::Odd => fault("this path is no path of a file", "has an empty part or a control character"),
        }
    }
}

/// The path that `used`, written in the file `from`, means from the root's folder.
fn resolve_path(from: &str, used: &str) -> Result<String, PathFault> {
    let drive = used.as_bytes().get(1) == Some(&b':');
    if used.is_empty() {
        return Err(PathFault::Empty);
    }
    if used.starts_with('/') || drive {
        return Err(PathFault::Absolute);
    }
    if used.contains('\\') {
        return Err(PathFault::Backslash);
    }
    if !used.starts_with("./") && !used.starts_with("../") {
        return Err(PathFault::NoDot);
    }
    if used.chars().any(char::is_control) || used.contains("//") {
        return Err(PathFault::Odd);
    }
    if used.strip_suffix(".gw").is_none_or(|name| name.ends_with('/')) {
        return Err(PathFault::Extension);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(normalize(folder, used))
}

/// Joins a folder and a path, without `.` and, but at its front, without `..`.
fn normalize(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if folder.starts_with('/') { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn paths_are_relative_to_the_file_that_uses_them() {
        assert_eq!(normalize("", "./types.gw"), "types.gw");
        assert_eq!(normalize("a/b", "../c.gw"), "a/c.gw");
        assert_eq!(normalize("a", "../../c.gw"), "../c.gw");
        assert_eq!(normalize("..", "../c.gw"), "../../c.gw");
        assert_eq!(normalize("/srv/a", "./c.gw"), "/srv/a/c.gw");
    }
}
