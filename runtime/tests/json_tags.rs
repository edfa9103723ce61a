//! Objects that are told apart by a tag: it is found wherever it stands, it is there once, and looking for it has a bound.
#![expect(clippy::unwrap_used, reason = "a test has no input to survive")]

use gatewright::codegen as gw;
use gatewright::json::{self, Broken};

/// The tags of a union, as they are generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Leaf,
    Node,
}

impl gw::Variant for Kind {
    const NAMES: &'static [&'static str] = &["leaf", "node"];

    fn from_text(text: &str) -> Option<Self> {
        match text {
            "leaf" => Some(Self::Leaf),
            "node" => Some(Self::Node),
            _ => None,
        }
    }

    fn as_text(&self) -> &str {
        match self {
            Self::Leaf => "leaf",
            Self::Node => "node",
        }
    }
}

/// What is used of a union, as it is generated.
#[derive(Debug, PartialEq, Eq)]
enum Tree {
    Leaf,
    Node(Box<Node>),
}

#[derive(Debug, PartialEq, Eq)]
struct Node {
    inner: Tree,
}

impl Tree {
    fn read(scan: &mut gw::Scanner<'_>) -> Result<Self, gw::Broken> {
        match scan.tag("kind")? {
            Kind::Leaf => scan.skip_tagged("kind").map(|()| Self::Leaf),
            Kind::Node => Node::read(scan).map(Box::new).map(Self::Node),
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Leaf => 0,
            Self::Node(node) => 1 + node.inner.depth(),
        }
    }
}

impl Node {
    fn read(scan: &mut gw::Scanner<'_>) -> Result<Self, gw::Broken> {
        let mut kind = gw::Slot::new("kind");
        let mut inner = gw::Slot::new("inner");
        scan.object(|scan, key| match key {
            b"kind" => kind.take(scan, gw::Scanner::skip),
            b"inner" => inner.take(scan, Tree::read),
            _ => scan.skip(),
        })?;
        Ok(Self { inner: inner.required()? })
    }
}

fn read(text: &str) -> Result<Tree, Broken> {
    json::read(&gw::Bytes::from(text.to_owned()), Tree::read).map(|read| read.value)
}

fn why(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn a_tag_may_stand_anywhere() {
    for text in [
        r#"{"kind":"node","inner":{"kind":"leaf"}}"#,
        r#"{"inner":{"kind":"leaf"},"kind":"node"}"#,
        r#" { "a" : [ { "kind" : "leaf" } ] , "kind" : "node" , "inner" : { "b" : 1 , "kind" : "leaf" } } "#,
        r#"{"\u006bind":"n\u006fde","inner":{"x":"kind","ki\u006ed":"leaf"}}"#,
    ] {
        assert_eq!(read(text).unwrap().depth(), 1, "{text}");
    }
}

#[test]
fn a_tag_that_is_missing_or_unknown_is_named() {
    assert_eq!(why("{}"), "kind: is missing");
    assert_eq!(why(r#"{"Kind":"leaf"}"#), "kind: is missing");
    assert_eq!(why(r#"{"kind":"other"}"#), "kind: must be one of leaf, node");
    assert_eq!(why(r#"{"kind":1}"#), "kind: expected a string, found a number");
    assert_eq!(why("[]"), "expected an object, found an array");
    assert_eq!(why(r#"{"kind":"node","inner":{"kind":"x"}}"#), "inner.kind: must be one of leaf, node");
}

#[test]
fn a_tag_is_there_once() {
    for text in [
        r#"{"kind":"leaf","kind":"leaf"}"#,
        r#"{"kind":"leaf","a":1,"k\u0069nd":"node"}"#,
        r#"{"kind":"node","inner":{"kind":"leaf"},"kind":"node"}"#,
    ] {
        assert_eq!(why(text), "kind: the key appears more than once", "{text}");
    }
}

#[test]
fn what_is_no_json_is_none_behind_the_tag_too() {
    assert_eq!(why(r#"{"kind":"leaf",}"#), "expected a key in quotes at byte 15");
    assert_eq!(why(r#"{"a":tru,"kind":"leaf"}"#), "expected `true`, `false` or `null` at byte 5");
}

/// Nodes in nodes, with this text before the tag of each.
fn nested(depth: usize, before: &str) -> String {
    let mut text = r#"{"kind":"leaf"}"#.to_owned();
    for _ in 0..depth {
        text = format!(r#"{{{before}"inner":{text},"kind":"node"}}"#);
    }
    text
}

#[test]
fn looking_for_tags_has_a_bound() {
    // Some levels whose tags stand last are read; what is made to be read again and again is not.
    assert_eq!(read(&nested(12, "")).unwrap().depth(), 12);
    let long = nested(100, "").replacen(
        r#"{"kind":"leaf"}"#,
        &format!(r#"{{"a":"{}","kind":"leaf"}}"#, "x".repeat(10_000)),
        1,
    );
    assert!(why(&long).ends_with("too much stands before the tags in it"), "{}", why(&long));
    // Where the tags stand first, nesting alone is no reason.
    let mut first = r#"{"kind":"leaf"}"#.to_owned();
    for _ in 0..100 {
        first = format!(r#"{{"kind":"node","inner":{first}}}"#);
    }
    assert_eq!(read(&first).unwrap().depth(), 100);
}
