//! Completions that a shell takes, and a page of the manual for every command.

use std::process::Command;

use crate::town::Town;

#[test]
fn bash_reads_its_completions() {
    let town = Town::without_schema();
    let ended = town.tongguan(&["completions", "bash"], &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let file = town.folder.path().join("completions");
    std::fs::write(&file, &ended.stdout).unwrap();
    let checked = Command::new("bash").arg("-n").arg(&file).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    for shell in ["zsh", "fish"] {
        assert!(town.tongguan(&["completions", shell], &[]).stdout.contains("doctor"), "{shell}");
    }
}

#[test]
fn every_command_of_the_help_has_a_page() {
    let town = Town::without_schema();
    let ended = town.tongguan(&["man", "--out", "man1"], &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let help = town.tongguan(&["help"], &[]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.contains(&"run") && names.contains(&"doctor") && names.len() > 15, "{names:?}");
    for name in names {
        let page = std::fs::read_to_string(town.folder.path().join(format!("man1/tongguan-{name}.1"))).unwrap();
        assert!(page.contains(".SH DESCRIPTION") && page.contains(".SH SYNOPSIS"), "{name}: {page}");
    }
    assert!(town.tongguan(&["man"], &[]).stdout.contains(".TH tongguan 1"));
}
