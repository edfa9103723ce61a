//! Steps over JSON text byte by byte: blanks, strings, numbers, literals, and whole values without recursion.
//!
//! It knows the grammar of RFC 8259 and nothing of types. It is the hot loop of every gateway, so it works on the
//! rest of the text as a slice, sixteen bytes at a time in strings, and its faults are one byte.
#![expect(clippy::inline_always, reason = "measured: a call in the loop keeps the place in memory, a fifth slower")]

use std::fmt;

use super::blocks;
use super::guesses::Guesses;

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

impl<'a> Cursor<'a> {
    /// Steps over blanks.
    #[inline(always)]
    pub(crate) fn blanks(&mut self) {
        if self.peek() <= b' ' {
            *self = self.behind_some_blanks();
        }
    }

    // What is seldom needed takes the cursor by value here: the hot loops can then keep theirs in registers.
    #[inline(never)]
    fn behind_some_blanks(mut self) -> Self {
        while let [b' ' | b'\n' | b'\r' | b'\t', tail @ ..] = self.rest {
            self.rest = tail;
        }
        self
    }

    /// The next byte; 0, which begins nothing, at the end.
    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    /// Steps over one byte.
    #[inline(always)]
    pub(crate) fn bump(&mut self) {
        if let [_, tail @ ..] = self.rest {
            self.rest = tail;
        }
    }

