//! Later mentions: a name that the glossary wants is called by a part of it, and the part is that of a form which it forbids
//! ("the society", where the entry has Association and not Society), or initials that are neither the source's nor the entry's.
//!
//! Only names that stand in the source in full are asked about, and only where the source has their short form, too.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyse::{Document, Passage, TermHit};
use crate::check::Draft;
use crate::finding::{EntityKind, EvidenceKind, Place};
use crate::glossary::Concept;
use crate::glossary::matcher::{How, Role};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, fold, without_possessive};

use super::{MIN_ALIGNMENT, WINDOW, entry, mending};

/// How sure a part of a forbidden form is: the source has the same part of its own, but a part has more senses than the whole.
const PART: f64 = 0.75;
/// How sure initials are that nobody's words begin with.
const INITIALS: f64 = 0.6;
/// The most entries that share a part.
const MAX_SHARING: usize = 4;
/// The fewest letters of a part, so that it is no small word.
const MIN_LETTERS: usize = 5;
/// Characters of an unspaced script that make the noun at the end of a name: 协会, 委员会 by its last two.
const TAIL: usize = 2;
/// Letters of initials.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=5;

/// What a part stands for.
struct Part {
    key: (usize, usize),
    /// The part that the entry has in its place.
    right: String,
    /// The part that the source has, folded.
    source: String,
}

/// The parts of forbidden forms and the initials of the entries that the source has in full.
#[derive(Default)]
pub(super) struct Later {
    parts: FxHashMap<String, Vec<Part>>,
    initials: FxHashMap<String, Vec<(usize, usize)>>,
}

impl Later {
    pub(super) fn survey(document: &Document<'_>) -> Self {
        let mut later = Self::default();
        let Some(source) = &document.source else { return later };
        let (from, to) = (source.data(), document.target.data());
        let mut seen: FxHashSet<(usize, usize)> = FxHashSet::default();
        for hit in document.source_terms(0..source.surface().sentences.len()) {
            let key = (hit.pair, hit.hit.concept);
            if hit.hit.nested || !hit.hit.how.is_sure() || !seen.insert(key) {
                continue;
            }
            let concept = document.concept(hit);
            for (wrong, right) in parts(concept, to) {
                let Some(source) = source_part(concept, from) else { continue };
                let sharing = later.parts.entry(wrong).or_default();
                if sharing.len() < MAX_SHARING {
                    sharing.push(Part { key, right, source });
                }
            }
            if concept.kind == EntityKind::Organization && !concept.do_not_translate {
                let sharing = later.initials.entry(initials(&concept.source, from)).or_default();
                if sharing.len() < MAX_SHARING {
                    sharing.push(key);
                }
            }
        }
        later
    }

