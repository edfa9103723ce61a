//! Scan and write in one pass: what is selected goes into the output as it is met, the rest is only checked.

use std::ops::Range;

use super::broken::Broken;
use super::map::check_keys;
use super::raw::Fragment;
use super::scanner::Scanner;
use super::text::write_string;
use super::writer::Writer;
use crate::value::Bounds;

/// Text that was written aside while scanning, to be put in its place once what stands before it is written.
///
/// It is valid within the array element, or the `copy`, in which it was made; their buffer is used again afterwards,
/// so that nothing is allocated for each element.
#[derive(Debug, Clone, Copy)]
pub struct Aside {
    level: usize,
    start: usize,
    end: usize,
}

impl<'a> Scanner<'a> {
    /// Copies what `write` selects of the value here.
    pub fn copy<F>(&mut self, write: F) -> Result<Fragment, Broken>
    where
        F: FnOnce(&mut Self, &mut Writer) -> Result<(), Broken>,
    {
        // A selection is seldom more than a quarter of what it is selected from.
        let mut out = Writer::with_capacity((self.body_len() / 4).clamp(128, 64 * 1024));
        let kept = self.aside_mark();
        write(self, &mut out)?;
        self.release_asides(kept);
        Ok(out.finish())
    }

    /// Copies a value that is wanted as it came: `read` gives its slice.
    pub fn copy_whole<F>(&mut self, read: F) -> Result<Fragment, Broken>
    where
        F: FnOnce(&mut Self) -> Result<&'a [u8], Broken>,
    {
        self.raw(read).map(Fragment::from)
    }

    /// Copies an array: `write` copies each element.
    #[inline]
    pub fn copy_list<F>(&mut self, out: &mut Writer, bounds: Bounds, write: F) -> Result<(), Broken>
    where
        F: FnMut(&mut Self, &mut Writer) -> Result<(), Broken>,
    {
        self.copy_list_slice(out, bounds, 0..usize::MAX, write)
    }

    /// Copies the elements of an array whose index is in `slice`; the others are checked as JSON and counted.
    #[inline]
    pub fn copy_list_slice<F>(
        &mut self,
        out: &mut Writer,
        bounds: Bounds,
        slice: Range<usize>,
        mut write: F,
    ) -> Result<(), Broken>
    where
        F: FnMut(&mut Self, &mut Writer) -> Result<(), Broken>,
    {
        let kept = self.aside_mark();
        out.raw(b"[");
        self.elements(bounds, |scan, index| {
            if !slice.contains(&index) {
                return scan.skip();
            }
            if index > slice.start {
                out.raw(b",");
            }
            write(scan, out)?;
            scan.release_asides(kept);
            Ok(())
        })?;
        out.raw(b"]");
        Ok(())
    }

    /// Copies an object with any keys, each once: `write` copies what stands under each.
    pub fn copy_map<F>(&mut self, out: &mut Writer, mut write: F) -> Result<(), Broken>
    where
        F: FnMut(&mut Self, &mut Writer) -> Result<(), Broken>,
    {
        let kept = self.aside_mark();
        let mut keys: Vec<Vec<u8>> = Vec::new();
        out.raw(b"{");
        self.object(|scan, key| {
            if !keys.is_empty() {
                out.raw(b",");
            }
            write_string(&String::from_utf8_lossy(key), out.buffer());
            out.raw(b":");
            keys.push(key.to_vec());
            write(scan, out)?;
            scan.release_asides(kept);
            Ok(())
        })?;
        out.raw(b"}");
        check_keys(keys)
    }

    /// Copies null as null, anything else by `write`.
    #[inline]
    pub fn copy_or_null<F>(&mut self, out: &mut Writer, write: F) -> Result<(), Broken>
    where
        F: FnOnce(&mut Self, &mut Writer) -> Result<(), Broken>,
    {
        if self.nullable(|scan| write(scan, out))?.is_none() {
            out.raw(b"null");
        }
        Ok(())
    }

    /// Copies the value here aside; `Writer::aside` puts it in its place.
    pub fn aside<F>(&mut self, write: F) -> Result<Aside, Broken>
    where
        F: FnOnce(&mut Self, &mut Writer) -> Result<(), Broken>,
    {
        let level = self.aside_level;
        if self.asides.len() <= level {
            self.asides.resize_with(level + 1, Writer::new);
        }
        // The buffer is taken out while it is written to; asides within this one use the next buffer.
        let mut buffer = self.asides.get_mut(level).map(std::mem::take).unwrap_or_default();
        let start = buffer.len();
        self.aside_level = level + 1;
        let result = write(self, &mut buffer);
        self.aside_level = level;
        let end = buffer.len();
        if let Some(place) = self.asides.get_mut(level) {
            *place = buffer;
        }
        result.map(|()| Aside { level, start, end })
    }

    /// What was written aside.
    pub(super) fn aside_text(&self, aside: Aside) -> &[u8] {
        self.asides
            .get(aside.level)
            .and_then(|buffer| buffer.as_bytes().get(aside.start..aside.end))
            .unwrap_or_default()
    }

    fn aside_mark(&self) -> usize {
        self.asides.get(self.aside_level).map_or(0, Writer::len)
    }

    #[inline]
    fn release_asides(&mut self, kept: usize) {
        if let Some(buffer) = self.asides.get_mut(self.aside_level) {
            buffer.truncate(kept);
        }
    }
}
