//! Services and their operations: addresses, paths, parameters, and what each status means.

use super::params::{self, Scope};
use super::paths::{self, Side};
use super::settings::{self, Place, SIZE, TIME};
use super::{addresses, later, types};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Config, Method, Operation, OperationId, PathPattern, Service, ServiceId, Setting, Source, Ty, TypeDecl,
};
use crate::resolve::{Declared, Names, docs_text};
use crate::source::Span;
use crate::syntax::ast::{self, SettingKind};

/// How long a connection may take where nobody says, ms.
const DEFAULT_CONNECT: u64 = 500;

/// How large an answer may be where nobody says, bytes.
const DEFAULT_RESPONSE: u64 = 8 * 1024 * 1024;

/// What operations inherit from their service.
struct Inherited {
    timeout: Option<Setting<Config<u64>>>,
    response: Setting<Config<u64>>,
}

/// All services and operations, by their ids.
pub(super) fn check(
    declared: &Declared<'_>,
    names: &Names,
    types: &[TypeDecl],
    diagnostics: &mut Diagnostics,
) -> (Vec<Service>, Vec<Operation>) {
    let mut services = Vec::new();
    let mut operations = Vec::new();
    for (id, service) in declared.services.iter().enumerate() {
        let (mut model, inherited) = check_service(service.item, names, diagnostics);
        model.docs = docs_text(service.docs);
        for operation in &service.item.operations {
            model.operations.push(OperationId(operations.len()));
            operations.push(check_operation(operation, ServiceId(id), &inherited, (names, types), diagnostics));
        }
        services.push(model);
    }
    (services, operations)
}

fn check_service(item: &ast::Service, names: &Names, diagnostics: &mut Diagnostics) -> (Service, Inherited) {
    let mut connect = default(DEFAULT_CONNECT);
    let mut inherited = Inherited { timeout: None, response: default(DEFAULT_RESPONSE) };
    for setting in settings::placed(&item.settings, Place::Service, names, diagnostics) {
        let from = |value| Setting { value, source: Source::Service, origin: Some(setting.span) };
        match &setting.kind {
            SettingKind::Connect(value) => {
                connect = settings::quantity(value, TIME, diagnostics).map_or(connect, from);
            }
            SettingKind::Timeout(value) => inherited.timeout = settings::quantity(value, TIME, diagnostics).map(from),
            SettingKind::Response(value) => {
                inherited.response = settings::quantity(value, SIZE, diagnostics).map_or(inherited.response, from);
            }
            _ => {}
        }
    }
    let service = Service {
        name: item.name.text.clone(),
        docs: Vec::new(),
        addresses: item.addresses.iter().filter_map(|address| addresses::check(address, diagnostics)).collect(),
        connect,
        operations: Vec::new(),
        origin: item.name.span,
    };
    (service, inherited)
}

fn default(value: u64) -> Setting<Config<u64>> {
    Setting { value: Config::Literal(value), source: Source::Default, origin: None }
}

fn check_operation(
    item: &ast::Operation,
    service: ServiceId,
    inherited: &Inherited,
    (names, types): (&Names, &[TypeDecl]),
    diagnostics: &mut Diagnostics,
) -> Operation {
    let head = &item.head;
    if let Some(format) = &item.format {
        later::format(format, diagnostics);
    }
    let method = operation_method(&head.method, diagnostics);
    let returns = head.returns.as_ref().map(|written| types::type_of(written, names, diagnostics));
    if let (Method::Head, Some(written)) = (method, &head.returns) {
        diagnostics.push(
            Diagnostic::new(Code::GW0407, "the answer to HEAD has no body", written.span, "has no value")
                .note("leave the type out: the call is made for its status"),
        );
    }
    let (params, path) = if head.method.text == "graphql" {
        // Its path is a query; the operation was refused, and calls of it are no second error.
        let scope = Scope { names, types, side: Side::Operation, method: Method::Post };
        (params::check(head, None, scope, diagnostics).0, PathPattern { text: String::new(), segments: Vec::new() })
    } else {
        let path = paths::parse(&head.path, Side::Operation, diagnostics);
        params::check(head, path.as_ref(), Scope { names, types, side: Side::Operation, method }, diagnostics)
    };
    let mut operation = Operation {
        service,
        name: head.name.text.clone(),
        docs: docs_text(&item.docs),
        method,
        path,
        params,
        returns,
        safe: matches!(method, Method::Get | Method::Head),
        timeout: inherited.timeout.clone(),
        response: inherited.response.clone(),
        absent: Vec::new(),
        relay: Vec::new(),
        origin: head.name.span,
    };
    read_settings(item.settings.as_deref().unwrap_or_default(), &mut operation, names, diagnostics);
    operation
}

