//! Training the model of garbled English: sentences spoilt on purpose, translations in which people marked or changed words, and
//! texts by machines beside texts by people.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use indicatif::ProgressBar;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::analyse::fluency::{MACHINE, PATTERNS, Signs, Tried, machine_scale, pattern_sums, signs, word_row};
use crate::analyse::syntax::Syntax;
use crate::article::Language;
use crate::language::LanguageData;
use crate::models::boost::Forest;
use crate::models::garble::{PATTERN_BITS, Sums};
use crate::models::lm::LanguageModel;
use crate::models::{ModelFile, hashed, language_model};
use crate::span::{Encoding, OffsetMap, Span};
use crate::surface::{Surface, TokenKind};
use crate::train::boost::{Goal, Options, Rows, grow};
use crate::train::labelled::{self, Mark, Row};
use crate::train::lm::{files, held_out, read_lines};
use crate::train::spoil::{self, Clean, Way};

/// Where the generators start.
const SEED: u64 = 0x0b_e1_06;
/// How often each clean sentence is spoilt in each way.
const ROUNDS: usize = 2;
/// For how many spoilt sentences an untouched one stands: few of them may be flagged.
const UNTOUCHED: f32 = 24.0;
/// News of one source, which the language model knows best: for how many others a sentence of it stands.
const HELD_NEWS: f32 = 0.7;
/// Lines of a file without documents that are taken for one.
const LINES: usize = 10;
/// Sentences of a document that are looked at together.
const SENTENCES: usize = 60;
/// Documents that are taken of each file of plain text, and of news.
const PLAIN_DOCUMENTS: usize = 160;
const NEWS_DOCUMENTS: usize = 600;
/// A sentence of which more is marked does not tell which of its words are bad.
const MOST_MARKED: f32 = 0.7;

/// For how many a spoilt sentence stands. Dropped words are mostly not seen; to look for them costs the others.
fn worth(way: Way) -> f32 {
    match way {
        Way::Shuffled | Way::Cut | Way::Repeated => 1.0,
        Way::Swapped | Way::Misspelt => 2.0,
        Way::Dropped => 0.0,
        Way::Mixed => 0.2,
    }
}

/// The same for sentences in no order at all; below nought, for how many that are not one stands.
fn worth_scrambled(way: Way) -> f32 {
    match way {
        Way::Shuffled | Way::Mixed => 1.0,
        Way::Swapped | Way::Dropped | Way::Misspelt | Way::Cut | Way::Repeated => -2.0,
    }
}

fn by_hand(system: &str) -> bool {
    system.starts_with("Human") || system == "reference"
}

/// A translation and what people marked in it.
struct Marked {
    text: String,
    doc: String,
    human: bool,
    marks: Vec<Span>,
    raters: f32,
}

/// The translations of some rows, each once, with the marks of all who looked at it.
fn marked(rows: &[Row]) -> Vec<Marked> {
    let mut all: BTreeMap<(&str, &str, &str), (f32, Vec<Span>)> = BTreeMap::new();
    for row in rows {
        let map = OffsetMap::new(&row.target, Encoding::Utf32);
        let (raters, marks) = all.entry((&row.doc, &row.system, &row.target)).or_default();
        *raters += 1.0;
        // Marks that are only remarks, and those on marks.
        let counts = |m: &&Mark| m.severity != "neutral" && !m.category.contains("punctuation");
        let place = |m: &Mark| Some(Span::new(map.to_byte(m.start)?, map.to_byte(m.end)?));
        marks.extend(row.spans.iter().filter(counts).filter_map(place));
    }
    let one = |((doc, system, text), (raters, marks)): ((&str, &str, &str), (f32, Vec<Span>))| Marked {
        text: text.to_owned(),
        doc: format!("{doc}\t{system}"),
        human: by_hand(system),
        marks,
        raters,
    };
    all.into_iter().map(one).collect()
}

/// A sentence, looked at: its signs, and which share of the people marked each word.
struct Looked {
    signs: Signs,
    marked: Vec<f32>,
}

/// What looks at sentences.
struct Looker<'m> {
    data: LanguageData,
    model: &'m LanguageModel<'m>,
    tried: Tried,
}