    pub(super) fn mentions(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let aligned = document.alignment().source_of(passage.place);
        let nothing = self.parts.is_empty() && self.initials.is_empty();
        let Some(source) = document.source.as_ref().filter(|_| !nothing && aligned.confidence >= MIN_ALIGNMENT) else {
            return;
        };
        let sentences = source.surface().sentences.get(aligned.source.clone()).unwrap_or(&[]);
        let Some((first, last)) = sentences.first().zip(sentences.last()) else { return };
        let tokens = source.surface().tokens.get(first.tokens.start..last.tokens.end).unwrap_or(&[]);
        let place = Aligned {
            document,
            span: first.span.cover(last.span),
            tokens: tokens.get(..WINDOW).unwrap_or(tokens),
            hits: document.source_terms(aligned.source),
        };
        let terms = document.target_terms(passage);
        for (at, token) in passage.tokens().iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Word) {
            let span = without_possessive(passage.text.text(), token.span);
            if terms.iter().any(|t| t.hit.span.overlaps(span)) {
                continue;
            }
            if let Some((part, seen)) = self.part_at(passage, at, span, &place) {
                out.extend(draft(document, passage, span, part.key, &part.right, (PART, seen)));
            }
        }
        out.extend(self.initials_in(document, passage, terms, &place));
    }

    /// The part that a word is, if the source has the entry's there.
    fn part_at(&self, passage: &Passage<'_>, at: usize, span: Span, place: &Aligned<'_, '_>) -> Option<(&Part, Span)> {
        let tokens = passage.tokens();
        // The letters of the span, folded, are those of the token but for a possessive ending.
        let token = tokens.get(at)?;
        let folded = passage.folded(token);
        let word = if span == token.span { folded } else { folded.strip_suffix("'s").unwrap_or(folded) };
        let parts = self.parts.get(word)?;
        let (before, token, after) =
            (at.checked_sub(1).and_then(|at| tokens.get(at)), tokens.get(at)?, tokens.get(at + 1));
        let capital = |t: Option<&Token>| t.is_some_and(|t| t.kind == TokenKind::Word && t.case != Case::Lower);
        let data = passage.text.data();
        let joined =
            |t: Option<&Token>| t.is_some_and(|t| data.follows_head(passage.folded(t)) || passage.written(t) == "-");
        if capital(after) || joined(after) {
            return None;
        }
        // A surname alone has a capital; what an institution is has a small word before it.
        let definite = before.is_some_and(|t| data.table("function-words").has(passage.folded(t)));
        let opens = passage.span().start() == token.span.start();
        let weekday = data.table("calendar").has(word);
        parts.iter().find_map(|part| {
            let person = place.document.pairs.get(part.key.0)?.concepts.get(part.key.1)?.kind == EntityKind::Person;
            let fits = if person { token.case == Case::Title && (opens || !capital(before)) } else { definite };
            let seen = place.part(part)?;
            // "Friday" may be the day: only at the head of both sentences it is whoever does something.
            let named = !weekday || (opens && place.tokens.first().is_some_and(|first| first.span == seen));
            (fits && named).then_some((part, seen))
        })
    }

    /// Initials in the place of the source's, where they are those of no form of the entry.
    fn initials_in(
        &self,
        document: &Document<'_>,
        passage: &Passage<'_>,
        terms: &[TermHit],
        place: &Aligned<'_, '_>,
    ) -> Option<Draft> {
        let is_initials = |token: &&Token| {
            token.kind == TokenKind::Word && token.case == Case::Upper && LETTERS.contains(&letters(token, passage))
        };
        let source = document.source.as_ref()?;
        let data = passage.text.data();
        let mut written = passage.tokens().iter().filter(is_initials);
        let token = written.next().filter(|_| written.next().is_none())?;
        let known = data.table("acronyms").has(passage.folded(token));
        if known || terms.iter().any(|t| t.hit.span.overlaps(token.span)) {
            return None;
        }
        let keys = |token: &Token| self.initials.get(source.surface().folded(token));
        let all = place.tokens.iter().filter(|t| t.kind == TokenKind::Word && t.case == Case::Upper);
        let (seen, key) = all.filter_map(|t| Some((t.span, keys(t)?))).find_map(|(span, keys)| match keys[..] {
            [key] => Some((span, key)),
            _ => None,
        })?;
        let concept = document.pairs.get(key.0)?.concepts.get(key.1)?;
        let letters = passage.folded(token);
        let said = terms.iter().any(|t| (t.pair, t.hit.concept) == key);
        let own = concept.approved().any(|form| initials(form, data) == letters || fold(form).contains(letters));
        // As the source has them, in our letters: FSB.
        let same = in_our_letters(&fold(seen.of(source.text())), letters, source.data());
        if said || own || same {
            return None;
        }
        draft(document, passage, token.span, key, concept.best()?, (INITIALS, seen))
    }
}

/// Whether initials are others in our letters, by any scheme; so are all where the letters are not known.
fn in_our_letters(source: &str, letters: &str, data: LanguageData) -> bool {
    let table = data.table("romanisation");
    let mut rest = letters;
    let known = source == letters
        || table.is_empty()
        || source.chars().all(|letter| {
            let row = table.get(letter.encode_utf8(&mut [0; 4]));
            let schemes = (0..SCHEMES).filter_map(|column| Some(row?.column(column)).filter(|s| !s.is_empty()));
            // The longest first: shch before sh.
            let left = schemes.filter_map(|written| rest.strip_prefix(written)).min_by_key(|left| left.len());
            left.inspect(|left| rest = left).is_some()
        });
    known && (rest.is_empty() || source == letters || table.is_empty())
}

/// The most schemes of a table of romanisation.
const SCHEMES: usize = 12;

fn letters(token: &Token, passage: &Passage<'_>) -> usize {
    passage.written(token).chars().count()
}

/// The source that a sentence renders.
struct Aligned<'d, 'a> {
    document: &'d Document<'a>,
    span: Span,
    tokens: &'d [Token],
    hits: &'d [TermHit],
}

