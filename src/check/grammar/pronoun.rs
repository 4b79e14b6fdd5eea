//! `grammar/pronoun`: he of a woman, she of a man, either of a company.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyse::{Document, Passage};
use crate::check::grammar::gender::{Cues, Gender};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{LanguageData, Table};
use crate::names::plain;
use crate::surface::{Case, Surface, Token, TokenKind};

pub(in crate::check) static PRONOUN: Rule = Rule {
    id: "grammar/pronoun",
    summary: "A pronoun of another gender than the one it stands for.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(pronoun),
};

/// The only one in reach is somebody of the other gender.
const OTHER: f64 = 0.85;
/// The same, and somebody of the pronoun’s gender stands further back.
const OTHER_FAR: f64 = 0.75;
/// Nobody is in reach, and a thing does what is done.
const THING: f64 = 0.72;
/// The source has the other pronoun, and only that.
const SAID: f64 = 0.78;
/// How many sentences back somebody of the pronoun’s gender makes it less sure.
const BACK: usize = 3;
/// How many sentences back somebody may still be meant.
const FAR: usize = 8;
/// How alike (Jaro-Winkler) a misspelt surname is to be.
const ALIKE: f64 = 0.88;
/// Fewest letters of a surname that may be misspelt.
const LEAST: usize = 5;
/// The most words between a subject and what it does with its own.
const OWN: usize = 6;
/// Words between a noun and the name that it is an apposition of.
const APPOSITION: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Man,
    Woman,
    /// Somebody of whom it is not known.
    Person,
    Thing,
}

/// Something in a sentence that a pronoun may stand for, or a pronoun.
#[derive(Clone, Debug)]
struct Cast {
    first: usize,
    last: usize,
    kind: Kind,
    named: bool,
    pronoun: bool,
}

/// What the document tells of its people.
struct Known {
    tables: Tables,
    /// By surname in small letters.
    surnames: FxHashMap<String, Kind>,
    /// Words that the document has in small letters.
    lower: FxHashSet<String>,
    /// Surnames that the translation tells nothing of, as they are written, and where they first stand.
    untold: Vec<(String, String, usize)>,
}

struct Tables {
    nouns: Table,
    names: Table,
    nations: Table,
    countries: Table,
    common: Table,
    small: Table,
    calendar: Table,
    particles: Table,
}

struct Cases {
    known: Known,
    /// By sentence; pronouns that are wrong are left out.
    casts: Vec<Vec<Cast>>,
    /// By sentence: whether somebody speaks in it.
    speaking: Vec<bool>,
    /// By sentence: whether the source says “one’s own”, and names nobody’s else.
    owns: Vec<bool>,
    /// What the source tells.
    cues: Option<Cues>,
}

fn pronoun(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let text = &document.target;
    let surface = text.surface();
    let data = text.data();
    let shared = LanguageData::shared();
    let tables = Tables {
        nouns: data.table("antecedents"),
        names: shared.table("name-gender"),
        nations: data.table("nationalities"),
        countries: data.table("bare-countries"),
        common: data.table("common-words"),
        small: data.table("function-words"),
        calendar: data.table("calendar"),
        particles: shared.table("name-particles"),
    };
    let mut known = Known { tables, surnames: FxHashMap::default(), lower: FxHashSet::default(), untold: Vec::new() };
    // A text without such a pronoun has nothing to ask.
    if !surface.tokens.iter().any(|t| t.kind == TokenKind::Word && gender(surface.folded(t)).is_some()) {
        return Box::new(Cases { known, casts: Vec::new(), speaking: Vec::new(), owns: Vec::new(), cues: None });
    }
    let lower = surface.tokens.iter().filter(|t| t.kind == TokenKind::Word && t.case == Case::Lower);
    known.lower = lower.map(|t| surface.folded(t).to_owned()).collect();
    let passages = || (0..surface.sentences.len()).map(|at| Passage { text, sentence: at, place: at });
    for passage in passages() {
        if let Some(line) = Line::of(&passage) {
            known.learn(&line);
        }
    }
    let cues = Cues::of(document);
    if let Some(cues) = &cues {
        known.ask(document, cues, &words_near(surface));
    }
    let mut cases = Cases { known, casts: Vec::new(), speaking: Vec::new(), owns: Vec::new(), cues };
    if let Some(cues) = cases.cues.as_ref().filter(|cues| cues.has_own()) {
        cases.owns = passages().map(|passage| cues.owns(document, passage.place)).collect();
    }
    for passage in passages() {
        let mut casts = Line::of(&passage).map_or_else(Vec::new, |line| cases.known.casts(&line));
        let wrong: Vec<usize> = cases.wrong(document, &passage, &casts).iter().map(|w| w.at).collect();
        casts.retain(|cast| !(cast.pronoun && wrong.contains(&cast.first)));
        cases.casts.push(casts);
        let saying = data.table("saying");
        let speaks = |t: &Token| {
            saying.has(passage.folded(t)) || passage.folded(t) == "said" || passage.folded(t) == "according"
        };
        cases.speaking.push(passage.tokens().iter().any(speaks));
    }
    Box::new(cases)
}

