//! Every desk's names (countries, capitals, great organisations), where the translation has something much like the name in its
//! place, a form that no desk uses, the source's own name left in or spelt by ear, or the name of a neighbour that machines put
//! for it. That nothing at all is there is not told: a text may well say "the country", "Moscow" or "the Polish government".

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyse::{Document, Passage, TermHit, Text};
use crate::check::{Draft, Fix};
use crate::finding::{EntityKind, EvidenceKind, Place};
use crate::glossary::Concept;
use crate::glossary::desk::{English, Names};
use crate::glossary::matcher::{Hit, Role};
use crate::names::romanise;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, case_of, fold, without_possessive};

use super::{MAX_COMPARED, MAX_LACKS, MIN_ALIGNMENT, candidates, likeness, mending, skeleton};

/// A form that no English has. All of these lie below a user's glossary, which has decided.
const WRONG: f64 = 0.75;
/// The name with a slip, or in the spelling of another language.
const SLIP: f64 = 0.72;
/// The source's name in the letters of the target's script.
const BY_EAR: f64 = 0.72;
/// The name of a neighbour, which the source does not have.
const CONFUSED: f64 = 0.7;
/// The source's own name.
const LEFT_IN: f64 = 0.66;
/// The letters of the initials in the order of another language.
const REORDERED: f64 = 0.66;
/// What remains of the confidence that the same words of a user's glossary would give.
const FACTOR: f64 = 0.8;
/// Fewest letters of a name that a slip is seen in.
const MIN_LETTERS: usize = 5;
/// Letters from which two of them may differ.
const LONG: usize = 9;
/// Fewest letters of a name left in, or spelt by ear; of initials fewer will do.
const MIN_LEFT_IN: usize = 4;
const MIN_INITIALS: usize = 3;
/// Letters that a word of the source has in common with the name of a neighbour, and is then taken to speak of it.
const MIN_STEM: usize = 4;
/// The most forms of a name that words are compared with.
const MAX_FORMS: usize = 6;
/// The most source tokens that are asked whether they speak of a neighbour.
const MAX_TOKENS: usize = 20_000;

/// The names that the translation lacks.
pub(super) struct Desk {
    names: &'static Names,
    target: Vec<TermHit>,
    /// By target sentence: concept, and where the source has it.
    lacks: FxHashMap<usize, Vec<(usize, Span)>>,
    /// What the source speaks of anywhere.
    spoken_of: FxHashSet<usize>,
}

fn term(hit: Hit) -> TermHit {
    TermHit { pair: usize::MAX, hit }
}

/// Whether a form stands there for itself, and not as a part of a longer one.
fn is_right(hit: &Hit) -> bool {
    hit.role == Role::Approved && !hit.nested
}

