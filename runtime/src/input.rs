//! What a client sends, checked in full: path, query, headers, cookies and body, with every violation named.
//!
//! Nothing here knows of servers: it reads texts, a `HeaderMap` and bytes. A violation says where and why, and never
//! repeats a value: what a client sent may be secret, or huge.

mod body;
mod checker;
mod cookie;
mod field;
mod percent;
mod violations;

pub use checker::BodyScanner;
pub use field::Field;
pub use violations::{Rejection, Violation};

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderMap;

use crate::value::{Bounds, Reason};
use violations::Violations;

/// What came of one request.
#[derive(Debug, Clone, Copy)]
pub struct Source<'c> {
    /// The values of the path's parameters by name, each decoded once.
    pub path: &'c [(&'static str, String)],
    /// The query as it came, without `?`.
    pub query: &'c str,
    /// The headers.
    pub headers: &'c HeaderMap,
    /// The body, whole.
    pub body: &'c Bytes,
}

/// Reads the parameters of one request and notes everything that is wrong with them.
///
/// Each reader gives `None` where it noted a violation. [`Input::finish`] ends the reading: only then are query
/// parameters known that nobody asked for.
#[derive(Debug)]
pub struct Input<'c> {
    source: Source<'c>,
    query: Vec<percent::Pair<'c>>,
    violations: Violations,
    /// What stops everything else: a body that is no JSON, or of another content type.
    refusal: Option<Rejection>,
}

/// One place that holds any number of values of a name.
type Values<'v> = Vec<Cow<'v, str>>;

impl<'c> Input<'c> {
    /// Begins to read `source`.
    pub fn new(source: Source<'c>) -> Self {
        let mut violations = Violations::default();
        let query = percent::pairs(source.query, &mut violations);
        Self { source, query, violations, refusal: None }
    }

