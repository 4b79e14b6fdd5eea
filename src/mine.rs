//! Proposes entries for a glossary from a text and its translation: names and terms that stand in sentences that render each
//! other. What it proposes is for a person to read, with a score that says how well the two go together.
//!
//! Sentences are aligned, candidates of both sides are counted, and pairs are rated by how often they stand together (Dice)
//! and by how unlikely that is to be chance (Dunning's log-likelihood), names also by how like their letters are. Then each form
//! gets its best partner, the surest first (Melamed's competitive linking).

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyse::mentions::Mentions;
use crate::analyse::{Document, Text};
use crate::article::{Article, Language};
use crate::glossary::Entry;
use crate::language::morphology::Morphology;
use crate::language::{self, LanguageData};
use crate::names;
use crate::surface::{Case, Token, TokenKind, case_of, fold};

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Propose nothing that is less likely than this, from 0 to 1.
    pub min_score: f64,
    /// The most candidates.
    pub most: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_score: 0.3, most: 1_000 }
    }
}

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Somebody's or something's name.
    Name,
    /// A word or phrase.
    Term,
}

/// A pair of forms.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// As the source has it most often.
    pub source: String,
    /// As the translation has it most often.
    pub target: String,
    /// What it is.
    pub kind: Kind,
    /// How well they go together, from 0 to 1.
    pub score: f64,
    /// Passages where both stand.
    pub together: usize,
    /// Passages where the source form stands.
    pub in_source: usize,
    /// Passages where the target form stands.
    pub in_target: usize,
}

/// What was found in two texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mined {
    /// The source's language, given or inferred.
    pub source_language: Option<Language>,
    /// The translation's language, given or inferred.
    pub target_language: Option<Language>,
    /// The surest first.
    pub candidates: Vec<Candidate>,
}

impl Mined {
    /// The entry that a candidate would make.
    pub fn entry(&self, candidate: &Candidate) -> Entry {
        Entry {
            source: candidate.source.clone(),
            target: candidate.target.clone(),
            source_language: self.source_language.clone(),
            target_language: self.target_language.clone(),
            ..Entry::default()
        }
    }
}

/// The most content words of a term.
const MAX_WORDS: usize = 3;
/// The most words of a term, small ones between included: "line of the contact".
const MAX_TOKENS: usize = 5;
/// The most candidates of one side and one passage that are paired: with the passages it bounds the pairs.
const MAX_PER_PASSAGE: usize = 40;
/// The same where the words of the source do not tell names from others, and each is compared with names.
const MAX_FORMS_PER_PASSAGE: usize = 160;
/// The most different pairs that are counted; those that come later are passed over.
const MAX_PAIRS: usize = 1_000_000;
/// Fewest passages that a term must stand in. Two names may stand together in one if they are alike.
const MIN_PASSAGES: usize = 2;
/// Letters that words are compared by where a language inflects them. Longer words of one root differ behind them.
const STEM: usize = 6;
/// Letters that inflected forms of a name may differ by at their ends, each.
const ENDING: usize = 2;
/// Letters that inflected forms of a name must share.
const SHARED: usize = 3;
/// Log-likelihood at which a pair is as likely chance as not: two passages together out of some twenty have about as much.
const EVEN: f64 = 6.0;
/// The score of two names whose letters are the same; those that are only like each other have at most as much.
const EQUAL: f64 = 0.95;
/// Likeness from which two spellings are taken for one name: the threshold that the models were fitted with.
const ALIKE: f64 = 0.5;
/// The most pairs whose letters are compared; later ones are rated by how often they stand together.
const MAX_LIKENED: usize = 50_000;
/// Letters that a name may have more in an alphabet than in Latin letters: an ending, signs. Beyond it the models were not fitted.
const MORE_LETTERS: usize = 3;
/// The most forms of one item that a dictionary form is looked for among.
const MAX_FORMS: usize = 8;

