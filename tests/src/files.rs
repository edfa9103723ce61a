//! Files for tests: those of a case, and a few that every case and every page may name.

use std::collections::BTreeMap;

use gatewright_compiler::files::{FileError, Files, MAX_FILE_BYTES};

/// What `use "./types.gw"` finds where a case has no such file itself.
const TYPES: &str = "type User { id: Int, name: String }\n";

/// The files of a case, with these beside them: `types.gw`, which is right; `huge.gw`, `latin1.gw` and `locked.gw`, which can't be
/// read; and `endless/1.gw`, which uses `endless/2.gw`, and so on.
#[derive(Debug, Clone, Default)]
pub struct CaseFiles {
    /// By path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl CaseFiles {
    /// One file of that name.
    pub fn one(path: &str, text: &str) -> Self {
        Self { files: BTreeMap::from([(path.to_owned(), text.as_bytes().to_vec())]) }
    }
}

impl Files for CaseFiles {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if let Some(bytes) = self.files.get(path) {
            if bytes.len() > MAX_FILE_BYTES {
                return Err(FileError::TooLarge);
            }
            return String::from_utf8(bytes.clone())
                .map_err(|error| FileError::NotUtf8(error.utf8_error().valid_up_to()));
        }
        match path {
            "types.gw" => Ok(TYPES.to_owned()),
            "huge.gw" => Err(FileError::TooLarge),
            "latin1.gw" => Err(FileError::NotUtf8(17)),
            "locked.gw" => Err(FileError::Unreadable("permission denied".to_owned())),
            path => endless(path).ok_or(FileError::Missing),
        }
    }
}

fn endless(path: &str) -> Option<String> {
    let number: u32 = path.strip_prefix("endless/")?.strip_suffix(".gw")?.parse().ok()?;
    Some(format!("use \"./{}.gw\"\n", number + 1))
}
