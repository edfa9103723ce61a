//! How the compiler asks for files: it opens none itself.

use std::collections::BTreeMap;

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// There is none of that name.
    Missing,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge,
    /// It is no UTF-8; the first bad byte is at this offset.
    NotUtf8(usize),
    /// The system said no; its words.
    Unreadable(String),
}

/// A source file larger than this is refused, bytes: no file that a person writes comes near.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// Where files come from: a disk, an editor's buffers, a test.
pub trait Files {
    /// The text at `path`, which is relative to the folder of the root file, with `/` between its parts.
    fn read(&self, path: &str) -> Result<String, FileError>;
}

/// Files that live in memory: for tests and for the macro's inline form.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, String>,
}

impl MemoryFiles {
    /// One file of that name and text.
    pub fn one(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::default().with(path, text)
    }

    /// The same with one more file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let text = self.files.get(path).ok_or(FileError::Missing)?;
        if text.len() > MAX_FILE_BYTES {
            return Err(FileError::TooLarge);
        }
        Ok(text.clone())
    }
}
