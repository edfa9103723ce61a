//! Routes: every request has one endpoint at most, and every endpoint can be reached.
//!
//! Where two paths fit a request, the first segment in which they differ decides: literal text before a parameter,
//! a parameter before the rest of a path. So only paths of one shape can be in doubt.

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
}

/// The path without the names of its parameters.
fn shape(head: &EndpointHead) -> String {
    let mut shape = String::with_capacity(head.path.text.len());
    for segment in &head.path.segments {
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
