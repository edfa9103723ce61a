//! The names of parameters on the wire: which place a parameter has, and which names may stand there.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Placeholder, Side};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Param, ParamPlace};
use crate::source::Span;
use crate::syntax::ast;

/// Headers that frame a message or belong to one connection: who sets them decides where a message ends.
const FRAMING: [&str; 11] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
    "content-encoding",
];

/// Headers that the gateway itself writes, upstream or to the client.
const OURS: [&str; 4] = ["x-request-id", "traceparent", "tracestate", "gateway-completed"];

/// Headers of a request that the gateway writes for every call.
const OURS_UPSTREAM: [&str; 2] = ["content-type", "accept-encoding"];

/// Where a parameter goes.
pub(super) fn place(
    written: &ast::Param,
    placeholder: Option<&Placeholder>,
    side: Side,
    diagnostics: &mut Diagnostics,
) -> ParamPlace {
    let Some((keyword, name)) = &written.place else {
        return match placeholder {
            Some(_) => ParamPlace::Path,
            None if written.name.text == "body" => ParamPlace::Body,
            None => ParamPlace::Query(written.name.text.clone()),
        };
    };
    if let Some(placeholder) = placeholder {
        let message = format!("`{}` stands in the path and is a {} too", written.name.text, keyword.text);
        diagnostics.push(
            Diagnostic::new(Code::GW0405, message, keyword.span, "placed here")
                .also(placeholder.span, "and here")
                .note("a parameter has one place"),
        );
        return ParamPlace::Path;
    }
    match keyword.text.as_str() {
        "header" => {
            report(header_fault(&name.value, side), name, diagnostics);
            ParamPlace::Header(name.value.to_ascii_lowercase())
        }
        "cookie" => {
            let fault = (!is_token(&name.value)).then_some(("this is no name of a cookie", TOKEN));
            report(fault, name, diagnostics);
            ParamPlace::Cookie(name.value.clone())
        }
        _ => {
            let wrong = name.value.is_empty() || name.value.chars().any(char::is_control);
            let fault = wrong
                .then_some(("this is no name of a query parameter", "it is not empty and has no control characters"));
            report(fault, name, diagnostics);
            ParamPlace::Query(name.value.clone())
        }
    }
}

const TOKEN: &str = "letters, digits and `!#$%&'*+-.^_|~` or a backtick, as HTTP has it";

fn report(fault: Option<(&str, &str)>, name: &ast::Text, diagnostics: &mut Diagnostics) {
    if let Some((message, note)) = fault {
        diagnostics.push(Diagnostic::new(Code::GW0409, message, name.span, "not allowed").note(note));
    }
}

/// Why a header of that name can't be declared.
fn header_fault(name: &str, side: Side) -> Option<(&'static str, &'static str)> {
    let lower = name.to_ascii_lowercase();
    let lower = lower.as_str();
    if !is_token(name) {
        return Some(("this is no name of a header", TOKEN));
    }
    if FRAMING.contains(&lower) || lower.starts_with("proxy-") {
        return Some((
            "this header belongs to the connection",
            "it says how a message is framed or carried, and the gateway sets it for each of its two connections",
        ));
    }
    if OURS.contains(&lower) || (side == Side::Operation && OURS_UPSTREAM.contains(&lower)) {
        return Some(("this header is the gateway's own", "the gateway writes it for every request"));
    }
    match lower {
        "cookie" => Some(("cookies are declared one by one", "write `cookie \"name\" name: String`")),
        "set-cookie" => Some(("a request has no `Set-Cookie`", "an answer sets one: `with cookie \"name\" = value`")),
        _ => None,
    }
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Two parameters of one name in one place: a message can't tell them apart.
pub(super) fn unique(params: &[Param], written: &[ast::Param], diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, &str), (&str, Span)> = BTreeMap::new();
    for (param, written) in params.iter().zip(written) {
        let key = match &param.place {
            ParamPlace::Query(name) => ("query", name.as_str()),
            ParamPlace::Header(name) => ("header", name.as_str()),
            ParamPlace::Cookie(name) => ("cookie", name.as_str()),
            ParamPlace::Path | ParamPlace::Body => continue,
        };
        let span = written.place.as_ref().map_or(written.name.span, |(_, name)| name.span);
        match seen.entry(key) {
            Entry::Vacant(free) => {
                free.insert((&param.name, span));
            }
            // Two of one name were reported as such.
            Entry::Occupied(first) if first.get().0 == param.name => {}
            Entry::Occupied(first) => {
                let message = format!("two parameters are the {} `{}`", key.0, key.1);
                diagnostics
                    .push(Diagnostic::new(Code::GW0410, message, span, "again here").also(first.get().1, "first here"));
            }
        }
    }
}