/// The words of the sentences that a pronoun of the text may look back to: nobody asks whom the others name. Further back whoever
/// is not known may be of either gender, and a pronoun is left alone.
fn words_near(surface: &Surface) -> FxHashSet<&str> {
    let mut words = FxHashSet::default();
    let mut from = 0;
    for (at, sentence) in surface.sentences.iter().enumerate() {
        let tokens = surface.tokens_of(sentence);
        if !tokens.iter().any(|t| t.kind == TokenKind::Word && gender(surface.folded(t)).is_some()) {
            continue;
        }
        let first = at.saturating_sub(BACK + 1).max(from);
        let near = surface.sentences.get(first..=at).unwrap_or(&[]).iter().flat_map(|s| surface.tokens_of(s));
        words.extend(near.map(|t| bare(surface.folded(t))));
        from = at + 1;
    }
    words
}

/// Whom a pronoun stands for.
fn gender(word: &str) -> Option<Kind> {
    match word {
        "he" | "him" | "his" | "himself" => Some(Kind::Man),
        "she" | "her" | "hers" | "herself" => Some(Kind::Woman),
        _ => None,
    }
}

/// A name without the possessive’s ending.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word)
}

/// A run of capitals: its words as tokens, where it begins and ends.
struct NameRun {
    words: Vec<usize>,
    end: usize,
}

