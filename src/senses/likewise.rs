//! A right rendering in the form of the wrong one that it replaces, in languages whose words change more than English ones do.
//!
//! Nouns go by the language's declension, everything else by `shapes`: rows of endings whose places in the row say the same thing
//! of every row, so that what stands third in one stands third in another. What no table tells is left as the dictionary has it.

use crate::language::declension::{Cells, Life};
use crate::language::{LanguageData, Row};
use crate::surface::fold;

use super::{Pos, Rendering};

/// A rendering ready to be written into its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its words.
    pub text: String,
    /// Whether its form is that of the words it replaces; the dictionary's otherwise.
    pub sure: bool,
}

impl Rendering<'_> {
    /// It in the form in which another rendering is written, behind the word `before`.
    pub fn likewise(&self, written: &str, other: Self, before: &str, data: LanguageData) -> Written {
        let as_it_is = |sure| Written { text: self.text.to_owned(), sure };
        let same = fold(written) == fold(other.text);
        if same || self.pos == Pos::Fixed {
            return as_it_is(true);
        }
        if self.pos == Pos::Noun
            && let Some(text) = declined(self.text, written, other.text, before, data)
        {
            return Written { text, sure: true };
        }
        let Some((head, tail)) = heads(self.text, self.pos, data) else { return as_it_is(false) };
        let pair = written.split(' ').next().zip(other.text.split(' ').next());
        let kind = match self.pos {
            Pos::Noun => "n",
            Pos::Verb => "v",
            Pos::Adjective | Pos::Fixed => "a",
        };
        let Some(places) = pair.and_then(|(word, lemma)| places(&fold(word), &fold(lemma), kind, data)) else {
            return as_it_is(false);
        };
        // Every word of a noun phrase up to the first small word has its number.
        let small = data.table("function-words");
        let agreeing = if self.pos == Pos::Noun { tail.split(' ').take_while(|w| !small.has(w)).count() } else { 0 };
        let mut sure = true;
        let words = std::iter::once(head).chain(tail.split(' ').filter(|word| !word.is_empty()));
        let words = words.enumerate().map(|(at, word)| {
            if at > agreeing || word.contains(['\'', '’']) {
                return word.to_owned();
            }
            let (form, known) = shaped(word, kind, &places, data);
            sure &= known;
            form
        });
        let text = words.collect::<Vec<_>>().join(" ");
        Written { text, sure }
    }
}

/// A noun phrase in the case and number of another.
fn declined(right: &str, written: &str, wrong: &str, before: &str, data: LanguageData) -> Option<String> {
    let (own, other) = (data.declined(right)?, data.declined(wrong)?);
    let plain = |word: &str| word.to_lowercase().replace('ё', "е");
    other.likewise(written, &own, Cells::of(Life::Unknown).after(&before.to_lowercase(), data), plain)
}

/// The word of a phrase that changes and what follows it, where the language puts it first or there is no other.
fn heads(text: &str, pos: Pos, data: LanguageData) -> Option<(&str, &str)> {
    let (head, tail) = text.split_once(' ').unwrap_or((text, ""));
    // A verb stands first everywhere but in German, whose infinitive is last.
    let first = data.fact_words("heads").first() == Some(&"first") || (pos == Pos::Verb && !data.capitalises_nouns());
    (first || tail.is_empty()).then_some((head, tail))
}

/// The places of a row.
fn forms(row: Row) -> impl Iterator<Item = &'static str> {
    row.column(3).split(' ')
}

fn ending(field: &'static str) -> &'static str {
    if field == "-" { "" } else { field }
}

/// The row of a word: that with the longest ending that fits; with its stem.
fn row_of<'w>(word: &'w str, kind: &str, data: LanguageData) -> Option<(&'w str, Row)> {
    let fits = |row: Row| {
        let stem = word.strip_suffix(ending(row.column(1)))?;
        let after = row.column(2);
        let fits = after == "-" || after.split(' ').any(|end| stem.ends_with(end));
        fits.then_some((ending(row.column(1)).len() + usize::from(after != "-"), stem, row))
    };
    let table = data.table("shapes");
    let rows = table.iter().filter(|(_, row)| row.column(0) == kind).filter_map(|(_, row)| fits(row));
    rows.max_by_key(|(length, ..)| *length).map(|(_, stem, row)| (stem, row))
}

/// The forms of a word that its row knows.
pub(super) fn all_forms(word: &str, kind: &str, data: LanguageData) -> Vec<String> {
    let row = row_of(word, kind, data);
    let forms = row.into_iter().flat_map(|(stem, row)| forms(row).map(move |form| (stem, form)));
    forms.filter(|(_, form)| *form != "?").map(|(stem, form)| format!("{stem}{}", ending(form))).collect()
}

/// The places in its row at which a form of a word stands.
fn places(word: &str, lemma: &str, kind: &str, data: LanguageData) -> Option<Vec<usize>> {
    let (stem, row) = row_of(lemma, kind, data)?;
    let end = word.strip_prefix(stem)?;
    let places: Vec<usize> =
        forms(row).enumerate().filter(|(_, form)| *form != "?" && ending(form) == end).map(|(at, _)| at).collect();
    (!places.is_empty()).then_some(places)
}

/// A word in the form of the first of some places, and whether all of them give the same.
fn shaped(word: &str, kind: &str, places: &[usize], data: LanguageData) -> (String, bool) {
    let Some((stem, row)) = row_of(word, kind, data) else {
        return (word.to_owned(), false);
    };
    let all: Vec<&str> = forms(row).collect();
    let mut known = places.iter().filter_map(|&at| all.get(at).copied()).filter(|form| *form != "?");
    match known.next() {
        Some(first) => (format!("{stem}{}", ending(first)), known.all(|form| form == first)),
        None => (word.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likewise(tag: &str, pos: Pos, written: &str, wrong: &str, right: &str) -> (String, bool) {
        let data = LanguageData::named(tag).expect(tag);
        let written = Rendering { text: right, pos }.likewise(written, Rendering { text: wrong, pos }, "", data);
        (written.text, written.sure)
    }

    #[test]
    fn the_right_word_takes_the_form_of_the_wrong_one() {
        for (tag, pos, written, wrong, right, form) in [
            ("ru", Pos::Noun, "аналогами", "аналог", "коллега", "коллегами"),
            ("ru", Pos::Verb, "открыла", "открыть", "начать", "начала"),
            ("ru", Pos::Verb, "повернули слепой глаз", "повернуть слепой глаз", "закрыть глаза", "закрыли глаза"),
            ("ru", Pos::Noun, "кресла", "кресло", "председатель", "председателя"),
            ("ru", Pos::Adjective, "формальной", "формальный", "официальный", "официальной"),
            ("fr", Pos::Noun, "étuis", "étui", "affaire judiciaire", "affaires judiciaires"),
            ("fr", Pos::Noun, "canaux", "canal", "chaîne de télévision", "chaînes de télévision"),
            ("fr", Pos::Verb, "attendu", "attendre", "assister à", "assisté à"),
            ("fr", Pos::Verb, "adressait", "adresser", "s’attaquer à", "s’attaquer à"),
            ("fr", Pos::Adjective, "actuelles", "actuel", "réel", "réelles"),
            ("es", Pos::Noun, "casas", "casa", "cámara", "cámaras"),
            ("es", Pos::Verb, "realizó", "realizar", "comprender", "comprendió"),
        ] {
            assert_eq!(likewise(tag, pos, written, wrong, right).0, form, "{tag}: {written}");
        }
        assert_eq!(likewise("de", Pos::Verb, "stellte", "stellen", "erheben"), ("erheben".to_owned(), false));
    }
}
