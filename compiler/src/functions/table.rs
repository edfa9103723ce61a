//! The lines of the table, kind by kind.

use super::{Function, Gives, Parameter, Takes};
use crate::model::Scalar;

/// What has the methods of strings.
const TEXT: &[Scalar] = &[Scalar::String, Scalar::Path, Scalar::Url];
const DECIMAL: &[Scalar] = &[Scalar::Decimal];
const FLOAT: &[Scalar] = &[Scalar::Float];

const STRING: Gives = Gives::Plain(Scalar::String);
const BOOL: Gives = Gives::Plain(Scalar::Bool);
const INT: Gives = Gives::Plain(Scalar::Int);

/// `split` makes no more parts than this.
const MOST_PARTS: u32 = 10_000;

/// No text is filled up to more characters than this.
const MOST_PADDED: i64 = 10_000;

/// Every method and function, in the order of the reference.
pub const FUNCTIONS: &[Function] = &[
    // ── strings
    method(TEXT, "lower", &[], STRING, "strings::lower")
        .says("all letters in lower case", r#"text.lower() == "ada lovelace""#)
        .keeping_text(),
    method(TEXT, "upper", &[], STRING, "strings::upper")
        .says("all letters in upper case", r#"text.upper() == "ADA LOVELACE""#)
        .keeping_text(),
    method(TEXT, "trim", &[], STRING, "strings::trim")
        .says("without white space at both ends", r#""  ada ".trim() == "ada""#)
        .keeping_text(),
    method(TEXT, "length", &[], INT, "strings::length")
        .says("how many characters (Unicode scalar values) it has", "text.length() == 12"),
    method(TEXT, "contains", &[param("part", Takes::Text)], BOOL, "strings::contains")
        .says("whether `part` stands in it", r#"text.contains("Love")"#),
    method(TEXT, "starts_with", &[param("start", Takes::Text)], BOOL, "strings::starts_with")
        .says("whether it starts with `start`", r#"text.starts_with("Ada")"#),
    method(TEXT, "ends_with", &[param("end", Takes::Text)], BOOL, "strings::ends_with")
        .says("whether it ends with `end`", r#"text.ends_with("lace")"#),
    method(TEXT, "matches", &[param("pattern", Takes::Pattern)], BOOL, "strings::matches")
        .says("whether all of it matches a regular expression", r#"text.matches(r"[A-Z][a-z]+ \w+")"#),
    method(TEXT, "replace", &[param("from", Takes::SomeText), param("to", Takes::Text)], STRING, "strings::replace")
        .says("each `from` in it replaced by `to`", r#"text.replace("a", "o") == "Ado Loveloce""#)
        .overflowing()
        .keeping_text(),
    method(TEXT, "split", &[param("separator", Takes::SomeText)], Gives::Strings(MOST_PARTS), "strings::split")
        .says("its parts between separators", r#""Ada" in text.split(" ")"#)
        .overflowing(),
    method(
        TEXT,
        "truncate",
        &[param("length", Takes::Int(0, i64::MAX)), or(param("ending", Takes::Text), "")],
        STRING,
        "strings::truncate",
    )
    .says(
        "its first characters, at most `length` with the `ending` of what was cut",
        r#"text.truncate(5, "…") == "Ada …""#,
    )
    .keeping_text(),
    method(
        TEXT,
        "pad_start",
        &[param("length", Takes::Int(0, MOST_PADDED)), or(param("with", Takes::SomeText), " ")],
        STRING,
        "strings::pad_start",
    )
    .says("filled up at the start to at least `length` characters", r#""7".pad_start(3, "0") == "007""#)
    .overflowing()
    .keeping_text(),
    method(
        TEXT,
        "pad_end",
        &[param("length", Takes::Int(0, MOST_PADDED)), or(param("with", Takes::SomeText), " ")],
        STRING,
        "strings::pad_end",
    )
    .says("the same at the end", r#""Ada".pad_end(5, ".") == "Ada..""#)
    .overflowing()
    .keeping_text(),
    method(TEXT, "base64", &[], STRING, "strings::base64")
        .says("its UTF-8 bytes in base64, with padding", r#"text.base64() == "QWRhIExvdmVsYWNl""#),
    method(TEXT, "sha256", &[], STRING, "strings::sha256").says(
        "the SHA-256 hash of its UTF-8 bytes, as 64 hexadecimal digits",
        r#"text.sha256().starts_with("76740216")"#,
    ),
    method(TEXT, "url_encode", &[], STRING, "encoded")
        .says("percent-encoded: all but letters, digits and `- . _ ~`", r#"text.url_encode() == "Ada%20Lovelace""#),
    // ── numbers
    method(&[Scalar::Int], "abs", &[], INT, "numbers::abs_int")
        .says("without its sign", "count.abs() == 7")
        .overflowing(),
    method(DECIMAL, "abs", &[], Gives::Plain(Scalar::Decimal), "numbers::abs")
        .says("without its sign", "(-price).abs() == price"),
    method(DECIMAL, "round", &[], INT, "numbers::round")
        .says("the nearest `Int`, from the middle away from zero", "price.round() == 12")
        .overflowing(),
    method(DECIMAL, "round", &[DIGITS], Gives::Plain(Scalar::Decimal), "numbers::round_to").says(
        "with at most so many digits behind the point, from the middle away from zero",
        "price.round(2) == 12.35",
    ),
    method(DECIMAL, "floor", &[], INT, "numbers::floor")
        .says("the greatest `Int` that is not above it", "price.floor() == 12")
        .overflowing(),
    method(DECIMAL, "ceil", &[], INT, "numbers::ceil")
        .says("the least `Int` that is not below it", "price.ceil() == 13")
        .overflowing(),
    method(FLOAT, "abs", &[], Gives::Plain(Scalar::Float), "numbers::abs")
        .says("without its sign", "(-weight).abs() == weight"),
    method(FLOAT, "round", &[], INT, "numbers::round")
        .says("the nearest `Int`, from the middle away from zero", "weight.round() == 1")
        .overflowing(),
    method(FLOAT, "round", &[DIGITS], Gives::Plain(Scalar::Float), "numbers::round_to")
        .says("the same for the digits that it is written with", "weight.round(2) == 0.63"),
    method(FLOAT, "floor", &[], INT, "numbers::floor")
        .says("the greatest `Int` that is not above it", "weight.floor() == 0")
        .overflowing(),
    method(FLOAT, "ceil", &[], INT, "numbers::ceil")
        .says("the least `Int` that is not below it", "weight.ceil() == 1")
        .overflowing(),
];

/// How many digits a number keeps behind its point.
const DIGITS: Parameter = param("digits", Takes::Int(0, 28));

const fn method(
    on: &'static [Scalar],
    name: &'static str,
    params: &'static [Parameter],
    gives: Gives,
    runtime: &'static str,
) -> Function {
    Function { on, name, params, gives, runtime, overflows: false, keeps_text: false, docs: "", example: "" }
}

const fn param(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, default: None }
}

/// A parameter that is that text where it is left out.
const fn or(param: Parameter, default: &'static str) -> Parameter {
    Parameter { default: Some(default), ..param }
}

impl Function {
    const fn says(self, docs: &'static str, example: &'static str) -> Self {
        Self { docs, example, ..self }
    }

    const fn keeping_text(self) -> Self {
        Self { keeps_text: true, ..self }
    }

    const fn overflowing(self) -> Self {
        Self { overflows: true, ..self }
    }
}
