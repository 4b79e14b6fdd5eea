//! `number/value` and `number/magnitude`: figures that are not those of the source.
//!
//! A figure is wrong only where two things come together: nothing that the source says near it can be its value, and the source
//! has a figure of the same kind that nothing in the translation can be.

use std::sync::Arc;

use crate::analyse::{Document, Passage, Text};
use crate::check::figure::{Habits, is_term};
use crate::check::quantity::{CARDINALS, MAX_QUANTITIES, Quantity, Reading, TABLE, is_converted, same};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::BlockKind;

/// Languages whose number words are known, and that write numbers with words between spaces.
const INTO: &[&str] = &["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr"];
/// Languages whose number words are known.
const FROM: &[&str] = &["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr", "ar", "zh", "ja"];

pub(in crate::check) static VALUE: Rule = Rule {
    id: "number/value",
    summary: "A figure that is not the source’s: 46 for 64.",
    mqm: "accuracy/mistranslation",
    its: "numbers",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM },
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(value),
};

pub(in crate::check) static MAGNITUDE: Rule = Rule {
    id: "number/magnitude",
    summary: "The source’s digits with another magnitude: a million for a billion, 72 for 7.2.",
    mqm: "accuracy/mistranslation",
    its: "numbers",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM },
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(magnitude),
};

/// The digits are the source's, and the magnitude is not.
const MAGNITUDES: f64 = 0.92;
/// Both figures are percentages, years, money, or measured.
const ONE_KIND: f64 = 0.85;
/// Nothing tells what the figures count.
const ALONE: f64 = 0.72;
/// The same, where one of the two is written in words.
const IN_WORDS: f64 = 0.7;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.5;
/// Sentences around that are asked whether they have a value.
const NEAR: usize = 1;
/// The most figures of a sentence that are said to be wrong: more are another text.
const MAX_WRONG: usize = 2;
/// A rounder figure is the source's, rounded, where it differs by less than this share.
const ROUNDED: f64 = 0.08;
/// Figures that differ by more than this factor, with other digits, count other things.
const FARTHEST: f64 = 30.0;
/// Without a word for its scale a figure needs so many digits to be known again in another magnitude: on clean news 1 inch and
/// 10 centimetres stand in paired sentences.
const TELLING: usize = 2;
/// From here on a figure without a fraction is rounded now and then; below it news has the figure itself.
const ROUND: f64 = 50.0;
/// Numbers in words that differ by more than this factor count other things.
const FARTHEST_WORDS: f64 = 5.0;

/// A figure of the translation and that of the source which stands for it.
struct Pair<'r> {
    target: &'r Quantity,
    source: &'r Quantity,
    /// The first figure of a range, which shares the source's scale: "from 200 to 500" for 200 to 500 thousand.
    range: Option<&'r Quantity>,
}

/// The figure before one, where the two make a range.
fn range_before<'r>(reading: &'r Reading, figure: &Quantity) -> Option<&'r Quantity> {
    let at = reading.figures.iter().position(|q| q.span == figure.span)?;
    reading.figures.get(at.checked_sub(1)?).filter(|q| q.leads && q.scale.is_none())
}

/// What the figures of a sentence and those of its source say, as far as they do not say the same.
#[derive(Default)]
struct Wrong {
    magnitudes: Vec<(usize, usize)>,
    values: Vec<(usize, usize)>,
}

fn value(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    compare(document, passage, false, out);
}

fn magnitude(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    compare(document, passage, true, out);
}

