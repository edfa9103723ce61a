//! The `gateway!` macro: a gateway inside a Rust crate.
//!
//! Only a shell: it turns tokens to text, calls the compiler, and hands back what that says. Use it as
//! `gatewright::gateway!`; its page there says what it makes.

mod files;
mod report;
mod skeleton;
mod tokens;

#[cfg(test)]
mod tests;

use gatewright_compiler::emit;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use files::DiskFiles;
use report::Place;
use tokens::Text;

/// See `gatewright::gateway!`.
#[proc_macro]
pub fn gateway(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into()).into()
}

fn expand(input: TokenStream) -> TokenStream {
    let files = DiskFiles::of_crate();
    if let Some((path, span)) = file_name(&input) {
        return compile(&files, &path, &Place::File(span));
    }
    let name = rust_file();
    let text = Text::of(input);
    let files = files.with_inline(&name, text.text.clone());
    compile(&files, &name, &Place::Inline(text))
}

/// Compiles a program and gives its module, or what was found in it.
fn compile(files: &DiskFiles, root: &str, place: &Place) -> TokenStream {
    let compiled = gatewright_compiler::compile(files, root);
    let marks = files.marks();
    let (error, others) = report::findings(&compiled, place);
    let module = match (&compiled.plan, error) {
        (_, Some(error)) => skeleton::module(&compiled, &error).unwrap_or(error),
        (Some(plan), None) => {
            let runtime = quote! { ::gatewright::codegen };
            let options = emit::rust::Options { runtime, span: &|span| place.name(span) };
            emit::rust::generate(plan, &compiled.sources, &options).tokens()
        }
        (None, None) => TokenStream::new(),
    };
    quote! { #marks #others #module }
}

/// The path in `gateway!("shop.gw")`.
fn file_name(input: &TokenStream) -> Option<(String, Span)> {
    let trees: Vec<TokenTree> = input.clone().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Literal(literal)] => tokens::string_value(literal).map(|path| (path, literal.span())),
        [TokenTree::Group(group)] if group.delimiter() == proc_macro2::Delimiter::None => file_name(&group.stream()),
        _ => None,
    }
}

/// The name of the file in which the macro is called, without its folders: what the text in it uses is found from
/// the crate's folder, as `gateway!("shop.gw")` is.
fn rust_file() -> String {
    let path = Span::call_site().file();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    if name.is_empty() { "gateway!".to_owned() } else { name.to_owned() }
}
