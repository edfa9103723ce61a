//! `Uuid`: 32 hexadecimal digits in five groups, kept as written and compared by their worth.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::rules::Reason;
use crate::json::{ToJson, Writer};

/// A UUID, kept as it was written; `A0…` and `a0…` are equal.
#[derive(Debug, Clone)]
pub struct Uuid(Box<str>);

impl Uuid {
    /// Reads `67e55044-10b1-426f-9247-bb680e5fe0c8`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if fits { Ok(Self(text.into())) } else { Err(Reason::new("expected a UUID")) }
    }

    /// A literal of a `.gw` file, which the compiler has checked.
    pub fn literal(text: &'static str) -> Self {
        Self(text.into())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Uuid {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Uuid {}

impl Hash for Uuid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToJson for Uuid {
    fn write_json(&self, out: &mut Writer) {
        out.string(&self.0);
    }
}