fn compare(document: &Document<'_>, passage: &Passage<'_>, magnitudes: bool, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else {
        return;
    };
    if passage.kind() == BlockKind::Byline || !has_numbers(passage, !magnitudes) {
        return;
    }
    let paired = document.alignment().source_of(passage.place);
    if paired.confidence < PAIRED || paired.source.is_empty() || paired.source.len() > 2 {
        return;
    }
    let own = Reading::of(passage, false);
    if own.overfull || (own.figures.is_empty() && (magnitudes || own.words.is_empty())) {
        return;
    }
    let read = |text, sentence, is_source| Reading::of(&Passage { text, sentence, place: sentence }, is_source);
    let from: Vec<Arc<Reading>> = paired.source.clone().map(|s| read(source, s, true)).collect();
    if from.iter().any(|r| r.overfull) {
        return;
    }
    if !magnitudes {
        let sentences: Vec<(usize, &Reading)> = paired.source.clone().zip(from.iter().map(Arc::as_ref)).collect();
        super::change::find(document, passage, &own, &sentences, out);
    }
    // Most sentences say nothing that their source does not.
    let said = |v: f64| from.iter().any(|r| r.holds(v));
    if own.all().all(|q| said(q.value)) {
        return;
    }
    let around = |text, range: std::ops::Range<usize>, is_source| -> Vec<Arc<Reading>> {
        let last = Text::surface(text).sentences.len();
        let outer = range.start.saturating_sub(NEAR)..(range.end + NEAR).min(last);
        outer.filter(|s| !range.contains(s)).map(|s| read(text, s, is_source)).collect()
    };
    let source_around = around(source, paired.source.clone(), true);
    let target_around = around(&document.target, passage.place..passage.place + 1, false);
    let holds = |near: &[Arc<Reading>], v: f64| near.iter().any(|r| r.holds(v));
    // What both sides have in the sentences around belongs there.
    let in_source = |v: f64| said(v) || (holds(&source_around, v) && !holds(&target_around, v));
    let in_target = |v: f64| own.holds(v) || (holds(&target_around, v) && !holds(&source_around, v));
    // Two second readings that agree say nothing: 5.69 and 5.96 may both be a time.
    let read_so =
        |q: &Quantity, readings: &[Arc<Reading>]| q.values().skip(1).any(|v| readings.iter().any(|r| r.says(v)));
    let counts = |q: &&Quantity| q.free && !q.day;
    let lost = |q: &&Quantity| counts(q) && !in_source(q.value) && !read_so(q, &from);
    let extra: Vec<&Quantity> = own.all().filter(lost).collect();
    let own_alone = std::slice::from_ref(&own);
    let lost = |q: &&Quantity| counts(q) && !in_target(q.value) && !read_so(q, own_alone);
    let missing: Vec<&Quantity> = from.iter().flat_map(|r| r.all()).filter(lost).collect();
    if extra.is_empty() || missing.is_empty() || extra.len() > MAX_QUANTITIES {
        return;
    }
    let wrong = pair_up(&extra, &missing);
    let chosen = if magnitudes { &wrong.magnitudes } else { &wrong.values };
    for &(t, s) in chosen {
        let (Some(&target), Some(&source)) = (extra.get(t), missing.get(s)) else {
            continue;
        };
        // "From 1.7 a year ago to 2.4 million": the one has the scale of the other.
        let shares = magnitudes
            && match (target.scale, source.scale) {
                (Some(scale), None) => from.iter().any(|reading| reading.has_scale(scale.value)),
                (None, Some(scale)) => own.has_scale(scale.value),
                _ => false,
            };
        if !shares && !is_term(document, passage, target.span) {
            let range = range_before(&own, target).filter(|first| {
                let twin = from.iter().find_map(|reading| range_before(reading, source));
                twin.is_some_and(|twin| same(twin.lead, first.lead) && twin.scale.is_none())
            });
            out.push(draft(document, passage, &Pair { target, source, range }, magnitudes));
        }
    }
}

