//! The parser: the examples, every construct, the words of every fault, and any text at all.

mod common;

use common::{EXAMPLES, faults, outline, parse};
use gatewright_compiler::diagnostic::Code;
use proptest::prelude::*;

#[test]
fn the_examples_are_read_whole() {
    for (name, text) in EXAMPLES {
        let parsed = parse(text);
        assert_eq!(faults(text), Vec::<String>::new(), "{name}");
        assert!(!parsed.file.broken && !parsed.file.items.is_empty(), "{name}");
    }
}

/// Every prefix of each item, and of the whole file every sixteenth, which keeps the test short.
#[test]
fn any_prefix_of_an_example_is_read() {
    for (_, text) in EXAMPLES {
        let items = parse(text).file.items.into_iter();
        let items = items.map(|item| &text[item.span.start as usize..item.span.end as usize]);
        for (piece, step) in items.map(|item| (item, 1)).chain([(*text, 16)]) {
            for (end, _) in piece.char_indices().step_by(step) {
                let parsed = parse(&piece[..end]);
                assert_eq!(parsed.file.broken, !parsed.diagnostics.is_empty(), "{}", &piece[..end]);
            }
        }
    }
}

/// A macro sees tokens, not text: every example is a row of Rust's tokens, and means the same with blanks between them.
#[test]
fn every_token_is_a_rust_token() {
    for (name, text) in EXAMPLES {
        let tokens: proc_macro2::TokenStream = text.parse().expect("Rust's tokens");
        let mut joined = String::new();
        join(tokens, &mut joined);
        assert_eq!(faults(&joined), Vec::<String>::new(), "{name}");
        assert_eq!(outline(&joined), outline(text), "{name}");
    }
}

fn join(tokens: proc_macro2::TokenStream, joined: &mut String) {
    use proc_macro2::{Delimiter, Spacing, TokenTree};
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Parenthesis => ("( ", ") "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::None => ("", ""),
                };
                joined.push_str(open);
                join(group.stream(), joined);
                joined.push_str(close);
            }
            TokenTree::Punct(sign) => {
                joined.push(sign.as_char());
                if sign.spacing() == Spacing::Alone {
                    joined.push(' ');
                }
            }
            other => {
                joined.push_str(&other.to_string());
                joined.push(' ');
            }
        }
    }
}

/// Holds a text to exactly these faults.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(faults(text), expected, "{text}");
}

/// The same for the body of an endpoint, which starts on line 2.
#[track_caller]
fn check_body(body: &str, expected: &[&str]) {
    check(&format!("endpoint GET \"/\" a() {{ public\n{body}\n}}\ntype Behind = Int"), expected);
    let text = format!("endpoint GET \"/\" a() {{ public\n{body}\n}}\ntype Behind = Int");
    assert_eq!(parse(&text).file.items.len(), 2, "what follows is read: {text}");
}

