//! The routes of a gateway for people, and a `curl` line that one can try at once.

use gatewright_compiler::model::{
    Constraint, EndpointHead, Method, Model, Param, ParamPlace, Scalar, Segment, Ty, TypeDeclKind,
};
use gatewright_compiler::plan::Plan;

/// How deep an example's objects may nest.
const DEPTH: usize = 6;

/// `GET   /frontpage/{id_user}   frontpage`, a line each.
pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let heads = || plan.endpoints.iter().map(|endpoint| &endpoint.head);
    let width = heads().map(|head| head.path.text.len()).max().unwrap_or(0);
    heads().map(|head| format!("{:<7} {:<width$}  {}", method(head.method), head.path.text, head.name)).collect()
}

/// The method as it stands in a request.
pub(crate) const fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
        Method::Any => "ANY",
    }
}

/// A request to try, for the first endpoint for which an example can be made up.
pub(crate) fn curl(plan: &Plan, address: &str) -> Option<String> {
    plan.endpoints.iter().find_map(|endpoint| request(&plan.model, &endpoint.head, address))
}

fn request(model: &Model, head: &EndpointHead, address: &str) -> Option<String> {
    let example = |param: &Param| text(model, &param.ty);
    let mut url = address.to_owned();
    for segment in &head.path.segments {
        url.push('/');
        match segment {
            Segment::Literal(text) => url.push_str(text),
            Segment::Param(place) | Segment::Rest(place) => url.push_str(&encoded(&example(head.params.get(*place)?)?)),
        }
    }
    let mut words = vec!["curl -i".to_owned()];
    if !matches!(head.method, Method::Get | Method::Any) {
        words.push(format!("-X {}", method(head.method)));
    }
    let mut queries = Vec::new();
    for param in head.params.iter().filter(|param| param.default.is_none() && !matches!(param.ty, Ty::Optional(_))) {
        match &param.place {
            ParamPlace::Path => {}
            ParamPlace::Query(name) => queries.push(format!("{}={}", encoded(name), encoded(&example(param)?))),
            ParamPlace::Header(name) => words.push(format!("-H {}", quoted(&format!("{name}: {}", example(param)?)))),
            ParamPlace::Cookie(name) => words.push(format!("-b {}", quoted(&format!("{name}={}", example(param)?)))),
            ParamPlace::Body => {
                let body = quoted(&json(model, &param.ty, DEPTH)?);
                words.push(format!("-H 'content-type: application/json' -d {body}"));
            }
        }
    }
    words.push(if queries.is_empty() { url } else { quoted(&format!("{url}?{}", queries.join("&"))) });
    Some(words.join(" "))
}

/// An example as text, for a path, a query, a header.
fn text(model: &Model, ty: &Ty) -> Option<String> {
    let json = json(model, ty, DEPTH)?;
    let text = json.trim_matches('"');
    (!text.starts_with(['{', '['])).then(|| text.to_owned())
}

/// An example of a type in JSON; nothing where none can be made up.
fn json(model: &Model, ty: &Ty, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match ty {
        Ty::Scalar(kind) => scalar(*kind, &Constraint::default()),
        Ty::Constrained(kind, constraint) => scalar(*kind, constraint),
        Ty::Alias(id) | Ty::Object(id) | Ty::Enum(id) => match &model.types.get(id.0)?.kind {
            TypeDeclKind::Alias { base } => json(model, base, depth),
            TypeDeclKind::Enum { variants, .. } => Some(format!("\"{}\"", variants.first()?.wire)),
            TypeDeclKind::Object { fields, .. } => {
                let needed =
                    fields.iter().filter(|field| field.default.is_none() && !matches!(field.ty, Ty::Optional(_)));
                let entries =
                    needed.map(|field| Some(format!("\"{}\":{}", field.wire, json(model, &field.ty, depth)?)));
                Some(format!("{{{}}}", entries.collect::<Option<Vec<_>>>()?.join(",")))
            }
        },
        Ty::List(element, bounds) => {
            let element = json(model, element, depth)?;
            let count = usize::try_from(bounds.min.clamp(1, 10)).ok()?;
            (bounds.min <= 10).then(|| format!("[{}]", vec![element; count].join(",")))
        }
        Ty::Map(_) => Some("{}".to_owned()),
        Ty::Optional(_) => Some("null".to_owned()),
        Ty::Unknown | Ty::Null | Ty::Built(_) | Ty::Keyed { .. } => None,
    }
}

fn scalar(kind: Scalar, constraint: &Constraint) -> Option<String> {
    if constraint.pattern.is_some() {
        return None;
    }
    let bound = |text: &Option<String>| text.as_ref().map(|text| text.parse::<i64>()).transpose().ok();
    match kind {
        Scalar::Int | Scalar::Float | Scalar::Decimal => {
            let (least, most) = (bound(&constraint.min)?, bound(&constraint.max)?);
            Some(7_i64.max(least.unwrap_or(i64::MIN)).min(most.unwrap_or(i64::MAX)).to_string())
        }
        Scalar::String | Scalar::Path => {
            let (least, most) = (bound(&constraint.min)?, bound(&constraint.max)?);
            let mut word: String = "example".chars().take(usize::try_from(most.unwrap_or(7)).ok()?).collect();
            while word.len() < usize::try_from(least.unwrap_or(0)).ok()?.min(200) {
                word.push('x');
            }
            Some(format!("\"{word}\""))
        }
        Scalar::Bool => Some("true".to_owned()),
        Scalar::Json => Some("{}".to_owned()),
        Scalar::Time => Some("\"2026-01-31T12:00:00Z\"".to_owned()),
        Scalar::Date => Some("\"2026-01-31\"".to_owned()),
        Scalar::Uuid => Some("\"0190a2c4-7b1e-7c3a-9d5f-2f6e8b1a4c7d\"".to_owned()),
        Scalar::Url => Some("\"https://example.com/\"".to_owned()),
    }
}

/// Percent-encoded for a path or a query.
fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// In quotes for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
