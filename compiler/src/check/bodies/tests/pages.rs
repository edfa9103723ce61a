//! Every code of bodies has a page whose wrong program breaks that rule alone, and whose right one breaks none.

use super::*;

fn blocks<'p>(page: &'p str, fence: &str) -> Vec<&'p str> {
    let open = format!("```{fence}\n");
    page.split(&open).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

fn is_of_bodies(code: Code) -> bool {
    let number: u32 = code.as_str().trim_start_matches("GW").parse().unwrap_or(0);
    matches!(number, 250..=299 | 330..=399 | 500..=699)
}

#[test]
fn pages_hold() {
    let mut faults = Vec::new();
    for code in Code::ALL.iter().copied().filter(|code| is_of_bodies(*code)) {
        let page = code.page();
        let (wrong, sound) = (blocks(page, "gw,fails"), blocks(page, "gw"));
        if wrong.is_empty() || sound.is_empty() {
            faults.push(format!("{code}: no programs"));
        }
        for (text, wanted) in
            wrong.into_iter().map(|text| (text, vec![code])).chain(sound.into_iter().map(|text| (text, vec![])))
        {
            let compiled = compile(&MemoryFiles::one("main.gw", text), "main.gw");
            let found: Vec<Code> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
            if found != wanted {
                let messages: Vec<&String> = compiled.diagnostics.iter().map(|it| &it.message).collect();
                faults.push(format!("{code}: {wanted:?} expected: {found:?} {messages:?}\n{text}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