    /// Steps over `byte` if it is next.
    #[inline(always)]
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        if let [first, tail @ ..] = self.rest
            && *first == byte
        {
            self.rest = tail;
            return true;
        }
        false
    }

    /// Steps over `byte` and the blanks before it, if it is next. Most texts have no blanks there, so they are looked for
    /// only where something else is found.
    #[inline(always)]
    pub(crate) fn eat_behind_blanks(&mut self, byte: u8) -> bool {
        if self.eat(byte) {
            return true;
        }
        self.blanks();
        self.eat(byte)
    }

    /// What lies between `start`, an earlier place, and here.
    #[inline(always)]
    pub(crate) fn since(&self, start: Cursor<'a>) -> &'a [u8] {
        start.rest.get(..start.rest.len().wrapping_sub(self.rest.len())).unwrap_or_default()
    }

    /// Steps over a string whose opening quote is behind us; tells whether it holds escapes.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<bool, Fault> {
        let mut escaped = false;
        loop {
            while let Some((block, tail)) = self.rest.split_first_chunk() {
                let plain = blocks::plain(block);
                if plain < blocks::SIZE {
                    self.rest = self.rest.get(plain..).unwrap_or_default();
                    break;
                }
                self.rest = tail;
            }
            match self.rest {
                [b'"', tail @ ..] => {
                    self.rest = tail;
                    return Ok(escaped);
                }
                [b'\\', ..] => {
                    *self = self.behind_escape()?;
                    escaped = true;
                }
                [..0x20, ..] => return Err(Fault::Control),
                // Only in the last few bytes, which make no block.
                [_, tail @ ..] => self.rest = tail,
                [] => return Err(Fault::End),
            }
        }
    }

    /// Steps over `\n`, `\u00e9` and the like.
    #[inline(never)]
    fn behind_escape(self) -> Result<Self, Fault> {
        let rest = match self.rest {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', tail @ ..] => tail,
            [_, b'u', a, b, c, d, tail @ ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => tail,
            [_] => return Err(Fault::End),
            _ => return Err(Fault::Escape),
        };
        Ok(Self { rest })
    }

    /// Steps over a number.
    #[inline(always)]
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
            *self = self.behind_fraction()?;
            return Ok(NumberForm::Fraction);
        }
        Ok(NumberForm::Integer)
    }

    #[inline(always)]
    fn digits(&mut self) {
        if let Some(block) = self.rest.first_chunk() {
            let digits = blocks::digits(block);
            if digits < blocks::SIZE {
                self.rest = self.rest.get(digits..).unwrap_or_default();
                return;
            }
        }
        while let [b'0'..=b'9', tail @ ..] = self.rest {
            self.rest = tail;
        }
    }

    #[inline(never)]
    fn behind_fraction(mut self) -> Result<Self, Fault> {
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
        Ok(self)
    }

    fn at_least_one_digit(&mut self) -> Result<(), Fault> {
        let before = self.rest.len();
        self.digits();
        if self.rest.len() == before { Err(Fault::Number) } else { Ok(()) }
    }

    /// Steps over `true`, `false` or `null`.
    #[inline(always)]
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
    #[inline(always)]
    pub(crate) fn key(&mut self, guesses: &mut Guesses) -> Result<(&'a [u8], bool), Fault> {
        if !self.eat_behind_blanks(b'"') {
            return Err(Fault::Key);
        }
        if let Some((key, behind)) = guesses.check(self.rest) {
            self.rest = behind;
            return Ok((key, false));
        }
        let (behind, key, escaped) = self.unforeseen_key(guesses)?;
        *self = behind;
        Ok((key, escaped))
    }

    #[inline(never)]
    fn unforeseen_key(mut self, guesses: &mut Guesses) -> Result<(Self, &'a [u8], bool), Fault> {
        let start = self;
        let escaped = self.string()?;
        let quoted = self.since(start);
        let key = quoted.get(..quoted.len().wrapping_sub(1)).unwrap_or_default();
        if !self.eat_behind_blanks(b':') {
            return Err(Fault::Colon);
        }
        if !escaped {
            guesses.learn(self.since(start));
        }
        Ok((self, key, escaped))
    }

    /// Steps over one value of any kind, blanks before it included. `depth` arrays and objects stand around it;
    /// `values` is how many more the document may hold.
    #[inline(always)]
    pub(crate) fn skip(&mut self, depth: u32, values: &mut u32, guesses: &mut Guesses) -> Result<(), Fault> {
        self.blanks();
        match self.peek() {
            b'{' | b'[' => self.skip_nested(depth, values, guesses),
            _ => {
                count(values)?;
                self.scalar()
            }
        }
    }

    /// Steps over a string, number or literal.
    #[inline(always)]
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
    fn skip_nested(&mut self, depth: u32, values: &mut u32, guesses: &mut Guesses) -> Result<(), Fault> {
        // Copies, so that they are kept in registers.
        let (mut at, mut left) = (*self, *values);
        let result = at.walk(depth, &mut left, guesses);
        (*self, *values) = (at, left);
        result
    }

    #[inline(always)]
    fn walk(&mut self, depth: u32, values: &mut u32, guesses: &mut Guesses) -> Result<(), Fault> {
        let mut open = Levels { objects: 0, guesses: 0, open: 0, most: DEEPEST.saturating_sub(depth) };
        let mut met = self.container();
        loop {
            let entered = match met {
                Met::Object | Met::Array => {
                    count(values)?;
                    self.bump();
                    open.push(met == Met::Object, guesses)?;
                    true
                }
                Met::End => {
                    open.pop();
                    false
                }
            };
            if open.open == 0 {
                return Ok(());
            }
            met = if open.object() {
                self.members(entered, values, guesses)?
            } else {
                self.elements(entered, &open, values, guesses)?
            };
        }
    }

    /// Steps over members of an object, up to one that is an array or object itself, or behind the end. `entered` is
    /// right behind the opening brace, else we are behind a member.
    #[inline(always)]
    fn members(&mut self, entered: bool, values: &mut u32, guesses: &mut Guesses) -> Result<Met, Fault> {
        if entered && self.eat_behind_blanks(b'}') {
            return Ok(Met::End);
        }
        let mut first = entered;
        loop {
            if !first && !self.eat_behind_blanks(b',') {
                return if self.eat(b'}') { Ok(Met::End) } else { Err(Fault::ObjectEnd) };
            }
            first = false;
            self.key(guesses)?;
            self.blanks();
            match self.container() {
                Met::End => {}
                container => return Ok(container),
            }
            count(values)?;
            self.scalar()?;
        }
    }

    /// The same for the elements of an array.
    #[inline(always)]
    fn elements(
        &mut self,
        entered: bool,
        open: &Levels,
        values: &mut u32,
        guesses: &mut Guesses,
    ) -> Result<Met, Fault> {
        if entered && self.eat_behind_blanks(b']') {
            return Ok(Met::End);
        }
        let mut first = entered;
        loop {
            if !first && !self.eat_behind_blanks(b',') {
                return if self.eat(b']') { Ok(Met::End) } else { Err(Fault::ArrayEnd) };
            }
            first = false;
            self.blanks();
            match self.container() {
                Met::End => {}
                container => {
                    open.next_element(guesses);
                    return Ok(container);
                }
            }
            count(values)?;
            self.scalar()?;
        }
    }

    /// Whether an array or object begins here.
    #[inline(always)]
    fn container(&self) -> Met {
        match self.peek() {
            b'{' => Met::Object,
            b'[' => Met::Array,
            _ => Met::End,
        }
    }
}

/// What ended a run of scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// An object within; we are at its brace.
    Object,
    /// An array within; we are at its bracket.
    Array,
    /// The end of what we are in; it is behind us.
    End,
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
    /// Where the guesses stood when the level began, a byte each, for the innermost sixteen.
    guesses: u128,
    open: u32,
    most: u32,
}

impl Levels {
    #[inline(always)]
    fn push(&mut self, object: bool, guesses: &Guesses) -> Result<(), Fault> {
        if self.open >= self.most {
            return Err(Fault::Deep);
        }
        self.objects = (self.objects << 1) | u128::from(object);
        self.guesses = (self.guesses << 8) | u128::from(guesses.place());
        self.open += 1;
        Ok(())
    }

    #[inline(always)]
    fn pop(&mut self) {
        self.objects >>= 1;
        self.guesses >>= 8;
        self.open = self.open.saturating_sub(1);
    }

    #[inline(always)]
    fn object(&self) -> bool {
        self.objects & 1 == 1
    }

    #[inline(always)]
    fn next_element(&self, guesses: &mut Guesses) {
        let [place, ..] = self.guesses.to_le_bytes();
        guesses.go_to(place);
    }
}
