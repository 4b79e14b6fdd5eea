//! `grammar/lost-relative`: “shelling of the town, caused many deaths”, where the source has a participle or “который”.

use crate::analyse::words::WordLinks;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, rule, with_source};
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::Table;
use crate::surface::{Case, Surface};

pub(in crate::check) static LOST_RELATIVE: Rule = with_source(rule(
    "grammar/lost-relative",
    "A finite verb behind a noun and a comma where the source has a participle: shelling, caused deaths.",
    Severity::Major,
    lost_relative,
));

/// The table of participles and relatives of a source’s language.
const TABLE: &str = "relatives";
/// The participle of the source is the verb’s own.
const LINKED: f64 = 0.82;
/// How surely the two are linked.
const SURE: f32 = 0.5;
/// The longest ending of a participle, in letters, and the fewest letters of one.
const LONGEST: usize = 6;
const LEAST: usize = 6;
/// Tokens before a verb of the source among which its “который” stands.
const BEFORE: usize = 3;

fn lost_relative(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else { return };
    let theirs = Theirs { surface: source.surface(), table: source.data().table(TABLE) };
    let Some(line) = Line::of(passage).filter(|_| !theirs.table.is_empty()) else { return };
    let past = |at: usize| line.low(at).ends_with("ed") || line.belongs(at, "past");
    let prepositions = line.data().table("prepositions");
    // Words before tags: an object stands behind the verb, and a noun before it.
    let between = |at: usize| !line.is_mark(at + 1) && !line.is_mark(at - 2) && !prepositions.has(line.low(at + 1));
    let mut places = (2..line.len().saturating_sub(1))
        .filter(|&at| line.written(at - 1) == "," && line.case(at) == Case::Lower && past(at) && between(at))
        .peekable();
    if places.peek().is_none() || !theirs.has_clause(document, passage) {
        return;
    }
    for at in places.filter(|&at| lacks_subject(&line, at)) {
        let Some((links, first)) = document.word_links_of(passage, at - 2..at + 2) else { return };
        let Some(verb) = theirs.clause_of(links, first + 2) else { continue };
        let Some(token) = theirs.surface.tokens.get(verb) else { continue };
        let place = Place::source(token.span);
        let span = line.span(at - 2, at);
        let (noun, verb) = (line.written(at - 2), line.written(at));
        let message = format!("“{}” says more of {noun}, and “{verb}” has no subject", token.span.of(source.text()));
        let mut draft = Draft::new(span, LINKED, message)
            .because(EvidenceKind::Source, "a participle or a relative clause of the source", Some(place))
            .beside(place);
        if !passage.is_tried(document) {
            let person =
                line.data().table("antecedents").get(line.low(at - 2)).is_some_and(|row| row.column(0) != "thing");
            let words = if person { ["who", "which"] } else { ["which", "that"] };
            for (word, score) in words.into_iter().zip([0.8, 0.4]) {
                draft = draft.fix(Fix::replace(span, format!("{noun}, {word} {verb}"), score));
            }
        }
        out.push(draft);
    }
}

/// Whether a verb stands behind a noun and a comma, with an object behind it and nothing before that it goes on with.
fn lacks_subject(line: &Line<'_>, at: usize) -> bool {
    // Its object stands behind it: no passive, and nothing that goes on with a list.
    let object = matches!(line.tag(at + 1), "DT" | "JJ" | "NN" | "NNS" | "NNP" | "CD" | "PRP$");
    let noun = matches!(line.tag(at - 2), "NN" | "NNS" | "NNP" | "NNPS");
    // “The channel, whose hosts backed the appointment, led all”: the verb goes on with what stands before the insertion.
    let inserts = |comma: usize| {
        line.written(comma) == "," && matches!(line.tag(comma + 1), "WDT" | "WP" | "WP$" | "WRB" | "VBG" | "VBN")
    };
    // The tagger takes a verb behind a comma for a participle.
    object && noun && matches!(line.tag(at), "VBD" | "VBN") && !(1..at - 2).any(inserts)
}

/// The source, and what joins a clause to its noun there.
struct Theirs<'d> {
    surface: &'d Surface,
    table: Table,
}

/// Whether a sentence of the source has such a clause.
struct HasClause(bool);

impl Theirs<'_> {
    fn low(&self, at: usize) -> &str {
        self.surface.tokens.get(at).map_or("", |t| self.surface.folded(t))
    }

    fn is_relative(&self, at: usize) -> bool {
        self.table.get(self.low(at)).is_some_and(|row| row.column(0) == "relative")
    }

    fn is_participle(&self, at: usize) -> bool {
        let word = self.low(at);
        let letters = word.chars().count();
        letters >= LEAST
            && word.char_indices().skip(letters.saturating_sub(LONGEST)).any(|(from, _)| {
                let ending = word.get(from..).unwrap_or("");
                self.table.get(&format!("-{ending}")).is_some_and(|row| row.column(0) == "participle")
            })
    }

    /// Whether a comma and a participle, or a word that joins a clause, stand before a verb or are it.
    fn is_joined(&self, verb: usize) -> bool {
        let mut before = verb.saturating_sub(BEFORE)..verb;
        before.clone().any(|i| self.low(i) == ",") && (self.is_participle(verb) || before.any(|i| self.is_relative(i)))
    }

    /// Whether any word of what a sentence renders is so joined: mostly none is, and then nobody need look further.
    fn has_clause(&self, document: &Document<'_>, passage: &Passage<'_>) -> bool {
        let look = || {
            let sentences = self.surface.sentences.get(document.alignment().source_of(passage.place).source);
            HasClause(sentences.is_some_and(|all| all.iter().flat_map(|s| s.tokens.clone()).any(|i| self.is_joined(i))))
        };
        document.target.reading(passage.place, look).0
    }

    /// The verb of the source that a verb of the translation renders, as a participle or behind “который”.
    fn clause_of(&self, links: &WordLinks, token: usize) -> Option<usize> {
        let source = |at: usize| links.of_target(at).iter().filter(|l| l.confidence >= SURE).map(|l| l.source);
        let own = source(token).find(|&verb| self.is_joined(verb));
        // A participle is rarer than its verb, and may have no link: it stands behind a comma, before its object.
        let before_object = || {
            let object = (token + 1..token + 1 + BEFORE).find_map(|i| source(i).next())?;
            let behind_comma = |i: usize| i > 0 && self.low(i - 1) == "," && self.is_participle(i);
            (object.saturating_sub(BEFORE)..object).find(|&i| behind_comma(i))
        };
        own.or_else(before_object)
    }
}
