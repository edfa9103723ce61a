//! Reads a body in one pass: objects, arrays and what stands between. What single values are is said in `slices`
//! and `decode`, what is written while reading in `copy`.

use std::borrow::Cow;

use bytes::Bytes;

use super::broken::Broken;
use super::cursor::{Cursor, DEEPEST, Fault, MOST_VALUES, count};
use super::guesses::Guesses;
use super::raw::Raw;
use super::text::unescape;
use super::writer::Writer;
use crate::value::Bounds;

/// Reads one JSON text, strictly: all of RFC 8259 is checked, the skipped parts too, and so is UTF-8.
///
/// Readers are functions over `&mut Scanner`; each reads exactly one value. Nothing is allocated for a value that is
/// only skipped or copied. At most 128 arrays and objects may stand in one another, and at most a million values in a text.
#[derive(Debug)]
pub struct Scanner<'a> {
    body: &'a Bytes,
    pub(super) at: Cursor<'a>,
    depth: u32,
    values: u32,
    guesses: Guesses,
    /// What is written aside, a buffer for each level of asides in one another; see `copy`.
    pub(super) asides: Vec<Writer>,
    pub(super) aside_level: usize,
    drifts: Vec<Drift>,
}

/// A field of an answer that was not as its type says, and was replaced by its fallback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The field's name in JSON.
    pub field: &'static str,
    /// What was wrong the first time.
    pub why: String,
    /// How often it happened in this answer.
    pub times: usize,
}

/// A place to come back to.
#[derive(Clone, Copy)]
struct Mark<'a> {
    at: Cursor<'a>,
    depth: u32,
    values: u32,
    aside_level: usize,
}

impl<'a> Scanner<'a> {
    /// Begins at the start of `body`, all of which must be UTF-8.
    pub fn new(body: &'a Bytes) -> Result<Self, Broken> {
        if let Err(error) = std::str::from_utf8(body) {
            return Err(Broken::malformed(Fault::Utf8, error.valid_up_to()));
        }
        Ok(Self {
            body,
            at: Cursor { rest: body },
            depth: 0,
            values: MOST_VALUES,
            guesses: Guesses::new(),
            asides: Vec::new(),
            aside_level: 0,
            drifts: Vec::new(),
        })
    }

    /// Checks that nothing but blanks follows.
    pub fn finish(&mut self) -> Result<(), Broken> {
        self.at.blanks();
        if self.at.rest.is_empty() { Ok(()) } else { Err(self.fault(Fault::Behind)) }
    }

    /// What was replaced by a fallback so far.
    pub fn take_drifts(&mut self) -> Vec<Drift> {
        std::mem::take(&mut self.drifts)
    }

    /// How many bytes the whole text has.
    pub(crate) fn body_len(&self) -> usize {
        self.body.len()
    }

    /// Steps over one value of any kind.
    #[inline]
    pub fn skip(&mut self) -> Result<(), Broken> {
        let result = self.at.skip(self.depth, &mut self.values, &mut self.guesses);
        self.sound(result)
    }

    /// Reads an object: `field` is called with each key, its escapes undone, and reads that key's value.
    #[inline]
    pub fn object<F>(&mut self, mut field: F) -> Result<(), Broken>
    where
        F: FnMut(&mut Self, &[u8]) -> Result<(), Broken>,
    {
        if !self.open(b'{', b'}', "an object")? {
            return Ok(());
        }
        loop {
            let key = self.at.key(&mut self.guesses);
            let (key, escaped) = self.sound(key)?;
            let meant;
            let mut name = key;
            if escaped {
                meant = self.meant(key)?;
                name = meant.as_bytes();
            }
            if let Err(broken) = field(self, name) {
                return Err(broken.in_key(name));
            }
            if !self.next(b'}', Fault::ObjectEnd)? {
                return Ok(());
            }
        }
    }

    /// A key that is written with escapes is rare; it is compared by what it means.
    #[cold]
    fn meant(&self, key: &[u8]) -> Result<String, Broken> {
        self.meaning(unescape(key))
    }

    /// Reads an array: `element` is called at each element with its index, and reads it.
    #[inline]
    pub fn elements<F>(&mut self, bounds: Bounds, mut element: F) -> Result<(), Broken>
    where
        F: FnMut(&mut Self, usize) -> Result<(), Broken>,
    {
        let mut length = 0;
        let mut more = self.open(b'[', b']', "an array")?;
        let place = self.guesses.place();
        while more {
            self.guesses.go_to(place);
            if length >= bounds.most {
                return Err(bounds.too_many().into());
            }
            if let Err(broken) = element(self, length) {
                return Err(broken.at_index(length));
            }
            length += 1;
            more = self.next(b']', Fault::ArrayEnd)?;
        }
        bounds.check_least(length).map_err(Broken::from)
    }

    /// Reads the same value twice, in two ways.
    pub fn both<A, B, F, G>(&mut self, first: F, second: G) -> Result<(A, B), Broken>
    where
        F: FnOnce(&mut Self) -> Result<A, Broken>,
        G: FnOnce(&mut Self) -> Result<B, Broken>,
    {
        let mark = self.mark();
        let first = first(self)?;
        self.rewind(mark);
        Ok((first, second(self)?))
    }

