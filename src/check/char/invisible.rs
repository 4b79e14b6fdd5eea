//! `char/control`, `char/bidi-control`: characters that cannot be seen and change what is.

use crate::analyse::{Document, Passage};
use crate::check::char::mojibake;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{Edit, EvidenceKind, Severity};
use crate::language::{LanguageData, scripts_of};
use crate::span::Span;

pub(in crate::check) static CONTROL: Rule = Rule {
    id: "char/control",
    summary: "A control character, which no text should hold.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Major,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(control),
};

pub(in crate::check) static BIDI_CONTROL: Rule = Rule {
    id: "char/bidi-control",
    summary: "An invisible character that turns the order of letters around, or one that is never ended.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(bidi_control),
};

/// No text needs a control character.
const CONTROL_IN_TEXT: f64 = 0.97;
/// It forces the order of letters, so that what is read is not what is written.
const OVERRIDE: f64 = 0.95;
/// Text that is written from right to left is full of such marks, and at the end of a line they change nothing.
const UNBALANCED_FROM_RIGHT: f64 = 0.4;
/// It opens a stretch and nothing ends it, or ends what nothing opened.
const UNBALANCED: f64 = 0.85;

fn control(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let span = passage.span();
    let sentence = span.of(passage.text.text());
    // U+0080 to U+009F begin with the byte c2.
    if !sentence.bytes().any(|b| b == 0xc2 || b == 0x7f || (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'))) {
        return;
    }
    let mut garbled = None;
    let mut at = 0;
    while let Some(start) = sentence[at..].find(is_control).map(|found| at + found) {
        let length = sentence[start..].find(|c| !is_control(c)).unwrap_or(sentence.len() - start);
        let place = Span::new(start, start + length);
        at = place.end();
        // The second half of a letter that was read in the wrong encoding is that rule's.
        let garbled = garbled.get_or_insert_with(|| mojibake::places(sentence));
        let next = garbled.partition_point(|(span, _)| span.end() <= start);
        if garbled.get(next).is_some_and(|(span, _)| span.overlaps(place)) {
            continue;
        }
        out.push(control_draft(sentence, place, span.start()));
    }
}

fn is_control(c: char) -> bool {
    // A tab and the ends of lines and pages are layout.
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
}

fn control_draft(sentence: &str, place: Span, offset: usize) -> Draft {
    let table = LanguageData::shared().table("controls");
    let mut meant = String::new();
    let mut name = "";
    for c in place.of(sentence).chars() {
        if let Some(row) = table.get(&format!("{:04x}", u32::from(c))) {
            meant.push_str(row.column(0));
            name = row.column(1);
        }
    }
    let message = if name.is_empty() {
        "a control character stands here, which cannot be seen".to_owned()
    } else {
        format!("a control character stands here in the place of a {name}")
    };
    // A word that a character without meaning cuts through grows together.
    Draft::new(place.shift(offset), CONTROL_IN_TEXT, message)
        .fix(Fix::replace(place.shift(offset), meant, 0.93).safe())
        .because(EvidenceKind::Pattern, "a code that stands for no letter", None)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// U+202A, U+202B: an embedding; U+2066 to U+2068: an isolate.
    Opens,
    /// U+202D, U+202E.
    Overrides,
    /// U+202C and U+2069.
    Ends,
}

fn turn(c: char) -> Option<Turn> {
    match c {
        '\u{202a}' | '\u{202b}' | '\u{2066}'..='\u{2068}' => Some(Turn::Opens),
        '\u{202d}' | '\u{202e}' => Some(Turn::Overrides),
        '\u{202c}' | '\u{2069}' => Some(Turn::Ends),
        _ => None,
    }
}

fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2069}')
}

/// The controls of a stretch of text, in order, each with the one that ends it or that it ends.
struct Control {
    span: Span,
    turn: Turn,
    partner: Option<usize>,
}

fn controls(text: &str) -> Vec<Control> {
    let mut all: Vec<Control> = Vec::new();
    let (mut embeddings, mut isolates): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, c) in text.char_indices() {
        let Some(turn) = turn(c) else {
            continue;
        };
        let index = all.len();
        let stack = if is_isolate(c) { &mut isolates } else { &mut embeddings };
        let partner = if turn == Turn::Ends { stack.pop() } else { None };
        if turn != Turn::Ends {
            stack.push(index);
        }
        all.push(Control { span: Span::new(at, at + c.len_utf8()), turn, partner });
        if let Some(open) = partner {
            all[open].partner = Some(index);
        }
    }
    all
}

/// For each sentence, whether the controls of its paragraph balance: what one sentence opens, another may end.
struct Balance {
    of_sentence: Vec<bool>,
    lone: f64,
}

fn bidi_control(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let text = document.target.text();
    if !has_controls(text) {
        return Box::new(Balance { of_sentence: Vec::new(), lone: 0.0 });
    }
    let from_right = document.target_language().is_some_and(|l| {
        scripts_of(l).first().is_some_and(|script| matches!(*script, "Arab" | "Hebr" | "Thaa" | "Syrc"))
    });
    let lone = if from_right { UNBALANCED_FROM_RIGHT } else { UNBALANCED };
    let surface = document.target.surface();
    let balanced: Vec<bool> =
        surface.blocks.iter().map(|b| controls(b.span.of(text)).iter().all(|c| c.partner.is_some())).collect();
    let of = |block: usize| balanced.get(block).copied().unwrap_or(false);
    Box::new(Balance { of_sentence: surface.sentences.iter().map(|s| of(s.block)).collect(), lone })
}

/// All of them are in U+2028 to U+2069, whose first two bytes are these.
fn has_controls(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| matches!(pair, [0xe2, 0x80 | 0x81]))
        && text.chars().any(|c| turn(c).is_some())
}

impl Survey for Balance {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Some(&balanced) = self.of_sentence.get(passage.place) else {
            return;
        };
        let span = passage.span();
        let all = controls(span.of(passage.text.text()));
        let mut at = 0;
        for (index, control) in all.iter().enumerate() {
            // Several in a row are one place.
            if control.span.start() < at {
                continue;
            }
            let lone = control.partner.is_none() && !balanced;
            let (confidence, message) = match control.turn {
                Turn::Overrides => (OVERRIDE, "an invisible character turns the letters around here"),
                Turn::Opens if lone => (self.lone, "an invisible change of direction begins here and never ends"),
                Turn::Ends if lone => (self.lone, "an invisible end of a change of direction that never began"),
                _ => continue,
            };
            let partner = control.partner.map(|index| all[index].span.shift(span.start()));
            let mut place = control.span;
            for next in all[index + 1..].iter().take_while(|_| control.partner.is_none()) {
                if next.partner.is_some() || next.span.start() != place.end() {
                    break;
                }
                place = place.cover(next.span);
            }
            at = place.end();
            let place = place.shift(span.start());
            let edits = [Some(place), partner];
            let edits = edits.into_iter().flatten().map(|span| Edit { span, replacement: String::new() }).collect();
            out.push(Draft::new(place, confidence, message).fix(Fix { edits, score: 0.9, safe: false }).because(
                EvidenceKind::Pattern,
                "a control of direction",
                None,
            ));
        }
    }
}
