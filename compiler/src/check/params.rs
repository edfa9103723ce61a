//! Parameters of operations and endpoints: where each goes, under which name, and which types can stand there.

mod wire;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::paths::{Piece, Placeholder, Side, Written};
use super::{show, types, values};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Marking, Method, Param, ParamPlace, PathPattern, Scalar, Segment, Ty, TypeDecl};
use crate::resolve::{Names, nearest};
use crate::source::Span;
use crate::syntax::ast;

/// What parameters are checked against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) names: &'a Names,
    pub(super) types: &'a [TypeDecl],
    pub(super) side: Side,
    pub(super) method: Method,
}

/// The parameters of a head, and its path with them in their places.
pub(super) fn check(
    head: &ast::Head,
    path: Option<&Written>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Param>, PathPattern) {
    unique_names(&head.params, diagnostics);
    let params: Vec<Param> = head
        .params
        .iter()
        .map(|written| {
            let placeholder = path.and_then(|path| path.placeholders().find(|hole| hole.name == written.name.text));
            check_one(written, placeholder, scope, diagnostics)
        })
        .collect();
    wire::unique(&params, &head.params, diagnostics);
    let pattern = path.map(|path| pattern(head, path, &params, diagnostics));
    (params, pattern.unwrap_or_else(|| PathPattern { text: head.path.value.clone(), segments: Vec::new() }))
}

fn unique_names(params: &[ast::Param], diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for param in params {
        match seen.entry(&param.name.text) {
            Entry::Vacant(free) => {
                free.insert(param.name.span);
            }
            Entry::Occupied(first) => {
                let message = format!("two parameters have the name `{}`", param.name.text);
                diagnostics.push(
                    Diagnostic::new(Code::GW0206, message, param.name.span, "named again here")
                        .also(*first.get(), "named first here"),
                );
            }
        }
    }
}

