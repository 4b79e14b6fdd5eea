//! The engine: holds the knowledge, runs the stages, answers with a report.
//!
//! It reads no clock, no randomness, no environment and no network: the same article, options and knowledge give the same
//! report, byte for byte.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use crate::analyse::quality::Hints;
use crate::analyse::{Document, Passage, Text};
use crate::article::{Article, Language, Side, SideName};
use crate::check::{self, CATALOGUE, Draft, Rule, Run, Settings, Survey};
use crate::digest::Digest;
use crate::finding::{Coverage, LanguageCoverage, Report, ScoreProfile, Severity, SkipReason, TriageThresholds};
use crate::glossary::{Glossary, Pair, desk};
use crate::judge::{self, Bench, Changed, Raw, Recheck, RuleSetting};
use crate::language::{self, LanguageData, Words};
use crate::models;
use crate::panics;
use crate::patterns::Patterns;
use crate::style::Style;
use crate::surface::Surface;

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The confidence below which nothing is said, unless the caller asks otherwise.
pub const DEFAULT_MIN_CONFIDENCE: f64 = 0.5;
/// Suggestions of a finding, unless the caller asks otherwise.
pub const DEFAULT_MAX_SUGGESTIONS: usize = 3;

/// One rule or family, done otherwise than by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleOverride {
    /// A rule (`term/forbidden`) or a family (`term`).
    pub rule: String,
    /// Off where false.
    pub enabled: Option<bool>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Another floor of confidence.
    pub min_confidence: Option<f64>,
}

/// A name that is neither a rule nor a family.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule or family {name:?}{}", self.hint())]
pub struct UnknownRule {
    /// What was asked for.
    pub name: String,
    /// The likest there is.
    pub meant: Option<&'static str>,
}

impl UnknownRule {
    fn hint(&self) -> String {
        self.meant.map_or(String::new(), |meant| format!("; did you mean {meant}?"))
    }
}

/// How to check.
#[derive(Clone)]
pub struct Options {
    /// Findings below it are neither reported nor scored.
    pub min_confidence: f64,
    /// Rules done otherwise, layer by layer.
    layers: Vec<Vec<RuleOverride>>,
    /// The desk's habits; `None`: from the target's region.
    pub style: Option<Style>,
    /// Also report the names of the text.
    pub include_entities: bool,
    /// Also estimate how good each sentence is, or each segment; segments are always estimated.
    pub include_quality: bool,
    /// Estimate segments even if that was not asked for; they are what a translation system works by.
    pub estimate_segments: bool,
    /// Also tell for each word how likely an editor is to change it.
    pub include_token_scores: bool,
    /// From which estimates on a segment is published or translated anew.
    pub triage: TriageThresholds,
    /// The most suggestions of one finding.
    pub max_suggestions: usize,
    /// The parameters of the score.
    pub score_profile: ScoreProfile,
    /// Glossaries to check by; those whose languages do not fit are passed over.
    pub glossaries: Vec<Arc<Glossary>>,
    /// Whether names that every desk knows are held to, too; a glossary's entries win.
    pub builtin_glossary: bool,
    /// The desk's own patterns.
    pub patterns: Vec<Arc<Patterns>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_confidence: DEFAULT_MIN_CONFIDENCE,
            layers: vec![Vec::new()],
            style: None,
            include_entities: false,
            include_quality: false,
            estimate_segments: true,
            include_token_scores: false,
            triage: TriageThresholds::default(),
            max_suggestions: DEFAULT_MAX_SUGGESTIONS,
            score_profile: ScoreProfile::default(),
            glossaries: Vec::new(),
            builtin_glossary: true,
            patterns: Vec::new(),
        }
    }
}

