//! The thin binary: hands the command line to the library and gives back its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    apprentice::cli::main(std::env::args_os())
}
