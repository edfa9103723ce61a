//! What an endpoint answers: `respond`, `redirect`, `reject`, and `if` between them.

use std::collections::BTreeMap;

use super::fit::Place;
use super::{Elaborator, invalid, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{EndpointHead, Method, Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ResultKind, ResultStatement, Spanned};
use crate::typed::{Arithmetic, Expr, ExprKind, Outcome, TextPart, WithSet};

/// What HTTP keeps to itself: how a message is framed, and what holds for one connection only.
const FRAMING: &[&str] = &[
    "connection",
    "content-length",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What the gateway sets by itself.
const OURS: &[&str] = &["content-encoding", "content-type", "date", "gateway-completed", "server", "x-request-id"];

/// What every result of one endpoint is checked against.
struct Answer<'h> {
    head: &'h EndpointHead,
    /// The type that is written behind `->`, and where.
    returns: Option<(Ty, Span)>,
}

impl Elaborator<'_> {
    /// The result of an endpoint's body.
    pub(super) fn outcome(&mut self, ast: &ast::Endpoint, head: &EndpointHead) -> Outcome {
        let returns = ast.head.returns.as_ref().map(|written| (self.type_expr(written), written.span));
        let answer = Answer { head, returns };
        match &ast.result {
            Some(result) => self.result(result, &answer),
            // The parser said so.
            None => Outcome::Respond { status: 200, body: Some(invalid(ast.head.name.span)), with: Vec::new() },
        }
    }

    fn result(&mut self, result: &ResultStatement, answer: &Answer<'_>) -> Outcome {
        match &result.kind {
            ResultKind::Respond { status, body } => {
                let (status, body) = self.respond(status.as_ref(), body.as_ref(), answer, result.span);
                Outcome::Respond { status, body, with: self.with(&result.with, false) }
            }
            ResultKind::Redirect { status, target } => {
                let target = self.redirect(status, target);
                Outcome::Redirect { status: status.value, target, with: self.with(&result.with, true) }
            }
            ResultKind::Reject(refusal) => {
                if let Some(first) = result.with.first() {
                    let message = "a refusal carries no headers";
                    self.report(Diagnostic::new(Code::GW0513, message, first.span, "on a `reject`"));
                }
                Outcome::Reject(self.refusal(refusal))
            }
            ResultKind::If { condition, then, otherwise } => {
                let condition = self.expr(condition);
                let sound = self.is_bool(&condition, "the condition");
                let condition = if sound { condition } else { invalid(condition.span) };
                let (then, otherwise) = (self.result(then, answer), self.result(otherwise, answer));
                Outcome::If { condition, then: Box::new(then), otherwise: Box::new(otherwise) }
            }
            ResultKind::Proxy => {
                let body = self.not_yet("`proxy`", result.span);
                Outcome::Respond { status: 200, body: Some(body), with: Vec::new() }
            }
        }
    }

    // ── respond ──────────────────────────────────────────────────────────────────────────────────────────────────

    fn respond(
        &mut self,
        status: Option<&Spanned<u16>>,
        body: Option<&ast::Expr>,
        answer: &Answer<'_>,
        span: Span,
    ) -> (u16, Option<Expr>) {
        let code = status.map_or(200, |status| status.value);
        if let Some(status) = status.filter(|status| !(200..=299).contains(&status.value)) {
            self.report_no_success(status);
        }
        let Some(body) = body else {
            if status.is_none() {
                let message = "`respond` says neither a value nor a status";
                let diagnostic = Diagnostic::new(Code::GW0510, message, span, "what is answered?");
                self.report(diagnostic.suggest("answer nothing: `respond 204`", span.at_end(), " 204"));
            } else if let Some((returns, written)) = &answer.returns {
                let message = format!("an answer without a body, where the endpoint says {}", self.describe(returns));
                let diagnostic = Diagnostic::new(Code::GW0510, message, span, "no value");
                self.report(diagnostic.also(*written, "the type of its answer"));
            }
            return (code, None);
        };
        let value = self.expr(body);
        let bodyless = match code {
            204 | 205 => Some(format!("an answer of status {code} has no body")),
            _ if answer.head.method == Method::Head => Some("an answer to HEAD has no body".to_owned()),
            _ => None,
        };
        if let Some(message) = bodyless {
            let diagnostic = Diagnostic::new(Code::GW0510, message, value.span, "would never be sent");
            self.report(diagnostic.note("HTTP leaves no room for one: answer the status alone"));
            return (code, Some(invalid(value.span)));
        }
        (code, Some(self.checked_answer(value, answer)))
    }

    /// The value as it is, where it fits the type that is written: JSON has one form of it.
    fn checked_answer(&mut self, value: Expr, answer: &Answer<'_>) -> Expr {
        let Some((returns, written)) = &answer.returns else { return value };
        let place = Place { what: format!("the answer of `{}`", answer.head.name), origin: Some(*written) };
        let fitted = self.fit(value.clone(), returns, &place);
        if walk::is_broken(&fitted) { fitted } else { value }
    }

    fn report_no_success(&mut self, status: &Spanned<u16>) {
        let code = status.value;
        let message = format!("`respond` answers with success, and {code} is none");
        let diagnostic = Diagnostic::new(Code::GW0510, message, status.span, "expected 200 to 299");
        self.report(match code {
            300..=399 => diagnostic.note("another place is answered with `redirect 308 \"/…\"`"),
            400..=599 => diagnostic.note(format!("a refusal is answered with `reject {code} \"why\"`")),
            _ => diagnostic.note("a whole number right behind `respond` is the status; put a value in parentheses"),
        });
    }

    // ── redirect ─────────────────────────────────────────────────────────────────────────────────────────────────

    fn redirect(&mut self, status: &Spanned<u16>, target: &ast::Expr) -> Expr {
        if !matches!(status.value, 301 | 302 | 303 | 307 | 308) {
            self.report(
                Diagnostic::new(
                    Code::GW0511,
                    format!("{} is no status of a redirect", status.value),
                    status.span,
                    "expected 301, 302, 303, 307 or 308",
                )
                .note("301 and 308 are for good, 302 and 307 for now; 307 and 308 keep the method; 303 asks for a GET"),
            );
        }
        let target = self.expr(target);
        match self.scalar(&target.ty) {
            _ if matches!(target.ty, Ty::Unknown) => return target,
            Some(Scalar::String | Scalar::Url | Scalar::Path) => {}
            _ if matches!(target.ty, Ty::Optional(_)) => {
                self.report_null(&target, "the target of a redirect");
                return invalid(target.span);
            }
            _ => {
                let message = format!("a redirect's target is a string, and this is {}", self.describe(&target.ty));
                self.report(Diagnostic::new(Code::GW0512, message, target.span, "expected a string"));
                return invalid(target.span);
            }
        }
        if !self.is_fixed_place(&target) {
            self.report(
                Diagnostic::new(
                    Code::GW0512,
                    "a redirect's target begins with a path or an origin that is written out",
                    target.span,
                    "a client could choose the host",
                )
                .note("begin it with text, as in `\"/items/{id}\"` or `\"https://example.com/items/{id}\"`"),
            );
            return invalid(target.span);
        }
        target
    }

    /// Whether no value can change which host a target names.
    fn is_fixed_place(&self, target: &Expr) -> bool {
        match &target.kind {
            ExprKind::Literal(Value::String(text)) => is_fixed(text, true),
            ExprKind::Text(parts) => match parts.as_slice() {
                [TextPart::Literal(text)] => is_fixed(text, true),
                // Text behind a single `/` could be another `/`, and so a host; a number or a uuid can't.
                [TextPart::Literal(text), TextPart::Value(value), ..] if text == "/" => {
                    matches!(self.structure(&value.ty), Ty::Enum(_))
                        || matches!(self.scalar(&value.ty), Some(Scalar::Int | Scalar::Uuid | Scalar::Date))
                }
                [TextPart::Literal(text), ..] => is_fixed(text, false),
                _ => false,
            },
            ExprKind::Arithmetic { operator: Arithmetic::Add, left, .. } => match &left.kind {
                ExprKind::Literal(Value::String(text)) => is_fixed(text, false),
                _ => self.is_fixed_place(left),
            },
            ExprKind::If { then, otherwise, .. } => self.is_fixed_place(then) && self.is_fixed_place(otherwise),
            ExprKind::Bind { body: inner, .. } | ExprKind::Reveal(inner) => self.is_fixed_place(inner),
            _ => false,
        }
    }

    // ── headers and cookies ──────────────────────────────────────────────────────────────────────────────────────

    fn with(&mut self, sets: &[ast::WithSet], redirects: bool) -> Vec<WithSet> {
        let mut seen: BTreeMap<(bool, String), Span> = BTreeMap::new();
        let mut with = Vec::new();
        for set in sets {
            let cookie = set.place.text == "cookie";
            let name = if cookie { set.wire.value.clone() } else { set.wire.value.to_ascii_lowercase() };
            if !cookie {
                self.check_header(&set.wire, redirects);
            } else if !is_token(&name) {
                self.report_name("cookie", &set.wire.value, set.wire.span);
            }
            if let Some(first) = seen.insert((cookie, name.clone()), set.wire.span) {
                let what = if cookie { "cookie" } else { "header" };
                let message = format!("the {what} `{}` is set twice", set.wire.value);
                self.report(
                    Diagnostic::new(Code::GW0513, message, set.wire.span, "again").also(first, "the first is here"),
                );
            }
            let value = self.expr(&set.value);
            let value = if self.is_header_value(&value, set.span) { value } else { invalid(value.span) };
            with.push(WithSet { name, cookie, value });
        }
        with
    }

    fn check_header(&mut self, written: &ast::Text, redirects: bool) {
        let (name, span) = (written.value.to_ascii_lowercase(), written.span);
        let name = name.as_str();
        if !is_token(name) {
            return self.report_name("header", &written.value, span);
        }
        let why = if FRAMING.contains(&name) {
            "frames the message or holds for one connection: HTTP sets it"
        } else if OURS.contains(&name) {
            "is set by the gateway itself"
        } else if name == "set-cookie" {
            "is written as `with cookie \"name\" = value`"
        } else if name == "location" && redirects {
            "is what `redirect` sets"
        } else {
            return;
        };
        let message = format!("the header `{}` can't be set here", written.value);
        self.report(Diagnostic::new(Code::GW0513, message, span, why));
    }

    fn report_name(&mut self, what: &str, name: &str, span: Span) {
        self.report(
            Diagnostic::new(Code::GW0513, format!("`{name}` is no name of a {what}"), span, "not a token")
                .note("a name is made of letters, digits and `!#$%&'*+-.^_`|~`"),
        );
    }

    /// A header's value has a text, or is null and left out.
    fn is_header_value(&mut self, value: &Expr, span: Span) -> bool {
        let ty = match self.structure(&value.ty) {
            Ty::Unknown => return false,
            Ty::Null => return true,
            Ty::Optional(inner) => self.structure(inner),
            ty => ty,
        };
        let message = match ty {
            Ty::Enum(_) => return true,
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) if *scalar != Scalar::Json => match &value.kind {
                ExprKind::Literal(Value::String(text)) if text.contains(char::is_control) => {
                    "a header is one line, and this has a control character".to_owned()
                }
                _ => return true,
            },
            _ => format!("{} can't be written into a header", self.describe(&value.ty)),
        };
        self.report(
            Diagnostic::new(Code::GW0514, message, value.span, "expected a plain value")
                .also(span, "set here")
                .note("a header or cookie holds a plain value or an enum; one that is null is left out"),
        );
        false
    }
}

/// Whether a text fixes the host that a browser goes to; `whole`: nothing follows it.
fn is_fixed(text: &str, whole: bool) -> bool {
    if let Some(rest) = text.strip_prefix('/') {
        return match rest.chars().next() {
            Some(next) => next != '/' && next != '\\',
            None => whole,
        };
    }
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let host_end = rest.find(['/', '?', '#', '\\']);
    match host_end {
        Some(end) => end > 0,
        None => whole && !rest.is_empty(),
    }
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_fixed_or_not() {
        for text in ["/items/", "https://example.com/", "http://a?x=", "/i"] {
            assert!(is_fixed(text, false), "{text}");
        }
        for text in ["/", "//", "/\\evil", "https://example.com", "https://", "items/", "javascript:"] {
            assert!(!is_fixed(text, false), "{text}");
        }
        assert!(is_fixed("https://example.com", true) && is_fixed("/", true));
    }
}
