//! The cache folder: the runtime once for every gateway, a crate per gateway, and what cargo built of them.
//!
//! All of it can be deleted at any time; the next build makes it anew, and takes as long as the first.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::package::{self, Package};
use crate::{layout, runtime};

/// The variable that names another cache folder.
const VARIABLE: &str = "GATEWRIGHT_CACHE";

/// The cache folder.
#[derive(Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The user's cache folder, with this version's runtime in it.
    pub(crate) fn open() -> Outcome<Self> {
        let root = folder().ok_or_else(|| {
            Failure::new("there is no cache folder").note(format!("set HOME, or name a folder with {VARIABLE}"))
        })?;
        let root = std::path::absolute(&root).unwrap_or(root);
        let cache = Self { root };
        let runtime: Package =
            runtime::FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        package::write(&cache.root.join(layout::runtime_folder()), &runtime, true)?;
        Ok(cache)
    }

    /// Where cargo leaves what it built, for all gateways.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// Writes the crate of the gateway with this root file; gives its folder.
    pub(crate) fn write(&self, root_file: &Path, name: &str, package: &Package) -> Outcome<PathBuf> {
        let root_file = fs::canonicalize(root_file).unwrap_or_else(|_| root_file.to_owned());
        let place = runtime::fnv(root_file.to_string_lossy().bytes());
        let folder = self.root.join("gateways").join(format!("{name}-{place:016x}"));
        package::write(&folder, package, true)?;
        Ok(folder)
    }
}

/// Where people's caches lie on this system.
fn folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let named = |folder: PathBuf| folder.join("gatewright");
    let home = || set("HOME");
    set(VARIABLE).or_else(|| set("XDG_CACHE_HOME").map(named)).or_else(|| {
        if cfg!(target_os = "macos") {
            home().map(|home| named(home.join("Library/Caches")))
        } else if cfg!(windows) {
            set("LOCALAPPDATA").map(named)
        } else {
            home().map(|home| named(home.join(".cache")))
        }
    })
}
