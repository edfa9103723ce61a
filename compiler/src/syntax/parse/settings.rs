//! Settings: a closed list, each with its own shape.

use super::{Builder, Kids, Node, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Limit, LimitValue, Setting, SettingKind, SettingValue, Spanned, Text};
use crate::syntax::recover::Piece;

impl Builder<'_> {
    /// The settings of a block that holds nothing else.
    pub(super) fn settings(&mut self, node: Node<'_>) -> Vec<Setting> {
        let block = self.span(&node);
        let (mut settings, mut previous) = (Vec::new(), None);
        let mut kids = Kids::of(node);
        while let Some(kid) = kids.next() {
            let place = self.span(&kid);
            match kid.as_rule() {
                Rule::setting | Rule::unknown_setting => {
                    let next = kids.peek();
                    settings.extend(self.setting_before(kid, next, false));
                }
                _ => self.block_rest(&kid, Piece::Setting, previous, block),
            }
            previous = Some((Piece::Setting, place));
        }
        settings
    }

    /// A setting with what follows it: an unknown word before a broken piece is part of that piece.
    pub(super) fn setting_before(&mut self, node: Node<'_>, next: Option<Rule>, late: bool) -> Option<Setting> {
        let unknown = node.as_rule() == Rule::unknown_setting;
        let broken = matches!(
            next,
            Some(Rule::broken_setting | Rule::broken_statement | Rule::broken_operation | Rule::broken_group_item)
        );
        if unknown && broken {
            return None;
        }
        let setting = self.setting(node)?;
        if late {
            let message = format!("the setting `{}` stands behind what it sets", setting.name.text);
            self.report(
                Diagnostic::new(Code::GW0012, message, setting.span, "move it to the top of its block")
                    .note("settings come first, so that they are read before what they hold for"),
            );
        }
        Some(setting)
    }

    /// One setting, known or not.
    pub(super) fn setting(&mut self, node: Node<'_>) -> Option<Setting> {
        let span = self.span(&node);
        if node.as_rule() == Rule::unknown_setting {
            let name = self.name(&Kids::of(node).next()?);
            return Some(Setting { name, kind: SettingKind::Unknown, span });
        }
        let inner = Kids::of(node).next()?;
        let rule = inner.as_rule();
        let mut kids = Kids::of(inner);
        let name = self.name(&kids.next()?);
        let kind = match rule {
            Rule::set_public => SettingKind::Public,
            Rule::set_idempotent => SettingKind::Idempotent,
            Rule::set_use => SettingKind::Use(self.name(&kids.next()?)),
            Rule::set_listen => SettingKind::Listen(self.text_value(kids.next()?)?),
            Rule::set_timeout => SettingKind::Timeout(self.number_value(kids.next()?)?),
            Rule::set_connect => SettingKind::Connect(self.number_value(kids.next()?)?),
            Rule::set_body => SettingKind::Body(self.number_value(kids.next()?)?),
            Rule::set_response => SettingKind::Response(self.number_value(kids.next()?)?),
            Rule::set_relay => SettingKind::Relay(self.statuses(kids.next()?)),
            Rule::set_absent => SettingKind::Absent(self.statuses(kids.next()?)),
            Rule::set_health => {
                let path = self.text(&kids.next()?);
                let access = kids.eat(Rule::access).and_then(|access| Kids::of(access).next());
                SettingKind::Health { path, access: access.map(|access| self.name(&access)) }
            }
            Rule::set_limits => SettingKind::Limits(self.limits(kids)),
            Rule::set_later => SettingKind::Later,
            _ => return None,
        };
        Some(Setting { name, kind, span })
    }

    fn text_value(&mut self, node: Node<'_>) -> Option<SettingValue<Text>> {
        let value = Kids::of(node).next()?;
        match value.as_rule() {
            Rule::source => Some(SettingValue::Source(self.source_call(value)?)),
            _ => Some(SettingValue::Literal(self.text(&value))),
        }
    }

    /// A duration in milliseconds or a size in bytes.
    fn number_value(&mut self, node: Node<'_>) -> Option<SettingValue<Spanned<u64>>> {
        let value = Kids::of(node).next()?;
        if value.as_rule() == Rule::source {
            return Some(SettingValue::Source(self.source_call(value)?));
        }
        let span = self.span(&value);
        Some(SettingValue::Literal(Spanned { value: self.quantity(value.as_str(), span), span }))
    }

    fn statuses(&mut self, node: Node<'_>) -> Vec<Spanned<u16>> {
        Kids::of(node).filter(|kid| kid.as_rule() == Rule::int).map(|kid| self.status(&kid)).collect()
    }

    fn limits(&mut self, kids: Kids<'_>) -> Vec<Limit> {
        kids.filter(|kid| kid.as_rule() == Rule::limit_entry).filter_map(|kid| self.limit(kid)).collect()
    }

    fn limit(&mut self, node: Node<'_>) -> Option<Limit> {
        let span: Span = self.span(&node);
        let mut kids = Kids::of(node);
        let name = self.name(&kids.next()?);
        let value = kids.next()?;
        let place = self.span(&value);
        let number = self.quantity(value.as_str(), place);
        let value = match value.as_rule() {
            Rule::dur => LimitValue::Millis(number),
            Rule::size => LimitValue::Bytes(number),
            _ => LimitValue::Count(number),
        };
        Some(Limit { name, value, span })
    }
}
