//! Steps over JSON text byte by byte: blanks, strings, numbers, literals, and whole values without recursion.
//!
//! It knows the grammar of RFC 8259 and nothing of types. It is the hot loop of every gateway, so it works on the
//! rest of the text as a slice, eight bytes at a time in strings, and its faults are one byte.

use std::fmt;

/// The most arrays and objects that may stand in one another.
pub(crate) const DEEPEST: u32 = 128;

/// The most values that one document may hold.
pub(crate) const MOST_VALUES: u32 = 1_000_000;

/// What is wrong with a text that is no JSON, or more of it than we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    End,
    Value,
    Literal,
    Number,
    Control,
    Escape,
    Surrogate,
    Key,
    Colon,
    ArrayEnd,
    ObjectEnd,
    Deep,
    Many,
    Behind,
    Utf8,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End => "the text ends too early",
            Self::Value => "expected a value",
            Self::Literal => "expected `true`, `false` or `null`",
            Self::Number => "malformed number",
            Self::Control => "control character in a string",
            Self::Escape => "unknown escape in a string",
            Self::Surrogate => "half a surrogate pair in a string",
            Self::Key => "expected a key in quotes",
            Self::Colon => "expected `:` after a key",
            Self::ArrayEnd => "expected `,` or `]`",
            Self::ObjectEnd => "expected `,` or `}`",
            Self::Deep => "nested deeper than 128",
            Self::Many => "more than 1000000 values",
            Self::Behind => "more text after the value",
            Self::Utf8 => "not UTF-8",
        })
    }
}

/// What a scanned number consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberForm {
    /// A sign and digits only.
    Integer,
    /// A fraction or an exponent too.
    Fraction,
}

/// A place in a JSON text: what is still to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) rest: &'a [u8],
}

/// The bytes of `word` that end the plain part of a string have their high bit set in the answer: quotes,
/// backslashes and control characters. The lowest one set is exact; those above it may be false.
#[inline]
fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Turning bit 1 over moves the quote (0x22) to 0x20 and leaves control characters below it,
    // so that one comparison finds both.
    let quote_or_control = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    (quote_or_control | backslash) & !word & HIGH
}

impl<'a> Cursor<'a> {
    /// Steps over blanks.
    #[inline]
    pub(crate) fn blanks(&mut self) {
        if self.peek() <= b' ' {
            self.blanks_slowly();
        }
    }

