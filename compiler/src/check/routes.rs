//! Routes: every request has one endpoint at most, and every endpoint can be reached.
//!
//! Where two paths fit a request, the one with literal text where the other has a parameter goes first. In doubt are paths of one
//! shape, a parameter beside the rest of a path, and paths that cross: each has literal text where the other has a parameter.

use std::collections::BTreeMap;

use super::endpoints::Headed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{EndpointHead, Gateway, Method, Segment};

/// Compares every endpoint with those of the same shape, and with the health check.
pub(super) fn check(gateway: &Gateway, endpoints: &[Headed<'_>], diagnostics: &mut Diagnostics) {
    let mut shapes: BTreeMap<String, Vec<&EndpointHead>> = BTreeMap::new();
    for Headed { head, .. } in endpoints.iter().filter(|endpoint| endpoint.has_path) {
        if head.path.text == gateway.health.value {
            report_health(gateway, head, diagnostics);
        }
        let before = shapes.entry(shape(head)).or_default();
        if let Some(other) = before.iter().find(|other| meet(other.method, head.method)) {
            report_same(other, head, diagnostics);
        } else if let Some(other) = before.iter().find(|other| param_names(other) != param_names(head)) {
            report_names(other, head, diagnostics);
        }
        before.push(head);
    }
    check_rests(endpoints, diagnostics);
    check_crossings(endpoints, diagnostics);
}

/// `/front/{id}` and `/{x}/me`: neither is the more exact for `/front/me`. The path decides before the method does, so that it
/// does not help if they have different ones.
fn check_crossings(endpoints: &[Headed<'_>], diagnostics: &mut Diagnostics) {
    let heads: Vec<&EndpointHead> =
        endpoints.iter().filter(|endpoint| endpoint.has_path).map(|endpoint| &endpoint.head).collect();
    for (at, second) in heads.iter().enumerate() {
        let crossed = heads.iter().take(at).find_map(|first| Some((first, crossing(first, second)?)));
        let Some((first, path)) = crossed else { continue };
        let message = format!("`{}` and `{}` could both answer `{path}`", first.name, second.name);
        diagnostics.push(
            Diagnostic::new(Code::GW0412, message, second.origin, "could answer it too")
                .also(first.origin, "could answer it")
                .note(format!(
                    "of `{}` and `{}` each has literal text where the other has a parameter: put more of it into one of the two",
                    first.path.text, second.path.text
                )),
        );
    }
}

/// A path that two endpoints fit while neither is the more exact.
fn crossing(first: &EndpointHead, second: &EndpointHead) -> Option<String> {
    let (first, second) = (&first.path.segments, &second.path.segments);
    let (mut first_wins, mut second_wins, mut path) = (false, false, String::new());
    for place in 0..first.len().max(second.len()) {
        let (one, other) = (first.get(place)?, second.get(place)?);
        path.push('/');
        path.push_str(match (one, other) {
            (Segment::Literal(one), Segment::Literal(other)) if one != other => return None,
            (Segment::Literal(text), _) | (_, Segment::Literal(text)) => text,
            _ => "…",
        });
        match (one, other) {
            (Segment::Literal(_), Segment::Param(_)) => first_wins = true,
            (Segment::Param(_), Segment::Literal(_)) => second_wins = true,
            // What is left of the more exact one fits the rest of the other.
            (Segment::Literal(_), Segment::Rest(_)) => return second_wins.then(|| path + &left(first, place + 1)),
            (Segment::Rest(_), Segment::Literal(_)) => return first_wins.then(|| path + &left(second, place + 1)),
            // A parameter beside the rest of a path is in doubt in any case, and told as such.
            (Segment::Rest(_), _) | (_, Segment::Rest(_)) => return None,
            _ => {}
        }
    }
    (first_wins && second_wins).then_some(path)
}

fn left(segments: &[Segment], from: usize) -> String {
    shape_of(segments.iter().skip(from)).replace("{}", "…").replace("{..}", "…")
}

/// `{name}` and `{rest..}` at one place of a path: each would take what the other is for.
fn check_rests(endpoints: &[Headed<'_>], diagnostics: &mut Diagnostics) {
    let mut params: BTreeMap<String, &EndpointHead> = BTreeMap::new();
    let heads = || endpoints.iter().filter(|endpoint| endpoint.has_path).map(|endpoint| &endpoint.head);
    for head in heads() {
        for (at, segment) in head.path.segments.iter().enumerate() {
            if let Segment::Param(_) = segment {
                params.entry(shape_of(head.path.segments.iter().take(at))).or_insert(head);
            }
        }
    }
    for head in heads() {
        let Some((Segment::Rest(_), before)) = head.path.segments.split_last() else { continue };
        if let Some(other) = params.get(&shape_of(before)) {
            let message = format!("`{}` and `{}` both take what stands at one place of a path", other.name, head.name);
            diagnostics.push(
                Diagnostic::new(Code::GW0412, message, head.origin, "takes the rest of it")
                    .also(other.origin, "takes one segment")
                    .note(format!(
                        "the paths are `{}` and `{}`: put literal text before one of the two",
                        other.path.text, head.path.text
                    )),
            );
        }
    }
}

/// A path without the names of its parameters.
fn shape(head: &EndpointHead) -> String {
    shape_of(&head.path.segments)
}

fn shape_of<'a>(segments: impl IntoIterator<Item = &'a Segment>) -> String {
    let mut shape = String::new();
    for segment in segments {
        shape.push('/');
        match segment {
            Segment::Literal(text) => shape.push_str(text),
            Segment::Param(_) => shape.push_str("{}"),
            Segment::Rest(_) => shape.push_str("{..}"),
        }
    }
    shape
}

fn param_names(head: &EndpointHead) -> Vec<&str> {
    head.path
        .segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Param(place) | Segment::Rest(place) => head.params.get(*place).map(|param| param.name.as_str()),
            Segment::Literal(_) => None,
        })
        .collect()
}

/// Whether one request can have both methods.
fn meet(left: Method, right: Method) -> bool {
    left == right || left == Method::Any || right == Method::Any
}

fn report_same(first: &EndpointHead, second: &EndpointHead, diagnostics: &mut Diagnostics) {
    let message = format!("`{}` and `{}` answer the same requests", first.name, second.name);
    let mut diagnostic =
        Diagnostic::new(Code::GW0412, message, second.origin, "answers them too").also(first.origin, "answers them");
    if first.method != second.method {
        diagnostic = diagnostic.note("`ANY` is every method, so which of the two answers would be a guess");
    } else if first.path.text != second.path.text {
        diagnostic = diagnostic.note("the names of parameters do not tell two paths apart");
    }
    diagnostics.push(diagnostic);
}

fn report_names(first: &EndpointHead, second: &EndpointHead, diagnostics: &mut Diagnostics) {
    let message = format!("one path has two forms, `{}` and `{}`", first.path.text, second.path.text);
    diagnostics.push(
        Diagnostic::new(Code::GW0413, message, second.origin, "names its parameters otherwise")
            .also(first.origin, "names them first")
            .note("whoever reads the API sees one path with several methods: give its parameters one name"),
    );
}

fn report_health(gateway: &Gateway, head: &EndpointHead, diagnostics: &mut Diagnostics) {
    let message = format!("`{}` is the path of the health check", head.path.text);
    let mut diagnostic = Diagnostic::new(Code::GW0414, message, head.origin, "has the same path");
    if let Some(origin) = gateway.health.origin {
        diagnostic = diagnostic.also(origin, "set here");
    }
    diagnostics.push(diagnostic.note("the gateway answers it itself; `health \"/…\" public` on the gateway moves it"));
}