impl Desk {
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let (names, source) = (document.desk?, document.source.as_ref()?);
        let (surface, target) = (source.surface(), document.target.surface());
        let hits: Vec<TermHit> = names.pair.target.find(document.target.text(), target).into_iter().map(term).collect();
        let mut present: FxHashSet<(usize, usize)> = FxHashSet::default();
        for hit in hits.iter().filter(|h| is_right(&h.hit)) {
            let sentence = target.sentence_at(hit.hit.span.start());
            present.extend(names.group(hit.hit.concept).zip(sentence));
        }
        let targets = document.alignment().targets_by_source(surface.sentences.len());
        let mut lacks: FxHashMap<usize, Vec<(usize, Span)>> = FxHashMap::default();
        let mut spoken_of: FxHashSet<usize> = FxHashSet::default();
        let found = names.pair.source.find(source.text(), surface);
        // One form may be that of two things: Mexico and its capital.
        for same in found.chunk_by(|a, b| a.span == b.span) {
            spoken_of.extend(same.iter().filter_map(|hit| names.group(hit.concept)));
            for hit in same {
                let written = hit.span.of(source.text());
                let small = names.pair.concepts.get(hit.concept).is_none_or(|c| c.kind != EntityKind::Term)
                    && written.starts_with(char::is_lowercase)
                    && !written.contains(' ');
                if hit.nested || !hit.how.is_sure() || small {
                    continue;
                }
                let Some(sentence) = surface.sentence_at(hit.span.start()) else { continue };
                // The user's own entry wins.
                let own = document.source_terms(sentence..sentence + 1);
                if own.iter().any(|t| t.hit.span.overlaps(hit.span)) {
                    continue;
                }
                let Some((first, last)) = targets.get(sentence).and_then(|t| t.first().zip(t.last())) else { continue };
                let aligned = document.alignment().source_of(*first).confidence >= MIN_ALIGNMENT;
                let mut around = first.saturating_sub(1)..=*last + 1;
                let readings = || same.iter().filter_map(|hit| names.group(hit.concept));
                if !aligned || around.any(|sentence| readings().any(|group| present.contains(&(group, sentence)))) {
                    continue;
                }
                for sentence in *first..=*last {
                    let list = lacks.entry(sentence).or_default();
                    if list.len() < MAX_LACKS && !list.iter().any(|(concept, _)| *concept == hit.concept) {
                        list.push((hit.concept, hit.span));
                    }
                }
            }
        }
        Some(Self { names, target: hits, lacks, spoken_of })
    }

    pub(super) fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Some(lacks) = self.lacks.get(&passage.place) else { return };
        let text = passage.text.text();
        let found: Vec<TermHit> = if std::ptr::eq(passage.text, &raw const document.target) {
            let within = |h: &&TermHit| passage.span().contains(h.hit.span);
            self.target.iter().filter(within).copied().collect()
        } else {
            self.names.pair.target.find(text, passage.text.surface()).into_iter().map(term).collect()
        };
        let wrong: Vec<TermHit> = found.iter().filter(|t| t.hit.role == Role::Unwanted).copied().collect();
        let mut terms: Vec<TermHit> = found.iter().filter(|t| is_right(&t.hit)).copied().collect();
        let own = document.target_terms(passage);
        terms.extend(own.iter().map(|t| TermHit { pair: t.pair, hit: Hit { role: Role::Approved, ..t.hit } }));
        for (index, place) in lacks {
            let Some(concept) = self.names.pair.concepts.get(*index) else { continue };
            let Some(best) = concept.best() else { continue };
            let group = self.names.group(*index);
            if terms.iter().any(|t| t.pair == usize::MAX && self.names.group(t.hit.concept) == group) {
                continue;
            }
            let Some((span, confidence, form)) = self.instead(document, passage, *index, (&wrong, &terms)) else {
                continue;
            };
            let written = span.of(text);
            let place = Place::source(*place);
            let evidence = format!("every desk’s names: {} = {best}", concept.source);
            let mut draft = Draft::new(span, confidence, format!("“{best}” is the usual name, not “{written}”"))
                .beside(place)
                .because(EvidenceKind::Data, evidence, Some(place))
                .of_group(format!("{}\t{written}", concept.source));
            if let Some(fix) = form.and_then(|form| self.fix(document, passage, span, form)) {
                draft = draft.fix(Fix { score: confidence, ..fix });
            }
            out.push(draft);
        }
    }

    /// What stands in the place of a name, how surely, and what it should be; first what is surest.
    fn instead<'s>(
        &'s self,
        document: &Document<'_>,
        passage: &Passage<'_>,
        index: usize,
        (wrong, terms): (&[TermHit], &[TermHit]),
    ) -> Option<(Span, f64, Option<&'s str>)> {
        let concept = self.names.pair.concepts.get(index)?;
        let best = concept.best();
        let by_form = wrong.iter().find(|t| t.hit.concept == index && !t.hit.nested && !taken(t.hit.span, terms));
        if let Some(form) = by_form {
            return Some((form.hit.span, WRONG, best));
        }
        if concept.kind != EntityKind::Term {
            let into_english = !self.names.from_english;
            if let Some((span, form)) = slip(document, passage, concept, terms) {
                return Some((span, SLIP, Some(form)));
            }
            let same = by_ear(document, passage, concept, terms)
                .map(|span| (span, BY_EAR))
                .or_else(|| left_in(document, passage, concept, terms).map(|span| (span, LEFT_IN)))
                .or_else(|| {
                    let organization = concept.kind == EntityKind::Organization && into_english;
                    let likely = likeness::near_miss(passage, concept, terms, false).filter(|_| organization);
                    let likely = likely
                        .or_else(|| likeness::other_name(passage, concept, terms).filter(|_| organization))
                        .filter(|likely| !self.names_another(document, likely.span.of(passage.text.text())));
                    likely.map(|likely| (likely.span, likely.confidence * FACTOR))
                });
            if let Some((span, confidence)) = same {
                return Some((span, confidence, best));
            }
            if let Some((span, form)) = reordered(document, passage, concept, terms) {
                return Some((span, REORDERED, Some(form)));
            }
        }
        let (span, form) = self.neighbour(document, passage, index, terms)?;
        Some((span, CONFUSED, form))
    }

    /// Whether words are those of another thing that the source speaks of.
    fn names_another(&self, document: &Document<'_>, written: &str) -> bool {
        document.word_in_source(&fold(written)).is_some()
    }

    /// The name of a neighbour that the source does not speak of, and what should be there.
    fn neighbour<'s>(
        &'s self,
        document: &Document<'_>,
        passage: &Passage<'_>,
        index: usize,
        terms: &[TermHit],
    ) -> Option<(Span, Option<&'s str>)> {
        let names = self.names;
        let concept = names.pair.concepts.get(index)?;
        let wanted = names.english(index)?;
        let text = passage.text.text();
        let by_user = |span: Span| terms.iter().any(|t| t.pair != usize::MAX && t.hit.span.overlaps(span));
        let hit = terms.iter().filter(|t| t.pair == usize::MAX && t.hit.how.is_sure()).find(|t| {
            let Some((other, group)) = names.english(t.hit.concept).zip(names.group(t.hit.concept)) else {
                return false;
            };
            wanted.confused.iter().any(|name| *name == other.name)
                && !self.spoken_of.contains(&group)
                && t.hit.span.of(text).starts_with(char::is_uppercase)
                && !by_user(t.hit.span)
                && !self.stands_in_source(document, concept, group)
        })?;
        let other = names.english(hit.hit.concept)?;
        let written = hit.hit.span.of(text);
        // The neighbour's name for the name, its adjective for the adjective; of other forms nothing is known.
        let form = match names.from_english {
            true => (!document.target.data().inflects_names()).then(|| concept.best()).flatten(),
            false => in_its_place(wanted, other, written, concept),
        };
        Some((hit.hit.span, form))
    }

    /// Whether some word of the source begins as the name of a thing does, and not as that of the other it is confused with:
    /// an adjective, a word made of it.
    fn stands_in_source(&self, document: &Document<'_>, concept: &Concept, group: usize) -> bool {
        let Some(source) = &document.source else { return true };
        let surface = source.surface();
        let wanted = fold(&concept.source);
        self.names.of_group(group).any(|other| {
            let name = fold(&other.source);
            let name = name.strip_prefix("ال").unwrap_or(&name);
            let wanted = wanted.strip_prefix("ال").unwrap_or(&wanted);
            let common = name.chars().zip(wanted.chars()).take_while(|(a, b)| a == b).count();
            let stem: String = name.chars().take(MIN_STEM.max(common + 1)).collect();
            // One name is the beginning of the other (Niger and Nigeria): the letters do not tell.
            if common + 1 > name.chars().count() || common == wanted.chars().count() {
                return true;
            }
            let tokens = surface.tokens.iter().take(MAX_TOKENS).filter(|t| t.kind == TokenKind::Word);
            tokens.map(|t| surface.folded(t)).any(|word| word.contains(&stem))
        })
    }

    /// The right form in the place, where that can be known: names of languages that inflect them, and of countries in those
    /// that give them an article, are left to the reader.
    fn fix(&self, document: &Document<'_>, passage: &Passage<'_>, span: Span, form: &str) -> Option<Fix> {
        if self.names.from_english && document.target.data().inflects_names() {
            return None;
        }
        mending::put(document, passage, span, form, SLIP)
    }
}

