//! The rules of bodies, on whole programs.

use crate::compile;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::files::MemoryFiles;
use crate::model::Ty;
use crate::typed::{Endpoint, Expr, ExprKind, Outcome, Statement};

mod orders;
mod rules;
mod storefront;

/// The endpoints of a program that must be right, and its warnings.
fn right(text: &str) -> (Vec<Endpoint>, Vec<Diagnostic>) {
    let compiled = compile(&MemoryFiles::one("main.gw", text), "main.gw");
    let shown: Vec<String> = compiled.diagnostics.iter().map(|it| format!("{} {}", it.code, it.message)).collect();
    let typed = compiled.typed.unwrap_or_else(|| panic!("should compile: {shown:#?}\n{text}"));
    for endpoint in &typed.endpoints {
        each_value(endpoint, &mut |expr| {
            assert!(expr.kind != ExprKind::Invalid && expr.ty != Ty::Unknown, "{expr:?} without an error\n{text}");
        });
    }
    (typed.endpoints, compiled.diagnostics)
}

/// Every expression of an endpoint.
fn each_value(endpoint: &Endpoint, seen: &mut dyn FnMut(&Expr)) {
    fn within(expr: &Expr, seen: &mut dyn FnMut(&Expr)) {
        seen(expr);
        for part in super::walk::children(expr) {
            within(part, seen);
        }
    }
    fn answered(outcome: &Outcome, seen: &mut dyn FnMut(&Expr)) {
        match outcome {
            Outcome::Respond { body, with, .. } => {
                body.iter().chain(with.iter().map(|set| &set.value)).for_each(|expr| within(expr, seen));
            }
            Outcome::Redirect { target, with, .. } => {
                std::iter::once(target).chain(with.iter().map(|set| &set.value)).for_each(|expr| within(expr, seen));
            }
            Outcome::Reject(_) => {}
            Outcome::If { condition, then, otherwise } => {
                within(condition, seen);
                answered(then, seen);
                answered(otherwise, seen);
            }
        }
    }
    for statement in &endpoint.statements {
        match statement {
            Statement::Let { value, .. } | Statement::Require { value, .. } => within(value, seen),
            Statement::Check { condition, .. } => within(condition, seen),
        }
    }
    answered(&endpoint.outcome, seen);
}

/// Code and marked text of every error of a program.
fn errors(text: &str) -> Vec<(Code, String)> {
    let compiled = compile(&MemoryFiles::one("main.gw", text), "main.gw");
    let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
    let marked = errors.map(|diagnostic| {
        let span = diagnostic.primary().expect("a diagnostic has a place");
        (diagnostic.code, compiled.sources.slice(span).to_owned())
    });
    marked.collect()
}

/// A typed expression as short text: `list.map(line => { quantity: line.quantity })`.
fn shown(expr: &Expr, endpoint: &Endpoint) -> String {
    let show = |expr: &Expr| shown(expr, endpoint);
    let name = |id: &crate::typed::LocalId| endpoint.local_names[id.0].clone();
    match &expr.kind {
        ExprKind::Invalid => "!".to_owned(),
        ExprKind::Literal(value) => literal(value),
        ExprKind::Text(parts) => {
            let parts = parts.iter().map(|part| match part {
                crate::typed::TextPart::Literal(text) => text.clone(),
                crate::typed::TextPart::Value(value) => format!("{{{}}}", show(value)),
            });
            format!("\"{}\"", parts.collect::<String>())
        }
        ExprKind::Param(id) => endpoint.head.params[id.0].name.clone(),
        ExprKind::Let(id) => match &endpoint.statements[id.0] {
            Statement::Let { name, .. } => name.clone(),
            _ => "?".to_owned(),
        },
        ExprKind::Local(id) => name(id),
        ExprKind::Field { base, name } => format!("{}.{name}", show(base)),
        ExprKind::Call(call) => {
            let args: Vec<String> = call.args.iter().map(show).collect();
            format!("call{}({}){}", call.operation.0, args.join(", "), if call.optional { "?" } else { "" })
        }
        ExprKind::Apply { function, args } => {
            format!("{}({})", function.name, args.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Bind { value, item, body } => format!("bind {} = {} in {}", name(item), show(value), show(body)),
        ExprKind::Map { list, item, body, at_most } => {
            let most = at_most.map_or_else(String::new, |most| format!(" at most {most}"));
            format!("map {} in {}: {}{most}", name(item), show(list), show(body))
        }
        ExprKind::ByElement { list, what, item, by } => {
            format!("{what:?} {} in {}: {}", name(item), show(list), show(by))
        }
        ExprKind::OfList { list, what } => format!("{what:?} of {}", show(list)),
        ExprKind::Present { value, item, body } => format!("present {} = {}: {}", name(item), show(value), show(body)),
        ExprKind::OrElse { value, default } => format!("({} or {})", show(value), show(default)),
        ExprKind::Slice { list, from, to } => {
            let end = |end: &Option<Box<Expr>>| end.as_ref().map_or_else(String::new, |end| show(end));
            format!("{}[{}..{}]", show(list), end(from), end(to))
        }
        ExprKind::Index { base, index } => format!("{}[{}]", show(base), show(index)),
        ExprKind::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|it| format!("{}: {}", it.key, show(&it.value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        ExprKind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        ExprKind::Reveal(inner) => format!("reveal {}", show(inner)),
        ExprKind::Concat(lists) => format!("concat({})", lists.iter().map(show).collect::<Vec<_>>().join(", ")),
        ExprKind::Not(inner) => format!("!{}", show(inner)),
        ExprKind::Negate(inner) => format!("-{}", show(inner)),
        ExprKind::Arithmetic { operator, left, right } => format!("({} {operator:?} {})", show(left), show(right)),
        ExprKind::Compare { operator, left, right } => format!("({} {operator:?} {})", show(left), show(right)),
        ExprKind::In { item, list, .. } => format!("({} in {})", show(item), show(list)),
        ExprKind::And(left, right) => format!("({} && {})", show(left), show(right)),
        ExprKind::Or(left, right) => format!("({} || {})", show(left), show(right)),
        ExprKind::If { condition, then, otherwise } => {
            format!("if {} then {} else {}", show(condition), show(then), show(otherwise))
        }
    }
}

fn literal(value: &crate::model::Value) -> String {
    use crate::model::Value;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => text.clone(),
        Value::String(text) => format!("{text:?}"),
        Value::Variant(id, at) => format!("variant {} {at}", id.0),
        Value::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
    }
}

/// The body of the answer of an endpoint that responds.
fn answer(endpoint: &Endpoint) -> &Expr {
    match &endpoint.outcome {
        Outcome::Respond { body: Some(body), .. } => body,
        other => panic!("answers with {other:?}"),
    }
}

/// The answer of the one endpoint whose body this is.
fn answer_of(declarations: &str, head: &str, body: &str) -> String {
    let (endpoints, _) = right(&program(declarations, head, body));
    let endpoint = endpoints.first().expect("one endpoint");
    shown(answer(endpoint), endpoint)
}

fn program(declarations: &str, head: &str, body: &str) -> String {
    format!("gateway Shop {{ listen \"127.0.0.1:8080\" }}\n{declarations}\nendpoint {head} {{\npublic\n{body}\n}}\n")
}