impl Looker<'_> {
    fn look(&self, text: &str, marks: &[Span], raters: f32) -> Vec<Looked> {
        let surface = Surface::new(text, self.data, &[], &[]);
        let one = |sentence| {
            let tokens = surface.tokens_of(sentence);
            let syntax = Syntax::of(text, tokens, self.data);
            let signs = signs(self.model, &self.tried, &surface, tokens, syntax.as_ref());
            let touched = |(token, _): &(usize, _)| {
                let span = tokens.get(*token).map_or(Span::new(0, 0), |t| t.span);
                let marks = marks.iter().filter(|m| m.start() < span.end() && span.start() < m.end()).count();
                (marks as f32 / raters).min(1.0)
            };
            Looked { marked: signs.words.iter().map(touched).collect(), signs }
        };
        surface.sentences.iter().map(one).collect()
    }

    fn all(&self, texts: &[Marked]) -> Vec<Vec<Looked>> {
        texts.par_iter().map(|text| self.look(&text.text, &text.marks, text.raters)).collect()
    }

    fn words_of(&self, row: &Row) -> Vec<String> {
        let language = Language::parse(&row.source_language).ok();
        words(&row.source, language.as_ref().map_or(self.data, LanguageData::of))
    }
}

fn words(text: &str, data: LanguageData) -> Vec<String> {
    let surface = Surface::new(text, data, &[], &[]);
    let words = surface.tokens.iter().filter(|t| t.kind == TokenKind::Word);
    words.map(|t| t.span.of(text).to_owned()).collect()
}

/// Text by people that no language model is trained on, by documents.
struct Untouched {
    sentences: Vec<Clean>,
    doc: u64,
    news: bool,
}

/// Held-out lines of news, and the English of XQuAD and TICO-19.
fn untouched(data: &Path, english: LanguageData) -> anyhow::Result<Vec<Untouched>> {
    let mut all = Vec::new();
    let mut put = |text: &str, source: Vec<String>, doc: u64, news: bool| {
        let mut sentences = spoil::sentences(text, english);
        for sentence in &mut sentences {
            sentence.source.clone_from(&source);
        }
        all.push(Untouched { sentences, doc, news });
    };
    for (at, line) in held_out(data, "en")?.iter().enumerate() {
        put(line, Vec::new(), (at / LINES) as u64, true);
    }
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for language in ["de", "es", "ru", "zh", "tr", "vi", "th", "ro", "ar", "el", "fr", "pt", "fa"] {
        let path = data.join("parallel").join(format!("{language}-en.tsv.gz"));
        let knowledge = LanguageData::of(&Language::parse(language)?);
        for line in read_lines_plain(&path)? {
            let mut fields = line.split('\t');
            if let (Some(source), Some(text), Some("xquad" | "tico19")) = (fields.next(), fields.next(), fields.next())
                && seen.insert(text.to_owned())
            {
                put(text, words(source, knowledge), hashed::hash(b"parallel") ^ (count / LINES) as u64, false);
                count += 1;
            }
        }
    }
    Ok(all)
}

fn read_lines_plain(path: &Path) -> anyhow::Result<Vec<String>> {
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).with_context(|| path.display().to_string())?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Documents of plain text, evenly from each file.
fn plain(data: &Path) -> anyhow::Result<Vec<Vec<String>>> {
    let mut all = Vec::new();
    for path in files(data, "en")? {
        let lines = read_lines(&path)?;
        let news = path.file_name().is_some_and(|n| n.to_string_lossy().contains("news"));
        let wanted = if news { NEWS_DOCUMENTS } else { PLAIN_DOCUMENTS };
        let step = (lines.len() / wanted).max(LINES);
        let documents = lines.chunks(step).take(wanted);
        all.extend(documents.map(|d| d.iter().take(LINES).filter(|l| l.len() < 900).cloned().collect()));
    }
    Ok(all)
}

/// Weights that are added up, learned by steps that shrink as a weight has moved (Duchi and others 2011).
struct Learned {
    base: f32,
    weights: Vec<f32>,
    moved: Vec<f32>,
}