/// The form of a thing that answers to the form of another.
fn in_its_place<'s>(wanted: &'s English, other: &English, written: &str, concept: &'s Concept) -> Option<&'s str> {
    if written == other.adjective && !wanted.adjective.is_empty() {
        return Some(wanted.adjective);
    }
    let initials = |form: &str| case_of(form) == Case::Upper;
    let same = |form: &&str| initials(form) == initials(written);
    match written == other.name {
        true => Some(&wanted.name),
        false if initials(written) => concept.approved().find(same),
        false => None,
    }
}

/// Words that are a form of the name but for a letter or two, and that form.
fn slip<'s>(
    document: &Document<'_>,
    passage: &Passage<'_>,
    concept: &'s Concept,
    terms: &[TermHit],
) -> Option<(Span, &'s str)> {
    if document.target.data().inflects_names() {
        return None;
    }
    concept.approved().take(MAX_FORMS).find_map(|form| Some((slip_of(document, passage, concept, form, terms)?, form)))
}

/// Words that are one form but for a letter or two.
fn slip_of(
    document: &Document<'_>,
    passage: &Passage<'_>,
    concept: &Concept,
    form: &str,
    terms: &[TermHit],
) -> Option<Span> {
    let wanted = skeleton(form);
    let letters = wanted.chars().count();
    if letters < MIN_LETTERS || !form.starts_with(char::is_uppercase) {
        return None;
    }
    let words = form.split([' ', '-']).count();
    // "Narth Korea" holds a name; but a name is no slip of another.
    let taken = |span: Span| {
        terms.iter().any(|t| t.hit.span.overlaps(span) && (t.hit.span == span || !span.contains(t.hit.span)))
    };
    candidates(passage, words).into_iter().take(MAX_COMPARED).find(|span| {
        let written = span.of(passage.text.text());
        let found = skeleton(written);
        let edits = strsim::osa_distance(&wanted, &found);
        let close = edits > 0 && edits <= 1 + usize::from(letters >= LONG);
        // Iran and Iranian, the Philippines and Philippine: other words.
        let common = wanted.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
        let ending = common + 2 >= letters.min(found.chars().count());
        let same = wanted.chars().next() == found.chars().next();
        // A word of the source is that word, and not a slip; but the source's name in its place is none of the target's.
        let folded = fold(written);
        let left_in = folded == fold(&concept.source);
        let in_source = document.word_in_source(&folded).is_some() && !left_in;
        let other = |span| left_in && in_another_name(document, passage, span);
        close && same && !ending && !in_source && !taken(*span) && !is_word(passage, written) && !other(*span)
    })
}

