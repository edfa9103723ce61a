//! The table of codes: each rule of the language has one, and a page that explains it.
//!
//! Ranges: 00 text, 01 files, 02 names, 03 types, 04 routes and parameters, 05 calls, null and failure, 06 bounds and time,
//! 07 waste, 08 settings, 09 not yet, 10 sensitive data.

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

    // 01: files
    GW0101 Error "a file that is missing",
    GW0102 Error "files that use each other in a circle",
    GW0103 Error "a file that is too large",
    GW0104 Error "a file that is not UTF-8 text",
    GW0105 Error "a file that can't be opened",
    GW0106 Error "the path of a `use`",
    GW0107 Error "too many files",
    GW0108 Error "no gateway",
    GW0109 Error "two gateways",

    // 02: names of declarations
    GW0201 Error "two declarations of one name",
    GW0202 Error "a name in the wrong case",
    GW0203 Error "a name that the language has taken",
    GW0204 Error "an unknown type",
    GW0205 Error "an unknown policy",
    GW0206 Error "two fields, variants or parameters of one name",
    GW0207 Error "two fields or variants of one name in JSON",

    // 02: names in bodies
    GW0250 Error "a name that nothing has",
    GW0251 Error "a field that an object does not have",
    GW0252 Error "a field and a name of the scope outside, mixed up",
    GW0253 Error "a name that is taken",
    GW0254 Error "a service, operation or enum that nobody declares",
    GW0255 Error "a variant that an enum does not have",
    GW0256 Error "a call of what is no operation",
    GW0257 Error "a field outside of a selection",
    GW0258 Error "a value that is used above its `let`",
    GW0259 Error "a type, service or operation where a value belongs",
    GW0260 Error "an argument that no parameter takes",
    GW0261 Error "a value with a Capitalised name",

    // 03: declared types
    GW0301 Error "a constraint on a type that has none",
    GW0302 Error "a range that nothing fits",
    GW0303 Error "a pattern that is no regular expression",
    GW0304 Error "a type that contains itself without end",
    GW0305 Error "a value that does not fit its type",
    GW0306 Error "the keys of a map",
    GW0307 Error "a second name for an object, an enum or a `T?`",
    GW0308 Error "a `T?` with a default",

    // 03: types of expressions
    GW0330 Error "a value of another type",
    GW0331 Error "fields of what has none",
    GW0332 Error "an operator on values that it does not take",
    GW0333 Error "a literal that its place does not take",
    GW0334 Error "a number that can't be held or computed",
    GW0335 Error "a condition that is no `Bool`",
    GW0336 Error "values that have no type in common",
    GW0337 Error "values that can't be compared",
    GW0338 Error "a value that has no text",
    GW0339 Error "a spread of what has no known keys",
    GW0340 Error "an index or slice of what has no places",
    GW0341 Error "a place below zero, or a slice that is always empty",
    GW0342 Error "an object that its type does not take",
    GW0343 Error "an argument that must be written out",
    GW0344 Error "an argument that a method does not take",
    GW0360 Error "a function where none belongs, or none where one does",
    GW0361 Error "a key that can't be compared",
    GW0362 Error "a method on elements that it does not take",
    GW0363 Error "the size of a chunk",
    GW0364 Error "lists whose elements can't be put behind each other",

    // 04: routes and parameters
    GW0401 Error "a malformed path",
    GW0402 Error "a path parameter that nobody declares",
    GW0403 Error "the rest of a path stands at its end",
    GW0404 Error "a path parameter that stands twice",
    GW0405 Error "a type that can't stand in a path",
    GW0406 Error "a type that can't stand in a query, a header or a cookie",
    GW0407 Error "a method without a body",
    GW0408 Error "a body that may be left out",
    GW0409 Error "a name that can't stand on the wire",
    GW0410 Error "two parameters of one name on the wire",
    GW0411 Error "a list in a query that could be empty",
    GW0412 Error "two endpoints that answer the same requests",
    GW0413 Error "one path with two forms",
    GW0414 Error "an endpoint on the path of the health check",
    GW0415 Error "an operation has one method",

    // 05: calls, null and failure
    GW0501 Error "a value that can be null where none may be",
    GW0502 Error "a value that is tested for null and never is",
    GW0503 Error "a `?` behind what is no call",
    GW0504 Warning "a `?` on a call that relays statuses",
    GW0505 Error "arguments missing, too many, or given twice",
    GW0506 Error "a value of a call that gives none",
    GW0507 Error "a list that can be too short",
    GW0508 Error "a key that is given twice",
    GW0509 Error "the status of a refusal",
    GW0510 Error "the status or the body of an answer",
    GW0511 Error "the status of a redirect",
    GW0512 Error "a redirect whose host a client could choose",
    GW0513 Error "a header or cookie that can't be set",
    GW0514 Error "a value that fits into no header",
    GW0515 Warning "a value that nothing uses",

    // 06: bounds and time
    GW0601 Error "calls for each element of a list without a bound",
    GW0602 Error "`at most` where nothing is called several times",
    GW0603 Error "more calls than one request may make",
    GW0604 Error "calls that take longer than their endpoint",
    GW0605 Error "a list that can be too long",
    GW0606 Error "a body that is too large",

    // 07: waste
    GW0701 Warning "a type that nothing uses",
    GW0702 Warning "a service that nothing uses",
    GW0703 Warning "a policy that nothing uses",
    GW0704 Warning "a parameter that nothing uses",
    GW0705 Warning "a file of which nothing is used",
    GW0706 Warning "a file that is used twice",

    // 08: settings
    GW0801 Error "an unknown setting",
    GW0802 Error "a setting in the wrong place",
    GW0803 Error "a setting that is set twice",
    GW0804 Error "a setting's value",
    GW0805 Error "a source that is none",
    GW0806 Error "two policies that set one thing",
    GW0807 Error "nothing says who may call",
    GW0808 Error "a malformed address",
    GW0809 Error "a status that can't be listed",
    GW0810 Error "`absent` without a place for null",
    GW0811 Warning "a setting that says nothing new",
    GW0812 Error "an unknown bound",

    // 09: not yet
    GW0901 Error "this part of the language is not built yet",

    // 10: sensitive data
    GW1001 Error "sensitive data that leaves without `reveal`",
    GW1002 Error "a secret that leaves",
    GW1003 Error "a whole value with sensitive fields",
    GW1004 Error "`reveal` of a secret",
    GW1005 Warning "`reveal` of what is not sensitive",
    GW1006 Error "`reveal` of a whole value",
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
