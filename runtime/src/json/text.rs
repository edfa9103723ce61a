//! What a JSON string means, and how text is written as one.

use std::borrow::Cow;

use super::cursor::Fault;

/// The text of a string, given what stands between its quotes. The scanner has checked its grammar.
pub(crate) fn unescape(quoted: &[u8]) -> Result<String, Fault> {
    let quoted = std::str::from_utf8(quoted).map_err(|_| Fault::Utf8)?;
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (character, behind) = escaped_character(escape)?;
        text.push(character);
        rest = behind;
    }
    text.push_str(rest);
    Ok(text)
}

/// The text of a string with its quotes; borrowed where it holds no escapes.
pub(crate) fn string_value(string: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let [b'"', quoted @ .., b'"'] = string else { return Err(Fault::Value) };
    if quoted.contains(&b'\\') {
        return unescape(quoted).map(Cow::Owned);
    }
    std::str::from_utf8(quoted).map(Cow::Borrowed).map_err(|_| Fault::Utf8)
}

/// The character that an escape stands for, and what follows it. `escape` begins behind the backslash.
fn escaped_character(escape: &str) -> Result<(char, &str), Fault> {
    let mut characters = escape.chars();
    let character = match characters.next().ok_or(Fault::End)? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(characters.as_str()),
        plain @ ('"' | '\\' | '/') => plain,
        _ => return Err(Fault::Escape),
    };
    Ok((character, characters.as_str()))
}

fn unicode_escape(digits: &str) -> Result<(char, &str), Fault> {
    let (first, rest) = code_unit(digits)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Ok((character, rest));
    }
    let (second, rest) = code_unit(rest.strip_prefix("\\u").ok_or(Fault::Surrogate)?)?;
    match char::decode_utf16([first, second]).next() {
        Some(Ok(character)) => Ok((character, rest)),
        _ => Err(Fault::Surrogate),
    }
}

fn code_unit(digits: &str) -> Result<(u16, &str), Fault> {
    let (four, rest) = digits.split_at_checked(4).ok_or(Fault::Escape)?;
    let unit = u16::from_str_radix(four, 16).map_err(|_| Fault::Escape)?;
    Ok((unit, rest))
}

/// Writes `text` as a JSON string, quotes included.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, ..0x20 | b'"' | b'\\')) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or_default();
        out.extend_from_slice(plain);
        let Some((byte, behind)) = special.split_first() else { break };
        write_escape(*byte, out);
        rest = behind;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            let hex = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 0xf)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}
