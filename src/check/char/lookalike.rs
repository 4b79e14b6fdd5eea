//! `char/mixed-script`, `char/confusable`: letters of one script that stand in for letters of another.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, Table, scripts_of};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};

pub(in crate::check) static MIXED_SCRIPT: Rule = Rule {
    id: "char/mixed-script",
    summary: "A word with a letter of another script that looks like one of its own.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Major,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(mixed_script),
};

pub(in crate::check) static CONFUSABLE: Rule = Rule {
    id: "char/confusable",
    summary: "A short word in the wrong script that looks like the right one.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Major,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("confusable"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(confusable),
};

/// Letters that only one script has say what the word is, and all others look like letters of it.
const ONE_SCRIPT_SHOWS: f64 = 0.96;
/// Every letter could be either; the language of the text decides.
const LANGUAGE_DECIDES: f64 = 0.85;
/// A listed word, between words in the right script.
const LISTED: f64 = 0.93;
/// Fewest letters of a word with a Greek letter in it: shorter ones are symbols of science (“Tα”, “ΔG”).
const GREEK_LETTERS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
}

impl Script {
    fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Ḁ'..='ỿ' => Some(Self::Latin),
            'Ͱ'..='Ͽ' | 'ἀ'..='῾' => Some(Self::Greek),
            'Ѐ'..='ԯ' => Some(Self::Cyrillic),
            _ => None,
        }
    }

    /// The column of the table that has its letters.
    fn column(self) -> usize {
        match self {
            Self::Latin => 0,
            Self::Cyrillic => 1,
            Self::Greek => 2,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Cyrillic => "Cyrillic",
            Self::Greek => "Greek",
        }
    }

    /// The first script that the translation is ordinarily written in.
    fn of_target(document: &Document<'_>) -> Option<Self> {
        match *scripts_of(document.target_language()?).first()? {
            "Latn" => Some(Self::Latin),
            "Cyrl" => Some(Self::Cyrillic),
            "Grek" => Some(Self::Greek),
            _ => None,
        }
    }
}

fn mixed_script(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    for (at, token) in passage.tokens().iter().enumerate() {
        let written = passage.written(token);
        if token.kind != TokenKind::Word || !may_mix(written) || is_code(passage, at) {
            continue;
        }
        // “Apple’а”: a Russian ending behind an apostrophe is a word of its own.
        let mut start = token.span.start();
        for part in written.split(['\'', '’', 'ʼ']) {
            let span = Span::new(start, start + part.len());
            let apostrophe = passage.text.text()[span.end()..].chars().next().map_or(0, char::len_utf8);
            start = span.end() + apostrophe;
            if may_mix(part)
                && let Some(mended) = mended(document, part)
            {
                out.push(mended.draft(span, part));
            }
        }
    }
}

/// Whether a word can hold both Latin letters and others: by its bytes, since nearly no word does.
fn may_mix(word: &str) -> bool {
    let other = |b: u8| matches!(b, 0xcd..=0xd4);
    let latin = |b: u8| b.is_ascii_alphabetic() || matches!(b, 0xc3..=0xc5);
    !word.is_ascii() && word.bytes().any(other) && word.bytes().any(latin)
}

/// A number of a model, a file name, an address.
fn is_code(passage: &Passage<'_>, at: usize) -> bool {
    let token = &passage.tokens()[at];
    let marks = |c: char| c.is_numeric() || matches!(c, '.' | '_' | ':' | '@');
    passage.written(token).contains(marks) || crate::check::repair::is_part_of_code(passage, at)
}

struct Mended {
    word: String,
    script: Script,
    confidence: f64,
}

impl Mended {
    fn draft(self, span: Span, written: &str) -> Draft {
        let strange: Vec<String> = written
            .chars()
            .filter(|&c| Script::of(c).is_some_and(|s| s != self.script))
            .take(MAX_NAMED)
            .map(|c| format!("“{c}”"))
            .collect();
        let other = written.chars().filter_map(Script::of).find(|&s| s != self.script).map_or("", Script::name);
        let verb = if strange.len() == 1 { "is" } else { "are" };
        let message = format!("{} in this word {verb} {other}, not {}", strange.join(", "), self.script.name());
        Draft::new(span, self.confidence, message).fix(Fix::replace(span, self.word, 0.96).safe()).because(
            EvidenceKind::Data,
            "letters that look alike",
            None,
        )
    }
}

/// How many letters of a word a message names.
const MAX_NAMED: usize = 4;

