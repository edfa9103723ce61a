//! `gw completions`: what a shell needs to complete our commands.

use clap::CommandFactory as _;

use crate::args::{Arguments, Completions};
use crate::failure::Exit;
use crate::terminal::Terminal;

/// Prints the completions of one shell.
pub(crate) fn completions(arguments: &Completions, terminal: &Terminal) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "gw", &mut script);
    terminal.out(&String::from_utf8_lossy(&script));
    Exit::Fine
}
