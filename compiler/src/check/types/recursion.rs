//! Types that contain themselves: through `[T]`, `{String: T}` or `T?` they end somewhere, else they never do.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Ty, TypeDecl, TypeDeclKind, TypeId};
use crate::source::Span;

/// One step of a circle: the type it leads to, and where that is written.
#[derive(Debug, Clone, Copy)]
struct Step {
    to: TypeId,
    place: Span,
}

/// How many types of a circle are shown; longer ones nobody reads.
const MOST_SHOWN: usize = 8;

/// Finds objects that no value could ever be, and cuts each circle at the field that was reported.
pub(super) fn check(types: &mut [TypeDecl], diagnostics: &mut Diagnostics) {
    let steps = |decl: &TypeDecl| match &decl.kind {
        TypeDeclKind::Object { fields, .. } => fields
            .iter()
            .filter_map(|field| match field.ty {
                Ty::Object(to) => Some(Step { to, place: field.origin }),
                _ => None,
            })
            .collect(),
        TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => Vec::new(),
    };
    for circle in circles(types, steps) {
        let Some((first, rest)) = circle.split_first() else { continue };
        let mut diagnostic = report(types, first, &circle);
        for (_, step) in rest.iter().take(MOST_SHOWN) {
            diagnostic = diagnostic.also(step.place, "on the way");
        }
        diagnostics.push(
            diagnostic.note("through `[T]`, `{String: T}` or `T?` a type may contain itself: those can be empty"),
        );
        cut(types, first.0, first.1.place);
    }
}

/// Finds names that stand for themselves, and makes them unknown.
pub(super) fn break_alias_circles(types: &mut [TypeDecl], diagnostics: &mut Diagnostics) {
    let steps = |decl: &TypeDecl| match &decl.kind {
        TypeDeclKind::Alias { base } => mentioned(base).into_iter().map(|to| Step { to, place: decl.origin }).collect(),
        TypeDeclKind::Object { .. } | TypeDeclKind::Enum { .. } => Vec::new(),
    };
    for circle in circles(types, steps) {
        if let Some(first) = circle.first() {
            diagnostics.push(report(types, first, &circle));
        }
        for (id, _) in &circle {
            if let Some(decl) = types.get_mut(id.0) {
                decl.kind = TypeDeclKind::Alias { base: Ty::Unknown };
            }
        }
    }
}

fn report(types: &[TypeDecl], first: &(TypeId, Step), circle: &[(TypeId, Step)]) -> Diagnostic {
    let name = |id: TypeId| types.get(id.0).map_or("", |decl| decl.name.as_str());
    let mut way: Vec<&str> = circle.iter().take(MOST_SHOWN).map(|(id, _)| name(*id)).collect();
    way.extend((circle.len() > MOST_SHOWN).then_some("…"));
    way.push(name(first.0));
    let message = format!("`{}` contains itself without end", name(first.0));
    let diagnostic = Diagnostic::new(Code::GW0304, message, first.1.place, "leads back to itself");
    if way.len() > 2 { diagnostic.note(format!("the way is {}", way.join(" → "))) } else { diagnostic }
}

/// The names that a type mentions outside of objects.
fn mentioned(ty: &Ty) -> Option<TypeId> {
    match ty {
        Ty::Alias(id) => Some(*id),
        Ty::List(inner, _) | Ty::Map(inner) | Ty::Optional(inner) => mentioned(inner),
        Ty::Unknown
        | Ty::Null
        | Ty::Scalar(_)
        | Ty::Constrained(..)
        | Ty::Object(_)
        | Ty::Enum(_)
        | Ty::Built(_)
        | Ty::Keyed { .. } => None,
    }
}

fn cut(types: &mut [TypeDecl], id: TypeId, place: Span) {
    if let Some(TypeDecl { kind: TypeDeclKind::Object { fields, .. }, .. }) = types.get_mut(id.0) {
        for field in fields.iter_mut().filter(|field| field.origin == place) {
            field.ty = Ty::Unknown;
        }
    }
}

/// Each circle once: its types in order, each with the step to the next.
fn circles(types: &[TypeDecl], steps: impl Fn(&TypeDecl) -> Vec<Step>) -> Vec<Vec<(TypeId, Step)>> {
    let mut graph: Vec<Vec<Step>> = types.iter().map(steps).collect();
    drop_dead_ends(&mut graph);
    let mut reported: BTreeSet<TypeId> = BTreeSet::new();
    let mut found = Vec::new();
    for start in (0..types.len()).map(TypeId) {
        if reported.contains(&start) {
            continue;
        }
        if let Some(circle) = way_back(&graph, start) {
            reported.extend(circle.iter().map(|(id, _)| *id));
            found.push(circle);
        }
    }
    found
}

/// Takes away what leads nowhere, and then what leads to nothing else, until only circles and ways to them are left: for most
/// programs nothing.
fn drop_dead_ends(graph: &mut [Vec<Step>]) {
    let mut leads: Vec<usize> = graph.iter().map(Vec::len).collect();
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    for (from, steps) in graph.iter().enumerate() {
        for step in steps {
            if let Some(sources) = back.get_mut(step.to.0) {
                sources.push(from);
            }
        }
    }
    let mut ends: Vec<usize> = (0..graph.len()).filter(|node| leads.get(*node) == Some(&0)).collect();
    while let Some(end) = ends.pop() {
        for from in back.get(end).into_iter().flatten() {
            if let Some(left) = leads.get_mut(*from) {
                *left -= 1;
                if *left == 0 {
                    ends.push(*from);
                }
            }
        }
    }
    for (steps, left) in graph.iter_mut().zip(&leads) {
        if *left == 0 {
            steps.clear();
        }
    }
}

/// The shortest way from a type back to itself.
fn way_back(graph: &[Vec<Step>], start: TypeId) -> Option<Vec<(TypeId, Step)>> {
    let mut reached: BTreeMap<TypeId, (TypeId, Step)> = BTreeMap::new();
    let mut wave = vec![start];
    while !wave.is_empty() && !reached.contains_key(&start) {
        let mut next = Vec::new();
        for from in wave {
            for step in graph.get(from.0).into_iter().flatten() {
                reached.entry(step.to).or_insert_with(|| {
                    next.push(step.to);
                    (from, *step)
                });
            }
        }
        wave = next;
    }
    let mut circle = vec![*reached.get(&start)?];
    while let Some((from, _)) = circle.last().copied().filter(|(from, _)| *from != start) {
        circle.push(*reached.get(&from)?);
    }
    circle.reverse();
    Some(circle)
}
