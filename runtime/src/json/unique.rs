//! Finds keys that appear twice in one object, anywhere in a text whose grammar has been checked.
//!
//! Iterative, and by sorting rather than hashing: a client chooses the keys.

use std::borrow::Cow;

use super::broken::Broken;
use super::cursor::{Cursor, Fault};
use super::guesses::Guesses;
use super::scanner::Scanner;
use super::text::unescape;

/// One step of the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// An array or object that is open.
struct Level<'a> {
    object: bool,
    /// Where its keys begin among all keys.
    first_key: usize,
    /// Which element or key we are at.
    index: usize,
    key: Cow<'a, [u8]>,
}

impl Level<'_> {
    /// The step from here to the value we are at.
    fn step(&self) -> Step {
        if self.object { Step::Key(String::from_utf8_lossy(&self.key).into_owned()) } else { Step::Index(self.index) }
    }
}

/// Breaks the contract where an object in the value here has a key twice; steps over the value.
pub(super) fn check_unique(scan: &mut Scanner<'_>) -> Result<(), Broken> {
    let start = scan.at;
    scan.skip()?;
    let value = scan.at.since(start);
    let Some(path) = duplicate_keys(value, 1).pop() else { return Ok(()) };
    let broken = Broken::contract("the key appears more than once");
    Err(path.into_iter().rev().fold(broken, |broken, step| match step {
        Step::Key(key) => broken.in_key(key.as_bytes()),
        Step::Index(index) => broken.at_index(index),
    }))
}

/// The ways to the first `most` keys that appear twice in their object. `text` is one JSON value; where it is not,
/// the search ends there.
pub(crate) fn duplicate_keys(text: &[u8], most: usize) -> Vec<Vec<Step>> {
    let mut search = Search {
        at: Cursor { rest: text },
        guesses: Guesses::new(),
        levels: Vec::new(),
        keys: Vec::new(),
        found: Vec::new(),
    };
    // The grammar was checked before: a fault here can only mean that there is nothing more to find.
    let _ = search.run(most);
    search.found
}

struct Search<'a> {
    at: Cursor<'a>,
    guesses: Guesses,
    levels: Vec<Level<'a>>,
    /// The keys of all open objects, the innermost last.
    keys: Vec<Cow<'a, [u8]>>,
    found: Vec<Vec<Step>>,
}

impl Search<'_> {
    fn run(&mut self, most: usize) -> Result<(), Fault> {
        loop {
            self.at.blanks();
            let opened = match self.at.peek() {
                b'{' => self.enter(true)?,
                b'[' => self.enter(false)?,
                _ => {
                    self.at.skip(0, &mut u32::MAX.clone(), &mut self.guesses)?;
                    false
                }
            };
            if !opened && !self.leave()? || self.found.len() >= most {
                return Ok(());
            }
        }
    }

    /// Steps into an array or object; false if it is empty and behind us.
    fn enter(&mut self, object: bool) -> Result<bool, Fault> {
        self.at.bump();
        self.at.blanks();
        if self.at.eat(if object { b'}' } else { b']' }) {
            return Ok(false);
        }
        self.levels.push(Level { object, first_key: self.keys.len(), index: 0, key: Cow::Borrowed(b"") });
        if object {
            self.key()?;
        }
        Ok(true)
    }

    fn key(&mut self) -> Result<(), Fault> {
        let (key, escaped) = self.at.key(&mut self.guesses)?;
        // A key with half a surrogate pair is compared as it is written.
        let meant = if escaped { unescape(key).ok() } else { None };
        let key = meant.map_or(Cow::Borrowed(key), |meant| Cow::Owned(meant.into_bytes()));
        self.keys.push(key.clone());
        if let Some(level) = self.levels.last_mut() {
            level.key = key;
        }
        Ok(())
    }

    /// Behind a value: on to the next one. False when all has ended.
    fn leave(&mut self) -> Result<bool, Fault> {
        while let Some(level) = self.levels.last_mut() {
            self.at.blanks();
            if self.at.eat(b',') {
                level.index += 1;
                if level.object {
                    self.key()?;
                }
                return Ok(true);
            }
            if !self.at.eat(if level.object { b'}' } else { b']' }) {
                return Err(Fault::End);
            }
            self.close();
        }
        Ok(false)
    }

    /// The innermost level has ended: are its keys all different?
    fn close(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        let mut keys = self.keys.split_off(level.first_key.min(self.keys.len()));
        keys.sort_unstable();
        let doubled: Vec<String> = keys
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() > 1)
            .filter_map(|same| same.first())
            .map(|key| String::from_utf8_lossy(key).into_owned())
            .collect();
        for key in doubled {
            let outside = self.levels.iter().map(Level::step);
            self.found.push(outside.chain([Step::Key(key)]).collect());
        }
    }
}
