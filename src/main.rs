//! The `obelus` program: a thin shell over the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    obelus::cli::main()
}
