//! The module of one endpoint: its description, its parameters, its handler, and the readers that the handler needs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::context::Context;
use super::fits::Fits;
use super::flow::Rest;
use super::held::Held;
use super::layout::{self, docs};
use super::names::{self, Namer};
use super::scalar::{duration, number};
use super::service::method_tokens;
use super::site::Site;
use super::uses::Uses;
use super::value::{By, Scope, Value};
use crate::model::{Config, Method, OperationId, TypeId};
use crate::plan::{EndpointPlan, Expr, ExprKind, Flow, LocalId, NodeId, Step, StepId, StepKind};

/// The names of an endpoint's module that are taken before anything is written.
const TAKEN: &[&str] = &["Params", "Services", "ENDPOINT", "gw", "handle", "types"];

/// One endpoint while its module is being written.
pub(super) struct Endpoint<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) plan: &'a EndpointPlan,
    pub(super) uses: Uses,
    pub(super) fits: Fits,
    pub(super) site: Site<'a>,
    /// The names of what was generated for nodes.
    pub(super) node_names: RefCell<BTreeMap<NodeId, String>>,
    /// The nodes whose structs are written.
    pub(super) written: RefCell<BTreeSet<NodeId>>,
    /// The names of the structs of what is kept for each element of a list.
    results_names: BTreeMap<StepId, String>,
    /// The step of the list around each inner step.
    around: BTreeMap<StepId, StepId>,
    /// How many steps call each operation, those in lists counted twice.
    calls: BTreeMap<OperationId, usize>,
    steps: BTreeMap<StepId, &'a Step>,
}