fn check_one(
    written: &ast::Param,
    placeholder: Option<&Placeholder>,
    scope: Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Param {
    let marking = written.marking.as_ref().and_then(|marking| Marking::parse(&marking.text));
    let ty = types::type_of(&written.ty, scope.names, diagnostics);
    let place = wire::place(written, placeholder, scope.side, diagnostics);
    let fits = match &place {
        ParamPlace::Path => in_path(written, placeholder, &ty, scope.types),
        ParamPlace::Query(_) => in_query(written, &ty, scope),
        ParamPlace::Header(_) => as_text(written, &ty, "a header", true, scope.types),
        ParamPlace::Cookie(_) => as_text(written, &ty, "a cookie", false, scope.types),
        ParamPlace::Body => in_body(written, &ty, scope),
    };
    if let Err(diagnostic) = fits {
        diagnostics.push(diagnostic);
        return Param {
            name: written.name.text.clone(),
            place,
            ty: Ty::Unknown,
            marking,
            default: None,
            origin: written.name.span,
        };
    }
    let default = written
        .default
        .as_ref()
        .and_then(|value| values::check_default(value, &written.ty, &ty, scope.types, diagnostics));
    Param { name: written.name.text.clone(), place, ty, marking, default, origin: written.name.span }
}

type Verdict = Result<(), Diagnostic>;

fn fault(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Verdict {
    Err(Diagnostic::new(code, message, span, label))
}

/// Whether a value of the type is one text: what a path, a query, a header or a cookie can hold.
fn is_text(ty: &Ty, types: &[TypeDecl]) -> bool {
    match types::base(ty, types) {
        Ty::Unknown | Ty::Enum(_) => true,
        Ty::Scalar(kind) | Ty::Constrained(kind, _) => *kind != Scalar::Json,
        Ty::Null
        | Ty::Alias(_)
        | Ty::Object(_)
        | Ty::List(..)
        | Ty::Map(_)
        | Ty::Keyed { .. }
        | Ty::Optional(_)
        | Ty::Built(_) => false,
    }
}

fn in_path(written: &ast::Param, placeholder: Option<&Placeholder>, ty: &Ty, types: &[TypeDecl]) -> Verdict {
    let span = written.ty.span;
    if let Ty::Optional(_) = ty {
        return fault(Code::GW0405, "a path parameter is always there", span, "can't have a `?`");
    }
    if let Some(default) = &written.default {
        return fault(Code::GW0405, "a path parameter is always there", default.span, "can't have a default");
    }
    let is_path = matches!(types::base(ty, types), Ty::Scalar(Scalar::Path));
    let takes_rest = placeholder.is_some_and(|hole| hole.rest);
    match (takes_rest, is_path) {
        _ if *ty == Ty::Unknown => Ok(()),
        (true, true) => Ok(()),
        (true, false) => {
            Err(Diagnostic::new(Code::GW0405, "what takes the rest of a path is a `Path`", span, "`Path` is expected")
                .fix("use `Path`", span, "Path"))
        }
        (false, true) => {
            Err(Diagnostic::new(Code::GW0405, "a `Path` does not fit into one segment", span, "has several segments")
                .note(format!("`{{{}..}}` at the end of a path takes all that is left of it", written.name.text)))
        }
        (false, false) if is_text(ty, types) => Ok(()),
        (false, false) => {
            let message = format!("`{}` can't stand in a path", show::ty(ty, types));
            fault(Code::GW0405, message, span, "a plain value is expected")
        }
    }
}

fn in_query(written: &ast::Param, ty: &Ty, scope: Scope<'_>) -> Verdict {
    as_text(written, ty, "a query", true, scope.types)?;
    let list = if let Ty::Optional(inner) = ty { inner } else { ty };
    let Ty::List(_, bounds) = types::base(list, scope.types) else { return Ok(()) };
    if scope.side == Side::Endpoint || bounds.min > 0 {
        return Ok(());
    }
    // `GET /products?` with no ids means all of them, surely not what the caller of an empty list wants.
    let message = format!("`{}` could be empty, and the query would not say so", written.name.text);
    let mut diagnostic = Diagnostic::new(Code::GW0411, message, written.ty.span, "may have no element")
        .note("an empty list is not written into a query, so the service would answer as if nobody had asked for it: often with everything");
    if let ast::TypeKind::List(_) = written.ty.kind {
        diagnostic = match &written.ty.constraint {
            None => {
                let at = written.ty.optional.map_or(written.ty.span.at_end(), Span::at_start);
                diagnostic.suggest("at least one element", at, "(1..)")
            }
            Some(constraint) => {
                let text = bounds.max.map_or_else(|| "(1..)".to_owned(), |max| format!("(1..={max})"));
                diagnostic.suggest("at least one element", constraint.span, text)
            }
        };
    }
    Err(diagnostic)
}

/// A plain value, one that may be left out, or, where `lists`, several.
fn as_text(written: &ast::Param, ty: &Ty, place: &str, lists: bool, types: &[TypeDecl]) -> Verdict {
    let inner = if let Ty::Optional(inner) = ty { inner } else { ty };
    let fits = match types::base(inner, types) {
        Ty::List(element, _) if lists => is_text(element, types),
        other => is_text(other, types),
    };
    if fits {
        return Ok(());
    }
    let message = format!("`{}` can't stand in {place}", show::ty(ty, types));
    let label = if lists { "a plain value or a list of them is expected" } else { "a plain value is expected" };
    fault(Code::GW0406, message, written.ty.span, label)
}

fn in_body(written: &ast::Param, ty: &Ty, scope: Scope<'_>) -> Verdict {
    let method = match scope.method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Options => "OPTIONS",
        Method::Any => "ANY",
        Method::Post | Method::Put | Method::Patch | Method::Delete => "",
    };
    if !method.is_empty() {
        let note = if method == "ANY" {
            "`ANY` is also GET, which has none: write an endpoint for each method"
        } else {
            "POST, PUT, PATCH and DELETE have one; under another name, or as `query \"body\" body: T`, it is a query parameter"
        };
        return Err(
            Diagnostic::new(Code::GW0407, format!("{method} has no body"), written.name.span, "is the body").note(note)
        );
    }
    if let Ty::Optional(_) = ty {
        return fault(Code::GW0408, "a body is always there", written.ty.span, "can't have a `?`");
    }
    if let Some(default) = &written.default {
        return fault(Code::GW0408, "a body is always there", default.span, "can't have a default");
    }
    Ok(())
}

/// The path with its parameters in their places.
fn pattern(head: &ast::Head, path: &Written, params: &[Param], diagnostics: &mut Diagnostics) -> PathPattern {
    let segments = path
        .segments
        .iter()
        .filter_map(|piece| match piece {
            Piece::Literal(text) => Some(Segment::Literal(text.clone())),
            Piece::Placeholder(hole) => match params.iter().position(|param| param.name == hole.name) {
                Some(place) if hole.rest => Some(Segment::Rest(place)),
                Some(place) => Some(Segment::Param(place)),
                None => {
                    diagnostics.push(undeclared(head, hole, path));
                    None
                }
            },
        })
        .collect();
    PathPattern { text: path.text.clone(), segments }
}

fn undeclared(head: &ast::Head, hole: &Placeholder, path: &Written) -> Diagnostic {
    let name = &hole.name;
    let message = format!("no parameter declares `{{{name}}}`");
    let inherited = hole.span.file != head.path.span.file
        || hole.span.start < head.path.span.start
        || hole.span.end > head.path.span.end;
    if inherited {
        return Diagnostic::new(Code::GW0402, message, head.name.span, "does not declare it")
            .also(hole.span, "stands in the prefix of its group")
            .note(format!("each endpoint of the group declares it among its parameters: `{name}: T`"));
    }
    let free = head.params.iter().map(|param| param.name.text.as_str());
    let free = free.filter(|param| path.placeholders().all(|hole| hole.name != *param));
    let diagnostic = Diagnostic::new(Code::GW0402, message, hole.span, "not declared");
    match nearest(name, free) {
        Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), hole.span, near),
        None => diagnostic.note(format!("declare it among the parameters: `{name}: T`")),
    }
}
