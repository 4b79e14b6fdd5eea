//! `bracket/*`: round, square and curly brackets, and those of Chinese and Japanese.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(super) static UNBALANCED: Rule = Rule {
    id: "bracket/unbalanced",
    summary: "A bracket that closes nothing, that nothing closes, or that a bracket of another kind closes.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(unbalanced),
};

/// A closing bracket that nothing opened, or that should be of the other kind.
const CLOSES_NOTHING: f64 = 0.85;
/// An opening bracket that nothing in its paragraph closes.
const NEVER_CLOSED: f64 = 0.8;
/// In headlines, which are cut short.
const NOT_BODY: f64 = 0.6;

/// How deep brackets nest, at most: one further out is not looked for.
const NESTING: usize = 8;
/// Over how many paragraphs, or segments, a bracket may run.
const PARAGRAPHS: usize = 4;
/// The longest label of an item of a list: "a)", "12)", "viii)".
const LABEL: usize = 4;
/// The longest interval, in tokens: "[0.5, 1.5)".
const INTERVAL_TOKENS: usize = 10;
/// How many bytes around a bracket are looked at for the signs of code, or for anything that is written.
const CHUNK: usize = 32;

#[derive(Clone, Copy)]
struct Lone {
    span: Span,
    opens: bool,
    /// The bracket that would close what this one does not.
    instead: Option<char>,
}

/// Brackets open at the start of a sentence, and how many may be open at its end.
#[derive(Clone, Default)]
struct Border {
    open: Vec<char>,
    leaves: usize,
}

struct Unbalanced {
    lone: Vec<Lone>,
    borders: Vec<Border>,
}

fn unbalanced(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let text = document.target.text();
    let surface = document.target.surface();
    let mut lone: Vec<(usize, Lone)> = Vec::new();
    let mut borders = vec![Border::default(); surface.sentences.len()];
    for (index, block) in surface.blocks.iter().enumerate() {
        let mut stack = Vec::new();
        for sentence in block.sentences.clone() {
            borders[sentence].open = stack.iter().rev().take(NESTING).rev().map(|&(_, c)| c).collect();
            let tokens = surface.tokens_of(&surface.sentences[sentence]);
            pair(text, tokens, &mut stack, |found| lone.push((index, found)));
            borders[sentence].leaves = stack.len();
        }
        let open = stack.iter().filter(|(span, _)| is_fault(text, *span));
        lone.extend(open.map(|&(span, _)| (index, Lone { span, opens: true, instead: None })));
    }
    lone.sort_by_key(|(_, l)| l.span);
    // One that runs over paragraphs is closed in a later one.
    let partner = |at: usize| {
        let (here, this) = lone[at];
        let other = if this.opens { lone.get(at + 1) } else { at.checked_sub(1).and_then(|i| lone.get(i)) };
        other.is_some_and(|&(there, o)| o.opens != this.opens && (1..=PARAGRAPHS).contains(&here.abs_diff(there)))
    };
    // An article in segments may be a part of one: what opens at the head of a segment may close where we cannot see.
    let cut = |at: usize| {
        let (block, this) = lone[at];
        let block = surface.blocks[block].span;
        let rest = if this.opens {
            Span::new(block.start(), this.span.start()).of(text)
        } else {
            Span::new(this.span.end(), block.end()).of(text)
        };
        document.is_segmented() && this.instead.is_none() && first_chars(rest).all(|c| !c.is_alphanumeric())
    };
    let alone: Vec<Lone> = (0..lone.len()).filter(|&at| !partner(at) && !cut(at)).map(|at| lone[at].1).collect();
    Box::new(Unbalanced { lone: alone, borders })
}