/// Looks for names and terms. A language that is not given is inferred.
pub fn mine(source: &str, target: &str, languages: [Option<Language>; 2], options: &Options) -> Mined {
    let [from, to] = languages;
    let known = |language: Option<Language>, text: &str| language.or_else(|| language::infer(text).map(|e| e.language));
    let (source_language, target_language) = (known(from, source), known(to, target));
    let article = Article::new(
        Some(crate::article::Side::new(source, source_language.clone())),
        crate::article::Side::new(target, target_language.clone()),
    );
    let document = Document::new(&article, source_language.as_ref(), target_language.clone(), Vec::new());
    let mut candidates = Vec::new();
    if let Some(source) = &document.source {
        let passages = passages(&document, source);
        let languages = [source_language.as_ref(), target_language.as_ref()];
        let names = Names::of(&document.target).0;
        candidates = if has_capitals(source) {
            link(By::Both, &passages, &Names::of(source).0, &names, languages, options)
        } else {
            // Nothing tells its names but their letters.
            link(By::Letters, &passages, &Terms::of(source, 1).0, &names, languages, options)
        };
        let sides = [Terms::of(source, MIN_PASSAGES), Terms::of(&document.target, MIN_PASSAGES)];
        candidates.extend(link(By::Count, &passages, &sides[0].0, &sides[1].0, languages, options));
    }
    let named: FxHashSet<String> =
        candidates.iter().filter(|c| c.kind == Kind::Name).map(|c| fold(&c.source)).collect();
    candidates.retain(|c| c.kind == Kind::Name || !named.contains(&fold(&c.source)));
    candidates.sort_by(in_order);
    candidates.truncate(options.most);
    Mined { source_language, target_language, candidates }
}

fn in_order(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    let key = |c: &Candidate| (std::cmp::Reverse(c.together), c.kind);
    b.score
        .total_cmp(&a.score)
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| (&a.source, &a.target).cmp(&(&b.source, &b.target)))
}

/// Sentences of both sides that render each other.
struct Passage {
    source: Range<usize>,
    target: Range<usize>,
}

/// Target sentences with what they render; those that render the same source sentences are one passage.
fn passages(document: &Document<'_>, source: &Text<'_>) -> Vec<Passage> {
    let alignment = document.alignment();
    let mut passages: Vec<Passage> = Vec::new();
    for index in 0..document.target.surface().sentences.len() {
        let rendered = alignment.source_of(index).source;
        if rendered.is_empty() || rendered.end > source.surface().sentences.len() {
            continue;
        }
        match passages.last_mut() {
            Some(last) if rendered.start < last.source.end => {
                last.source.end = last.source.end.max(rendered.end);
                last.target.end = index + 1;
            }
            _ => passages.push(Passage { source: rendered, target: index..index + 1 }),
        }
    }
    passages
}

/// A candidate form of one side.
#[derive(Clone, Debug, Default)]
struct Item {
    /// How it is mostly written.
    text: String,
    /// What it is compared by: words, stemmed.
    words: Vec<String>,
    /// The sentences that it stands in, each once, in order.
    sentences: Vec<usize>,
}

/// Forms of one key, with their counts.
#[derive(Default)]
struct Collector {
    by_key: FxHashMap<Vec<String>, Seen>,
}

/// How often each spelling was seen, and in which sentences any was.
type Seen = (FxHashMap<String, usize>, Vec<usize>);

impl Collector {
    fn add(&mut self, key: Vec<String>, text: &str, sentence: usize) {
        let (forms, sentences) = self.by_key.entry(key).or_default();
        *forms.entry(text.to_owned()).or_default() += 1;
        if sentences.last() != Some(&sentence) {
            sentences.push(sentence);
        }
    }

    /// Items in the order of their keys. The form of each is that which most others can be forms of, of those the most frequent,
    /// of those the shortest, of those the first.
    fn items(self, at_least: usize, data: LanguageData) -> Vec<Item> {
        let morphology = data.morphology().filter(|_| data.inflects_names());
        let mut items: Vec<Item> = Vec::new();
        let mut all: Vec<_> = self.by_key.into_iter().filter(|(_, (_, s))| s.len() >= at_least).collect();
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (words, (forms, mut sentences)) in all {
            let mut forms: Vec<(String, usize)> = forms.into_iter().collect();
            forms.sort_by(|a, b| (b.1, a.0.len(), &a.0).cmp(&(a.1, b.0.len(), &b.0)));
            sentences.sort_unstable();
            sentences.dedup();
            let text = dictionary_form(forms, morphology);
            items.push(Item { text, words, sentences });
        }
        items
    }
}