/// A word in the one script that it should be in; `None` where both scripts are there by right.
fn mended(document: &Document<'_>, word: &str) -> Option<Mended> {
    let table = LanguageData::shared().table("homoglyphs");
    let mut other = None;
    for script in word.chars().filter_map(Script::of).filter(|&s| s != Script::Latin) {
        if other.is_some_and(|o| o != script) {
            return None;
        }
        other = Some(script);
    }
    let other = other?;
    let language = document.target.data().tag();
    let has_twin = |c: char, to: Script| twin(&table, c, to, language).is_some();
    let only = |from: Script, to: Script| word.chars().any(|c| Script::of(c) == Some(from) && !has_twin(c, to));
    let target = Script::of_target(document);
    let (script, confidence) = match (only(Script::Latin, other), only(other, Script::Latin)) {
        (true, true) => return None,
        (true, false) => (Script::Latin, ONE_SCRIPT_SHOWS),
        (false, true) => (other, ONE_SCRIPT_SHOWS),
        (false, false) if is_roman(word, &table, language) => (Script::Latin, LANGUAGE_DECIDES),
        (false, false) => (target.filter(|&s| s == Script::Latin || s == other)?, LANGUAGE_DECIDES),
    };
    if other == Script::Greek && word.chars().count() < GREEK_LETTERS {
        return None;
    }
    if script == Script::Latin && target == Some(other) && is_inflected(word) {
        return None;
    }
    let word = word
        .chars()
        .map(|c| if Script::of(c).is_some_and(|s| s != script) { twin(&table, c, script, language) } else { Some(c) })
        .collect::<Option<String>>()?;
    Some(Mended { word, script, confidence })
}

/// The letter of another script that looks the same, where the language has it.
fn twin(table: &Table, c: char, to: Script, language: &str) -> Option<char> {
    let row = table.get(c.encode_utf8(&mut [0; 4]))?;
    let only = row.column(3);
    if to == Script::Cyrillic && !only.is_empty() && !only.split(' ').any(|tag| tag == language) {
        return None;
    }
    row.column(to.column()).chars().next()
}

/// “ХХI”: a Roman numeral in letters of two scripts.
fn is_roman(word: &str, table: &Table, language: &str) -> bool {
    word.chars().all(|c| {
        let latin =
            if Script::of(c) == Some(Script::Latin) { Some(c) } else { twin(table, c, Script::Latin, language) };
        latin.is_some_and(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M'))
    })
}

/// “SMSа”, “VIPу”: a Latin word with an ending of the language of the text, or a preposition that ran into it.
fn is_inflected(word: &str) -> bool {
    let first = word.chars().next().and_then(Script::of);
    let changes = word.chars().zip(word.chars().skip(1)).filter(|&(a, b)| Script::of(a) != Script::of(b)).count();
    let small_behind = word.chars().nth(1).is_some_and(char::is_lowercase);
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    changes == 1 && (first == Some(Script::Latin) || !(capital && small_behind))
}

fn confusable(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let data = document.target.data();
    let table = data.table("confusable");
    let Some(own) = Script::of_target(document) else {
        return;
    };
    let tokens = passage.tokens();
    for (at, token) in tokens.iter().enumerate() {
        let written = passage.written(token);
        if token.kind != TokenKind::Word || written.len() > LONGEST || first_script(written).is_none_or(|s| s == own) {
            continue;
        }
        let Some(right) = table.get(written).map(|row| row.column(0)).filter(|right| !right.is_empty()) else {
            continue;
        };
        if first_script(right) == Some(own) && stands_among(passage, &table, at, own) {
            let script = own.name();
            out.push(
                Draft::new(
                    token.span,
                    LISTED,
                    format!("“{written}” looks like “{right}” but is not in {script} letters"),
                )
                .fix(Fix::replace(token.span, right, 0.96).safe())
                .because(EvidenceKind::Data, "confusable", None),
            );
        }
    }
}

/// The longest word of the tables, in bytes: nothing longer is looked up.
const LONGEST: usize = 12;

fn first_script(word: &str) -> Option<Script> {
    word.chars().find_map(Script::of)
}

/// Whether a word stands in running text in the right script: a letter that stands for itself (“vitamin A”, “a)”, “x = a”)
/// does not.
fn stands_among(passage: &Passage<'_>, table: &Table, at: usize, own: Script) -> bool {
    let tokens = passage.tokens();
    let token = &tokens[at];
    let is_own = |t: &Token| t.kind == TokenKind::Word && first_script(passage.written(t)) == Some(own);
    let single = passage.written(token).chars().count() == 1;
    let before = at.checked_sub(1).map(|i| &tokens[i]);
    let next = tokens.get(at + 1);
    let fits_before = match before {
        None => true,
        Some(t) if is_own(t) => table.get(passage.folded(t)).is_none_or(|row| !row.column(0).is_empty()),
        Some(t) => matches!(passage.written(t), "," | ";" | "—" | "–") && !token.glued,
    };
    let fits_next = next.is_some_and(|t| is_own(t) && !t.glued);
    // A capital within the sentence is a name or a grade (“Serie A”), but for the English word for oneself.
    let anywhere = table.get(passage.written(token)).is_some_and(|row| row.column(1) == "anywhere");
    let capital = single && token.case == Case::Title && before.is_some() && !anywhere;
    // “A и B”: letters in a row are labels.
    let labels = single
        && tokens.get(at + 2).is_some_and(|t| {
            t.kind == TokenKind::Word
                && passage.written(t).chars().count() == 1
                && first_script(passage.written(t)) != Some(own)
        });
    !token.glued && fits_before && fits_next && !capital && !labels
}
