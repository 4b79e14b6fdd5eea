//! The part of a glossary that serves one pair of languages: its concepts, and the matchers that find their forms.
//!
//! How words inflect is a matter of their language. Where entries name theirs, the matcher is compiled with the glossary; where
//! they do not, one is compiled for the language of an article on first use, and kept for the next.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash as _, Hasher as _};

use crate::article::Language;
use crate::finding::EntityKind;
use crate::glossary::matcher::{Form, Matcher, Role};
use crate::glossary::{Concept, Entry, Status};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Case, case_of, fold};

/// What a glossary has for an article: cheap to clone.
#[derive(Clone)]
pub struct Pair {
    /// What it holds.
    pub concepts: Arc<[Concept]>,
    /// Finds source forms.
    pub source: Arc<Matcher>,
    /// Finds target forms.
    pub target: Arc<Matcher>,
    words: Arc<OnceLock<Words>>,
}

/// The words of the target forms, so that a text asks for its own and does not go through all of them.
#[derive(Default)]
pub struct Words {
    /// Hash of a word → whether a form that is right has it.
    known: FxHashMap<u64, bool>,
    /// What spellings of a name have in common, with the name; sorted.
    keys: Vec<(u64, u32)>,
    names: Vec<NameOf>,
}

/// A word with a capital of an approved form of a name.
#[derive(Clone, Copy, Debug)]
pub struct NameOf {
    /// The concept, as an index.
    pub concept: usize,
    /// The form, among those that are right.
    pub form: usize,
    /// Where in the form the word stands.
    pub word: Span,
}

/// What parts the words of a name.
const BETWEEN: [char; 3] = [' ', '-', '\u{a0}'];

