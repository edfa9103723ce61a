//! Lines as people break them: prettyplease gives every argument a line of its own as soon as one does not fit, and a block to
//! every long arm. Here such lines are joined again where they fit.
//!
//! Only blanks, line ends, trailing commas and braces around a single expression change; no string of ours spans lines.

/// The widest line that is made by joining others.
pub(super) const WIDTH: usize = 100;

/// How often all lines are gone through at most: joining inside makes room outside.
const PASSES: usize = 6;

/// Joins what may be joined.
pub(super) fn joined(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..PASSES {
        let before = lines.len();
        for at in (0..lines.len()).rev() {
            while let Some((end, instead)) = rules(&lines, at) {
                lines.splice(at..end, instead);
            }
        }
        if lines.len() == before {
            break;
        }
    }
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// What stands in the place of the lines from `at` on, and the line after those.
type Joined = Option<(usize, Vec<String>)>;

fn rules(lines: &[String], at: usize) -> Joined {
    arguments(lines, at)
        .or_else(|| last_closure(lines, at))
        .or_else(|| long_closure(lines, at))
        .or_else(|| call_of(lines, at))
        .or_else(|| short_closure(lines, at))
        .or_else(|| arm(lines, at))
}

/// `f(` and an argument a line.
fn arguments(lines: &[String], at: usize) -> Joined {
    let head = lines.get(at).filter(|line| line.ends_with(['(', '[']) && !is_comment(line))?;
    let inner = indent(lines.get(at + 1)?);
    let close = (at + 1..lines.len()).find(|index| lines.get(*index).is_some_and(|line| indent(line) != inner))?;
    let last = lines.get(close).filter(|line| line.trim_start().starts_with([')', ']']) && indent(line) < inner)?;
    let between = lines.get(at + 1..close).filter(|between| !between.is_empty())?;
    let (end, others) = between.split_last()?;
    if is_comment(end)
        || others.iter().any(|line| !line.ends_with(',') || is_comment(line))
        || end.ends_with(['{', '(', '['])
    {
        return None;
    }
    let words: Vec<&str> = between.iter().map(|line| line.trim()).collect();
    let words = words.join(" ");
    fitting(format!("{head}{}{}", words.trim_end_matches(','), last.trim())).map(|line| (close + 1, vec![line]))
}

/// `f(` and an argument a line, the last one a closure with a block: the others stand in the call's own line.
fn last_closure(lines: &[String], at: usize) -> Joined {
    let head = lines.get(at).filter(|line| line.ends_with('('))?;
    let (outer, inner) = (indent(head), indent(lines.get(at + 1)?));
    let is_argument = |line: &String| indent(line) == inner;
    let closure = (at + 1..lines.len())
        .find(|index| !lines.get(*index).is_some_and(|line| is_argument(line) && line.ends_with(',')))?;
    let opening = lines.get(closure).filter(|line| is_argument(line) && opens_closure(line))?;
    let close = closing(lines, closure)?;
    let after = lines.get(close + 1).filter(|line| line.trim_start().starts_with(')'))?;
    if lines.get(close).is_none_or(|line| line.trim() != "},") {
        return None;
    }
    let arguments = lines.get(at + 1..closure)?.iter().map(|line| line.trim());
    let first = arguments.chain([opening.trim()]).collect::<Vec<_>>().join(" ");
    let mut call = vec![fitting(format!("{head}{first}"))?];
    call.extend(moved(lines.get(closure + 1..close)?, inner - outer));
    call.push(format!("{}}}{}", " ".repeat(outer), after.trim()));
    Some((chain(lines, close + 1, outer, &mut call), call))
}

/// `f(` and an argument a line, the last one a closure without a block, too long to stand in the call's own line: it gets one.
fn long_closure(lines: &[String], at: usize) -> Joined {
    let head = lines.get(at).filter(|line| line.ends_with('('))?;
    let (outer, inner) = (indent(head), indent(lines.get(at + 1)?));
    let close = (at + 1..lines.len()).find(|index| lines.get(*index).is_some_and(|line| indent(line) != inner))?;
    let after = lines.get(close).filter(|line| line.trim_start().starts_with(')') && indent(line) < inner)?;
    let (closure, others) = lines.get(at + 1..close)?.split_last()?;
    let (argument, body) = closure.trim().strip_prefix('|')?.split_once("| ")?;
    if others.iter().any(|line| !line.ends_with(',') || is_comment(line)) || !is_expression(body.trim_end_matches(','))
    {
        return None;
    }
    let others: String = others.iter().flat_map(|line| [line.trim(), " "]).collect();
    let mut call = vec![fitting(format!("{head}{others}|{argument}| {{"))?];
    call.push(fitting(format!("{}{}", " ".repeat(outer + 4), body.trim_end_matches(',')))?);
    call.push(format!("{}}}{}", " ".repeat(outer), after.trim()));
    Some((chain(lines, close, outer, &mut call), call))
}

/// The calls behind a call that ends at `close`, moved to where it begins; gives the line after them.
fn chain(lines: &[String], close: usize, outer: usize, call: &mut Vec<String>) -> usize {
    let inner = lines.get(close).map_or(0, |line| indent(line));
    let rest = lines.get(close + 1..).unwrap_or_default();
    let chained = rest.iter().take_while(|line| indent(line) == inner && line.trim_start().starts_with('.'));
    let before = call.len();
    call.extend(chained.map(|line| format!("{}{}", " ".repeat(outer), line.trim())));
    close + 1 + call.len() - before
}

/// `|a| {`, `async {`
fn opens_closure(line: &str) -> bool {
    line.ends_with('{') && (line.contains('|') || line.trim_start().starts_with("async "))
}

/// A receiver in one line and its only call in the next.
fn call_of(lines: &[String], at: usize) -> Joined {
    let receiver = lines.get(at).filter(|line| line.ends_with(|end: char| end.is_alphanumeric() || end == '_'))?;
    let call = lines.get(at + 1).filter(|line| line.trim_start().starts_with('.'))?;
    let (outer, inner) = (indent(receiver), indent(call));
    if receiver.trim_start().starts_with('.') || inner <= outer || is_comment(receiver) {
        return None;
    }
    let end = if call.ends_with(['{', '(', '[']) { closing(lines, at + 1)? } else { at + 1 };
    if lines.get(end + 1).is_some_and(|line| indent(line) == inner && line.trim_start().starts_with('.')) {
        return None;
    }
    let mut joined = vec![fitting(format!("{receiver}{}", call.trim()))?];
    joined.extend(moved(lines.get(at + 2..=end).unwrap_or_default(), inner - outer));
    Some((end + 1, joined))
}

/// A closure whose block is one expression.
fn short_closure(lines: &[String], at: usize) -> Joined {
    let head = lines.get(at)?.strip_suffix(" {").filter(|head| head.ends_with('|'))?;
    let body = lines.get(at + 1).filter(|line| is_expression(line))?;
    let close = lines.get(at + 2)?.trim().strip_prefix('}').filter(|rest| rest.starts_with(')'))?;
    fitting(format!("{head} {}{close}", body.trim())).map(|line| (at + 3, vec![line]))
}

/// An arm whose block is one expression, or one call with a closure at its end.
fn arm(lines: &[String], at: usize) -> Joined {
    let head = lines.get(at)?.strip_suffix('{').filter(|head| head.ends_with("=> "))?;
    let body = lines.get(at + 1)?;
    let ends = |line: Option<&String>| line.is_some_and(|line| line.trim() == "}");
    if is_expression(body) && ends(lines.get(at + 2)) {
        return fitting(format!("{head}{},", body.trim())).map(|line| (at + 3, vec![line]));
    }
    if !body.ends_with('{') || is_comment(body) || starts_with_keyword(body) {
        return None;
    }
    let close = closing(lines, at + 1)?;
    let last = lines.get(close).filter(|line| line.trim() == "})")?;
    if !ends(lines.get(close + 1)) {
        return None;
    }
    let mut joined = vec![fitting(format!("{head}{}", body.trim()))?];
    let shift = indent(body) - indent(head);
    joined.extend(moved(lines.get(at + 2..close)?, shift));
    joined.push(format!("{},", last.get(shift..)?));
    Some((close + 2, joined))
}

/// The line that closes what a line opens.
fn closing(lines: &[String], at: usize) -> Option<usize> {
    let outer = indent(lines.get(at)?);
    (at + 1..lines.len()).find(|index| lines.get(*index).is_some_and(|line| !line.is_empty() && indent(line) <= outer))
}

/// Lines further to the left.
fn moved(lines: &[String], shift: usize) -> Vec<String> {
    lines.iter().map(|line| line.get(shift..).unwrap_or("").to_owned()).collect()
}

fn fitting(line: String) -> Option<String> {
    (line.chars().count() <= WIDTH).then_some(line)
}

/// Whether a line is a whole expression, and no statement.
fn is_expression(line: &str) -> bool {
    let count = |one: char| line.chars().filter(|letter| *letter == one).count();
    let balanced = [('(', ')'), ('{', '}'), ('[', ']')].into_iter().all(|(open, close)| count(open) == count(close));
    balanced
        && !starts_with_keyword(line)
        && !is_comment(line)
        && !line.ends_with([';', ','])
        && !line.trim().is_empty()
}

fn starts_with_keyword(line: &str) -> bool {
    ["let ", "if ", "match ", "for ", "return "].iter().any(|keyword| line.trim_start().starts_with(keyword))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &[&str], after: &[&str]) {
        assert_eq!(joined(&before.join("\n")).trim_end(), after.join("\n"));
    }

    #[test]
    fn arguments_that_fit_stand_in_one_line() {
        check(
            &[
                "    let page = input",
                "        .query_or(",
                "            \"n\",",
                "            gw::text::int,",
                "            20,",
                "        );",
            ],
            &["    let page = input.query_or(\"n\", gw::text::int, 20);"],
        );
        check(&["fn f(", "    a: A,", ") -> B {", "    a", "}"], &["fn f(a: A) -> B {", "    a", "}"]);
    }

    #[test]
    fn a_closure_at_the_end_stays_in_the_call() {
        check(
            &[
                "let a = gw::each(",
                "        &list,",
                "        8,",
                "        |_, x| async move {",
                "            x",
                "        },",
                "    )",
                "    .await?;",
            ],
            &["let a = gw::each(&list, 8, |_, x| async move {", "    x", "})", ".await?;"],
        );
        check(&["a", "    .take(|a| {", "        a", "            .b(c)", "    })"], &["a.take(|a| a.b(c))"]);
    }

    #[test]
    fn arms_lose_their_blocks() {
        check(&["    b\"a\" => {", "        a.take(scan)", "    }"], &["    b\"a\" => a.take(scan),"]);
        check(&["    b\"a\" => {", "        a();", "    }"], &["    b\"a\" => {", "        a();", "    }"]);
        check(
            &["    A => {", "        b.c(|d| {", "            e();", "        })", "    }"],
            &["    A => b.c(|d| {", "        e();", "    }),"],
        );
    }
}
