//! The `gw` command: reads its arguments, does what they say, and ends with 0 (fine), 1 (the program has errors, or
//! something failed) or 2 (wrong use).
//!
//! It is a shell around the compiler: no rule of the language stands here. Only [`terminal`] prints.

mod args;
mod cache;
mod cargo;
mod child;
mod commands;
mod failure;
mod fixes;
mod helpers;
mod layout;
mod package;
mod ports;
mod program;
mod project;
mod routes;
mod runtime;
mod settings;
mod signals;
mod stand_ins;
mod terminal;
mod text;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;

use args::{Arguments, Command};
use failure::{Failure, Outcome};
use terminal::Terminal;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Arc::new(Terminal::new(arguments.color));
    let exit = dispatch(&arguments.command, &terminal).unwrap_or_else(|failure| {
        terminal.failure(&failure);
        failure.exit
    });
    ExitCode::from(exit.code())
}

fn dispatch(command: &Command, terminal: &Arc<Terminal>) -> Outcome {
    match command {
        Command::New(arguments) => commands::new::new(arguments, terminal),
        Command::Check(arguments) => commands::check::check(arguments, terminal),
        Command::Fmt(arguments) => commands::fmt::fmt(arguments, terminal),
        Command::Explain(arguments) => commands::explain::explain(arguments, terminal),
        Command::Generate(arguments) => commands::generate::generate(arguments, terminal),
        Command::Build(arguments) => commands::build::build(arguments, terminal),
        Command::Run(arguments) => commands::run::run(arguments, terminal),
        Command::Codes(arguments) => commands::codes::codes(arguments, terminal),
        Command::Completions(arguments) => Ok(commands::completions::completions(arguments, terminal)),
    }
}

/// Runs what waits: for children, for signals, for the network.
fn block_on<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|why| Failure::new(format!("can't start: {why}")))?.block_on(work)
}