/// The method of an operation, which is one.
fn operation_method(written: &ast::Name, diagnostics: &mut Diagnostics) -> Method {
    match method(&written.text) {
        Some(Method::Any) => {
            diagnostics.push(Diagnostic::new(
                Code::GW0415,
                "an operation has one method",
                written.span,
                "`ANY` is for endpoints",
            ));
            Method::Get
        }
        Some(method) => method,
        None => {
            later::word(written, diagnostics);
            Method::Post
        }
    }
}

/// The method of that name.
pub(super) fn method(text: &str) -> Option<Method> {
    Some(match text {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        "OPTIONS" => Method::Options,
        "ANY" => Method::Any,
        _ => return None,
    })
}

fn read_settings(settings: &[ast::Setting], operation: &mut Operation, names: &Names, diagnostics: &mut Diagnostics) {
    let mut relay: &[ast::Spanned<u16>] = &[];
    let mut absent: &[ast::Spanned<u16>] = &[];
    for setting in settings::placed(settings, Place::Operation, names, diagnostics) {
        let from = |value| Setting { value, source: Source::Operation, origin: Some(setting.span) };
        match &setting.kind {
            SettingKind::Timeout(value) => {
                if let Some(value) = settings::quantity(value, TIME, diagnostics) {
                    operation.timeout = Some(from(value));
                }
            }
            SettingKind::Response(value) => {
                if let Some(value) = settings::quantity(value, SIZE, diagnostics) {
                    operation.response = from(value);
                }
            }
            SettingKind::Relay(statuses) => relay = statuses,
            SettingKind::Absent(statuses) => {
                require_nullable(setting, operation, diagnostics);
                absent = statuses;
            }
            SettingKind::Idempotent if operation.safe => diagnostics.push(needless_idempotent(setting.span)),
            SettingKind::Idempotent => operation.safe = true,
            _ => {}
        }
    }
    let mut seen: Vec<(u16, Span)> = Vec::new();
    operation.relay = statuses(relay, &mut seen, diagnostics);
    operation.absent = statuses(absent, &mut seen, diagnostics);
}

fn needless_idempotent(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::GW0811,
        "`idempotent` says nothing new here",
        span,
        "GET and HEAD are idempotent by themselves",
    )
    .fix("leave it out", span, "")
}

/// What is absent is null, so the type must have a place for it.
fn require_nullable(setting: &ast::Setting, operation: &Operation, diagnostics: &mut Diagnostics) {
    let diagnostic = match &operation.returns {
        Some(Ty::Optional(_) | Ty::Unknown) => return,
        Some(_) => {
            Diagnostic::new(Code::GW0810, "`absent` makes null, and the type has no `?`", setting.span, "makes null")
        }
        None => Diagnostic::new(Code::GW0810, "`absent` makes null, and there is no type", setting.span, "makes null"),
    };
    diagnostics.push(
        diagnostic
            .also(operation.origin, "answers this operation")
            .note("write the type as `T?`, so that whoever calls it sees that there may be nothing"),
    );
}

/// The statuses of a list, sorted; each is in one list only, and once.
fn statuses(list: &[ast::Spanned<u16>], seen: &mut Vec<(u16, Span)>, diagnostics: &mut Diagnostics) -> Vec<u16> {
    let mut kept = Vec::new();
    for status in list {
        if !(400..=599).contains(&status.value) {
            let message = format!("`{}` is no status of a failure", status.value);
            diagnostics.push(Diagnostic::new(Code::GW0809, message, status.span, "from 400 to 599 is expected"));
            continue;
        }
        if let Some((_, first)) = seen.iter().find(|(value, _)| *value == status.value) {
            let message = format!("`{}` is named twice", status.value);
            diagnostics.push(
                Diagnostic::new(Code::GW0809, message, status.span, "again here")
                    .also(*first, "first here")
                    .note("a status is either passed on or means that there is nothing"),
            );
            continue;
        }
        seen.push((status.value, status.span));
        kept.push(status.value);
    }
    kept.sort_unstable();
    kept
}
