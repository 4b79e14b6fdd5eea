//! The forms of English words: what a rendering in its dictionary form looks like in running text, and the same form of another
//! word. Endings by the rules of the spelling; what no rule gives is in `irregular`, `irregular-verbs` and `doubling-verbs`.

use std::sync::LazyLock;

use super::{LanguageData, Row, Table};

/// A form of an English noun or verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// As the dictionary has it.
    Base,
    /// Frames.
    Plural,
    /// Frames, seizes.
    ThirdPerson,
    /// Seized, took.
    Past,
    /// Seized, taken.
    Participle,
    /// Seizing.
    Ing,
}

/// The forms of a verb that differ from the dictionary's.
const VERB: [Shape; 4] = [Shape::ThirdPerson, Shape::Past, Shape::Participle, Shape::Ing];

fn english(table: &str) -> Table {
    LanguageData::named("en").unwrap_or(LanguageData::NONE).table(table)
}

static VERBS: LazyLock<Table> = LazyLock::new(|| english("irregular-verbs"));
static DOUBLING: LazyLock<Table> = LazyLock::new(|| english("doubling-verbs"));
static COMMON: LazyLock<Table> = LazyLock::new(|| english("common-words"));
static NOUNS: LazyLock<Table> = LazyLock::new(|| english("irregular"));

/// The forms that a verb is known by besides its own, each with its shape; the first of equal ones counts, so that a past that is
/// also the participle is the past.
pub fn verb_shapes(verb: &str) -> Vec<(String, Shape)> {
    // Regular forms keep all letters but perhaps the last.
    let irregular = VERBS.has(verb) || matches!(verb, "be" | "have");
    let known = |form: &String| may_be_form(form, verb) && (irregular || keeps(form, verb));
    let of_shape = |shape| verb_forms(verb, shape).into_iter().filter(known).map(move |form| (form, shape));
    VERB.into_iter().flat_map(of_shape).collect()
}

/// Whether a word can be a verb, as far as the lists tell: an irregular one, or one whose form in -ing is a common word.
pub fn is_verb(word: &str) -> bool {
    VERBS.has(word) || with_ing(word).iter().any(|form| COMMON.has(form))
}

/// The plurals that a noun is known by.
pub fn noun_shapes(noun: &str) -> Vec<(String, Shape)> {
    let regular = plural_of(noun).filter(|form| keeps(form, noun) || noun.ends_with("man"));
    let listed = NOUNS.get(noun).into_iter().flat_map(|row| row.column(0).split(' ').map(str::to_owned));
    let all = regular.into_iter().chain(listed).filter(|form| may_be_form(form, noun));
    all.map(|form| (form, Shape::Plural)).collect()
}

/// Words of one paradigm begin alike, but for the few that do not: go, be.
fn may_be_form(word: &str, lemma: &str) -> bool {
    word.chars().next() == lemma.chars().next() || is_suppletive(lemma)
}

/// Whether a word begins as another does, but for its last letter or two: try and tried, lie and lying.
fn keeps(word: &str, lemma: &str) -> bool {
    let length = if lemma.ends_with("ie") { lemma.len() - 2 } else { lemma.len().saturating_sub(1) };
    lemma.as_bytes().get(..length).is_some_and(|start| word.as_bytes().starts_with(start))
}

/// Whether the forms of a verb begin with other letters than it does.
fn is_suppletive(verb: &str) -> bool {
    matches!(verb, "go" | "be")
}

/// The forms of a verb of one shape, the commonest first.
pub fn verb_forms(verb: &str, shape: Shape) -> Vec<String> {
    let irregular = VERBS.get(verb);
    let listed = |row: Row, column: usize| row.column(column).split('|').map(str::to_owned).collect();
    match shape {
        Shape::Base => vec![verb.to_owned()],
        Shape::Plural | Shape::ThirdPerson => match verb {
            "be" => vec!["is".to_owned(), "are".to_owned()],
            "have" => vec!["has".to_owned()],
            _ => vec![with_s(verb)],
        },
        Shape::Past => irregular.map_or_else(|| with_ed(verb), |row| listed(row, 0)),
        Shape::Participle => irregular.map_or_else(|| with_ed(verb), |row| listed(row, 1)),
        Shape::Ing => with_ing(verb),
    }
}

/// The plural of a noun; `None` where it looks like one already, or is no word of English letters.
pub fn plural_of(noun: &str) -> Option<String> {
    if let Some(row) = NOUNS.get(noun) {
        return row.column(0).split(' ').next().map(str::to_owned);
    }
    if let Some(start) = noun.strip_suffix("man") {
        return Some(format!("{start}men"));
    }
    let letter = |n: usize| noun.as_bytes().iter().rev().nth(n).copied().unwrap_or(b' ');
    if !noun.is_ascii()
        || !noun.ends_with(|c: char| c.is_ascii_alphabetic())
        || (letter(0) == b's' && letter(1) != b's')
    {
        return None;
    }
    Some(with_s(noun))
}

