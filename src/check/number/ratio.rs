//! `number/ratio`: how many times as much: double for втрое, three times for 增长三倍.

use crate::analyse::{Document, Passage};
use crate::check::quantity::{Reading, same};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{LanguageData, Table, Words};
use crate::span::Span;
use crate::surface::{BlockKind, TokenKind};

pub(in crate::check) static RATIO: Rule = Rule {
    id: "number/ratio",
    summary: "Another number of times than the source’s: double for втрое.",
    mqm: "accuracy/mistranslation",
    its: "numbers",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::Listed(&["en"]),
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(ratio),
};

/// The table of a language, English included.
const TABLE: &str = "ratios";
/// Either side has one ratio, and they are not the same.
const OTHER: f64 = 0.85;
/// “the third floor” for üç katına.
const FLOOR: f64 = 0.85;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.6;
/// The longest beginning of a word that is looked up, in letters.
const LONGEST: usize = 14;
/// From so many times on “grew by” and “grew to” are one.
const LARGE: f64 = 5.0;
/// The letters before 倍 among which its number and its verb stand.
const BEFORE: usize = 8;

/// A ratio as it is written.
struct Times {
    value: f64,
    /// What it is taken for, too: of large numbers nobody tells “grew by ten times” from “grew to ten times”.
    also: f64,
    span: Span,
    /// The token that says it, and the last.
    first: usize,
    last: usize,
}

fn ratio(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = document.source.as_ref().filter(|_| passage.kind() != BlockKind::Byline) else { return };
    let own = passage.text.data().table(TABLE);
    let tokens = passage.tokens();
    let kinds: Vec<&str> = tokens.iter().map(|t| own.get(passage.folded(t)).map_or("", |row| row.column(0))).collect();
    let floor = kinds.iter().position(|kind| *kind == "floor");
    if floor.is_none() && !kinds.iter().any(|kind| matches!(*kind, "factor" | "times")) {
        return;
    }
    let theirs = source.data().table(TABLE);
    let aligned = document.alignment().source_of(passage.place);
    if theirs.is_empty() || aligned.confidence < PAIRED || aligned.source.len() != 1 {
        return;
    }
    let origin = Passage { text: source, sentence: aligned.source.start, place: aligned.source.start };
    let there = if source.data().words() == Words::Unspaced {
        han(&theirs, &origin)
    } else {
        spaced(&theirs, &origin, source.data())
    };
    let [other] = there.as_slice() else { return };
    if let Some(draft) = floor.and_then(|at| storey(document, passage, &own, at, other, source.text())) {
        out.push(draft);
        return;
    }
    let here = spaced(&own, passage, passage.text.data());
    let [one] = here.as_slice() else { return };
    let fits = |value: f64| same(value, other.value) || same(value, other.also) || same(value * other.value, 1.0);
    if fits(one.value) {
        return;
    }
    // “by 200 percent”, “a third of”: the ratio is there.
    let parts = tokens.iter().zip(&kinds).filter(|(_, kind)| matches!(**kind, "part" | "ordinal"));
    let parts = parts.filter_map(|(token, _)| row(&own, passage.folded(token)));
    let said = Reading::of(passage, false);
    // Figures alone: “doubled” itself may stand for 100 or 200 per cent.
    let percent = [other.value, other.value - 1.0].iter().any(|v| said.all().any(|q| same(q.value, v * 100.0)));
    if parts.into_iter().any(|(_, value)| fits(value)) || percent || said.holds(other.value) {
        return;
    }
    let place = Place::source(other.span);
    let quoted = other.span.of(source.text());
    let message = format!("“{quoted}” is {}, not “{}”", times(other.value), one.span.of(passage.text.text()));
    let mut draft = Draft::new(one.span, OTHER, message)
        .because(EvidenceKind::Source, "the ratio of the source", Some(place))
        .beside(place);
    if !passage.is_tried(document) {
        for (nth, text) in instead(passage, one, other.value).into_iter().enumerate() {
            draft = draft.fix(Fix::replace(one.span, text, if nth == 0 { 0.8 } else { 0.5 }));
        }
    }
    out.push(draft);
}

/// What a word is in a table, and the value it stands for.
fn row(table: &Table, word: &str) -> Option<(&'static str, f64)> {
    let found = table.get(word)?;
    Some((found.column(0), found.column(1).parse().unwrap_or(0.0)))
}

