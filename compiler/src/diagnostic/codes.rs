//! The table of codes: each rule of the language has one, and a page that explains it.
//!
//! Ranges: 00 text, 01 files, 02 names, 03 types, 04 routes and parameters, 05 calls, null and failure, 06 bounds and time,
//! 07 waste, 08 settings, 09 not yet.

use super::Severity;

macro_rules! codes {
    ($($code:ident $severity:ident $title:literal,)*) => {
        /// The code of a rule. It never changes its meaning; a rule that goes leaves its number unused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the titles say it")]
        pub enum Code { $(#[doc = $title] $code,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// `GW0103`
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// The rule in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$code => $title,)* }
            }

            /// Whether breaking it stops the build.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }

            /// Its page, in Markdown: what it means, a program that breaks it, and the program mended.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$code => include_str!(concat!("../../codes/", stringify!($code), ".md")),)* }
            }
        }
    };
}

codes! {
    // 00: text
    GW0001 Error "the text can't be read here",
    GW0002 Error "nested too deeply",
    GW0003 Error "a string or comment that never ends",
    GW0004 Error "a `{` that is never closed",
    GW0005 Error "no escape",
    GW0006 Error "a number that does not fit",
    GW0007 Error "broken interpolation in a string",
    GW0008 Error "an endpoint ends in one result",
    GW0009 Error "a misspelt word at the start",
    GW0010 Error "a missing comma",
    GW0011 Error "the wrong sign between a name and its value",
    GW0012 Error "settings come first",
    GW0013 Error "quotes that are missing or of the wrong kind",
    GW0014 Error "a `check` without `else`",
    GW0015 Error "comparisons do not chain",

    // 09: not yet
    GW0901 Error "this part of the language is not built yet",
}

impl Code {
    /// The code of that name, in any case: `GW0103`, `gw0103`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
