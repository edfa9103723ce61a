//! `gw codes`: the table of error codes, and the page of each.

use gatewright_compiler::diagnostic::{Code, Severity};

use crate::args::Codes;
use crate::failure::{Exit, Failure, Outcome};
use crate::terminal::{Style, Terminal};

/// Prints the page of one code, or the table of all.
pub(crate) fn codes(arguments: &Codes, terminal: &Terminal) -> Outcome {
    match &arguments.code {
        Some(name) => terminal.out(page(name)?),
        None => terminal.out(&Code::ALL.iter().map(|code| line(*code, terminal)).collect::<Vec<_>>().concat()),
    }
    Ok(Exit::Fine)
}

fn page(name: &str) -> Outcome<&'static str> {
    let code = Code::parse(name)
        .ok_or_else(|| Failure::wrong_use(format!("there is no code `{name}`")).note("gw codes lists all of them"))?;
    Ok(code.page())
}

fn line(code: Code, terminal: &Terminal) -> String {
    let kind = match code.severity() {
        Severity::Error => "error  ",
        Severity::Warning => "warning",
    };
    format!("{}  {kind}  {}\n", terminal.paint(Style::Bold, code.as_str()), code.title())
}
