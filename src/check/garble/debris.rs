//! `garble/tokeniser-debris`: what the machinery of translation puts between words and forgets to take away.

use crate::analyse::{Document, Passage};
use crate::check::char::{is_cited, is_in_address};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, Table};
use crate::span::Span;

pub(in crate::check) static TOKENISER_DEBRIS: Rule = Rule {
    id: "garble/tokeniser-debris",
    summary: "Debris of the machinery: @@, ▁, <unk>, &quot;, \\u00e9.",
    mqm: "linguistic/unintelligible",
    its: "uncategorized",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(tokeniser_debris),
};

/// A token of a model's own vocabulary, or the code of a character: nobody writes it in running text.
const CERTAIN: f64 = 0.96;
/// Something that a writer of another kind of text might mean.
const LIKELY: f64 = 0.88;

/// What was found: its place, what was meant, and whether that is known for sure.
struct Debris {
    span: Span,
    meant: Option<String>,
    confidence: f64,
}

fn tokeniser_debris(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let sentence = passage.span();
    let text = passage.text.text();
    // Of the signs behind 0xe2 quotation marks and dashes are no debris, and nearly every sentence has one.
    let suspicious = |at: usize, b: u8, bytes: &[u8]| match b {
        b'&' | b'<' | b'[' | b'@' | b'#' | b'\\' | 0xef => true,
        0xe2 => bytes.get(at + 1) != Some(&0x80),
        _ => false,
    };
    let bytes = sentence.of(text).as_bytes();
    let brackets = sentence.of(text).contains("RB-");
    if !brackets && !bytes.iter().enumerate().any(|(at, &b)| suspicious(at, b, bytes)) {
        return;
    }
    let table = LanguageData::shared().table("debris");
    let mut at = sentence.start();
    while at < sentence.end() {
        let rest = Span::new(at, sentence.end()).of(text);
        let Some(c) = rest.chars().next() else {
            return;
        };
        let next = at + c.len_utf8();
        let found = match c {
            '&' | '<' | '[' => listed(&table, text, at, sentence.end()).or_else(|| numbered(text, at, sentence.end())),
            '-' if brackets => listed(&table, text, at, sentence.end()),
            '@' => joined_by_at(text, at, sentence),
            '#' => joined_by_hash(text, at, sentence),
            '\\' => escaped(text, at, sentence),
            '▁' | '￭' | '⁇' => vocabulary(text, at, c, sentence),
            _ => None,
        };
        at = found.as_ref().map_or(next, |debris| debris.span.end());
        if let Some(debris) = found.filter(|d| !(is_cited(text, d.span) || (c != '@' && is_in_address(text, d.span)))) {
            out.push(draft(text, debris));
        }
    }
}

fn draft(text: &str, debris: Debris) -> Draft {
    let written = debris.span.of(text).trim();
    let message = match debris.meant.as_deref().map(str::trim) {
        Some(meant) if !meant.is_empty() => format!("“{written}” is debris of the machine; “{meant}” is meant"),
        _ => format!("“{written}” is debris of the machine"),
    };
    let draft = Draft::new(debris.span, debris.confidence, message).because(EvidenceKind::Pattern, "debris", None);
    match debris.meant {
        Some(meant) => draft.fix(Fix::replace(debris.span, meant, 0.93)),
        None => draft,
    }
}

/// The longest form of the table, in bytes.
const LONGEST: usize = 20;

/// Whether a form of the table begins here. It ends with the mark that fits its first.
fn listed(table: &Table, text: &str, at: usize, end: usize) -> Option<Debris> {
    let rest = Span::new(at, end).of(text);
    let close = match rest.as_bytes().first()? {
        b'&' => b';',
        b'<' => b'>',
        b'[' => b']',
        _ => b'-',
    };
    let length = 1 + rest.bytes().skip(1).take(LONGEST).position(|b| b == close)? + 1;
    let form = rest.get(..length)?;
    let row = table.get(form)?;
    let span = Span::new(at, at + length);
    let meant = match row.column(1) {
        "lost" => None,
        _ => Some(row.column(0).to_owned()),
    };
    // What is taken away takes the space behind it along.
    let space = meant.as_deref() == Some("") && text[span.end()..].starts_with(' ');
    Some(Debris { span: Span::new(at, span.end() + usize::from(space)), meant, confidence: CERTAIN })
}

/// “&#39;”, “&#x27;”.
fn numbered(text: &str, at: usize, end: usize) -> Option<Debris> {
    let rest = Span::new(at, end).of(text).strip_prefix("&#")?;
    let length = rest.bytes().take(LONGEST).position(|b| b == b';')?;
    let digits = rest.get(..length)?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    let c = char::from_u32(code).filter(|c| !c.is_control())?;
    Some(Debris { span: Span::new(at, at + 2 + length + 1), meant: Some(c.to_string()), confidence: CERTAIN })
}

