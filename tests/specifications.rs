//! Runs the specifications, `tests/rules/<family>.md`: every example of text to flag and of text to leave alone.
//!
//! An example is a fenced block. Its info string begins with `flag` or `leave` and may go on with `to=en`, `from=ru`,
//! `style=ap`, `unsure` where findings are asked for that are less sure than those told by default, and `segments` where every line
//! of the source and of the text is a segment of its own. Its lines are, in this order: `source: …`, `glossary: …` (a CSV row:
//! source, target, admitted, forbidden, kind) and `pattern: …` (the fields of a pattern in TOML), which may be missing or stand
//! several times, and then the text. In a block to flag, the flagged places stand between ⟦ and ⟧, and lines that begin with
//! `=> ` give the text with the first suggestion of every finding applied (none: the rule offers no repair).

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use obelus::article::{Article, Language, SegmentText, Side};
use obelus::check::CATALOGUE;
use obelus::engine::{Engine, Never, Options, RuleOverride};
use obelus::finding::{Edit, EntityKind, Finding};
use obelus::glossary::{Entry, Glossary, Status};
use obelus::patterns;
use obelus::style::Style;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The confidence from which the examples with `unsure` are told.
const UNSURE: f64 = 0.3;

#[derive(Clone, Default)]
struct Example {
    rule: String,
    line: usize,
    info: String,
    body: String,
}

