//! Conversations with `gw`, as files in `tests/cli`: what is typed, and what is answered. `UPDATE=1` rewrites the answers.
//!
//! ```text
//! What it shows, in a few words.
//!
//! --- shop.gw
//! a file of this text, in a folder of its own
//!
//! $ gw check shop.gw
//! a line of standard output
//! ! a line of standard error
//! [exit 1]
//! ```
//!
//! A command is `gw …`, perhaps with `< FILE`, or `cat FILE`, `ls FOLDER`, `cp FILE FILE`. Files come before the first command.
//! Times, counts of generated files and the folder's own path are blanked.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

datatest_stable::harness! {
    { test = conversation, root = "../../tests/cli", pattern = r"\.txt$" },
}

/// Has one conversation and compares.
fn conversation(path: &Path) -> datatest_stable::Result<()> {
    let written = fs::read_to_string(path)?;
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("conversations").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let had = have(&written, &folder)?;
    if had == written {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, had)?;
        return Ok(());
    }
    panic!("{} went otherwise (UPDATE=1 rewrites it):\n{had}", path.display())
}

/// The conversation as it goes today.
fn have(written: &str, folder: &Path) -> datatest_stable::Result<String> {
    let (setting, talk) = match written.find("\n$ ") {
        Some(place) => written.split_at(place + 1),
        None => return Err("there is no command in it".into()),
    };
    write_files(setting, folder)?;
    let mut had = setting.to_owned();
    for line in talk.lines().filter(|line| line.starts_with("$ ")) {
        if !had.ends_with("\n\n") {
            had.push('\n');
        }
        writeln!(had, "{line}")?;
        answer(line.trim_start_matches("$ "), folder, &mut had)?;
    }
    Ok(had)
}

fn write_files(setting: &str, folder: &Path) -> datatest_stable::Result<()> {
    for part in format!("\n{setting}").split("\n--- ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, format!("{}\n", text.trim_end()))?;
    }
    Ok(())
}

/// Does what one line says and writes down what comes of it.
fn answer(line: &str, folder: &Path, had: &mut String) -> datatest_stable::Result<()> {
    let mut words = line.split(' ');
    match words.next() {
        Some("gw") => {
            let output = gw(&words.collect::<Vec<_>>(), folder)?;
            had.push_str(&blanked(&String::from_utf8(output.stdout)?, folder));
            for line in blanked(&String::from_utf8(output.stderr)?, folder).lines() {
                writeln!(had, "{}", format!("! {line}").trim_end())?;
            }
            if output.status.code() != Some(0) {
                writeln!(had, "[exit {}]", output.status.code().unwrap_or(-1))?;
            }
        }
        Some("cat") => had.push_str(&fs::read_to_string(folder.join(words.next().unwrap_or_default()))?),
        Some("cp") => {
            let mut path = || folder.join(words.next().unwrap_or_default());
            fs::copy(path(), path())?;
        }
        Some("ls") => {
            let entries = fs::read_dir(folder.join(words.next().unwrap_or_default()))?;
            let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>()?;
            names.sort();
            for name in names {
                writeln!(had, "{}", name.to_string_lossy())?;
            }
        }
        _ => return Err(format!("no such command: {line}").into()),
    }
    Ok(())
}

fn gw(words: &[&str], folder: &Path) -> datatest_stable::Result<Output> {
    let (arguments, input) = match words {
        [arguments @ .., "<", file] => (arguments, Stdio::from(File::open(folder.join(file))?)),
        arguments => (arguments, Stdio::null()),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_gw"));
    command.args(arguments).current_dir(folder).stdin(input).env("NO_COLOR", "1").env("COLUMNS", "100");
    command.env("GATEWRIGHT_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("gw-cache"));
    Ok(command.output()?)
}

/// Without what differs from run to run.
fn blanked(text: &str, folder: &Path) -> String {
    let text = text.replace(&folder.display().to_string(), "[folder]");
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = if line.contains("Generated") { without_counts(line) } else { line.to_owned() };
        lines.push(match line.rfind(" in ").filter(|_| line.ends_with(" s")) {
            Some(place) => format!("{} in [time]", line.get(..place).unwrap_or_default()),
            None => line.trim_end().to_owned(),
        });
    }
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

/// How many files a crate has changes with the runtime.
fn without_counts(line: &str) -> String {
    let words = line.split(' ').map(|word| if word.parse::<u32>().is_ok() { "[n]" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
