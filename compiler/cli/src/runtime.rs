//! The runtime's source that `gw` carries, and the lock file that goes with it.

/// Every file of the runtime crate: its path in the crate and its text.
pub(crate) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/runtime.rs"));

/// The pinned versions, for a gateway that is called [`PLACEHOLDER`].
const LOCK: &str = include_str!("../gateway.lock");

/// Stands in the lock file where the gateway's name belongs.
const PLACEHOLDER: &str = "the-gateway";

/// The lock file of a gateway's crate: the same versions for every gateway, so that their libraries are built once.
pub(crate) fn lock(gateway: &str) -> String {
    let mut parts = LOCK.split("[[package]]\n");
    let head = parts.next().unwrap_or_default();
    let mut packages: Vec<String> = parts
        .map(|package| package.trim_end().replace(&format!("\"{PLACEHOLDER}\""), &format!("\"{gateway}\"")))
        .collect();
    // Cargo sorts by name, and takes a lock file that is sorted otherwise for one that needs a change.
    packages.sort_by(|a, b| name(a).cmp(name(b)));
    let packages: Vec<String> = packages.iter().map(|package| format!("[[package]]\n{package}\n")).collect();
    format!("{head}{}", packages.join("\n"))
}

/// Whether one of the pinned libraries has this name.
pub(crate) fn is_locked(library: &str) -> bool {
    LOCK.split("[[package]]\n").skip(1).any(|package| name(package) == library)
}

fn name(package: &str) -> &str {
    package.lines().find_map(|line| line.strip_prefix("name = ")).unwrap_or_default().trim_matches('"')
}

/// Tells this runtime from others: one folder and one build for each.
pub(crate) fn fingerprint() -> String {
    let all = FILES.iter().flat_map(|(name, text)| [*name, *text]).chain([LOCK]);
    format!("{:016x}", fnv(all.flat_map(str::bytes)))
}

/// FNV-1a of 64 bits: the same on every machine and in every version, which the standard library's is not.
pub(crate) fn fnv(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;
    use std::{env, fs};

    use super::*;

    /// The pinned versions are those of the workspace, and cargo has nothing to add or to take away.
    /// `UPDATE=1` writes the file anew.
    #[test]
    fn the_lock_file_fits_the_runtime() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = env::temp_dir().join(format!("gw-lock-{}", std::process::id()));
        for (path, text) in FILES {
            crate::package::write_if_changed(&folder.join("gatewright").join(path), text).unwrap();
        }
        let manifest = format!(
            "[package]\nname = \"{PLACEHOLDER}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\ngatewright = {{ path = \"gatewright\" }}\n\n[workspace]\n"
        );
        crate::package::write_if_changed(&folder.join("Cargo.toml"), &manifest).unwrap();
        crate::package::write_if_changed(&folder.join("src/lib.rs"), "").unwrap();
        fs::copy(home.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let cargo = Command::new(env!("CARGO"))
            .args(["update", "--workspace", "--offline", "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .output()
            .unwrap();
        assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
        let wanted = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        if env::var_os("UPDATE").is_some() {
            fs::write(home.join("gateway.lock"), &wanted).unwrap();
        } else {
            assert!(
                wanted == LOCK,
                "compiler/cli/gateway.lock is out of date: UPDATE=1 cargo test -p gatewright-cli lock"
            );
        }
    }

    #[test]
    fn the_lock_file_stays_sorted() {
        for gateway in ["aaa", "storefront", "zzz"] {
            let lock = lock(gateway);
            let names: Vec<&str> = lock.split("[[package]]\n").skip(1).map(name).collect();
            assert!(names.is_sorted(), "{names:?}");
            assert!(names.contains(&gateway));
        }
    }
}