/// The form that most of the others, counted as often as they stand, can be inflected forms of; of those the first.
fn dictionary_form(mut forms: Vec<(String, usize)>, morphology: Option<&Morphology>) -> String {
    forms.truncate(MAX_FORMS);
    let best = match morphology {
        Some(morphology) if forms.len() > 1 => {
            let words: Vec<Vec<String>> = forms.iter().map(|(text, _)| spellings(text, morphology)).collect();
            let of = |form: &[String], lemma: &[String]| {
                form.len() == lemma.len() && form.iter().zip(lemma).all(|(f, l)| morphology.form_of(f, l).is_some())
            };
            let reach = |lemma: &[String]| -> usize {
                let own = words.iter().zip(&forms).filter(|(form, _)| of(form, lemma));
                own.map(|(_, (_, count))| count).sum()
            };
            // The last of the best that are looked at is the first of all.
            words.iter().enumerate().rev().max_by_key(|(_, lemma)| reach(lemma)).map_or(0, |(index, _)| index)
        }
        _ => 0,
    };
    if best < forms.len() { forms.swap_remove(best).0 } else { String::new() }
}

/// The words of a form as the tables of inflection have them.
fn spellings(text: &str, morphology: &Morphology) -> Vec<String> {
    let words = text.split([' ', '-', '\u{a0}']).filter(|word| !word.is_empty());
    words.map(|word| morphology.spelling(word, &fold(word)).into_owned()).collect()
}

/// Whether a side is in a script that has capitals.
fn has_capitals(text: &Text<'_>) -> bool {
    let words = || text.surface().tokens.iter().filter(|token| token.kind == TokenKind::Word);
    words().filter(|token| token.case != Case::None).count() * 2 > words().count()
}

/// The names of a side.
struct Names(Vec<Item>);

impl Names {
    fn of(text: &Text<'_>) -> Self {
        let mentions = Mentions::of(text.text(), text.surface(), text.data());
        let mut names: Vec<(Vec<String>, &str, Vec<usize>)> = Vec::new();
        for (name, places) in &mentions.names {
            let words = fold(name).split([' ', '-', '\u{a0}']).map(str::to_owned).collect();
            let sentences = places.iter().filter_map(|place| text.surface().sentence_at(place.start())).collect();
            names.push((words, name, sentences));
        }
        // And the words of longer names by themselves: a surname stands with a title here and without it there.
        for word in &mentions.words {
            let parts = word.places.iter().filter(|place| place.name != place.span).map(|place| place.sentence);
            names.push((vec![fold(&word.text)], &word.text, parts.collect()));
        }
        names.sort();
        let mut collector = Collector::default();
        let mut head: Option<Vec<String>> = None;
        for (words, name, sentences) in names {
            // Sorted, the forms of one name stand together, behind the shortest.
            let key = match head.take() {
                Some(first) if text.data().inflects_names() && are_forms(&first, &words) => first,
                _ => words,
            };
            sentences.iter().for_each(|&sentence| collector.add(key.clone(), name, sentence));
            head = Some(key);
        }
        Self(collector.items(1, text.data()))
    }
}

/// Whether two names may be inflected forms of one.
fn are_forms(first: &[String], second: &[String]) -> bool {
    first.len() == second.len()
        && first.iter().zip(second).all(|(a, b)| {
            let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
            let (a, b) = (a.chars().count() - shared, b.chars().count() - shared);
            (a, b) == (0, 0) || (shared >= SHARED && a <= ENDING && b <= ENDING)
        })
}

/// The words and phrases of a side that stand in so many sentences or more.
struct Terms(Vec<Item>);

impl Terms {
    fn of(text: &Text<'_>, at_least: usize) -> Self {
        let (surface, data) = (text.surface(), text.data());
        let function = data.table("function-words");
        let names: FxHashSet<String> =
            Mentions::of(text.text(), surface, data).words.iter().map(|word| fold(&word.text)).collect();
        let is_part = |token: &Token| {
            token.kind == TokenKind::Word && (token.case == Case::Lower || !names.contains(surface.folded(token)))
        };
        let mut collector = Collector::default();
        for (index, sentence) in surface.sentences.iter().enumerate() {
            let tokens = surface.tokens_of(sentence);
            let is_small = |token: &Token| function.has(surface.folded(token));
            for (start, first) in tokens.iter().enumerate() {
                if !is_part(first) || is_small(first) {
                    continue;
                }
                let (mut key, mut content) = (Vec::new(), 0);
                for token in tokens.iter().skip(start).take(MAX_TOKENS) {
                    if !is_part(token) || content == MAX_WORDS {
                        break;
                    }
                    key.push(stem(surface.folded(token), data));
                    if is_small(token) {
                        continue;
                    }
                    content += 1;
                    if key.len() == 1 && token.span.len() < 2 {
                        continue;
                    }
                    let form = first.span.cover(token.span).of(text.text());
                    let form = if start == 0 { lowered(form, data) } else { on_one_line(form) };
                    collector.add(key.clone(), &form, index);
                }
            }
        }
        Self(collector.items(at_least, data))
    }
}

