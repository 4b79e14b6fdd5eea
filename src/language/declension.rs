//! The forms of a term in the cases of its language, to put one in the place of another: the head of a phrase and the adjectives
//! that agree with it take the endings of `declension`, and all else stays, a genitive behind the head above all.
//!
//! Recognising a form may be generous; writing one may not. So this knows regular words only, says of each form whether it is
//! sure, and nothing of a phrase that it does not see through.

use super::{LanguageData, Row};

/// Cases of one number: the six of the table, with two accusatives, of things and of what lives.
const CASES: usize = 7;
/// The cases of both numbers.
pub const CELLS: usize = 2 * CASES;
/// The longest phrase, in words.
const MAX_WORDS: usize = 12;
/// Fewest letters of a stem.
const MIN_STEM: usize = 2;

/// What is known of a place where a form stands: which cells it may be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells(u16);

/// Whether a term is somebody or something, which decides how two accusatives are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Somebody.
    Animate,
    /// Something.
    Inanimate,
    /// Nobody says.
    Unknown,
}

/// The genitives of a row.
#[derive(Debug)]
pub(super) struct Genitive {
    lemma: &'static str,
    after: Vec<&'static str>,
    /// Of the singular and of the plural, where both are sure.
    forms: Option<(&'static str, &'static str)>,
    sure: bool,
}

impl Genitive {
    /// Letters of the lemma's ending, where the row fits a lemma.
    fn fits(&self, lemma: &str) -> Option<usize> {
        let stem = lemma.strip_suffix(self.lemma)?;
        let fits = self.after.is_empty() || self.after.iter().any(|end| stem.ends_with(end));
        fits.then_some(self.lemma.len())
    }

    /// The genitive plurals of a word in the genitive singular, by the rows of its language.
    pub(super) fn plurals<'g>(rows: &'g [Self], word: &'g str) -> impl Iterator<Item = String> + 'g {
        rows.iter().enumerate().filter_map(move |(at, row)| {
            let (singular, plural) = row.forms.filter(|_| row.sure)?;
            let stem = word.strip_suffix(singular).filter(|stem| stem.chars().take(MIN_STEM).count() == MIN_STEM)?;
            let after = row.after.is_empty() || row.after.iter().any(|end| stem.ends_with(end));
            // The row must be the one that the lemma goes by.
            let lemma = after.then(|| format!("{stem}{}", row.lemma))?;
            let fitting = rows.iter().enumerate().filter_map(|(at, row)| row.fits(&lemma).map(|length| (length, at)));
            let longest = fitting.max_by_key(|(length, at)| (*length, std::cmp::Reverse(*at)))?;
            (longest.1 == at && singular != plural).then(|| format!("{stem}{plural}"))
        })
    }
}

impl Cells {
    /// Every cell that fits what the words may be.
    pub fn of(life: Life) -> Self {
        let without = |case: usize| !(1 << case | 1 << (CASES + case));
        let all = (1 << CELLS) - 1;
        Self(match life {
            Life::Animate => all & without(3),
            Life::Inanimate => all & without(4),
            Life::Unknown => all,
        })
    }

    /// Those of them that a preposition takes; all where the word is none.
    pub fn after(self, word: &str, data: LanguageData) -> Self {
        let Some(row) = data.table("governs").get(word) else { return self };
        let case = |name: &str| match name {
            "genitive" => 1 << 1,
            "dative" => 1 << 2,
            "accusative" => 1 << 3 | 1 << 4,
            "instrumental" => 1 << 5,
            "prepositional" => 1 << 6,
            _ => 0,
        };
        let cases: u16 = row.column(0).split('|').map(case).sum();
        Self(self.0 & (cases | cases << CASES))
    }

    /// Those of the singular.
    pub fn singular(self) -> Self {
        Self(self.0 & ((1 << CASES) - 1))
    }

    fn has(self, cell: usize) -> bool {
        self.0 & (1 << cell) != 0
    }
}

/// A phrase in all its cases.
#[derive(Debug)]
pub struct Declined {
    words: Vec<Word>,
    head: usize,
}

#[derive(Debug)]
enum Word {
    /// The same in every case.
    Fixed(String),
    /// By cell: right forms, the one to write first; none where nobody is sure.
    Forms(Box<[Vec<String>; CELLS]>),
}

