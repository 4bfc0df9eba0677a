//! The command line of redraft.

fn main() {}
