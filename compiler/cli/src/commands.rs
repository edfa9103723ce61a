//! The commands, one file each. A command is a function of its arguments and the terminal.

pub(crate) mod check;
pub(crate) mod codes;
pub(crate) mod completions;
pub(crate) mod new;
