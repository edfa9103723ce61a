//! What can be typed: the commands, their arguments, and the help that explains them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Compiles API gateways: one .gw file becomes a small, fast, typed Rust service.
#[derive(Debug, Parser)]
#[command(
    name = "gw",
    version,
    max_term_width = 100,
    after_help = "\
Start here:
  gw new shop          a project that already runs
  gw run shop          check it, build it and run it
  gw explain shop      its routes; with an endpoint's name, how that one is answered

Exit codes: 0 fine, 1 the program has errors or could not run, 2 wrong use."
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours; `NO_COLOR` turns them off too.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub(crate) color: Colour,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal.
    Auto,
    /// Also into pipes and files.
    Always,
    /// Not at all.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new project that already runs.
    New(New),
    /// Find every error, and mend what can be mended.
    Check(Check),
    /// Explain an error code, or list all of them.
    Codes(Codes),
    /// Print completions for a shell.
    Completions(Completions),
}

/// `gw new`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw new shop && gw run shop
  gw new services/search")]
pub(crate) struct New {
    /// The folder to make; its last part names the gateway.
    pub(crate) path: PathBuf,
}

/// `gw check`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw check                              the project in this folder
  gw check shop.gw admin.gw             two gateways
  gw check --format github              annotations in GitHub Actions
  gw check --fix                        mends what has one clear mend, and checks again
  cat shop.gw | gw check -              what another program wrote")]
pub(crate) struct Check {
    /// .gw files, or folders with a project; `-` reads standard input.
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) paths: Vec<PathBuf>,

    /// How to show what was found.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// Change the files where a finding has one clear mend, until there is none left.
    #[arg(long)]
    pub(crate) fix: bool,
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the place, drawn.
    Human,
    /// One JSON object a line.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// `gw codes`
#[derive(Debug, Args)]
pub(crate) struct Codes {
    /// A code: GW0103.
    pub(crate) code: Option<String>,
}

/// `gw completions`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw completions bash > ~/.local/share/bash-completion/completions/gw
  gw completions fish > ~/.config/fish/completions/gw.fish")]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }
}
