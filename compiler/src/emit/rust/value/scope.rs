//! What names stand for where an expression is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;

use super::{By, Value};
use crate::emit::rust::held::Held;
use crate::emit::rust::names::{self, Namer};
use crate::plan::{LocalId, ParamId, StepId};

/// A variable of generated code.
#[derive(Debug, Clone)]
pub(in super::super) struct Variable {
    pub(in super::super) name: String,
    pub(in super::super) held: Held,
    /// `Place`: it is the value; `Ref`: it refers to it; or a computed one.
    pub(in super::super) by: By,
}

/// Rows that were gathered in a variable.
#[derive(Debug, Clone)]
pub(in super::super) struct Gathered {
    pub(in super::super) name: String,
    /// What the columns of a row are; their names are the next user's to pick.
    pub(in super::super) columns: Vec<Variable>,
    /// Where the rows are in groups, what the key of a group is.
    pub(in super::super) group_key: Option<Variable>,
}

/// The variables that can be used at a place, and the names that are taken there.
#[derive(Debug, Clone)]
pub(in super::super) struct Scope {
    params: BTreeMap<ParamId, Variable>,
    steps: BTreeMap<StepId, Variable>,
    locals: BTreeMap<LocalId, Variable>,
    gathered: BTreeMap<LocalId, Gathered>,
    names: Namer,
    /// Every variable that was used so far, for closures that have to borrow them first.
    used: Rc<RefCell<BTreeSet<String>>>,
}

impl Scope {
    /// A scope with nothing in it but what a handler always has.
    pub(in super::super) fn new() -> Self {
        Self {
            params: BTreeMap::new(),
            steps: BTreeMap::new(),
            locals: BTreeMap::new(),
            gathered: BTreeMap::new(),
            names: Namer::reserving(names::HANDLER.iter().copied()),
            used: Rc::default(),
        }
    }

    /// A name that no variable here has; it is taken from now on.
    pub(in super::super) fn pick(&mut self, wanted: &str) -> String {
        self.names.pick(&names::snake(wanted))
    }

    /// A name that was chosen elsewhere.
    pub(in super::super) fn reserve(&mut self, name: &str) {
        self.names.reserve(name);
    }

    pub(in super::super) fn set_param(&mut self, param: ParamId, variable: Variable) {
        self.params.insert(param, variable);
    }

    pub(in super::super) fn set_step(&mut self, step: StepId, variable: Variable) {
        self.steps.insert(step, variable);
    }

    pub(in super::super) fn set_local(&mut self, local: LocalId, variable: Variable) {
        self.locals.insert(local, variable);
    }

    pub(in super::super) fn set_gathered(&mut self, local: LocalId, rows: Gathered) {
        self.gathered.insert(local, rows);
    }

    /// Rows that were gathered under a name.
    pub(in super::super) fn gathered(&self, local: LocalId) -> Option<&Gathered> {
        let found = self.gathered.get(&local)?;
        self.used.borrow_mut().insert(found.name.clone());
        Some(found)
    }

    pub(in super::super) fn variable(&self, local: LocalId) -> Option<&Variable> {
        self.locals.get(&local)
    }

    pub(in super::super) fn param(&self, param: ParamId) -> Option<Value> {
        self.params.get(&param).map(|variable| self.value(variable))
    }

    pub(in super::super) fn step(&self, step: StepId) -> Option<Value> {
        self.steps.get(&step).map(|variable| self.value(variable))
    }

    pub(in super::super) fn local(&self, local: LocalId) -> Option<Value> {
        self.locals.get(&local).map(|variable| self.value(variable))
    }

    /// The name of a parameter's variable.
    pub(in super::super) fn param_name(&self, param: ParamId) -> Option<&str> {
        self.params.get(&param).map(|variable| variable.name.as_str())
    }

    /// The name of a local's variable.
    pub(in super::super) fn local_name(&self, local: LocalId) -> Option<&str> {
        self.locals.get(&local).map(|variable| variable.name.as_str())
    }

    /// The name of a step's variable.
    pub(in super::super) fn step_name(&self, step: StepId) -> Option<&str> {
        self.steps.get(&step).map(|variable| variable.name.as_str())
    }

    fn value(&self, variable: &Variable) -> Value {
        self.used.borrow_mut().insert(variable.name.clone());
        let name = names::ident(&variable.name);
        Value::new(quote! { #name }, variable.held.clone(), variable.by)
    }

    /// The same scope inside a closure that is called many times: what is held here is only referred to there.
    pub(in super::super) fn borrowed(&self, is_copy: impl Fn(&Held) -> bool) -> Self {
        let mut inner = self.clone();
        let tables = [
            inner.params.values_mut().collect::<Vec<_>>(),
            inner.steps.values_mut().collect(),
            inner.locals.values_mut().collect(),
        ];
        for variable in tables.into_iter().flatten() {
            if variable.by == By::Place && !is_copy(&variable.held) {
                variable.by = By::Ref;
            }
        }
        inner.used = Rc::default();
        inner
    }

    /// The variables of this scope that `inner`, made by [`Scope::borrowed`], used and has to borrow: `let a = &a;`.
    pub(in super::super) fn borrows(&self, inner: &Self, is_copy: impl Fn(&Held) -> bool) -> TokenStream {
        let used = inner.used.borrow();
        self.used.borrow_mut().extend(used.iter().cloned());
        let all = self.params.values().chain(self.steps.values()).chain(self.locals.values());
        let owned: BTreeSet<&str> = all
            .filter(|variable| variable.by == By::Place && !is_copy(&variable.held) && used.contains(&variable.name))
            .map(|variable| variable.name.as_str())
            .collect();
        let names = owned.into_iter().map(names::ident);
        quote! { #(let #names = &#names;)* }
    }
}
