//! The parser's own tests: each construct, each fault, and any text at all.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]
#[test]
fn dump() {
    let Ok(path) = std::env::var("GW_DUMP") else { return };
    for path in path.split(',') {
        let text = std::fs::read_to_string(path).unwrap();
        let t = std::time::Instant::now();
        let parsed = super::parse(&text, crate::source::FileId(0));
        println!("{path} {:?} {} items", t.elapsed(), parsed.file.items.len());
        let source = crate::source::Source::new(path, text.clone());
        for d in &parsed.diagnostics {
            let p = source.position(d.primary().unwrap().start);
            println!(
                "{}:{}:{} {} {} [{}] {:?} {:?}",
                path,
                p.line,
                p.column,
                d.code,
                d.message,
                d.labels[0].text,
                d.notes,
                d.fixes.iter().map(|f| (&f.title, &f.edits[0].1)).collect::<Vec<_>>()
            );
        }
        if std::env::var("GW_TREE").is_ok() {
            println!("{:#?}", parsed.file);
        }
    }
}
