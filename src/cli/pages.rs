//! `tongguan completions` and `tongguan man`: made from the commands themselves, so that they say what the program does.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::{Args, Command, ValueEnum};
use clap_complete::{Shell, generate};
use clap_mangen::{Man, generate_to};

/// Completions for a shell, to standard output
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    #[arg(value_enum)]
    shell: For,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum For {
    Bash,
    Zsh,
    Fish,
}

/// The manual: one page to standard output, or a page for every command into a folder
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder for the pages; it is made if need be
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const NAME: &str = "tongguan";

pub(super) fn completions(args: &CompletionsArgs, mut command: Command, out: &mut impl Write) -> io::Result<()> {
    let shell = match args.shell {
        For::Bash => Shell::Bash,
        For::Zsh => Shell::Zsh,
        For::Fish => Shell::Fish,
    };
    // The generator panics when it cannot write, as into a pipe that `head` has closed.
    let mut text = Vec::new();
    generate(shell, &mut command, NAME, &mut text);
    out.write_all(&text)
}

/// The page of `tongguan kpi explain` is tongguan-kpi-explain.1.
pub(super) fn man(args: &ManArgs, command: Command, out: &mut impl Write) -> anyhow::Result<()> {
    let Some(folder) = &args.out else { return Ok(Man::new(command).render(out)?) };
    let written = fs::create_dir_all(folder).and_then(|()| generate_to(command, folder));
    written.with_context(|| format!("cannot write into {}", folder.display()))?;
    Ok(writeln!(out, "{}", folder.display())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with commands of commands.
    fn program() -> Command {
        let explain = Command::new("explain").about("Why it is so");
        let kpi = Command::new("kpi").about("A figure").subcommand(explain);
        Command::new(NAME).version("1").about("Cases").subcommand(kpi).subcommand(Command::new("run").about("Go"))
    }

    #[test]
    fn every_command_has_a_page_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("new/man1");
        let mut said = Vec::new();
        man(&ManArgs { out: Some(at.clone()) }, program(), &mut said).unwrap();
        assert_eq!(fs::read_dir(&at).unwrap().count(), 4);
        for (name, about) in [
            ("tongguan", "Cases"),
            ("tongguan-kpi", "A figure"),
            ("tongguan-kpi-explain", "Why it is so"),
            ("tongguan-run", "Go"),
        ] {
            let page = fs::read_to_string(at.join(format!("{name}.1"))).unwrap();
            assert!(page.contains(about) && page.contains(".SH NAME"), "{name}: {page}");
        }
    }

    #[test]
    fn each_shell_gets_its_completions() {
        for shell in For::value_variants() {
            let mut out = Vec::new();
            completions(&CompletionsArgs { shell: *shell }, program(), &mut out).unwrap();
            assert!(String::from_utf8(out).unwrap().contains("explain"), "{shell:?}");
        }
    }
}