/// “hou@@ ses”, “well @-@ known”.
fn joined_by_at(text: &str, at: usize, sentence: Span) -> Option<Debris> {
    let rest = Span::new(at, sentence.end()).of(text);
    let before = text[..at].chars().next_back();
    if let Some(after) = rest.strip_prefix("@@") {
        let behind = after.chars().next();
        let joins = before.is_some_and(char::is_alphabetic) && behind.is_none_or(|c| c == ' ');
        let next = after.chars().nth(1);
        let goes_on = next.is_some_and(char::is_alphanumeric);
        let span = Span::new(at, at + if goes_on { 3 } else { 2 });
        return joins.then(|| Debris { span, meant: Some(String::new()), confidence: CERTAIN });
    }
    let mut chars = rest.chars().skip(1);
    let (mark, close, behind) = (chars.next()?, chars.next()?, chars.next());
    let spaced = before == Some(' ') && behind == Some(' ') && at > sentence.start() + 1;
    (close == '@' && matches!(mark, '-' | ',' | '.' | '/' | ':' | '–') && spaced).then(|| Debris {
        span: Span::new(at - 1, at + 3 + mark.len_utf8()),
        meant: Some(mark.to_string()),
        confidence: CERTAIN,
    })
}

/// “play ##ing”: not a heading, and not a hashtag.
fn joined_by_hash(text: &str, at: usize, sentence: Span) -> Option<Debris> {
    let piece = Span::new(at, sentence.end()).of(text).strip_prefix("##")?;
    let letters = piece.find(|c: char| !c.is_lowercase()).unwrap_or(piece.len());
    let mut before = text[..at].chars().rev();
    let joins = before.next() == Some(' ') && before.next().is_some_and(char::is_alphabetic);
    let ends = !piece[letters..].starts_with(|c: char| c.is_alphanumeric() || c == '#' || c == '_');
    (joins && ends && letters > 0 && at > sentence.start() + 1).then(|| Debris {
        span: Span::new(at - 1, at + 2),
        meant: Some(String::new()),
        confidence: CERTAIN,
    })
}

/// “caf\u00e9”, “\"”, and “\n” between sentences; not a path.
fn escaped(text: &str, at: usize, sentence: Span) -> Option<Debris> {
    let rest = Span::new(at, sentence.end()).of(text);
    if let Some(digits) = rest.strip_prefix("\\u").and_then(|r| r.get(..4)) {
        let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).filter(|c| !c.is_control())?;
        return Some(Debris { span: Span::new(at, at + 6), meant: Some(c.to_string()), confidence: CERTAIN });
    }
    let before = text[..at].chars().next_back();
    let behind = rest.chars().nth(2);
    match rest.as_bytes().get(1)? {
        b'"' => Some(Debris { span: Span::new(at, at + 2), meant: Some("\"".to_owned()), confidence: LIKELY }),
        b'n' | b't' => {
            let ended =
                before.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | '!' | '?' | '…' | '”' | '"' | '»'));
            let begins = behind.is_none_or(|c| c.is_whitespace() || c.is_uppercase() || c == '\\');
            let spaced = before.is_none_or(char::is_whitespace) || behind.is_none_or(char::is_whitespace);
            let meant = if spaced { "" } else { " " };
            (ended && begins).then(|| Debris {
                span: Span::new(at, at + 2 + usize::from(behind == Some(' ') && before == Some(' '))),
                meant: Some(meant.to_owned()),
                confidence: LIKELY,
            })
        }
        _ => None,
    }
}

/// “▁the▁city”, “end￭.”, “the ⁇ of”: signs that a subword vocabulary sets for a space, a join, an unknown word.
fn vocabulary(text: &str, at: usize, c: char, sentence: Span) -> Option<Debris> {
    let span = Span::new(at, at + c.len_utf8());
    let before = text[sentence.start()..at].chars().next_back();
    let behind = text[span.end()..sentence.end()].chars().next();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let lonely = blank(before) && blank(behind);
    match c {
        '▁' if letter(behind) => {
            let meant = if blank(before) { "" } else { " " };
            Some(Debris { span, meant: Some(meant.to_owned()), confidence: CERTAIN })
        }
        '￭' if letter(before) || letter(behind) => {
            Some(Debris { span, meant: Some(String::new()), confidence: CERTAIN })
        }
        '⁇' if lonely && before.is_some() => Some(Debris { span, meant: None, confidence: LIKELY }),
        _ => None,
    }
}
