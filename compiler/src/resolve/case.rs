//! How names are written: types and services Capitalised, everything else lower case, and none that the language has taken.

use super::{Declared, DeclaredType};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Scalar;
use crate::syntax::ast;

/// Checks the names of all declarations, and of their fields, variants and parameters.
pub(super) fn check(declared: &Declared<'_>, diagnostics: &mut Diagnostics) {
    for gateway in &declared.gateways {
        capitalised(&gateway.item.name, "a gateway", diagnostics);
    }
    for (item, _) in &declared.types {
        not_builtin(item.name(), diagnostics);
        match item {
            DeclaredType::Type(item) => check_type(item, diagnostics),
            DeclaredType::Enum(item) => {
                capitalised(&item.name, "an enum", diagnostics);
                for variant in &item.variants {
                    wire_name(&variant.name, variant.wire.is_some(), "a variant", diagnostics);
                }
            }
        }
    }
    for service in &declared.services {
        not_builtin(&service.item.name, diagnostics);
        capitalised(&service.item.name, "a service", diagnostics);
        for operation in &service.item.operations {
            snake_case(&operation.head.name, "an operation", diagnostics);
            check_params(&operation.head, diagnostics);
        }
    }
    for policy in &declared.policies {
        snake_case(&policy.name, "a policy", diagnostics);
    }
    for endpoint in &declared.endpoints {
        snake_case(&endpoint.head.name, "an endpoint", diagnostics);
        check_params(&endpoint.head, diagnostics);
    }
}

fn check_type(item: &ast::TypeItem, diagnostics: &mut Diagnostics) {
    capitalised(&item.name, "a type", diagnostics);
    if let ast::TypeBody::Object { fields, .. } = &item.body {
        for field in fields {
            wire_name(&field.name, field.wire.is_some(), "a field", diagnostics);
        }
    }
}

fn check_params(head: &ast::Head, diagnostics: &mut Diagnostics) {
    for param in &head.params {
        if !starts_lower(&param.name.text) {
            let diagnostic = wrong_case(&param.name, "a parameter", "begins with a lower-case letter");
            diagnostics.push(diagnostic);
        }
    }
}

/// `User`, `UserId`: no lower-case letter first, no `_`.
fn capitalised(name: &ast::Name, noun: &str, diagnostics: &mut Diagnostics) {
    let right = !name.text.starts_with(|first: char| first.is_lowercase() || first == '_') && !name.text.contains('_');
    if !right {
        let better = upper_camel(&name.text);
        let mut diagnostic = wrong_case(name, noun, "is Capitalised and has no `_`");
        if !better.is_empty() {
            diagnostic =
                diagnostic.suggest(format!("call it `{better}`, here and where it is used"), name.span, better);
        }
        diagnostics.push(diagnostic);
    }
}

/// `order_page`: no capital at all.
fn snake_case(name: &ast::Name, noun: &str, diagnostics: &mut Diagnostics) {
    if name.text.chars().any(char::is_uppercase) {
        let better = snake(&name.text);
        diagnostics.push(wrong_case(name, noun, "is lower case, its words joined by `_`").suggest(
            format!("call it `{better}`, here and where it is used"),
            name.span,
            better,
        ));
    }
}

/// `price`, `firstName`: a field may be named as its JSON is, but not Capitalised.
fn wire_name(name: &ast::Name, has_wire: bool, noun: &str, diagnostics: &mut Diagnostics) {
    if starts_lower(&name.text) {
        return;
    }
    let better = snake(&name.text);
    let diagnostic = wrong_case(name, noun, "begins with a lower-case letter");
    diagnostics.push(if has_wire {
        diagnostic.suggest(format!("call it `{better}`"), name.span, better)
    } else {
        let title = format!("call it `{better}`, and keep `{}` in JSON", name.text);
        diagnostic.suggest(title, name.span, format!("\"{}\" {better}", name.text))
    });
}

fn starts_lower(text: &str) -> bool {
    !text.starts_with(char::is_uppercase)
}

fn wrong_case(name: &ast::Name, noun: &str, rule: &str) -> Diagnostic {
    Diagnostic::new(Code::GW0202, format!("{noun} can't be named `{}`", name.text), name.span, "has the wrong case")
        .note(format!("the name of {noun} {rule}"))
}

fn not_builtin(name: &ast::Name, diagnostics: &mut Diagnostics) {
    if Scalar::parse(&name.text).is_some() {
        let message = format!("`{}` is a type of the language", name.text);
        diagnostics.push(
            Diagnostic::new(Code::GW0203, message, name.span, "can't be declared anew")
                .note("a name that everybody knows must mean the same in every program"),
        );
    }
}

pub(super) fn upper_camel(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(letters.as_str());
    }
    out
}

fn snake(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut before_lower = false;
    for letter in text.chars() {
        if letter.is_uppercase() && before_lower {
            out.push('_');
        }
        before_lower = letter.is_lowercase() || letter.is_numeric();
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{snake, upper_camel};

    #[test]
    fn names_are_turned_to_the_right_case() {
        assert_eq!(upper_camel("user_id"), "UserId");
        assert_eq!(upper_camel("userID"), "UserID");
        assert_eq!(snake("OrderPage"), "order_page");
        assert_eq!(snake("HTTPProxy"), "httpproxy");
    }
}