impl Known {
    fn is_capital(&self, line: &Line<'_>, at: usize) -> bool {
        line.token(at)
            .is_some_and(|t| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Mixed | Case::Upper))
            && line.written(at).starts_with(char::is_uppercase)
    }

    /// The run of capitals that begins at a token.
    fn run(&self, line: &Line<'_>, from: usize) -> NameRun {
        let mut words = vec![from];
        let mut at = from + 1;
        let mut end = from + 1;
        let possessive = |at: usize| bare(line.low(at)).len() < line.low(at).len();
        while words.len() < MAX_RUN && !possessive(end - 1) {
            if self.is_capital(line, at) {
                // The next word of a hyphenated name belongs to it.
                words.push(at);
                at += 1;
                end = at;
            } else if line.written(at) == "-"
                && self.is_capital(line, at + 1)
                && line.token(at).is_some_and(|t| t.glued)
                || (line.written(at) == "."
                    && line.written(at - 1).chars().count() <= 2
                    && self.is_capital(line, at + 1))
                || (self.tables.particles.has(line.low(at))
                    && line.low(at) != "and"
                    && line.token(at).is_some_and(|t| t.kind == TokenKind::Word)
                    && self.is_capital(line, at + 1))
            {
                at += 1;
            } else {
                break;
            }
        }
        NameRun { words, end }
    }

    fn name_gender(&self, line: &Line<'_>, at: usize) -> Option<Kind> {
        let written = line.written(at);
        let row = self.tables.names.get(&plain(bare(written)))?;
        Some(if row.column(0) == "m" { Kind::Man } else { Kind::Woman })
    }

    /// The first given name before the last word of a name; a word that is no title may stand before it.
    fn given(&self, line: &Line<'_>, words: &[usize]) -> Option<Kind> {
        let (_, before) = words.split_last()?;
        before.iter().take(MAX_BEFORE).find_map(|&at| self.name_gender(line, at))
    }

    fn noun(&self, word: &str) -> Option<Kind> {
        Some(match self.tables.nouns.get(word)?.column(0) {
            "man" => Kind::Man,
            "woman" => Kind::Woman,
            "thing" => Kind::Thing,
            _ => Kind::Person,
        })
    }

    /// Takes up whom a sentence names in full, or with a title.
    fn learn(&mut self, line: &Line<'_>) {
        let mut at = 0;
        while at < line.len() {
            if !self.is_capital(line, at) {
                at += 1;
                continue;
            }
            let run = self.run(line, at);
            let (first, last) = self.without_titles(line, &run);
            if let (Some(&given), Some(&surname)) = (run.words.get(first), run.words.last()) {
                let folded = bare(line.low(surname)).to_owned();
                let told = match last {
                    Some(kind @ (Kind::Man | Kind::Woman)) => Some(kind),
                    _ => self.given(line, run.words.get(first..).unwrap_or(&[])),
                };
                // “Ann and John Lee”: the name is of both.
                let couple = line.is(given.wrapping_sub(1), &["and"])
                    && given > 1
                    && self.name_gender(line, given - 2).is_some_and(|other| Some(other) != told);
                let known = self.surnames.get(&folded).copied();
                let kind = match (known, told) {
                    (_, _) if couple => Some(Kind::Person),
                    (None, told) => Some(told.unwrap_or(Kind::Person)),
                    (Some(known), Some(told)) if known != told => Some(Kind::Person),
                    _ => None,
                };
                // A surname that stands alone before anybody has it in full may be anybody’s; the first word of a sentence
                // may be no name at all.
                if let Some(kind) = kind.filter(|_| told.is_some() || !line.opens(given) || run.words.len() > 1) {
                    let country = || self.tables.nations.has(&folded) || self.tables.countries.has(&folded);
                    if told.is_none() && !couple && self.untold.len() < MAX_UNTOLD && !country() {
                        let written = bare(line.written(surname)).to_owned();
                        self.untold.push((folded.clone(), written, line.passage.place));
                    }
                    self.surnames.insert(folded, kind);
                }
            }
            at = run.end;
        }
    }

    /// Asks the source of those whom the translation tells nothing of.
    fn ask(&mut self, document: &Document<'_>, cues: &Cues, near: &FxHashSet<&str>) {
        for (folded, written, sentence) in std::mem::take(&mut self.untold) {
            if !near.contains(folded.as_str()) {
                continue;
            }
            let told = cues.of_name(document, sentence, &written);
            if let Some(kind) = told.map(|g| if g == Gender::Woman { Kind::Woman } else { Kind::Man })
                && self.surnames.get(&folded) == Some(&Kind::Person)
            {
                self.surnames.insert(folded, kind);
            }
        }
    }

    /// Where a name begins behind the titles before it, and what they tell of its bearer.
    fn without_titles(&self, line: &Line<'_>, run: &NameRun) -> (usize, Option<Kind>) {
        let mut told = None;
        for (at, &word) in run.words.iter().enumerate() {
            match self.noun(bare(line.low(word))) {
                Some(Kind::Thing) | None => return (at, told),
                Some(kind) => told = if kind == Kind::Person { told.or(Some(kind)) } else { Some(kind) },
            }
        }
        (run.words.len(), told)
    }

    /// What a run of capitals is.
    fn kind(&self, line: &Line<'_>, run: &NameRun) -> Option<Kind> {
        let (from, told) = self.without_titles(line, run);
        let words = run.words.get(from..).unwrap_or(&[]);
        // “the Rail”, “the Senate”: one word behind an article is nobody’s name, unless it is a family’s.
        let before = run.words.first().and_then(|at| at.checked_sub(1));
        if let [only] = words
            && told.is_none()
            && before.is_some_and(|at| line.is(at, &["the"]))
            && !line.low(*only).ends_with('s')
            && self.noun(bare(line.low(*only))).is_none()
            && self.surname(bare(line.low(*only))).is_none()
        {
            return None;
        }
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else { return told };
        if let Some(kind @ (Kind::Man | Kind::Woman)) = told {
            return Some(kind);
        }
        if words.iter().any(|&word| self.noun(bare(line.low(word))) == Some(Kind::Thing)) {
            return Some(Kind::Thing);
        }
        if let Some(kind) = self.given(line, words) {
            return Some(kind);
        }
        if let Some(kind) = self.name_gender(line, first).filter(|_| !line.opens(first)) {
            return Some(kind);
        }
        let surname = bare(line.low(last));
        if let Some(kind @ (Kind::Man | Kind::Woman)) = self.surname(surname) {
            return Some(kind);
        }
        if told.is_some() {
            return told;
        }
        let nation = self.tables.nations.get(surname);
        let place = line.is(run.words.first().map_or(0, |at| at.wrapping_sub(1)), &["in", "near", "across", "outside"]);
        if nation.is_some_and(|row| row.column(1) == "nation") || self.tables.countries.has(surname) || place {
            return Some(Kind::Thing);
        }
        let capitals =
            line.case(last) == Case::Upper && surname.chars().count() > 1 && !line.written(last).contains('.');
        if capitals {
            return Some(Kind::Thing);
        }
        let word = |at: usize| {
            let low = bare(line.low(at));
            self.tables.calendar.has(low) || self.tables.nations.has(low)
        };
        let plain_word = |at: usize| {
            let low = bare(line.low(at));
            // “According to”, “Speaking of”: words that open a sentence more often than names do.
            let opener = line.opens(at) && ["ing", "ed", "ly"].iter().any(|end| low.ends_with(end));
            self.tables.common.has(low) || self.tables.small.has(low) || self.lower.contains(low) || opener
        };
        if words.iter().all(|&at| word(at) || plain_word(at)) {
            // “White House”, “Last Friday”; the first word of the sentence.
            return None;
        }
        Some(Kind::Person)
    }

    /// Whose surname it is, with a slip or none.
    fn surname(&self, word: &str) -> Option<Kind> {
        if let Some(kind) = self.surnames.get(word).filter(|kind| **kind != Kind::Person) {
            return Some(*kind);
        }
        let letters = word.chars().count();
        if letters < LEAST {
            return None;
        }
        let mut kinds = self.surnames.iter().filter(|(known, kind)| {
            **kind != Kind::Person
                && known.chars().next() == word.chars().next()
                && known.chars().count().abs_diff(letters) <= 2
                && strsim::jaro_winkler(known, word) >= ALIKE
        });
        let kind = kinds.next().map(|(_, kind)| *kind)?;
        kinds.all(|(_, other)| *other == kind).then_some(kind)
    }

    /// Whom and what a sentence names, in order.
    fn casts(&self, line: &Line<'_>) -> Vec<Cast> {
        let mut casts: Vec<Cast> = Vec::new();
        let mut at = 0;
        while at < line.len() {
            let low = line.low(at);
            if !line.token(at).is_some_and(|t| t.kind == TokenKind::Word) {
                at += 1;
            } else if let Some(kind) = gender(low) {
                casts.push(Cast { first: at, last: at, kind, named: false, pronoun: true });
                at += 1;
            } else if self.is_capital(line, at) {
                let run = self.run(line, at);
                if let Some(kind) = self.kind(line, &run) {
                    casts.push(Cast { first: at, last: run.end - 1, kind, named: true, pronoun: false });
                }
                at = run.end;
            } else {
                // “no candidate” is nobody, and “prison officer” nothing but somebody.
                let nobody = line.is(at.wrapping_sub(1), &["no", "any", "each", "every"])
                    || line.is(at.wrapping_sub(2), &["no", "any", "each", "every"]);
                if let Some(kind) = self.noun(bare(low)).filter(|_| !nobody) {
                    casts.push(Cast { first: at, last: at, kind, named: false, pronoun: false });
                }
                at += 1;
            }
        }
        self.appositions(line, casts)
    }

    /// Without the nouns that say what somebody named is: the speaker, Ann Lee; Ann Lee, head of the office.
    fn appositions(&self, line: &Line<'_>, casts: Vec<Cast>) -> Vec<Cast> {
        let is_gendered = |cast: &Cast| cast.named && matches!(cast.kind, Kind::Man | Kind::Woman);
        let mut keep = Vec::with_capacity(casts.len());
        for (nth, cast) in casts.iter().enumerate() {
            // “the boy’s mother, Ann Lee”: the boy is somebody else.
            let owner = bare(line.low(cast.first)).len() < line.low(cast.first).len();
            // “Ann Lee, 63, who”: herself.
            if line.is(cast.first, &["who", "whom", "whose"])
                && casts[..nth].iter().rev().find(|last| last.named).is_some_and(|last| {
                    is_gendered(last)
                        && (last.last + 1..cast.first)
                            .all(|i| line.is_number(i) || line.written(i) == "," || line.is(i, &["aged"]))
                })
            {
                continue;
            }
            if cast.named || cast.pronoun || owner || cast.kind == Kind::Thing {
                keep.push(cast.clone());
                continue;
            }
            let before =
                casts.iter().skip(nth + 1).find(|next| next.named && next.kind != Kind::Thing).is_some_and(|next| {
                    is_gendered(next)
                        && (cast.kind == Kind::Person || cast.kind == next.kind)
                        && next.first - cast.last <= APPOSITION
                        && !(cast.last + 1..next.first).any(|i| stops(line, i))
                });
            let behind = casts[..nth].iter().rev().find(|last| last.named).is_some_and(|last| {
                is_gendered(last)
                    && (cast.kind == Kind::Person || cast.kind == last.kind)
                    && line.written(last.last + 1) == ","
                    && cast.first - last.last <= APPOSITION
                    && !(last.last + 2..cast.first).any(|i| stops(line, i) || line.written(i) == ",")
            });
            if !before && !behind {
                keep.push(cast.clone());
            }
        }
        keep
    }
}