#[test]
fn three_faults_are_three_errors_and_the_rest_is_read() {
    let text = r#"
type A { a: }

service S at "x" {
    GET "/x" x( -> Int
    GET "/y" y() -> Int
}

endpoint GET "/x" x() {
    public
    let a = + 1
    respond { b: 1 }
}
"#;
    check(
        text,
        &[
            "2:13 GW0001 expected a type, found `}`",
            "5:17 GW0001 expected a parameter or `)`, found `->`",
            "11:13 GW0001 expected a value, found `+`",
        ],
    );
    assert_eq!(parse(text).file.items.len(), 3);
}

#[test]
fn a_missing_brace_costs_one_error_and_no_item() {
    let behind = "type Behind = Int";
    for (text, fault) in [
        ("endpoint GET \"/x\" x() {\n    public\n    respond { a: 1 }\n\n", "1:23 GW0004 this `{` is never closed"),
        (
            "endpoint GET \"/x\" x() {\n    public\n    respond { a: { b: 1 }\n}\n\n",
            "1:23 GW0004 this `{` is never closed",
        ),
        ("type A { a: Int,\n\n", "1:8 GW0004 this `{` is never closed"),
        ("enum E { a, b\n", "1:8 GW0004 this `{` is never closed"),
        ("service A at \"x\" {\n GET \"/x\" x() -> Int\n\n", "1:18 GW0004 this `{` is never closed"),
        (
            "service A at \"x\" { GET \"/x\" x() -> Int { timeout 1s\n GET \"/y\" y() }\n",
            "1:40 GW0004 this `{` is never closed",
        ),
        ("group \"/v1\" {\n endpoint GET \"/x\" x() { public respond 1 }\n\n", "1:13 GW0004 this `{` is never closed"),
        ("gateway G {\n timeout 1s\n\n", "1:11 GW0004 this `{` is never closed"),
        ("policy p {\n public\n\n", "1:10 GW0004 this `{` is never closed"),
    ] {
        let text = format!("{text}{behind}");
        check(&text, &[fault]);
        assert_eq!(parse(&text).file.items.len(), 2, "{text}");
    }
    check_body("let x = f(a\nrespond x", &["2:10 GW0004 this `(` is never closed"]);
    check("type A = Int\n}\ntype B = Int", &["2:1 GW0004 this `}` closes nothing"]);
}

#[test]
fn expected_and_found() {
    check("hello world", &["1:1 GW0001 expected an item, found `hello`"]);
    check("/// of nothing", &["1:15 GW0001 expected an item, found the end of the file"]);
    check("type", &["1:5 GW0001 expected a name, found the end of the file"]);
    check("GET \"/\" a() { public respond 1 }", &["1:1 GW0001 an endpoint starts with `endpoint`"]);
    check("type D", &["1:7 GW0001 expected `=` or `{`, found the end of the file"]);
    check("service A { }", &["1:11 GW0001 expected `at`, found `{`"]);
    check("type A { a Int }", &["1:12 GW0001 expected `:`, found `Int`"]);
    check("type A { a: Int[] }", &["1:16 GW0001 a type ends before this"]);
    check("endpoint GET \"/\" a(b: Int { respond 1 }", &["1:27 GW0001 expected `,` or `)`, found `{`"]);
    check(
        "gateway A { timeout 2\n listen 5 \n body 2s }",
        &[
            "1:21 GW0001 a duration has a unit",
            "2:9 GW0001 expected a string, found `5`",
            "3:7 GW0001 expected a size, found `2s`",
        ],
    );
    check("service A at \"x\" { get \"/\" a() }", &["1:20 GW0001 `get` is no method"]);
    check(
        "endpoint GEET \"/x\" x() { public respond 1 }\nendpoint Get \"/x\" x() { public respond 1 }",
        &["1:10 GW0001 `GEET` is no method", "2:10 GW0001 `Get` is no method"],
    );
    check_body("let a = b + + c\nrespond a", &["2:13 GW0001 expected a value, found `+`"]);
    check_body("let a = b c\nrespond a", &["2:11 GW0001 expected a statement, found `c`"]);
    check_body("respond a.{b: c: d}", &["2:11 GW0001 expected a name, found `{`"]);
    check_body("respond a {b: c: d}", &["2:16 GW0001 expected `,` or `}`, found `:`"]);
    check_body("let if = 3\nrespond 1", &["2:5 GW0001 expected a name, found `if`"]);
    check_body("respond { f(x), b }", &["2:12 GW0001 an entry that is a call needs a key"]);
    check_body("respond a and b", &["2:11 GW0001 `and` is no operator"]);
    check_body("respond 'a'", &["2:9 GW0001 `'` is no part of the language"]);
    check_body("/// no\nrespond a", &["2:1 GW0001 expected a setting, found documentation"]);
}

#[test]
fn well_known_mistakes_have_their_own_words() {
    check_body("respond { a: \"x }", &["2:14 GW0003 this string never ends"]);
    check("/* /* */ type A = Int", &["1:1 GW0003 this comment never ends"]);
    check_body("respond \"\\d\"", &["2:10 GW0005 `\\d` is no escape"]);
    check_body(
        "respond \"{a.b} {1} {\"",
        &[
            "2:16 GW0007 only a path of names can stand in a string's braces",
            "2:20 GW0007 this `{` in a string is never closed",
        ],
    );
    check_body("respond \"{{ok}} }\"", &["2:17 GW0007 this `}` in a string closes nothing"]);
    check_body("let a = 1", &["3:1 GW0008 this endpoint answers nothing"]);
    check_body("respond 1 let x = 2", &["2:11 GW0008 the result of an endpoint is its last statement"]);
    check_body("respnd { a: 1 }", &["2:1 GW0009 `respnd` starts no statement"]);
    check_body("lett x = 5\nrespond x", &["2:1 GW0009 `lett` starts no statement"]);
    check_body("chek x == 5 else 404\nrespond x", &["2:1 GW0009 `chek` starts no statement"]);
    check_body("return { a: 1 }", &["2:1 GW0009 `return` starts no statement"]);
    check(
        "endpont GET \"/\" a() { public respond 1 }\n\nservce B at \"x\" { }\n\ntype A = Int",
        &["1:1 GW0009 `endpont` starts no item", "3:1 GW0009 `servce` starts no item"],
    );
    check("group \"/\" { endpont GET \"/\" a() { public respond 1 } }", &["1:13 GW0009 `endpont` starts no item"]);
    check(
        "type A { a: Int b: Int }\nenum E { a b }",
        &["1:16 GW0010 a `,` is missing between two entries", "2:11 GW0010 a `,` is missing between two entries"],
    );
    check_body(
        "respond { a: 1 b: f(1, 2 3) }",
        &["2:15 GW0010 a `,` is missing between two entries", "2:25 GW0010 a `,` is missing between two entries"],
    );
    check_body("let a: Store.products()\nrespond a", &["2:6 GW0011 `let` gives a value by `=`"]);
    check_body("respond { a = 1 }", &["2:13 GW0011 a key and its value are joined by `:`"]);
    check_body("check a = b else 404\nrespond a", &["2:9 GW0011 `=` gives a name its value"]);
    check_body("respond a.map(x -> x)", &["2:17 GW0011 a function's body stands behind `=>`"]);
    check(
        "type A { a = Int }\ntype B: Int",
        &["1:12 GW0011 a key and its value are joined by `:`", "2:7 GW0011 a name gets its value by `=`"],
    );
    check("service A at \"x\" { GET \"/x\" x(): Int }", &["1:32 GW0011 the type of an answer stands behind `->`"]);
    check("gateway A { timeout = 2s }", &["1:21 GW0011 a setting's value follows its name"]);
    check_body("let x = 1 timeout 2s\nrespond x", &["2:11 GW0012 the setting `timeout` stands behind what it sets"]);
    check("service A at http://a:80 {\n GET \"/\" a()\n}\ntype B = Int", &["1:14 GW0013 an address is a string"]);
    check("type A = String(matches \"\\\\d\")", &["1:25 GW0013 a pattern is a raw string"]);
    check_body("check a == b 404 \"x\"\nrespond a", &["2:14 GW0014 a `check` says what is answered when it fails"]);
    check_body("check a == b\nrespond a", &["2:13 GW0014 a `check` says what is answered when it fails"]);
    check_body("respond a < b < c", &["2:15 GW0015 comparisons do not chain"]);
    check_body("check a else 99999\nrespond 204", &["2:14 GW0006 `99999` is too large"]);
}

#[test]
fn what_other_languages_write_has_its_own_words() {
    check_body("respond { x: a and b }", &["2:16 GW0001 `and` is no operator"]);
    check_body("check a and b else 403\nrespond 1", &["2:9 GW0001 `and` is no operator"]);
    check_body("respond { x: a ? 1 : 2 }", &["2:16 GW0001 `?` and `:` are no operators"]);
    check_body("respond { x: 1e3 }", &["2:14 GW0001 `1e3` is no number"]);
    check_body("let x = a;\nrespond x", &["2:10 GW0001 `;` is no part of the language"]);
    check_body("timeout 500\nrespond 1", &["2:9 GW0001 a duration has a unit"]);
    check_body("timeout 500 ms\nrespond 1", &["2:9 GW0001 a duration and its unit are one word"]);
    check_body("body 64 kib\nrespond 1", &["2:6 GW0001 a size and its unit are one word"]);
    check("service A at env(A_URL, \"http://a\") { }", &["1:18 GW0013 what `env` reads is named by a string"]);
    check_body("respond 201 a { b } with header \"Location\": \"/x\"\n", &["2:43 GW0011 a name gets its value by `=`"]);
}

#[test]
fn mends_are_what_people_would_write() {
    let mended = |text: &str| {
        let diagnostic = parse(text).diagnostics.pop().expect("a fault");
        let fix = diagnostic.fixes.first().cloned().expect("a mend");
        let mut text = text.to_owned();
        for (span, with) in fix.edits.iter().rev() {
            text.replace_range(span.start as usize..span.end as usize, with);
        }
        text
    };
    for (text, wanted) in [
        ("type A { a = Int }", "type A { a: Int }"),
        ("type A { a=Int }", "type A { a: Int }"),
        ("type B: Int", "type B = Int"),
        ("gateway A { timeout 5 }", "gateway A { timeout 5s }"),
        ("gateway A { timeout 500 }", "gateway A { timeout 500ms }"),
        ("gateway A { timeout 500 ms }", "gateway A { timeout 500ms }"),
        ("gateway A { listen 'a' }", "gateway A { listen \"a\" }"),
        ("service A at env(B) { }", "service A at env(\"B\") { }"),
    ] {
        assert_eq!(mended(text), wanted);
    }
}

#[test]
fn what_is_not_built_yet_is_refused_as_a_whole() {
    check("test \"x\" { }", &["1:1 GW0901 `test` is not built yet"]);
    check("extern fn foo() -> Int\ntype A = Int", &["1:1 GW0901 `extern fn` is not built yet"]);
    check("auth partner { jwt }", &["1:1 GW0901 `auth` is not built yet"]);
    check("gateway A { cache 10 }", &["1:13 GW0901 `cache` is not built yet"]);
    check_body("proxy Foo", &["2:1 GW0901 `proxy` is not built yet"]);
}

#[test]
fn what_is_too_deep_is_one_error() {
    for text in ["{", "(", "[", "if a then ", "/*", "type A { ", "let x = ("] {
        check_one(&text.repeat(100_000), &[Code::GW0002]);
    }
    let body = |value: &str| format!("endpoint GET \"/\" a() {{ public respond {value} }}");
    for (text, codes) in [
        (body(&"-".repeat(10_000)), &[Code::GW0002][..]),
        (body(&"a + ".repeat(10_000)), &[Code::GW0002]),
        (body(&format!("a{}", ".b".repeat(10_000))), &[Code::GW0002]),
        (body(&format!("a{}", "()".repeat(10_000))), &[Code::GW0002]),
        (body(&format!("a{}", "?".repeat(10_000))), &[Code::GW0002]),
        (body(&format!("{}a{}", "(".repeat(60), ")".repeat(60))), &[]),
        (body(&format!("{}1{}", "{a:".repeat(60), "}".repeat(60))), &[]),
        (body(&format!("{}1{}", "if a then ".repeat(50), " else 2".repeat(50))), &[]),
        (body(&format!("[{}]", "a.b + 1, ".repeat(10_000))), &[]),
    ] {
        check_one(&text, codes);
    }
    let many = "type A = [Int]\nservice S at \"x\" { GET \"/\" a() GET \"/\" b() }\n".repeat(500);
    check_one(&many, &[]);
}

#[track_caller]
fn check_one(text: &str, expected: &[Code]) {
    let codes: Vec<_> = parse(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, expected, "{}…", text.chars().take(60).collect::<String>());
}

/// A megabyte of the worst that is known: nothing here is quadratic, or this test would not end.
#[test]
#[ignore = "takes a minute without optimisation"]
fn the_time_for_a_megabyte_is_bounded() {
    for (name, text) in [
        ("types", "type A { id: Int(1..), name: String?, x: [Line](1..=100), y: {String: T} }\n".repeat(13_000)),
        ("endpoints", "endpoint GET \"/\" a() { public let x = A.b(c) { d, e: .f.g } respond { x } }\n".repeat(13_000)),
        ("words", "a ".repeat(500_000)),
        ("quotes", "\"".repeat(1_000_000)),
        ("documentation", "/// a\n".repeat(160_000)),
        ("open braces", format!("{}{}", "{".repeat(60), "a ".repeat(480_000))),
        (
            "open braces in a statement",
            format!("endpoint GET \"/\" a() {{ respond {}{}", "{".repeat(60), "a, ".repeat(320_000)),
        ),
        ("open parentheses in a setting", format!("gateway A {{ timeout {}{}", "(".repeat(60), "a, ".repeat(320_000))),
        ("broken fields", format!("type A {{ {}", "a: + ".repeat(200_000))),
        ("broken statements", format!("endpoint GET \"/\" a() {{ {}", "let x = ( ] ".repeat(80_000))),
        ("never closed", "type A { ) ".repeat(90_000)),
    ] {
        #[allow(clippy::disallowed_methods, reason = "the test measures; the compiler does not")]
        let start = std::time::Instant::now();
        let findings = parse(&text).diagnostics.len();
        assert!(findings <= 100);
        assert!(start.elapsed().as_secs() < 60, "{name} took {:?}", start.elapsed());
    }
}

/// The pages show what they say: the first block has this fault and no other, the second none.
#[test]
fn the_pages_of_the_codes_of_syntax_hold() {
    for code in Code::ALL.iter().filter(|code| code.as_str().starts_with("GW00")) {
        let page = code.page();
        let block = |fence: &str| {
            let start = page.split_once(&format!("{fence}\n")).map(|(_, rest)| rest);
            start.and_then(|rest| rest.split_once("\n```")).map(|(block, _)| block.to_owned()).expect("a block")
        };
        assert!(page.starts_with(&format!("# {code}: {}\n", code.title())));
        check_one(&block("```gw,fails"), &[*code]);
        check_one(&block("```gw"), &[]);
    }
}

/// Words and signs of the language, and some that are none.
#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "{", "}", "(", ")", "[", "]", ",", ":", "=", "->", "=>", ".", "..", "..=", "...", "?", "!", "-", "+", "*", "/",
    "==", "<", "||", "&&", "\"x\"", "\"{a}\"", "\"", "r\"x\"", "1", "2s", "3kib", "1.5", "a", "B", "GET", "type",
    "enum", "union", "by", "service", "at", "endpoint", "group", "gateway", "policy", "auth", "test", "use", "let",
    "check", "else", "respond", "redirect", "proxy", "reject", "with", "header", "if", "then", "match", "in", "or",
    "omit", "reveal", "public", "timeout", "limit", "per", "cache", "relay", "health", "limits", "///x\n", "//x\n",
    "/*", "*/", "\n", "at most 8 at once", "é", "'", "\\", "#", "$",
];