/// The source's name as its letters are written in Latin ones: Zheneva, OON.
fn by_ear(document: &Document<'_>, passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Span> {
    let language = document.source_language()?;
    let initials = case_of(&concept.source) == Case::Upper;
    let least = if initials { MIN_INITIALS } else { MIN_LEFT_IN };
    if concept.source.is_ascii() || concept.source.chars().any(|c| c.is_alphabetic() && c < '\u{250}') {
        return None;
    }
    let right: Vec<String> = concept.approved().map(skeleton).collect();
    let spellings: Vec<String> = romanise::romanise(&concept.source, language)
        .into_iter()
        .map(|one| skeleton(&one.text))
        .filter(|letters| letters.chars().count() >= least && !right.contains(letters))
        .collect();
    if spellings.is_empty() {
        return None;
    }
    let words = concept.source.split([' ', '-']).count();
    candidates(passage, words).into_iter().take(MAX_COMPARED).find(|span| {
        let written = span.of(passage.text.text());
        spellings.contains(&skeleton(written))
            && (!initials || case_of(written) == Case::Upper)
            && !taken(*span, terms)
            && !is_word(passage, written)
            && !in_another_name(document, passage, *span)
    })
}

/// Initials with the letters of the right ones in another order: AIEA for IAEA.
fn reordered<'s>(
    document: &Document<'_>,
    passage: &Passage<'_>,
    concept: &'s Concept,
    terms: &[TermHit],
) -> Option<(Span, &'s str)> {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let initials = |form: &&str| {
        case_of(form) == Case::Upper && form.chars().count() >= MIN_INITIALS && form.chars().all(char::is_alphabetic)
    };
    let wanted: Vec<(Vec<char>, &str)> = concept.approved().filter(initials).map(|form| (sorted(form), form)).collect();
    if wanted.is_empty() {
        return None;
    }
    let tokens = passage.tokens().iter().filter(|t| t.kind == TokenKind::Word && t.case == Case::Upper);
    let mut spans = tokens.map(|t| without_possessive(passage.text.text(), t.span));
    spans.find_map(|span| {
        let written = span.of(passage.text.text());
        let letters = sorted(written);
        let (_, form) = wanted.iter().find(|(wanted, _)| *wanted == letters)?;
        let other = document.word_in_source(&fold(written)).is_some();
        (!other && !taken(span, terms) && !is_word(passage, written)).then_some((span, *form))
    })
}