impl Learned {
    fn new(base: f32, moved: f32) -> Self {
        let size = 1 << PATTERN_BITS;
        Self { base, weights: vec![0.0; size], moved: vec![moved; size] }
    }

    fn place(pattern: u64) -> usize {
        (pattern >> (64 - PATTERN_BITS)) as usize
    }

    fn step(&mut self, at: usize, slope: f32, rate: f32) {
        self.moved[at] += slope * slope;
        self.weights[at] -= rate * slope / self.moved[at].sqrt();
    }

    /// As the program will read it.
    fn bytes(&self) -> Vec<u8> {
        Sums::write(self.base, &self.weights)
    }
}

/// A document as counts of patterns.
struct Counted {
    counts: Vec<(usize, f32)>,
    scale: f32,
    machine: bool,
    weight: f32,
    doc: u64,
    /// News that people translated: what thresholds are found on.
    reference: bool,
}

fn counted<'s>(sentences: impl Iterator<Item = &'s Signs>, machine: bool, weight: f32, doc: u64) -> Counted {
    let mut counts: BTreeMap<usize, f32> = BTreeMap::new();
    let mut all = 0;
    for pattern in sentences.flat_map(|s| &s.patterns).flat_map(|p| MACHINE.map(|at| p[at])) {
        *counts.entry(Learned::place(pattern)).or_default() += 1.0;
        all += 1;
    }
    Counted { counts: counts.into_iter().collect(), scale: machine_scale(all), machine, weight, doc, reference: false }
}

fn machine_value(learned: &Learned, one: &Counted) -> f32 {
    learned.base + one.scale * one.counts.iter().map(|(at, count)| learned.weights[*at] * count).sum::<f32>()
}

fn learn_machine(documents: &[&Counted]) -> Learned {
    const EPOCHS: usize = 6;
    const RATE: f32 = 0.8;
    let mut learned = Learned::new(0.0, 1.5e-5);
    let mut order: Vec<usize> = (0..documents.len()).collect();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    for _ in 0..EPOCHS {
        order.shuffle(&mut random);
        for at in &order {
            let one = documents[*at];
            let chance = 1.0 / (1.0 + (-machine_value(&learned, one)).exp());
            let miss = (chance - f32::from(u8::from(one.machine))) * one.weight;
            for (place, count) in &one.counts {
                learned.step(*place, miss * one.scale * count, RATE);
            }
            learned.base -= 0.01 * miss;
        }
    }
    learned
}

/// A word to learn from: its patterns, the share of people who marked it, for how many it stands.
type Lesson<'s> = (&'s [u64; PATTERNS], f32, f32);

