//! `apprentice completions SHELL`: a script that completes commands and flags.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, CliError, output};

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn completions(args: CompletionsArgs) -> Result<u8, CliError> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "apprentice", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
