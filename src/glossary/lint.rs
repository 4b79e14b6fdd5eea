//! What is wrong with a glossary itself: entries that contradict each other, that can do nothing, or that would raise alarms in
//! every text. In one pass over hash maps, so that its cost grows with the glossary alone.

use icu_properties::props::Script;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::Language;
use crate::finding::Severity;
use crate::glossary::matcher::{MAX_SENSES, is_unspaced};
use crate::glossary::{Entry, Status, cut, is_initials};
use crate::language::{LanguageData, scripts_of};
use crate::surface::{Case, Surface, TokenKind, case_of, fold, scripts_within};

/// A kind of lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintKind {
    /// A form that is found wherever an ordinary word stands.
    AlarmProne,
    /// One source form with several forms to use.
    Ambiguous,
    /// A form that is forbidden for one thing and wanted for another.
    Circular,
    /// A form that is forbidden and wanted for the same thing.
    Contradiction,
    /// An entry or a form that says nothing new.
    Duplicate,
    /// An entry that another stands in the way of.
    Shadowed,
    /// A form that no text will have.
    Unmatchable,
}

impl LintKind {
    /// Every kind, in alphabetical order.
    pub const ALL: [Self; 7] = [
        Self::AlarmProne,
        Self::Ambiguous,
        Self::Circular,
        Self::Contradiction,
        Self::Duplicate,
        Self::Shadowed,
        Self::Unmatchable,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AlarmProne => "alarm-prone",
            Self::Ambiguous => "ambiguous",
            Self::Circular => "circular",
            Self::Contradiction => "contradiction",
            Self::Duplicate => "duplicate",
            Self::Shadowed => "shadowed",
            Self::Unmatchable => "unmatchable",
        }
    }
}

/// Something wrong with an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Lint {
    /// What kind of thing.
    pub kind: LintKind,
    /// How bad it is.
    pub severity: Severity,
    /// The entry, as an index.
    pub entry: usize,
    /// The other entry, where there is one.
    pub other: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub advice: &'static str,
    /// How likely a false alarm is, in [0, 1], for what is alarm-prone.
    pub score: Option<f64>,
}

/// From this score on, a form is said to be prone to alarms.
const ALARMING: f64 = 0.5;
/// From this score on, it is a grave fault.
const GRAVE: f64 = 0.8;
/// A word that holds sentences together stands in every one of them.
const FUNCTION_WORD: f64 = 0.95;
/// Nothing but such words: "as of".
const FUNCTION_WORDS: f64 = 0.7;
/// One letter, or two in small letters, in a script whose letters are sounds: initials, endings, abbreviations.
const TINY: f64 = 0.85;
/// An ordinary word that an entry without a source form forbids: it is marked wherever it stands. A desk may well want that, so
/// it is worth a look and no more.
const COMMON_WORD: f64 = 0.6;
/// An ordinary word, where the source is asked before anything is marked: of 20 glossaries of news, 29 entries are such, and
/// the checks have no false alarm by them.
const GATED: f64 = 0.5;
/// An ordinary word with a capital, or one that is to be found in its own case alone: half of the alarms are gone.
const BY_CASE: f64 = 0.5;

/// Forms of one language pair.
type Pair<'e> = (&'e str, &'e str);

/// What is wrong with a glossary, in the order of its entries.
pub fn lint(entries: &[Entry]) -> Vec<Lint> {
    let mut lints = Vec::new();
    let index = Index::of(entries);
    for (at, entry) in entries.iter().enumerate() {
        within(at, entry, &mut lints);
        between(at, entry, entries, &index, &mut lints);
    }
    shadows(entries, &mut lints);
    lints.sort_by(|a, b| (a.entry, a.kind, a.other, &a.message).cmp(&(b.entry, b.kind, b.other, &b.message)));
    lints.dedup();
    lints
}

fn tag(language: &Option<Language>) -> &str {
    language.as_ref().map_or("", Language::tag)
}