impl Words {
    fn of(concepts: &[Concept], keys: impl Fn(&str, &mut dyn FnMut(u64))) -> Self {
        let mut words = Self::default();
        for (index, concept) in concepts.iter().enumerate() {
            for form in &concept.unwanted {
                form.split(BETWEEN).for_each(|word| {
                    words.known.entry(hash(word)).or_insert(false);
                });
            }
            let named = concept.is_name() && !concept.do_not_translate;
            for (at, form) in concept.approved().enumerate() {
                let mut start = 0;
                for word in form.split(BETWEEN) {
                    words.known.insert(hash(word), true);
                    let span = Span::new(start, start + word.len());
                    let between = form.get(span.end()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                    start = span.end() + between;
                    if named && word.starts_with(char::is_uppercase) {
                        let number = u32::try_from(words.names.len()).unwrap_or(u32::MAX);
                        words.names.push(NameOf { concept: index, form: at, word: span });
                        keys(word, &mut |key| words.keys.push((key, number)));
                    }
                }
            }
        }
        words.keys.sort_unstable();
        words.keys.dedup();
        words.keys.shrink_to_fit();
        words
    }

    /// Whether some form has a word, right or not.
    pub fn has(&self, word: &str) -> bool {
        self.known.contains_key(&hash(word))
    }

    /// Whether a form that is right has a word.
    pub fn approves(&self, word: &str) -> bool {
        self.known.get(&hash(word)).copied().unwrap_or(false)
    }

    /// The numbers of the names with a key.
    pub fn with_key(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let first = self.keys.partition_point(|(other, _)| *other < key);
        self.keys.iter().skip(first).take_while(move |(other, _)| *other == key).map(|(_, name)| *name)
    }

    /// The name of a number.
    pub fn name(&self, number: u32) -> Option<NameOf> {
        self.names.get(number as usize).copied()
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    word.hash(&mut hasher);
    hasher.finish()
}

impl Pair {
    /// The words of its target forms, laid down when they are first asked for; `keys` tells what two spellings of a name have
    /// in common, and is the same whoever asks.
    pub fn words(&self, keys: impl Fn(&str, &mut dyn FnMut(u64))) -> &Words {
        self.words.get_or_init(|| Words::of(&self.concepts, keys))
    }
}

/// The entries of one pair of languages, compiled.
pub(super) struct Part {
    /// `None`: any.
    source_language: Option<Language>,
    /// `None`: any.
    target_language: Option<Language>,
    concepts: Arc<[Concept]>,
    source: Side,
    target: Side,
    words: Arc<OnceLock<Words>>,
}

/// The matchers of one side.
enum Side {
    /// Of the language that the entries name.
    Named(Arc<Matcher>),
    /// Of the languages that articles had, the one last used at the end.
    Any(Mutex<Vec<Kept>>),
}

/// A matcher of a language, by its tag; who comes while another compiles it waits for that one.
type Kept = (&'static str, Arc<OnceLock<Arc<Matcher>>>);

/// The most matchers that are kept of a side without a language: a desk has a few languages, and each matcher of a large glossary
/// takes tens of megabytes.
const MAX_KEPT: usize = 4;

impl Part {
    /// Compiles entries, all of one pair of languages.
    pub(super) fn compile(entries: &[&Entry]) -> Self {
        let language = |of: fn(&Entry) -> &Option<Language>| entries.first().and_then(|e| of(e).clone());
        let concepts: Arc<[Concept]> = concepts_of(entries).into();
        let side = |language: &Option<Language>, role| match language {
            Some(language) => Side::Named(Arc::new(matcher(&concepts, role, LanguageData::of(language)))),
            None => Side::Any(Mutex::default()),
        };
        let (source_language, target_language) = (language(|e| &e.source_language), language(|e| &e.target_language));
        Self {
            source: side(&source_language, Role::Source),
            target: side(&target_language, Role::Approved),
            source_language,
            target_language,
            concepts,
            words: Arc::default(),
        }
    }

    /// Source language and target language; `None`: any.
    pub(super) fn languages(&self) -> (&Option<Language>, &Option<Language>) {
        (&self.source_language, &self.target_language)
    }

    /// Whether it serves an article: the target languages fit, and so do the source languages where both are known.
    pub(super) fn serves(&self, source: Option<&Language>, target: &Language) -> bool {
        let fits = |have: &Option<Language>, want: Option<&Language>| match (have, want) {
            (Some(have), Some(want)) => have.fits(want),
            _ => true,
        };
        fits(&self.target_language, Some(target)) && fits(&self.source_language, source)
    }

    /// What it has for an article in these languages, which count where the entries name none.
    pub(super) fn pair(&self, source: Option<&Language>, target: Option<&Language>) -> Pair {
        Pair {
            concepts: Arc::clone(&self.concepts),
            source: self.source.matcher(&self.concepts, Role::Source, source),
            target: self.target.matcher(&self.concepts, Role::Approved, target),
            words: Arc::clone(&self.words),
        }
    }
}

impl Side {
    /// The matcher for a text in a language.
    fn matcher(&self, concepts: &[Concept], role: Role, language: Option<&Language>) -> Arc<Matcher> {
        let kept = match self {
            Self::Named(matcher) => return Arc::clone(matcher),
            Self::Any(kept) => kept,
        };
        let data = language.map_or(LanguageData::NONE, LanguageData::of);
        let cell = {
            // Whoever panicked with the list in hand has left whole entries behind.
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let known = kept.iter().position(|(tag, _)| *tag == data.tag());
            let entry = known.map_or_else(|| (data.tag(), Arc::default()), |at| kept.remove(at));
            if kept.len() >= MAX_KEPT {
                kept.remove(0);
            }
            let cell = Arc::clone(&entry.1);
            kept.push(entry);
            cell
        };
        Arc::clone(cell.get_or_init(|| Arc::new(matcher(concepts, role, data))))
    }
}

/// Compiles the forms of one side: those of the source, or all of the target.
fn matcher(concepts: &[Concept], role: Role, data: LanguageData) -> Matcher {
    let mut forms = Vec::with_capacity(concepts.len());
    for (index, concept) in concepts.iter().enumerate() {
        let form = |text, role, exact_case| Form { text, concept: index, role, exact_case };
        if role == Role::Source {
            if !concept.source.is_empty() {
                forms.push(form(&concept.source, role, concept.case_sensitive));
            }
            continue;
        }
        for text in concept.approved() {
            // "US" is not "us"; but a name that stays as it is should also be found where its capitals were lost.
            forms.push(form(text, Role::Approved, is_initials(text) && !concept.do_not_translate));
        }
        let unwanted = !concept.unwanted.is_empty();
        let approved: FxHashSet<String> = concept.approved().filter(|_| unwanted).map(fold).collect();
        for text in &concept.unwanted {
            // A form that differs from an approved one only in case is matched with its case.
            let only_case = approved.contains(&fold(text));
            forms.push(form(text, Role::Unwanted, concept.case_sensitive || only_case || is_initials(text)));
        }
    }
    Matcher::new(&forms, data)
}

/// Whether every letter of a form is a capital: such a form is found in capitals only.
pub(super) fn is_initials(form: &str) -> bool {
    case_of(form) == Case::Upper
}

/// The concepts of entries of one pair of languages.
fn concepts_of<'e>(entries: &[&'e Entry]) -> Vec<Concept> {
    let mut seen: FxHashSet<(usize, Status, &'e str)> = FxHashSet::default();
    let mut concepts: Vec<Concept> = Vec::new();
    let mut by_source: FxHashMap<&str, usize> = FxHashMap::default();
    for entry in entries {
        let new = || Concept {
            source: entry.source.clone(),
            preferred: Vec::new(),
            admitted: Vec::new(),
            unwanted: Vec::new(),
            deprecated: Vec::new(),
            kind: EntityKind::Unknown,
            do_not_translate: false,
            case_sensitive: false,
        };
        let index = match by_source.get(entry.source.as_str()) {
            // Entries without a source form are concepts of their own: nothing says that they belong together.
            Some(&index) if !entry.source.is_empty() => index,
            _ => {
                concepts.push(new());
                by_source.insert(&entry.source, concepts.len() - 1);
                concepts.len() - 1
            }
        };
        let concept = &mut concepts[index];
        let standing = match entry.status {
            Status::Preferred => &mut concept.preferred,
            Status::Admitted => &mut concept.admitted,
            Status::Deprecated | Status::Forbidden => &mut concept.unwanted,
        };
        let mut push_new = |forms: &mut Vec<String>, form: &'e str, standing: Status| {
            if !form.is_empty() && seen.insert((index, standing, form)) {
                forms.push(form.to_owned());
            }
        };
        let status = if entry.status == Status::Deprecated { Status::Forbidden } else { entry.status };
        push_new(standing, &entry.target, status);
        if entry.status == Status::Deprecated && !entry.target.is_empty() {
            concept.deprecated.push(entry.target.clone());
        }
        entry.admitted.iter().for_each(|form| push_new(&mut concept.admitted, form, Status::Admitted));
        entry.forbidden.iter().for_each(|form| push_new(&mut concept.unwanted, form, Status::Forbidden));
        concept.kind = entry.kind.unwrap_or(concept.kind);
        concept.do_not_translate |= entry.do_not_translate;
        concept.case_sensitive |= entry.case_sensitive;
    }
    concepts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::Glossary;
    use crate::surface::Surface;

    fn language(tag: &str) -> Language {
        Language::parse(tag).expect(tag)
    }

    fn unnamed() -> Glossary {
        let entry = |source: &str, target: &str| Entry {
            source: source.to_owned(),
            target: target.to_owned(),
            ..Entry::default()
        };
        Glossary::compile("g", &[entry("перемирие", "truce"), entry("партия", "party")])
    }

    fn found(matcher: &Matcher, text: &str, tag: &str) -> Vec<String> {
        let surface = Surface::new(text, LanguageData::of(&language(tag)), &[], &[]);
        matcher.find(text, &surface).into_iter().map(|hit| hit.span.of(text).to_owned()).collect()
    }

    #[test]
    fn languages_that_nobody_names_are_those_of_the_article() {
        let glossary = unnamed();
        let pairs = glossary.fitting(Some(&language("ru")), &language("en-GB"));
        let [pair] = &pairs[..] else { panic!("one pair") };
        assert!(pair.source.inflects() && pair.target.inflects());
        assert_eq!(found(&pair.source, "о перемирии", "ru"), ["перемирии"]);
        assert_eq!(found(&pair.target, "both parties", "en"), ["parties"]);
        let nobody_knows = glossary.fitting(None, &language("qaa"));
        assert!(nobody_knows.iter().all(|pair| !pair.source.inflects() && !pair.target.inflects()));
    }

    #[test]
    fn a_matcher_is_compiled_once_a_language() {
        let glossary = unnamed();
        let pair = |from: &str, to: &str| glossary.fitting(Some(&language(from)), &language(to)).remove(0);
        let (first, second, other) = (pair("ru", "en"), pair("ru", "en-US"), pair("uk", "en"));
        assert!(Arc::ptr_eq(&first.source, &second.source) && Arc::ptr_eq(&first.target, &second.target));
        assert!(Arc::ptr_eq(&first.target, &other.target) && !Arc::ptr_eq(&first.source, &other.source));
        assert!(Arc::ptr_eq(&first.concepts, &other.concepts));
    }

    #[test]
    fn few_matchers_are_kept() {
        let glossary = unnamed();
        let pair = |to: &str| glossary.fitting(None, &language(to)).remove(0);
        let first = pair("en");
        for tag in ["fr", "de", "es"] {
            pair(tag);
        }
        // The one last used stays, whenever it was compiled.
        assert!(Arc::ptr_eq(&first.target, &pair("en").target));
        pair("it");
        assert!(Arc::ptr_eq(&first.target, &pair("en").target));
        for tag in ["fr", "de", "es", "it"] {
            pair(tag);
        }
        assert!(!Arc::ptr_eq(&first.target, &pair("en").target));
        let Some(Side::Any(kept)) = glossary.parts.first().map(|part| &part.target) else { panic!("no language") };
        assert_eq!(kept.lock().expect("nobody panics").len(), MAX_KEPT);
    }
}
