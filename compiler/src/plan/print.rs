//! The plan as text: for tests, and for `gw explain`.

use std::fmt::Write as _;

use super::{
    Arithmetic, Block, Comparison, Condition, EndpointPlan, Expr, ExprKind, Flow, Fold, Gathering, NodeId, Outcome,
    Part, Plan, Rows, Stage, Step, StepId, StepKind, Take, TextPart,
};
use crate::model::{Model, Ty, Value};

/// The whole plan, an endpoint after the other.
pub fn print(plan: &Plan) -> String {
    plan.endpoints.iter().map(|endpoint| print_endpoint(&plan.model, endpoint)).collect::<Vec<_>>().join("\n")
}

/// One endpoint: its steps, the order in which they run, and what it answers.
pub fn print_endpoint(model: &Model, endpoint: &EndpointPlan) -> String {
    let printer = Printer { model, endpoint };
    let mut text = format!("endpoint {} {:?} {}\n", endpoint.head.name, endpoint.head.method, endpoint.head.path.text);
    printer.flow(&endpoint.flow, 1, &mut text);
    printer.outcome(&endpoint.outcome, 1, &mut text);
    text
}

/// Writes the parts of one endpoint as text.
pub struct Printer<'a> {
    /// The names of what it calls.
    pub model: &'a Model,
    /// The endpoint.
    pub endpoint: &'a EndpointPlan,
}