    /// The path's parameter `name`.
    pub fn path<T, P>(&mut self, name: &str, parse: P) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let found = self.source.path.iter().find(|(known, _)| *known == name);
        let values = found.map(|(_, value)| Cow::Borrowed(value.as_str())).into_iter().collect();
        self.exactly_one(name, &values, parse)
    }

    /// The query's parameter `name`.
    pub fn query<T, P>(&mut self, name: &str, parse: P) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let values = self.query_values(name)?;
        self.exactly_one(name, &values, parse)
    }

    /// The query's parameter `name`, which may be left out.
    pub fn query_optional<T, P>(&mut self, name: &str, parse: P) -> Option<Option<T>>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let values = self.query_values(name)?;
        self.at_most_one(name, &values, parse)
    }

    /// The query's parameter `name`, or `default`.
    pub fn query_or<T, P>(&mut self, name: &str, parse: P, default: T) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        self.query_optional(name, parse).map(|value| value.unwrap_or(default))
    }

    /// All values of the query's parameter `name`, which may be repeated.
    pub fn query_list<T, P>(&mut self, name: &str, bounds: Bounds, parse: P) -> Option<Vec<T>>
    where
        P: FnMut(&str) -> Result<T, Reason>,
    {
        let values = self.query_values(name)?;
        self.all(name, &values, bounds, parse)
    }

    /// All values of the query's parameter `name`; none where there are none.
    pub fn query_list_optional<T, P>(&mut self, name: &str, bounds: Bounds, parse: P) -> Option<Option<Vec<T>>>
    where
        P: FnMut(&str) -> Result<T, Reason>,
    {
        let values = self.query_values(name)?;
        if values.is_empty() {
            return Some(None);
        }
        self.all(name, &values, bounds, parse).map(Some)
    }

    /// The header `name`.
    pub fn header<T, P>(&mut self, name: &str, parse: P) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let values = self.header_values(name)?;
        self.exactly_one(name, &values, parse)
    }

    /// The header `name`, which may be left out.
    pub fn header_optional<T, P>(&mut self, name: &str, parse: P) -> Option<Option<T>>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let values = self.header_values(name)?;
        self.at_most_one(name, &values, parse)
    }

    /// The header `name`, or `default`.
    pub fn header_or<T, P>(&mut self, name: &str, parse: P, default: T) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        self.header_optional(name, parse).map(|value| value.unwrap_or(default))
    }

    /// All values of the header `name`: a line each, or several in a line with commas between, which mean the same.
    pub fn header_list<T, P>(&mut self, name: &str, bounds: Bounds, parse: P) -> Option<Vec<T>>
    where
        P: FnMut(&str) -> Result<T, Reason>,
    {
        let lines = self.header_values(name)?;
        self.all(name, &in_commas(&lines), bounds, parse)
    }

    /// All values of the header `name`; none where there is no such header.
    pub fn header_list_optional<T, P>(&mut self, name: &str, bounds: Bounds, parse: P) -> Option<Option<Vec<T>>>
    where
        P: FnMut(&str) -> Result<T, Reason>,
    {
        let lines = self.header_values(name)?;
        if lines.is_empty() {
            return Some(None);
        }
        self.all(name, &in_commas(&lines), bounds, parse).map(Some)
    }

    /// The cookie `name`.
    pub fn cookie<T, P>(&mut self, name: &str, parse: P) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let values = self.cookie_values(name)?;
        self.exactly_one(name, &values, parse)
    }

    /// The cookie `name`, which may be left out.
    pub fn cookie_optional<T, P>(&mut self, name: &str, parse: P) -> Option<Option<T>>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let values = self.cookie_values(name)?;
        self.at_most_one(name, &values, parse)
    }

    /// The cookie `name`, or `default`.
    pub fn cookie_or<T, P>(&mut self, name: &str, parse: P, default: T) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        self.cookie_optional(name, parse).map(|value| value.unwrap_or(default))
    }

    /// Ends the reading; everything that was wrong is in the rejection.
    pub fn finish(mut self) -> Result<(), Rejection> {
        self.note_unknown();
        match self.refusal {
            Some(refusal) => Err(refusal),
            None => self.violations.into_result(),
        }
    }

    /// Ends the reading after a reader gave `None`.
    pub fn reject(mut self) -> Rejection {
        self.note_unknown();
        self.refusal.unwrap_or_else(|| self.violations.into_rejection())
    }

    fn note_unknown(&mut self) {
        for pair in self.query.iter().filter(|pair| !pair.asked && pair.value.is_some()) {
            self.violations.note(&pair.name, "unknown parameter");
        }
    }

    /// All values of the query's parameter `name`; none where one of them is not well-formed.
    fn query_values(&mut self, name: &str) -> Option<Values<'c>> {
        let mut values = Some(Vec::new());
        for pair in self.query.iter_mut().filter(|pair| pair.name == name) {
            pair.asked = true;
            values = values.zip(pair.value.clone()).map(|(mut values, value)| {
                values.push(value);
                values
            });
        }
        values
    }

    fn header_values(&mut self, name: &str) -> Option<Values<'c>> {
        let lines: Option<Values<'c>> =
            self.source.headers.get_all(name).iter().map(|line| line.to_str().ok().map(Cow::Borrowed)).collect();
        self.violations.note_none(lines, name, "must have visible characters only")
    }

    fn cookie_values(&mut self, name: &str) -> Option<Values<'c>> {
        let values = cookie::values(self.source.headers, name);
        self.violations.note_none(values, name, "must have visible characters only")
    }

    fn exactly_one<T, P>(&mut self, name: &str, values: &Values<'_>, parse: P) -> Option<T>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        let value = self.at_most_one(name, values, parse)?;
        self.violations.note_none(value, name, "is missing")
    }

    #[expect(clippy::option_option, reason = "a violation, nothing, and a value are three things")]
    fn at_most_one<T, P>(&mut self, name: &str, values: &Values<'_>, parse: P) -> Option<Option<T>>
    where
        P: FnOnce(&str) -> Result<T, Reason>,
    {
        match values.as_slice() {
            [] => Some(None),
            [value] => self.violations.note_error(parse(value), name).map(Some),
            _ => self.violations.note_none(None, name, "appears more than once"),
        }
    }

    fn all<T, P>(&mut self, name: &str, values: &[Cow<'_, str>], bounds: Bounds, mut parse: P) -> Option<Vec<T>>
    where
        P: FnMut(&str) -> Result<T, Reason>,
    {
        self.violations.note_error(bounds.check(values.len()), name)?;
        let mut all = Some(Vec::with_capacity(values.len()));
        for value in values {
            let parsed = self.violations.note_error(parse(value), name);
            all = all.zip(parsed).map(|(mut all, value)| {
                all.push(value);
                all
            });
        }
        all
    }
}

fn in_commas<'v>(lines: &'v [Cow<'_, str>]) -> Values<'v> {
    let values = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    values.filter(|value| !value.is_empty()).map(Cow::Borrowed).collect()
}
