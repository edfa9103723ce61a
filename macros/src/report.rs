//! What the compiler found, as rustc shows it: errors as `compile_error!`, warnings as the use of a deprecated constant.
//!
//! Inline, a finding is put on its very tokens, and its notes stand in the message. rustc can't point into a
//! `.gw` file: such a finding is put on the name of the file, and its message is the drawing that `gw` shows.

use gatewright_compiler::Compiled;
use gatewright_compiler::diagnostic::{Code, Diagnostic, Fix, Severity, human};
use gatewright_compiler::source::{FileId, SourceMap, Span};
use gatewright_compiler::syntax::ast::{self, ItemKind};
use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::tokens::Text;

/// Where a gateway was written.
pub(crate) enum Place {
    /// In a file; this is where the macro names it.
    File(proc_macro2::Span),
    /// In the macro.
    Inline(Text),
}

/// The root file of a program.
const ROOT: FileId = FileId(0);

impl Place {
    /// A name of the text, as Rust's text: its place is there, its meaning that of the macro's call.
    pub(crate) fn name(&self, span: Span) -> proc_macro2::Span {
        let here = proc_macro2::Span::call_site();
        match self {
            Self::Inline(text) if span.file == ROOT => text.ends(span.start, span.end).0.resolved_at(here),
            Self::Inline(_) | Self::File(_) => here,
        }
    }

    /// The first and the last token to put a finding on.
    fn ends(&self, diagnostic: &Diagnostic, compiled: &Compiled) -> (proc_macro2::Span, proc_macro2::Span) {
        match (self, diagnostic.primary()) {
            (Self::File(name), _) => (*name, *name),
            (Self::Inline(text), Some(span)) if span.file == ROOT => text.ends(span.start, span.end),
            (Self::Inline(text), Some(span)) => {
                let used = used_as(span.file, compiled).map(|used| text.ends(used.start, used.end));
                used.unwrap_or_else(|| (proc_macro2::Span::call_site(), proc_macro2::Span::call_site()))
            }
            (Self::Inline(_), None) => (proc_macro2::Span::call_site(), proc_macro2::Span::call_site()),
        }
    }
}

/// All findings: one that stops the build, if one does, and the others as items.
pub(crate) fn findings(compiled: &Compiled, place: &Place) -> (Option<TokenStream>, TokenStream) {
    let mut first_error = None;
    let mut others = TokenStream::new();
    for diagnostic in &compiled.diagnostics {
        let (first, last) = place.ends(diagnostic, compiled);
        let message = message(diagnostic, &compiled.sources, place);
        match diagnostic.severity() {
            Severity::Error if first_error.is_none() => first_error = Some(error(&message, first, last)),
            Severity::Error => others.extend(error(&message, first, last)),
            Severity::Warning => others.extend(warning(diagnostic.code.as_str(), &message, first)),
        }
    }
    (first_error, others)
}

/// `compile_error!` from one token to another: rustc underlines from the start of its path to the end of its braces.
fn error(message: &str, first: proc_macro2::Span, last: proc_macro2::Span) -> TokenStream {
    let path = quote_spanned! { first=> ::core::compile_error! };
    let mut text = Literal::string(message);
    text.set_span(first);
    let mut braces = Group::new(Delimiter::Brace, TokenTree::from(text).into());
    braces.set_span(last);
    quote! { #path #braces }
}

/// A warning on one token. Rust has no other way for a macro to give one.
fn warning(code: &str, message: &str, span: proc_macro2::Span) -> TokenStream {
    let name = Ident::new(code, proc_macro2::Span::call_site());
    let used = Ident::new(code, span);
    quote! {
        const _: () = {
            #[deprecated(note = #message)]
            const #name: () = ();
            #used
        };
    }
}

fn message(diagnostic: &Diagnostic, sources: &SourceMap, place: &Place) -> String {
    let title = format!("{} [{}]", diagnostic.message, diagnostic.code.as_str());
    if diagnostic.code == Code::GW0101 && diagnostic.primary().is_none() {
        return format!("{title}\nnote: the path starts at the folder of this crate's `Cargo.toml`");
    }
    let in_file = match place {
        Place::File(_) => true,
        Place::Inline(_) => diagnostic.primary().is_some_and(|span| span.file != ROOT),
    };
    if in_file {
        let drawing = human::render(std::slice::from_ref(diagnostic), sources, false);
        let below = drawing.split_once('\n').map_or("", |(_, below)| below.trim_end());
        return [title.as_str(), below].join("\n").trim_end().to_owned();
    }
    let mut lines = vec![title];
    lines.extend(diagnostic.labels.iter().filter(|label| !label.text.is_empty()).map(|label| {
        if label.primary {
            format!("here: {}", label.text)
        } else {
            format!("{}: {}", sources.place(label.span), label.text)
        }
    }));
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diagnostic.fixes.iter().map(help));
    lines.join("\n")
}

/// "help: did you mean `price`?", with what to write where the title does not have it.
fn help(fix: &Fix) -> String {
    match fix.edits.as_slice() {
        [(_, text)] if !text.trim().is_empty() && !text.contains('\n') && !fix.title.contains(text.trim()) => {
            format!("help: {}: `{}`", fix.title, text.trim())
        }
        _ => format!("help: {}", fix.title),
    }
}

/// Where the text in the macro uses a file, if it does so itself.
fn used_as(file: FileId, compiled: &Compiled) -> Option<Span> {
    let name = &compiled.sources.get(file)?.name;
    let (_, root, _) = compiled.files.iter().find(|(id, ..)| *id == ROOT)?;
    root.items.iter().find_map(|item: &ast::Item| match &item.kind {
        ItemKind::Use(path) if name.ends_with(path.value.trim_start_matches(['.', '/'])) => Some(path.span),
        _ => None,
    })
}