/// The most names that the source is asked of.
const MAX_UNTOLD: usize = 60;
/// The most words of a run before a given name.
const MAX_BEFORE: usize = 4;
/// The most words of a name.
const MAX_RUN: usize = 8;

/// Words that end what says who somebody is.
fn stops(line: &Line<'_>, at: usize) -> bool {
    line.is(
        at,
        &[
            "and", "but", "who", "that", "which", "is", "was", "are", "were", "has", "had", "have", "said", "says",
            "told", "with", "by", "to", "from", "met", "will", "would", "when", "while", "because", "if", "after",
            "before", "or", "against",
        ],
    ) || matches!(line.written(at), ";" | ":" | "”" | "“" | "\"" | "(" | ")")
}

/// A pronoun that is wrong.
struct Wrong {
    at: usize,
    right: Kind,
    /// Sentence and tokens of what it stands for.
    stands_for: (usize, usize, usize),
    confidence: f64,
}

impl Cases {
    fn wrong(&self, document: &Document<'_>, passage: &Passage<'_>, casts: &[Cast]) -> Vec<Wrong> {
        let Some(line) = Line::of(passage) else { return Vec::new() };
        let mut wrong: Vec<Wrong> = Vec::new();
        if !casts.iter().any(|cast| cast.pronoun) {
            return wrong;
        }
        let said = self.cues.as_ref().map_or([false; 2], |cues| cues.pronouns(document, passage.place));
        for (nth, cast) in casts.iter().enumerate().filter(|(_, cast)| cast.pronoun) {
            let span = line.span(cast.first, cast.first);
            let quoted = if passage.is_tried(document) {
                passage.text.quotations(&[]).hold(span)
            } else {
                document.quotations().hold(span)
            };
            // What the source says so, too.
            let own = usize::from(cast.kind == Kind::Woman);
            if quoted || (said[own] && !said[1 - own]) {
                continue;
            }
            let here = casts.get(..nth).unwrap_or(&[]);
            let later = casts.get(nth + 1..).unwrap_or(&[]);
            let other = if own == 0 { Kind::Woman } else { Kind::Man };
            let found = self.judge(&line, passage.place, cast, here, later, &wrong).or_else(|| {
                // 她 in the source, and nothing but “he” in the translation.
                let of_people = self.cues.as_ref().is_some_and(Cues::are_of_people);
                let alone = casts.iter().all(|c| !c.pronoun || c.kind == cast.kind);
                let sure = of_people && alone && said[1 - own] && !said[own];
                sure.then_some(Wrong {
                    at: cast.first,
                    right: other,
                    stands_for: (passage.place, cast.first, cast.first),
                    confidence: SAID,
                })
            });
            wrong.extend(found);
        }
        wrong
    }

