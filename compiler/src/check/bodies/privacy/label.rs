//! What is sensitive of one value: as a whole, and of what is in it.
//!
//! A [`Label`] follows the shape of its value, so that of `{ a: user.email, b: 1 }` only `a` is sensitive. What a declared type
//! marks is looked up when somebody asks, since types may be recursive. Whether a value is null is nobody's secret: the
//! label of a `T?` is that of the `T`.

use std::rc::Rc;

use super::declared::Declared;
use crate::model::{Marking, Ty};
use crate::source::Span;

/// Data that is marked, and who marked it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source {
    /// How far it may go.
    pub(super) marking: Marking,
    /// What it is: `Users.user.email`, `token`.
    pub(super) what: String,
    /// The field or parameter that is declared so.
    pub(super) declared: Span,
}

/// One reason why a value may not go everywhere.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) source: Rc<Source>,
    /// Whether somebody said `reveal`.
    pub(super) revealed: bool,
    /// Where the expression stands that has it.
    pub(super) at: Span,
}

/// Where a value stands that has one expression for all of it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) at: Span,
    /// The field that is taken, where it is one: a spread takes several at one place.
    pub(super) field: Option<String>,
}

/// What is sensitive of a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Label {
    /// Where all of it stands; none for what is put together from several expressions.
    place: Option<Place>,
    /// What marks all of it, with everything that is in it.
    marks: Vec<Mark>,
    inside: Inside,
}

/// What is sensitive inside a value.
#[derive(Debug, Clone, Default)]
enum Inside {
    /// Nothing more.
    #[default]
    Nothing,
    /// What its type declares; the text says which value it is, `Users.user`.
    AsDeclared(Ty, Rc<str>),
    /// The values of an object's keys, as JSON has them.
    Keys(Rc<Vec<(String, Label)>>),
    /// Of each element of a list.
    Each(Rc<Label>),
    /// Of each value of a map.
    Values(Rc<Label>),
    /// Of one of two.
    Either(Rc<(Label, Label)>),
}

/// A mark that is met on the way through a label.
pub(super) struct Met {
    pub(super) mark: Mark,
    /// Where the value stands that has it, and the field that is taken there.
    pub(super) place: Place,
    /// The fields that lead to it from that value, as far as a path can lead.
    pub(super) path: Vec<String>,
    /// Whether it is in the value, and not all of it.
    pub(super) inside: bool,
}

impl Label {
    /// Nothing is sensitive.
    pub(super) fn free() -> Self {
        Self::default()
    }

    /// A value of a type, from outside: an answer, a parameter. `what` is its name for people.
    pub(super) fn declared(ty: Ty, what: &str) -> Self {
        Self { inside: Inside::AsDeclared(ty, what.into()), ..Self::default() }
    }

    /// A value that is made of others, all of which can be told from it.
    pub(super) fn derived(marks: Vec<Mark>) -> Self {
        Self { marks, ..Self::default() }
    }

    /// An object of these keys.
    pub(super) fn object(keys: Vec<(String, Self)>) -> Self {
        Self { inside: Inside::Keys(Rc::new(keys)), ..Self::default() }
    }

    /// A map of such values.
    pub(super) fn values(value: Self) -> Self {
        Self { inside: Inside::Values(Rc::new(value)), ..Self::default() }
    }

    /// A list of such elements.
    pub(super) fn each(element: Self) -> Self {
        Self { inside: Inside::Each(Rc::new(element)), ..Self::default() }
    }

    /// One of two values.
    pub(super) fn either(self, other: Self) -> Self {
        match (self.is_free(), other.is_free()) {
            (_, true) => self,
            (true, false) => other,
            (false, false) => Self { inside: Inside::Either(Rc::new((self, other))), ..Self::default() },
        }
    }

    /// The same value, which has one expression.
    pub(super) fn standing(self, at: Span, field: Option<&str>) -> Self {
        Self { place: Some(Place { at, field: field.map(str::to_owned) }), ..self }
    }

    /// The same, where these can be told from it too.
    pub(super) fn with(mut self, marks: Vec<Mark>) -> Self {
        // What stands somewhere keeps its place; marks from elsewhere keep theirs.
        if self.place.is_some() && !marks.is_empty() {
            return Self { inside: Inside::Either(Rc::new((self, Self::derived(marks)))), ..Self::default() };
        }
        self.marks.extend(marks);
        self
    }

    fn is_free(&self) -> bool {
        self.marks.is_empty() && matches!(self.inside, Inside::Nothing)
    }

    /// The value under a key of an object, as JSON has it.
    pub(super) fn key(&self, key: &str, declared: &Declared<'_>) -> Self {
        let own = self.own_marks();
        let inner = match &self.inside {
            Inside::Nothing | Inside::Each(_) | Inside::Values(_) => Self::free(),
            Inside::AsDeclared(ty, what) => match declared.field(ty, key) {
                Some(field) => {
                    let what = format!("{what}.{}", field.name);
                    let inner = Self::declared(field.ty.clone(), &what);
                    match field.marking {
                        Some(marking) => {
                            let source = Rc::new(Source { marking, what, declared: field.origin });
                            inner.with(vec![Mark { source, revealed: false, at: field.origin }])
                        }
                        None => inner,
                    }
                }
                None => Self::free(),
            },
            Inside::Keys(keys) => {
                keys.iter().find(|(known, _)| known == key).map_or_else(Self::free, |(_, label)| label.clone())
            }
            Inside::Either(both) => both.0.key(key, declared).either(both.1.key(key, declared)),
        };
        inner.with(own)
    }

