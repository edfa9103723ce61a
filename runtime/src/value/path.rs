//! `Path`: one or more segments that can't climb out of where they are put.

use std::fmt;

use super::rules::Reason;
use crate::json::{ToJson, Writer};

/// A path of one or more segments, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path(Box<str>);

impl Path {
    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        check_path(text)?;
        Ok(Self(text.into()))
    }

    /// A literal of a `.gw` file, which the compiler has checked.
    pub fn literal(text: &'static str) -> Self {
        Self(text.into())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its segments.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

/// Checks that no segment is empty, `.` or `..`, and that nothing in it could be read as a slash, a dot or an end
/// later on: backslashes, control characters, and escapes of such characters.
pub(crate) fn check_path(text: &str) -> Result<(), Reason> {
    let relative = text.strip_prefix('/').unwrap_or(text);
    let escapes = text.to_ascii_lowercase();
    if relative.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(Reason::new("must have no empty, `.` or `..` segment"));
    }
    if text.contains(|character: char| character.is_control() || character == '\\') {
        return Err(Reason::new("must have no backslash or control character"));
    }
    if ["%2f", "%5c", "%2e", "%00"].iter().any(|escape| escapes.contains(escape)) {
        return Err(Reason::new("must have no escaped slash, backslash, dot or NUL"));
    }
    Ok(())
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToJson for Path {
    fn write_json(&self, out: &mut Writer) {
        out.string(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::check_path;

    #[test]
    fn no_path_climbs() {
        for text in ["a", "/a/b", "a/b.c", "a/..b", "ä/…"] {
            assert!(check_path(text).is_ok(), "{text}");
        }
        for text in ["", "/", "a//b", "..", "a/../b", "a/.", "a%2Fb", "a%2e%2e", "a\\b", "a\0", "a/%00", "//a"] {
            assert!(check_path(text).is_err(), "{text}");
        }
    }
}
