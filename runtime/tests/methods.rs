//! The methods of plain values, as generated code calls them: what they give, and what holds of any value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright::codegen::{Decimal, Float, numbers, strings};
use proptest::prelude::*;

const PLACE: &str = "shop.gw:1:1";

fn decimal(digits: &str) -> Decimal {
    Decimal::from_digits(digits).expect("a decimal")
}

fn float(digits: &str) -> Float {
    Float::from_digits(digits).expect("a float")
}

#[test]
fn lengths_are_in_characters() {
    assert_eq!(strings::length("naïve 🙂"), 7);
    assert_eq!(strings::truncate("naïve 🙂", 7, "…"), "naïve 🙂");
    assert_eq!(strings::truncate("naïve 🙂!", 7, "…"), "naïve …");
    assert_eq!(strings::truncate("naïve", 3, ""), "naï");
    assert_eq!(strings::truncate("naïve", 2, "..."), "..");
    assert_eq!(strings::truncate("naïve", 0, "…"), "");
    assert_eq!(strings::truncate("naïve", -1, "…"), "");
    assert_eq!(strings::pad_start("ü", 4, "ab", PLACE).as_deref(), Ok("abaü"));
    assert_eq!(strings::pad_end("ü", 4, "ab", PLACE).as_deref(), Ok("üaba"));
    assert_eq!(strings::pad_end("ü", 4, "", PLACE).as_deref(), Ok("ü"));
}

#[test]
fn what_is_empty_changes_nothing() {
    assert_eq!(strings::replace("abc", "", "x", PLACE).as_deref(), Ok("abc"));
    assert_eq!(strings::split("abc", "", PLACE).as_deref(), Ok(&["abc".to_owned()][..]));
    assert_eq!(strings::split("", ",", PLACE).as_deref(), Ok(&[String::new()][..]));
}

#[test]
fn no_text_grows_without_bound() {
    let long = "a".repeat(2000);
    let why = strings::replace(&long, "a", &long, PLACE).expect_err("4 MB");
    assert_eq!(why.to_string(), "a result that is too large at shop.gw:1:1");
    assert!(strings::replace(&long, "a", &"b".repeat(100), PLACE).is_ok());
    let large = "a".repeat(strings::MOST_BYTES + 1);
    assert!(strings::replace(&large, "a", "", PLACE).is_ok(), "what was large may stay so");
    assert!(strings::replace(&large, "aaaa", "bbbbb", PLACE).is_err());
    assert!(strings::pad_start("", strings::MOST_PADDED, " ", PLACE).is_ok());
    assert!(strings::pad_start("", i64::MAX, " ", PLACE).is_err());
    assert_eq!(strings::split(&",".repeat(9_999), ",", PLACE).map(|parts| parts.len()), Ok(strings::MOST_PARTS));
    assert!(strings::split(&",".repeat(10_000), ",", PLACE).is_err());
}

