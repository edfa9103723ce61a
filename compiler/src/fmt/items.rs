//! Items and operations.

use super::doc::Doc;
use super::lists::{BRACKETS, Entry, all_apart, apart};
use super::{Layout, WIDTH, concat};
use crate::syntax::ast::{Address, Endpoint, File, Group, Head, Item, ItemKind, Operation, Service, Setting};

impl Layout<'_> {
    /// A whole file: items of one line may stand together, all others have a blank line around them.
    pub(super) fn file(&mut self, file: &File) -> String {
        let mut text = String::new();
        let mut long_before = false;
        for item in &file.items {
            let (printed, long, blank) = self.item(item).print(WIDTH, long_before);
            push_item(&mut text, &printed, blank);
            long_before = long;
        }
        if let Some(rest) = self.rest(u32::MAX) {
            let (printed, _, blank) = rest.print(WIDTH, false);
            push_item(&mut text, &printed, blank);
        }
        text
    }

    fn item(&mut self, item: &Item) -> Entry {
        let end = item.span.end;
        self.entry(&item.docs, item.span, |layout| match &item.kind {
            ItemKind::Use(path) => concat([Doc::text("use "), layout.token(path.span)]),
            ItemKind::Gateway(gateway) => layout.named_settings("gateway", &gateway.name.text, &gateway.settings, end),
            ItemKind::Policy(policy) => layout.named_settings("policy", &policy.name.text, &policy.settings, end),
            ItemKind::Type(ty) => {
                concat([Doc::text(format!("type {} ", ty.name.text)), layout.type_body(&ty.body, end)])
            }
            ItemKind::Enum(item) => {
                let variants = layout.variants(&item.variants, item.open, end);
                concat([Doc::text(format!("enum {} ", item.name.text)), variants])
            }
            ItemKind::Service(service) => layout.service(service, end),
            ItemKind::Group(group) => layout.group(group, end),
            ItemKind::Endpoint(endpoint) => layout.endpoint(endpoint, end),
            ItemKind::Later(_) => layout.as_written(item.span),
        })
    }

    fn named_settings(&mut self, keyword: &str, name: &str, settings: &[Setting], end: u32) -> Doc {
        let entries = self.settings(settings);
        concat([Doc::text(format!("{keyword} {name} ")), self.block(entries, end)])
    }

    fn service(&mut self, service: &Service, end: u32) -> Doc {
        let addresses = match service.addresses.as_slice() {
            [address] => self.address(address),
            addresses => {
                let end = addresses.last().map_or(0, |address| address_span(address).end + 1);
                self.list(BRACKETS, addresses, end, |layout, address| {
                    layout.entry(&[], address_span(address), |layout| layout.address(address))
                })
            }
        };
        let head = concat([Doc::text(format!("service {} at ", service.name.text)), addresses]);
        let mut entries = self.settings(&service.settings);
        let operations = service.operations.iter().map(|operation| self.operation(operation)).collect();
        entries.extend(if entries.is_empty() { operations } else { apart(operations) });
        if entries.is_empty() && self.comments.next_before(end).is_none() {
            return head;
        }
        concat([head, Doc::text(" "), self.block(entries, end)])
    }

    fn address(&mut self, address: &Address) -> Doc {
        match address {
            Address::Text(text) => self.token(text.span),
            Address::Source(call) => self.source_call(call),
        }
    }

    fn operation(&mut self, operation: &Operation) -> Entry {
        self.entry(&operation.docs, operation.span, |layout| {
            if operation.head.method.text == "graphql" {
                return layout.as_written(operation.span);
            }
            let mut parts = vec![layout.head(&operation.head)];
            if let Some(format) = &operation.format {
                parts.push(Doc::text(format!(" as {}", format.text)));
            }
            if let Some(settings) = &operation.settings {
                parts.extend([Doc::text(" "), layout.settings_in_row(settings, operation.span.end)]);
            }
            Doc::Concat(parts)
        })
    }

    /// `METHOD "path" name(parameters) -> Type`
    fn head(&mut self, head: &Head) -> Doc {
        let path = self.token(head.path.span);
        let mut parts =
            vec![Doc::text(format!("{} ", head.method.text)), path, Doc::text(format!(" {}", head.name.text))];
        parts.push(self.params(&head.params));
        if let Some(returns) = &head.returns {
            parts.extend([Doc::text(" -> "), self.ty(returns)]);
        }
        Doc::Concat(parts)
    }

    fn group(&mut self, group: &Group, end: u32) -> Doc {
        let head = concat([Doc::text("group "), self.token(group.prefix.span), Doc::text(" ")]);
        let mut entries = self.settings(&group.settings);
        let items: Vec<Entry> = group.items.iter().map(|item| self.item(item)).collect();
        entries.extend(all_apart(items));
        concat([head, self.block(entries, end)])
    }

    fn endpoint(&mut self, endpoint: &Endpoint, end: u32) -> Doc {
        let head = concat([Doc::text("endpoint "), self.head(&endpoint.head), Doc::text(" ")]);
        let mut entries = self.settings(&endpoint.settings);
        entries.extend(self.statements(&endpoint.statements));
        entries.extend(endpoint.result.as_ref().map(|result| self.result_entry(result)));
        concat([head, self.block(entries, end)])
    }
}

fn push_item(text: &mut String, item: &str, blank: bool) {
    if blank && !text.is_empty() {
        text.push('\n');
    }
    text.push_str(item);
    text.push('\n');
}

fn address_span(address: &Address) -> crate::source::Span {
    match address {
        Address::Text(text) => text.span,
        Address::Source(call) => call.span,
    }
}
