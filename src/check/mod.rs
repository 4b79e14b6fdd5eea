//! The rules, and the catalogue that lists them.
//!
//! A rule is a static: what it is called, what it says of itself, and a function. Rules only read; what they find they hand
//! back as [`Draft`]s, which `judge` turns into findings.

mod bracket;
mod case;
mod char;
mod comparison;
mod completeness;
mod consistency;
mod currency;
mod custom;
mod date;
mod figure;
mod garble;
mod grammar;
mod marks;
mod name;
mod negation;
mod number;
mod punct;
mod quantity;
mod quote;
mod repair;
mod sense;
mod space;
mod term;
mod time;
mod unit;
mod variant;
mod word;

use std::sync::Arc;

use crate::analyse::{Document, Passage};
use crate::finding::{Edit, Evidence, EvidenceKind, Place, Severity};
use crate::language::LanguageData;
use crate::patterns::Patterns;
use crate::senses::Senses;
use crate::span::Span;
use crate::style::Style;

/// How much text a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One word.
    Token,
    /// One sentence, with its source where there is one.
    Sentence,
    /// The document.
    Document,
}

/// What is laid down before a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Paragraphs, sentences, tokens.
    Surface,
    /// Source sentences matched with target sentences.
    Alignment,
    /// Quotations.
    Quotations,
    /// Names.
    Mentions,
    /// The glossaries' forms.
    Terms,
    /// Words of the source that often come out wrongly.
    Senses,
}

/// The target languages that a rule can serve.
#[derive(Clone, Copy, Debug)]
pub enum Languages {
    /// Any.
    Any,
    /// Those with a table of this name.
    WithTable(&'static str),
    /// Those with the names of months and weekdays, and a rule for their capitals.
    WithCalendar,
    /// Those that entries of senses exist into.
    WithSenses,
    /// These, which the rule was written for.
    Listed(&'static [&'static str]),
    /// These, from sources in the others alone: what the rule reads of a source does not show in every script.
    Between {
        /// The translation's.
        into: &'static [&'static str],
        /// The source's.
        from: &'static [&'static str],
    },
}

impl Languages {
    /// Whether a language is among them.
    pub fn serve(self, data: LanguageData) -> bool {
        match self {
            Self::Any => true,
            Self::WithTable(table) => data.has(table),
            Self::WithCalendar => data.has("calendar") && data.calendar_case().is_some(),
            Self::WithSenses => Senses::serve(data),
            Self::Listed(tags) | Self::Between { into: tags, .. } => tags.contains(&data.tag()),
        }
    }

    /// Whether a rule can serve sources in a language.
    pub fn serve_source(self, data: LanguageData) -> bool {
        match self {
            Self::Between { from, .. } => from.contains(&data.tag()),
            _ => true,
        }
    }
}

/// What a rule reads besides the document.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The desk's habits.
    pub style: Style,
    /// The desk's own patterns.
    pub patterns: Vec<Arc<Patterns>>,
    /// Whether findings that are less sure than usual are asked for.
    pub unsure: bool,
}

/// A document rule after it has seen the whole document: it can then look at one sentence at a time, as it stands or as a
/// suggestion would make it.
pub trait Survey: Send + Sync {
    /// What is wrong in one sentence.
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>);
}

/// How a rule runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// Sentence by sentence.
    Sentence(fn(&Document<'_>, &Passage<'_>, &mut Vec<Draft>)),
    /// The document first, then sentence by sentence.
    Document(fn(&Document<'_>, &Settings) -> Box<dyn Survey>),
}

/// A rule of the catalogue.
pub struct Rule {
    /// `family/mistake`; stable.
    pub id: &'static str,
    /// What it marks, one sentence.
    pub summary: &'static str,
    /// MQM error type.
    pub mqm: &'static str,
    /// ITS 2.0 localization quality issue type.
    pub its: &'static str,
    /// Its severity, unless a finding or the caller says otherwise.
    pub severity: Severity,
    /// How much text it looks at.
    pub scope: Scope,
    /// What must be laid down for it.
    pub layers: &'static [Layer],
    /// The languages it can serve.
    pub languages: Languages,
    /// It is silent without the source.
    pub needs_source: bool,
    /// It is silent without a glossary.
    pub needs_glossary: bool,
    /// Its code.
    pub run: Run,
}

impl Rule {
    /// The family: what stands before the stroke.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// Its specification, in Markdown: the part of its family's file that is about it.
    pub fn specification(&self) -> &'static str {
        let text = SPECIFICATIONS.iter().find(|(family, _)| *family == self.family()).map_or("", |(_, text)| text);
        let heading = format!("## `{}`", self.id);
        let Some(start) = text.find(&heading) else {
            return "";
        };
        let rest = &text[start..];
        let end = rest[heading.len()..].find("\n## ").map_or(rest.len(), |at| heading.len() + at + 1);
        rest[..end].trim_end()
    }
}