#[test]
fn hashes_and_encodings_are_those_of_the_standards() {
    // FIPS 180-4 and RFC 4648.
    assert_eq!(strings::sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(strings::sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (text, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(strings::base64(text), encoded);
    }
}

#[test]
fn from_the_middle_rounding_goes_away_from_zero() {
    for (digits, places, rounded) in [
        ("2.345", 2, "2.35"),
        ("-2.345", 2, "-2.35"),
        ("2.344", 2, "2.34"),
        ("2.5", 0, "3"),
        ("-0.4", 0, "0"),
        ("1.5", 28, "1.5"),
        ("1.5", 99, "1.5"),
        ("1.5", -1, "2"),
    ] {
        assert_eq!(numbers::round_to(&decimal(digits), places).to_string(), rounded, "{digits}");
        assert_eq!(numbers::round_to(&float(digits), places).to_string(), rounded, "{digits}");
    }
    // The digits that are written, not the binary fraction below them.
    assert_eq!(numbers::round_to(&float("1.115"), 2).to_string(), "1.12");
    assert_eq!(numbers::round_to(&float("1e-300"), 28).to_string(), "0");
    assert_eq!(numbers::round_to(&float("1e300"), 2).to_string(), "1e300");
    assert_eq!(numbers::round_to(&float("4503599627370495.5"), 0).to_string(), "4503599627370496");
    for (digits, floor, round, ceil) in [("2.5", 2, 3, 3), ("-2.5", -3, -3, -2), ("7", 7, 7, 7), ("-0.1", -1, 0, 0)] {
        let (decimal, float) = (decimal(digits), float(digits));
        assert_eq!(numbers::floor(&decimal, PLACE), Ok(floor), "{digits}");
        assert_eq!(numbers::round(&decimal, PLACE), Ok(round), "{digits}");
        assert_eq!(numbers::ceil(&decimal, PLACE), Ok(ceil), "{digits}");
        assert_eq!(numbers::floor(&float, PLACE), Ok(floor), "{digits}");
        assert_eq!(numbers::round(&float, PLACE), Ok(round), "{digits}");
        assert_eq!(numbers::ceil(&float, PLACE), Ok(ceil), "{digits}");
    }
}

#[test]
fn what_64_bits_do_not_hold_is_an_error() {
    assert!(numbers::round(&decimal("9223372036854775807.4"), PLACE).is_ok());
    assert!(numbers::round(&decimal("9223372036854775807.5"), PLACE).is_err());
    assert_eq!(numbers::floor(&float("-9223372036854775808"), PLACE), Ok(i64::MIN));
    assert!(numbers::floor(&float("9223372036854775808"), PLACE).is_err());
    assert_eq!(numbers::abs_int(-7, PLACE), Ok(7));
    let why = numbers::abs_int(i64::MIN, PLACE).expect_err("it has no counterpart");
    assert_eq!(why.to_string(), "arithmetic overflow at shop.gw:1:1");
}

proptest! {
    #[test]
    fn truncated_texts_fit_and_start_alike(text: String, length in 0_i64..40, ending in ".{0,5}") {
        let short = strings::truncate(&text, length, &ending);
        prop_assert!(strings::length(&short) <= length.max(0));
        if strings::length(&text) <= length {
            prop_assert_eq!(&short, &text);
        } else {
            prop_assert_eq!(strings::length(&short), length);
            let cut = strings::truncate(&text, length, "");
            prop_assert!(text.starts_with(&cut));
            let kept = length - strings::length(&ending).min(length);
            prop_assert!(short.starts_with(&strings::truncate(&text, kept, "")));
        }
    }

    #[test]
    fn padded_texts_have_their_length(text: String, length in -5_i64..60, with in ".{1,5}") {
        let wanted = strings::length(&text).max(length);
        let at_start = strings::pad_start(&text, length, &with, PLACE).expect("a short text");
        let at_end = strings::pad_end(&text, length, &with, PLACE).expect("a short text");
        prop_assert_eq!(strings::length(&at_start), wanted);
        prop_assert_eq!(strings::length(&at_end), wanted);
        prop_assert!(at_start.ends_with(&text) && at_end.starts_with(&text));
    }

    #[test]
    fn parts_join_to_what_they_were_split_from(text in "[ab,🙂]{0,40}", separator in "[,b]{1,2}") {
        let parts = strings::split(&text, &separator, PLACE).expect("a few parts");
        prop_assert!(!parts.is_empty());
        prop_assert_eq!(parts.join(&separator), text);
    }

    #[test]
    fn replacing_is_splitting_and_joining(text in "[ab]{0,40}", from in "[ab]{1,3}", to in ".{0,4}") {
        let parts = strings::split(&text, &from, PLACE).expect("a few parts");
        prop_assert_eq!(strings::replace(&text, &from, &to, PLACE).expect("a short text"), parts.join(&to));
    }

    #[test]
    fn encoded_texts_read_back(text: String) {
        prop_assert_eq!(STANDARD.decode(strings::base64(&text)).expect("base64"), text.as_bytes());
        let hash = strings::sha256(&text);
        prop_assert!(hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()));
    }

    #[test]
    fn rounding_moves_a_number_by_half_a_digit_at_most(mantissa in -1_000_000_000_i64..1_000_000_000, digits in 0_i64..6) {
        let number = decimal(&format!("{}{}.{:06}", if mantissa < 0 { "-" } else { "" }, mantissa.abs() / 1_000_000, mantissa.abs() % 1_000_000));
        let rounded = numbers::round_to(&number, digits);
        let half = decimal(&format!("0.{}5", "0".repeat(usize::try_from(digits).expect("few"))));
        prop_assert!((rounded.number() - number.number()).abs() <= half.number());
        prop_assert!(rounded.number().scale() <= u32::try_from(digits).expect("few"));
        let (floor, ceil) = (numbers::floor(&number, PLACE).expect("small"), numbers::ceil(&number, PLACE).expect("small"));
        prop_assert!(Decimal::from(floor) <= number && number <= Decimal::from(ceil) && ceil - floor <= 1);
        // Of a float with the same digits the same.
        prop_assert_eq!(numbers::round_to(&float(&number.to_string()), digits), float(&rounded.to_string()));
    }

    #[test]
    fn any_float_is_rounded_without_a_fault(bits: u64, digits: i64) {
        if let Some(number) = Float::new(f64::from_bits(bits)) {
            let rounded = numbers::round_to(&number, digits);
            prop_assert!((rounded.number() - number.number()).abs() <= 0.5);
            let _ = numbers::round(&number, PLACE);
            prop_assert!(numbers::abs(&number).number() >= 0.0);
        }
    }
}
