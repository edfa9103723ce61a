//! The only file that prints: results to standard output, all else to standard error, in colours where they help.
//!
//! A live line (what is being done, and for how long) stands at the bottom of a terminal and goes when something else is
//! printed. Where standard error is no terminal there is none.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::args::Colour;
use crate::failure::Failure;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    /// Stands out.
    Bold,
    /// Something went well.
    Good,
    /// Something is wrong.
    Bad,
    /// Something that can be typed or opened.
    Accent,
    /// Beside the point.
    Dim,
}

/// Where everything is printed.
pub(crate) struct Terminal {
    out_colour: bool,
    err_colour: bool,
    /// Standard error is a terminal that can show a live line.
    live: bool,
    /// Whether a live line stands there now. The lock also keeps lines of several writers whole.
    line: Mutex<bool>,
}

impl Terminal {
    /// A terminal as the arguments and the environment want it.
    pub(crate) fn new(colour: Colour) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let wanted = |is_terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_terminal && !dumb && !set("NO_COLOR"),
        };
        let is_terminal = io::stderr().is_terminal();
        Self {
            out_colour: wanted(io::stdout().is_terminal()),
            err_colour: wanted(is_terminal),
            live: is_terminal && !dumb && !set("CI"),
            line: Mutex::new(false),
        }
    }

    /// Whether standard output takes colours.
    pub(crate) const fn out_colour(&self) -> bool {
        self.out_colour
    }

    /// Whether standard error takes colours.
    pub(crate) const fn err_colour(&self) -> bool {
        self.err_colour
    }

    /// Prints a result, as it is.
    pub(crate) fn out(&self, text: &str) {
        let _line = self.clear();
        // Nobody reads any longer: `gw codes | head` is no failure.
        let _ = io::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    }

    /// Prints a line beside the results.
    pub(crate) fn say(&self, text: &str) {
        let _line = self.clear();
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Prints text beside the results, as it is.
    pub(crate) fn say_raw(&self, text: &str) {
        let _line = self.clear();
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says what was done: `    Built storefront (4.2 MB) in 12.3 s`.
    pub(crate) fn done(&self, verb: &str, text: &str) {
        self.say(&format!("{} {text}", self.err(Style::Good, &format!("{verb:>10}"))));
    }

    /// Says why a command could not be done.
    pub(crate) fn failure(&self, failure: &Failure) {
        self.say(&format!("{}: {}", self.err(Style::Bad, "error"), failure.message()));
        for note in failure.notes() {
            self.say(&format!("  {}", note.replace('\n', "\n  ")));
        }
    }

    /// Text for standard output in a style.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        paint(self.out_colour, style, text)
    }

    /// Text for standard error in a style.
    pub(crate) fn err(&self, style: Style, text: &str) -> String {
        paint(self.err_colour, style, text)
    }

    /// Shows what is being done, until something else is printed.
    pub(crate) fn live(&self, verb: &str, text: &str, since: Instant) {
        if !self.live {
            return;
        }
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let text = format!("{text}  {}", elapsed(since.elapsed()));
        let text: String = text.chars().take(width().saturating_sub(12)).collect();
        let verb = self.err(Style::Accent, &format!("{verb:>10}"));
        let _ = write!(io::stderr().lock(), "\r\x1b[2K{verb} {text}");
        *line = true;
    }

    /// Takes the live line away, and keeps others from printing while the result is held.
    fn clear(&self) -> std::sync::MutexGuard<'_, bool> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut *line) {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
        line
    }
}

/// `12.3 s`, `1 min 05 s`
pub(crate) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

/// `812 kB`, `4.2 MB`
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

fn paint(colour: bool, style: Style, text: &str) -> String {
    let code = match style {
        Style::Bold => "1",
        Style::Good => "1;32",
        Style::Bad => "1;31",
        Style::Accent => "1;36",
        Style::Dim => "2",
    };
    if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

#[cfg(unix)]
fn width() -> usize {
    rustix::termios::tcgetwinsize(io::stderr()).map_or(80, |size| usize::from(size.ws_col).max(20))
}

#[cfg(not(unix))]
fn width() -> usize {
    80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_well() {
        assert_eq!(elapsed(Duration::from_millis(2_345)), "2.3 s");
        assert_eq!(elapsed(Duration::from_secs(65)), "1 min 05 s");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(4_250_000), "4.2 MB");
    }
}
