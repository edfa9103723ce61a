//! Which member of a union an object is: its tag is looked for before the object is read, wherever it stands in it.

use super::broken::Broken;
use super::scanner::Scanner;
use super::slot::Slot;
use crate::value::Variant;

/// How far we may look ahead for tags, all in all, in lengths of the text. An object in an object is looked through by each of them,
/// so a text that is made for it would be read as often as it is deep.
pub(super) const MOST_AHEAD: usize = 16;

impl Scanner<'_> {
    /// The tag under `key` of the object here, which we stay before.
    ///
    /// The key is looked for up to where it first stands: whoever reads the object then sees to it that it is there once.
    pub fn tag<T: Variant>(&mut self, key: &'static str) -> Result<T, Broken> {
        let mark = self.mark();
        let start = self.offset();
        let found = self.find_tag(key)?;
        let tag = if found {
            self.variant().map_err(|broken| broken.in_key(key.as_bytes()))
        } else {
            Err(Broken::missing(key))
        };
        self.look_ahead(self.offset().saturating_sub(start))?;
        self.rewind(mark);
        tag
    }

    /// Steps over an object whose tag has been read: its key may be there once.
    pub fn skip_tagged(&mut self, key: &'static str) -> Result<(), Broken> {
        let mut tag = Slot::new(key);
        self.object(|scan, name| {
            if name == key.as_bytes() {
                return tag.take(scan, Scanner::skip);
            }
            scan.skip()
        })
    }
}
