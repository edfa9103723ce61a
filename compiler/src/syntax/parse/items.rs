//! Items: what stands at the top of a file and in a group.

use pest::iterators::Pairs;

use super::{Builder, Kids, Node, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Address, Endpoint, EnumItem, Gateway, Group, Head, Item, ItemKind, Later, Name, Operation, Param, Policy, Service,
    SourceCall, Text, TypeBody, TypeItem, Variant,
};
use crate::syntax::recover::Piece;

impl Builder<'_> {
    /// All items of a file.
    pub(super) fn items(&mut self, pairs: Pairs<'_, Rule>) -> Vec<Item> {
        let mut items = Vec::new();
        let mut previous = None;
        for node in pairs.flat_map(Node::into_inner) {
            let span = self.span(&node);
            match node.as_rule() {
                Rule::item => items.extend(self.item_or_refusal(node)),
                Rule::broken_item => self.broken(Piece::Item, span, previous),
                _ => {}
            }
            previous = Some((Piece::Item, span));
        }
        items
    }

    /// An item, or a report that it can't be read: nothing is left out in silence.
    fn item_or_refusal(&mut self, node: Node<'_>) -> Option<Item> {
        let span = self.span(&node);
        let item = self.item(node);
        if item.is_none() && !self.broken {
            self.report(Diagnostic::new(Code::GW0001, "this item can't be read", span, "not understood"));
        }
        item
    }

    fn item(&mut self, node: Node<'_>) -> Option<Item> {
        let mut kids = Kids::of(node);
        let docs = self.docs(&mut kids);
        let body = kids.next()?;
        let span = self.span(&body);
        let rule = body.as_rule();
        let mut kids = Kids::of(body);
        let keyword = kids.next()?;
        let kind = match rule {
            Rule::use_file => ItemKind::Use(self.text(&kids.eat(Rule::string)?)),
            Rule::gateway => {
                ItemKind::Gateway(Gateway { name: self.name(&kids.next()?), settings: self.settings(kids.next()?) })
            }
            Rule::policy => {
                ItemKind::Policy(Policy { name: self.name(&kids.next()?), settings: self.settings(kids.next()?) })
            }
            Rule::type_item => ItemKind::Type(self.type_item(kids)?),
            Rule::enum_item => ItemKind::Enum(self.enum_item(kids, span)?),
            Rule::service => ItemKind::Service(self.service(kids, span)?),
            Rule::group => ItemKind::Group(self.group(kids, span)?),
            Rule::endpoint => ItemKind::Endpoint(self.endpoint(kids)?),
            Rule::union_item => ItemKind::Later(self.union(&keyword, kids, span)),
            Rule::auth_item => self.later(&keyword, kids.eat(Rule::word).as_ref()),
            Rule::test => self.later(&keyword, None),
            Rule::extern_fn => {
                let function = kids.next()?;
                let span = self.span(&keyword).to(self.span(&function));
                let name = kids.eat(Rule::word).map(|word| self.name(&word));
                ItemKind::Later(Later { keyword: Name { text: "extern fn".to_owned(), span }, name })
            }
            _ => return None,
        };
        Some(Item { docs, kind, span })
    }

    fn later(&self, keyword: &Node<'_>, name: Option<&Node<'_>>) -> ItemKind {
        ItemKind::Later(Later { keyword: self.name(keyword), name: name.map(|name| self.name(name)) })
    }

    fn type_item(&mut self, mut kids: Kids<'_>) -> Option<TypeItem> {
        let name = self.name(&kids.next()?);
        if kids.pass(Rule::eq) {
            let body = TypeBody::Alias(self.ty(kids.next()?)?);
            return Some(TypeItem { name, body, broken: false });
        }
        let node = kids.next()?;
        let broken = has_broken_field(&node);
        let (fields, open) = self.fields(node);
        Some(TypeItem { name, body: TypeBody::Object { fields, open }, broken })
    }

    fn enum_item(&mut self, mut kids: Kids<'_>, span: Span) -> Option<EnumItem> {
        let name = self.name(&kids.next()?);
        let mut item = EnumItem { name, variants: Vec::new(), open: false, broken: false };
        let mut previous = None;
        for node in kids {
            let place = self.span(&node);
            item.broken |= node.as_rule() == Rule::broken_field;
            match node.as_rule() {
                Rule::variant => item.variants.extend(self.variant(node)),
                Rule::dots => item.open = true,
                _ => self.block_rest(&node, Piece::Variant, previous, span),
            }
            previous = Some((Piece::Variant, place));
        }
        Some(item)
    }

    fn variant(&mut self, node: Node<'_>) -> Option<Variant> {
        let mut kids = Kids::of(node);
        let docs = self.docs(&mut kids);
        let wire = kids.eat(Rule::string).map(|wire| self.text(&wire));
        Some(Variant { docs, wire, name: self.name(&kids.eat(Rule::word)?) })
    }

    /// A union is not built yet; only its own faults are reported.
    fn union(&mut self, keyword: &Node<'_>, mut kids: Kids<'_>, span: Span) -> Later {
        let name = kids.eat(Rule::word).map(|name| self.name(&name));
        let mut previous = None;
        for node in kids {
            let place = self.span(&node);
            self.block_rest(&node, Piece::Tag, previous, span);
            previous = Some((Piece::Tag, place));
        }
        Later { keyword: self.name(keyword), name }
    }

    fn service(&mut self, mut kids: Kids<'_>, span: Span) -> Option<Service> {
        let name = self.name(&kids.next()?);
        kids.eat(Rule::k_at)?;
        let addresses = Kids::of(kids.eat(Rule::address)?).filter_map(|node| self.address(node)).collect();
        let mut service = Service { name, addresses, settings: Vec::new(), operations: Vec::new() };
        let mut previous = None;
        let mut body = kids.eat(Rule::service_body).map(Kids::of);
        while let Some(node) = body.as_mut().and_then(Iterator::next) {
            let place = self.span(&node);
            let piece = if node.as_rule() == Rule::operation { Piece::Operation } else { Piece::Setting };
            match node.as_rule() {
                Rule::operation => service.operations.extend(self.operation(node)),
                Rule::broken_operation => self.broken(Piece::Operation, place, previous),
                Rule::setting | Rule::unknown_setting => {
                    let next = body.as_mut().and_then(Kids::peek);
                    service.settings.extend(self.setting_before(node, next, !service.operations.is_empty()));
                }
                _ => self.block_rest(&node, Piece::Setting, previous, span),
            }
            previous = Some((piece, place));
        }
        Some(service)
    }

    fn address(&mut self, node: Node<'_>) -> Option<Address> {
        match node.as_rule() {
            Rule::string => Some(Address::Text(self.text(&node))),
            Rule::source => Some(Address::Source(self.source_call(node)?)),
            _ => None,
        }
    }

    /// `env("X", default)`
    pub(super) fn source_call(&mut self, node: Node<'_>) -> Option<SourceCall> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let function = self.name(&kids.eat(Rule::name)?);
        kids.pass(Rule::open_paren);
        let argument = kids.eat(Rule::string).map(|argument| self.text(&argument));
        kids.pass(Rule::comma);
        let default = kids.eat(Rule::lit).and_then(|default| self.lit(default));
        Some(SourceCall { function, argument, default, span })
    }

    fn operation(&mut self, node: Node<'_>) -> Option<Operation> {
        let whole = self.span(&node);
        let mut kids = Kids::of(node);
        let docs = self.docs(&mut kids);
        let first = kids.next()?;
        let start = self.span(&first);
        let head = match first.as_rule() {
            Rule::head => self.head(first)?,
            Rule::graphql => self.graphql(first)?,
            _ => return None,
        };
        let format = kids.eat(Rule::format).and_then(|format| Kids::of(format).last()).map(|word| self.name(&word));
        let settings = kids.eat(Rule::operation_settings).map(|settings| self.settings(settings));
        Some(Operation { docs, head, format, settings, span: start.to(whole.at_end()) })
    }

    fn graphql(&mut self, node: Node<'_>) -> Option<Head> {
        let mut kids = Kids::of(node);
        let method = self.name(&kids.next()?);
        let name = self.name(&kids.eat(Rule::word)?);
        let params = self.params(kids.eat(Rule::params)?);
        kids.eat(Rule::arrow)?;
        let returns = self.ty(kids.eat(Rule::ty)?);
        let path = self.text(&kids.last()?);
        Some(Head { method, path, name, params, returns })
    }

    fn head(&mut self, node: Node<'_>) -> Option<Head> {
        let mut kids = Kids::of(node);
        let method = self.name(&kids.eat(Rule::method)?);
        let path: Text = self.text(&kids.eat(Rule::string)?);
        let name = self.name(&kids.eat(Rule::word)?);
        let params = self.params(kids.eat(Rule::params)?);
        kids.pass(Rule::arrow);
        let returns = match kids.eat(Rule::ty) {
            Some(ty) => Some(self.ty(ty)?),
            None => None,
        };
        Some(Head { method, path, name, params, returns })
    }

    fn params(&mut self, node: Node<'_>) -> Vec<Param> {
        Kids::of(node).filter(|kid| kid.as_rule() == Rule::param).filter_map(|kid| self.param(kid)).collect()
    }

    fn param(&mut self, node: Node<'_>) -> Option<Param> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let place = match kids.eat(Rule::param_place).map(Kids::of) {
            Some(mut place) => Some((self.name(&place.next()?), self.text(&place.next()?))),
            None => None,
        };
        let name = self.name(&kids.eat(Rule::word)?);
        kids.eat(Rule::colon)?;
        let ty = self.ty(kids.eat(Rule::ty)?)?;
        let marking = kids.eat(Rule::marking).map(|marking| self.name(&marking));
        kids.pass(Rule::eq);
        let default = kids.eat(Rule::lit).and_then(|default| self.lit(default));
        Some(Param { place, name, ty, marking, default, span })
    }

    fn group(&mut self, mut kids: Kids<'_>, span: Span) -> Option<Group> {
        let prefix = self.text(&kids.eat(Rule::string)?);
        let mut group = Group { prefix, settings: Vec::new(), items: Vec::new() };
        let mut previous = None;
        while let Some(node) = kids.next() {
            let place = self.span(&node);
            let piece = if node.as_rule() == Rule::group_item { Piece::GroupItem } else { Piece::Setting };
            match node.as_rule() {
                Rule::group_item => group.items.extend(self.item_or_refusal(node)),
                Rule::broken_group_item => self.broken(Piece::GroupItem, place, previous),
                Rule::setting | Rule::unknown_setting => {
                    let next = kids.peek();
                    group.settings.extend(self.setting_before(node, next, !group.items.is_empty()));
                }
                _ => self.block_rest(&node, Piece::Setting, previous, span),
            }
            previous = Some((piece, place));
        }
        Some(group)
    }

    fn endpoint(&mut self, mut kids: Kids<'_>) -> Option<Endpoint> {
        let head = self.head(kids.eat(Rule::head)?)?;
        let body = self.body(kids.eat(Rule::endpoint_body)?);
        Some(Endpoint { head, settings: body.settings, statements: body.statements, result: body.result })
    }

    /// What every block has beside its entries: separators, the end, and what is broken.
    pub(super) fn block_rest(&mut self, node: &Node<'_>, piece: Piece, previous: Option<(Piece, Span)>, block: Span) {
        match node.as_rule() {
            Rule::missing_comma => self.missing_comma(node),
            Rule::unclosed | Rule::unclosed_group | Rule::unclosed_operation => self.unclosed(node, block),
            Rule::broken_field | Rule::broken_setting => {
                let place = self.span(node);
                self.broken(piece, place, previous);
            }
            _ => {}
        }
    }
}

/// Whether a field of an object can't be read.
fn has_broken_field(fields: &Node<'_>) -> bool {
    fields.clone().into_inner().any(|kid| kid.as_rule() == Rule::broken_field)
}