#[test]
fn every_specification_holds() {
    let mut problems = String::new();
    let mut count = 0;
    for family in families() {
        for example in examples(&family) {
            count += 1;
            if let Err(problem) = run(&example) {
                let place = format!("tests/rules/{family}.md:{} {}", example.line, example.rule);
                let _ = writeln!(problems, "{place}: {problem}\n{}\n", example.body);
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    assert!(count >= CATALOGUE.len() * 12, "only {count} examples were found");
}

#[test]
fn every_rule_has_six_examples_of_either_kind() {
    for family in families() {
        let examples = examples(&family);
        for rule in CATALOGUE.iter().filter(|r| r.family() == family) {
            let count = |kind: &str| examples.iter().filter(|e| e.rule == rule.id && e.info.starts_with(kind)).count();
            assert!(count("flag") >= 6, "{}: {} examples to flag, 6 are wanted", rule.id, count("flag"));
            assert!(count("leave") >= 6, "{}: {} examples to leave, 6 are wanted", rule.id, count("leave"));
            assert!(!rule.specification().is_empty(), "{}: no section in tests/rules/{family}.md", rule.id);
        }
    }
}

fn families() -> Vec<String> {
    let mut families: Vec<String> = CATALOGUE.iter().map(|rule| rule.family().to_owned()).collect();
    families.dedup();
    families
}

/// The fenced examples of a family's file, each with the rule whose section it stands in.
fn examples(family: &str) -> Vec<Example> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/rules/{family}.md"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut examples = Vec::new();
    let (mut rule, mut heading, mut open) = (String::new(), false, None::<Example>);
    for (event, range) in Parser::new(&text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = true,
            Event::End(TagEnd::Heading(_)) => heading = false,
            Event::Code(code) if heading && code.contains('/') => rule = code.to_string(),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_example(&info) => {
                let line = 1 + text[..range.start].matches('\n').count();
                open = Some(Example { rule: rule.clone(), line, info: info.to_string(), body: String::new() });
            }
            Event::Text(body) => {
                if let Some(example) = &mut open {
                    example.body.push_str(&body);
                }
            }
            Event::End(TagEnd::CodeBlock) => examples.extend(open.take()),
            _ => {}
        }
    }
    examples
}

fn is_example(info: &str) -> bool {
    matches!(info.split(' ').next(), Some("flag" | "leave"))
}

fn run(example: &Example) -> Result<(), String> {
    let mut options = Options::default();
    for rule in CATALOGUE.iter().filter(|rule| rule.id != example.rule) {
        let off = RuleOverride { rule: rule.id.to_owned(), enabled: Some(false), ..RuleOverride::default() };
        options.set_rule(off).map_err(|e| e.to_string())?;
    }
    let (mut to, mut from, mut segmented) = (None, None, false);
    let mut words = example.info.split(' ');
    let flag = words.next() == Some("flag");
    for word in words {
        match word.split_once('=') {
            None if word == "segments" => segmented = true,
            None if word == "unsure" => options.min_confidence = UNSURE,
            Some(("to", tag)) => to = Some(Language::parse(tag).map_err(|e| e.to_string())?),
            Some(("from", tag)) => from = Some(Language::parse(tag).map_err(|e| e.to_string())?),
            Some(("style", name)) => options.style = Some(Style::named(name).ok_or("no such style")?),
            _ => return Err(format!("{word:?} is not understood")),
        }
    }
    let (mut source, mut entries, mut marked, mut mended) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for line in example.body.lines() {
        if let Some(line) = line.strip_prefix("source: ") {
            source.push(line);
        } else if let Some(row) = line.strip_prefix("glossary: ") {
            entries.push(entry(row, from.as_ref(), to.as_ref()));
        } else if let Some(fields) = line.strip_prefix("pattern: ") {
            let table = format!("pattern = [{{ name = \"example\", {fields} }}]");
            options.patterns.push(Arc::new(patterns::read_toml(&table, "example").map_err(|e| e.to_string())?));
        } else if let Some(line) = line.strip_prefix("=> ") {
            mended.push(line);
        } else {
            marked.push(line);
        }
    }
    if !entries.is_empty() {
        options.glossaries.push(Arc::new(Glossary::compile("example", &entries)));
    }
    let marked = marked.join("\n");
    let text = marked.replace(['⟦', '⟧'], "");
    let article = if segmented {
        let pairs = source.iter().zip(text.lines().chain(std::iter::repeat("")));
        let segment = |(source, target): (&&str, &str)| SegmentText {
            source: (*source).to_owned(),
            target: target.to_owned(),
            ..SegmentText::default()
        };
        Article::from_segments(pairs.map(segment).collect(), from, to)
    } else {
        let side = (!source.is_empty()).then(|| Side::new(source.join("\n"), from));
        Article::new(side, Side::new(text.clone(), to))
    };
    let report = Engine::new().check(&article, &options, &Never).map_err(|e| e.to_string())?;
    if let Some((rule, reason)) = report.coverage.rules_skipped.iter().find(|(rule, _)| *rule == example.rule) {
        return Err(format!("{rule} did not run: {reason:?}"));
    }
    let found = mark(&text, &report.findings);
    if found != marked {
        return Err(format!("found\n{found}\nwanted"));
    }
    if !flag {
        return if report.findings.is_empty() { Ok(()) } else { Err("left alone is what is not flagged".to_owned()) };
    }
    if report.findings.is_empty() {
        return Err("nothing is marked between ⟦ and ⟧".to_owned());
    }
    let repaired = apply(&text, &report.findings);
    let wanted = if mended.is_empty() { text } else { mended.join("\n") };
    if repaired == wanted { Ok(()) } else { Err(format!("repaired to\n{repaired}\nwanted")) }
}

/// "source,target,admitted,forbidden,kind,status", with `|` within admitted and forbidden; trailing fields may be missing.
fn entry(row: &str, from: Option<&Language>, to: Option<&Language>) -> Entry {
    let fields: Vec<&str> = row.split(',').map(str::trim).collect();
    let field = |index: usize| fields.get(index).copied().unwrap_or("");
    let list = |index| field(index).split('|').filter(|f| !f.is_empty()).map(str::to_owned).collect();
    Entry {
        source: field(0).to_owned(),
        target: field(1).to_owned(),
        admitted: list(2),
        forbidden: list(3),
        kind: match field(4) {
            "person" => Some(EntityKind::Person),
            "place" => Some(EntityKind::Place),
            "organization" => Some(EntityKind::Organization),
            "term" => Some(EntityKind::Term),
            _ => None,
        },
        do_not_translate: field(4) == "do-not-translate",
        status: if field(5) == "deprecated" { Status::Deprecated } else { Status::default() },
        source_language: from.cloned(),
        target_language: to.cloned(),
        ..Entry::default()
    }
}

fn mark(text: &str, findings: &[Finding]) -> String {
    let mut marks: Vec<(usize, usize, char)> = Vec::new();
    for finding in findings {
        marks.push((finding.span.start(), 1, '⟦'));
        // A place without letters is closed after it was opened.
        marks.push((finding.span.end(), if finding.span.is_empty() { 2 } else { 0 }, '⟧'));
    }
    marks.sort();
    let mut marked = String::new();
    let mut at = 0;
    for (place, _, mark) in marks {
        marked.push_str(&text[at..place]);
        marked.push(mark);
        at = place;
    }
    marked + &text[at..]
}

fn apply(text: &str, findings: &[Finding]) -> String {
    let mut edits: Vec<&Edit> = findings.iter().filter_map(|f| f.suggestions.first()).flat_map(|s| &s.edits).collect();
    edits.sort_by_key(|e| std::cmp::Reverse(e.span));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.range(), &edit.replacement);
    }
    text
}
