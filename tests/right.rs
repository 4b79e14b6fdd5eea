//! Right text that looks wrong stays unmarked: the articles of `tests/right/`, which were written for that. What they hold is
//! right by some desk's book: abbreviations, ranges, scores, quotations over paragraphs, units, names with odd capitals,
//! dialogue, lists, addresses, songs, figures.

use std::fmt::Write as _;
use std::path::Path;

use obelus::article::{Article, Language, Side};
use obelus::engine::{Engine, Never, Options};

#[test]
fn right_text_stays_unmarked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/right");
    let entries = std::fs::read_dir(&folder).expect("the folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    assert!(paths.len() >= 33, "only {} articles were found", paths.len());
    let (engine, mut marked) = (Engine::new(), String::new());
    for path in paths {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let tag = name.rsplit('.').next().expect("a language");
        let text = std::fs::read_to_string(&path).expect("the article");
        let article = Article::new(None, Side::new(text.clone(), Some(Language::parse(tag).expect(tag))));
        let report = engine.check(&article, &Options::default(), &Never).expect("a report");
        for finding in report.findings {
            let words = text.get(finding.span.range()).unwrap_or("");
            let _ = writeln!(marked, "{name}: {} marks “{words}”: {}", finding.rule, finding.message);
        }
    }
    assert!(marked.is_empty(), "\n{marked}");
}
