//! What the declared types mark: the fields of a value of a type that are sensitive or secret, near and far.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::label::Source;
use crate::check::bodies::fit::structure;
use crate::model::{Field, Model, Ty, TypeDeclKind, TypeId};

/// More marked fields of one value than this help nobody who reads an error, and a type may name another many times.
const MOST_FOUND: usize = 16;

/// The types of a program, as far as markings go.
#[derive(Debug)]
pub(crate) struct Declared<'m> {
    model: &'m Model,
    /// The types with a marked field, their own or further in.
    marked: BTreeSet<TypeId>,
}

/// A marked field of a value.
pub(super) struct Found {
    /// The fields that lead to it, the marked one last.
    pub(super) path: Vec<String>,
    pub(super) source: Rc<Source>,
}

impl<'m> Declared<'m> {
    /// Looks at all types.
    pub(crate) fn of(model: &'m Model) -> Self {
        let mut declared = Self { model, marked: BTreeSet::new() };
        loop {
            let known = declared.marked.len();
            let found = (0..model.types.len()).map(TypeId).filter(|id| declared.has_marked_field(*id)).collect();
            declared.marked = found;
            if declared.marked.len() == known {
                return declared;
            }
        }
    }

    fn has_marked_field(&self, id: TypeId) -> bool {
        self.fields(id).iter().any(|field| field.marking.is_some() || self.is_marked(&field.ty))
    }

    /// Whether something in a value of the type is marked.
    fn is_marked(&self, ty: &Ty) -> bool {
        self.object_in(ty).is_some_and(|id| self.marked.contains(&id))
    }

    fn fields(&self, id: TypeId) -> &'m [Field] {
        match self.model.types.get(id.0).map(|decl| &decl.kind) {
            Some(TypeDeclKind::Object { fields, .. }) => fields,
            Some(TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. }) | None => &[],
        }
    }

    /// The object that a type comes down to, whether it is a list, a map or a `T?` of it.
    fn object_in(&self, ty: &Ty) -> Option<TypeId> {
        match structure(self.model, ty) {
            Ty::Object(id) => Some(*id),
            Ty::List(inner, _) | Ty::Map(inner) | Ty::Keyed { value: inner, .. } | Ty::Optional(inner) => {
                self.object_in(inner)
            }
            Ty::Unknown
            | Ty::Null
            | Ty::Scalar(_)
            | Ty::Constrained(..)
            | Ty::Alias(_)
            | Ty::Enum(_)
            | Ty::Built(_) => None,
        }
    }

    fn is_map(&self, ty: &Ty) -> bool {
        match structure(self.model, ty) {
            Ty::Map(_) | Ty::Keyed { .. } => true,
            Ty::List(inner, _) | Ty::Optional(inner) => self.is_map(inner),
            _ => false,
        }
    }

    /// The name in JSON of a field of an object.
    pub(super) fn key<'n>(&self, object: &Ty, name: &'n str) -> &'n str
    where
        'm: 'n,
    {
        let declared = self.object_in(object).and_then(|id| self.fields(id).iter().find(|field| field.name == name));
        declared.map_or(name, |field| field.wire.as_str())
    }

    /// The field of a declared object that has this name in JSON.
    pub(super) fn field(&self, object: &Ty, key: &str) -> Option<&'m Field> {
        self.fields(self.object_in(object)?).iter().find(|field| field.wire == key)
    }

    /// The type of what a list or a map holds.
    pub(super) fn element<'t>(&'t self, ty: &'t Ty) -> Option<&'t Ty> {
        match structure(self.model, ty) {
            Ty::List(inner, _) | Ty::Map(inner) | Ty::Keyed { value: inner, .. } => Some(inner),
            Ty::Optional(inner) => self.element(inner),
            _ => None,
        }
    }

    /// Tells of every marked field of a value, by the fields that lead to it.
    pub(super) fn visit(&self, ty: &Ty, what: &str, found: &mut dyn FnMut(Found)) {
        let mut walk = Walk { declared: self, around: Vec::new(), path: Vec::new(), what, left: MOST_FOUND, found };
        walk.value(ty);
    }

    /// The strictest field of what is in a value of a type.
    fn strictest(&self, ty: &Ty) -> Option<&'m Field> {
        let mut open = vec![self.object_in(ty)?];
        let (mut seen, mut strictest) = (BTreeSet::new(), None::<&'m Field>);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                for field in self.fields(id) {
                    if field.marking > strictest.and_then(|found| found.marking) {
                        strictest = Some(field);
                    }
                    open.extend(self.object_in(&field.ty));
                }
            }
        }
        strictest
    }
}

struct Walk<'w, 'm> {
    declared: &'w Declared<'m>,
    /// The types around this place.
    around: Vec<TypeId>,
    path: Vec<String>,
    what: &'w str,
    left: usize,
    found: &'w mut dyn FnMut(Found),
}

impl Walk<'_, '_> {
    fn value(&mut self, ty: &Ty) {
        let Some(id) = self.declared.object_in(ty).filter(|id| self.declared.marked.contains(id)) else { return };
        // A type that comes again has the same marked fields again, and no path leads into the values of a map: such a
        // value stands for all that is in it.
        if self.around.contains(&id) || self.declared.is_map(ty) {
            if let Some(field) = self.declared.strictest(ty) {
                self.tell(field);
            }
            return;
        }
        self.around.push(id);
        for field in self.declared.fields(id) {
            self.path.push(field.name.clone());
            if field.marking.is_some() {
                self.tell(field);
            } else {
                self.value(&field.ty);
            }
            self.path.pop();
        }
        self.around.pop();
    }

    /// Tells of what is at the path, marked as a field is.
    fn tell(&mut self, field: &Field) {
        let Some(marking) = field.marking.filter(|_| self.left > 0) else { return };
        self.left -= 1;
        let what = std::iter::once(self.what).chain(self.path.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
        let source = Rc::new(Source { marking, what, declared: field.origin });
        (self.found)(Found { path: self.path.clone(), source });
    }
}