/// A phrase from the head of a sentence as it would stand within one.
fn lowered(form: &str, data: LanguageData) -> String {
    let form = on_one_line(form);
    let (first, rest) = form.split_once(' ').unwrap_or((&form, ""));
    if data.capitalises_nouns() || case_of(first) != Case::Title {
        return form;
    }
    let first = first.to_lowercase();
    if rest.is_empty() { first } else { format!("{first} {rest}") }
}

fn on_one_line(form: &str) -> String {
    form.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a word is compared by: its beginning where the language inflects, in English the singular.
fn stem(folded: &str, data: LanguageData) -> String {
    if data.inflects_names() {
        return folded.chars().take(STEM).collect();
    }
    match folded.strip_suffix('s') {
        Some(stem) if data.tag() == "en" && stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => folded.to_owned(),
    }
}

/// How alike two names are by their letters alone, from 0 to 1; the languages are those of the source and of the target.
fn likeness(source: &str, target: &str, languages: [Option<&Language>; 2]) -> f64 {
    let plain = |name: &str| fold(name).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let letters = plain(source);
    if !letters.is_empty() && letters == plain(target) {
        return EQUAL;
    }
    if !may_render(source, target) {
        return 0.0;
    }
    // One of the two is in Latin letters, and the models read the other.
    let alike = match (is_latin(target), languages) {
        (true, [Some(from), _]) => names::likeness(source, from, target),
        (false, [_, Some(to)]) if is_latin(source) => names::likeness(target, to, source),
        _ => 0.0,
    };
    alike * EQUAL
}

fn is_latin(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_alphabetic())
}

/// Whether two spellings have about as many letters as those of one name have.
fn may_render(source: &str, target: &str) -> bool {
    let count = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count();
    // Han, kana and hangul, each of which takes two Latin letters or so.
    let is_wide = |name: &str| name.chars().any(|c| c >= '\u{2e80}');
    let (a, b) = (count(source), count(target));
    match (is_wide(source), is_wide(target)) {
        (true, false) => a * 4 <= b * 3,
        (false, true) => b * 4 <= a * 3,
        _ => {
            let (read, latin) = if is_latin(target) { (a, b) } else { (b, a) };
            read <= latin + MORE_LETTERS && latin <= read + read.max(MORE_LETTERS)
        }
    }
}

/// Which items stand in each passage, and in how many each does.
fn places(
    passages: &[Passage],
    items: &[Item],
    side: fn(&Passage) -> &Range<usize>,
    most: usize,
) -> (Vec<Vec<u32>>, Vec<usize>) {
    let mut by_passage: Vec<Vec<u32>> = vec![Vec::new(); passages.len()];
    let mut counts = vec![0; items.len()];
    for (index, item) in items.iter().enumerate() {
        let mut last = None;
        for &sentence in &item.sentences {
            let at = passages.partition_point(|p| side(p).end <= sentence);
            let inside = passages.get(at).is_some_and(|p| side(p).contains(&sentence));
            if !inside || last == Some(at) {
                continue;
            }
            last = Some(at);
            if let (Some(list), Some(count)) = (by_passage.get_mut(at), counts.get_mut(index)) {
                list.push(u32::try_from(index).unwrap_or(u32::MAX));
                *count += 1;
            }
        }
    }
    // Where a passage has more than are paired, those that stand in most passages have most to tell.
    for list in &mut by_passage {
        if list.len() > most {
            list.sort_by_key(|&i| (std::cmp::Reverse(counts.get(i as usize).copied().unwrap_or(0)), i));
            list.truncate(most);
        }
    }
    (by_passage, counts)
}

/// What a pair is rated by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// How often the two stand together: terms.
    Count,
    /// How alike they are: what may be a name or not.
    Letters,
    /// The one or the other: names.
    Both,
}