/// A repair as a rule proposes it.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Its edits, in order.
    pub edits: Vec<Edit>,
    /// How likely it is what an editor would write, in [0, 1].
    pub score: f64,
    /// Could be applied unseen, if it proves to resolve the finding and to bring nothing new.
    pub safe: bool,
}

impl Fix {
    /// Replaces one place.
    pub fn replace(span: Span, replacement: impl Into<String>, score: f64) -> Self {
        Self { edits: vec![Edit { span, replacement: replacement.into() }], score, safe: false }
    }

    /// May be applied unseen.
    pub fn safe(mut self) -> Self {
        self.safe = true;
        self
    }
}

/// What a rule has found: a finding before judgement.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The place.
    pub span: Span,
    /// What is wrong and why.
    pub message: String,
    /// Probability that a careful editor would agree, in [0, 1].
    pub confidence: f64,
    /// What would mend it, best first.
    pub fixes: Vec<Fix>,
    /// Other places that matter.
    pub related: Vec<Place>,
    /// Why it was found.
    pub evidence: Vec<Evidence>,
    /// What the places of one mistake have in common.
    pub group: Option<String>,
    /// How bad it is, where that is another matter than the rule's.
    pub severity: Option<Severity>,
}

impl Draft {
    /// A finding of a place, with its words and its confidence.
    pub fn new(span: Span, confidence: f64, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            confidence,
            fixes: Vec::new(),
            related: Vec::new(),
            evidence: Vec::new(),
            group: None,
            severity: None,
        }
    }

    /// With a repair.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// With a reason.
    pub fn because(mut self, kind: EvidenceKind, detail: impl Into<String>, place: Option<Place>) -> Self {
        self.evidence.push(Evidence { kind, detail: detail.into(), place });
        self
    }

    /// With another place that matters.
    pub fn beside(mut self, place: Place) -> Self {
        self.related.push(place);
        self
    }

    /// As one of several places of a mistake.
    pub fn of_group(mut self, key: impl Into<String>) -> Self {
        self.group = Some(key.into());
        self
    }
}