/// Which figure stands for which: first those with the same digits, then those that are left, where they are as many and of
/// one kind, in their order.
fn pair_up(extra: &[&Quantity], missing: &[&Quantity]) -> Wrong {
    let mut wrong = Wrong::default();
    let (mut left, mut lacking): (Vec<usize>, Vec<usize>) = ((0..extra.len()).collect(), (0..missing.len()).collect());
    left.retain(|&t| {
        let twin = lacking.iter().position(|&s| {
            let (target, source) = (extra[t], missing[s]);
            target.has_digits_of(source)
                && fits(target, source)
                && !is_other_unit(target, source)
                && (target.scale.is_some()
                    || source.scale.is_some()
                    || digits(target.value) >= TELLING
                    || is_thousandth(target, source))
        });
        if let Some(at) = twin.filter(|&at| !extra[t].in_words && (extra[t].percent || !missing[lacking[at]].in_words))
        {
            wrong.magnitudes.push((t, lacking.remove(at)));
        }
        twin.is_none()
    });
    // A figure that is the only one of its kind on either side has its own.
    let mut sure = Vec::new();
    left.retain(|&t| {
        let akin = |&&s: &&usize| is_of_one_kind(extra[t], missing[s]);
        let (mut ours, mut theirs) = (0, lacking.iter().filter(akin));
        let Some(&s) = theirs.next().filter(|_| theirs.next().is_none()) else {
            return true;
        };
        ours += extra.iter().filter(|q| is_of_one_kind(q, missing[s])).count();
        if ours != 1 || !is_alike(extra[t], missing[s]) {
            return true;
        }
        lacking.retain(|&other| other != s);
        sure.push((t, s));
        false
    });
    // What is written in words may be said in other words, so it must be the only thing that is left.
    let words = |q: &Quantity| q.in_words;
    if left.iter().any(|&t| words(extra[t])) || lacking.iter().any(|&s| words(missing[s])) {
        let lone = (left.len(), lacking.len()) == (1, 1) && wrong.magnitudes.is_empty() && sure.is_empty();
        if !lone {
            left.retain(|&t| !words(extra[t]));
            lacking.retain(|&s| !words(missing[s]));
        }
    }
    let pairs: Vec<(usize, usize)> = left.iter().copied().zip(lacking.iter().copied()).collect();
    let few = left.len() + sure.len() + wrong.magnitudes.len() <= MAX_WRONG;
    if left.len() == lacking.len() && few && pairs.iter().all(|&(t, s)| is_alike(extra[t], missing[s])) {
        wrong.values = pairs;
    }
    if sure.len() + wrong.magnitudes.len() <= MAX_WRONG {
        wrong.values.extend(sure);
    }
    if wrong.magnitudes.len() > MAX_WRONG {
        wrong.magnitudes.clear();
    }
    wrong
}

/// Whether a sentence has a figure, or a number in words.
fn has_numbers(passage: &Passage<'_>, in_words: bool) -> bool {
    if passage.span().of(passage.text.text()).chars().any(char::is_numeric) {
        return true;
    }
    let cardinals = passage.text.data().table(CARDINALS);
    in_words && passage.tokens().iter().any(|token| cardinals.has(passage.folded(token)))
}

/// Whether one may stand for the other, wrongly.
fn is_alike(target: &Quantity, source: &Quantity) -> bool {
    let in_words = (target.in_words || source.in_words) && !target.percent;
    fits(target, source)
        && is_near(target, source, if in_words { FARTHEST_WORDS } else { FARTHEST })
        && !is_converted(target, source)
        && !is_rounded(target, source)
}

/// Whether both are percentages, years, money of one currency, or in one unit.
fn is_of_one_kind(target: &Quantity, source: &Quantity) -> bool {
    let measured = target.measure.is_some() && target.measure == source.measure;
    let money = target.currency.is_some() && target.currency == source.currency;
    target.percent == source.percent
        && target.year == source.year
        && (measured || money || target.percent || target.year)
        && !target.in_words
        && !source.in_words
}

/// Whether two figures count the same kind of thing.
fn fits(target: &Quantity, source: &Quantity) -> bool {
    let money = match (target.currency, source.currency) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let measured = match (target.measure, source.measure) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    // 2612 for 2012 is no year, and stands for one.
    let long = |q: &Quantity| q.scale.is_none() && (1000.0..10_000.0).contains(&q.value) && q.measure.is_none();
    let years = target.year == source.year || (long(target) && long(source));
    let digits = !target.in_words || !source.year;
    money && measured && years && digits && target.percent == source.percent && !target.day && !source.day
}

