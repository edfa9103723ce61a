//! What can be typed: the commands, their arguments, and the help that explains them.

use std::net::SocketAddr;
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
    /// Lay files out as everybody does.
    Fmt(Fmt),
    /// Show the routes, or how one endpoint is answered: its calls, stages, times and bounds.
    Explain(Explain),
    /// Write the gateway as a Rust crate of its own.
    Generate(Generate),
    /// Build an optimised binary.
    Build(Build),
    /// Build the gateway and run it, with the helpers that its gatewright.toml names.
    Run(Run),
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

/// `gw fmt`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw fmt                   every .gw file below this folder
  gw fmt --check           changes nothing; exit code 1 and a list where it would
  gw fmt - < shop.gw       standard input to standard output")]
pub(crate) struct Fmt {
    /// .gw files, or folders whose .gw files are meant, at any depth; `-` reads standard input.
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) paths: Vec<PathBuf>,

    /// Change nothing; name the files that would change.
    #[arg(long)]
    pub(crate) check: bool,
}

/// `gw explain`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw explain shop.gw                    the routes
  gw explain shop.gw order              the endpoint `order`: calls, stages, times, bounds
  gw explain shop.gw order --mermaid    the same as a diagram, for Markdown")]
pub(crate) struct Explain {
    /// A .gw file, or a folder with a project.
    #[arg(value_name = "FILE")]
    pub(crate) path: PathBuf,

    /// The name of an endpoint.
    pub(crate) endpoint: Option<String>,

    /// Write a Mermaid diagram.
    #[arg(long, requires = "endpoint", conflicts_with = "format")]
    pub(crate) mermaid: bool,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Human)]
    pub(crate) format: ExplainFormat,
}

/// How an explanation is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people.
    Human,
    /// One JSON document.
    Json,
}

/// `gw generate`
#[derive(Debug, Args)]
#[command(after_help = "\
The folder holds all that `cargo build` needs, Gatewright's runtime included. Writing it again changes only the files
that differ.

Example:
  gw generate shop.gw -o shop-gateway && cargo build --manifest-path shop-gateway/Cargo.toml")]
pub(crate) struct Generate {
    /// A .gw file, or a folder with a project.
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) path: PathBuf,

    /// The folder to write.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Write even into a folder that holds other things, and over files that were edited.
    #[arg(long)]
    pub(crate) force: bool,
}

/// `gw build`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw build shop.gw                      the binary in this folder, named after the gateway
  gw build shop.gw -o target/gateway")]
pub(crate) struct Build {
    /// A .gw file, or a folder with a project.
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) path: PathBuf,

    /// Where the binary goes; by default a file in this folder, named after the gateway.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
}

/// `gw run`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  gw run                                the project in this folder
  gw run shop.gw --listen 127.0.0.1:3000
  gw run shop --free-ports              beside another one")]
pub(crate) struct Run {
    /// A .gw file, or a folder with a project.
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) path: PathBuf,

    /// Listen here instead of where the program says.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,

    /// Take free ports for the gateway and for all that gatewright.toml lists under [ports].
    #[arg(long)]
    pub(crate) free_ports: bool,
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
