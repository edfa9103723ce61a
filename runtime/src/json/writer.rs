//! Writes JSON: text that is known when the gateway is built, text that came, and values.

use bytes::Bytes;

use super::copy::Aside;
use super::raw::Fragment;
use super::scanner::Scanner;
use super::text::write_string;

/// JSON text that is being written.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

/// A value that can be written as JSON.
pub trait ToJson {
    /// Writes it.
    fn write_json(&self, out: &mut Writer);
}

impl Writer {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Nothing yet, with room for this many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity) }
    }

    /// Writes text that is JSON already, or a part of it.
    #[inline]
    pub fn raw(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
    }

    /// Writes a string, with its quotes and escapes.
    pub fn string(&mut self, text: &str) {
        write_string(text, &mut self.bytes);
    }

    /// Writes any value.
    #[inline]
    pub fn value<T: ToJson + ?Sized>(&mut self, value: &T) {
        value.write_json(self);
    }

    /// Writes finished text.
    #[inline]
    pub fn fragment(&mut self, fragment: &Fragment) {
        self.raw(fragment.as_bytes());
    }

    /// Writes finished text, or null.
    #[inline]
    pub fn fragment_or_null(&mut self, fragment: Option<&Fragment>) {
        self.raw(fragment.map_or(b"null", Fragment::as_bytes));
    }

    /// Writes what was copied aside.
    #[inline]
    pub fn aside(&mut self, scan: &Scanner<'_>, aside: Aside) {
        self.raw(scan.aside_text(aside));
    }

    /// Writes what was copied aside, or null.
    #[inline]
    pub fn aside_or_null(&mut self, scan: &Scanner<'_>, aside: Option<Aside>) {
        self.raw(aside.map_or(b"null", |aside| scan.aside_text(aside)));
    }

    /// Writes an array: `write` writes each element.
    pub fn list<I, F>(&mut self, items: I, mut write: F)
    where
        I: IntoIterator,
        F: FnMut(&mut Self, I::Item),
    {
        self.raw(b"[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.raw(b",");
            }
            write(self, item);
        }
        self.raw(b"]");
    }

    /// Writes an array as [`Writer::list`] does, until writing an element fails.
    pub fn try_list<I, F, E>(&mut self, items: I, mut write: F) -> Result<(), E>
    where
        I: IntoIterator,
        F: FnMut(&mut Self, I::Item) -> Result<(), E>,
    {
        self.raw(b"[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.raw(b",");
            }
            write(self, item)?;
        }
        self.raw(b"]");
        Ok(())
    }

    /// Begins an object whose keys are not all known beforehand.
    pub fn object(&mut self) -> ObjectWriter<'_> {
        self.raw(b"{");
        ObjectWriter { out: self, empty: true }
    }

    /// Begins an array whose elements come from several places.
    pub fn items(&mut self) -> ListWriter<'_> {
        self.raw(b"[");
        ListWriter { out: self, empty: true }
    }

    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is written so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Ends the text. It must be one whole JSON value by now.
    pub fn finish(self) -> Fragment {
        Fragment::new(self.into_bytes())
    }

    /// Ends the text.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from(self.bytes)
    }

    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    #[inline]
    pub(super) fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
    }
}

/// An array while it is written, element by element.
#[derive(Debug)]
pub struct ListWriter<'w> {
    out: &'w mut Writer,
    empty: bool,
}

impl ListWriter<'_> {
    /// Begins an element, which is then written to what this returns.
    #[inline]
    pub fn item(&mut self) -> &mut Writer {
        if !self.empty {
            self.out.raw(b",");
        }
        self.empty = false;
        self.out
    }

    /// Ends the array.
    pub fn end(self) {
        self.out.raw(b"]");
    }
}

/// An object some of whose keys may be left out. `end` closes it.
#[derive(Debug)]
#[must_use = "an object has to be ended"]
pub struct ObjectWriter<'w> {
    out: &'w mut Writer,
    empty: bool,
}

impl ObjectWriter<'_> {
    /// Writes a key, given with its quotes and colon (`"id":`); its value is then written to what this returns.
    #[inline]
    pub fn key(&mut self, key: &[u8]) -> &mut Writer {
        if !self.empty {
            self.out.raw(b",");
        }
        self.empty = false;
        self.out.raw(key);
        self.out
    }

    /// Writes a key that is known only now; its value is then written to what this returns.
    pub fn name(&mut self, name: &str) -> &mut Writer {
        self.key(b"");
        self.out.string(name);
        self.out.raw(b":");
        self.out
    }

    /// Writes a key and a value that is JSON text already.
    #[inline]
    pub fn raw(&mut self, key: &[u8], text: &[u8]) {
        self.key(key).raw(text);
    }

    /// Writes a key and a value that is JSON text already; neither where there is none.
    #[inline]
    pub fn raw_if_any(&mut self, key: &[u8], text: Option<&[u8]>) {
        if let Some(text) = text {
            self.raw(key, text);
        }
    }

    /// Writes a key and a value.
    #[inline]
    pub fn value<T: ToJson + ?Sized>(&mut self, key: &[u8], value: &T) {
        value.write_json(self.key(key));
    }

    /// Writes a key and a value; neither where there is none.
    #[inline]
    pub fn value_if_any<T: ToJson + ?Sized>(&mut self, key: &[u8], value: Option<&T>) {
        if let Some(value) = value {
            self.value(key, value);
        }
    }

    /// Ends the object.
    #[inline]
    pub fn end(self) {
        self.out.raw(b"}");
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn write_json(&self, out: &mut Writer) {
        (**self).write_json(out);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write_json(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write_json(out),
            None => out.raw(b"null"),
        }
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write_json(&self, out: &mut Writer) {
        out.list(self, |out, item| item.write_json(out));
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write_json(&self, out: &mut Writer) {
        self.as_slice().write_json(out);
    }
}

impl ToJson for str {
    fn write_json(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl ToJson for String {
    fn write_json(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl ToJson for bool {
    fn write_json(&self, out: &mut Writer) {
        out.raw(if *self { b"true" } else { b"false" });
    }
}

impl ToJson for i64 {
    fn write_json(&self, out: &mut Writer) {
        out.raw(self.to_string().as_bytes());
    }
}

impl ToJson for usize {
    fn write_json(&self, out: &mut Writer) {
        out.raw(self.to_string().as_bytes());
    }
}