impl Options {
    /// Does a rule or family otherwise.
    ///
    /// # Errors
    /// There is no rule or family of that name.
    pub fn set_rule(&mut self, rule: RuleOverride) -> Result<(), UnknownRule> {
        let name = rule.rule.as_str();
        if crate::check::rule(name).is_some() || crate::check::is_family(name) {
            match self.layers.last_mut() {
                Some(layer) => layer.push(rule),
                None => self.layers.push(vec![rule]),
            }
            return Ok(());
        }
        let names = CATALOGUE.iter().flat_map(|r| [r.id, r.family()]);
        let likeness = |n: &&str| (strsim::jaro_winkler(n, name) * 1_000.0) as u32;
        let meant = names.filter(|n| likeness(n) > 800).max_by_key(likeness);
        Err(UnknownRule { name: name.chars().take(60).collect(), meant })
    }

    /// Ends a layer of settings: what is set from here on wins over what was set before, a family's setting too.
    pub fn next_layer(&mut self) {
        self.layers.push(Vec::new());
    }

    /// What holds for each rule, in the order of the catalogue: a later layer before an earlier one, and within a layer a
    /// rule's own setting before its family's, and a later one before an earlier.
    fn settings(&self) -> Vec<RuleSetting> {
        let base = RuleSetting { enabled: true, severity: None, min_confidence: self.min_confidence };
        let mut settings = vec![base; CATALOGUE.len()];
        for layer in &self.layers {
            for own in [false, true] {
                for over in layer.iter().filter(|over| over.rule.contains('/') == own) {
                    let meant = CATALOGUE.iter().zip(&mut settings);
                    for (_, setting) in meant.filter(|(rule, _)| over.rule == rule.id || over.rule == rule.family()) {
                        setting.enabled = over.enabled.unwrap_or(setting.enabled);
                        setting.severity = over.severity.or(setting.severity);
                        setting.min_confidence = over.min_confidence.unwrap_or(setting.min_confidence);
                    }
                }
            }
        }
        settings
    }
}

/// The setting of a rule among those of the catalogue.
fn setting_of(settings: &[RuleSetting], rule: &Rule) -> RuleSetting {
    let at = CATALOGUE.binary_search_by_key(&rule.id, |r| r.id).unwrap_or(0);
    settings[at]
}

/// Asked between sentences whether to go on: a deadline, or a caller who has left.
pub trait Interrupt: Sync {
    /// Whether to stop.
    fn is_raised(&self) -> bool;
}

/// Never stops.
pub struct Never;

impl Interrupt for Never {
    fn is_raised(&self) -> bool {
        false
    }
}

/// The check was stopped before it had an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the check was interrupted")]
pub struct Interrupted;

/// Holds what is known, and checks. Cheap to make, immutable, to be shared.
#[derive(Debug)]
pub struct Engine {
    digest: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine with the knowledge that is compiled in.
    pub fn new() -> Self {
        let mut digest = Digest::default();
        digest.write(VERSION.as_bytes());
        digest.write(&language::DATA_DIGEST.to_le_bytes());
        for rule in CATALOGUE {
            digest.write(rule.id.as_bytes());
        }
        digest.write(&models::digest().to_le_bytes());
        Self { digest: digest.finish() }
    }

    /// Names the knowledge that is compiled in.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// Checks an article.
    ///
    /// # Errors
    /// The interrupt was raised first.
    pub fn check(
        &self,
        article: &Article,
        options: &Options,
        interrupt: &dyn Interrupt,
    ) -> Result<Report, Interrupted> {
        self.check_with(article, options, interrupt, &mut |_| {})
    }