/// The same of a word that may be longer than its row.
fn begun(table: &Table, word: &str) -> Option<(&'static str, f64)> {
    let found = table.get(word).or_else(|| table.beginning(word, 1..=LONGEST))?;
    Some((found.column(0), found.column(1).parse().unwrap_or(0.0)))
}

/// The ratios of a sentence: doubled, three times, в два раза, trois fois.
fn spaced(table: &Table, passage: &Passage<'_>, data: LanguageData) -> Vec<Times> {
    let tokens = passage.tokens();
    let low = |at: usize| tokens.get(at).map_or("", |t| passage.folded(t));
    let span = |first: usize, last: usize| {
        let end = tokens.get(last).map_or_else(|| passage.span(), |t| t.span);
        tokens.get(first).map_or(end, |t| t.span.cover(end))
    };
    let mut all = Vec::new();
    for at in 0..tokens.len() {
        let Some((kind, value)) = begun(table, low(at)) else { continue };
        match kind {
            "factor" => all.push(Times { value, also: value, span: span(at, at), first: at, last: at }),
            "times" | "times-in" => {
                // “threefold” in two words, “3-fold”, “one and a half times”.
                let number = if low(at.wrapping_sub(1)) == "-" { at.wrapping_sub(2) } else { at.wrapping_sub(1) };
                let Some((first, value)) = before(table, passage, number, data) else { continue };
                let introduced = matches!(row(table, low(first.wrapping_sub(1))), Some(("in", _)));
                if kind == "times" || introduced {
                    all.push(Times { value, also: value, span: span(first, at), first, last: at });
                }
            }
            _ => {}
        }
    }
    all
}

/// The number that ends at a token, and where it begins.
fn before(table: &Table, passage: &Passage<'_>, at: usize, data: LanguageData) -> Option<(usize, f64)> {
    let tokens = passage.tokens();
    let token = tokens.get(at)?;
    let low = passage.folded(token);
    if token.kind == TokenKind::Number {
        let plain = if data.tag() == "en" { low.replace(',', "") } else { low.replace(',', ".") };
        return plain.parse().ok().filter(|v| *v > 0.0).map(|v| (at, v));
    }
    if data.tag() == "en" && low == "half" {
        let from = at.checked_sub(3)?;
        let words = tokens.get(from..at)?.iter().map(|t| passage.folded(t)).collect::<Vec<_>>();
        let (kind, value) = row(table, words.first()?)?;
        return (kind == "number" && matches!(words.get(1..), Some(["and", "a"]))).then_some((from, value + 0.5));
    }
    let (kind, value) = row(table, low)?;
    (kind == "number").then_some((at, value))
}

/// Chinese: 三倍 is three times, 增长三倍 four times, 翻一番 twice, 翻两番 four times.
fn han(table: &Table, passage: &Passage<'_>) -> Vec<Times> {
    let span = passage.span();
    let text = span.of(passage.text.text());
    let value = |word: &str| row(table, word).filter(|(kind, _)| *kind == "number").map(|(_, v)| v);
    let mut all = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let letter = |at: usize| letters.get(at).map(|(_, c)| *c);
    for (nth, (at, c)) in letters.iter().enumerate() {
        let end = span.start() + at + c.len_utf8();
        let from = |first: usize| Span::new(span.start() + letters.get(first).map_or(*at, |(b, _)| *b), end);
        let times = |value, first| Times { value, also: value, span: from(first), first: 0, last: 0 };
        if *c == '番' && letter(nth.wrapping_sub(2)) == Some('翻') {
            let count = letter(nth.wrapping_sub(1)).and_then(|c| value(&c.to_string()));
            all.extend(count.map(|count| times(2.0_f64.powf(count), nth - 2)));
        }
        if *c == '番' && letter(nth.wrapping_sub(1)) == Some('翻') {
            all.push(times(2.0, nth - 1));
        }
        if *c != '倍' {
            continue;
        }
        // The number: digits, or one sign.
        let digit = |at: usize| letter(at).is_some_and(|c| c.is_ascii_digit() || c == '.');
        let mut first = nth;
        while first.checked_sub(1).is_some_and(digit) {
            first -= 1;
        }
        let number = if first < nth {
            letters.get(first..nth).map(|l| l.iter().map(|(_, c)| c).collect::<String>()).and_then(|n| n.parse().ok())
        } else {
            first = first.wrapping_sub(1);
            letter(first).and_then(|c| value(&c.to_string()))
        };
        let Some(number) = number else { continue };
        // “Grew by three times” is four times as much; “grew to”, “is” three times is three.
        let lead: String =
            letters.get(first.saturating_sub(BEFORE)..first).unwrap_or(&[]).iter().map(|(_, c)| c).collect();
        let lead = lead.rsplit(['，', '、', '。', '；']).next().unwrap_or("").to_owned();
        let lead = lead.trim_end_matches(['了', '近', '约']).to_owned();
        let grew = table.iter().any(|(word, row)| row.column(0) == "grew" && lead.ends_with(word));
        let value = if grew { number + 1.0 } else { number };
        if value > 1.0 {
            let also = if number >= LARGE { number } else { value };
            all.push(Times { also, ..times(value, first) });
        }
    }
    all
}

