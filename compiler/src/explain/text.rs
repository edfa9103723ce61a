//! Explanations as text for a terminal.

use std::fmt::Write as _;

use super::{Explanation, StepLine, duration, size};

/// The routes, a line each: method, path, name, time, calls, access.
pub fn routes(explanations: &[Explanation]) -> String {
    let header = ["METHOD", "PATH", "ENDPOINT", "TIMEOUT", "CALLS", "ACCESS"].map(str::to_owned);
    let mut rows = vec![header];
    for endpoint in explanations {
        let setting = |name: &str| {
            endpoint.settings.iter().find(|line| line.name == name).map_or_else(String::new, |line| line.value.clone())
        };
        rows.push([
            endpoint.method.to_owned(),
            endpoint.path.clone(),
            endpoint.name.clone(),
            setting("timeout"),
            endpoint.calls.to_string(),
            setting("access"),
        ]);
    }
    table(&rows)
}

/// One endpoint in full.
pub fn endpoint(explanation: &Explanation) -> String {
    let mut text =
        format!("{} {}  {}  ({})\n", explanation.method, explanation.path, explanation.name, explanation.place);
    for line in &explanation.docs {
        let _ = writeln!(text, "  {line}");
    }
    section(&mut text, "parameters", &explanation.parameters);
    let settings: Vec<[String; 3]> = explanation
        .settings
        .iter()
        .map(|line| [line.name.to_owned(), line.value.clone(), format!("({})", line.source)])
        .collect();
    let _ = write!(text, "\nsettings\n{}", indented(&table(&settings)));
    if !explanation.steps.is_empty() {
        text.push_str("\nsteps\n");
        steps(&explanation.steps, 1, &mut text);
    }
    text.push_str("\nat worst\n");
    let time = explanation.worst_time_ms.map_or_else(
        || "calls without a timeout of their own; the endpoint's timeout ends them".to_owned(),
        |millis| format!("{} by the timeouts of its calls", duration(millis)),
    );
    let _ = writeln!(text, "  time   {time}");
    let _ = writeln!(text, "  calls  {}, {} at once", explanation.calls, explanation.calls_at_once);
    let _ = writeln!(text, "  bytes  {} of answers held at once", size(explanation.buffered_bytes));
    text
}

fn steps(lines: &[StepLine], depth: usize, text: &mut String) {
    let pad = "  ".repeat(depth);
    for line in lines {
        let _ = writeln!(text, "{pad}{}. {}", line.stage, line.what);
        let mut detail = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(text, "{pad}     {name:<10} {value}");
            }
        };
        detail("request", line.request.as_deref().unwrap_or(""));
        let waits = if line.waits_for.is_empty() { "nothing".to_owned() } else { line.waits_for.join(", ") };
        detail("waits for", &waits);
        if let Some(timeout) = &line.timeout {
            detail("timeout", &format!("{} ({})", timeout.value, timeout.source));
        } else if line.kind == "call" {
            detail("timeout", "what is left of the endpoint's");
        }
        detail("reads", line.reads.as_deref().unwrap_or(""));
        detail(if line.kind == "check" { "else" } else { "on failure" }, &line.on_failure);
        steps(&line.inner, depth + 2, text);
    }
}

fn section(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |mut indented, line| {
        let _ = writeln!(indented, "  {line}");
        indented
    })
}

/// Columns as wide as their widest cell, two blanks between them.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: Vec<usize> =
        (0..N).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}
