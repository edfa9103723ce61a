//! The text of a macro call is the text that was written, token by token and place by place.

use proc_macro2::{TokenStream, TokenTree};

use super::{Text, Writer};

fn text_of(source: &str) -> Text {
    Text::of(source.parse().expect("Rust's tokens"))
}

/// As rust-analyzer gives it: no token has a place of its own.
fn unplaced(source: &str) -> String {
    let tokens: TokenStream = source.parse().expect("Rust's tokens");
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut writer = Writer::new(false);
    writer.trees(&tokens);
    writer.text.text
}

fn same(source: &str) {
    assert_eq!(text_of(source).text, source);
}

#[test]
fn tokens_stand_where_they_were_written() {
    same("gateway Shop {\n    timeout 2s\n\n    body 64kib\n}");
    same("    x[..3]   { a,\n  b: .c.d }");
    same("a -> b => c ..= 9 a..b ...x x?.y !a == b && c || -1");
    same("at env(\"A\", \"http://localhost:9001\") { GET \"/a/{id}\" a(id: Int(1..=50)) -> [A]? { absent [404] } }");
}

#[test]
fn literals_stay_as_they_are() {
    same("200ms 1m30s 1.5s 64kib 2mb 50/s 1_000 1.50 0x1f");
    same(r##"r"\d+" r#"a "b" c"# "{user.name} \"quoted\" \u{e9} é""##);
    same("r\"over\nseveral\n  lines\" after");
    same("'a' b'c' type_ r#type");
}

#[test]
fn documentation_is_written_back() {
    same("/// One \"page\" of {it}: é \\ 'x'\n///\n/// more\nendpoint");
    same("type A {\n    /// Its name.\n    name: String,\n}");
    assert_eq!(text_of("/** in\n lines */ type").text, "#[doc = r#\" in\n lines \"#]type");
    assert_eq!(text_of("/** one line */ type").text, "#[doc = r#\" one line \"#] type");
    assert_eq!(text_of("#[docs = \"x\"] type").text, "#[docs = \"x\"] type");
    assert_eq!(unplaced("/// Its name.\nname"), "#[doc = r#\" Its name.\"#] name");
}

#[test]
fn comments_leave_their_room() {
    assert_eq!(text_of("a // why\n/* é */ b /* x */ c").text, "a\n        b         c");
}

#[test]
fn without_places_only_what_rust_joins_is_joined() {
    assert_eq!(unplaced("a->b  x?.y { a: .c }"), "a -> b x ?. y { a : . c }");
    assert_eq!(unplaced("50/s  a..=b  f(x)"), "50 / s a ..= b f ( x )");
    assert_eq!(unplaced("'a"), "'a");
}

#[test]
fn every_place_has_its_token() {
    let text = text_of("let order = Orders.order(id)\n  else 404 \"no é\" .x");
    let at = |start: u32, end: u32| {
        let (first, last) = text.ends(start, end);
        let (first, last) = (first.start(), last.end());
        (first.line, first.column, last.line, last.column)
    };
    // `order`, a part of `order`, `Orders.order`, the blank behind `=`, the place behind `)`.
    assert_eq!(at(4, 9), (1, 4, 1, 9));
    assert_eq!(at(5, 7), (1, 4, 1, 9));
    assert_eq!(at(12, 24), (1, 12, 1, 24));
    assert_eq!(at(11, 12), (1, 10, 1, 11));
    assert_eq!(at(28, 28), (1, 27, 1, 28));
    // The string, counted in characters as Rust does; the last token; far behind it.
    assert_eq!(at(40, 47), (2, 11, 2, 17));
    assert_eq!(at(49, 50), (2, 19, 2, 20));
    assert_eq!(at(900, 901), (2, 19, 2, 20));
}

#[test]
fn no_tokens_are_no_text() {
    let text = text_of("");
    assert_eq!(text.text, "");
    let _ = text.ends(0, 0);
}

#[test]
fn words_from_elsewhere_do_not_grow_together() {
    // Both words claim to begin a file, as words do that a `macro_rules!` has put together.
    let mut tokens: TokenStream = "gateway Shop".parse().expect("tokens");
    tokens.extend("type A".parse::<TokenStream>().expect("tokens"));
    assert_eq!(Text::of(tokens).text, "gateway Shop type A");
}

/// Every example of the repository is made of Rust's tokens, and comes back as it was but for its comments.
#[test]
fn every_example_is_made_of_rust_tokens() {
    let mut examples = Vec::new();
    collect(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples")), &mut examples);
    assert!(!examples.is_empty(), "there are examples");
    for path in examples {
        let source = std::fs::read_to_string(&path).expect("text");
        let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        let written = source.lines().map(without_comment).collect::<Vec<_>>().join("\n");
        assert_eq!(lines(&text_of(&source).text), lines(written.trim_end()), "{}", path.display());
    }
}

fn without_comment(line: &str) -> &str {
    let comment = line.trim_start().starts_with("//") && !line.trim_start().starts_with("///");
    if comment { "" } else { line.split_once(" // ").map_or(line, |(code, _)| code) }
}

fn collect(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "gw") {
            found.push(path);
        }
    }
}