/// Gives each form its best partner.
fn link(
    by: By,
    passages: &[Passage],
    source: &[Item],
    target: &[Item],
    languages: [Option<&Language>; 2],
    options: &Options,
) -> Vec<Candidate> {
    let kind = if by == By::Count { Kind::Term } else { Kind::Name };
    let most = if by == By::Letters { MAX_FORMS_PER_PASSAGE } else { MAX_PER_PASSAGE };
    let (in_source, source_counts) = places(passages, source, |p| &p.source, most);
    let (in_target, target_counts) = places(passages, target, |p| &p.target, MAX_PER_PASSAGE);
    let mut together: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for (sources, targets) in in_source.iter().zip(&in_target) {
        for &s in sources {
            for &t in targets {
                if together.len() < MAX_PAIRS || together.contains_key(&(s, t)) {
                    *together.entry((s, t)).or_default() += 1;
                }
            }
        }
    }
    let mut likened = 0;
    let mut rated: Vec<(f64, usize, u32, u32, u32)> = Vec::new();
    let mut together: Vec<((u32, u32), u32)> = together.into_iter().collect();
    together.sort_unstable();
    for ((s, t), both) in together {
        let (Some(one), Some(other)) = (source.get(s as usize), target.get(t as usize)) else { continue };
        let count = |counts: &[usize], at: u32| counts.get(at as usize).copied().unwrap_or(0);
        let (a, b) = (count(&source_counts, s), count(&target_counts, t));
        let once = (both as usize) < MIN_PASSAGES;
        if once && by == By::Count {
            continue;
        }
        let by_count = association(both as usize, a, b, passages.len());
        let alike = if by != By::Count && likened < MAX_LIKENED {
            likened += 1;
            likeness(&one.text, &other.text, languages)
        } else {
            0.0
        };
        // Two names that stand together once are any two of the passage, unless their letters tell.
        let score = match alike >= ALIKE {
            true => alike.max(by_count),
            false if once || by == By::Letters => continue,
            false => by_count,
        };
        if score >= options.min_score {
            rated.push((score, one.words.len() + other.words.len(), s, t, both));
        }
    }
    // Longer before shorter where both are as sure: the parts of a phrase go together as often as the phrase.
    rated.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (b.4, b.1, a.2, a.3).cmp(&(a.4, a.1, b.2, b.3))));
    let mut taken = [FxHashSet::default(), FxHashSet::default()];
    let mut covered: FxHashMap<&[String], usize> = FxHashMap::default();
    let mut candidates = Vec::new();
    for (score, _, s, t, both) in rated {
        let (Some(one), Some(other)) = (source.get(s as usize), target.get(t as usize)) else { continue };
        if taken[0].contains(&s) || taken[1].contains(&t) {
            continue;
        }
        let count = |counts: &[usize], at: u32| counts.get(at as usize).copied().unwrap_or(0);
        let (a, b) = (count(&source_counts, s), count(&target_counts, t));
        // A part of a phrase that stands nowhere else says nothing new.
        if covered.get(one.words.as_slice()).is_some_and(|&whole| whole >= a) {
            continue;
        }
        taken[0].insert(s);
        taken[1].insert(t);
        for start in 0..one.words.len() {
            for end in start + 1..=one.words.len() {
                if let Some(part) = one.words.get(start..end) {
                    let known = covered.entry(part).or_default();
                    *known = (*known).max(a);
                }
            }
        }
        candidates.push(Candidate {
            source: one.text.clone(),
            target: other.text.clone(),
            kind,
            score: (score * 1_000.0).round() / 1_000.0,
            together: both as usize,
            in_source: a,
            in_target: b,
        });
    }
    candidates
}