/// All rules, in alphabetical order. `ListRules`, `obelus rules`, the README's table and the tests come from it.
pub static CATALOGUE: &[&Rule] = &[
    &bracket::UNBALANCED,
    &case::ACRONYM,
    &case::COMMON_NOUN,
    &case::HEADLINE_TITLE_CASE,
    &case::INSTITUTION,
    &case::MONTH_OR_WEEKDAY,
    &case::NATIONALITY,
    &case::SENTENCE_START,
    &case::TITLE,
    &char::BIDI_CONTROL,
    &char::CONFUSABLE,
    &char::CONTROL,
    &char::DECOMPOSED,
    &char::LEFTOVER_SCRIPT,
    &char::MIXED_SCRIPT,
    &char::MOJIBAKE,
    &char::REPLACEMENT,
    &comparison::FLIPPED,
    &completeness::CLAUSE_OMITTED,
    &completeness::EMPTY,
    &completeness::LENGTH,
    &completeness::SENTENCE_OMITTED,
    &completeness::TRUNCATED,
    &completeness::UNTRANSLATED,
    &completeness::UNTRANSLATED_SPAN,
    &completeness::WRONG_LANGUAGE,
    &consistency::PHRASE_VARIANT,
    &consistency::SPELLING_VARIANT,
    &currency::FORMAT,
    &custom::PATTERN,
    &date::FORMAT,
    &date::IMPOSSIBLE,
    &date::VALUE,
    &date::WEEKDAY,
    &garble::GIBBERISH,
    &garble::LOOP,
    &garble::LOW_FLUENCY,
    &garble::PROMPT_LEAK,
    &garble::SCRAMBLED,
    &garble::TOKENISER_DEBRIS,
    &grammar::AGREEMENT,
    &grammar::ARTICLE,
    &grammar::ATTRIBUTION_ORDER,
    &grammar::BARE_TITLE,
    &grammar::COMMA_SPLICE,
    &grammar::COMPARATIVE,
    &grammar::COMPLEMENT,
    &grammar::COUNTABLE,
    &grammar::DANGLING,
    &grammar::DETERMINER,
    &grammar::HEARSAY,
    &grammar::LOST_RELATIVE,
    &grammar::LOST_SUBJECT,
    &grammar::MISSING_AGENT,
    &grammar::ORDER,
    &grammar::PERFECT,
    &grammar::PREPOSITION,
    &grammar::PRONOUN,
    &grammar::VERB,
    &grammar::VERB_FIRST,
    &name::EXTRA,
    &name::GLOSSARY_VARIANT,
    &name::INCONSISTENT,
    &name::MISSING,
    &name::ORDER,
    &name::SOURCE_MISMATCH,
    &name::TRANSLATED_LITERALLY,
    &name::WRONG_PERSON,
    &negation::ADDED,
    &negation::DOUBLED,
    &negation::DROPPED,
    &number::FORMAT,
    &number::MAGNITUDE,
    &number::RATIO,
    &number::VALUE,
    &punct::ATTRIBUTION_DASH,
    &punct::DOUBLED,
    &punct::LIST,
    &punct::SCRIPT,
    &punct::SPACING,
    &punct::TERMINAL,
    &quote::NESTED,
    &quote::STYLE,
    &quote::UNPAIRED,
    &sense::CALQUE,
    &sense::FALSE_FRIEND,
    &sense::HABIT,
    &sense::IDIOM,
    &sense::IMPROBABLE_RENDERING,
    &sense::WRONG_SENSE,
    &space::DOUBLE,
    &space::EDGE,
    &space::INVISIBLE,
    &space::MISSING,
    &space::MISSING_NO_BREAK,
    &term::ALTERED,
    &term::DEPRECATED,
    &term::FORBIDDEN,
    &term::INCONSISTENT,
    &term::MISSING,
    &term::NEAR_MISS,
    &time::FORMAT,
    &time::VALUE,
    &unit::FORMAT,
    &variant::AGAINST_PROFILE,
    &variant::MIXED,
    &word::DOUBLED,
    &word::DOUBLED_PHRASE,
];

/// A rule by its id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.id == id)
}

/// Whether a rule that goes by glossaries also goes by the names that every desk knows.
pub fn knows_desk_names(rule: &Rule) -> bool {
    rule.id == term::MISSING.id
}

/// Whether some rule belongs to a family.
pub fn is_family(name: &str) -> bool {
    CATALOGUE.iter().any(|rule| rule.family() == name)
}

/// The specifications, by family: the same files that the tests run.
static SPECIFICATIONS: &[(&str, &str)] = &[
    ("bracket", include_str!("../../tests/rules/bracket.md")),
    ("case", include_str!("../../tests/rules/case.md")),
    ("char", include_str!("../../tests/rules/char.md")),
    ("comparison", include_str!("../../tests/rules/comparison.md")),
    ("completeness", include_str!("../../tests/rules/completeness.md")),
    ("consistency", include_str!("../../tests/rules/consistency.md")),
    ("currency", include_str!("../../tests/rules/currency.md")),
    ("custom", include_str!("../../tests/rules/custom.md")),
    ("date", include_str!("../../tests/rules/date.md")),
    ("garble", include_str!("../../tests/rules/garble.md")),
    ("grammar", include_str!("../../tests/rules/grammar.md")),
    ("name", include_str!("../../tests/rules/name.md")),
    ("negation", include_str!("../../tests/rules/negation.md")),
    ("number", include_str!("../../tests/rules/number.md")),
    ("punct", include_str!("../../tests/rules/punct.md")),
    ("quote", include_str!("../../tests/rules/quote.md")),
    ("sense", include_str!("../../tests/rules/sense.md")),
    ("space", include_str!("../../tests/rules/space.md")),
    ("term", include_str!("../../tests/rules/term.md")),
    ("time", include_str!("../../tests/rules/time.md")),
    ("unit", include_str!("../../tests/rules/unit.md")),
    ("variant", include_str!("../../tests/rules/variant.md")),
    ("word", include_str!("../../tests/rules/word.md")),
];