/// Writes the module of an endpoint; the second part says whether it names declared types.
pub(super) fn module(context: &Context<'_>, index: usize) -> (Module, bool) {
    let plan = &context.plan.endpoints[index];
    let endpoint = Endpoint::new(context, plan);
    let static_item = endpoint.description();
    let (params, handle) = endpoint.handler();
    let mut items = vec![static_item, params, handle];
    items.extend(endpoint.results_structs());
    items.extend(endpoint.site.take_items());
    let types = endpoint.site.names_types();
    let types_import = types.then(|| quote! { , types });
    let name = context.names.endpoints.get(index).cloned().unwrap_or_default();
    let module = Module {
        name,
        docs: endpoint.docs(),
        imports: quote! { use super::{Services, gw #types_import}; },
        items: layout::spaced(items),
        children: Vec::new(),
    };
    (module, types)
}

impl<'a> Endpoint<'a> {
    fn new(context: &'a Context<'a>, plan: &'a EndpointPlan) -> Self {
        let reserved = TAKEN.iter().chain(names::PRELUDE).copied();
        let mut endpoint = Self {
            context,
            plan,
            uses: Uses::of(plan),
            fits: Fits::of(plan, context),
            site: Site::beside_types(context, Namer::reserving(reserved)),
            node_names: RefCell::default(),
            written: RefCell::default(),
            results_names: BTreeMap::new(),
            around: BTreeMap::new(),
            calls: BTreeMap::new(),
            steps: BTreeMap::new(),
        };
        endpoint.note_flow(&plan.flow, None);
        endpoint
    }

    fn note_flow(&mut self, flow: &'a Flow, around: Option<StepId>) {
        for step in &flow.steps {
            self.steps.insert(step.id, step);
            self.around.extend(around.map(|around| (step.id, around)));
            match &step.kind {
                StepKind::Call { operation, .. } => {
                    *self.calls.entry(*operation).or_default() += if around.is_some() { 2 } else { 1 };
                }
                StepKind::Each { flow, .. } => {
                    if self.uses.kept(flow).len() > 1 {
                        let name = self.site.pick(&names::pascal(&self.step_title(step))).to_string();
                        self.results_names.insert(step.id, name);
                    }
                    self.note_flow(flow, Some(step.id));
                }
                StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {}
            }
        }
    }

    /// Whether one request may make the same call again: then it is made once.
    pub(super) fn is_repeated(&self, _step: StepId, operation: OperationId) -> bool {
        self.context.operation(operation).safe && self.calls.get(&operation).is_some_and(|calls| *calls > 1)
    }

    // ── names ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// What a local is called: without the number that tells it from others in the plan, for here scopes do that.
    pub(super) fn local_name(&self, local: LocalId) -> &str {
        base(self.plan.local_names.get(local.0).map_or("value", String::as_str))
    }

    pub(super) fn results_name(&self, step: StepId) -> String {
        self.results_names.get(&step).cloned().unwrap_or_default()
    }

    /// What the results of one element are called: after the one call that they are of.
    pub(super) fn results_title(&self, list: &Expr) -> String {
        let mut list = list;
        while let ExprKind::Slice { list: inner, .. } | ExprKind::Known { value: inner, .. } = &list.kind {
            list = inner;
        }
        let (ExprKind::Step(step) | ExprKind::Made(step) | ExprKind::Inner { step, .. }) = &list.kind else {
            return "calls".to_owned();
        };
        let kept = match self.steps.get(step).map(|step| &step.kind) {
            Some(StepKind::Each { flow, .. }) => self.uses.kept(flow),
            _ => Vec::new(),
        };
        if let [only] = kept.as_slice() { base(&only.name).to_owned() } else { "calls".to_owned() }
    }

    /// A declared type, as this module writes it.
    pub(super) fn declared(&self, id: TypeId) -> TokenStream {
        self.site.type_path(id)
    }

    /// The value of an inner step, for the element whose results are `results`.
    pub(super) fn inner(&self, results: LocalId, step: StepId, scope: &Scope) -> Value {
        let kept = scope.local(results).or_else(|| scope.step(step));
        let Some(kept) = kept else { return Value::made(quote! { () }, Held::Unit) };
        let Held::Results(each) = kept.held else { return kept };
        let (Some(step), Some(each)) = (self.steps.get(&step), self.steps.get(&each)) else { return kept };
        let StepKind::Each { flow, .. } = &each.kind else { return kept };
        let field = names::ident(&kept_field(&self.uses.kept(flow), step.id));
        let tight = kept.within(super::value::Level::Postfix);
        Value::new(quote! { #tight.#field }, self.held_step(step), By::Place)
    }

    /// The structs of what is kept for each element of a list.
    fn results_structs(&self) -> Vec<TokenStream> {
        let structs = self.results_names.iter().filter_map(|(step, name)| {
            let StepKind::Each { flow, rows, .. } = &self.steps.get(step)?.kind else { return None };
            let kept = self.uses.kept(flow);
            let members = kept.iter().map(|step| {
                let field = names::ident(&kept_field(&kept, step.id));
                let held = self.rust_type(&self.held_step(step));
                quote! { #field: #held, }
            });
            let doc = format!(
                " What is called for each `{}`.",
                rows.columns.first().map_or("row", |item| self.local_name(*item))
            );
            let name = names::ident(name);
            Some(quote! { #[doc = #doc] struct #name { #(#members)* } })
        });
        structs.collect()
    }

    // ── parts of the module ──────────────────────────────────────────────────────────────────────────────────────

    fn docs(&self) -> Vec<String> {
        let head = &self.plan.head;
        let method = method_name(head.method);
        let mut docs = vec![format!("`{method} {}`, from {}.", head.path.text, self.context.line(head.origin))];
        if !head.docs.is_empty() {
            docs.push(String::new());
            docs.extend(head.docs.iter().cloned());
        }
        let failures = self.failures();
        if !failures.is_empty() {
            docs.push(String::new());
            docs.extend(failures);
        }
        docs
    }

    /// What the failure of each call does.
    fn failures(&self) -> Vec<String> {
        let mut required = Vec::new();
        let mut optional = Vec::new();
        for step in self.steps.values() {
            if let StepKind::Call { operation, optional: is_optional, .. } = &step.kind {
                let title = format!("`{}`", self.context.operation_title(*operation));
                let list = if *is_optional { &mut optional } else { &mut required };
                if !list.contains(&title) {
                    list.push(title);
                }
            }
        }
        let mut lines = Vec::new();
        if !required.is_empty() {
            lines.push(format!("Fails where {} fails.", joined(&required, "or")));
        }
        if !optional.is_empty() {
            lines.push(format!("Answers null for {} where that fails.", joined(&optional, "and")));
        }
        lines
    }

    fn description(&self) -> TokenStream {
        let head = &self.plan.head;
        let (name, path) = (&head.name, &head.path.text);
        let method = match head.method {
            Method::Any => quote! { None },
            method => {
                let method = method_tokens(method);
                quote! { Some(#method) }
            }
        };
        let timeout = duration(literal(&head.timeout.value));
        let body_limit = if self.plan.body.is_some() {
            number(&literal(&head.body.value).to_string())
        } else {
            quote! { 0 }
        };
        let max_calls = number(&self.plan.proof.calls.min(u64::from(u32::MAX)).to_string());
        let doc = docs([format!("How `{name}` is served.").as_str()]);
        quote! {
            #doc
            pub static ENDPOINT: gw::Endpoint = gw::Endpoint {
                name: #name,
                method: #method,
                path: #path,
                timeout: #timeout,
                body_limit: #body_limit,
                max_calls: #max_calls,
            };
        }
    }

    /// The parameters' struct and the handler.
    fn handler(&self) -> (TokenStream, TokenStream) {
        let mut scope = Scope::new();
        let (params, read) = self.params(&mut scope);
        let flow = self.flow(&self.plan.flow, Rest::Outcome(&self.plan.outcome), &mut scope);
        let outcome = self.outcome(&self.plan.outcome, &scope);
        let services = if self.steps.values().any(|step| matches!(step.kind, StepKind::Call { .. })) {
            quote! { services }
        } else {
            quote! { _services }
        };
        let body = layout::spaced([read, flow, outcome]);
        let doc = docs(["Answers one request."]);
        let handle = quote! {
            #doc
            pub async fn handle(#services: &Services, call: &gw::Call) -> Result<gw::Answer, gw::Error> {
                #body
            }
        };
        (params, handle)
    }
}

/// The field of a list element's results that keeps an inner step's value.
pub(super) fn kept_field(kept: &[&Step], id: StepId) -> String {
    let mut fields = Namer::default();
    let all = kept.iter().map(|step| (step.id, fields.pick(&names::snake(base(&step.name)))));
    all.filter(|(step, _)| *step == id).map(|(_, name)| name).last().unwrap_or_default()
}

/// A name without the number that tells it from others.
pub(super) fn base(name: &str) -> &str {
    let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
    name.rsplit_once('_').filter(|(start, end)| !start.is_empty() && is_number(end)).map_or(name, |(start, _)| start)
}

/// The value that a setting has where the environment says nothing.
pub(super) fn literal(config: &Config<u64>) -> u64 {
    match config {
        Config::Literal(value) => *value,
        Config::Env { default, .. } => default.unwrap_or(0),
    }
}

/// A method as HTTP writes it.
pub(super) fn method_name(method: Method) -> &'static str {
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

/// `a, b and c`
fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