fn pair(entry: &Entry) -> Pair<'_> {
    (tag(&entry.source_language), tag(&entry.target_language))
}

fn is_wanted(entry: &Entry) -> bool {
    matches!(entry.status, Status::Preferred | Status::Admitted)
}

/// The forms that an entry wants.
fn wanted(entry: &Entry) -> impl Iterator<Item = &String> {
    is_wanted(entry).then_some(&entry.target).into_iter().chain(&entry.admitted)
}

/// The forms that an entry does not want.
fn unwanted(entry: &Entry) -> impl Iterator<Item = &String> {
    (!is_wanted(entry)).then_some(&entry.target).into_iter().chain(&entry.forbidden)
}

/// What is looked up.
struct Index<'e> {
    /// The first entry of a source form with a target in a standing.
    same: FxHashMap<(Pair<'e>, &'e str, &'e str, Status), usize>,
    /// The first entry that wants a form for a source form.
    wanted_for: FxHashMap<(Pair<'e>, &'e str, &'e str), usize>,
    /// The first entry that wants a form for anything.
    wanted: FxHashMap<(Pair<'e>, &'e str), usize>,
    /// The first entry that prefers a form for a source form.
    preferred: FxHashMap<(Pair<'e>, &'e str), usize>,
}

impl<'e> Index<'e> {
    fn of(entries: &'e [Entry]) -> Self {
        let mut index = Self {
            same: FxHashMap::default(),
            wanted_for: FxHashMap::default(),
            wanted: FxHashMap::default(),
            preferred: FxHashMap::default(),
        };
        for (at, entry) in entries.iter().enumerate() {
            let (pair, source) = (pair(entry), entry.source.as_str());
            index.same.entry((pair, source, &entry.target, entry.status)).or_insert(at);
            for form in wanted(entry) {
                index.wanted_for.entry((pair, source, form)).or_insert(at);
                index.wanted.entry((pair, form)).or_insert(at);
            }
            if entry.status == Status::Preferred && !source.is_empty() {
                index.preferred.entry((pair, source)).or_insert(at);
            }
        }
        index
    }
}

/// What is wrong with an entry alone.
fn within(at: usize, entry: &Entry, lints: &mut Vec<Lint>) {
    let mut say = |kind, severity, message, advice, score| {
        lints.push(Lint { kind, severity, entry: at, other: None, message, advice, score });
    };
    let mut seen: FxHashMap<String, (&str, bool)> = FxHashMap::default();
    let all = wanted(entry).map(|form| (form, true)).chain(unwanted(entry).map(|form| (form, false)));
    for (form, right) in all {
        match seen.get(&fold(form)) {
            Some((other, was_right)) if other == form && *was_right == right => say(
                LintKind::Duplicate,
                Severity::Minor,
                format!("“{}” stands in the entry twice", cut(form)),
                "take one of them out",
                None,
            ),
            Some((other, was_right)) if other == form && *was_right != right => say(
                LintKind::Contradiction,
                Severity::Major,
                format!("“{}” is wanted and forbidden in one entry", cut(form)),
                "say one of the two",
                None,
            ),
            // A forbidden form that differs in case alone from the form to use is found in its own case; two of them are not.
            Some((other, false)) if !right && !entry.case_sensitive && !is_initials(form) && !is_initials(other) => {
                say(
                    LintKind::Shadowed,
                    Severity::Minor,
                    format!("“{}” is found wherever “{}” is, since case does not matter here", cut(form), cut(other)),
                    "take one of them out, or let the case matter",
                    None,
                )
            }
            _ => drop(seen.insert(fold(form), (form.as_str(), right))),
        }
    }
    let sides = [(&entry.source, &entry.source_language, true)]
        .into_iter()
        .filter(|(form, ..)| !form.is_empty())
        .chain(wanted(entry).map(|form| (form, &entry.target_language, false)))
        .chain(unwanted(entry).map(|form| (form, &entry.target_language, false)));
    for (form, language, _) in sides {
        if let Some((severity, message, advice)) = unmatchable(form, language.as_ref()) {
            say(LintKind::Unmatchable, severity, message, advice, None);
        }
    }
    let alarming = (!entry.source.is_empty())
        .then_some((&entry.source, &entry.source_language, "source form"))
        .into_iter()
        .chain(unwanted(entry).map(|form| (form, &entry.target_language, "forbidden form")));
    for (form, language, what) in alarming {
        let data = language.as_ref().map_or(LanguageData::NONE, LanguageData::of);
        let own_case = entry.case_sensitive || wanted(entry).any(|w| w != form && fold(w) == fold(form));
        if let Some((score, why)) = alarm(form, data, own_case, !entry.source.is_empty()) {
            let severity = if score >= GRAVE { Severity::Major } else { Severity::Minor };
            say(
                LintKind::AlarmProne,
                severity,
                format!("the {what} “{}” {why}", cut(form)),
                "give more of the phrase, let the case matter, or leave it to a pattern",
                Some(score),
            );
        }
    }
}

/// What is wrong between an entry and those before or after it.
fn between(at: usize, entry: &Entry, entries: &[Entry], index: &Index<'_>, lints: &mut Vec<Lint>) {
    let (pair, source) = (pair(entry), entry.source.as_str());
    let mut say = |kind, severity, other: usize, message, advice| {
        lints.push(Lint { kind, severity, entry: at, other: Some(other), message, advice, score: None });
    };
    let first = index.same.get(&(pair, source, &entry.target, entry.status)).copied().unwrap_or(at);
    if first != at {
        let whole = entries.get(first).is_some_and(|first| {
            let known = |of: fn(&Entry) -> &[String]| of(entry).iter().all(|form| of(first).contains(form));
            known(|e| &e.admitted) && known(|e| &e.forbidden)
        });
        let advice = if whole { "take one of them out" } else { "make one entry of the two" };
        let message = format!("“{}” = “{}” is an entry already", cut(source), cut(&entry.target));
        say(LintKind::Duplicate, Severity::Minor, first, message, advice);
    }
    if entry.status == Status::Preferred
        && let Some(&other) = index.preferred.get(&(pair, source))
        && other != at
        && let Some(one) = entries.get(other)
        && one.target != entry.target
    {
        say(
            LintKind::Ambiguous,
            Severity::Minor,
            other,
            format!("“{}” is to be both “{}” and “{}”", cut(source), cut(&one.target), cut(&entry.target)),
            "prefer one of them and admit the other",
        );
    }
    for form in unwanted(entry) {
        // Within one entry it has been said.
        if let Some(&other) = index.wanted_for.get(&(pair, source, form)).filter(|&&other| other != at) {
            say(
                LintKind::Contradiction,
                Severity::Major,
                other,
                format!("“{}” is forbidden for “{}” here and wanted for it elsewhere", cut(form), cut(source)),
                "say one of the two",
            );
        } else if let Some(&other) = index.wanted.get(&(pair, form)).filter(|&&other| other != at) {
            let theirs = entries.get(other).map_or("", |e| e.source.as_str());
            if theirs != source {
                // With a source form, the two meet only in a sentence that has both.
                say(
                    LintKind::Circular,
                    if source.is_empty() { Severity::Major } else { Severity::Minor },
                    other,
                    format!("“{}” is forbidden here and wanted for “{}”", cut(form), cut(theirs)),
                    "allow it here, or find another form there",
                );
            }
        }
    }
}

/// Entries that others stand in the way of: source forms equal but for case, which do not add up, and more senses of a form
/// than are looked at.
fn shadows(entries: &[Entry], lints: &mut Vec<Lint>) {
    let mut first: FxHashMap<(Pair<'_>, String), usize> = FxHashMap::default();
    let mut senses: FxHashMap<(Pair<'_>, String), (usize, FxHashSet<&str>)> = FxHashMap::default();
    for (at, entry) in entries.iter().enumerate() {
        let key = (pair(entry), fold(&entry.source));
        if !entry.source.is_empty() {
            let other = *first.entry(key).or_insert(at);
            let theirs = entries.get(other).filter(|theirs| {
                theirs.source != entry.source
                    && !theirs.case_sensitive
                    && !entry.case_sensitive
                    && theirs.target != entry.target
            });
            if let Some(theirs) = theirs.filter(|theirs| !is_initials(&theirs.source) && !is_initials(&entry.source)) {
                lints.push(Lint {
                    kind: LintKind::Shadowed,
                    severity: Severity::Minor,
                    entry: at,
                    other: Some(other),
                    message: format!(
                        "“{}” and “{}” are found at the same places, and each wants a form of its own",
                        cut(&entry.source),
                        cut(&theirs.source)
                    ),
                    advice: "let the case matter in both, or make them one entry",
                    score: None,
                });
            }
        }
        let target = (pair(entry), fold(&entry.target));
        let (begun, sources) = senses.entry(target).or_insert_with(|| (at, FxHashSet::default()));
        if !sources.contains(entry.source.as_str()) {
            if sources.len() >= MAX_SENSES {
                lints.push(Lint {
                    kind: LintKind::Shadowed,
                    severity: Severity::Minor,
                    entry: at,
                    other: Some(*begun),
                    message: format!(
                        "“{}” stands for {MAX_SENSES} other things already, and no more are looked at",
                        cut(&entry.target)
                    ),
                    advice: "make entries of longer forms",
                    score: None,
                });
            } else {
                sources.insert(&entry.source);
            }
        }
    }
}

/// Why no text will have a form.
fn unmatchable(form: &str, language: Option<&Language>) -> Option<(Severity, String, &'static str)> {
    let quoted = cut(form);
    if let Some(c) = form.chars().find(|&c| is_unseen(c)) {
        let message = format!("“{quoted}” holds the invisible character U+{:04X}, which texts do not", u32::from(c));
        return Some((Severity::Major, message, "write it anew without that character"));
    }
    if is_unspaced(form) && form.chars().any(char::is_whitespace) {
        let message = format!("“{quoted}” has a blank, and such text is written without");
        return Some((Severity::Major, message, "take the blank out"));
    }
    if let (Some(open), Some(close)) = (form.find(" ("), form.rfind(')'))
        && open < close
    {
        let message = format!("“{quoted}” has a remark in brackets, and texts have the form without it");
        return Some((Severity::Major, message, "put the remark into the note"));
    }
    let mixed = form.split(|c: char| !c.is_alphanumeric()).find(|word| {
        let scripts = scripts_within(word);
        scripts.contains(&Script::Latin) && scripts.contains(&Script::Cyrillic)
    });
    if let Some(word) = mixed {
        let message = format!("“{}” has Latin and Cyrillic letters in one word, which look alike", cut(word));
        return Some((Severity::Minor, message, "write it anew in one alphabet"));
    }
    let language = language?;
    let own = scripts_of(language);
    let found: Vec<&str> = scripts_within(form).into_iter().map(|script| script_name(script).unwrap_or("")).collect();
    // Latin stands in texts of every language: names of firms, abbreviations. A letter of another among its own, as in
    // “β-blocker”, is meant.
    let strange = |name: &&str| !name.is_empty() && *name != "Latn" && !own.iter().any(|own| covers(own, name));
    let first = found.first().filter(|_| !own.is_empty() && found.iter().all(strange))?;
    let message = format!("“{quoted}” is written in {first}, and {language} is not");
    Some((Severity::Major, message, "see that source and target stand in their own columns"))
}

/// Characters that nobody sees and that a text will not have at the same place.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Scripts by ISO 15924 that a form in the wrong column is known by.
fn script_name(script: Script) -> Option<&'static str> {
    [
        (Script::Latin, "Latn"),
        (Script::Cyrillic, "Cyrl"),
        (Script::Greek, "Grek"),
        (Script::Arabic, "Arab"),
        (Script::Hebrew, "Hebr"),
        (Script::Han, "Hani"),
        (Script::Hangul, "Hang"),
        (Script::Hiragana, "Hira"),
        (Script::Katakana, "Kana"),
        (Script::Thai, "Thai"),
        (Script::Devanagari, "Deva"),
        (Script::Armenian, "Armn"),
        (Script::Georgian, "Geor"),
    ]
    .into_iter()
    .find_map(|(known, name)| (known == script).then_some(name))
}

/// Whether a language's script, which may be several in one, covers another.
fn covers(of_language: &str, script: &str) -> bool {
    match of_language {
        "Jpan" => matches!(script, "Hani" | "Hira" | "Kana"),
        "Kore" => matches!(script, "Hang" | "Hani"),
        "Hans" | "Hant" => script == "Hani",
        own => own == script,
    }
}

/// How prone to false alarms a form is, and why; `own_case`: it is found only as it is written; `gated`: the source is asked.
fn alarm(form: &str, data: LanguageData, own_case: bool, gated: bool) -> Option<(f64, &'static str)> {
    if is_initials(form) || is_unspaced(form) {
        return None;
    }
    let surface = Surface::new(form, data, &[], &[]);
    let words: Vec<&str> =
        surface.tokens.iter().filter(|t| t.kind == TokenKind::Word).map(|t| surface.folded(t)).collect();
    if words.is_empty() || words.len() < surface.tokens.len() {
        return None;
    }
    let function = data.table("function-words");
    let by_case = own_case && case_of(form) != Case::Lower;
    let (score, why) = match words.as_slice() {
        [word] if function.has(word) => (FUNCTION_WORD, "stands in nearly every sentence"),
        [word] if word.chars().count() <= 2 && word.chars().any(char::is_lowercase) => {
            (TINY, "is so short that much else looks like it")
        }
        [word] if data.table("common-words").has(word) => (
            if gated { COMMON_WORD * GATED } else { COMMON_WORD },
            "is an ordinary word, and nothing asks the source for it",
        ),
        [_] => return None,
        words if words.iter().all(|word| function.has(word)) => (FUNCTION_WORDS, "is made of small words alone"),
        _ => return None,
    };
    let score = if by_case { score * BY_CASE } else { score };
    (score >= ALARMING).then_some((score, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::csv;

    fn lints(rows: &str) -> Vec<(LintKind, usize, Option<usize>)> {
        let text = format!("source,target,source_language,target_language,status,admitted,forbidden,case\n{rows}");
        let entries = csv::read(text.as_bytes(), "g.csv").expect(rows);
        lint(&entries).into_iter().map(|l| (l.kind, l.entry, l.other)).collect()
    }

    #[test]
    fn good_entries_are_left_alone() {
        let good = "Дресвянка,Dresvyanka,ru,en,,,Dresvanka|Dresviyanka,\n\
                    Совет Безопасности,Security Council,ru,en,,UN Security Council,,\n\
                    Госдепартамент,State Department,ru,en,,,state Department,\n\
                    США,US,ru,en,,,USA,\n\
                    зерновой терминал,grain terminal,ru,en,,,cereal terminal,\n\
                    外交部,Foreign Ministry,zh,en,,,,\n\
                    Яндекс,Yandex,ru,en,,,,\n\
                    Microsoft,Microsoft,en,ru,,,,\n";
        assert_eq!(lints(good), []);
    }

    #[test]
    fn duplicates() {
        assert_eq!(lints("мир,peace,ru,en,,,,\nмир,peace,ru,en,,,,\n"), [(LintKind::Duplicate, 1, Some(0))]);
        assert_eq!(lints("мир,peaceful,ru,en,,calm|calm,,\n"), [(LintKind::Duplicate, 0, None)]);
        assert_eq!(lints("мир,peaceful,ru,en,,,,\nмир,peaceful,ru,de,,,,\n"), []);
    }

    #[test]
    fn contradictions_within_and_between() {
        assert_eq!(
            lints("город,Kyiv,ru,en,,,,\nгород,Kyiv,ru,en,forbidden,,,\n"),
            [(LintKind::Contradiction, 1, Some(0))]
        );
        assert_eq!(lints("город,Kyiv,ru,en,forbidden,Kyiv,,\n"), [(LintKind::Contradiction, 0, None)]);
    }

    #[test]
    fn what_is_wanted_elsewhere_is_circular() {
        let rows = "налёт,raidings,ru,en,,,plaques,\nбляшки,plaques,ru,en,,,,\n";
        assert_eq!(lints(rows), [(LintKind::Circular, 0, Some(1))]);
    }

    #[test]
    fn several_preferred_are_ambiguous() {
        assert_eq!(lints("замок,castles,ru,en,,,,\nзамок,padlocks,ru,en,,,,\n"), [(LintKind::Ambiguous, 1, Some(0))]);
        assert_eq!(lints("замок,castles,ru,en,,,,\nзамок,padlocks,ru,en,admitted,,,\n"), []);
    }

    #[test]
    fn sources_that_differ_in_case_alone_are_shadowed() {
        assert_eq!(lints("Роза,Rosalinde,ru,en,,,,\nроза,roses,ru,en,,,,\n"), [(LintKind::Shadowed, 1, Some(0))]);
        assert_eq!(lints("Роза,Rosalinde,ru,en,,,,sensitive\nроза,roses,ru,en,,,,sensitive\n"), []);
        assert_eq!(lints("Роза,Rosalinde,ru,en,,,Rosalinda|rosalinda,\n"), [(LintKind::Shadowed, 0, None)]);
    }

    #[test]
    fn ordinary_words_are_prone_to_alarms() {
        assert_eq!(lints("и,moreover,ru,en,,,,\n"), [(LintKind::AlarmProne, 0, None)]);
        assert_eq!(lints("боевик,militant,ru,en,,,about|fighterette,\n"), [(LintKind::AlarmProne, 0, None)]);
        assert_eq!(lints("боевик,militant,ru,en,,,as of,\n"), [(LintKind::AlarmProne, 0, None)]);
        assert_eq!(lints(",militant,,en,,,society,\n"), [(LintKind::AlarmProne, 0, None)]);
        assert_eq!(lints("боевик,militant,ru,en,,,society,\n"), []);
    }

    #[test]
    fn forms_that_no_text_has_are_unmatchable() {
        assert_eq!(lints("Захра,Al\u{200b}Zahra,ru,en,,,,\n"), [(LintKind::Unmatchable, 0, None)]);
        assert_eq!(lints("Захра,Zahra (town),ru,en,,,,\n"), [(LintKind::Unmatchable, 0, None)]);
        assert_eq!(lints("Zahra,Захра,ru,en,,,,\n"), [(LintKind::Unmatchable, 0, None)]);
        assert_eq!(lints("Xерсон,Kherson,ru,en,,,,\n"), [(LintKind::Unmatchable, 0, None)]);
        assert_eq!(lints("бета-блокатор,β-blocker,ru,en,,,,\nIT-фирма,IT firm,ru,en,,,,\n"), []);
        assert_eq!(lints("外交 部,Foreign Ministry,zh,en,,,,\n"), [(LintKind::Unmatchable, 0, None)]);
    }

    #[test]
    fn a_large_glossary_costs_in_proportion() {
        let entry = |i: usize| Entry {
            source: "замок".into(),
            target: format!("castle{}", i % 7),
            forbidden: vec![format!("padlock{i}")],
            ..Entry::default()
        };
        let entries: Vec<Entry> = (0..20_000).map(entry).collect();
        assert!(lint(&entries).len() > 19_000);
    }
}
