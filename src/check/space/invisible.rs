//! `space/invisible`: characters that nobody sees and that part or join words where they should not.

use crate::analyse::{Document, Passage};
use crate::check::marks;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;

pub(in crate::check) static INVISIBLE: Rule = Rule {
    id: "space/invisible",
    summary: "An invisible character where it has no work: a zero-width space, a byte order mark, a soft hyphen at a word's edge.",
    mqm: "linguistic/whitespace",
    its: "whitespace",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("punctuation"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(invisible),
};

/// It has no work in any text of the language.
const STRAY: f64 = 0.92;
/// It has some elsewhere, but not beside a space or a mark.
const AT_EDGE: f64 = 0.85;

const ZERO_WIDTH_SPACE: char = '\u{200b}';
const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const SOFT_HYPHEN: char = '\u{ad}';
const BYTE_ORDER_MARK: char = '\u{feff}';
const IDEOGRAPHIC_SPACE: char = '\u{3000}';

fn invisible(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let (line, origin) = (passage.span().of(passage.text.text()), passage.span().start());
    if line.is_ascii() {
        return;
    }
    let habits = document.target.data().table("invisible");
    let mut at = 0;
    while let Some(found) = line[at..].find(is_looked_for) {
        let start = at + found;
        let run = &line[start..];
        let end = line.len() - run.trim_start_matches(is_looked_for).len();
        at = end;
        let gap = Span::new(start, end);
        let Some(c) = run.chars().next() else {
            return;
        };
        let (name, key) = name(c);
        let own = habits.has(key);
        let Some((confidence, fills)) = judge(line, gap, c).filter(|_| !own) else {
            continue;
        };
        let span = marks::with_words(line, start, end);
        if marks::is_by_mask(passage, span.shift(origin)) {
            continue;
        }
        // Some of these belong to the letter before them, so the repair writes the words anew.
        let mended = format!("{}{fills}{}", &line[span.start()..start], &line[end..span.end()]);
        out.push(
            Draft::new(span.shift(origin), confidence, format!("{name} stands here without any work to do"))
                .fix(Fix::replace(span.shift(origin), mended, 0.93).safe())
                .because(EvidenceKind::Pattern, "an invisible character", None),
        );
    }
}

fn is_looked_for(c: char) -> bool {
    matches!(c, ZERO_WIDTH_SPACE | NON_JOINER | JOINER | SOFT_HYPHEN | BYTE_ORDER_MARK | IDEOGRAPHIC_SPACE)
}

/// What it is called in messages, and its key in the table `invisible`.
fn name(c: char) -> (&'static str, &'static str) {
    match c {
        ZERO_WIDTH_SPACE => ("a zero-width space", "zero-width-space"),
        NON_JOINER => ("a zero-width non-joiner", "zero-width-non-joiner"),
        JOINER => ("a zero-width joiner", "zero-width-joiner"),
        SOFT_HYPHEN => ("a soft hyphen", "soft-hyphen"),
        BYTE_ORDER_MARK => ("a byte order mark", "byte-order-mark"),
        _ => ("an ideographic space", "ideographic-space"),
    }
}

/// How surely it is debris, and what stands in its place.
fn judge(line: &str, gap: Span, c: char) -> Option<(f64, &'static str)> {
    let before = line[..gap.start()].chars().next_back();
    let after = line[gap.end()..].chars().next();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    // Words, figures, marks of punctuation and blanks; beside anything else (an emoji, a sign) nothing is known.
    let plain = |c: Option<char>| c.is_none_or(|c| c.is_alphanumeric() || c.is_whitespace() || is_plain_mark(c));
    if !plain(before) || !plain(after) {
        return None;
    }
    let edge = !(letter(before) && letter(after));
    match c {
        ZERO_WIDTH_SPACE => (letter(before) || letter(after)).then_some((STRAY, "")),
        BYTE_ORDER_MARK => Some((STRAY, "")),
        // Within a word a soft hyphen says where it may be broken, and a joiner how its letters are drawn.
        SOFT_HYPHEN | NON_JOINER | JOINER => (edge && (letter(before) || letter(after))).then_some((AT_EDGE, "")),
        // A space as wide as a character, which shows that the text around it was.
        _ if blank(before) || blank(after) => Some((STRAY, "")),
        _ => (letter(before) || letter(after)).then_some((STRAY, " ")),
    }
}

fn is_plain_mark(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '?' | '!' | '(' | ')' | '"' | '“' | '”' | '«' | '»' | '„' | '’' | '‘' | '…')
}
