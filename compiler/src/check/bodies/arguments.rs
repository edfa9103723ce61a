//! Which argument is for which parameter: by place, then by name.

use super::Elaborator;
use super::names::with_nearest;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::syntax::ast::Arg;

/// What is called, as far as its arguments go.
pub(super) struct Callee<'c> {
    /// How messages call it: `Users.user`, `truncate`.
    pub(super) title: &'c str,
    /// Where it is declared, if in the program.
    pub(super) origin: Option<Span>,
    /// Its parameters: their names, and whether they must be given.
    pub(super) params: Vec<(&'c str, bool)>,
}

impl Elaborator<'_> {
    /// The argument of each parameter, in their order; nothing where one is missing, unknown or too many.
    pub(super) fn arguments<'t>(
        &mut self,
        callee: &Callee<'_>,
        args: &'t [Arg],
        close: Span,
    ) -> Option<Vec<Option<&'t Arg>>> {
        let mut given: Vec<Option<&'t Arg>> = vec![None; callee.params.len()];
        let mut sound = true;
        let mut named: Option<Span> = None;
        let mut nameless = Vec::new();
        for (place, arg) in args.iter().enumerate() {
            if named.is_some() && arg.name.is_none() {
                nameless.push((place, arg.value.span));
                continue;
            }
            let at = self.parameter_of(callee, place, arg);
            named = named.or(arg.name.as_ref().map(|name| name.span));
            let Some((slot, name)) = at.and_then(|at| Some((given.get_mut(at)?, callee.params.get(at)?.0))) else {
                sound = false;
                continue;
            };
            if let Some(first) = slot {
                self.report(
                    Diagnostic::new(Code::GW0505, format!("`{name}` is given twice"), arg.value.span, "again")
                        .also(first.value.span, "the first is here"),
                );
                sound = false;
                continue;
            }
            *slot = Some(arg);
        }
        let is_nameless = named.is_some_and(|named| self.report_nameless(callee, &nameless, named, &given));
        if !sound || is_nameless || self.has_missing(callee, &given, close) {
            self.arguments_alone(args);
            return None;
        }
        Some(given)
    }

    /// Which parameter an argument is for; reports where there is none.
    fn parameter_of(&mut self, callee: &Callee<'_>, place: usize, arg: &Arg) -> Option<usize> {
        let title = callee.title;
        let Some(name) = &arg.name else {
            if place >= callee.params.len() {
                let takes = match callee.params.len() {
                    0 => "no argument".to_owned(),
                    1 => "one argument".to_owned(),
                    count => format!("{count} arguments"),
                };
                let message = format!("`{title}` takes {takes}");
                let diagnostic = Diagnostic::new(Code::GW0505, message, arg.value.span, "one too many");
                self.report_of(callee, diagnostic);
                return None;
            }
            return Some(place);
        };
        let found = callee.params.iter().position(|(known, _)| *known == name.text);
        if found.is_none() {
            let message = format!("`{title}` has no parameter `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::GW0260, message, name.span, "no such parameter");
            let known = callee.params.iter().map(|(known, _)| *known);
            let diagnostic = with_nearest(diagnostic, name, known, "its parameters are");
            self.report_of(callee, diagnostic);
        }
        found
    }

    /// Reports arguments without a name behind one with a name; each is most likely for the parameter at its place.
    fn report_nameless(
        &mut self,
        callee: &Callee<'_>,
        args: &[(usize, Span)],
        named: Span,
        given: &[Option<&Arg>],
    ) -> bool {
        let Some((_, first)) = args.first() else { return false };
        let message = "an argument without a name follows one with a name";
        let mut diagnostic = Diagnostic::new(Code::GW0505, message, *first, "which parameter is this for?")
            .also(named, "from here on each needs its name");
        let inserted = args.iter().map(|(place, span)| {
            let is_free = given.get(*place).is_some_and(Option::is_none);
            let (name, _) = callee.params.get(*place).filter(|_| is_free)?;
            Some((span.at_start(), format!("{name}: ")))
        });
        if let Some(edits) = inserted.collect::<Option<Vec<_>>>() {
            let title = "name them by their places".to_owned();
            diagnostic.fixes.push(Fix { title, edits, applicable: false });
        }
        self.report(diagnostic);
        true
    }

    fn has_missing(&mut self, callee: &Callee<'_>, given: &[Option<&Arg>], close: Span) -> bool {
        let missing: Vec<String> = callee
            .params
            .iter()
            .zip(given)
            .filter(|((_, required), arg)| *required && arg.is_none())
            .map(|((name, _), _)| format!("`{name}`"))
            .collect();
        if missing.is_empty() {
            return false;
        }
        let word = if missing.len() == 1 { "argument" } else { "arguments" };
        let message = format!("`{}` needs the {word} {}", callee.title, missing.join(", "));
        let diagnostic = Diagnostic::new(Code::GW0505, message, close, "not given");
        self.report_of(callee, diagnostic);
        true
    }

    fn report_of(&mut self, callee: &Callee<'_>, diagnostic: Diagnostic) {
        self.report(match callee.origin {
            Some(origin) => diagnostic.also(origin, "declared here"),
            None => diagnostic,
        });
    }
}
