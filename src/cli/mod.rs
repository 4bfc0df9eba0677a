//! The command line: arguments, commands and their output.

mod arguments;
mod configuration;
mod control;
mod demo;
mod failure;
mod health;
mod hide;
mod hosts;
mod import;
mod inspect;
mod keep;
mod lines;
mod once;
mod paint;
mod run;
mod sources;
mod told;
mod webhooks;
mod why;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, ConfigCommand, HostsCommand};
use control::Order;
use failure::Failure;

/// Runs the command line and returns the exit code: 0 success, 1 failure, 64 wrong usage or configuration, 75 try
/// again later, 78 the data directory cannot be used or the limit of open files is too low.
pub(super) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told_by_clap(&error),
    };
    match obey(arguments) {
        Ok(code) => code,
        Err(failure) => failure.tell(),
    }
}

/// Prints clap's message. Help and version go to standard output with exit code 0; wrong usage is 64.
fn told_by_clap(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(failure::USAGE) } else { ExitCode::SUCCESS }
}

fn obey(arguments: Arguments) -> Result<ExitCode, Failure> {
    let settings = arguments.settings;
    match arguments.command.unwrap_or_else(Command::without_arguments) {
        Command::Run(run) => run::run(&settings, run.feeds),
        Command::Once(once) => run::once(&settings, once.feeds, once.now),
        Command::Inspect(what) => inspect::inspect(&settings, what),
        Command::Config(ConfigCommand::Check) => configuration::check(&settings),
        Command::Config(ConfigCommand::Show) => configuration::show(&settings),
        Command::Config(ConfigCommand::Manual) => Ok(configuration::manual()),
        Command::Sources(asked) => sources::sources(&settings, asked),
        Command::Import(asked) if keep::is_export(&asked.files) => keep::import(&settings, &asked),
        Command::Import(asked) => import::import(&settings, &asked),
        Command::Export(asked) => keep::export(&settings, &asked),
        Command::Backup => keep::backup(&settings),
        Command::Restore(asked) => keep::restore(&settings, &asked),
        Command::Verify => keep::verify(&settings),
        Command::Compact => keep::compact(&settings),
        Command::Health(health) => health::health(&settings, health.url.as_deref()),
        Command::Why(asked) => why::why(&settings, &asked),
        Command::Hide(asked) => control::give(&settings, &Order::Hide { what: asked.what, reason: asked.reason }),
        Command::Unhide(asked) => control::give(&settings, &Order::Unhide { what: asked.what }),
        Command::Webhooks(asked) => webhooks::webhooks(&settings, &asked),
        Command::Hidden => control::give(&settings, &Order::Hidden),
        Command::Hosts(asked) => control::give(
            &settings,
            &match asked.command {
                Some(HostsCommand::Accept { host }) => Order::Accept { host },
                None => Order::Hosts { json: asked.json },
            },
        ),
        Command::Demo(demo) => demo::demo(&settings, &demo),
    }
}
