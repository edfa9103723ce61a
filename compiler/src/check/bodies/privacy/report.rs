//! What is said of marked data that leaves: one error at each place where it does, with the field that marks it and a way out.

use std::collections::BTreeMap;

use super::Privacy;
use super::label::{Met, Source};
use super::written::{self, Form};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::model::{Destination, Marking};
use crate::source::Span;

/// More declarations than this are not shown in one error.
const MOST_DECLARED: usize = 3;

/// More names than this are not listed in one message.
const MOST_NAMES: usize = 6;

/// Marked data that leaves at one place.
struct Leak<'l> {
    at: Span,
    form: Form,
    to: &'l Destination,
    met: Vec<Met>,
}

impl Privacy<'_> {
    /// Reports marked data that leaves where it may not, once for each place where it does.
    pub(super) fn report_leaks(&mut self, leaks: Vec<Met>, to: &Destination) {
        let mut places: BTreeMap<Span, Vec<Met>> = BTreeMap::new();
        for met in leaks {
            let here = places.entry(met.place.at).or_default();
            let is_new = |known: &Met| known.mark.source != met.mark.source || known.path != met.path;
            if here.iter().all(is_new) {
                here.push(met);
            }
        }
        for (at, met) in places {
            let leak = Leak { at, form: written::form(self.ast, at), to, met };
            let diagnostic = self.leak(leak);
            self.diagnostics.push(diagnostic);
        }
    }

    fn leak(&self, mut leak: Leak<'_>) -> Diagnostic {
        // What marks all of the value comes first: what is in it can wait until that is decided.
        let several = leak.form.takes_several();
        let is_part = |met: &Met| met.inside || several && met.is_of_field();
        if leak.met.iter().all(is_part) {
            return self.leak_of_parts(&leak);
        }
        leak.met.retain(|met| !is_part(met));
        match leak.met.iter().find(|met| met.mark.source.marking == Marking::Secret) {
            Some(secret) => self.leak_of_secret(&leak, &secret.mark.source),
            None => self.leak_of_value(&leak),
        }
    }
}

