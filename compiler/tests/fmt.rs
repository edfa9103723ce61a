//! The one layout: the examples are its canon, and whatever is laid out keeps its tree and its comments.

mod common;

use common::{EXAMPLES, format, outline, parse};
use proptest::prelude::*;

#[test]
fn the_examples_stay_byte_for_byte() {
    for (name, text) in EXAMPLES {
        assert_eq!(format(text), *text, "{name}");
    }
}

#[test]
fn the_examples_come_back_from_one_line() {
    for (name, text) in EXAMPLES {
        let joined: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join(" ");
        let once = format(&joined);
        assert_eq!(format(&once), once, "{name} is stable");
        assert_eq!(outline(&once), outline(&joined), "{name} keeps its tree");
    }
}

/// Every program of the repository: whoever wrote it, its layout keeps its tree and comments, and is stable.
#[test]
fn every_program_of_the_repository_can_be_laid_out() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut open = vec![root.join("examples"), root.join("tests/cases")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            open.extend(entries.map(|entry| entry.path()).filter(|entry| !entry.ends_with("target")));
        } else if path.extension().is_some_and(|extension| extension == "gw") {
            #[allow(clippy::disallowed_methods, reason = "the test reads files; the compiler does not")]
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let once = format(&text);
            assert_eq!(format(&once), once, "{} is stable", path.display());
            assert_eq!(outline(&once), outline(&text), "{} keeps its tree", path.display());
            assert_eq!(comments(&once), comments(&text), "{} keeps its comments", path.display());
        }
    }
}

/// Lays `text` out and holds the result to `expected` and to itself.
#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(common::faults(text), Vec::<String>::new());
    assert_eq!(format(text), expected);
    assert_eq!(format(expected), expected, "stable");
    assert_eq!(outline(text), outline(expected), "the same tree");
}

#[test]
fn a_row_breaks_as_a_whole_with_a_comma_at_its_end() {
    let fields: Vec<String> = (0..12).map(|index| format!("field_{index}: String")).collect();
    check(
        &format!("type Wide{{{}}}", fields.join(",")),
        &format!("type Wide {{\n    {},\n}}\n", fields.join(",\n    ")),
    );
    check("enum E{a,b,..,}", "enum E { a, b, .. }\n");
    check("type Open { a: Int // why\n .. }", "type Open {\n    a: Int, // why\n    ..\n}\n");
}

#[test]
fn comments_stay_where_they_belong() {
    check(
        "// top\n\n// of type\ntype A { // first\n a: Int, // of a\n /* of b */ b: Int\n // end\n} // behind\n// last",
        "// top\n\n// of type\ntype A {\n    // first\n    a: Int, // of a\n    /* of b */\n    b: Int,\n    // end\n} // behind\n// last\n",
    );
    check(
        "endpoint GET \"/\" a() { public // open\n\n\n\n let x /* odd */ = f( // one\n 1, 2 // two\n ) respond x }",
        "endpoint GET \"/\" a() {\n    public // open\n\n    // odd\n    let x = 1\n}\n".replace(
            "    // odd\n    let x = 1\n",
            "    let x = f(\n        /* odd */\n        // one\n        1,\n        2, // two\n    )\n    respond x\n",
        ).as_str(),
    );
    check(
        "group \"/\" { public\n// of public\n\nendpoint GET \"/\" a() { public respond 1 } }",
        "group \"/\" {\n    public\n    // of public\n\n    endpoint GET \"/\" a() {\n        public\n        respond 1\n    }\n}\n",
    );
    check("service A at \"x\" {\n // nothing yet\n}", "service A at \"x\" {\n    // nothing yet\n}\n");
    check("// only\n\n\n// comments\n", "// only\n\n// comments\n");
}

#[test]
fn items_of_several_lines_stand_apart() {
    check(
        "type A = Int\ntype B = Int\n/// Of C.\ntype C = Int\ngateway G{timeout 2s listen env(\"L\",\"x\"),body 2mb}\nuse \"a\"",
        "type A = Int\ntype B = Int\n\n/// Of C.\ntype C = Int\n\ngateway G {\n    timeout 2s\n    listen env(\"L\", \"x\")\n    body 2mb\n}\n\nuse \"a\"\n",
    );
}

#[test]
fn settings_and_operations() {
    check(
        "service A at [\"a\",env(\"B\")]{timeout 1s GET \"/\" a()->Int{absent 404 relay [409 , 422]} /// Of b.\n POST \"/\" b(header \"X-Y\" y:Int=- 1){}}",
        "service A at [\"a\", env(\"B\")] {\n    timeout 1s\n\n    GET \"/\" a() -> Int { absent [404], relay [409, 422] }\n    /// Of b.\n    POST \"/\" b(header \"X-Y\" y: Int = -1) {}\n}\n",
    );
    check(
        "service A at \"x\" { retry 2, foo, bar 3, GET \"/\" a() { foo, timeout 1s } }",
        "service A at \"x\" {\n    retry 2,\n    foo,\n    bar 3,\n\n    GET \"/\" a() { foo, timeout 1s }\n}\n",
    );
    check(
        "gateway G { health \"/h\" public limits { headers 32kib connections 10 } retry   2 }",
        "gateway G {\n    health \"/h\" public\n    limits { headers 32kib, connections 10 }\n    retry   2\n}\n",
    );
}

