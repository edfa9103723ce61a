//! An endpoint's calls as a Mermaid flowchart.

use std::fmt::Write as _;

use super::{Explanation, StepLine};

/// The diagram: the request on the left, the answer on the right, an arrow for everything that waits.
pub fn diagram(explanation: &Explanation) -> String {
    let mut text = String::from("flowchart LR\n");
    let _ = writeln!(text, "  request([\"{} {}\"])", explanation.method, escaped(&explanation.path));
    text.push_str("  answer([\"answer\"])\n");
    steps(&explanation.steps, "request", &mut text);
    for line in explanation.steps.iter().filter(|line| !is_waited_for(&line.name, &explanation.steps)) {
        let _ = writeln!(text, "  {} --> answer", id(&line.name));
    }
    if explanation.steps.is_empty() {
        text.push_str("  request --> answer\n");
    }
    text
}

fn steps(lines: &[StepLine], start: &str, text: &mut String) {
    for line in lines {
        if line.inner.is_empty() {
            let label = escaped(&line.what);
            let _ = match line.kind {
                "check" => writeln!(text, "  {}{{\"{label}\"}}", id(&line.name)),
                _ => writeln!(text, "  {}[\"{label}\"]", id(&line.name)),
            };
        } else {
            let _ = writeln!(text, "  subgraph {}[\"{}\"]", id(&line.name), escaped(&line.what));
            steps(&line.inner, "", text);
            text.push_str("  end\n");
        }
        if line.waits_for.is_empty() && !start.is_empty() {
            let _ = writeln!(text, "  {start} --> {}", id(&line.name));
        }
        for earlier in &line.waits_for {
            let _ = writeln!(text, "  {} --> {}", id(earlier), id(&line.name));
        }
    }
}

fn is_waited_for(name: &str, lines: &[StepLine]) -> bool {
    lines.iter().any(|line| line.waits_for.iter().any(|earlier| earlier == name))
}

/// Mermaid has words of its own (`end`, `graph`), so a step's name never stands alone.
fn id(name: &str) -> String {
    format!("step_{name}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