    /// One element of a list, or one value of a map.
    pub(super) fn element(&self, declared: &Declared<'_>) -> Self {
        let own = self.own_marks();
        let inner = match &self.inside {
            Inside::Nothing | Inside::Keys(_) => Self::free(),
            Inside::AsDeclared(ty, what) => {
                declared.element(ty).map_or_else(Self::free, |element| Self::declared(element.clone(), what))
            }
            Inside::Each(element) | Inside::Values(element) => (**element).clone(),
            Inside::Either(both) => both.0.element(declared).either(both.1.element(declared)),
        };
        inner.with(own)
    }

    /// What marks all of it, and so its keys too.
    pub(super) fn own(&self) -> Vec<Mark> {
        let mut marks = self.own_marks();
        if let Inside::Either(both) = &self.inside {
            marks.extend(both.0.own().into_iter().chain(both.1.own()).map(|mark| self.placed(mark)));
        }
        marks
    }

    /// What marks all of it, or each element, or every key: what `reveal` speaks of.
    pub(super) fn whole(&self) -> Vec<Mark> {
        let mut marks = self.own_marks();
        match &self.inside {
            Inside::Nothing | Inside::AsDeclared(..) => {}
            Inside::Keys(keys) => {
                let mut keys = keys.iter().map(|(_, label)| label.whole());
                let first = keys.next().unwrap_or_default();
                marks.extend(keys.fold(first, |common, key| {
                    common.into_iter().filter(|mark| key.iter().any(|it| it.source == mark.source)).collect()
                }));
            }
            Inside::Each(element) | Inside::Values(element) => marks.extend(element.whole()),
            Inside::Either(both) => {
                marks.extend(both.0.whole());
                marks.extend(both.1.whole());
            }
        }
        marks.into_iter().map(|mark| self.placed(mark)).collect()
    }

    /// The same, where `reveal` lets these go.
    pub(super) fn revealed(mut self, whole: &[Mark]) -> Self {
        for mark in &mut self.marks {
            mark.revealed |= whole.iter().any(|it| it.source == mark.source);
        }
        self.inside = match self.inside {
            Inside::Keys(keys) => {
                let keys = keys.iter().map(|(key, label)| (key.clone(), label.clone().revealed(whole)));
                Inside::Keys(Rc::new(keys.collect()))
            }
            Inside::Each(element) => Inside::Each(Rc::new((*element).clone().revealed(whole))),
            Inside::Values(value) => Inside::Values(Rc::new((*value).clone().revealed(whole))),
            Inside::Either(both) => {
                let (one, other) = (*both).clone();
                Inside::Either(Rc::new((one.revealed(whole), other.revealed(whole))))
            }
            inside @ (Inside::Nothing | Inside::AsDeclared(..)) => inside,
        };
        self
    }

    fn own_marks(&self) -> Vec<Mark> {
        self.marks.iter().map(|mark| self.placed(mark.clone())).collect()
    }

    fn placed(&self, mark: Mark) -> Mark {
        match &self.place {
            Some(place) => Mark { at: place.at, ..mark },
            None => mark,
        }
    }

    /// Every mark of the value and of what is in it.
    pub(super) fn marks(&self, declared: &Declared<'_>) -> Vec<Met> {
        let mut met = Vec::new();
        self.visit(None, &mut Vec::new(), declared, &mut met);
        met
    }

    fn visit(&self, around: Option<&Place>, path: &mut Vec<String>, declared: &Declared<'_>, met: &mut Vec<Met>) {
        let place = around.or(self.place.as_ref());
        for mark in &self.marks {
            let place = place.cloned().unwrap_or(Place { at: mark.at, field: None });
            met.push(Met { mark: mark.clone(), place, path: path.clone(), inside: !path.is_empty() });
        }
        match &self.inside {
            Inside::Nothing => {}
            Inside::AsDeclared(ty, what) => declared.visit(ty, what, &mut |found| {
                let at = place.map_or(found.source.declared, |place| place.at);
                let place = place.cloned().unwrap_or(Place { at, field: None });
                let path = path.iter().cloned().chain(found.path).collect();
                met.push(Met { mark: Mark { source: found.source, revealed: false, at }, place, path, inside: true });
            }),
            Inside::Keys(keys) => {
                for (key, label) in keys.iter() {
                    // A path leads through what stands at one place; what is built there has places of its own.
                    path.extend(place.map(|_| key.clone()));
                    label.visit(place, path, declared, met);
                    path.truncate(path.len() - usize::from(place.is_some()));
                }
            }
            Inside::Each(element) => element.visit(place, path, declared, met),
            Inside::Values(value) => {
                let (known, length) = (met.len(), path.len());
                value.visit(place, path, declared, met);
                for inner in met.iter_mut().skip(known) {
                    inner.inside |= place.is_some();
                    inner.path.truncate(length);
                }
            }
            Inside::Either(both) => {
                both.0.visit(place, path, declared, met);
                both.1.visit(place, path, declared, met);
            }
        }
    }
}
