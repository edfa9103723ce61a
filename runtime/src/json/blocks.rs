//! Looks at sixteen bytes at once, by arithmetic on words: no `unsafe`, and the same on every processor.
//!
//! Where a loop over bytes ends is hard to foresee for the processor, and a wrong guess costs as much as scanning
//! thirty bytes; so one question is asked of many bytes.

/// How many bytes are looked at together.
pub(super) const SIZE: usize = 16;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many bytes stand before the first that ends the plain part of a string: a quote, a backslash, a control character.
/// `SIZE` where there is none.
#[inline]
pub(super) fn plain(block: &[u8; SIZE]) -> usize {
    before_first(block, |word| {
        // Turning bit 1 over moves the quote (0x22) to 0x20 and leaves control characters below it,
        // so that one comparison finds both.
        let quote_or_control = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        (quote_or_control | backslash) & !word & HIGH
    })
}

/// How many digits stand before the first byte that is none.
#[inline]
pub(super) fn digits(block: &[u8; SIZE]) -> usize {
    before_first(block, |word| {
        let shifted = word ^ (ONES * 0x30);
        // A digit is 0 to 9 now; adding 0x76 carries all above 9 into the high bit.
        (shifted.wrapping_add(ONES * 0x76) | shifted) & HIGH
    })
}

#[expect(clippy::cast_possible_truncation, reason = "each half is taken in turn")]
/// How many bytes stand before the first that `question` marks by its high bit. Marks above the first may be false.
#[inline]
fn before_first(block: &[u8; SIZE], question: impl Fn(u64) -> u64) -> usize {
    let both = u128::from_le_bytes(*block);
    let [low, high] = [both, both >> 64].map(|half| question(half as u64));
    let zeros = if low != 0 { low.trailing_zeros() } else { 64 + high.trailing_zeros() };
    (zeros / 8) as usize
}