    fn judge(
        &self,
        line: &Line<'_>,
        place: usize,
        cast: &Cast,
        here: &[Cast],
        later: &[Cast],
        wrong: &[Wrong],
    ) -> Option<Wrong> {
        let own = cast.kind;
        let fits = |other: &Cast| other.kind == own || other.kind == Kind::Person;
        // Whoever says a quotation is not in it.
        let says = self.says(line, cast.first);
        let here = if says { &[][..] } else { here };
        let here: Vec<&Cast> = here.iter().filter(|c| !(c.pronoun && wrong.iter().any(|w| w.at == c.first))).collect();
        // What is before it, the nearest first.
        let before = |from: usize, to: usize| {
            (from..to)
                .rev()
                .filter_map(|at| Some((at, self.casts.get(at)?)))
                .flat_map(|(at, casts)| casts.iter().rev().map(move |cast| (at, cast)))
        };
        let near = || here.iter().rev().map(|cast| (place, *cast)).chain(before(place.saturating_sub(BACK), place));
        let opposite = |other: &&(usize, &Cast)| {
            !other.1.pronoun && matches!(other.1.kind, Kind::Man | Kind::Woman) && other.1.kind != own
        };
        if let Some(found) = self.own(line, place, cast, &here) {
            return Some(found);
        }
        // “her client”: whoever says so has clients.
        if line.is(cast.first + 1, &["client", "clients"])
            && let Some(found) = near().find(|(_, c)| c.named && c.kind != Kind::Thing).filter(|found| opposite(&found))
        {
            return Some(Self::found(cast, found, found.1.kind, OTHER));
        }
        // Of a sentence alone nobody knows what stood before it.
        if place == 0 {
            return None;
        }
        // A name further on: “In his speech Mr Lee said”; not of “He said that Mr Lee …”.
        let subject = line.is(cast.first, &["he", "she"]) && (line.opens(cast.first) || says);
        if !subject && later.iter().any(|other| fits(other) && !other.pronoun) {
            return None;
        }
        if let Some(found) = self.reported(line, place, cast, &here) {
            return Some(found);
        }
        // “Israel and her borders”: countries and ships are she.
        let country = |other: &Cast| other.named && other.kind == Kind::Thing;
        if own == Kind::Woman && near().any(|(_, other)| country(other)) && !line.is(cast.first, &["she"]) {
            return None;
        }
        let further = |reach: usize, back: usize| {
            before(place.saturating_sub(reach), place.saturating_sub(back)).any(|(_, other)| fits(other))
        };
        // “He said”, “According to him”, “…,” he said: whoever spoke in the sentence before.
        if self.opens(line, cast.first) && here.iter().all(|c| c.kind == Kind::Thing) {
            let last = self.casts.get(place.checked_sub(1)?)?;
            let people =
                last.iter().enumerate().rev().find(|(_, c)| c.named && matches!(c.kind, Kind::Man | Kind::Woman));
            if let Some((nth, other)) = people.filter(|(_, c)| c.kind != own) {
                let behind = last.iter().skip(nth + 1).any(fits);
                // Somebody else whom the sentence before names, or a pronoun of another.
                let beside = last.iter().take(nth).any(|c| fits(c) && (c.named || c.pronoun || !self.speaks(place)));
                if !behind && !beside {
                    let sure = if further(BACK, 1) { OTHER_FAR } else { OTHER };
                    return Some(Self::found(cast, (place - 1, other), other.kind, sure));
                }
            }
        }
        let close = || here.iter().rev().map(|cast| (place, *cast)).chain(before(place.saturating_sub(1), place));
        if close().any(|(_, other)| fits(other)) {
            return None;
        }
        if let Some(found) = close().find(|found| opposite(&found)) {
            let sure = if further(BACK, 1) { OTHER_FAR } else { OTHER };
            // A man two sentences back may be meant, unless this sentence is hers from its beginning.
            let told = !further(BACK, 1) || found.0 == place;
            return told.then(|| Self::found(cast, found, found.1.kind, sure));
        }
        let found = close().next().filter(|(_, other)| other.kind == Kind::Thing)?;
        let what = line.is(cast.first.wrapping_sub(1), &["what", "which", "who", "as", "whom"]);
        let silent = what || further(FAR, 1) || self.casts.is_empty();
        (!silent).then(|| Self::found(cast, found, Kind::Thing, THING))
    }