impl Survey for Unbalanced {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let span = passage.span();
        if std::ptr::eq(passage.text, &document.target) {
            let first = self.lone.partition_point(|l| l.span.start() < span.start());
            let here = self.lone[first..].iter().take_while(|l| l.span.start() < span.end());
            out.extend(here.map(|l| draft(passage, *l)));
            return;
        }
        let Some(border) = self.borders.get(passage.place) else {
            return;
        };
        let mut stack: Vec<(Span, char)> = border.open.iter().map(|&c| (Span::new(0, 0), c)).collect();
        let mut found = Vec::new();
        pair(passage.text.text(), passage.tokens(), &mut stack, |l| found.push(l));
        let text = passage.text.text();
        let open = stack.iter().skip(border.leaves).filter(|(span, _)| is_fault(text, *span));
        found.extend(open.map(|&(span, _)| Lone { span, opens: true, instead: None }));
        out.extend(found.into_iter().map(|l| draft(passage, l)));
    }
}

/// Pairs the brackets among some tokens, with what is open before them on the stack, and tells of each that has no partner;
/// what stays on the stack is open.
fn pair(text: &str, tokens: &[Token], stack: &mut Vec<(Span, char)>, mut tell: impl FnMut(Lone)) {
    for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Mark) {
        let Some(c) = token.span.of(text).chars().next() else {
            continue;
        };
        if closing(c).is_some() {
            if !is_face(text, token.span) {
                stack.push((token.span, c));
            }
            continue;
        }
        let nose = [":-", ";-", ":'-"].iter().any(|face| text[..token.span.start()].ends_with(face));
        if !CLOSERS.contains(c) || nose {
            continue;
        }
        let within = stack.len().saturating_sub(NESTING);
        let same = stack[within..].iter().rposition(|&(_, o)| closing(o) == Some(narrow(c))).map(|i| within + i);
        match (same, stack.last().copied()) {
            (Some(level), _) => {
                for &(span, _) in stack[level + 1..].iter().filter(|(span, _)| is_fault(text, *span)) {
                    tell(Lone { span, opens: true, instead: None });
                }
                stack.truncate(level);
            }
            (None, _) if is_face(text, token.span) || is_code(text, token.span) => {}
            (None, Some((open, o))) => {
                stack.pop();
                if !is_interval(tokens, at, open) {
                    tell(Lone { span: token.span, opens: false, instead: closing(o) });
                }
            }
            (None, None) if is_label(text, tokens, at) || is_smile(text, token.span) => {}
            (None, None) => tell(Lone { span: token.span, opens: false, instead: None }),
        }
    }
}

const CLOSERS: &str = ")]}）］｝】〕";

/// What closes an opening bracket; a full-width one may be closed by a plain one.
fn closing(open: char) -> Option<char> {
    Some(match open {
        '(' | '（' => ')',
        '[' | '［' => ']',
        '{' | '｛' => '}',
        '【' => '】',
        '〔' => '〕',
        _ => return None,
    })
}

fn narrow(close: char) -> char {
    match close {
        '）' => ')',
        '］' => ']',
        '｝' => '}',
        c => c,
    }
}

/// ":)", ";-(", "=)", ":]", and the ")))" of Russian chats.
fn is_face(text: &str, span: Span) -> bool {
    let mut before = text[..span.start()].chars().rev();
    let after = text[span.end()..].chars().next();
    let near = match before.next() {
        Some('-' | '\'' | '^' | 'o') => before.next(),
        near => near,
    };
    let (left, right) = (&text[..span.start()], &text[span.end()..]);
    let many = left.ends_with("))") || right.starts_with("))") || (left.ends_with(')') && right.starts_with(')'));
    let many = many && span.of(text) == ")";
    matches!(near, Some(':' | ';' | '=' | '*')) && after.is_none_or(|c| !c.is_alphanumeric()) || many
}

/// Whether an opening bracket that nothing closes is a mistake; one that was open before the text begins is none.
fn is_fault(text: &str, span: Span) -> bool {
    !span.is_empty() && !is_code(text, span)
}

/// The end of a line in a chat: "Thanks)".
fn is_smile(text: &str, span: Span) -> bool {
    let letter = text[..span.start()].chars().next_back().is_some_and(|c| c.is_alphabetic() || "!?".contains(c));
    letter && text[span.end()..].trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n')
}