    /// Checks an article, and tells an observer of every stage that ends: how long they take is for the observer to know,
    /// since the engine has no clock.
    ///
    /// # Errors
    /// The interrupt was raised first.
    pub fn check_with(
        &self,
        article: &Article,
        options: &Options,
        interrupt: &dyn Interrupt,
        observe: &mut dyn FnMut(&'static str),
    ) -> Result<Report, Interrupted> {
        let source = article.source().map(resolve);
        let target = resolve(article.target());
        let source_language = source.as_ref().and_then(|s| s.language.as_ref());
        observe("language");
        let (pairs, mut names) = fitting(options, source_language, target.language.as_ref());
        let document = Document::new(article, source_language, target.language.clone(), pairs);
        let known = source_language.zip(target.language.as_ref()).filter(|_| options.builtin_glossary);
        let desk = known.and_then(|(source, target)| desk::names(source, target));
        names.extend(desk.map(|_| desk::NAME.to_owned()));
        let hints = Hints { log_probabilities: article.target().log_probabilities().to_vec() };
        let document = document.with_desk(desk).with_hints(hints);
        stop_if(interrupt)?;
        document.target.surface();
        observe("surface");
        stop_if(interrupt)?;
        if document.source.is_some() {
            document.alignment();
        }
        observe("alignment");
        let rule_settings = options.settings();
        let settings = Settings {
            style: options.style.or(target.language.as_ref().map(Style::of)).unwrap_or_default(),
            patterns: options.patterns.clone(),
            unsure: rule_settings.iter().any(|setting| setting.min_confidence < DEFAULT_MIN_CONFIDENCE),
        };
        let mut runner = Runner::new(&document, &rule_settings);
        let raw = runner.run(&settings, interrupt)?;
        observe("rules");
        let bench = Bench {
            text: document.target.text(),
            surface: document.target.surface(),
            masks: article.target().masks(),
            setting: &|rule| setting_of(&rule_settings, rule),
            max_suggestions: options.max_suggestions,
            stop: &|| interrupt.is_raised(),
        };
        stop_if(interrupt)?;
        let verdict = judge::judge(raw, &bench, &runner);
        stop_if(interrupt)?;
        observe("judgement");
        let words = evaluation_words(&document, source_language, target.language.as_ref());
        let score = judge::score::score(&verdict.findings, words, options.score_profile);
        let entities = if options.include_entities { crate::entities::of(&document) } else { Vec::new() };
        let unasked = options.estimate_segments && !article.segments().is_empty();
        let (segments, token_scores) = if options.include_quality || unasked || options.include_token_scores {
            let quality = crate::quality::of(&document, article, &verdict.findings, options.triage);
            observe("quality");
            (quality.segments, if options.include_token_scores { quality.tokens } else { Vec::new() })
        } else {
            (Vec::new(), Vec::new())
        };
        let models_missing = target
            .language
            .as_ref()
            .map_or(Vec::new(), |target| models::missing(source_language.map(Language::primary), target.primary()));
        let coverage = Coverage {
            source_language: source.map(|s| s.coverage),
            target_language: target.coverage,
            rules_run: runner.ran(),
            rules_skipped: runner.skipped.clone(),
            alignment_confidence: document.source.as_ref().map(|_| thousandths(document.alignment().confidence())),
            glossaries: names,
            target_words: document.target.surface().words(),
            target_sentences: document.target.surface().sentences.len(),
            suggestions_unverified: verdict.unverified,
            models_missing,
        };
        observe("score");
        let mut digest = Digest::default();
        digest.write(&self.digest.to_le_bytes());
        for glossary in &options.glossaries {
            digest.write(&glossary.digest().to_le_bytes());
        }
        for patterns in &options.patterns {
            digest.write(&patterns.digest().to_le_bytes());
        }
        Ok(Report {
            findings: verdict.findings,
            score,
            entities,
            segments,
            token_scores,
            coverage,
            knowledge_digest: digest.finish(),
        })
    }
}

fn stop_if(interrupt: &dyn Interrupt) -> Result<(), Interrupted> {
    if interrupt.is_raised() { Err(Interrupted) } else { Ok(()) }
}

fn thousandths(x: f64) -> f64 {
    (x * 1_000.0).round() / 1_000.0
}

struct Resolved {
    language: Option<Language>,
    coverage: LanguageCoverage,
}

/// A side's language, as it was given, or as the text says.
fn resolve(side: &Side) -> Resolved {
    if let Some(language) = side.language() {
        let coverage = LanguageCoverage { tag: language.tag().to_owned(), inferred: false, confidence: 1.0 };
        return Resolved { language: Some(language.clone()), coverage };
    }
    match language::infer(side.text()) {
        Some(evidence) => {
            let tag = evidence.language.tag().to_owned();
            let coverage = LanguageCoverage { tag, inferred: true, confidence: evidence.confidence };
            Resolved { language: Some(evidence.language), coverage }
        }
        None => {
            let coverage = LanguageCoverage { tag: "und".to_owned(), inferred: true, confidence: 0.0 };
            Resolved { language: None, coverage }
        }
    }
}

/// The glossary pairs that fit the languages, and the names of the glossaries they are from.
fn fitting(options: &Options, source: Option<&Language>, target: Option<&Language>) -> (Vec<Pair>, Vec<String>) {
    let (mut pairs, mut names) = (Vec::new(), Vec::new());
    let Some(target) = target else {
        return (pairs, names);
    };
    for glossary in &options.glossaries {
        let before = pairs.len();
        pairs.extend(glossary.fitting(source, target));
        if pairs.len() > before {
            names.push(glossary.name().to_owned());
        }
    }
    (pairs, names)
}

fn evaluation_words(
    document: &Document<'_>,
    source: Option<&Language>,
    target: Option<&Language>,
) -> crate::finding::EvaluationWords {
    let (text, language, side) = match &document.source {
        Some(text) => (text, source, SideName::Source),
        None => (&document.target, target, SideName::Target),
    };
    let primary = language.map_or("", Language::primary);
    let characters = if text.data().words() == Words::Unspaced {
        text.text().chars().filter(|c| c.is_alphanumeric()).count()
    } else {
        0
    };
    judge::score::evaluation_words(text.surface().words(), characters, primary, side)
}

/// Runs the rules that can run, and remembers the rest.
struct Runner<'a> {
    document: &'a Document<'a>,
    rules: Vec<Active>,
    skipped: Vec<(&'static str, SkipReason)>,
}

struct Active {
    rule: &'static Rule,
    survey: Option<Box<dyn Survey>>,
}

impl<'a> Runner<'a> {
    fn new(document: &'a Document<'a>, settings: &[RuleSetting]) -> Self {
        let data = document.target.data();
        let has_desk = |rule: &Rule| document.desk.is_some() && check::knows_desk_names(rule);
        let (mut rules, mut skipped) = (Vec::new(), Vec::new());
        for &rule in CATALOGUE {
            let reason = if !setting_of(settings, rule).enabled {
                Some(SkipReason::Disabled)
            } else if rule.needs_source && document.source.is_none() {
                Some(SkipReason::NeedsSource)
            } else if rule.needs_glossary && document.pairs.is_empty() && !has_desk(rule) {
                Some(SkipReason::NeedsGlossary)
            } else if !rule.languages.serve(data)
                || document.source.as_ref().is_some_and(|source| !rule.languages.serve_source(source.data()))
            {
                Some(SkipReason::Language)
            } else {
                None
            };
            match reason {
                Some(reason) => skipped.push((rule.id, reason)),
                None => rules.push(Active { rule, survey: None }),
            }
        }
        Self { document, rules, skipped }
    }

