//! Which program is meant: finds the root file of an argument, and reads its files from the disk.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use gatewright_compiler::files::{FileError, Files, MAX_FILE_BYTES};

use crate::failure::{Failure, Outcome};
use crate::settings::{self, Settings};

/// A program on the disk.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of the root file, as it was typed; paths in the program start there.
    pub(crate) folder: PathBuf,
    /// The name of the root file in that folder.
    pub(crate) root: String,
    /// The folder of `gatewright.toml`, or where one would be.
    pub(crate) base: PathBuf,
    /// What `gatewright.toml` says.
    pub(crate) settings: Settings,
}

impl Project {
    /// The program of a file, or of a folder.
    pub(crate) fn find(argument: &Path) -> Outcome<Self> {
        if argument.is_dir() {
            return Self::in_folder(argument);
        }
        if !argument.is_file() {
            return Err(Failure::wrong_use(format!("there is no file or folder `{}`", argument.display())));
        }
        let folder = argument.parent().unwrap_or(Path::new("")).to_owned();
        let root = file_name(argument)?;
        // A `gatewright.toml` that speaks of another file has nothing to say of this one.
        let settings = Settings::read(&folder)?
            .filter(|settings| settings.root.as_ref().is_none_or(|other| *other == root))
            .unwrap_or_default();
        Ok(Self { base: folder.clone(), folder, root, settings })
    }

    /// The program of the nearest folder around a file that has one.
    pub(crate) fn around(file: &Path) -> Option<Self> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let absolute = std::path::absolute(here).ok()?;
        // As it was typed first, so that paths are shown that way.
        let folders = std::iter::once(here).chain(absolute.ancestors().skip(1));
        folders.map(Self::in_folder).find_map(Result::ok)
    }

    /// Tells this program from others, however it was named.
    pub(crate) fn identity(&self) -> PathBuf {
        let path = self.folder.join(&self.root);
        fs::canonicalize(&path).unwrap_or(path)
    }

    fn in_folder(base: &Path) -> Outcome<Self> {
        let settings = Settings::read(base)?.unwrap_or_default();
        let path = match &settings.root {
            Some(root) => base.join(root),
            None => only_gateway(base)?,
        };
        if !path.is_file() {
            let here = base.join(settings::FILE);
            return Err(Failure::new(format!("`{}` is no file", path.display()))
                .note(format!("{} says that it is the root", here.display())));
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { root: file_name(&path)?, folder, base: base.to_owned(), settings })
    }
}

/// The one file of a folder that has a `gateway`.
fn only_gateway(folder: &Path) -> Outcome<PathBuf> {
    let found: Vec<PathBuf> = gw_files(folder)?.into_iter().filter(|path| has_gateway(path)).collect();
    let here = if folder.as_os_str() == "." { "this folder".to_owned() } else { format!("`{}`", folder.display()) };
    match found.as_slice() {
        [path] => Ok(path.clone()),
        [] => Err(Failure::wrong_use(format!("no .gw file in {here} has a `gateway`"))
            .note("name a file, or make a project: gw new shop")),
        several => Err(Failure::wrong_use(format!(
            "several files in {here} have a `gateway`: {}",
            several.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ")
        ))
        .note(format!("name one, or say which in {}: root = \"shop.gw\"", settings::FILE))),
    }
}

/// The .gw files of a folder, by name.
pub(crate) fn gw_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let told = |why: io::Error| Failure::file("read the folder", folder, &why);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.extension().is_some_and(|extension| extension == "gw") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file seems to have a `gateway`. It may be broken, so this looks at lines only.
pub(crate) fn has_gateway(path: &Path) -> bool {
    read(path).is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("gateway ")))
}

fn file_name(path: &Path) -> Outcome<String> {
    path.file_name().and_then(|name| name.to_str()).map(ToOwned::to_owned).ok_or_else(|| {
        Failure::wrong_use(format!("the name of `{}` is no UTF-8, so the program can't name it", path.display()))
    })
}

/// A path as people read it: from the current folder where it lies below that, with `/`, without needless dots.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let path = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean.to_string_lossy().replace('\\', "/")
}

/// A file's text, bounded, checked.
pub(crate) fn read(path: &Path) -> Result<String, FileError> {
    let file = File::open(path).map_err(|why| told(&why))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(FileError::Unreadable("it is a folder".to_owned()));
    }
    text(file)
}

/// All text that comes, up to the bound of a source file.
pub(crate) fn text(reader: impl io::Read) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    reader.take(bound.saturating_add(1)).read_to_end(&mut bytes).map_err(|why| told(&why))?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FileError::TooLarge);
    }
    String::from_utf8(bytes).map_err(|why| FileError::NotUtf8(why.utf8_error().valid_up_to()))
}

fn told(why: &io::Error) -> FileError {
    match why.kind() {
        io::ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Unreadable(why.to_string()),
    }
}

/// Files below a folder, where one may come from standard input.
#[derive(Debug)]
pub(crate) struct DiskFiles {
    folder: PathBuf,
    given: Option<(String, Result<String, FileError>)>,
}

impl DiskFiles {
    /// The files below a folder.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), given: None }
    }

    /// The same, where the file of that name is this.
    pub(crate) fn with(mut self, name: &str, text: Result<String, FileError>) -> Self {
        self.given = Some((name.to_owned(), text));
        self
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<String, FileError> {
        match &self.given {
            Some((name, text)) if name == path => text.clone(),
            _ => read(&self.folder.join(path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_path_has_no_needless_dots() {
        assert_eq!(shown(Path::new("./a/../b/c.gw")), "b/c.gw");
        assert_eq!(shown(Path::new("../c.gw")), "../c.gw");
        assert_eq!(shown(&std::env::current_dir().unwrap().join("d.gw")), "d.gw");
    }

    #[test]
    fn text_is_bounded_and_checked() {
        assert_eq!(text(io::repeat(b'{')), Err(FileError::TooLarge));
        assert_eq!(text(&b"ab\xff"[..]), Err(FileError::NotUtf8(2)));
    }
}