/// Powers of ten stand between units, too: 2.5 tonnes are 2,500 kilograms.
fn is_other_unit(target: &Quantity, source: &Quantity) -> bool {
    (target.unit || source.unit) && target.scale.is_none() && source.scale.is_none() && {
        let factor = (target.value / source.value).max(source.value / target.value);
        [100.0, 1000.0].iter().any(|&f| same(factor, f))
    }
}

/// Whether thousands were lost or won: 10 people for 10,000.
fn is_thousandth(target: &Quantity, source: &Quantity) -> bool {
    let factor = (target.value / source.value).max(source.value / target.value);
    factor > 999.0 && !target.unit && !source.unit
}

fn is_near(target: &Quantity, source: &Quantity, farthest: f64) -> bool {
    let factor = target.value / source.value.max(f64::MIN_POSITIVE);
    (1.0 / farthest..=farthest).contains(&factor)
}

/// How many digits say something: 1,200 has two.
fn digits(value: f64) -> usize {
    let written = format!("{value:.4}");
    let written = written.trim_end_matches('0').trim_end_matches('.').replace('.', "");
    written.trim_start_matches('0').trim_end_matches('0').len()
}

fn is_rounded(target: &Quantity, source: &Quantity) -> bool {
    let apart = (target.value - source.value).abs() / target.value.max(source.value);
    let small = |q: &Quantity| q.value < ROUND && q.value.fract() == 0.0;
    let rounder = digits(target.value) != digits(source.value);
    apart < ROUNDED && rounder && !target.year && !(small(target) && small(source))
}

fn draft(document: &Document<'_>, passage: &Passage<'_>, pair: &Pair<'_>, magnitudes: bool) -> Draft {
    let (target, source) = (pair.target, pair.source);
    let original = document.source.as_ref().map_or("", |text| source.span.of(text.text()));
    let kind = target.percent || target.year || target.currency.is_some() && source.currency.is_some();
    let in_words = target.in_words || source.in_words;
    let measured = target.unit && source.unit;
    let confidence = match (magnitudes, kind || measured) {
        (true, _) => MAGNITUDES,
        (false, _) if in_words && !measured => IN_WORDS,
        (false, true) => ONE_KIND,
        (false, false) => ALONE,
    };
    let span = if magnitudes { target.span } else { target.figure };
    let span = pair.range.filter(|_| magnitudes).map_or(span, |first| first.figure.cover(span));
    let place = Place::source(source.span);
    let message = format!("the source has “{original}” here");
    let mut draft = Draft::new(span, confidence, message).beside(place).because(
        EvidenceKind::Source,
        if magnitudes { "the same digits with another magnitude" } else { "neither figure stands on the other side" },
        Some(place),
    );
    if let Some(fix) = repair(passage, target, source) {
        draft = draft.fix(whole_range(passage, pair, magnitudes, &fix).unwrap_or(fix));
    }
    draft
}

/// A repair of the second figure of a range that mends the first, too, where the two lack one scale.
fn whole_range(passage: &Passage<'_>, pair: &Pair<'_>, magnitudes: bool, fix: &Fix) -> Option<Fix> {
    let first = pair.range.filter(|_| magnitudes && pair.target.scale.is_none())?;
    let habits = Habits::of(passage.text.data())?;
    let edit = fix.edits.first().filter(|edit| edit.span == pair.target.figure && !edit.replacement.contains(' '))?;
    let lead = written(&habits, first.lead * pair.source.value / pair.target.value, false)?;
    let between = Span::new(first.figure.end(), pair.target.figure.start()).of(passage.text.text());
    Some(Fix::replace(
        first.figure.cover(pair.target.figure),
        format!("{lead}{between}{}", edit.replacement),
        fix.score,
    ))
}

