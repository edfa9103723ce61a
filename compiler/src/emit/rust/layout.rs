//! Tokens to text that people read: prettyplease, and the blank lines that it can't know of.

mod lines;

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::{File, Module};

/// The name of the macro call that stands for a blank line until the text is written.
const BLANK: &str = "__blank";

/// A blank line between two paragraphs.
pub(super) fn blank() -> TokenStream {
    quote! { __blank! {} }
}

/// Things with a blank line between each two.
pub(super) fn spaced(parts: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut tokens = TokenStream::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !tokens.is_empty() {
            tokens.extend(blank());
        }
        tokens.extend(part);
    }
    tokens
}

/// `if test { then } else { otherwise }`; the other way round where the test says what is not so, as people write it.
pub(super) fn if_else(test: &TokenStream, then: &TokenStream, otherwise: &TokenStream) -> TokenStream {
    if let Some(contrary) = contrary(test) {
        return quote! { if #contrary { #otherwise } else { #then } };
    }
    quote! { if #test { #then } else { #otherwise } }
}

/// The contrary of a test that is a negation.
pub(super) fn contrary(test: &TokenStream) -> Option<TokenStream> {
    match syn::parse2(test.clone()).ok()? {
        syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Not(_), expr, .. }) => Some(match *expr {
            syn::Expr::Paren(inner) => inner.expr.into_token_stream(),
            inner => inner.into_token_stream(),
        }),
        syn::Expr::Binary(syn::ExprBinary { left, op: syn::BinOp::Ne(_), right, .. }) => {
            Some(quote! { #left == #right })
        }
        _ => None,
    }
}

/// A byte string as a person would write it: raw where it has quotes in it.
pub(super) fn byte_string(bytes: &[u8]) -> TokenStream {
    let plain =
        std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii() && !text.contains(|c: char| c.is_control()));
    let literal = plain.and_then(|text| {
        if !text.contains(['"', '\\']) {
            return None;
        }
        let fence = "#".repeat(text.matches("\"#").count() + 1);
        format!("br{fence}\"{text}\"{fence}").parse::<Literal>().ok()
    });
    let literal = literal.unwrap_or_else(|| Literal::byte_string(bytes));
    quote! { #literal }
}

/// Documentation, a line each.
pub(super) fn docs<'l>(lines: impl IntoIterator<Item = &'l str>) -> TokenStream {
    lines
        .into_iter()
        .map(|line| {
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            quote! { #[doc = #line] }
        })
        .collect()
}

/// The module and all below it as files: `name` is the path without `.rs`.
pub(super) fn files(module: &Module, name: &str, folder: &str, header: &str, files: &mut Vec<File>) {
    let mut text = format!("{header}\n");
    for line in &module.docs {
        text.push_str(if line.is_empty() { "//!" } else { "//! " });
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    let declarations: TokenStream = module.children.iter().map(Module::declaration).collect();
    let (imports, items) = (&module.imports, &module.items);
    text.push_str(&format_items(&quote! { #imports #declarations #items }));
    files.push(File { path: format!("{name}.rs"), text });
    for child in &module.children {
        let child_name = format!("{folder}{}", child.name);
        let child_folder = format!("{child_name}/");
        self::files(child, &child_name, &child_folder, header, files);
    }
}

/// Formats items, a blank line between each two but for runs of `use` and of `mod`.
fn format_items(items: &TokenStream) -> String {
    let file = match syn::parse2::<syn::File>(items.clone()) {
        Ok(file) => file,
        Err(error) => {
            debug_assert!(false, "generated code is no Rust: {error}\n{items}");
            return items.to_string();
        }
    };
    let mut text = String::new();
    let mut before = None;
    for item in file.items.into_iter().filter(|item| !is_blank(item)) {
        let run = run_of(&item);
        if before.is_some_and(|before| before != run || run == Run::No) {
            text.push('\n');
        }
        before = Some(run);
        text.push_str(&prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        }));
    }
    lines::joined(&with_blank_lines(&text))
}

/// Whether an arm of a match stands in one line, `indent` columns to the right.
pub(super) fn arm_fits(arm: &TokenStream, indent: usize) -> bool {
    let text = format_items(&quote! { fn f() { match x { #arm } } });
    let arm: Vec<&str> = text.lines().skip(2).take_while(|line| line.starts_with("        ")).collect();
    matches!(arm.as_slice(), [only] if only.trim().chars().count() + indent <= lines::WIDTH)
}

/// Whether an item is the mark of a blank line: between items there is always one.
fn is_blank(item: &syn::Item) -> bool {
    matches!(item, syn::Item::Macro(item) if item.mac.path.is_ident(BLANK))
}

/// Items that stand together without blank lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Use,
    Mod,
    No,
}

fn run_of(item: &syn::Item) -> Run {
    match item {
        syn::Item::Use(_) => Run::Use,
        syn::Item::Mod(module) if module.content.is_none() => Run::Mod,
        _ => Run::No,
    }
}

/// Puts blank lines where their marks are: never two, never at the start or end of a block.
fn with_blank_lines(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut wanted = false;
    for line in text.lines() {
        if line.trim_start().starts_with(BLANK) {
            wanted = true;
            continue;
        }
        let opened = spaced.trim_end_matches('\n').ends_with('{');
        let closes = line.trim_start().starts_with('}');
        if wanted && !opened && !closes && !spaced.ends_with("\n\n") {
            spaced.push('\n');
        }
        wanted = false;
        spaced.push_str(line);
        spaced.push('\n');
    }
    spaced
}

/// Tokens without the marks for blank lines, for a macro to hand back.
pub(super) fn without_blanks(tokens: TokenStream) -> TokenStream {
    let mut rest = tokens.into_iter();
    let mut kept = TokenStream::new();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Ident(ident) if ident == BLANK => {
                // `!` and `{}`
                rest.next();
                rest.next();
            }
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                let mut inner = Group::new(group.delimiter(), without_blanks(group.stream()));
                inner.set_span(group.span());
                kept.extend([TokenTree::Group(inner)]);
            }
            other => kept.extend([other]),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_strings_are_raw_only_where_that_reads_better() {
        assert_eq!(byte_string(b"}").to_string(), r#"b"}""#);
        assert_eq!(byte_string(br#"{"id":"#).to_string(), "br#\"{\"id\":\"#");
        assert_eq!(byte_string(br##"{"a":"#"}"##).to_string(), "br##\"{\"a\":\"#\"}\"##");
        assert_eq!(byte_string("\u{e9}".as_bytes()).to_string(), r#"b"\xC3\xA9""#);
    }

    #[test]
    fn blank_lines_stand_between_paragraphs_only() {
        let mark = blank();
        let tokens = quote! {
            use a::b;
            use c::d;
            fn f() { #mark let a = 1; #mark #mark let b = 2; #mark }
            impl X { fn g() {} #mark fn h() {} }
        };
        let text = format_items(&tokens);
        assert_eq!(
            text,
            "use a::b;\nuse c::d;\n\nfn f() {\n    let a = 1;\n\n    let b = 2;\n}\n\nimpl X {\n    fn g() {}\n\n    fn h() {}\n}\n"
        );
        assert!(!without_blanks(tokens).to_string().contains(BLANK));
    }
}
