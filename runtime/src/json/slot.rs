//! Where a reader keeps a field until the object has ended: whether it came, and that it came once.

use super::broken::Broken;
use super::scanner::Scanner;

/// One field of an object that is being read.
#[derive(Debug)]
pub struct Slot<T> {
    name: &'static str,
    value: Option<T>,
}

impl<T> Slot<T> {
    /// An empty slot for the field that has this name in JSON.
    #[inline]
    pub const fn new(name: &'static str) -> Self {
        Self { name, value: None }
    }

    /// Reads the field's value into the slot. A second one is a duplicate key, and the contract is broken:
    /// two readers of such a text may well disagree on which one counts.
    #[inline]
    pub fn take<'a, F>(&mut self, scan: &mut Scanner<'a>, read: F) -> Result<(), Broken>
    where
        F: FnOnce(&mut Scanner<'a>) -> Result<T, Broken>,
    {
        if self.value.is_some() {
            return Err(duplicate());
        }
        self.value = Some(read(scan)?);
        Ok(())
    }

    /// The value; a missing one breaks the contract.
    #[inline]
    pub fn required(self) -> Result<T, Broken> {
        match self.value {
            Some(value) => Ok(value),
            None => Err(Broken::missing(self.name)),
        }
    }

    /// The value, if the key was there.
    #[inline]
    pub fn optional(self) -> Option<T> {
        self.value
    }
}

impl<T> Slot<Option<T>> {
    /// The value of a nullable field: an absent key and null are one.
    #[inline]
    pub fn flat(self) -> Option<T> {
        self.value.flatten()
    }
}

impl<'a> Slot<&'a [u8]> {
    /// The copied text of a nullable field: null for an absent key.
    #[inline]
    pub fn or_null(self) -> &'a [u8] {
        self.value.unwrap_or(b"null")
    }
}

/// One field with a fallback (`rating: Float else 0`): what breaks its contract is skipped, counted and replaced.
#[derive(Debug)]
pub struct DriftSlot<T> {
    name: &'static str,
    state: Drifting<T>,
}

#[derive(Debug)]
enum Drifting<T> {
    Absent,
    Broken,
    Kept(T),
}

impl<T> DriftSlot<T> {
    /// An empty slot for the field that has this name in JSON.
    #[inline]
    pub const fn new(name: &'static str) -> Self {
        Self { name, state: Drifting::Absent }
    }

    /// Reads the field's value into the slot; one that breaks the contract is skipped, and noted as drift.
    /// What is no JSON, and a duplicate key, still break the whole answer.
    pub fn take<'a, F>(&mut self, scan: &mut Scanner<'a>, read: F) -> Result<(), Broken>
    where
        F: FnOnce(&mut Scanner<'a>) -> Result<T, Broken>,
    {
        if !matches!(self.state, Drifting::Absent) {
            return Err(duplicate());
        }
        self.state = match scan.attempt(read)? {
            Ok(value) => Drifting::Kept(value),
            Err(broken) => {
                scan.note_drift(self.name, &broken);
                Drifting::Broken
            }
        };
        Ok(())
    }

    /// The value, or `fallback`. An absent key is drift as well.
    pub fn or(self, scan: &mut Scanner<'_>, fallback: T) -> T {
        match self.state {
            Drifting::Kept(value) => value,
            Drifting::Broken => fallback,
            Drifting::Absent => {
                scan.note_drift(self.name, &Broken::contract("is missing"));
                fallback
            }
        }
    }

    /// The value; `absent` where the key was not there, which a nullable field allows; `fallback` where it drifted.
    pub fn or_absent(self, absent: T, fallback: T) -> T {
        match self.state {
            Drifting::Kept(value) => value,
            Drifting::Broken => fallback,
            Drifting::Absent => absent,
        }
    }
}

#[cold]
fn duplicate() -> Broken {
    Broken::contract("the key appears more than once")
}
