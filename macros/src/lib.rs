//! The `gateway!` macro: a gateway inside a Rust crate.
//!
//! Only a shell: it turns tokens to text, calls the compiler, and hands back what that says. Use it as
//! `gatewright::gateway!`; its page there says what it makes.

mod files;
mod report;
mod tokens;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use files::DiskFiles;
use report::Place;
use tokens::Text;

/// A gateway, from a file or from the text in the macro.
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
    let found = report::items(&compiled, place);
    let marks = files.marks();
    quote! { #marks #found }
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
