//! The form that the glossary wants, as its place needs it: number, capitals, article, and no word twice.

use crate::analyse::{Document, Passage, TermHit};
use crate::check::Fix;
use crate::check::repair::{capitalised, english_article, in_case_of, plural};
use crate::finding::EntityKind;
use crate::glossary::Concept;
use crate::glossary::matcher::{How, Role};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, case_of, fold};

use super::skeleton;

/// The approved forms in the place of a forbidden one: in its number and case, with its article, without the words that
/// stand beside it already, and no longer than it is where it is the short form of a name.
pub(super) fn repairs(document: &Document<'_>, passage: &Passage<'_>, hit: &TermHit) -> Vec<Fix> {
    let concept = document.concept(hit);
    let written = hit.hit.span.of(passage.text.text());
    let data = document.target.data();
    let english = data.tag() == "en";
    let inflected = matches!(hit.hit.how, How::Inflected(_));
    let many = english && (inflected || (is_plural(written) && !concept.is_name()));
    let forms = concept.approved().enumerate().filter(|(_, form)| *form != written);
    let fixes = forms.filter_map(|(index, form)| {
        let form = short_form(concept, form, written).unwrap_or(form);
        let form = match in_form_of(data, concept, written, form).filter(|_| inflected && !english) {
            Some(form) => form,
            None if many => plural(form),
            // In another case or number than the sentence wants.
            None if inflected => return None,
            None => form.to_owned(),
        };
        put(document, passage, hit.hit.span, &form, if index == 0 { FIRST } else { OTHERS })
    });
    fixes.collect()
}

/// A wanted word in the case and number of a forbidden one, where both inflect alike.
fn in_form_of(data: LanguageData, concept: &Concept, written: &str, form: &str) -> Option<String> {
    let morphology = data.morphology().filter(|_| !form.contains(' '))?;
    let spelled = |word: &str| morphology.spelling(word, &fold(word)).into_owned();
    let (word, other) = (spelled(written), spelled(form));
    let inflected = concept.unwanted.iter().find_map(|lemma| morphology.likewise(&word, &spelled(lemma), &other))?;
    Some(if form.starts_with(char::is_uppercase) { capitalised(&inflected) } else { inflected })
}

/// How likely the first of the approved forms is what an editor would write.
const FIRST: f64 = 0.92;
/// And another one.
const OTHERS: f64 = 0.5;

/// A form put into a place: with the capitals and the article that it needs there.
pub(super) fn put(document: &Document<'_>, passage: &Passage<'_>, span: Span, form: &str, score: f64) -> Option<Fix> {
    let data = document.target.data();
    let written = span.of(passage.text.text());
    let opens = passage.span().start() == span.start();
    let form = without_neighbours(passage, span, form);
    let form = as_a_title(passage, span, form).unwrap_or_else(|| in_case_of(written, form, opens));
    if let Some((before, article)) = article_before(passage, span).filter(|_| data.tag() == "en") {
        let right = english_article(&form, data);
        if !article.eq_ignore_ascii_case(right) {
            let right = in_case_of(article, right, passage.span().start() == before.start());
            return Some(Fix::replace(before.cover(span), format!("{right} {form}"), score));
        }
    }
    match leaning(document, passage, span, &form) {
        Leaning::Fits => Some(Fix::replace(span, form, score)),
        Leaning::Becomes(before, article) => Some(Fix::replace(before.cover(span), format!("{article}{form}"), score)),
        Leaning::Unknown => None,
    }
}

/// Of a forbidden form and those within it the one that an editor would mark: the smaller one where mending it gives the same
/// words ("departmental", which is right in both, stays out), or where what is left over is a plain noun beside a name.
pub(super) fn narrowest<'h>(
    document: &Document<'_>,
    passage: &Passage<'_>,
    hit: &'h TermHit,
    after: &'h [TermHit],
) -> &'h TermHit {
    let text = passage.text.text();
    let mended = |hit: &TermHit| {
        let form = document.concept(hit).best()?;
        Some(short_form(document.concept(hit), form, hit.hit.span.of(text)).unwrap_or(form).to_owned())
    };
    let whole = mended(hit);
    let inner = after.iter().take(MAX_INNER).take_while(|h| h.hit.span.start() < hit.hit.span.end());
    inner
        .filter(|h| {
            h.hit.role == Role::Unwanted
                && h.hit.how.is_sure()
                && hit.hit.span.contains(h.hit.span)
                && h.hit.span != hit.hit.span
        })
        .find(|h| {
            let left = Span::new(hit.hit.span.start(), h.hit.span.start()).of(text);
            let right = Span::new(h.hit.span.end(), hit.hit.span.end()).of(text);
            let same = mended(h).map(|form| format!("{left}{form}{right}"));
            let plain = right.trim();
            let noun = h.hit.concept == hit.hit.concept
                && h.pair == hit.pair
                && left.is_empty()
                && document.concept(hit).is_name()
                && !plain.is_empty()
                && plain.chars().all(|c| c.is_lowercase() || c == ' ')
                && whole.as_ref().is_some_and(|form| !fold(form).contains(plain));
            noun || (same.is_some() && same == whole)
        })
        .unwrap_or(hit)
}