/// The source's own name, in its letters, where the target has another.
fn left_in(document: &Document<'_>, passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Span> {
    let name = &concept.source;
    let initials = case_of(name) == Case::Upper;
    let letters = name.chars().count();
    let enough = letters >= MIN_LEFT_IN || (initials && letters >= MIN_INITIALS);
    let short = |form: &str| case_of(form) == Case::Upper;
    // Initials stay where the target has none of its own.
    if !enough || (initials && !concept.approved().any(short)) || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let text = passage.text.text();
    let letters = skeleton(name);
    let words = name.split([' ', '-']).count();
    let span = candidates(passage, words).into_iter().take(MAX_COMPARED).find(|span| {
        let written = span.of(text);
        let same = if initials { written == name } else { written == name || skeleton(written) == letters };
        same && !taken(*span, terms)
    })?;
    (!in_another_name(document, passage, span) && !is_word(passage, name)).then_some(span)
}

/// Whether words are a part of some other name (Malte Müller, AS Roma, the Sibir-Press agency), are so elsewhere (Karadağ, who
/// is Hasibe Karadağ), or are quoted behind the name: the WHO (OMS).
fn in_another_name(document: &Document<'_>, passage: &Passage<'_>, span: Span) -> bool {
    let bracketed = |t: &Token| matches!(passage.written(t), "(" | "[" | "“" | "\"" | "«" | "„");
    let text = passage.text.text();
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    if before.is_some_and(bracketed) || beside(passage.text, tokens, span) {
        return true;
    }
    let written = span.of(text);
    if written.contains([' ', '-']) || case_of(written) == Case::Upper {
        return false;
    }
    let (whole, surface) = (&document.target, document.target.surface());
    surface.sentences.iter().any(|sentence| {
        let tokens = surface.tokens_of(sentence);
        let mut same = tokens.iter().filter(|t| t.kind == TokenKind::Word && t.span.of(whole.text()) == written);
        same.any(|t| beside(whole, tokens, t.span))
    })
}

/// Whether a single word has a capital beside it, or a hyphen that joins it to another.
fn beside(text: &Text<'_>, tokens: &[Token], span: Span) -> bool {
    let written = span.of(text.text());
    if written.contains(' ') {
        return false;
    }
    let (small, days) = (text.data().table("function-words"), text.data().table("calendar"));
    let capital = |t: &&Token| {
        let folded = text.surface().folded(t);
        t.kind == TokenKind::Word
            && matches!(t.case, Case::Title | Case::Upper | Case::Mixed)
            && !small.has(folded)
            && !days.has(folded)
    };
    let hyphen = |t: &&Token| t.glued && t.span.of(text.text()) == "-";
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let after = tokens.get(tokens.partition_point(|t| t.span.start() < span.end()));
    let near = [before, after];
    near.iter().flatten().any(|t| capital(t) || hyphen(t))
}

fn taken(span: Span, terms: &[TermHit]) -> bool {
    terms.iter().any(|t| t.hit.span.overlaps(span))
}

/// Whether it is a word of its own in the target language: of a nation, a common word, a title.
fn is_word(passage: &Passage<'_>, written: &str) -> bool {
    let (folded, data) = (fold(written), passage.text.data());
    ["nationalities", "common-words", "titles", "calendar", "acronyms"]
        .iter()
        .any(|table| data.table(table).has(&folded))
}