    fn blanks_slowly(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', tail @ ..] = self.rest {
            self.rest = tail;
        }
    }

    /// The next byte; 0, which begins nothing, at the end.
    #[inline]
    pub(crate) fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    /// Steps over one byte.
    #[inline]
    pub(crate) fn bump(&mut self) {
        if let [_, tail @ ..] = self.rest {
            self.rest = tail;
        }
    }

    /// Steps over `byte` if it is next.
    #[inline]
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        if let [first, tail @ ..] = self.rest
            && *first == byte
        {
            self.rest = tail;
            return true;
        }
        false
    }

    /// What lies between `start`, an earlier place, and here.
    #[inline]
    pub(crate) fn since(&self, start: Cursor<'a>) -> &'a [u8] {
        start.rest.get(..start.rest.len().wrapping_sub(self.rest.len())).unwrap_or_default()
    }

    /// Steps over a string whose opening quote is behind us; tells whether it holds escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<bool, Fault> {
        let mut escaped = false;
        loop {
            self.plain();
            match self.rest {
                [b'"', tail @ ..] => {
                    self.rest = tail;
                    return Ok(escaped);
                }
                [b'\\', ..] => {
                    self.escape()?;
                    escaped = true;
                }
                [..0x20, ..] => return Err(Fault::Control),
                [_, tail @ ..] => self.rest = tail,
                [] => return Err(Fault::End),
            }
        }
    }

    /// Steps over characters that need no look, eight at a time; up to seven may be left at the end of the text.
    #[inline]
    fn plain(&mut self) {
        while let Some((chunk, tail)) = self.rest.split_first_chunk::<8>() {
            let found = specials(u64::from_le_bytes(*chunk));
            if found != 0 {
                let plain = (found.trailing_zeros() / 8) as usize;
                self.rest = self.rest.get(plain..).unwrap_or_default();
                return;
            }
            self.rest = tail;
        }
    }

    /// Steps over `\n`, `\u00e9` and the like.
    fn escape(&mut self) -> Result<(), Fault> {
        self.rest = match self.rest {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', tail @ ..] => tail,
            [_, b'u', a, b, c, d, tail @ ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => tail,
            [_] => return Err(Fault::End),
            _ => return Err(Fault::Escape),
        };
        Ok(())
    }

    /// Steps over a number.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<NumberForm, Fault> {
        self.eat(b'-');
        match self.rest {
            [b'0', tail @ ..] => self.rest = tail,
            [b'1'..=b'9', tail @ ..] => {
                self.rest = tail;
                self.digits();
            }
            _ => return Err(Fault::Number),
        }
        if let [b'.' | b'e' | b'E', ..] = self.rest {
            return self.fraction();
        }
        Ok(NumberForm::Integer)
    }

    #[inline]
    fn digits(&mut self) {
        while let [b'0'..=b'9', tail @ ..] = self.rest {
            self.rest = tail;
        }
    }

    fn fraction(&mut self) -> Result<NumberForm, Fault> {
        if self.eat(b'.') {
            self.at_least_one_digit()?;
        }
        if let [b'e' | b'E', tail @ ..] = self.rest {
            self.rest = tail;
            if let [b'+' | b'-', tail @ ..] = self.rest {
                self.rest = tail;
            }
            self.at_least_one_digit()?;
        }
        Ok(NumberForm::Fraction)
    }

    fn at_least_one_digit(&mut self) -> Result<(), Fault> {
        let before = self.rest.len();
        self.digits();
        if self.rest.len() == before { Err(Fault::Number) } else { Ok(()) }
    }

    /// Steps over `true`, `false` or `null`.
    #[inline]
    pub(crate) fn literal(&mut self) -> Result<(), Fault> {
        self.rest = match self.rest {
            [b't', b'r', b'u', b'e', tail @ ..]
            | [b'f', b'a', b'l', b's', b'e', tail @ ..]
            | [b'n', b'u', b'l', b'l', tail @ ..] => tail,
            _ => return Err(Fault::Literal),
        };
        Ok(())
    }

    /// Steps over a key and its colon, blanks included; gives its text between the quotes and whether it holds escapes.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<(&'a [u8], bool), Fault> {
        self.blanks();
        if !self.eat(b'"') {
            return Err(Fault::Key);
        }
        let start = *self;
        let escaped = self.string()?;
        let quoted = self.since(start);
        let key = quoted.get(..quoted.len().wrapping_sub(1)).unwrap_or_default();
        self.blanks();
        if !self.eat(b':') {
            return Err(Fault::Colon);
        }
        Ok((key, escaped))
    }

    /// Steps over one value of any kind, blanks before it included. `depth` arrays and objects stand around it;
    /// `values` is how many more the document may hold.
    #[inline]
    pub(crate) fn skip(&mut self, depth: u32, values: &mut u32) -> Result<(), Fault> {
        self.blanks();
        match self.peek() {
            b'{' | b'[' => self.skip_nested(depth, values),
            _ => {
                count(values)?;
                self.scalar()
            }
        }
    }

    /// Steps over a string, number or literal.
    #[inline]
    fn scalar(&mut self) -> Result<(), Fault> {
        match self.rest {
            [b'"', tail @ ..] => {
                self.rest = tail;
                self.string().map(|_| ())
            }
            [b'-' | b'0'..=b'9', ..] => self.number().map(|_| ()),
            [b't' | b'f' | b'n', ..] => self.literal(),
            [] => Err(Fault::End),
            _ => Err(Fault::Value),
        }
    }

    /// Steps over an array or object and all that stands in it. Which of the two each open level is, is one bit:
    /// no recursion, no allocation.
    fn skip_nested(&mut self, depth: u32, values: &mut u32) -> Result<(), Fault> {
        let mut open = Levels { objects: 0, open: 0, most: DEEPEST.saturating_sub(depth) };
        loop {
            self.blanks();
            count(values)?;
            let went_in = match self.peek() {
                b'{' => self.enter(&mut open, true)?,
                b'[' => self.enter(&mut open, false)?,
                _ => {
                    self.scalar()?;
                    false
                }
            };
            if !went_in && !self.leave(&mut open)? {
                return Ok(());
            }
        }
    }

    /// Steps into an array or object, up to its first value; gives false if it is empty and already behind us.
    #[inline]
    fn enter(&mut self, open: &mut Levels, object: bool) -> Result<bool, Fault> {
        self.bump();
        open.push(object)?;
        self.blanks();
        if self.eat(if object { b'}' } else { b']' }) {
            open.pop();
            return Ok(false);
        }
        if object {
            self.key()?;
        }
        Ok(true)
    }

    /// Behind a value: steps to the next one, out of as many levels as end here. False when all levels have ended.
    #[inline]
    fn leave(&mut self, open: &mut Levels) -> Result<bool, Fault> {
        while open.open > 0 {
            self.blanks();
            let object = open.object();
            match self.rest {
                [b',', tail @ ..] => {
                    self.rest = tail;
                    if object {
                        self.key()?;
                    }
                    return Ok(true);
                }
                [b'}', tail @ ..] if object => self.rest = tail,
                [b']', tail @ ..] if !object => self.rest = tail,
                [] => return Err(Fault::End),
                _ => return Err(if object { Fault::ObjectEnd } else { Fault::ArrayEnd }),
            }
            open.pop();
        }
        Ok(false)
    }
}

/// Counts one value against the bound.
#[inline]
pub(crate) fn count(values: &mut u32) -> Result<(), Fault> {
    match values.checked_sub(1) {
        Some(left) => {
            *values = left;
            Ok(())
        }
        None => Err(Fault::Many),
    }
}

/// The arrays and objects that a skip is in; the lowest bit is the innermost, 1 for an object.
struct Levels {
    objects: u128,
    open: u32,
    most: u32,
}

impl Levels {
    #[inline]
    fn push(&mut self, object: bool) -> Result<(), Fault> {
        if self.open >= self.most {
            return Err(Fault::Deep);
        }
        self.objects = (self.objects << 1) | u128::from(object);
        self.open += 1;
        Ok(())
    }

    #[inline]
    fn pop(&mut self) {
        self.objects >>= 1;
        self.open = self.open.saturating_sub(1);
    }

    #[inline]
    fn object(&self) -> bool {
        self.objects & 1 == 1
    }
}
