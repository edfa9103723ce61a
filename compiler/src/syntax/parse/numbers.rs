//! Numbers with units: durations in milliseconds, sizes in bytes.

/// Why a number is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberError {
    /// It does not fit in 64 bits of its unit.
    TooLarge,
    /// It is no whole number of milliseconds or bytes.
    NotWhole,
}

/// The units and what one of each is, in milliseconds or bytes.
const UNITS: &[(&str, u64)] = &[
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("", 1),
];

/// Reads `1.5s`, `64kib` or `100` as milliseconds, bytes or a count.
pub(super) fn quantity(written: &str) -> Result<u64, NumberError> {
    let written = written.replace('_', "");
    let digits = written.find(|next: char| next.is_ascii_alphabetic()).unwrap_or(written.len());
    let (number, unit) = written.split_at(digits);
    let scale = UNITS.iter().find(|(name, _)| *name == unit).map_or(1, |(_, scale)| u128::from(*scale));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');

    let whole: u128 = whole.parse().map_err(|_| NumberError::TooLarge)?;
    let parts = 10_u128.checked_pow(u32::try_from(fraction.len()).unwrap_or(u32::MAX)).ok_or(NumberError::NotWhole)?;
    let part: u128 = if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| NumberError::NotWhole)? };
    let part = part.checked_mul(scale).ok_or(NumberError::NotWhole)?;
    if part % parts != 0 {
        return Err(NumberError::NotWhole);
    }
    let value = whole.checked_mul(scale).and_then(|whole| whole.checked_add(part / parts));
    value.and_then(|value| u64::try_from(value).ok()).ok_or(NumberError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_whole_and_bounded() {
        assert_eq!(quantity("1.5s"), Ok(1_500));
        assert_eq!(quantity("64kib"), Ok(65_536));
        assert_eq!(quantity("1_000"), Ok(1_000));
        assert_eq!(quantity("2d"), Ok(172_800_000));
        assert_eq!(quantity("0.5ms"), Err(NumberError::NotWhole));
        assert_eq!(quantity("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(quantity("18446744073709551616"), Err(NumberError::TooLarge));
        assert_eq!(quantity("99999999999999999999gb"), Err(NumberError::TooLarge));
        assert_eq!(quantity(&"9".repeat(500)), Err(NumberError::TooLarge));
        assert_eq!(quantity(&format!("1.{}s", "3".repeat(500))), Err(NumberError::NotWhole));
    }
}
