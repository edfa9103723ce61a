//! `gw fmt`: one layout for everybody.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::args::{Fmt, Format};
use crate::commands::check::STDIN;
use crate::failure::{Exit, Failure, Outcome};
use crate::project::{self, gw_files, shown};
use crate::terminal::{Style, Terminal};
use crate::text::Text;

/// Folders that hold no programs of ours.
const SKIPPED: [&str; 3] = ["target", "node_modules", ".git"];

/// Lays out every file named.
pub(crate) fn fmt(arguments: &Fmt, terminal: &Terminal) -> Outcome {
    let mut exit = Exit::Fine;
    for path in &arguments.paths {
        if path == Path::new("-") {
            exit = worst(exit, stdin(arguments, terminal)?);
            continue;
        }
        for file in files(path)? {
            exit = worst(exit, on_disk(&file, arguments, terminal)?);
        }
    }
    Ok(exit)
}

const fn worst(a: Exit, b: Exit) -> Exit {
    if matches!(a, Exit::Fine) { b } else { a }
}

fn stdin(arguments: &Fmt, terminal: &Terminal) -> Outcome {
    let text = project::text(io::stdin().lock()).map_err(|why| unreadable(STDIN, &why))?;
    let text = Text::parse(STDIN, text);
    let Some(laid_out) = text.laid_out() else {
        return Ok(broken(&text, terminal));
    };
    if !arguments.check {
        terminal.out(&laid_out);
        return Ok(Exit::Fine);
    }
    Ok(if laid_out == text.text() { Exit::Fine } else { Exit::Errors })
}

fn on_disk(path: &Path, arguments: &Fmt, terminal: &Terminal) -> Outcome {
    let name = shown(path);
    let text = Text::parse(&name, project::read(path).map_err(|why| unreadable(&name, &why))?);
    let Some(laid_out) = text.laid_out() else {
        return Ok(broken(&text, terminal));
    };
    if laid_out == text.text() {
        return Ok(Exit::Fine);
    }
    if arguments.check {
        terminal.out(&format!("{name}\n"));
        return Ok(Exit::Errors);
    }
    fs::write(path, laid_out).map_err(|why| Failure::file("write", path, &why))?;
    terminal.done("Laid out", &name);
    Ok(Exit::Fine)
}

/// A file that can't be read as a program stays as it is.
fn broken(text: &Text, terminal: &Terminal) -> Exit {
    terminal.say_raw(&text.report(Format::Human, terminal.err_colour()));
    terminal.say(&format!("{}: `{}` stays as it is", terminal.err(Style::Bad, "not laid out"), text.name()));
    Exit::Errors
}

fn unreadable(name: &str, why: &gatewright_compiler::files::FileError) -> Failure {
    use gatewright_compiler::files::FileError;
    Failure::new(match why {
        FileError::Missing => format!("there is no file `{name}`"),
        FileError::TooLarge => format!("`{name}` is too large for a program"),
        FileError::NotUtf8(place) => format!("`{name}` is no UTF-8: byte {place} can't be read"),
        FileError::Unreadable(why) => format!("can't read `{name}`: {why}"),
    })
}

/// The .gw files of an argument: the file itself, or all below the folder.
fn files(path: &Path) -> Outcome<Vec<PathBuf>> {
    if !path.is_dir() {
        return if path.is_file() {
            Ok(vec![path.to_owned()])
        } else {
            Err(Failure::wrong_use(format!("there is no file or folder `{}`", path.display())))
        };
    }
    let mut files = gw_files(path)?;
    let told = |why: io::Error| Failure::file("read the folder", path, &why);
    let mut folders = Vec::new();
    for entry in fs::read_dir(path).map_err(told)? {
        let entry = entry.map_err(told)?;
        let skipped = entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name));
        // No symbolic links: one may lead back up.
        if entry.file_type().map_err(told)?.is_dir() && !skipped {
            folders.push(entry.path());
        }
    }
    folders.sort();
    for folder in folders {
        files.extend(self::files(&folder)?);
    }
    Ok(files)
}
