//! Settings: `name value`, a line each in a block, or in a row behind an operation.

use super::doc::Doc;
use super::lists::{Entry, SETTINGS};
use super::{Layout, concat};
use crate::source::Span;
use crate::syntax::ast::{Setting, SettingKind, SettingValue, Spanned, Text};

impl Layout<'_> {
    /// Each setting, laid out for a line of its own.
    pub(super) fn settings(&mut self, settings: &[Setting]) -> Vec<Entry> {
        (0..settings.len()).filter_map(|index| self.setting_entry(settings.get(index..)?)).collect()
    }

    /// `{ timeout 150ms }`
    pub(super) fn settings_in_row(&mut self, settings: &[Setting], end: u32) -> Doc {
        let entries = self.settings(settings);
        self.row(SETTINGS, entries, end)
    }

    /// The first of some settings. Settings need no `,`, but what is no setting has no certain end without one.
    fn setting_entry(&mut self, settings: &[Setting]) -> Option<Entry> {
        let [setting, behind @ ..] = settings else { return None };
        let mut entry = self.entry(&[], setting.span, |layout| layout.setting(setting));
        let open_ended = matches!(setting.kind, SettingKind::Health { access: None, .. });
        let before = behind.first().is_some_and(|next| open_ended || next.kind == SettingKind::Unknown);
        if before || setting.kind == SettingKind::Unknown {
            entry.set_comma();
        }
        Some(entry)
    }

    fn setting(&mut self, setting: &Setting) -> Doc {
        let name = &setting.name.text;
        match &setting.kind {
            SettingKind::Public | SettingKind::Idempotent => Doc::text(name),
            SettingKind::Use(policy) => Doc::text(format!("{name} {}", policy.text)),
            SettingKind::Listen(value) => self.value(name, value, |text: &Text| text.span),
            SettingKind::Timeout(value)
            | SettingKind::Connect(value)
            | SettingKind::Body(value)
            | SettingKind::Response(value) => self.value(name, value, |number: &Spanned<u64>| number.span),
            SettingKind::Relay(statuses) | SettingKind::Absent(statuses) => {
                let statuses: Vec<_> = statuses.iter().map(|status| self.slice(status.span)).collect();
                Doc::text(format!("{name} [{}]", statuses.join(", ")))
            }
            SettingKind::Health { path, access } => match access {
                Some(access) if access.text == "public" => {
                    concat([Doc::text(format!("{name} ")), self.token(path.span), Doc::text(" public")])
                }
                None => concat([Doc::text(format!("{name} ")), self.token(path.span)]),
                Some(_) => self.as_written(setting.span),
            },
            SettingKind::Limits(limits) => {
                let list = self.list(SETTINGS, limits, setting.span.end, |layout, limit| {
                    layout.entry(&[], limit.span, |layout| {
                        let value = Span::new(limit.span.file, limit.name.span.end, limit.span.end);
                        Doc::text(format!("{} {}", limit.name.text, last_word(layout.slice(value))))
                    })
                });
                concat([Doc::text(format!("{name} ")), list])
            }
            SettingKind::Later | SettingKind::Unknown => self.as_written(setting.span),
        }
    }

    fn value<T>(&mut self, name: &str, value: &SettingValue<T>, place: impl FnOnce(&T) -> Span) -> Doc {
        let value = match value {
            SettingValue::Literal(literal) => self.token(place(literal)),
            SettingValue::Source(call) => self.source_call(call),
        };
        concat([Doc::text(format!("{name} ")), value])
    }
}

/// Blanks and comments may stand between a name and its value.
fn last_word(text: &str) -> &str {
    text.split_whitespace().last().unwrap_or_default()
}
