//! A file that is not there.

gatewright::gateway!("no_such_file.gw");

fn main() {}
