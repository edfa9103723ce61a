//! Where a checker keeps a field of a client's body until the object has ended.

use super::checker::BodyScanner;

/// One field of an object that a client sent.
#[derive(Debug)]
pub struct Field<T> {
    name: &'static str,
    state: State<T>,
}

#[derive(Debug)]
enum State<T> {
    Absent,
    /// It came, and a violation was noted.
    Refused,
    Kept(T),
}

impl<T> Field<T> {
    /// The field that has this name in JSON.
    pub const fn new(name: &'static str) -> Self {
        Self { name, state: State::Absent }
    }

    /// Reads the field's value by `read`, which notes what is wrong with it.
    pub fn take<'a, F>(&mut self, body: &mut BodyScanner<'a>, read: F)
    where
        F: FnOnce(&mut BodyScanner<'a>) -> Option<T>,
    {
        if !matches!(self.state, State::Absent) {
            // That the key is there twice has been noted for the body as a whole.
            body.skip();
            self.state = State::Refused;
            return;
        }
        self.state = match read(body) {
            Some(value) => State::Kept(value),
            None => State::Refused,
        };
    }

    /// The value; a missing one is a violation.
    pub fn required(self, body: &mut BodyScanner<'_>) -> Option<T> {
        match self.state {
            State::Kept(value) => Some(value),
            State::Refused => None,
            State::Absent => {
                body.note_missing(self.name);
                None
            }
        }
    }

    /// The value, or `default` where the key is not there.
    pub fn or<F>(self, default: F) -> Option<T>
    where
        F: FnOnce() -> T,
    {
        match self.state {
            State::Kept(value) => Some(value),
            State::Refused => None,
            State::Absent => Some(default()),
        }
    }
}

impl<T> Field<Option<T>> {
    /// The value of a nullable field; null and an absent key are one. The outer `None` is a violation.
    pub fn optional(self) -> Option<Option<T>> {
        self.or(|| None)
    }
}