impl LanguageData {
    /// A phrase, in the nominative singular as a glossary has it, in all its cases; `None` where it is not seen through.
    pub fn declined(&self, phrase: &str) -> Option<Declined> {
        if !self.has("declension") {
            return None;
        }
        let words: Vec<&str> = phrase.split(' ').collect();
        let adjective = |word: &str| self.class(word, |kind| kind.starts_with("adj-"));
        let most = words.iter().take_while(|word| adjective(word).is_some()).count();
        // As many adjectives as there can be: what looks like one may be the noun itself.
        let mut heads = (0..=most.min(words.len().checked_sub(1)?)).rev().filter(|_| words.len() <= MAX_WORDS);
        let (before, noun) = heads.find_map(|at| {
            let noun = self.class(words.get(at)?, |kind| !kind.starts_with("adj-"))?;
            let agree = |word: &&str| self.class(word, |kind| kind.strip_prefix("adj-") == Some(noun.column(0)));
            words.get(..at)?.iter().all(|word| agree(word).is_some()).then_some((at, noun))
        })?;
        let gender = noun.column(0);
        let agrees = |word: &str| self.class(word, |kind| kind.strip_prefix("adj-") == Some(gender));
        let mut declined = Vec::with_capacity(words.len());
        let mut behind = true;
        for (at, word) in words.iter().enumerate() {
            let row = match at {
                _ if at < before => Some(agrees(word)?),
                _ if at == before => Some(noun),
                // What may agree and may not cannot be written.
                _ => {
                    behind = behind && self.ends_agreeing(word);
                    if behind { Some(agrees(word)?) } else { None }
                }
            };
            declined.push(match row {
                Some(row) => Word::Forms(Box::new(forms(word, row)?)),
                None => Word::Fixed((*word).to_owned()),
            });
        }
        Some(Declined { words: declined, head: before })
    }

    /// What the genitive plural of a word is that stands in the genitive singular, as behind the head of a term: "запись пациента",
    /// "записи пациентов".
    pub(super) fn genitives(&self) -> Vec<Genitive> {
        let rows = self.table("declension");
        let read = |row: Row| {
            let (singular, plural) = (row.column(3).split(' ').nth(1)?, row.column(4).split(' ').nth(1)?);
            let written = |field: &'static str| field.split('/').next().filter(|e| *e != "?").map(ending);
            let noun = matches!(row.column(0), "m" | "f" | "n" | "no");
            let forms = if row.column(0) == "no" { Some(("", "")) } else { written(singular).zip(written(plural)) };
            noun.then(|| Genitive {
                lemma: ending(row.column(1)),
                after: row.column(2).split(' ').filter(|end| *end != "-").collect(),
                forms,
                sure: row.column(0) != "no",
            })
        };
        rows.iter().filter_map(|(_, row)| read(row)).collect()
    }

    /// The row that a word is declined by: that with the longest ending that fits, of the kinds that are asked for.
    fn class(&self, word: &str, of: impl Fn(&str) -> bool) -> Option<Row> {
        let small = word.to_lowercase();
        if word.contains(['-', '\'', '’', '.']) || self.table("irregular").has(&small) {
            return None;
        }
        let fits = |row: Row| {
            let stem = small.strip_suffix(ending(row.column(1)))?;
            let after = row.column(2);
            let enough = row.column(0) == "no" || stem.chars().take(MIN_STEM).count() == MIN_STEM;
            let fits = after == "-" || after.split(' ').any(|end| stem.ends_with(end));
            (enough && fits).then_some((ending(row.column(1)).len(), row))
        };
        let rows = self.table("declension");
        let fitting = rows.iter().filter(|(_, row)| of(row.column(0))).filter_map(|(_, row)| fits(row));
        fitting.max_by_key(|(length, _)| *length).map(|(_, row)| row).filter(|row| row.column(0) != "no")
    }

    /// Whether a word behind its noun ends as adjectives do there.
    fn ends_agreeing(&self, word: &str) -> bool {
        let table = self.table("agreeing");
        let small = word.to_lowercase();
        !table.is_empty() && small.char_indices().any(|(at, _)| small.get(at..).is_some_and(|end| table.has(end)))
    }
}

