//! The files of a crate that calls the macro, and the marks that make cargo build it again when one of them changes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use gatewright_compiler::files::{FileError, Files, MAX_FILE_BYTES};
use proc_macro2::TokenStream;
use quote::quote;

/// The files below one folder, and the text of an inline call beside them.
#[derive(Debug)]
pub(crate) struct DiskFiles {
    folder: PathBuf,
    inline: Option<(String, String)>,
    read: RefCell<BTreeSet<PathBuf>>,
}

impl DiskFiles {
    /// The files of the crate that is being compiled: paths start at the folder of its `Cargo.toml`.
    pub(crate) fn of_crate() -> Self {
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
        Self { folder, inline: None, read: RefCell::default() }
    }

    /// The same with a text that goes by the name of a file.
    pub(crate) fn with_inline(mut self, name: &str, text: String) -> Self {
        self.inline = Some((name.to_owned(), text));
        self
    }

    /// An item for every file that was read, so that cargo knows of it.
    pub(crate) fn marks(&self) -> TokenStream {
        let read = self.read.borrow();
        let paths = read.iter().filter_map(|path| path.to_str());
        quote! { #(const _: &[u8] = ::core::include_bytes!(#paths);)* }
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if let Some((name, text)) = &self.inline
            && name == path
        {
            return if text.len() > MAX_FILE_BYTES { Err(FileError::TooLarge) } else { Ok(text.clone()) };
        }
        let path = self.folder.join(path);
        let text = read(&path);
        if !matches!(text, Err(FileError::Missing | FileError::Unreadable(_))) {
            self.read.borrow_mut().insert(path);
        }
        text
    }
}

/// A file's text, bounded, checked.
fn read(path: &Path) -> Result<String, FileError> {
    let told = |why: std::io::Error| match why.kind() {
        ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Unreadable(why.to_string()),
    };
    let mut bytes = Vec::new();
    let bound = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).map_err(told)?.take(bound).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FileError::TooLarge);
    }
    String::from_utf8(bytes).map_err(|why| FileError::NotUtf8(why.utf8_error().valid_up_to()))
}