fn learn_patterns(lessons: &[Lesson<'_>]) -> Learned {
    const EPOCHS: usize = 3;
    const BATCH: usize = 4_096;
    const RATE: f32 = 0.15;
    let mut learned = Learned::new(-2.5, 0.1);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut random = Pcg64Mcg::seed_from_u64(SEED + 1);
    let mut slopes = vec![0.0_f32; learned.weights.len()];
    let mut touched: Vec<usize> = Vec::new();
    for _ in 0..EPOCHS {
        order.shuffle(&mut random);
        for batch in order.chunks(BATCH) {
            let mut sum = 0.0;
            for at in batch {
                let (patterns, target, weight) = lessons[*at];
                let places = || patterns.iter().map(|p| Learned::place(*p));
                let value = learned.base + places().map(|place| learned.weights[place]).sum::<f32>();
                let miss = (1.0 / (1.0 + (-value).exp()) - target) * weight;
                for place in places() {
                    if slopes[place] == 0.0 {
                        touched.push(place);
                    }
                    slopes[place] += miss;
                }
                sum += miss;
            }
            for place in touched.drain(..) {
                let slope = std::mem::take(&mut slopes[place]);
                learned.step(place, slope, RATE);
            }
            learned.base -= 0.0002 * sum;
        }
    }
    learned
}

fn fold_of(doc: &str) -> u64 {
    hashed::hash(doc.as_bytes()) >> 20 & 1
}

/// Builds `garble.obm` from the folder of training data; and says how texts by machines and by people are told apart.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(data: &Path, progress: &ProgressBar) -> anyhow::Result<(Vec<u8>, String)> {
    let english = LanguageData::of(&Language::parse("en")?);
    let model = language_model("en").context("there is no language model of English; obelus train lm builds it")?;
    let looker = Looker { data: english, model, tried: Tried::of(model) };
    progress.set_message("reading");
    let news = labelled::read(data, "mqm-news2020.zh-en.train")?;
    let smt = marked(&labelled::read(data, "smt-news.fi-en.train")?);
    let mut edited = Vec::new();
    for language in ["ru", "ro", "et"] {
        edited.extend(marked(&labelled::read(data, &format!("mlqe-pe.{language}-en.train"))?));
    }
    let clean = untouched(data, english)?;
    let mut spoilt_from: Vec<(Clean, f32)> = clean
        .iter()
        .flat_map(|u| u.sentences.iter().map(|s| (s.clone(), if u.news { HELD_NEWS } else { 1.0 })))
        .collect();
    let mut seen = BTreeSet::new();
    for row in news.iter().filter(|row| by_hand(&row.system)) {
        if seen.insert(&row.target) {
            let source = looker.words_of(row);
            let of_row = spoil::sentences(&row.target, english).into_iter();
            spoilt_from.extend(of_row.map(|mut sentence| {
                sentence.source.clone_from(&source);
                (sentence, 1.0)
            }));
        }
    }
    let news = marked(&news);
    progress.set_message("spoilt sentences");
    let [sentence, scrambled] = sentences(&looker, &spoilt_from);
    progress.set_message("marked translations");
    let (news_looked, edited_looked, smt_looked) = (looker.all(&news), looker.all(&edited), looker.all(&smt));
    let clean_looked: Vec<Vec<Looked>> =
        clean.par_iter().map(|u| u.sentences.iter().flat_map(|s| looker.look(&s.text, &[], 1.0)).collect()).collect();
    progress.set_message("machine or human");
    let plain: Vec<Vec<Vec<Looked>>> = plain(data)?
        .par_iter()
        .map(|document| document.iter().map(|line| looker.look(line, &[], 1.0)).collect())
        .collect();
    let mut documents = Vec::new();
    for (texts, looked, weight) in [(&news, &news_looked, 1.0), (&smt, &smt_looked, 2.0)] {
        let mut by_doc: BTreeMap<&str, (bool, Vec<&Signs>)> = BTreeMap::new();
        for (text, sentences) in texts.iter().zip(looked) {
            let entry = by_doc.entry(&text.doc).or_insert((text.human, Vec::new()));
            entry.1.extend(sentences.iter().map(|l| &l.signs));
        }
        for (doc, (human, sentences)) in by_doc {
            // What people translated from Chinese runs like a machine's, and is marked like it: neither.
            let reference = human && weight > 1.0;
            let doc = doc.split('\t').next().unwrap_or("");
            if !human || reference {
                for part in sentences.chunks(SENTENCES) {
                    let weight = if reference { 2.0 * weight } else { weight };
                    let one = counted(part.iter().copied(), !human, weight, fold_of(doc));
                    documents.push(Counted { reference, ..one });
                }
            }
        }
    }
    for (at, part) in edited_looked.chunks(LINES).enumerate() {
        documents.push(counted(part.iter().flatten().map(|l| &l.signs), true, 0.3, at as u64 & 1));
    }
    for (at, part) in clean_looked.chunks(LINES).enumerate() {
        documents.push(counted(part.iter().flatten().map(|l| &l.signs), false, 1.0, at as u64 & 1));
    }
    for (at, part) in plain.iter().enumerate() {
        documents.push(counted(part.iter().flatten().map(|l| &l.signs), false, 1.0, at as u64 & 1));
    }
    drop(plain);
    let report = report(&documents);
    let machine = learn_machine(&documents.iter().collect::<Vec<_>>());
    progress.set_message("marked words");
    let of_people = || {
        let of = |texts, looked, weight| {
            std::iter::zip::<&Vec<Marked>, &Vec<Vec<Looked>>>(texts, looked).map(move |(t, l)| (t, l, weight))
        };
        of(&news, &news_looked, 1.0_f32).chain(of(&edited, &edited_looked, 0.4))
    };
    let lessons = |wanted: Option<u64>| {
        let mut all: Vec<Lesson<'_>> = Vec::new();
        let fits = |fold: u64| wanted.is_none_or(|w| w == fold);
        for (text, looked, weight) in of_people() {
            if fits(fold_of(text.doc.split('\t').next().filter(|d| !d.is_empty()).unwrap_or(&text.text))) {
                for one in looked {
                    all.extend(one.signs.patterns.iter().zip(&one.marked).map(|(p, m)| (p, *m, weight)));
                }
            }
        }
        for (text, looked) in clean.iter().zip(&clean_looked).filter(|(u, _)| fits(u.doc & 1)) {
            let weight = if text.news { HELD_NEWS } else { 1.0 };
            all.extend(looked.iter().flat_map(|one| &one.signs.patterns).map(|p| (p, 0.0, weight)));
        }
        all
    };
    // What half of the documents teach is asked of the other half.
    let halves: Vec<Vec<u8>> = [1, 0].map(|other| learn_patterns(&lessons(Some(other))).bytes()).into();
    let halves: Vec<Sums<'_>> = halves.iter().filter_map(|bytes| Sums::read(bytes)).collect();
    let patterns = learn_patterns(&lessons(None));
    let mut table = Rows::default();
    for (text, looked, weight) in of_people() {
        let words: usize = looked.iter().map(|l| l.marked.len()).sum();
        let rate = looked.iter().flat_map(|l| &l.marked).sum::<f32>() / words.max(1) as f32;
        if rate <= 0.0 || rate > MOST_MARKED {
            continue;
        }
        let fold = fold_of(text.doc.split('\t').next().filter(|d| !d.is_empty()).unwrap_or(&text.text));
        for one in looked {
            let told = halves.get(fold as usize).map_or_else(Vec::new, |half| pattern_sums(half, &one.signs.patterns));
            for (nth, ((_, signs), marked)) in one.signs.words.iter().zip(&one.marked).enumerate() {
                table.push(&word_row(signs, &told, nth), *marked, weight, false);
                table.offsets.push((rate / (1.0 - rate)).ln());
            }
        }
    }
    let options =
        Options { trees: 160, depth: 6, rate: 0.15, ridge: 20.0, columns: 0.4, rows: 0.6, ..Options::default() };
    let word = grow(&table, &Options { goal: Goal::Chance, ..options }, |made, _| {
        progress.set_message(format!("words, tree {made}"))
    });
    let about = "what: signs of garbled English, weighed\n\
        built-by: obelus train garble --data DIR\n\
        built-from: news-current-events (held-out lines), XQuAD, TICO-19, MQM newstest2020 zh-en, MLQE-PE ru, ro, et, WMT16 fi-en, \
        plain English of train/mono\n\
        licence: CC BY-SA 4.0\n";
    let sections = [
        ("sentence", sentence.write()),
        ("scrambled", scrambled.write()),
        ("word", word.write()),
        ("patterns", patterns.bytes()),
        ("machine", machine.bytes()),
    ];
    Ok((ModelFile::write(about, &sections.map(|(name, bytes)| (name.to_owned(), bytes))), report))
}