    /// “Washington will carry out his part” where the source says “its own” (свою), “the ministry expressed his concern”: what a
    /// subject does with what is its own.
    fn own(&self, line: &Line<'_>, place: usize, cast: &Cast, here: &[&Cast]) -> Option<Wrong> {
        if !line.is(cast.first, &["his", "her"]) || line.ends_before(cast.first + 1) {
            return None;
        }
        let subject =
            here.last().filter(|last| !last.pronoun && (last.kind == Kind::Thing || self.rules(line, last)))?;
        let from = subject.last + 1;
        // Its verb stands right behind it, and nothing between that and what is its own but the rest of the verb.
        let verb = (from..cast.first).find(|&at| line.is_finite(at)).filter(|&at| at <= from + 1)?;
        let few =
            cast.first - from <= OWN && !(from..cast.first).any(|at| line.is_mark(at) || line.is(at, &["that", "and"]));
        let expresses = (verb..cast.first).next_back().is_some_and(|at| line.belongs(at, "express"));
        let reflexive =
            || self.cues.as_ref().is_some_and(|cues| self.owns.get(place).copied().unwrap_or(false) && cues.has_own());
        if !few
            || line.is(cast.first.wrapping_sub(1), &["by", "with", "to", "from", "of", "for"])
            || !(expresses || reflexive())
        {
            return None;
        }
        Some(Self::found(cast, (place, subject), Kind::Thing, if expresses { THING } else { SAID }))
    }

