//! The words for what the language names and this version does not build yet: one error each, that says what to do until then.

use super::{Code, Diagnostic};
use crate::source::Span;

/// What a construct will do, and what helps until then.
struct Plan {
    word: &'static str,
    will: &'static str,
    until_then: Option<&'static str>,
}

const fn plan(word: &'static str, will: &'static str, until_then: Option<&'static str>) -> Plan {
    Plan { word, will, until_then }
}

/// Items, settings, formats and sources, by the word they start with.
const PLANS: &[Plan] = &[
    // items
    plan("union", "it will tell objects apart by a tag", Some("a type with the fields of all members, each with `?`")),
    plan("auth", "it will say who may call an endpoint", Some("`public`, behind something that checks credentials")),
    plan("extern fn", "it will call Rust of your own", None),
    plan("test", "it will play requests against answers that you give", Some("a test that calls the running gateway")),
    // settings
    plan("retry", "it will try safe calls again", Some("`call?`, so that a failure does not fail the page")),
    plan("hedge", "it will send a second request when the first is slow", Some("a shorter `timeout`")),
    plan("breaker", "it will stop calling a service that keeps failing", Some("a short `timeout`")),
    plan("concurrency", "it will bound the calls that run at once", Some("`at most n at once` in a selection")),
    plan("balance", "it will choose among several addresses", Some("several addresses are tried in turn already")),
    plan("capacity", "it will add up the limits of all callers", None),
    plan("cache", "it will keep answers for a time", Some("a cache in front of the service")),
    plan("limit", "it will bound the rate of requests", Some("a limit in front of the gateway")),
    plan("credentials", "it will say who we are to a service", Some("a `header` parameter of the operation")),
    plan("cors", "it will let other origins' pages call", None),
    plan("compress", "it will compress answers", Some("compression in front of the gateway")),
    plan("secure_headers", "it will add the usual security headers", Some("`with header` on the result")),
    plan("negotiate", "it will answer in the format the client asks for", None),
    plan("header", "it will set a header on every answer", Some("`with header` on the result")),
    plan("tls", "it will serve TLS", Some("a TLS proxy in front of the gateway")),
    plan("state", "it will share limits and caches between replicas", None),
    plan("telemetry", "it will export metrics and traces", Some("the log, one JSON line for each request")),
    plan("docs", "it will serve the API's documentation", None),
    plan("allow", "it will name the addresses that may call", None),
    plan("deny", "it will name the addresses that may not call", None),
    plan("trusted_proxies", "it will say whose `Forwarded` headers count", None),
    // sources
    plan("file", "it will read a value from a file at start", Some("`env`")),
    plan(
        "dns",
        "it will follow a name's changing addresses",
        Some("an address with the name, such as `\"http://name:8080\"`"),
    ),
    plan("srv", "it will follow SRV records", Some("an address, or several in a list")),
    plan("consul", "it will ask Consul for addresses", Some("an address, or several in a list")),
    plan("kubernetes", "it will ask Kubernetes for addresses", Some("the service's name as an address")),
    // formats
    plan("graphql", "it will send a GraphQL query", Some("a `POST` operation whose body holds the query")),
];

/// Whether a word of this kind is refused rather than unknown.
pub(crate) fn knows(word: &str) -> bool {
    PLANS.iter().any(|plan| plan.word == word)
}

/// The refusal of an item, a setting or a source, by its word.
pub(crate) fn not_yet(word: &str, span: Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Code::GW0901, format!("`{word}` is not built yet"), span, "not yet");
    if let Some(plan) = PLANS.iter().find(|plan| plan.word == word) {
        diagnostic = diagnostic.note(plan.will);
        if let Some(until_then) = plan.until_then {
            diagnostic = diagnostic.note(format!("until then: {until_then}"));
        }
    }
    diagnostic
}
