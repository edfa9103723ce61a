//! What the compiler knows of an endpoint, as data: its calls as a graph, where each setting came from, and what was proved.
//!
//! `gw explain` shows it as text, as JSON and as a diagram; [`text`] and [`mermaid`] write the first and the last.

pub mod mermaid;
pub mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Access, Config, Method, Model, Param, Setting, Source};
use crate::plan::print::{Printer, operation_name, type_name};
use crate::plan::{EndpointPlan, Flow, Plan, Step, StepId, StepKind, walk};
use crate::source::{SourceMap, Span};

/// One endpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Its name.
    pub name: String,
    /// Its method: `GET`, or `ANY`.
    pub method: &'static str,
    /// Its path, groups' prefixes included.
    pub path: String,
    /// Where it is written: `shop.gw:14:1`.
    pub place: String,
    /// The documentation above it.
    pub docs: Vec<String>,
    /// Its parameters: `id_user: UserId, in the path`.
    pub parameters: Vec<String>,
    /// Who may call it, its time, its body.
    pub settings: Vec<SettingLine>,
    /// Its calls and guards, in source order.
    pub steps: Vec<StepLine>,
    /// The time that its calls may take by their own timeouts on the longest path, ms; none where its own timeout alone bounds it.
    pub worst_time_ms: Option<u64>,
    /// How many upstream calls one request may make.
    pub calls: u64,
    /// How many of them may run at once.
    pub calls_at_once: u64,
    /// How many bytes of answers it may hold at once.
    pub buffered_bytes: u64,
}

/// A setting, its value and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingLine {
    /// Its name.
    pub name: &'static str,
    /// Its value, as people write it.
    pub value: String,
    /// Who said so: `gateway, shop.gw:5:5`, `default`.
    pub source: String,
}

/// One call, fan-out or guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepLine {
    /// Its name.
    pub name: String,
    /// `call`, `for each`, `check`.
    pub kind: &'static str,
    /// What it does, as people would write it.
    pub what: String,
    /// `GET /users/{id}`, of a call.
    pub request: Option<String>,
    /// When it can start, from 1: after all of a lower stage that it waits for.
    pub stage: usize,
    /// The steps that it waits for.
    pub waits_for: Vec<String>,
    /// Its own timeout.
    pub timeout: Option<SettingLine>,
    /// What is read of its answer.
    pub reads: Option<String>,
    /// What happens when it fails.
    pub on_failure: String,
    /// The steps made for each element.
    pub inner: Vec<StepLine>,
}

/// Every endpoint of a plan.
pub fn explain(plan: &Plan, sources: &SourceMap) -> Vec<Explanation> {
    plan.endpoints.iter().map(|endpoint| explain_endpoint(plan, endpoint, sources)).collect()
}

fn explain_endpoint(plan: &Plan, endpoint: &EndpointPlan, sources: &SourceMap) -> Explanation {
    let explainer = Explainer { model: &plan.model, printer: Printer { model: &plan.model, endpoint }, sources };
    let head = &endpoint.head;
    Explanation {
        name: head.name.clone(),
        method: method_name(head.method),
        path: head.path.text.clone(),
        place: sources.place(head.origin),
        docs: head.docs.clone(),
        parameters: head.params.iter().map(|param| explainer.parameter(param)).collect(),
        settings: vec![
            explainer.setting("access", access_name(head.access.value).to_owned(), &head.access),
            explainer.setting("timeout", config(&head.timeout.value, duration), &head.timeout),
            explainer.setting("body", config(&head.body.value, size), &head.body),
        ],
        steps: explainer.steps(&endpoint.flow),
        worst_time_ms: endpoint.proof.time,
        calls: endpoint.proof.calls,
        calls_at_once: endpoint.proof.calls_at_once,
        buffered_bytes: endpoint.proof.buffered,
    }
}

struct Explainer<'a> {
    model: &'a Model,
    printer: Printer<'a>,
    sources: &'a SourceMap,
}