impl Printer<'_> {
    fn flow(&self, flow: &Flow, depth: usize, text: &mut String) {
        let pad = "  ".repeat(depth);
        for step in &flow.steps {
            let _ = writeln!(text, "{pad}{}", self.step(step));
            match &step.kind {
                StepKind::Call { reads, .. } => {
                    let _ = writeln!(text, "{pad}  reads {}", self.reads(*reads));
                }
                StepKind::Each { flow, .. } => self.flow(flow, depth + 1, text),
                StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {}
            }
        }
        for block in &flow.blocks {
            let _ = match block {
                Block::One(id) => writeln!(text, "{pad}run {}", self.step_name(*id)),
                Block::Together(ids) => writeln!(text, "{pad}run together {}", self.step_names(ids)),
            };
        }
    }

    /// One step on one line: its value, its conditions, and what it waits for.
    pub fn step(&self, step: &Step) -> String {
        let mut line = self.step_alone(step);
        for (word, steps) in [("needs", &step.needs), ("after", &step.after), ("yields to", &step.yields_to)] {
            if !steps.is_empty() {
                let _ = write!(line, ", {word} {}", self.step_names(steps));
            }
        }
        line
    }

    /// One step on one line: its value and its conditions.
    pub fn step_alone(&self, step: &Step) -> String {
        let mut line = match &step.kind {
            StepKind::Call { operation, args, optional, .. } => {
                let mark = if *optional { "?" } else { "" };
                format!("{} = {}({}){mark}", step.name, operation_name(self.model, *operation), self.list(args))
            }
            StepKind::Each { rows, at_most, .. } => {
                format!("{} = for each {}, at most {at_most} at once", step.name, self.each_rows(rows))
            }
            StepKind::Compute { value, .. } => format!("{} = {}", step.name, self.expr(value)),
            StepKind::Check { condition, refusal } => {
                format!("{}: check {} else {}", step.name, self.expr(condition), refusal.status)
            }
            StepKind::Require { value, item, refusal } => {
                format!("{}: {} = {} else {}", step.name, self.local(*item), self.expr(value), refusal.status)
            }
        };
        for condition in &step.when {
            let _ = write!(line, ", where {}", self.condition(condition));
        }
        line
    }

    /// What is read of a value: `{ id, name }` of a selection that is copied, `id 7` …
    pub fn reads(&self, node: NodeId) -> String {
        let node = self.endpoint.readings.get(node);
        match &node.take {
            Take::Nothing => "nothing".to_owned(),
            Take::Copy => "copy".to_owned(),
            Take::Decode => "value".to_owned(),
            Take::Whole => "whole".to_owned(),
            Take::Part { item, body } => format!("copy {} => {}", self.local(*item), self.expr(body)),
            Take::Object { fields, whole } => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, node)| format!("{name}: {}", self.reads(*node))).collect();
                format!("{{ {} }}{}", fields.join(", "), if *whole { " and whole" } else { "" })
            }
            Take::List(element) => format!("[{}]", self.reads(*element)),
            Take::Map(value) => format!("{{String: {}}}", self.reads(*value)),
            Take::Optional(inner) => format!("({})?", self.reads(*inner)),
        }
    }

    fn outcome(&self, outcome: &Outcome, depth: usize, text: &mut String) {
        let pad = "  ".repeat(depth);
        let _ = match outcome {
            Outcome::Respond { status, body, .. } => {
                let body = body.as_ref().map_or_else(String::new, |body| self.expr(body));
                writeln!(text, "{pad}respond {status} {body}")
            }
            Outcome::Redirect { status, target, .. } => writeln!(text, "{pad}redirect {status} {}", self.expr(target)),
            Outcome::Reject(refusal) => writeln!(text, "{pad}reject {}", refusal.status),
            Outcome::If { condition, then, otherwise } => {
                let _ = writeln!(text, "{pad}if {}", self.expr(condition));
                self.outcome(then, depth + 1, text);
                let _ = writeln!(text, "{pad}else");
                self.outcome(otherwise, depth + 1, text);
                return;
            }
        };
        if let Outcome::Respond { with, .. } | Outcome::Redirect { with, .. } = outcome {
            for set in with {
                let place = if set.cookie { "cookie" } else { "header" };
                let _ = writeln!(text, "{pad}  with {place} {:?} = {}", set.name, self.expr(&set.value));
            }
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Holds(expr) => self.expr(expr),
            Condition::Fails(expr) => format!("!({})", self.expr(expr)),
            Condition::Present { value, item } => format!("{} = {}", self.local(*item), self.expr(value)),
            Condition::Absent(expr) => format!("{} is null", self.expr(expr)),
            Condition::Found(rows) => format!("some {}", self.rows(rows)),
            Condition::NotFound(rows) => format!("no {}", self.rows(rows)),
        }
    }

    /// An expression, as people would write it where they could.
    pub fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Literal(value) => self.value(value),
            ExprKind::Text(parts) => self.text(parts),
            ExprKind::Param(param) => {
                self.endpoint.head.params.get(param.0).map_or_else(String::new, |param| param.name.clone())
            }
            ExprKind::Step(step) | ExprKind::Made(step) | ExprKind::Inner { step, .. } => self.step_name(*step),
            ExprKind::Known { value, .. } => self.expr(value),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Field { base, name } => format!("{}.{name}", self.expr(base)),
            ExprKind::Map { rows, body } => format!("[{} for {}]", self.expr(body), self.rows(rows)),
            ExprKind::Found { rows, then, otherwise } => {
                let (rows, then, otherwise) = (self.rows(rows), self.expr(then), self.expr(otherwise));
                format!("(first {rows} ? {then} : {otherwise})")
            }
            ExprKind::Any { rows, condition } => format!("any({} for {})", self.expr(condition), self.rows(rows)),
            ExprKind::Count(rows) => format!("count({})", self.rows(rows)),
            ExprKind::Fold { fold, rows, value, .. } => {
                format!("{}({} for {})", fold_word(*fold), self.expr(value), self.rows(rows))
            }
            ExprKind::Join { rows, value, separator } => {
                format!("join({} for {}, {})", self.expr(value), self.rows(rows), self.expr(separator))
            }
            ExprKind::Gather { item, rows, by, body } => {
                let by = match by {
                    Gathering::List => String::new(),
                    Gathering::Index(key) => format!(" index by {}", self.expr(key)),
                    Gathering::Groups(key) => format!(" group by {}", self.expr(key)),
                };
                format!("(let {} = {}{by}; {})", self.local(*item), self.rows(rows), self.expr(body))
            }
            ExprKind::Lookup { gathered, key } => format!("{}[{}]", self.local(*gathered), self.expr(key)),
            ExprKind::Keyed { rows, key, body } => {
                format!("{{{}: {} for {}}}", self.expr(key), self.expr(body), self.rows(rows))
            }
            ExprKind::IfPresent { value, item, then, otherwise } => {
                let (value, then, otherwise) = (self.expr(value), self.expr(then), self.expr(otherwise));
                format!("({value} as {} ? {then} : {otherwise})", self.local(*item))
            }
            ExprKind::Slice { list, from, to } => {
                let bound =
                    |bound: &Option<Box<Expr>>| bound.as_ref().map_or_else(String::new, |bound| self.expr(bound));
                format!("{}[{}..{}]", self.expr(list), bound(from), bound(to))
            }
            ExprKind::Index { base, index } => format!("{}[{}]", self.expr(base), self.expr(index)),
            ExprKind::Apply { function, args, .. } => format!("{}({})", function.name, self.list(args)),
            ExprKind::Object(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|entry| format!("{}: {}", entry.key, self.expr(&entry.value))).collect();
                format!("{{ {} }}", entries.join(", "))
            }
            ExprKind::List(elements) => format!("[{}]", self.list(elements)),
            ExprKind::Concat(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.part(part)).collect();
                format!("[{}]", parts.join(", "))
            }
            ExprKind::Not(inner) => format!("!{}", self.expr(inner)),
            ExprKind::Negate(inner) => format!("-{}", self.expr(inner)),
            ExprKind::Arithmetic { operator, left, right, .. } => self.infix(left, arithmetic_sign(*operator), right),
            ExprKind::Compare { operator, left, right } => self.infix(left, comparison_sign(*operator), right),
            ExprKind::In { item, list, .. } => self.infix(item, "in", list),
            ExprKind::And(left, right) => self.infix(left, "&&", right),
            ExprKind::Or(left, right) => self.infix(left, "||", right),
            ExprKind::If { condition, then, otherwise } => {
                format!("(if {} then {} else {})", self.expr(condition), self.expr(then), self.expr(otherwise))
            }
        }
    }

    /// The rows of a fan-out: `line of order.lines`.
    fn each_rows(&self, rows: &Rows) -> String {
        match rows.columns.as_slice() {
            [item] if rows.is_all() => format!("{} of {}", self.local(*item), self.expr(&rows.list)),
            _ => self.rows(rows),
        }
    }

    /// A list as it is gone through: `x, y in list filter x.on`.
    fn rows(&self, rows: &Rows) -> String {
        let columns: Vec<String> = rows.columns.iter().map(|column| self.local(*column)).collect();
        let mut text = format!("{} in {}", columns.join(", "), self.expr(&rows.list));
        for stage in &rows.stages {
            let _ = match stage {
                // What is called for each row has a line of its own.
                Stage::Beside(_) => Ok(()),
                Stage::Filter(condition) => write!(text, " filter {}", self.expr(condition)),
                Stage::Sort { key, descending } => {
                    let order = if *descending { " descending" } else { "" };
                    write!(text, " sort by {}{order}", self.expr(key))
                }
                Stage::Distinct(key) => write!(text, " distinct by {}", self.expr(key)),
                Stage::Reverse => write!(text, " reverse"),
                Stage::Slice { from, to } => {
                    let bound = |bound: &Option<Expr>| bound.as_ref().map_or_else(String::new, |it| self.expr(it));
                    write!(text, " [{}..{}]", bound(from), bound(to))
                }
                Stage::Flatten(inner) => write!(text, ", {}", self.rows(inner)),
                Stage::Zip(inner) => write!(text, " beside {}", self.rows(inner)),
                Stage::Chunk { size, members } => write!(text, " in {size}s as {}", self.local(*members)),
            };
        }
        text
    }

    /// One of several lists: `...x for x in list`.
    fn part(&self, part: &Part) -> String {
        let values = self.list(&part.values);
        let mut text = match &part.rows {
            Some(rows) => format!("...{values} for {}", self.rows(rows)),
            None => values,
        };
        if let Some(when) = &part.when {
            let _ = write!(text, " if {}", self.expr(when));
        }
        text
    }

    fn infix(&self, left: &Expr, sign: &str, right: &Expr) -> String {
        format!("({} {sign} {})", self.expr(left), self.expr(right))
    }

    fn list(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn text(&self, parts: &[TextPart]) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                TextPart::Literal(text) => text.clone(),
                TextPart::Value(value) => format!("{{{}}}", self.expr(value)),
            })
            .collect();
        format!("\"{}\"", parts.concat())
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(text) => text.clone(),
            Value::String(text) => format!("{text:?}"),
            Value::Variant(ty, variant) => variant_name(self.model, *ty, *variant),
            Value::List(values) => {
                format!("[{}]", values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn local(&self, local: super::LocalId) -> String {
        self.endpoint.local_names.get(local.0).cloned().unwrap_or_default()
    }

    fn step_names(&self, ids: &[StepId]) -> String {
        ids.iter().map(|id| self.step_name(*id)).collect::<Vec<_>>().join(", ")
    }

    /// The name of a step of this endpoint.
    pub fn step_name(&self, id: StepId) -> String {
        find_step(&self.endpoint.flow, id).map_or_else(String::new, |step| step.name.clone())
    }
}

fn find_step(flow: &Flow, id: StepId) -> Option<&Step> {
    flow.steps.iter().find_map(|step| match &step.kind {
        _ if step.id == id => Some(step),
        StepKind::Each { flow, .. } => find_step(flow, id),
        StepKind::Call { .. } | StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => None,
    })
}

/// `Users.user`
pub fn operation_name(model: &Model, id: crate::model::OperationId) -> String {
    let Some(operation) = model.operations.get(id.0) else { return String::new() };
    let service = model.services.get(operation.service.0).map_or("", |service| service.name.as_str());
    format!("{service}.{}", operation.name)
}

fn variant_name(model: &Model, ty: crate::model::TypeId, variant: usize) -> String {
    let Some(decl) = model.types.get(ty.0) else { return String::new() };
    let name = match &decl.kind {
        crate::model::TypeDeclKind::Enum { variants, .. } => variants.get(variant).map(|variant| variant.name.as_str()),
        crate::model::TypeDeclKind::Alias { .. } | crate::model::TypeDeclKind::Object { .. } => None,
    };
    format!("{}.{}", decl.name, name.unwrap_or_default())
}

/// A type as people write it; a built object as its keys.
pub fn type_name(model: &Model, ty: &Ty) -> String {
    match ty {
        Ty::Unknown => "?".to_owned(),
        Ty::Null => "null".to_owned(),
        Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => format!("{scalar:?}"),
        Ty::Alias(id) | Ty::Object(id) | Ty::Enum(id) => {
            model.types.get(id.0).map_or_else(String::new, |decl| decl.name.clone())
        }
        Ty::List(element, _) => format!("[{}]", type_name(model, element)),
        Ty::Map(value) => format!("{{String: {}}}", type_name(model, value)),
        Ty::Keyed { key, value } => format!("{{{}: {}}}", type_name(model, key), type_name(model, value)),
        Ty::Optional(inner) => format!("{}?", type_name(model, inner)),
        Ty::Built(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.key, type_name(model, &field.ty))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

fn fold_word(fold: Fold) -> &'static str {
    match fold {
        Fold::Sum => "sum",
        Fold::Min => "min",
        Fold::Max => "max",
        Fold::Average => "avg",
    }
}

fn arithmetic_sign(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Remainder => "%",
    }
}

fn comparison_sign(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal | Comparison::SecretEqual => "==",
        Comparison::NotEqual | Comparison::SecretNotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}