/// With -s, -es or -ies.
fn with_s(word: &str) -> String {
    let letter = |n: usize| word.as_bytes().iter().rev().nth(n).copied().unwrap_or(b' ');
    match (letter(1), letter(0)) {
        (_, b's' | b'x' | b'z') | (b'c' | b's', b'h') => format!("{word}es"),
        (before, b'y') if !is_vowel(before) => format!("{}ies", word.strip_suffix('y').unwrap_or(word)),
        (before, b'o') if !is_vowel(before) && word.len() <= O_ES => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// Words in -o up to so many letters take -es (go, veto, echo); longer ones are mostly foreign (referendo, studio).
const O_ES: usize = 4;

fn with_ed(verb: &str) -> Vec<String> {
    if let Some(stem) = verb.strip_suffix('y').filter(|stem| !stem.bytes().next_back().is_none_or(is_vowel)) {
        return vec![format!("{stem}ied")];
    }
    if verb.ends_with('e') {
        return vec![format!("{verb}d")];
    }
    doubled(verb).into_iter().map(|stem| format!("{stem}ed")).collect()
}

fn with_ing(verb: &str) -> Vec<String> {
    if let Some(stem) = verb.strip_suffix("ie") {
        return vec![format!("{stem}ying")];
    }
    if let Some(stem) = verb.strip_suffix('e').filter(|stem| !stem.ends_with(['e', 'o', 'y']) && stem.len() > 1) {
        return vec![format!("{stem}ing")];
    }
    doubled(verb).into_iter().map(|stem| format!("{stem}ing")).collect()
}

/// The stem before -ed and -ing, with its last consonant twice where English writes it so.
fn doubled(verb: &str) -> Vec<String> {
    let plain = || verb.to_owned();
    let twice = || verb.chars().next_back().map_or_else(plain, |last| format!("{verb}{last}"));
    match DOUBLING.get(verb).map(|row| row.column(0)) {
        Some("british") => vec![plain(), twice()],
        Some(_) => vec![twice()],
        None if is_short(verb) => vec![twice()],
        None => vec![plain()],
    }
}

/// One syllable that ends in one vowel and one consonant that is doubled: stop, plan, rub.
fn is_short(verb: &str) -> bool {
    let bytes = verb.as_bytes();
    let [rest @ .., vowel, last] = bytes else { return false };
    // The u of "qu" is a consonant: quit, quip.
    let sounds = |at: usize, b: u8| is_vowel(b) && !(b == b'u' && at > 0 && bytes.get(at - 1) == Some(&b'q'));
    let before = rest.iter().enumerate().any(|(at, b)| sounds(at, *b));
    last.is_ascii_alphabetic()
        && !is_vowel(*last)
        && !matches!(last, b'w' | b'x' | b'y')
        && sounds(rest.len(), *vowel)
        && !before
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape_among(word: &str, lemma: &str, shapes: fn(&str) -> Vec<(String, Shape)>) -> Option<Shape> {
        shapes(lemma).into_iter().find(|(form, _)| form == word).map(|(_, shape)| shape)
    }

    #[test]
    fn forms_of_verbs() {
        for (word, verb, shape) in [
            ("seized", "seize", Shape::Past),
            ("seizing", "seize", Shape::Ing),
            ("stopped", "stop", Shape::Past),
            ("stopping", "stop", Shape::Ing),
            ("tried", "try", Shape::Past),
            ("plays", "play", Shape::ThirdPerson),
            ("played", "play", Shape::Past),
            ("watches", "watch", Shape::ThirdPerson),
            ("went", "go", Shape::Past),
            ("goes", "go", Shape::ThirdPerson),
            ("taken", "take", Shape::Participle),
            ("referred", "refer", Shape::Past),
            ("travelling", "travel", Shape::Ing),
            ("traveling", "travel", Shape::Ing),
            ("visited", "visit", Shape::Past),
            ("lying", "lie", Shape::Ing),
            ("agreeing", "agree", Shape::Ing),
            ("boxed", "box", Shape::Past),
            ("quitting", "quit", Shape::Ing),
            ("cooked", "cook", Shape::Past),
        ] {
            assert_eq!(shape_among(word, verb, verb_shapes), Some(shape), "{word} of {verb}");
        }
        for (word, verb) in [("stoped", "stop"), ("ban", "bank"), ("bed", "be"), ("ties", "try"), ("takes", "talk")] {
            assert_eq!(shape_among(word, verb, verb_shapes), None, "{word} of {verb}");
        }
    }

    #[test]
    fn forms_of_nouns() {
        for (plural, noun) in [
            ("frames", "frame"),
            ("parties", "party"),
            ("men", "man"),
            ("spokesmen", "spokesman"),
            ("germans", "german"),
            ("boxes", "box"),
            ("people", "person"),
            ("vetoes", "veto"),
            ("studios", "studio"),
            ("referenda", "referendum"),
        ] {
            assert_eq!(shape_among(plural, noun, noun_shapes), Some(Shape::Plural), "{noun}");
        }
        assert_eq!(shape_among("partys", "party", noun_shapes), None);
    }
}
