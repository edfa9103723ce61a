//! Methods of values: every example of the reference, and methods in all the places where values stand.

use gatewright_golden::{methods, texts};

use crate::upstream::Upstream;
use crate::{get, quiet};

#[tokio::test]
async fn every_example_of_the_reference_holds() {
    let router = quiet(methods::Methods::builder());
    for target in ["/strings", "/numbers"] {
        let answer = get(&router, target).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.starts_with("[true"), "{}", answer.body);
        assert!(!answer.body.contains("false"), "{target}: {}", answer.body);
    }
    // The one number that has no counterpart, and one beyond 64 bits.
    for target in ["/numbers?count=-9223372036854775808", "/numbers?price=1e20"] {
        assert_eq!(get(&router, target).await.status, 500, "{target}");
    }
}

const PAGE: (&str, u16, &str) = (
    "GET /pages/a-long-title",
    200,
    r#"{"title":"A long title in all","subtitle":"über","home":"https://example.org/x","price":2.25,
        "tags":[{"name":"n\u00e9w","note":"n","weight":0.125,"url":"https://t"},{"name":"old","note":null,"weight":3,"url":"https://u"}],
        "words":"one two three"}"#,
);

#[tokio::test]
async fn methods_stand_wherever_values_do() {
    let (upstream, address) = Upstream::start(&[PAGE]).await;
    let router = quiet(texts::Texts::builder().pages_url(address));
    let answer = get(&router, "/pages/%20A%20Long%20Title").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(
        answer.body,
        concat!(
            r#"{"title":"A long ti…","subtitle":"ÜBER","given":"********über","secure":true,"host":"example.org","#,
            r#""price":2.3,"whole":3,"first":["one","two"],"#,
            r#""tags":[{"name":"NÉW","note":1,"weight":0.13,"url":"https://t"},{"name":"OLD","note":null,"weight":3,"url":"https://u"}],"#,
            r#""names":["néw","old"],"large":"one two three"}"#
        )
    );
    assert_eq!(upstream.targets(), ["GET /pages/a-long-title"]);
}

#[tokio::test]
async fn methods_of_null_are_null() {
    let page = ("GET /pages/x", 200, r#"{"title":"x","home":"http://h","tags":[],"words":""}"#);
    let (_, address) = Upstream::start(&[page]).await;
    let router = quiet(texts::Texts::builder().pages_url(address));
    let answer = get(&router, "/pages/x").await;
    assert_eq!(
        answer.body,
        concat!(
            r#"{"title":"x","subtitle":null,"given":"***********x","secure":false,"host":"h","price":null,"whole":0,"#,
            r#""first":[""],"tags":[],"names":[],"large":""}"#
        )
    );
}

#[tokio::test]
async fn methods_stand_in_arguments_and_for_each_element() {
    let found = (
        "GET /found?q=ada&names=a&names=b&limit=10",
        200,
        r#"{"tags":[{"name":"ONE","weight":-1.5,"url":"u"}],"total":21}"#,
    );
    let tag = ("GET /tags/one", 200, r#"{"name":"one","note":" n ","weight":1,"url":"u"}"#);
    let (_, address) = Upstream::start(&[found, tag]).await;
    let router = quiet(texts::Texts::builder().pages_url(address));
    let answer = get(&router, "/search?q=%20ADA%20&names=a,b&page=7").await;
    assert_eq!(
        answer.body,
        r#"{"q":"%20ADA%20","tags":[{"tag":{"name":"one","note":"n"},"weight":1.5}],"pages":3,"padded":" ADA .."}"#
    );
}

#[tokio::test]
async fn methods_stand_in_guards() {
    let router = quiet(texts::Texts::builder());
    let answer = get(&router, "/files/a/b.png").await;
    assert_eq!(answer.body, r#"{"path":"a/b.png","name":["a","b.png"],"code":true}"#);
    for target in ["/files/a/b.gif", "/files/private/b.png"] {
        assert_eq!(get(&router, target).await.status, 403, "{target}");
    }
    let answer = get(&router, "/parts?list=%20one;Two;three&at=1").await;
    assert_eq!(
        answer.body,
        concat!(
            r#"{"first":" one","at":"TWO","rest":["Two","three"],"lengths":[4,14],"size":" one","known":true,"#,
            r#""echo":" one!","kind":"none"}"#
        )
    );
    let answer = get(&router, "/parts?list=a:b&at=4&kind=Kinds").await;
    assert_eq!(
        answer.body,
        r#"{"first":"a:b","at":null,"rest":[],"lengths":[3,3],"size":"a:b      ","known":true,"echo":"a:b!","kind":"Ki."}"#
    );
    assert_eq!(get(&router, "/parts?list=%20;x").await.status, 400);
    assert_eq!(get(&router, "/parts?list=a&kind=k").await.status, 400);
}