    fn ran(&self) -> Vec<&'static str> {
        self.rules.iter().map(|active| active.rule.id).collect()
    }

    /// Runs every rule over every sentence, several stretches of the text at the same time, and rules that need no survey while
    /// the surveys are made. A rule that panics is left out, with all that it found. What is found is in the order of the rules,
    /// whoever was first.
    fn run(&mut self, settings: &Settings, interrupt: &dyn Interrupt) -> Result<Vec<Raw>, Interrupted> {
        let document = self.document;
        let rules = &self.rules;
        let survey = |active: &Active| match active.rule.run {
            Run::Document(survey) => guarded(active.rule, || Some(survey(document, settings))),
            Run::Sentence(_) => Some(None),
        };
        let (surveys, alone) = rayon::join(
            || rules.par_iter().map(survey).collect::<Vec<Option<Option<Box<dyn Survey>>>>>(),
            || look_over(rules, document, interrupt, &|rule| matches!(rule.run, Run::Sentence(_))),
        );
        let surveyed: Vec<Option<()>> = surveys.iter().map(|survey| survey.as_ref().map(|_| ())).collect();
        for (active, survey) in self.rules.iter_mut().zip(surveys) {
            active.survey = survey.flatten();
        }
        let with_survey = look_over(&self.rules, document, interrupt, &|rule| matches!(rule.run, Run::Document(_)))?;
        let mut found: Vec<Found> = alone?.into_iter().chain(with_survey).collect();
        let mut raw = Vec::new();
        let mut failed = Vec::new();
        for (at, (active, surveyed)) in self.rules.iter().zip(surveyed).enumerate() {
            let of_rule: Option<Vec<Vec<Raw>>> = found.iter_mut().map(|stretch| stretch.get_mut(at)?.take()).collect();
            match of_rule.filter(|_| surveyed.is_some()) {
                Some(of_rule) => raw.extend(of_rule.into_iter().flatten()),
                None => failed.push(active.rule.id),
            }
        }
        self.rules.retain(|active| !failed.contains(&active.rule.id));
        self.skipped.extend(failed.into_iter().map(|id| (id, SkipReason::Failed)));
        self.skipped.sort_by_key(|(id, _)| *id);
        Ok(raw)
    }
}