/// The most forms within another that are looked at.
const MAX_INNER: usize = 8;

/// An approved form less the words that stand right before or behind the place already: "Bank of Russia" for the first two
/// words of "Central Bank of Russia" is "Bank".
fn without_neighbours<'f>(passage: &Passage<'_>, span: Span, form: &'f str) -> &'f str {
    let tokens = passage.tokens();
    let first = tokens.partition_point(|t| t.span.start() < span.start());
    let next = tokens.partition_point(|t| t.span.start() < span.end());
    let words: Vec<&str> = form.split(' ').collect();
    // The longest tail of the form that follows.
    for count in (1..words.len()).rev() {
        let Some(tail) = words.get(words.len() - count..) else { break };
        let follows = tail.iter().enumerate().all(|(i, word)| {
            tokens.get(next + i).is_some_and(|t| t.kind == TokenKind::Word && passage.folded(t) == fold(word))
        });
        if follows {
            return form.get(..form.len() - tail.join(" ").len()).unwrap_or(form).trim_end();
        }
    }
    for count in (1..words.len()).rev() {
        let (Some(head), Some(start)) = (words.get(..count), first.checked_sub(count)) else { continue };
        let precedes = head.iter().enumerate().all(|(i, word)| {
            tokens.get(start + i).is_some_and(|t| t.kind == TokenKind::Word && passage.folded(t) == fold(word))
        });
        if precedes {
            return form.get(head.join(" ").len()..).unwrap_or(form).trim_start();
        }
    }
    form
}

/// A lower-case form in capitals where it is a title that stands right before a name, as the wrong one was.
fn as_a_title(passage: &Passage<'_>, span: Span, form: &str) -> Option<String> {
    let written = span.of(passage.text.text());
    let tokens = passage.tokens();
    let next = tokens.get(tokens.partition_point(|t| t.span.start() < span.end()))?;
    let name = next.kind == TokenKind::Word && matches!(next.case, Case::Title | Case::Mixed);
    let mut words = written.split(' ').filter(|word| word.chars().count() > SMALL_WORD);
    let title = written.contains(' ') && words.all(|word| case_of(word) == Case::Title);
    if !name || !title || case_of(form) != Case::Lower {
        return None;
    }
    let capital = |word: &str| if word.chars().count() > SMALL_WORD { capitalised(word) } else { word.to_owned() };
    Some(form.split(' ').map(capital).collect::<Vec<_>>().join(" "))
}

/// Words up to so many letters stay small in a title: of, the, for, and.
const SMALL_WORD: usize = 3;

/// Words this short that end in s are seldom plurals: gas, bus, lens.
const SHORT_WORD: usize = 4;

/// Whether an English phrase ends as plurals do. Where the glossary forbids a plural for a singular that it wants, the
/// plural of that one is meant.
fn is_plural(phrase: &str) -> bool {
    let last = phrase.rsplit([' ', '-']).next().unwrap_or(phrase);
    last.ends_with('s') && last.len() > SHORT_WORD && !["ss", "us", "is"].iter().any(|ending| last.ends_with(ending))
}

/// How the small word before a place stands to what is to come there.
enum Leaning {
    /// It may stay as it is.
    Fits,
    /// It is written otherwise: "l'" before a vowel, "de " before a consonant.
    Becomes(Span, String),
    /// It hides a gender that nobody tells: "l'armistice" to "… cessez-le-feu".
    Unknown,
}

/// French and Italian articles and particles lean on a vowel and stand alone before a consonant; and an article has the gender
/// of its noun.
fn leaning(document: &Document<'_>, passage: &Passage<'_>, span: Span, form: &str) -> Leaning {
    let data = document.target.data();
    let vowel = skeleton(form).starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
    if let Some(gender) = gender(document, form)
        && let Some((before, article)) = gendered(passage, data, span, gender, vowel)
    {
        let written = before.of(passage.text.text());
        let article = in_case_of(written, &article, written.starts_with(char::is_uppercase));
        return if written == article { Leaning::Fits } else { Leaning::Becomes(before, article) };
    }
    let table = data.table("elision-pairs");
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    let Some(before) = at.checked_sub(1).and_then(|i| tokens.get(i)).filter(|_| !table.is_empty()) else {
        return Leaning::Fits;
    };
    let elided = passage.folded(before).ends_with('\'') && span.start() == before.span.end();
    let row = table.get(passage.folded(before));
    match (row, elided, vowel) {
        (Some(row), false, true) => {
            Leaning::Becomes(Span::new(before.span.start(), span.start()), row.column(0).to_owned())
        }
        (Some(row), true, false) if row.column(0).is_empty() => Leaning::Unknown,
        (Some(row), true, false) => {
            Leaning::Becomes(Span::new(before.span.start(), span.start()), format!("{} ", row.column(0)))
        }
        (None, true, false) => Leaning::Unknown,
        _ => Leaning::Fits,
    }
}