/// A text made of the language's own tokens, in any order.
fn token_soup() -> impl Strategy<Value = String> {
    let token = prop::sample::select(TOKENS);
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.join(" "))
}

/// An example with some of its words moved, doubled or lost.
fn shuffled() -> impl Strategy<Value = String> {
    let moves = prop::collection::vec((0..400_usize, 0..400_usize, 0..3_u8), 1..6);
    (0..EXAMPLES.len(), moves).prop_map(|(index, moves)| {
        let mut words: Vec<&str> = EXAMPLES[index].1.split(' ').collect();
        for (from, to, what) in moves {
            let (from, to) = (from % words.len(), to % words.len());
            match what {
                0 => words.swap(from, to),
                1 => words.insert(to, words[from]),
                _ => drop(words.remove(from)),
            }
        }
        words.join(" ")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read(text in ".{0,200}") {
        hold(&text)?;
    }

    #[test]
    fn any_tokens_are_read(text in token_soup()) {
        hold(&text)?;
    }

    #[test]
    fn shuffled_examples_are_read(text in shuffled()) {
        hold(&text)?;
    }
}

/// What holds for any text: what is broken is reported, at places that are in it, and can be laid out or drawn.
fn hold(text: &str) -> Result<(), TestCaseError> {
    let parsed = parse(text);
    prop_assert_eq!(parsed.file.broken, !parsed.diagnostics.is_empty());
    for diagnostic in &parsed.diagnostics {
        for label in &diagnostic.labels {
            prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{:?}", diagnostic);
        }
    }
    let laid_out = gatewright_compiler::fmt::format(&parsed.file, &parsed.trivia, text);
    if !parsed.file.broken {
        prop_assert_eq!(outline(&laid_out), outline(text));
    }
    Ok(())
}
