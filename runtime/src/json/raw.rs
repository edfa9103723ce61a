//! JSON text that is kept: as it came (`Raw`), as it came and looked into (`Json`), and as we wrote it (`Fragment`).

use bytes::Bytes;

use super::scanner::Scanner;
use super::slot::Slot;
use super::writer::{ToJson, Writer};

/// The text of one JSON value, as it came. Cloning it copies no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(Bytes);

impl Raw {
    /// `text` is one whole JSON value.
    pub(crate) fn new(text: Bytes) -> Self {
        Self(text)
    }

    /// Text that is known when the gateway is built, and is one whole JSON value.
    pub const fn from_static(text: &'static [u8]) -> Self {
        Self(Bytes::from_static(text))
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, as shared bytes.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

/// The text of one JSON value of any kind, whose fields can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(Raw);

impl Json {
    /// No object in `raw` may have a key twice.
    pub(crate) fn new(raw: Raw) -> Self {
        Self(raw)
    }

    /// A literal of a `.gw` file, which the compiler has written as JSON.
    pub const fn literal(text: &'static str) -> Self {
        Self(Raw::from_static(text.as_bytes()))
    }

    /// The value under `name`; none where this is no object, has no such key, or has null under it.
    pub fn field(&self, name: &str) -> Option<Json> {
        let mut found = Slot::new("");
        let mut scan = Scanner::new(&self.0.0).ok()?;
        let read = scan.object(|scan, key| {
            if key == name.as_bytes() {
                return found.take(scan, |scan| scan.raw(Scanner::any));
            }
            scan.skip()
        });
        read.ok()?;
        found.optional().filter(|raw| raw.as_bytes() != b"null").map(Json)
    }

    /// The text as it came.
    pub fn raw(&self) -> &Raw {
        &self.0
    }
}

impl From<Raw> for Bytes {
    fn from(raw: Raw) -> Self {
        raw.0
    }
}

/// JSON text that is ready to be sent. Cloning it copies no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment(Bytes);

impl Fragment {
    /// `text` is one whole JSON value.
    pub(crate) fn new(text: Bytes) -> Self {
        Self(text)
    }

    /// Text that is known when the gateway is built, and is one whole JSON value.
    pub const fn from_static(text: &'static [u8]) -> Self {
        Self(Bytes::from_static(text))
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, as shared bytes.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<Raw> for Fragment {
    fn from(raw: Raw) -> Self {
        Self(raw.0)
    }
}

impl ToJson for Raw {
    fn write_json(&self, out: &mut Writer) {
        out.raw(&self.0);
    }
}

impl ToJson for Json {
    fn write_json(&self, out: &mut Writer) {
        self.0.write_json(out);
    }
}

impl ToJson for Fragment {
    fn write_json(&self, out: &mut Writer) {
        out.raw(&self.0);
    }
}
