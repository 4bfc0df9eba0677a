//! The command line of redraft.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