/// What rules found in a stretch of the text, by rule; nothing of a rule that panicked.
type Found = Vec<Option<Vec<Raw>>>;

/// Runs those rules that are wanted over all stretches of the text.
fn look_over(
    rules: &[Active],
    document: &Document<'_>,
    interrupt: &dyn Interrupt,
    wanted: &(dyn Fn(&Rule) -> bool + Sync),
) -> Result<Vec<Found>, Interrupted> {
    let stretches = stretches(document.target.surface().sentences.len());
    let found = stretches.into_par_iter().map(|stretch| {
        let look = |active: &Active| {
            let mut raw = Vec::new();
            if !wanted(active.rule) {
                return Ok(Some(raw));
            }
            let ran = guarded(active.rule, || run_rule(active, document, stretch.clone(), interrupt, &mut raw));
            ran.transpose().map(|ran| ran.map(|()| raw))
        };
        rules.iter().map(look).collect::<Result<Found, Interrupted>>()
    });
    found.collect()
}

/// Sentences that are looked at in one go: enough that a rule's tables stay near, few enough that all cores have some.
const STRETCH: usize = 6;

/// A text in stretches, by its sentences.
fn stretches(sentences: usize) -> Vec<Range<usize>> {
    (0..sentences).step_by(STRETCH).map(|from| from..(from + STRETCH).min(sentences)).collect()
}

fn run_rule(
    active: &Active,
    document: &Document<'_>,
    sentences: Range<usize>,
    interrupt: &dyn Interrupt,
    raw: &mut Vec<Raw>,
) -> Result<(), Interrupted> {
    let mut drafts = Vec::new();
    for sentence in sentences {
        stop_if(interrupt)?;
        let passage = Passage { text: &document.target, sentence, place: sentence };
        look(active, document, &passage, &mut drafts);
        raw.extend(drafts.drain(..).map(|draft| Raw { rule: active.rule, draft, sentence }));
    }
    Ok(())
}

fn look(active: &Active, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    match (active.rule.run, &active.survey) {
        (Run::Sentence(check), _) => check(document, passage, out),
        (Run::Document(_), Some(survey)) => survey.check(document, passage, out),
        (Run::Document(_), None) => {}
    }
}

