//! What can't be proved, in words.

use super::{Flow, MOST_CALLS, Ready, usual};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{EndpointHead, Operation};
use crate::source::Span;

impl Flow<'_> {
    /// A call for each element of a list of any length.
    pub(super) fn report_unbounded(&mut self, level: usize, operation: &Operation, span: Span) {
        let title = self.title(operation);
        let Some(fan) = self.fans.get_mut(level).filter(|fan| !fan.reported) else { return };
        fan.reported = true;
        let list = fan.list;
        self.diagnostics.push(
            Diagnostic::new(
                Code::GW0601,
                format!("`{title}` is called for each element of a list of any length"),
                span,
                "once for each element",
            )
            .also(list, "nothing bounds this list")
            .note("bound the list where it is used, `[..20]`, or in its type, `[T](..=20)`")
            .suggest("take the first 20 elements: `[..20]`", list.at_end(), "[..20]"),
        );
    }

    /// More calls than one request may make.
    pub(super) fn check_calls(&mut self) {
        let total = self.legs.iter().fold(0_u64, |sum, leg| sum.saturating_add(leg.times));
        let Some(most) = self.legs.iter().max_by_key(|leg| leg.times).filter(|_| total > MOST_CALLS) else { return };
        let (span, times, title) = (most.span, most.times, self.title(most.operation));
        self.diagnostics.push(
            Diagnostic::new(
                Code::GW0603,
                format!("one request may make {total} calls, more than {MOST_CALLS}"),
                span,
                format!("`{title}` up to {times} times"),
            )
            .note("lists inside of lists multiply: bound them more tightly, or ask for many things in one call"),
        );
    }

    /// The longest path must fit into the endpoint's own time.
    pub(super) fn check_time(&mut self, end: &Ready, head: &EndpointHead) {
        let Some(allowed) = usual(&head.timeout.value).filter(|allowed| end.at > *allowed) else { return };
        let (place, label) = match head.timeout.origin {
            Some(origin) => (origin, format!("all of it within {}", millis(allowed))),
            None => (head.origin, format!("answers within {} where nobody says", millis(allowed))),
        };
        let mut diagnostic = Diagnostic::new(
            Code::GW0604,
            format!(
                "the calls of `{}` may take {}, and it answers within {}",
                head.name,
                millis(end.at),
                millis(allowed)
            ),
            place,
            label,
        );
        for id in self.path(end.last) {
            let Some(leg) = self.legs.get(id) else { continue };
            let Some(timeout) = leg.operation.timeout.as_ref() else { continue };
            let (Some(origin), Some(time)) = (timeout.origin, usual(&timeout.value)) else { continue };
            let rounds =
                if leg.rounds == 1 { String::new() } else { format!(", {} times one after the other", leg.rounds) };
            diagnostic =
                diagnostic.also(origin, format!("`{}` up to {}{rounds}", self.title(leg.operation), millis(time)));
        }
        self.diagnostics
            .push(diagnostic.note("these calls wait for one another: give the endpoint more time, or them less"));
    }

    fn title(&self, operation: &Operation) -> String {
        let service = self.model.services.get(operation.service.0).map_or("", |service| service.name.as_str());
        format!("{service}.{}", operation.name)
    }
}

/// `2s`, `1500ms`
fn millis(value: u64) -> String {
    if value >= 1_000 && value.is_multiple_of(1_000) { format!("{}s", value / 1_000) } else { format!("{value}ms") }
}