/// So many characters say whether anything is written.
fn first_chars(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().take(CHUNK)
}

/// Within an address, a formula, a line of code.
fn is_code(text: &str, span: Span) -> bool {
    let sign =
        |b: &u8| matches!(b, b'/' | b'_' | b'=' | b'<' | b'>' | b'@' | b'^' | b'$' | b'\\' | b'|' | b'`' | b'#' | b'*');
    let space = |b: &&u8| !b.is_ascii_whitespace();
    let bytes = text.as_bytes();
    let before = bytes[..span.start()].iter().rev().take(CHUNK).take_while(space).any(sign);
    before || bytes[span.end()..].iter().take(CHUNK).take_while(space).any(sign)
}

/// "a)", "12)", "iv)": labels in a list have no opening bracket.
fn is_label(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(label) = at.checked_sub(1).map(|i| &tokens[i]) else {
        return false;
    };
    let written = label.span.of(text);
    let roman = written.chars().all(|c| "ivxlIVXL".contains(c));
    let short = match label.kind {
        TokenKind::Number => written.len() < LABEL,
        TokenKind::Word => written.chars().count() == 1 || (roman && written.len() <= LABEL),
        TokenKind::Mark => matches!(written, "*" | "†" | "…" | "."),
        TokenKind::Mask => false,
    };
    // Chinese sets no space before the label.
    let begins = at == 1 || !label.glued || tokens[at - 2].kind == TokenKind::Mark;
    short && tokens[at].glued && begins
}

/// "[0, 1)" and "(0, 1]": one end belongs to it and the other does not.
fn is_interval(tokens: &[Token], close: usize, open: Span) -> bool {
    let inside = tokens[..close].iter().rev().take_while(|t| t.span.start() >= open.end());
    let mut numbers = 0;
    let mut count = 0;
    for token in inside.take(INTERVAL_TOKENS + 1) {
        numbers += usize::from(token.kind == TokenKind::Number);
        count += 1;
    }
    numbers > 0 && count <= INTERVAL_TOKENS
}

fn draft(passage: &Passage<'_>, lone: Lone) -> Draft {
    let text = passage.text.text();
    let confidence = if lone.opens { NEVER_CLOSED } else { CLOSES_NOTHING };
    let confidence = if passage.kind() == BlockKind::Body { confidence } else { confidence.min(NOT_BODY) };
    let message = match (lone.opens, lone.instead) {
        (true, _) => "this bracket is never closed",
        (false, Some(_)) => "this bracket does not match the one that it closes",
        (false, None) => "this bracket closes nothing",
    };
    let draft =
        Draft::new(lone.span, confidence, message).because(EvidenceKind::Pattern, "brackets paired by paragraph", None);
    if let Some(right) = lone.instead {
        return draft.fix(Fix::replace(lone.span, right, 0.85));
    }
    let bracket = lone.span.of(text);
    let twin = if lone.opens {
        text[lone.span.end()..].starts_with(bracket)
    } else {
        text[..lone.span.start()].ends_with(bracket)
    };
    if twin {
        return draft.fix(Fix::replace(lone.span, "", 0.9));
    }
    match before_initials(passage, lone) {
        Some(at) => draft.fix(Fix::replace(Span::new(at, at), "(", 0.7)),
        None => draft,
    }
}

/// "the health ministry MOH) said": the bracket was there for the short name, and where its partner belongs is plain. Of
/// "(MOH said" it is not: the bracket may close after many words.
fn before_initials(passage: &Passage<'_>, lone: Lone) -> Option<usize> {
    if lone.opens {
        return None;
    }
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < lone.span.start());
    let initials = &tokens[at.checked_sub(1)?];
    let before = &tokens[at.checked_sub(2)?];
    let is_short = initials.kind == TokenKind::Word && initials.case == Case::Upper && !initials.glued;
    let round = passage.written(tokens.get(at)?) == ")";
    (round && is_short && before.kind == TokenKind::Word).then_some(initials.span.start())
}