/// Runs a rule so that a panic stays in it; `None` where it panicked.
fn guarded<T>(rule: &'static Rule, run: impl FnOnce() -> T) -> Option<T> {
    // Unwind safety: what a rule had begun to write is thrown away, and the document's layers are set once or not at all.
    panics::within(rule.id, || catch_unwind(AssertUnwindSafe(run)).ok())
}

/// Runs something for each rule under one guard; `None` where a rule panicked.
fn guarded_all(rules: &[Active], mut run: impl FnMut(&Active)) -> Option<()> {
    let all = || rules.iter().for_each(|active| panics::within(active.rule.id, || run(active)));
    catch_unwind(AssertUnwindSafe(all)).ok()
}

impl Runner<'_> {
    /// The text of changed sentences, as they would stand in the document.
    fn text<'t>(&'t self, changed: &'t Changed) -> Text<'t> {
        let (surface, target) = (self.document.target.surface(), &self.document.target);
        let kind = surface.sentences.get(changed.place).map_or(crate::surface::BlockKind::Body, |s| surface.kind_of(s));
        Text::passage(&changed.text, target.data(), &changed.masks, kind).changed_from(target, changed.place)
    }
}

impl Recheck for Runner<'_> {
    fn recheck(&self, changed: &[&Changed]) -> Vec<Vec<(&'static Rule, Draft)>> {
        let texts: Vec<Text<'_>> = changed.iter().map(|changed| self.text(changed)).collect();
        let last = self.document.target.surface().sentences.len().saturating_sub(1);
        let mut found: Vec<Vec<(&'static Rule, Draft)>> = texts.iter().map(|_| Vec::new()).collect();
        let mut drafts = Vec::new();
        let mut all = |active: &Active, found: &mut [Vec<(&'static Rule, Draft)>]| {
            for ((text, changed), found) in texts.iter().zip(changed).zip(found) {
                for sentence in 0..text.surface().sentences.len() {
                    // A repair may split a sentence, or join two: what stands where is then known only for the first.
                    let passage = Passage { text, sentence, place: (changed.place + sentence).min(last) };
                    drafts.clear();
                    look(active, self.document, &passage, &mut drafts);
                    found.extend(drafts.drain(..).map(|draft| (active.rule, draft)));
                }
            }
        };
        // All rules at once, since a guard for each costs more than most of them do; one by one only if some rule panics.
        if guarded_all(&self.rules, |active| all(active, &mut found)).is_some() {
            return found;
        }
        found.iter_mut().for_each(Vec::clear);
        for active in &self.rules {
            let before: Vec<usize> = found.iter().map(Vec::len).collect();
            if guarded(active.rule, || all(active, &mut found)).is_none() {
                found.iter_mut().zip(before).for_each(|(found, before)| found.truncate(before));
            }
        }
        found
    }
}

/// The number of words of a text, as coverage counts them.
pub fn count_words(text: &str) -> usize {
    Surface::new(text, LanguageData::NONE, &[], &[]).words()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_and_many_give_the_same_answer() {
        let read = |name: &str| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
            std::fs::read_to_string(path).expect("the example is there")
        };
        let language = |tag: &str| Language::parse(tag).ok();
        let source = Side::new(read("article.ru.txt").as_str(), language("ru"));
        // Several times over, so that there is enough for all cores.
        let target = Side::new([read("article.en.txt").as_str(); 4].join("\n\n").as_str(), language("en"));
        let article = Article::new(Some(source), target);
        let options = Options { include_quality: true, include_token_scores: true, ..Options::default() };
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| Engine::new().check(&article, &options, &Never)).expect("nobody interrupts")
        };
        let one = format!("{:?}", with(1));
        assert!(one.contains("term/") || one.contains("case/"), "it finds something");
        for threads in [2, 3, 8] {
            assert_eq!(format!("{:?}", with(threads)), one, "{threads}");
        }
    }
}