impl Aligned<'_, '_> {
    /// Where it has the entry's part, outside its whole name.
    fn part(&self, part: &Part) -> Option<Span> {
        let source = self.document.source.as_ref()?;
        let whole = |span: Span| {
            let same = |t: &&TermHit| (t.pair, t.hit.concept) == part.key && t.hit.role == Role::Source;
            self.hits.iter().take(WINDOW).filter(same).any(|t| t.hit.span.overlaps(span))
        };
        if crate::glossary::matcher::is_unspaced(&part.source) {
            let start = self.span.start();
            let found = self.span.of(source.text()).match_indices(part.source.as_str()).take(WINDOW);
            let mut spans = found.map(|(at, text)| Span::new(start + at, start + at + text.len()));
            return spans.find(|span| !whole(*span));
        }
        let morphology = source.data().morphology();
        let same = |word: &str| match morphology {
            Some(forms) => {
                forms.form_of(&forms.spelling(word, word), &forms.spelling(&part.source, &part.source)).is_some()
            }
            None => word == part.source,
        };
        let words = self.tokens.iter().filter(|t| t.kind == TokenKind::Word);
        words
            .map(|t| (t, t.span))
            .find(|(t, span)| same(source.surface().folded(t)) && !whole(*span))
            .map(|(_, span)| span)
    }
}

/// The parts by which a name is mentioned again, of forbidden forms, folded, with those of the approved form in their place: the
/// surname of a person, the noun that says what an institution is.
fn parts(concept: &Concept, data: LanguageData) -> Vec<(String, String)> {
    let part = |form: &str| -> Option<String> {
        let words: Vec<&str> = form.split(' ').collect();
        let before = words.iter().position(|word| data.follows_head(word)).unwrap_or(words.len());
        let at = match concept.kind {
            _ if words.len() < 2 || concept.do_not_translate => return None,
            EntityKind::Person => words.len() - 1,
            EntityKind::Organization if data.has_few_endings() => before.checked_sub(1)?,
            _ => return None,
        };
        let word = words.get(at).filter(|word| word.chars().count() >= MIN_LETTERS)?;
        Some((*word).to_owned())
    };
    let Some(right) = concept.best().and_then(part) else { return Vec::new() };
    let approved = |word: &str| concept.approved().any(|form| fold(form).contains(word));
    let words = |form: &str| form.split(' ').count();
    let same_length =
        |form: &&String| concept.kind != EntityKind::Person || concept.best().map(words) == Some(words(form));
    let wrong = concept.unwanted.iter().filter(same_length).filter_map(|form| part(form)).map(|word| fold(&word));
    let small = |word: &str| if concept.kind == EntityKind::Person { word.to_owned() } else { fold(word) };
    let mut parts: Vec<(String, String)> =
        wrong.filter(|word| !approved(word)).map(|word| (word, small(&right))).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// The part of the source form by which it is mentioned again, folded.
fn source_part(concept: &Concept, data: LanguageData) -> Option<String> {
    let source = concept.source.as_str();
    if crate::glossary::matcher::is_unspaced(source) {
        let start = source.char_indices().rev().nth(TAIL - 1).filter(|(at, _)| *at > 0)?.0;
        return (concept.kind == EntityKind::Organization).then(|| source.get(start..).map(str::to_owned))?;
    }
    let words: Vec<&str> = source.split(' ').collect();
    let at = match concept.kind {
        EntityKind::Person => words.len().checked_sub(1)?,
        _ => data.declined(source)?.head(),
    };
    words.get(at).filter(|word| word.chars().count() >= MIN_LETTERS && words.len() > 1).map(|word| fold(word))
}

/// The first letters of the words of a name, small words left out, folded.
fn initials(name: &str, data: LanguageData) -> String {
    let small = data.table("function-words");
    let folded = fold(name);
    let words = folded.split([' ', '-']).filter(|word| !word.is_empty() && !small.has(word));
    words.filter_map(|word| word.chars().next()).collect()
}

fn draft(
    document: &Document<'_>,
    passage: &Passage<'_>,
    span: Span,
    key: (usize, usize),
    right: &str,
    (confidence, seen): (f64, Span),
) -> Option<Draft> {
    let concept = document.pairs.get(key.0)?.concepts.get(key.1)?;
    let written = span.of(passage.text.text());
    let place = Place::source(seen);
    let draft = Draft::new(span, confidence, format!("the glossary has “{right}” here, not “{written}”"))
        .beside(place)
        .because(EvidenceKind::Glossary, entry(concept, Some((seen, How::Exact))), Some(place))
        .of_group(format!("{}\t{}", concept.source, fold(written)));
    Some(match mending::put(document, passage, span, right, confidence) {
        Some(fix) => draft.fix(fix),
        None => draft,
    })
}
