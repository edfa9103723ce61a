//! Writes a gateway's crate into a folder: only what differs, and never over what others put there.
//!
//! The folder keeps a list of what was written, with a hash of each file, in [`LIST`]. By it a second writing knows which
//! files are its own, which of them a person has edited, and which are no longer part of the crate.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::runtime;

/// The file that lists what was written.
const LIST: &str = ".gatewright";

/// The files of a crate by their paths in its folder, with `/` between the parts.
pub(crate) type Package = BTreeMap<String, String>;

/// What writing changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files that are new or have changed.
    pub(crate) changed: Vec<String>,
    /// Files that were written once and are gone now.
    pub(crate) removed: Vec<String>,
    /// How many stood as they are.
    pub(crate) kept: usize,
}

/// Writes a crate; `force` also over files that others put there or edited.
pub(crate) fn write(folder: &Path, package: &Package, force: bool) -> Outcome<Written> {
    let listed = read_list(folder)?;
    if !force {
        refuse(folder, package, listed.as_ref())?;
    }
    let listed = listed.unwrap_or_default();
    let mut result = Written::default();
    for (name, text) in package {
        if write_if_changed(&folder.join(name), text)? {
            result.changed.push(name.clone());
        } else {
            result.kept += 1;
        }
    }
    for name in listed.keys().filter(|name| !package.contains_key(*name)) {
        if is_inside(name) && remove(folder, name)? {
            result.removed.push(name.clone());
        }
    }
    write_if_changed(&folder.join(LIST), &list(package))?;
    Ok(result)
}

/// Says no where writing would destroy what is not ours.
fn refuse(folder: &Path, package: &Package, listed: Option<&BTreeMap<String, u64>>) -> Outcome<()> {
    let Some(listed) = listed else {
        let empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        let shown = folder.display();
        return if empty {
            Ok(())
        } else {
            Err(Failure::new(format!("`{shown}` holds files that gw did not write"))
                .note("name an empty or a new folder, or add --force to write among them"))
        };
    };
    let edited: Vec<&str> = package
        .keys()
        .filter(|name| {
            fs::read(folder.join(name))
                .is_ok_and(|bytes| listed.get(*name) != Some(&runtime::fnv(bytes.iter().copied())))
        })
        .map(String::as_str)
        .collect();
    if edited.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("files in `{}` were edited since gw wrote them", folder.display()))
        .note(edited.join("\n"))
        .note("move the changes elsewhere, or add --force to lose them"))
}

/// The list of the last writing, where there was one.
fn read_list(folder: &Path) -> Outcome<Option<BTreeMap<String, u64>>> {
    let path = folder.join(LIST);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.lines().filter_map(entry).collect())),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Failure::file("read", &path, &why)),
    }
}

fn entry(line: &str) -> Option<(String, u64)> {
    let (hash, name) = line.split_once(' ')?;
    Some((name.to_owned(), u64::from_str_radix(hash, 16).ok()?))
}

fn list(package: &Package) -> String {
    let lines: Vec<String> =
        package.iter().map(|(name, text)| format!("{:016x} {name}\n", runtime::fnv(text.bytes()))).collect();
    format!("# Files that gw wrote here, each with a hash of what it wrote.\n{}", lines.concat())
}

/// Whether a listed name stays in its folder, whatever somebody wrote into the list.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// Removes a file, and its folders as far as they are empty then.
fn remove(folder: &Path, name: &str) -> Outcome<bool> {
    let path = folder.join(name);
    match fs::remove_file(&path) {
        Ok(()) => {}
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(why) => return Err(Failure::file("remove", &path, &why)),
    }
    for parent in path.ancestors().skip(1).take_while(|parent| *parent != folder) {
        if fs::remove_dir(parent).is_err() {
            break;
        }
    }
    Ok(true)
}

/// Writes a file unless it stands there already, so that cargo sees no change where there is none.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> Outcome<bool> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|why| Failure::file("make the folder", parent, &why))?;
    }
    fs::write(path, text).map_err(|why| Failure::file("write", path, &why))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("gw-package-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn package(files: &[(&str, &str)]) -> Package {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_second_writing_touches_nothing_and_a_third_removes_what_is_gone() {
        let folder = folder("twice");
        let first = package(&[("Cargo.toml", "[package]"), ("src/old/a.rs", "//! A.")]);
        assert_eq!(write(&folder, &first, false).unwrap().changed.len(), 2);
        let again = write(&folder, &first, false).unwrap();
        assert_eq!(again, Written { kept: 2, ..Written::default() });
        let third = write(&folder, &package(&[("Cargo.toml", "[package]")]), false).unwrap();
        assert_eq!(third.removed, ["src/old/a.rs"]);
        assert!(!folder.join("src").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_not_ours_stays() {
        let folder = folder("theirs");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("thesis.txt"), "years of work").unwrap();
        let files = package(&[("Cargo.toml", "[package]")]);
        assert!(write(&folder, &files, false).unwrap_err().message().contains("did not write"));
        write(&folder, &files, true).unwrap();
        fs::write(folder.join("Cargo.toml"), "[package] # mine").unwrap();
        let why = write(&folder, &files, false).unwrap_err();
        assert!(why.message().contains("were edited"), "{why}");
        assert!(folder.join("thesis.txt").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
