//! Guesses the next key: objects in a list mostly have the same keys in the same order.
//!
//! Where a string ends is known only after its bytes have been looked at, and nothing behind it can be looked at before:
//! that wait, not the work, is what scanning costs. The length of a key that was guessed is known at once, and checking
//! the guess holds nothing up.

/// How many keys are remembered: those of one element of a list, with all that is nested in it.
const COUNT: usize = 32;

/// How many bytes are compared at once.
const SIZE: usize = 16;

/// The keys that followed one another when last we came by.
#[derive(Debug)]
pub(crate) struct Guesses {
    keys: [Guess; COUNT],
    next: u8,
}

/// What stands behind a key's opening quote: the key without escapes, the closing quote, the colon, no blanks.
#[derive(Debug, Clone, Copy)]
struct Guess {
    text: u128,
    mask: u128,
    length: usize,
}

impl Guesses {
    pub(crate) const fn new() -> Self {
        // A guess like any other: the key without a letter.
        let empty = Guess { text: u16::from_le_bytes(*b"\":") as u128, mask: 0xffff, length: 2 };
        Self { keys: [empty; COUNT], next: 0 }
    }

    /// If the guess is right: the key and what stands behind its colon. `rest` begins behind the opening quote.
    #[inline]
    pub(crate) fn check<'a>(&mut self, rest: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let guess = self.keys.get(usize::from(self.next) % COUNT)?;
        let block = rest.first_chunk::<SIZE>()?;
        if (u128::from_le_bytes(*block) ^ guess.text) & guess.mask != 0 {
            return None;
        }
        self.next = self.next.wrapping_add(1);
        // Both are within the block that was compared.
        let key = rest.get(..guess.length.wrapping_sub(2)).unwrap_or_default();
        Some((key, rest.get(guess.length..).unwrap_or_default()))
    }

    /// Remembers the key that came instead: its text up to and with the colon. One that is too long is never guessed.
    pub(crate) fn learn(&mut self, text: &[u8]) {
        if let Some(guess) = self.keys.get_mut(usize::from(self.next) % COUNT)
            && text.len() <= SIZE
            && text.ends_with(b"\":")
        {
            let mut block = [0; SIZE];
            for (to, from) in block.iter_mut().zip(text) {
                *to = *from;
            }
            let unused = (SIZE - text.len()) * 8;
            *guess = Guess { text: u128::from_le_bytes(block), mask: u128::MAX >> unused, length: text.len() };
        }
        self.next = self.next.wrapping_add(1);
    }

    /// Where we are in what is remembered.
    #[inline]
    pub(crate) fn place(&self) -> u8 {
        self.next
    }

    /// Goes back to a place: what came after it will probably come again.
    #[inline]
    pub(crate) fn go_to(&mut self, place: u8) {
        self.next = place;
    }
}
