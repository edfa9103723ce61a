//! The commands, one file each. A command is a function of its arguments and the terminal.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod codes;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod generate;
pub(crate) mod new;
pub(crate) mod run;
