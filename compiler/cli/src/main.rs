//! The `gw` command: reads its arguments, does what they say, and ends with 0 (fine), 1 (the program has errors, or
//! something failed) or 2 (wrong use).
//!
//! It is a shell around the compiler: no rule of the language stands here. Only [`terminal`] prints.

mod args;
mod commands;
mod failure;
mod fixes;
mod package;
mod program;
mod project;
mod runtime;
mod settings;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};
use failure::Outcome;
use terminal::Terminal;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.color);
    let exit = dispatch(&arguments.command, &terminal).unwrap_or_else(|failure| {
        terminal.failure(&failure);
        failure.exit
    });
    ExitCode::from(exit.code())
}

fn dispatch(command: &Command, terminal: &Terminal) -> Outcome {
    match command {
        Command::New(arguments) => commands::new::new(arguments, terminal),
        Command::Check(arguments) => commands::check::check(arguments, terminal),
        Command::Codes(arguments) => commands::codes::codes(arguments, terminal),
        Command::Completions(arguments) => Ok(commands::completions::completions(arguments, terminal)),
    }
}