    /// Reads null as `None`, anything else by `read`.
    #[inline]
    pub fn nullable<T, F>(&mut self, read: F) -> Result<Option<T>, Broken>
    where
        F: FnOnce(&mut Self) -> Result<T, Broken>,
    {
        if self.at_null() {
            self.skip()?;
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// Reads a value whose text is kept as well: `read` gives its slice.
    #[inline]
    pub fn raw<F>(&mut self, read: F) -> Result<Raw, Broken>
    where
        F: FnOnce(&mut Self) -> Result<&'a [u8], Broken>,
    {
        let from = self.value_start();
        read(self)?;
        Ok(self.raw_since(from))
    }

    /// Steps into an object, for a reader that goes on after faults; whether it has a member.
    pub(crate) fn enter_object(&mut self) -> Result<bool, Broken> {
        self.open(b'{', b'}', "an object")
    }

    /// The key of the member here; none where it is no text, for it holds half a surrogate pair.
    pub(crate) fn member_key(&mut self) -> Result<Option<Cow<'a, str>>, Broken> {
        let key = self.at.key(&mut self.guesses);
        let (key, escaped) = self.sound(key)?;
        Ok(if escaped { unescape(key).ok().map(Cow::Owned) } else { std::str::from_utf8(key).ok().map(Cow::Borrowed) })
    }

    /// Behind a member of an object: whether another follows.
    pub(crate) fn next_member(&mut self) -> Result<bool, Broken> {
        self.next(b'}', Fault::ObjectEnd)
    }

    /// Steps into an array; whether it has an element.
    pub(crate) fn enter_array(&mut self) -> Result<bool, Broken> {
        self.open(b'[', b']', "an array")
    }

    /// Behind an element of an array: whether another follows.
    pub(crate) fn next_element(&mut self) -> Result<bool, Broken> {
        self.next(b']', Fault::ArrayEnd)
    }

    /// Whether the next value is null.
    pub(crate) fn at_null(&mut self) -> bool {
        self.at.blanks();
        self.at.peek() == b'n'
    }

    /// Steps to a value; gives its place.
    pub(crate) fn value_start(&mut self) -> usize {
        self.at.blanks();
        self.offset()
    }

    /// The text from `start` to here.
    pub(crate) fn raw_since(&self, start: usize) -> Raw {
        Raw::new(self.body.slice(start.min(self.offset())..self.offset()))
    }

    /// Tries to read a value; where it breaks its contract steps over it instead, and gives what was wrong.
    pub(crate) fn attempt<T, F>(&mut self, read: F) -> Result<Result<T, Broken>, Broken>
    where
        F: FnOnce(&mut Self) -> Result<T, Broken>,
    {
        let mark = self.mark();
        match read(self) {
            Ok(value) => Ok(Ok(value)),
            Err(broken) if broken.is_contract() => {
                self.rewind(mark);
                self.skip()?;
                Ok(Err(broken))
            }
            Err(broken) => Err(broken),
        }
    }

    #[cold]
    pub(super) fn note_drift(&mut self, field: &'static str, broken: &Broken) {
        match self.drifts.iter_mut().find(|drift| drift.field == field) {
            Some(drift) => drift.times += 1,
            None => self.drifts.push(Drift { field, why: broken.to_string(), times: 1 }),
        }
    }

    fn mark(&self) -> Mark<'a> {
        Mark { at: self.at, depth: self.depth, values: self.values, aside_level: self.aside_level }
    }

    fn rewind(&mut self, mark: Mark<'a>) {
        self.at = mark.at;
        self.depth = mark.depth;
        self.values = mark.values;
        self.aside_level = mark.aside_level;
    }

    /// How many bytes are behind us.
    pub(crate) fn offset(&self) -> usize {
        self.body.len().saturating_sub(self.at.rest.len())
    }

    /// Steps to a value and counts it; gives its first byte.
    #[inline]
    pub(super) fn begin(&mut self) -> Result<u8, Broken> {
        self.at.blanks();
        let counted = count(&mut self.values);
        self.sound(counted)?;
        Ok(self.at.peek())
    }

    /// Steps into an array or object; false if it is empty and already behind us.
    #[inline]
    fn open(&mut self, opening: u8, closing: u8, expected: &'static str) -> Result<bool, Broken> {
        if self.begin()? != opening {
            return Err(self.unexpected(expected));
        }
        if self.depth >= DEEPEST {
            return Err(self.fault(Fault::Deep));
        }
        self.at.bump();
        self.at.blanks();
        if self.at.eat(closing) {
            return Ok(false);
        }
        self.depth += 1;
        Ok(true)
    }

    /// Behind a member: true if another follows, false if the array or object ends.
    #[inline]
    fn next(&mut self, closing: u8, otherwise: Fault) -> Result<bool, Broken> {
        if self.at.eat_behind_blanks(b',') {
            return Ok(true);
        }
        if self.at.eat(closing) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        Err(self.fault(otherwise))
    }

    /// Turns a fault of the grammar into a report with its place.
    #[inline]
    pub(super) fn sound<T>(&self, result: Result<T, Fault>) -> Result<T, Broken> {
        match result {
            Ok(value) => Ok(value),
            Err(fault) => Err(self.fault(fault)),
        }
    }

    #[cold]
    pub(super) fn fault(&self, fault: Fault) -> Broken {
        let fault =
            if self.at.rest.is_empty() && !matches!(fault, Fault::Many | Fault::Deep) { Fault::End } else { fault };
        Broken::malformed(fault, self.offset())
    }

    /// The value here is of another kind than `expected`.
    #[cold]
    pub(super) fn unexpected(&self, expected: &'static str) -> Broken {
        let found = match self.at.peek() {
            b'{' => "an object",
            b'[' => "an array",
            b'"' => "a string",
            b'-' | b'0'..=b'9' => "a number",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => return self.fault(Fault::Value),
        };
        Broken::contract(format!("expected {expected}, found {found}"))
    }
}
