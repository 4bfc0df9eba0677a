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
mod reports;
mod run;
mod sources;
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
        Err(error) => return print_clap_message(&error),
    };
    match run_command(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// Prints clap's message. Help and version go to standard output with exit code 0; wrong usage is 64.
fn print_clap_message(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(failure::USAGE) } else { ExitCode::SUCCESS }
}

fn run_command(arguments: Arguments) -> Result<ExitCode, Failure> {
    let settings = arguments.settings;
    match arguments.command.unwrap_or_else(Command::without_arguments) {
        Command::Run(run) => run::run(&settings, run.feeds),
        Command::Once(once) => run::once(&settings, once.feeds, once.now),
        Command::Inspect(what) => inspect::run_inspect(&settings, what),
        Command::Config(ConfigCommand::Check) => configuration::check_config(&settings),
        Command::Config(ConfigCommand::Show) => configuration::show_config(&settings),
        Command::Config(ConfigCommand::Manual) => Ok(configuration::print_manual()),
        Command::Sources(asked) => sources::list_sources(&settings, asked),
        Command::Import(asked) if keep::is_export(&asked.files) => keep::import_export(&settings, &asked),
        Command::Import(asked) => import::import_opml(&settings, &asked),
        Command::Export(asked) => keep::export_store(&settings, &asked),
        Command::Backup => keep::order_backup(&settings),
        Command::Restore(asked) => keep::restore_store(&settings, &asked),
        Command::Verify => keep::verify_store(&settings),
        Command::Compact => keep::compact_store(&settings),
        Command::Health(health) => health::check_health(&settings, health.url.as_deref()),
        Command::Why(asked) => why::explain_article(&settings, &asked),
        Command::Hide(asked) => control::give_order(&settings, &Order::Hide { what: asked.what, reason: asked.reason }),
        Command::Unhide(asked) => control::give_order(&settings, &Order::Unhide { what: asked.what }),
        Command::Webhooks(asked) => webhooks::list_webhooks(&settings, &asked),
        Command::Hidden => control::give_order(&settings, &Order::Hidden),
        Command::Hosts(asked) => control::give_order(
            &settings,
            &match asked.command {
                Some(HostsCommand::Accept { host }) => Order::Accept { host },
                None => Order::Hosts { json: asked.json },
            },
        ),
        Command::Demo(demo) => demo::run_demo(&settings, &demo),
    }
}