/// The trees that tell spoilt sentences from untouched ones, and those that tell scrambled ones from all others.
fn sentences(looker: &Looker<'_>, clean: &[(Clean, f32)]) -> [Forest; 2] {
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut texts: Vec<(String, Option<Way>, f32)> = Vec::new();
    for (sentence, weight) in clean {
        texts.push((sentence.text.clone(), None, *weight));
        for _ in 0..ROUNDS {
            for way in Way::ALL {
                texts.extend(way.spoil(sentence, &mut random).map(|text| (text, Some(way), *weight)));
            }
        }
    }
    let looked: Vec<Vec<f32>> = texts
        .par_iter()
        .map(|(text, _, _)| looker.look(text, &[], 1.0).into_iter().next().map_or_else(Vec::new, |l| l.signs.sentence))
        .collect();
    [(worth as fn(Way) -> f32, 300), (worth_scrambled, 100)].map(|(worth, trees)| {
        let mut rows = Rows::default();
        for (signs, (_, way, weight)) in looked.iter().zip(&texts).filter(|(signs, _)| !signs.is_empty()) {
            let (target, worth) = match way.map(worth) {
                None => (0.0, UNTOUCHED),
                Some(worth) if worth < 0.0 => (0.0, -worth),
                Some(worth) => (1.0, worth),
            };
            if worth > 0.0 {
                rows.push(signs, target, weight * worth, false);
            }
        }
        let options =
            Options { trees, depth: 6, rate: 0.12, ridge: 10.0, columns: 0.5, rows: 0.7, ..Options::default() };
        grow(&rows, &options, |_, _| {})
    })
}

