//! `char/leftover-script`: words in a script that the translation is not written in.

use icu_properties::PropertyParser;
use icu_properties::props::Script;

use crate::analyse::{Document, Passage};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{LanguageData, scripts_of};
use crate::span::Span;
use crate::surface::{Case, Surface, Token, TokenKind};

pub(in crate::check) static LEFTOVER_SCRIPT: Rule = Rule {
    id: "char/leftover-script",
    summary: "A word in a script that the target language is not written in, as the source left it.",
    mqm: "accuracy/untranslated",
    its: "untranslated",
    severity: Severity::Major,
    scope: Scope::Token,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(leftover_script),
};

/// The very word stands in the source.
const IN_SOURCE: f64 = 0.97;
/// It is in the source's script, though not its word.
const SOURCE_SCRIPT: f64 = 0.85;
/// There is no source to tell.
const NO_SOURCE: f64 = 0.85;
/// There is a source, in other scripts: somebody meant to write this.
const OTHER_SCRIPT: f64 = 0.55;
/// What a capital (a title, a name in the original) and quotation marks each leave of the confidence.
const NAME_OR_QUOTE: f64 = 0.55;

fn leftover_script(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(language) = document.target_language() else {
        return;
    };
    let tokens = passage.tokens();
    // Nearly every text is in Latin letters alone, and Latin is at home everywhere: no tables are asked for those.
    if tokens.iter().all(|t| matches!(t.script, Script::Latin | Script::Common | Script::Inherited)) {
        return;
    }
    let own = script_set(&scripts_of(language));
    if own.is_empty() {
        return;
    }
    let foreign = |t: &Token| {
        t.kind == TokenKind::Word
            // A word of two scripts is another mistake: look-alike letters.
            && !passage.written(t).bytes().any(|b| b.is_ascii_alphabetic())
            && !own.contains(&t.script)
            && !matches!(t.script, Script::Latin | Script::Common | Script::Inherited)
    };
    let mut at = 0;
    while at < tokens.len() {
        if !foreign(&tokens[at]) {
            at += 1;
            continue;
        }
        let first = at;
        // A run of words in one foreign script is one thing left over.
        let mut last = at;
        for (next, token) in tokens.iter().enumerate().skip(at + 1) {
            if foreign(token) && token.script == tokens[first].script {
                last = next;
            } else if !(token.kind == TokenKind::Mark && matches!(passage.written(token), "-" | "’" | "'")) {
                break;
            }
        }
        at = last + 1;
        let span = tokens[first].span.cover(tokens[last].span);
        let words = span.of(passage.text.text());
        let code = is_part_of_code(passage, first) || is_part_of_code(passage, last);
        if words.chars().count() < 2 || code || in_brackets(passage, first, last) {
            continue;
        }
        out.push(draft(document, passage, &tokens[first], span, words));
    }
}

fn draft(document: &Document<'_>, passage: &Passage<'_>, first: &Token, span: Span, words: &str) -> Draft {
    let source = document.source.as_ref();
    let in_source = document.word_in_source(passage.folded(first)).and_then(|at| {
        let whole = Span::new(at.start(), at.start() + words.len());
        source.is_some_and(|s| whole.of(s.text()) == words).then_some(whole)
    });
    let source_script =
        source.is_some_and(|s| s.surface().tokens.iter().take(SCRIPT_SAMPLE).any(|t| t.script == first.script));
    let mut confidence = match (in_source, source, source_script) {
        (Some(_), ..) => IN_SOURCE,
        (None, Some(_), true) => SOURCE_SCRIPT,
        (None, Some(_), false) => OTHER_SCRIPT,
        (None, None, _) => NO_SOURCE,
    };
    if first.case == Case::Title && in_source.is_none() {
        confidence *= NAME_OR_QUOTE;
    }
    if in_quotes(passage, span) {
        confidence *= NAME_OR_QUOTE;
    }
    let mut draft = Draft::new(span, confidence, format!("“{words}” was left untranslated"));
    if let Some(place) = in_source {
        draft = draft.beside(Place::source(place)).because(
            EvidenceKind::Source,
            "the same letters stand in the source",
            Some(Place::source(place)),
        );
    }
    let surface = Surface::new(words, LanguageData::NONE, &[], &[]);
    for pair in &document.pairs {
        let whole = pair.source.find(words, &surface).into_iter().find(|h| h.span.len() == words.len());
        if let Some((concept, form)) =
            whole.and_then(|h| Some((&pair.concepts[h.concept], pair.concepts[h.concept].best()?)))
        {
            draft = draft.fix(Fix::replace(span, form, 0.9)).because(
                EvidenceKind::Glossary,
                format!("{} = {form}", concept.source),
                None,
            );
            break;
        }
    }
    draft
}

/// Tokens of the source that are asked which script it is in.
const SCRIPT_SAMPLE: usize = 200;

pub(in crate::check) fn script_set(codes: &[&str]) -> Vec<Script> {
    let parser = PropertyParser::<Script>::new();
    let mut scripts: Vec<Script> = codes.iter().filter_map(|code| parser.get_strict(code)).collect();
    // Korean and Japanese are written in more than one, under names of their own.
    if codes.contains(&"Jpan") {
        scripts.extend([Script::Han, Script::Hiragana, Script::Katakana]);
    }
    if codes.contains(&"Kore") {
        scripts.extend([Script::Hangul, Script::Han]);
    }
    if codes.iter().any(|c| matches!(*c, "Hans" | "Hant")) {
        scripts.push(Script::Han);
    }
    scripts
}

/// How far back an opening bracket is looked for.
const BRACKET_TOKENS: usize = 24;

/// The name in the original, in brackets after its translation: that is how it should be.
fn in_brackets(passage: &Passage<'_>, first: usize, last: usize) -> bool {
    let tokens = passage.tokens();
    let is = |t: Option<&Token>, marks: &[&str]| t.is_some_and(|t| marks.contains(&passage.written(t)));
    let near = &tokens[first.saturating_sub(BRACKET_TOKENS)..first];
    let open = near.iter().rposition(|t| matches!(passage.written(t), "(" | "["));
    let closed = near.iter().rposition(|t| matches!(passage.written(t), ")" | "]"));
    (open.is_some() && open > closed)
        || (is(first.checked_sub(1).and_then(|i| tokens.get(i)), &["(", "["]) && is(tokens.get(last + 1), &[")", "]"]))
}

fn in_quotes(passage: &Passage<'_>, span: Span) -> bool {
    let text = passage.text.text();
    let before = text[..span.start()].chars().next_back();
    let after = text[span.end()..].chars().next();
    let mark = |c: Option<char>| c.is_some_and(crate::analyse::quotes::is_quotation_mark);
    mark(before) && mark(after)
}