impl Privacy<'_> {
    /// A whole value goes, with fields that may not.
    fn leak_of_parts(&self, leak: &Leak<'_>) -> Diagnostic {
        let fields = leak.fields();
        let names = fields.clone().unwrap_or_else(|| sources(&leak.met));
        let (who, place) = self.receiver(leak.to);
        let message = format!("{who} would get {}{place}, which {} {}", listed(&names), are(&names), marked(&leak.met));
        let diagnostic = Diagnostic::new(Code::GW1003, message, leak.at, "with all of the value");
        let mut diagnostic = declared(diagnostic, &leak.met);
        if let Destination::Argument(..) = leak.to {
            return diagnostic.note(MARKED_PARAMETER);
        }
        let Some(fields) = fields else {
            return diagnostic.note(
                "no path leads into the values of a map: take what may be seen before it becomes one, or leave it out",
            );
        };
        // Where a type is written that wants the fields, leaving them out is not enough.
        let applicable = self.ast.head.returns.is_none();
        diagnostic.fixes.push(leak.omission(&fields.join(", "), applicable));
        match leak.met.iter().find(|met| met.mark.source.marking == Marking::Sensitive) {
            Some(met) => {
                let name = leak.name_of(met);
                let key = name.rsplit('.').next().unwrap_or_default();
                diagnostic.note(format!("what may be seen is named by itself: `{key}: reveal .{name}`"))
            }
            None => diagnostic,
        }
    }

    /// One value goes that may not go by itself.
    fn leak_of_value(&self, leak: &Leak<'_>) -> Diagnostic {
        let names = sources(&leak.met);
        let (list, are) = (listed(&names), are(&names));
        let them = if names.len() == 1 { "it" } else { "them" };
        let message = format!("{list} {are} sensitive, and {}", self.consequence(leak.to, them));
        let label = if leak.to == &Destination::Decision { "decides here" } else { "leaves here without `reveal`" };
        let mut diagnostic = declared(Diagnostic::new(Code::GW1001, message, leak.at, label), &leak.met);
        diagnostic.fixes.extend(leak.reveal());
        match leak.to {
            Destination::Decision => {
                diagnostic.note("the truth of a comparison may be seen: compare it with something")
            }
            Destination::Argument(..) => diagnostic.note(MARKED_PARAMETER),
            Destination::Redirect => {
                diagnostic.note("give it a name before: `let seen = reveal …`, and `\"/…/{seen}\"`")
            }
            Destination::Answer
            | Destination::Header(_)
            | Destination::Cookie(_)
            | Destination::Order
            | Destination::Keys => diagnostic,
        }
    }

    fn leak_of_secret(&self, leak: &Leak<'_>, secret: &Source) -> Diagnostic {
        let what = &secret.what;
        let message = format!("`{what}` is secret, and {}", self.consequence(leak.to, "it"));
        let diagnostic = declared(Diagnostic::new(Code::GW1002, message, leak.at, "leaves here"), &leak.met);
        match leak.to {
            Destination::Decision => diagnostic.note("compare it with `==`: the truth of that may be seen"),
            Destination::Argument(..) => {
                diagnostic.note("only a parameter that is declared `secret` takes a secret: `name: String secret`")
            }
            Destination::Order | Destination::Keys => diagnostic,
            Destination::Answer | Destination::Header(_) | Destination::Cookie(_) | Destination::Redirect => {
                diagnostic.note("a secret reaches no client, by no word: leave it out")
            }
        }
    }

    /// `reveal` before a secret.
    pub(super) fn report_revealed_secret(&mut self, secret: &Source, span: Span) {
        let message = format!("`{}` is secret, and no `reveal` lets it go", secret.what);
        self.diagnostics.push(
            Diagnostic::new(Code::GW1004, message, span, "a secret")
                .also(secret.declared, "declared `secret` here")
                .note("what a client or a service may see after all is `sensitive`, and no secret"),
        );
    }

    /// `reveal` before what everybody may see.
    pub(super) fn report_nothing_revealed(&mut self, span: Span) {
        let diagnostic =
            Diagnostic::new(Code::GW1005, "`reveal` reveals nothing here", span, "nothing of this is sensitive");
        let diagnostic = match written::form(self.ast, span) {
            Form::Reveal(value) => {
                let word = Span::new(span.file, span.start, value.start);
                diagnostic.fix("leave the word out", word, "")
            }
            _ => diagnostic,
        };
        self.diagnostics.push(diagnostic);
    }

    /// `reveal` before a whole value, of which some fields are marked.
    pub(super) fn report_revealed_whole(&mut self, inside: &[Met], span: Span) {
        let names = sources(inside);
        let message = format!("`reveal` of a whole value, of which {} {} marked", listed(&names), are(&names));
        let diagnostic = Diagnostic::new(Code::GW1006, message, span, "reveals more than it says");
        let diagnostic = declared(diagnostic, inside).note(
            "a field that is marked one day would be revealed with it: write `reveal` before the fields, as in `{ email: reveal .email }`",
        );
        self.diagnostics.push(diagnostic);
    }

    /// What would come of it.
    fn consequence(&self, to: &Destination, them: &str) -> String {
        match to {
            Destination::Decision => format!("what happens here would tell of {them}"),
            Destination::Order => format!("the order of the list would tell of {them}"),
            Destination::Keys => format!("the keys of the map would tell of {them}"),
            to => {
                let (who, place) = self.receiver(to);
                format!("{who} would get {them}{place}")
            }
        }
    }

    /// Who gets what leaves, and where.
    fn receiver(&self, to: &Destination) -> (String, String) {
        let client = |place: String| ("the client".to_owned(), place);
        match to {
            Destination::Answer | Destination::Decision | Destination::Order | Destination::Keys => {
                client(String::new())
            }
            Destination::Header(name) => client(format!(" in the header `{name}`")),
            Destination::Cookie(name) => client(format!(" in the cookie `{name}`")),
            Destination::Redirect => client(" in the target of the redirect".to_owned()),
            Destination::Argument(id, _) => {
                let operation = self.model.operations.get(id.0);
                let service = operation.and_then(|operation| self.model.services.get(operation.service.0));
                let name = operation.map_or("", |operation| operation.name.as_str());
                (format!("`{}.{name}`", service.map_or("", |service| service.name.as_str())), String::new())
            }
        }
    }
}

const MARKED_PARAMETER: &str =
    "a parameter of an operation that is declared `sensitive` itself takes what is sensitive, without `reveal`";