/// The grammatical gender of a noun.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Feminine,
}

/// The gender of a phrase whose first word is its noun, by that word's ending; of initials, by the words that they stand for
/// in the glossary.
fn gender(document: &Document<'_>, form: &str) -> Option<Gender> {
    let table = document.target.data().table("gender-endings");
    if table.is_empty() {
        return None;
    }
    let spelled = if case_of(form) == Case::Upper { spelled_out(document, form)? } else { form };
    let noun = fold(spelled.split([' ', '-']).next().unwrap_or(spelled));
    // The longest ending first.
    let endings = noun.char_indices().filter_map(|(at, _)| noun.get(at..));
    match endings.filter_map(|ending| table.get(ending)).next()?.column(0) {
        "m" => Some(Gender::Masculine),
        "f" => Some(Gender::Feminine),
        _ => None,
    }
}

/// The approved form of the glossaries whose words begin with these letters.
fn spelled_out<'d>(document: &'d Document<'_>, initials: &str) -> Option<&'d str> {
    let mut wanted: Vec<char> = fold(initials).chars().collect();
    let first = *wanted.first()?;
    wanted.sort_unstable();
    let small = document.target.data().table("function-words");
    let forms = document.pairs.iter().flat_map(|pair| &pair.concepts).take(MAX_SPELLED).filter_map(Concept::best);
    forms.filter(|form| form.contains(' ')).find(|form| {
        let folded = fold(form);
        let words = folded.split([' ', '-', '\'', '’']).filter(|word| word.chars().count() > 1 && !small.has(word));
        let mut letters: Vec<char> = words.filter_map(|word| skeleton(word).chars().next()).collect();
        let begins = letters.first() == Some(&first);
        letters.sort_unstable();
        // The words may stand in another order, and one of them may be left out.
        let mut rest = letters.iter();
        begins && letters.len() <= wanted.len() + 1 && wanted.iter().all(|letter| rest.any(|l| l == letter))
    })
}

/// The most entries that are asked whether initials are theirs.
const MAX_SPELLED: usize = 5_000;

/// The article right before a place, where its form tells the gender, and what it is before a noun of another.
fn gendered(
    passage: &Passage<'_>,
    data: LanguageData,
    span: Span,
    gender: Gender,
    vowel: bool,
) -> Option<(Span, String)> {
    let table = data.table("gendered-articles");
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    let last = tokens.get(at.checked_sub(1)?)?;
    let first = at.checked_sub(2).and_then(|i| tokens.get(i));
    let pair = first.and_then(|first| {
        let row = table.get(&format!("{} {}", passage.folded(first), passage.folded(last)))?;
        Some((row, first.span.start()))
    });
    let (row, start) = pair.or_else(|| Some((table.get(passage.folded(last))?, last.span.start())))?;
    let article = match (gender, vowel) {
        (Gender::Masculine, false) => row.column(0),
        (Gender::Feminine, false) => row.column(1),
        (Gender::Masculine, true) => row.column(2),
        (Gender::Feminine, true) => row.column(3),
    };
    let blank = if article.ends_with(['’', '\'']) { "" } else { " " };
    Some((Span::new(start, span.start()), format!("{article}{blank}")))
}

/// An indefinite article right before a place.
fn article_before<'a>(passage: &Passage<'a>, span: Span) -> Option<(Span, &'a str)> {
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    let before: &Token = tokens.get(at.checked_sub(1)?)?;
    matches!(passage.folded(before), "a" | "an").then(|| (before.span, passage.written(before)))
}

/// Least likeness of a name's part and a forbidden short form of it.
const MIN_PART_LIKENESS: f64 = 0.8;

/// The part of a person's approved name that a shorter forbidden form stands for: Khmelyov, of Gennady Khmelyov, for Khmelev;
/// or the part with which it shares its last word: "van der Berg", of Hugo van der Berg, for "from the Berg".
fn short_form<'f>(concept: &Concept, form: &'f str, written: &str) -> Option<&'f str> {
    let words = |text: &str| text.split(' ').count();
    if concept.kind != EntityKind::Person || words(written) >= words(form) {
        return None;
    }
    let last = |text: &str| fold(text.rsplit(' ').next().unwrap_or(text));
    let starts: Vec<usize> = std::iter::once(0).chain(form.match_indices(' ').map(|(at, _)| at + 1)).collect();
    let ends: Vec<usize> = form.match_indices(' ').map(|(at, _)| at).chain([form.len()]).collect();
    let parts = starts.iter().zip(ends.iter().skip(words(written) - 1)).filter_map(|(&from, &to)| form.get(from..to));
    let shared = |part: &str| written.contains(' ') && last(part) == last(written);
    let likeness = |part: &str| match shared(part) {
        true => 1.0,
        false => strsim::jaro_winkler(&skeleton(part), &skeleton(written)),
    };
    parts
        .map(|part| (likeness(part), part))
        .filter(|(likeness, _)| *likeness >= MIN_PART_LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, part)| part)
}