    /// Whether a name is that of a capital, which stands for those who rule there, and of nobody in the text.
    fn rules(&self, line: &Line<'_>, cast: &Cast) -> bool {
        cast.named
            && cast.first == cast.last
            && line.belongs(cast.first, "capital")
            && self.known.surname(line.low(cast.first)).is_none()
    }

    /// “The mission confirmed that she would”: whoever reports what it does itself, where no woman is in reach.
    fn reported(&self, line: &Line<'_>, place: usize, cast: &Cast, here: &[&Cast]) -> Option<Wrong> {
        let that = cast.first.checked_sub(1).filter(|&at| line.is(at, &["that"]))?;
        let saying = line.data().table("saying");
        let verb = that.checked_sub(1).filter(|&at| saying.has(line.low(at)) || line.is(at, &["said"]))?;
        let [only] = here else { return None };
        let near = verb.checked_sub(1) == Some(only.last) && only.kind == Kind::Thing;
        if !near || !line.is(cast.first, &["she"]) {
            return None;
        }
        let woman = |c: &Cast| c.kind == Kind::Woman;
        let may_be = |c: &Cast| c.named && c.kind == Kind::Person;
        let further = |reach: usize| self.casts.get(place.saturating_sub(reach)..place).unwrap_or(&[]).iter().flatten();
        let told = !further(FAR).any(woman) && !further(BACK).any(may_be);
        told.then(|| Self::found(cast, (place, only), Kind::Thing, THING))
    }