#[test]
fn expressions() {
    let body = |value: &str| format!("endpoint GET \"/\" a() {{\n    public\n    respond {value}\n}}\n");
    for (written, expected) in [
        ("a+b*-c", "a + b * -c"),
        ("(a+b)*!c", "(a + b) * !c"),
        ("x[ .. .b ]", "x[.. .b]"),
        ("x[1 ..= 3][..n][a..]", "x[1..=3][..n][a..]"),
        ("[...a,... .b]", "[...a, ... .b]"),
        (
            "a{b{c},d:.e.f?,...,\"g-h\":1 at most 3 at once}",
            "a { b { c }, d: .e.f?, ..., \"g-h\": 1 at most 3 at once }",
        ),
        ("if a then b else if c then d else e", "if a then b else if c then d else e"),
        ("match a{b=>1,c d=>2,else=>3}", "match a { b => 1, c d => 2, else => 3 }"),
        ("a.map(x=>x.y).f(k:1)", "a.map(x => x.y).f(k: 1)"),
        ("a omit{b.c,d}", "a omit { b.c, d }"),
        ("\"{a.b} \\n\" or r#\"x\"#", "\"{a.b} \\n\" or r#\"x\"#"),
        ("201 {} with header \"A\"=a,cookie \"b\"=c", "201 {} with header \"A\" = a, cookie \"b\" = c"),
        ("a == 1_000 && 2s > 3kib || null", "a == 1_000 && 2s > 3kib || null"),
    ] {
        check(&body(written), &body(expected));
    }
}

#[test]
fn a_long_statement_breaks_at_its_end_first() {
    let long = "a_rather_long_name_of_condition";
    let body = |check: &str| format!("endpoint GET \"/\" a() {{\n    public\n    check {check}\n    respond 204\n}}\n");
    check(
        &body(&format!("{long}1 || {long}2 || {long}3 else 403 \"not allowed\"")),
        &body(&format!("{long}1 || {long}2 || {long}3\n        else 403 \"not allowed\"")),
    );
    check(
        &body(&format!("{long}1 || {long}2 || {long}3 || {long}4 else 403")),
        &body(&format!("{long}1\n        || {long}2\n        || {long}3\n        || {long}4 else 403")),
    );
}

#[test]
fn a_broken_file_stays_as_it_is() {
    let text = "type   A = \n  type B=Int";
    assert_eq!(format(text), text);
}

/// An example with blanks, line ends and comments strewn between its tokens.
fn strewn() -> impl Strategy<Value = String> {
    let blanks = prop_oneof![
        6 => Just(" "),
        2 => Just("\n"),
        1 => Just("\n\n\n"),
        1 => Just(" // a\n"),
        1 => Just(" /* b */ "),
        1 => Just("\n// c\n\n"),
    ];
    (0..EXAMPLES.len(), prop::collection::vec(blanks, 64)).prop_map(|(index, blanks)| {
        let text = EXAMPLES[index].1;
        let mut blanks = blanks.iter().cycle();
        let mut strewn = String::new();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for word in words(line) {
                strewn.push_str(word);
                strewn.push_str(blanks.next().unwrap_or(&" "));
            }
            strewn.push(' ');
        }
        strewn
    })
}

/// A line cut at its blanks, but not in strings.
fn words(line: &str) -> Vec<&str> {
    let (mut words, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, next) in line.char_indices() {
        quoted ^= next == '"';
        if next == ' ' && !quoted {
            words.push(&line[start..at]);
            start = at + 1;
        }
    }
    words.push(&line[start..]);
    words.retain(|word| !word.is_empty());
    words
}

fn comments(text: &str) -> Vec<String> {
    let parsed = parse(text);
    let mut comments: Vec<String> = parsed
        .trivia
        .comments
        .iter()
        .map(|comment| text[comment.span.start as usize..comment.span.end as usize].trim_end().to_owned())
        .collect();
    comments.sort();
    comments
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn layout_is_stable_and_keeps_tree_and_comments(text in strewn()) {
        prop_assert!(!parse(&text).file.broken, "{:?}", common::faults(&text));
        let once = format(&text);
        prop_assert_eq!(outline(&once), outline(&text));
        prop_assert_eq!(comments(&once), comments(&text));
        prop_assert_eq!(format(&once), once);
    }
}