fn ending(field: &'static str) -> &'static str {
    if field == "-" { "" } else { field }
}

/// A word in all its cases by a row; `None` for one in capitals, whose endings would be written in small letters.
fn forms(word: &str, row: Row) -> Option<[Vec<String>; CELLS]> {
    let stem = word.strip_suffix(ending(row.column(1)))?;
    if stem.chars().skip(1).any(char::is_uppercase) {
        return None;
    }
    let mut cells: [Vec<String>; CELLS] = Default::default();
    for (number, column) in [3, 4].into_iter().enumerate() {
        let endings: Vec<&str> = row.column(column).split(' ').collect();
        let case = |at: usize| -> Vec<String> {
            let written = endings.get(at).copied().unwrap_or("?").split('/').filter(|e| *e != "?");
            written.map(|end| format!("{stem}{}", if end == "-" { "" } else { end })).collect()
        };
        let living = endings.get(3) == Some(&"=");
        let order = [0, 1, 2, if living { 0 } else { 3 }, if living { 1 } else { 3 }, 4, 5];
        for (at, source) in order.into_iter().enumerate() {
            if let Some(cell) = cells.get_mut(number * CASES + at) {
                *cell = case(source);
            }
        }
    }
    Some(cells)
}

impl Declined {
    /// Which of its words is the noun that the others are said of.
    pub fn head(&self) -> usize {
        self.head
    }

    /// The phrase in one cell; `None` where that is not sure.
    fn written(&self, cell: usize) -> Option<String> {
        let word = |word: &Word| match word {
            Word::Fixed(word) => Some(word.clone()),
            Word::Forms(cells) => cells.get(cell).and_then(|forms| forms.first()).cloned(),
        };
        self.words.iter().map(word).collect::<Option<Vec<_>>>().map(|words| words.join(" "))
    }

    /// Whether words, in letters as they are compared, are the phrase in a cell.
    fn reads(&self, cell: usize, words: &[String], same: &impl Fn(&str) -> String) -> bool {
        let word = |(word, read): (&Word, &String)| match word {
            Word::Fixed(word) => same(word) == *read,
            Word::Forms(cells) => cells.get(cell).is_some_and(|forms| forms.iter().any(|form| same(form) == *read)),
        };
        words.len() == self.words.len() && self.words.iter().zip(words).all(word)
    }

    /// Another phrase in the case and number in which this one is written at a place; `None` where the letters and the place do
    /// not tell it, so that the other would have two forms.
    pub fn likewise(&self, written: &str, other: &Self, place: Cells, same: impl Fn(&str) -> String) -> Option<String> {
        let words: Vec<String> = written.split(' ').map(&same).collect();
        let cells = (0..CELLS).filter(|&cell| place.has(cell) && self.reads(cell, &words, &same));
        let mut found = cells.map(|cell| other.written(cell));
        let first = found.next()??;
        found.all(|form| form.as_ref() == Some(&first)).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likewise(tag: &str, written: &str, lemma: &str, other: &str, before: &str, life: Life) -> Option<String> {
        let data = LanguageData::named(tag).expect(tag);
        let (lemma, other) = (data.declined(lemma)?, data.declined(other)?);
        lemma.likewise(written, &other, Cells::of(life).after(before, data), str::to_lowercase)
    }

    #[test]
    fn a_phrase_takes_the_case_and_number_of_another() {
        for (tag, written, lemma, other, before, right) in [
            (
                "ru",
                "Министерством защиты",
                "Министерство защиты",
                "Министерство обороны",
                "",
                Some("Министерством обороны"),
            ),
            (
                "ru",
                "Министерством защиты",
                "Министерство защиты",
                "Комиссия по обороне",
                "",
                Some("Комиссией по обороне"),
            ),
            (
                "ru",
                "Верховной комиссией",
                "Верховная комиссия",
                "Центральный комитет",
                "",
                Some("Центральным комитетом"),
            ),
            // Genitive, dative or prepositional: a neuter has three forms for one of the feminine.
            ("ru", "комиссии", "комиссия", "министерство", "", None),
            ("ru", "комиссии", "комиссия", "министерство", "для", Some("министерства")),
            ("ru", "комиссии", "комиссия", "министерство", "при", Some("министерстве")),
            // Or the accusative of several.
            ("ru", "комиссии", "комиссия", "министерство", "в", None),
            ("ru", "комиссии", "комиссия", "рынок", "для", None),
            ("ru", "отделов связи", "отдел связи", "служба связи", "", None),
            ("ru", "отделам связи", "отдел связи", "служба связи", "", Some("службам связи")),
            ("uk", "Міністерством захисту", "Міністерство захисту", "Служба безпеки", "", Some("Службою безпеки")),
            ("uk", "комісії", "комісія", "комітет", "для", None),
            ("pl", "Komisją Prawną", "Komisja Prawna", "Rada Narodowa", "", None),
            ("pl", "Komisją Krajową", "Komisja Krajowa", "Rada Narodowa", "", Some("Radą Narodową")),
            (
                "pl",
                "Ministerstwem Ochrony",
                "Ministerstwo Ochrony",
                "Ministerstwo Obrony",
                "",
                Some("Ministerstwem Obrony"),
            ),
            ("de", "Ministeriums", "Ministerium", "Amt", "", None),
        ] {
            let found = likewise(tag, written, lemma, other, before, Life::Inanimate);
            assert_eq!(found.as_deref(), right, "{written} after {before:?}: {other}");
        }
    }

    #[test]
    fn what_lives_has_an_accusative_of_its_own() {
        let of = |life| likewise("ru", "начальника", "начальник", "секретарь", "на", life);
        assert_eq!(of(Life::Animate).as_deref(), Some("секретаря"));
        let of = |life| likewise("ru", "комиссию", "комиссия", "комитет", "", life);
        assert_eq!((of(Life::Inanimate).as_deref(), of(Life::Unknown)), (Some("комитет"), None));
    }

    #[test]
    fn what_is_declined_is_known_as_a_form() {
        // Each regular form is one that the glossary's matcher finds, too.
        for tag in ["ru", "uk", "pl"] {
            let data = LanguageData::named(tag).expect(tag);
            let morphology = data.morphology().expect("it inflects");
            for word in [
                "комітет",
                "комитет",
                "министерство",
                "комиссия",
                "комісія",
                "область",
                "служба",
                "komisja",
                "rada",
                "biuro",
            ] {
                let Some(declined) = data.declined(word) else { continue };
                for form in (0..CELLS).filter_map(|cell| declined.written(cell)) {
                    assert!(morphology.form_of(&form, word).is_some(), "{tag}: {form} of {word}");
                }
            }
        }
    }
}