/// A storey for a number of times: Turkish kat is both.
fn storey(
    document: &Document<'_>,
    passage: &Passage<'_>,
    own: &Table,
    at: usize,
    other: &Times,
    source: &str,
) -> Option<Draft> {
    let tokens = passage.tokens();
    let ordinal = at.checked_sub(1).and_then(|i| row(own, passage.folded(tokens.get(i)?)))?;
    if ordinal.0 != "ordinal" || !same(ordinal.1, other.value) {
        return None;
    }
    let low = |at: usize| tokens.get(at).map_or("", |t| passage.folded(t));
    let mut first = at.checked_sub(1)?;
    for word in ["the", "to"] {
        first -= usize::from(first > 0 && low(first - 1) == word);
    }
    let span = tokens.get(first)?.span.cover(tokens.get(at)?.span);
    let message = format!("“{}” is {}, and no floor", other.span.of(source), times(other.value));
    let place = Place::source(other.span);
    let draft = Draft::new(span, FLOOR, message)
        .because(EvidenceKind::Source, "the ratio of the source", Some(place))
        .beside(place);
    let text = fold(other.value).filter(|_| !passage.is_tried(document));
    Some(match text {
        Some(text) => draft.fix(Fix::replace(span, text, 0.8)),
        None => draft,
    })
}

/// Two, three, four, five and ten times in the ways that English has.
const WAYS: [(f64, [&str; 3]); 5] = [
    (2.0, ["twice", "doubl", "twofold"]),
    (3.0, ["three times", "tripl", "threefold"]),
    (4.0, ["four times", "quadrupl", "fourfold"]),
    (5.0, ["five times", "quintupl", "fivefold"]),
    (10.0, ["ten times", "", "tenfold"]),
];

fn way(value: f64) -> Option<&'static [&'static str; 3]> {
    WAYS.iter().find(|(v, _)| same(*v, value)).map(|(_, words)| words)
}

fn times(value: f64) -> String {
    match way(value) {
        Some([times, ..]) => (*times).to_owned(),
        None if same(value, 1.5) => "one and a half times".to_owned(),
        None if same(value, 0.5) => "half".to_owned(),
        None => format!("{value} times"),
    }
}

fn fold(value: f64) -> Option<&'static str> {
    way(value).map(|[_, _, fold]| *fold)
}

/// What stands instead of a ratio, in the same part of speech.
fn instead(passage: &Passage<'_>, one: &Times, value: f64) -> Vec<String> {
    let tokens = passage.tokens();
    let low = tokens.get(one.first).map_or("", |t| passage.folded(t));
    let adverb = one.last > one.first || matches!(low, "twice" | "thrice");
    let verb = [("doubl", 5), ("tripl", 5), ("trebl", 5), ("quadrupl", 8), ("quintupl", 8)];
    let ending = verb.iter().find(|(stem, _)| low.starts_with(stem)).and_then(|(stem, _)| low.get(stem.len()..));
    let words = way(value);
    match (ending, words) {
        (Some(ending), Some([times, stem, _])) if !stem.is_empty() => {
            // “double the figure” is “three times the figure”, too.
            let as_verb = format!("{stem}{ending}");
            if ending == "e" { vec![as_verb, (*times).to_owned()] } else { vec![as_verb] }
        }
        _ if low.ends_with("fold") => fold(value).map(str::to_owned).into_iter().collect(),
        _ if adverb || ending == Some("e") => vec![times(value)],
        _ => Vec::new(),
    }
}