/// How well two forms go together, from 0 to 1: Dice, weighed by how surely it is no chance.
fn association(both: usize, source: usize, target: usize, all: usize) -> f64 {
    let (k, a, b, n) = (both as f64, source as f64, target as f64, all as f64);
    if k * n <= a * b {
        // They stand together no oftener than chance would have them; in a text of one passage nothing can be said.
        return 0.0;
    }
    let term = |observed: f64, expected: f64| if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 };
    let g = 2.0
        * (term(k, a * b / n)
            + term(a - k, a * (n - b) / n)
            + term(b - k, (n - a) * b / n)
            + term(n - a - b + k, (n - a) * (n - b) / n));
    let dice = 2.0 * k / (a + b);
    dice * g / (g + EVEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> (String, String) {
        let pairs = [
            (
                "Губернатор Мещеряков приехал в Дресвянку в понедельник.",
                "Governor Meshcheryakov came to Dresvyanka on Monday.",
            ),
            ("Зерновой терминал закрыли из-за паводка.", "The grain terminal was closed because of the flood."),
            ("Жители ждали помощи от компании Microsoft.", "Residents waited for help from the firm Microsoft."),
            ("Зерновой терминал откроют, сказал Мещеряков.", "The grain terminal will open, said Meshcheryakov."),
            ("Дорога в Дресвянку размыта.", "The road to Dresvyanka is washed out."),
            ("Потом пришли новые баржи.", "Then new barges came."),
            ("Вечером зерновой терминал снова загорелся.", "In the evening the grain terminal caught fire again."),
            ("Никто не пострадал, и все ушли домой.", "Nobody was hurt, and all went home."),
            ("Утром в Дресвянке было тихо.", "In the morning all was quiet in Dresvyanka."),
            ("Врачи просили Мещерякова о деньгах.", "The doctors asked Meshcheryakov for money."),
        ];
        let side = |pick: fn(&(&'static str, &'static str)) -> &'static str| {
            pairs.iter().map(pick).collect::<Vec<_>>().join("\n\n")
        };
        (side(|p| p.0), side(|p| p.1))
    }

    fn languages() -> [Option<Language>; 2] {
        ["ru", "en"].map(|tag| Language::parse(tag).ok())
    }

    #[test]
    fn names_and_terms_that_stand_together_are_proposed() {
        let (source, target) = texts();
        let mined = mine(&source, &target, languages(), &Options::default());
        let found: Vec<(&str, &str)> =
            mined.candidates.iter().map(|c| (c.source.as_str(), c.target.as_str())).collect();
        for wanted in
            [("зерновой терминал", "grain terminal"), ("Мещеряков", "Meshcheryakov"), ("Microsoft", "Microsoft")]
        {
            assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
        }
        assert!(found.iter().any(|(s, t)| s.starts_with("Дресвянк") && *t == "Dresvyanka"), "{found:?}");
        assert!(!found.iter().any(|(s, _)| *s == "терминал"), "{found:?}");
        assert_eq!(mined, mine(&source, &target, languages(), &Options::default()));
    }

    #[test]
    fn names_that_stand_together_once_are_alike() {
        let pairs = [
            ("Вчера Наталья Гречко вылетела в Оттаву.", "Yesterday Natalia Grechko flew to Ottawa."),
            ("Потом было тихо.", "Then it was quiet."),
        ];
        let side = |at: fn(&(&'static str, &'static str)) -> &'static str| pairs.iter().map(at).collect::<Vec<_>>();
        let (source, target) = (side(|p| p.0).join("\n\n"), side(|p| p.1).join("\n\n"));
        let found = mine(&source, &target, languages(), &Options::default()).candidates;
        let found: Vec<(&str, &str)> = found.iter().map(|c| (c.source.as_str(), c.target.as_str())).collect();
        assert!(found.contains(&("Наталья Гречко", "Natalia Grechko")), "{found:?}");
        assert!(found.iter().all(|(s, t)| !s.starts_with("Оттав") || *t == "Ottawa"), "{found:?}");
    }

    #[test]
    fn a_form_that_others_are_inflected_from_is_shown() {
        let morphology = LanguageData::of(&Language::parse("ru").expect("tag")).morphology();
        let forms = || [("Дресвянку", 2), ("Дресвянке", 2), ("Дресвянка", 1)].map(|(f, n)| (f.to_owned(), n)).to_vec();
        assert_eq!(dictionary_form(forms(), morphology), "Дресвянка");
        assert_eq!(dictionary_form(forms(), None), "Дресвянку");
        assert_eq!(dictionary_form(Vec::new(), morphology), "");
    }

    #[test]
    fn nothing_is_proposed_of_nothing() {
        for (source, target) in [("", ""), ("Слово.", ""), ("", "Word."), ("Слово.", "Word.")] {
            assert_eq!(mine(source, target, languages(), &Options::default()).candidates, []);
        }
    }

    #[test]
    fn a_score_and_a_number_bound_what_is_proposed() {
        let (source, target) = texts();
        let all = mine(&source, &target, languages(), &Options { min_score: 0.0, most: 1_000 }).candidates;
        assert!(all.iter().all(|c| (0.0..=1.0).contains(&c.score)), "{all:?}");
        let sure = mine(&source, &target, languages(), &Options { min_score: 0.5, most: 2 }).candidates;
        assert!(sure.len() == 2 && sure.len() < all.len() && sure.iter().all(|c| c.score >= 0.5));
    }
}