impl Explainer<'_> {
    fn parameter(&self, param: &Param) -> String {
        use crate::model::ParamPlace;
        let place = match &param.place {
            ParamPlace::Path => "in the path".to_owned(),
            ParamPlace::Query(wire) => format!("query {wire:?}"),
            ParamPlace::Header(wire) => format!("header {wire:?}"),
            ParamPlace::Cookie(wire) => format!("cookie {wire:?}"),
            ParamPlace::Body => "the body".to_owned(),
        };
        format!("{}: {}, {place}", param.name, type_name(self.model, &param.ty))
    }

    fn setting<T>(&self, name: &'static str, value: String, setting: &Setting<T>) -> SettingLine {
        SettingLine { name, value, source: self.source(&setting.source, setting.origin) }
    }

    fn source(&self, source: &Source, origin: Option<Span>) -> String {
        let who = match source {
            Source::Default => "default".to_owned(),
            Source::Gateway => "gateway".to_owned(),
            Source::Group(prefix) => format!("group {prefix:?}"),
            Source::Policy(name) => format!("policy {name}"),
            Source::Endpoint => "endpoint".to_owned(),
            Source::Service => "service".to_owned(),
            Source::Operation => "operation".to_owned(),
        };
        origin.map_or_else(|| who.clone(), |origin| format!("{who}, {}", self.sources.place(origin)))
    }

    fn steps(&self, flow: &Flow) -> Vec<StepLine> {
        // What can start once a step is over; a value takes no time.
        let mut after = BTreeMap::new();
        flow.steps
            .iter()
            .map(|step| {
                let stage = stage(step, &after);
                let takes_time = !matches!(step.kind, StepKind::Compute { .. });
                after.insert(step.id, stage + usize::from(takes_time));
                self.step(step, stage)
            })
            .collect()
    }

    fn step(&self, step: &Step, stage: usize) -> StepLine {
        let mut line = StepLine {
            name: step.name.clone(),
            kind: "check",
            what: self.printer.step_alone(step),
            request: None,
            stage,
            waits_for: step.needs.iter().chain(&step.after).map(|id| self.printer.step_name(*id)).collect(),
            timeout: None,
            reads: None,
            on_failure: String::new(),
            inner: Vec::new(),
        };
        match &step.kind {
            StepKind::Call { operation, optional, reads, .. } => {
                line.kind = "call";
                line.reads = Some(self.printer.reads(*reads));
                if let Some(operation) = self.model.operations.get(operation.0) {
                    line.request = Some(format!("{} {}", method_name(operation.method), operation.path.text));
                    line.timeout = operation
                        .timeout
                        .as_ref()
                        .map(|timeout| self.setting("timeout", config(&timeout.value, duration), timeout));
                    line.on_failure = on_failure(*optional, &operation.absent, &operation.relay);
                }
            }
            StepKind::Each { flow, .. } => {
                line.kind = "for each";
                line.inner = self.steps(flow);
                "as its calls".clone_into(&mut line.on_failure);
            }
            StepKind::Compute { value, .. } => {
                line.kind = "value";
                if walk::may_fail(value) {
                    "the client gets 500".clone_into(&mut line.on_failure);
                }
            }
            StepKind::Check { refusal, .. } | StepKind::Require { refusal, .. } => {
                line.on_failure = match &refusal.reason {
                    Some(reason) => format!("the client gets {} {reason:?}", refusal.status),
                    None => format!("the client gets {}", refusal.status),
                };
            }
        }
        line
    }
}

fn stage(step: &Step, after: &BTreeMap<StepId, usize>) -> usize {
    step.needs.iter().chain(&step.after).filter_map(|id| after.get(id)).max().copied().unwrap_or(1)
}

fn on_failure(optional: bool, absent: &[u16], relay: &[u16]) -> String {
    let statuses = |list: &[u16]| list.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let mut text = String::new();
    if !absent.is_empty() {
        text = format!("{} is null; ", statuses(absent));
    }
    if !relay.is_empty() {
        text = format!("{text}{} goes on to the client; ", statuses(relay));
    }
    let rest = if optional { "null, and Gateway-Completed: false" } else { "the client gets 502, 503 or 504" };
    format!("{text}{rest}")
}

/// `GET`, `ANY`
pub fn method_name(method: Method) -> &'static str {
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

fn access_name(access: Access) -> &'static str {
    match access {
        Access::Public => "public",
    }
}

fn config<T: Copy>(value: &Config<T>, show: fn(T) -> String) -> String {
    match value {
        Config::Literal(value) => show(*value),
        Config::Env { name, default: Some(default) } => format!("env {name}, or {}", show(*default)),
        Config::Env { name, default: None } => format!("env {name}"),
    }
}

/// Milliseconds as people write them: `500ms`, `2s`.
pub fn duration(millis: u64) -> String {
    if millis.is_multiple_of(1000) && millis > 0 { format!("{}s", millis / 1000) } else { format!("{millis}ms") }
}

/// Bytes as people write them: `64kib`, `8mib`.
pub fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    if bytes >= MIB && bytes.is_multiple_of(MIB) {
        format!("{}mib", bytes / MIB)
    } else if bytes >= KIB && bytes.is_multiple_of(KIB) {
        format!("{}kib", bytes / KIB)
    } else {
        format!("{bytes} bytes")
    }
}

/// `Users.user`, for shells that name an operation.
pub fn operation(model: &Model, id: crate::model::OperationId) -> String {
    operation_name(model, id)
}