impl Leak<'_> {
    /// A field that goes along, by the fields that lead to it.
    fn name_of(&self, met: &Met) -> String {
        let first = met.place.field.iter().filter(|_| self.form.takes_several());
        first.chain(&met.path).map(String::as_str).collect::<Vec<_>>().join(".")
    }

    /// The fields that go along, each once and none that lies in another; nothing where one of them is no field.
    fn fields(&self) -> Option<Vec<String>> {
        let all: Vec<String> = self.met.iter().map(|met| self.name_of(met)).collect();
        let lies_in = |name: &str, other: &str| name.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'));
        let mut fields: Vec<String> = Vec::new();
        for name in &all {
            if name.is_empty() {
                return None;
            }
            if !fields.contains(name) && !all.iter().any(|other| lies_in(name, other)) {
                fields.push(name.clone());
            }
        }
        Some(fields)
    }

    /// Drops fields of a value.
    fn omission(&self, names: &str, applicable: bool) -> Fix {
        let (at, text) = match &self.form {
            Form::Spread(value) | Form::Rest(value) => (value.at_end(), format!(" omit {{ {names} }}")),
            Form::Omit(last) => (last.at_end(), format!(", {names}")),
            Form::Value | Form::Field(_) | Form::Name(_) | Form::Reveal(_) => {
                (self.at.at_end(), format!(" omit {{ {names} }}"))
            }
        };
        Fix { title: format!("leave it out: `omit {{ {names} }}`"), edits: vec![(at, text)], applicable }
    }

    /// Says that the value may go. Nobody applies that unasked: it is for a person to say.
    fn reveal(&self) -> Option<Fix> {
        let (at, text) = match (&self.form, self.to) {
            // A redirect's target is a string and nothing else.
            (_, Destination::Redirect) | (Form::Rest(_) | Form::Omit(_), _) => return None,
            (Form::Field(key), _) => (self.at, format!("{key}: reveal .")),
            (Form::Name(key), _) => (self.at, format!("{key}: reveal ")),
            (Form::Spread(value), _) => (*value, "reveal ".to_owned()),
            (Form::Value | Form::Reveal(_), _) => (self.at, "reveal ".to_owned()),
        };
        let title = "say that it may be seen: `reveal`".to_owned();
        Some(Fix { title, edits: vec![(at.at_start(), text)], applicable: false })
    }
}

impl Met {
    /// Whether it is the field itself that is marked, where several are taken at one place.
    fn is_of_field(&self) -> bool {
        let last = self.mark.source.what.rsplit('.').next();
        self.place.field.as_deref().is_some_and(|field| last == Some(field))
    }
}

impl Form {
    /// Whether several fields are taken by what stands here.
    fn takes_several(&self) -> bool {
        match self {
            Self::Spread(_) | Self::Rest(_) | Self::Omit(_) => true,
            Self::Value | Self::Field(_) | Self::Name(_) | Self::Reveal(_) => false,
        }
    }
}

/// Shows where data is marked.
fn declared(mut diagnostic: Diagnostic, met: &[Met]) -> Diagnostic {
    let mut shown: Vec<Span> = Vec::new();
    for source in met.iter().map(|met| &met.mark.source) {
        if shown.len() < MOST_DECLARED && !shown.contains(&source.declared) {
            shown.push(source.declared);
            diagnostic = diagnostic.also(source.declared, format!("declared `{}` here", source.marking.as_str()));
        }
    }
    diagnostic
}

/// The names of what is marked, each once.
fn sources(met: &[Met]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for met in met {
        if !names.contains(&met.mark.source.what) {
            names.push(met.mark.source.what.clone());
        }
    }
    names
}

/// How data is marked.
fn marked(met: &[Met]) -> &'static str {
    let has = |marking| met.iter().any(|met| met.mark.source.marking == marking);
    match (has(Marking::Sensitive), has(Marking::Secret)) {
        (true, true) => "sensitive or secret",
        (false, true) => "secret",
        (_, false) => "sensitive",
    }
}

fn are(names: &[String]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

/// `a`, `b` and `c`, in backticks; of many, the first.
fn listed(names: &[String]) -> String {
    let mut quoted: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST_NAMES {
        quoted.push(format!("{} more", names.len() - MOST_NAMES));
    }
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