/// How well machine and human documents are told apart when neither was learned from, and what thresholds are found by.
fn report(documents: &[Counted]) -> String {
    let mut values: Vec<(f32, bool)> = Vec::new();
    for fold in [0, 1] {
        let others: Vec<&Counted> = documents.iter().filter(|d| d.doc & 1 != fold).collect();
        let learned = learn_machine(&others);
        let own = documents.iter().filter(|d| d.doc & 1 == fold && (d.reference || d.machine && d.weight >= 1.0));
        values.extend(own.map(|d| (machine_value(&learned, d), d.machine)));
    }
    let of = |machine: bool| {
        let mut list: Vec<f32> = values.iter().filter(|v| v.1 == machine).map(|v| v.0).collect();
        list.sort_by(f32::total_cmp);
        let at = |share: f64| list.get((list.len() as f64 * share) as usize).copied().unwrap_or_default();
        [0.05, 0.25, 0.5, 0.75, 0.9, 0.95].map(at)
    };
    format!(
        "odds of a machine, of documents not learned from (5, 25, 50, 75, 90, 95 of a hundred): machine {:.2?}, human {:.2?}",
        of(true),
        of(false)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(places: &[usize], machine: bool) -> Counted {
        let counts = places.iter().map(|at| (*at, 1.0)).collect();
        Counted { counts, scale: machine_scale(places.len()), machine, weight: 1.0, doc: 0, reference: false }
    }

    #[test]
    fn machines_are_told_by_their_patterns() {
        let documents: Vec<Counted> = (0..60)
            .map(|at| if at % 2 == 0 { one(&[1, 2, 100 + at], true) } else { one(&[3, 4, 100 + at], false) })
            .collect();
        let learned = learn_machine(&documents.iter().collect::<Vec<_>>());
        assert!(machine_value(&learned, &one(&[1, 2, 9], true)) > 1.0);
        assert!(machine_value(&learned, &one(&[3, 4, 9], false)) < -1.0);
        let again = learn_machine(&documents.iter().collect::<Vec<_>>());
        assert_eq!(learned.bytes(), again.bytes());
    }

    #[test]
    fn marked_words_are_told_by_their_patterns() {
        let pattern = |n: u64| [n << (64 - PATTERN_BITS); PATTERNS];
        let (bad, good) = (pattern(5), pattern(6));
        let lessons: Vec<Lesson<'_>> =
            (0..4_000).map(|at| if at % 2 == 0 { (&bad, 0.9, 1.0) } else { (&good, 0.05, 1.0) }).collect();
        let learned = learn_patterns(&lessons);
        assert!(learned.weights[5] > learned.weights[6] + 0.1, "{} {}", learned.weights[5], learned.weights[6]);
    }

    #[test]
    fn marks_of_all_raters_count() {
        let row = |rater: &str| {
            format!(
                r#"{{"target":"A bad word.","doc":"d","system":"s","rater":"{rater}","spans":[{{"start":2,"end":5,"severity":"minor","category":"style"}},{{"start":10,"end":11,"severity":"minor","category":"fluency/punctuation"}}]}}"#
            )
        };
        let rows: Vec<Row> = ["a", "b"].iter().map(|r| serde_json::from_str(&row(r)).expect("a row")).collect();
        let all = marked(&rows);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].raters, all[0].marks.len()), (2.0, 2));
    }
}