    /// Whether somebody speaks in the sentence before.
    fn speaks(&self, place: usize) -> bool {
        place.checked_sub(1).and_then(|at| self.speaking.get(at)).is_some_and(|speaks| *speaks)
    }

    /// Whether a pronoun opens its sentence, or stands in words that do: “According to him”; “…,” he said.
    fn opens(&self, line: &Line<'_>, at: usize) -> bool {
        let according = at.wrapping_sub(2);
        line.opens(at) || (line.is(according, &["according"]) && line.opens(according)) || self.says(line, at)
    }

    /// “…,” he said.
    fn says(&self, line: &Line<'_>, at: usize) -> bool {
        let closes = |at: usize| matches!(line.written(at), "”" | "\"" | "»");
        let before = at.wrapping_sub(1);
        let quote = closes(before) || (line.written(before) == "," && closes(at.wrapping_sub(2)));
        quote && (line.data().table("saying").has(line.low(at + 1)) || line.is(at + 1, &["said", "told", "says"]))
    }

    fn found(cast: &Cast, found: (usize, &Cast), right: Kind, confidence: f64) -> Wrong {
        let (sentence, other) = found;
        Wrong { at: cast.first, right, stands_for: (sentence, other.first, other.last), confidence }
    }
}

impl Survey for Cases {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.casts.is_empty() {
            return;
        }
        let Some(line) = Line::of(passage) else { return };
        let any = (0..line.len()).any(|at| gender(line.low(at)).is_some());
        if !any {
            return;
        }
        let casts = self.known.casts(&line);
        for wrong in self.wrong(document, passage, &casts) {
            let span = line.span(wrong.at, wrong.at);
            let (sentence, first, last) = wrong.stands_for;
            let other = Passage { text: &document.target, sentence, place: sentence };
            let place = if sentence == passage.place { Some(line.clone()) } else { Line::of(&other) };
            let who = place.as_ref().map_or("", |l| l.letters(first, last));
            let written = line.written(wrong.at);
            let what = match wrong.right {
                Kind::Woman => "a woman",
                Kind::Man => "a man",
                _ => "a thing",
            };
            let message = if (sentence, first) == (passage.place, wrong.at) {
                format!("“{written}” stands for {what} in the source")
            } else {
                format!("“{written}” seems to stand for {who}, {what}")
            };
            let mut draft = Draft::new(span, wrong.confidence, message).because(
                EvidenceKind::Document,
                "whom the sentences before name",
                None,
            );
            if !passage.is_tried(document) {
                if let Some(l) = &place {
                    draft = draft.beside(Place::target(l.span(first, last)));
                }
                let right = instead(&line, wrong.at, wrong.right);
                let title = line.case(wrong.at) == Case::Title;
                draft = draft.fix(Fix::replace(span, if title { capitalised(right) } else { right.to_owned() }, 0.8));
                if wrong.right == Kind::Thing && line.opens(wrong.at) {
                    draft.severity = Some(Severity::Minor);
                }
            }
            if wrong.right == Kind::Thing {
                draft.severity = Some(Severity::Minor);
            }
            out.push(draft);
        }
    }
}

/// The pronoun that stands for one of another kind.
fn instead(line: &Line<'_>, at: usize, kind: Kind) -> &'static str {
    let word = line.low(at);
    let owns = match word {
        "his" => !line.ends_before(at + 1),
        "her" => line.tag(at) == "PRP$",
        _ => false,
    };
    match (word, kind) {
        ("he", Kind::Woman) => "she",
        ("she", Kind::Man) => "he",
        ("he" | "she" | "him", Kind::Thing) => "it",
        ("himself" | "herself", Kind::Thing) => "itself",
        ("himself", _) => "herself",
        ("herself", _) => "himself",
        ("him", _) => "her",
        ("his", Kind::Woman) => {
            if owns {
                "her"
            } else {
                "hers"
            }
        }
        ("hers", Kind::Man) => "his",
        ("her", Kind::Man) => {
            if owns {
                "his"
            } else {
                "him"
            }
        }
        ("her", _) if !owns => "it",
        _ => "its",
    }
}