/// The source's value as the translation writes figures, in the place of its own.
fn repair(passage: &Passage<'_>, target: &Quantity, source: &Quantity) -> Option<Fix> {
    let data = passage.text.data();
    let habits = Habits::of(data)?;
    let text = passage.text.text();
    if target.in_words
        && let Some(word) = in_words(data, source.value)
    {
        let span = target.span;
        let begins = span.of(text).starts_with(char::is_uppercase);
        let word = if begins { crate::check::repair::capitalised(word) } else { word.to_owned() };
        return Some(Fix::replace(span, word, 0.9));
    }
    let Some(scale) = target.scale else {
        // "3.4" for 3.4 billion: a word is wanted where figures would be long.
        if source.scale.is_some_and(|s| s.value >= MILLION) && source.value >= MILLION {
            let (lead, word) = scaled(data, source)?;
            return Some(Fix::replace(target.figure, format!("{} {word}", written(&habits, lead, false)?), 0.85));
        }
        return Some(Fix::replace(target.figure, written(&habits, source.value, target.year)?, 0.9));
    };
    let word = scale.span.of(text);
    if let Some(other) = other_scale(data, word, source.value / target.lead).filter(|_| scale.span != target.figure) {
        return Some(Fix::replace(scale.span, other, 0.9));
    }
    let lead = source.value / scale.value;
    if MANTISSA.contains(&lead) && scale.span != target.figure {
        return Some(Fix::replace(target.figure, written(&habits, lead, false)?, 0.9));
    }
    (source.value < MILLION).then(|| Some(Fix::replace(target.span, written(&habits, source.value, false)?, 0.85)))?
}

/// The plain word for a number, in a language that has one form of it.
fn in_words(data: LanguageData, value: f64) -> Option<&'static str> {
    let words = data.table(TABLE);
    let says =
        |word: &str| words.get(word).and_then(|row| row.column(1).parse().ok()).is_some_and(|v: f64| same(v, value));
    data.table(CARDINALS).iter().find(|(word, row)| row.column(0) == "plain" && says(word)).map(|(word, _)| word)
}

/// What news writes before the word for a scale.
const MANTISSA: std::ops::Range<f64> = 0.1..10_000.0;
/// From here on news writes a word for the scale.
const MILLION: f64 = 1e6;

/// A figure as the language writes it; `None` where it has more places than figures of news.
fn written(habits: &Habits, value: f64, bare: bool) -> Option<String> {
    let plain = format!("{value:.4}");
    let (whole, tail) = plain.split_once('.')?;
    let tail = tail.trim_end_matches('0');
    let exact = format!("{whole}.{tail}0").parse::<f64>().is_ok_and(|v| same(v, value));
    exact.then(|| if bare { whole.to_owned() } else { habits.write(whole, tail) })
}

/// The word of another scale in the same form: billion for million, миллиардов for миллионов.
fn other_scale(data: LanguageData, word: &str, wanted: f64) -> Option<&'static str> {
    let table = data.table(TABLE);
    let form = table.get(&crate::surface::fold(word)).filter(|row| row.column(0) == "scale")?.column(2);
    let fits = |value: &str| value.parse::<f64>().is_ok_and(|v| same(v, wanted));
    table
        .iter()
        .find(|(_, row)| row.column(0) == "scale" && row.column(2) == form && form != "-" && fits(row.column(1)))
        .map(|(word, _)| word)
}

/// A value before the plainest word for its scale.
fn scaled(data: LanguageData, source: &Quantity) -> Option<(f64, &'static str)> {
    let scale = [1e12, 1e9, 1e6].into_iter().find(|&s| source.value >= s)?;
    let fits = |value: &str| value.parse::<f64>().is_ok_and(|v| same(v, scale));
    // Without the words around it only a language whose scales keep one form, or an abbreviation, can be written.
    let form = if data.has_few_endings() { "0" } else { "abbreviation" };
    let table = data.table(TABLE);
    let row = table.iter().find(|(_, r)| r.column(0) == "scale" && r.column(2) == form && fits(r.column(1)))?;
    Some((source.value / scale, row.0))
}
