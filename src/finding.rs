//! What is said about an article: findings, what would mend them, and the report that holds them.

use crate::article::SideName;
use crate::span::Span;

/// How bad a mistake is (MQM). Ordered: critical is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; costs nothing.
    Neutral,
    /// Noticed, but does not mislead.
    Minor,
    /// Confuses or misleads.
    Major,
    /// Unfit to publish.
    Critical,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 4] = [Self::Neutral, Self::Minor, Self::Major, Self::Critical];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

/// Where a confidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfidenceBasis {
    /// The rule's own estimate.
    Prior,
    /// Fitted on labelled data.
    Calibrated,
}

/// A place in one of the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The text.
    pub side: SideName,
    /// The place in it.
    pub span: Span,
}

impl Place {
    /// A place in the translation.
    pub fn target(span: Span) -> Self {
        Self { side: SideName::Target, span }
    }

    /// A place in the original.
    pub fn source(span: Span) -> Self {
        Self { side: SideName::Source, span }
    }
}

/// What a piece of evidence is. Ordered by how much it settles: a glossary outweighs a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// The words or characters alone.
    Pattern,
    /// A row of the language data.
    Data,
    /// The document's own usage.
    Document,
    /// Words of the source.
    Source,
    /// An entry of a glossary.
    Glossary,
}

/// Why a finding was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// In words, or the name of a data row.
    pub detail: String,
    /// Where, if it is a place.
    pub place: Option<Place>,
}

/// One change of the translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty inserts.
    pub span: Span,
    /// The new text; empty deletes.
    pub replacement: String,
}

/// How a suggestion may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApplyClass {
    /// A direction rather than a repair.
    Hint,
    /// Probably right; a person should look.
    Review,
    /// May be applied unseen.
    Safe,
}

/// How far a suggestion reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The place of its finding.
    ThisPlace,
    /// Every place of the finding's group.
    AllPlaces,
}

/// What happened when a suggestion was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// Findings that went away.
    pub resolves: Vec<FindingId>,
    /// Rules that found something new, sorted.
    pub introduces: Vec<&'static str>,
    /// Penalty points saved.
    pub penalty_delta: f64,
}

/// A repair. Its edits are in order and do not overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The changes.
    pub edits: Vec<Edit>,
    /// How likely it is to be what an editor would write, in [0, 1].
    pub score: f64,
    /// How it may be applied.
    pub apply: ApplyClass,
    /// How far it reaches.
    pub reach: Reach,
    /// What was seen when it was tried; `None` where it was not.
    pub verification: Option<Verification>,
}

/// Names a finding in its text, and keeps naming it when text elsewhere changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(pub u64);

impl std::fmt::Display for FindingId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// One place that a careful editor would mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its name.
    pub id: FindingId,
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Probability that a careful editor would agree, in [0, 1].
    pub confidence: f64,
    /// Where the confidence comes from.
    pub basis: ConfidenceBasis,
    /// What is wrong and why, one short sentence.
    pub message: String,
    /// The place in the translation.
    pub span: Span,
    /// Other places that matter to it.
    pub related: Vec<Place>,
    /// Joins the places of one mistake.
    pub group: Option<u64>,
    /// MQM error type.
    pub mqm: &'static str,
    /// ITS 2.0 localization quality issue type.
    pub its: &'static str,
    /// What would mend it, best first.
    pub suggestions: Vec<Suggestion>,
    /// Why it was found.
    pub evidence: Vec<Evidence>,
}

/// What kind of thing an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// Not known.
    Unknown,
    /// A person.
    Person,
    /// A place.
    Place,
    /// An organization.
    Organization,
    /// A product.
    Product,
    /// Anything with a title.
    Work,
    /// A term.
    Term,
}

impl EntityKind {
    /// Its name, in lower case; empty where it is not known.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Person => "person",
            Self::Place => "place",
            Self::Organization => "organization",
            Self::Product => "product",
            Self::Work => "work",
            Self::Term => "term",
        }
    }
}

/// A name or term of the text, with the spellings that the text gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The spelling to use.
    pub preferred: String,
    /// The spellings used, commonest first.
    pub forms: Vec<Form>,
    /// The source's form, where it is known; empty otherwise.
    pub source_form: String,
    /// Source form of the glossary entry behind it; empty where there is none.
    pub glossary_entry: String,
}

/// One spelling of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The spelling.
    pub text: String,
    /// The romanisation that it follows, where one is known; empty otherwise.
    pub scheme: String,
    /// Its places, in order.
    pub places: Vec<Span>,
}

/// What is known of a side's language.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageCoverage {
    /// BCP 47; `und` where nothing could be said.
    pub tag: String,
    /// Inferred from the text rather than given.
    pub inferred: bool,
    /// How surely, in [0, 1].
    pub confidence: f64,
}

/// Why a rule did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Switched off.
    Disabled,
    /// It needs the source.
    NeedsSource,
    /// It needs a glossary that fits the languages.
    NeedsGlossary,
    /// There are no data for the language.
    Language,
    /// It failed.
    Failed,
}

/// What a check looked at and what it did not.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// The source's language, where there is a source.
    pub source_language: Option<LanguageCoverage>,
    /// The target's language.
    pub target_language: LanguageCoverage,
    /// The rules that ran.
    pub rules_run: Vec<&'static str>,
    /// The rules that did not.
    pub rules_skipped: Vec<(&'static str, SkipReason)>,
    /// How surely sentences were paired, in [0, 1]; `None` without a source.
    pub alignment_confidence: Option<f64>,
    /// Names of the glossaries used.
    pub glossaries: Vec<String>,
    /// Words of the target.
    pub target_words: usize,
    /// Sentences of the target.
    pub target_sentences: usize,
    /// Suggestions that were not tried.
    pub suggestions_unverified: usize,
    /// Models that would have been asked and that there are none of: `lm-fi`, `lexicon.fi`, `parser`.
    pub models_missing: Vec<String>,
}

/// The parameters of the calibrated score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreProfile {
    /// The calibrated score that passes, 0 to 100.
    pub passing_threshold: f64,
    /// Penalty points per 1,000 words at which a text just passes.
    pub acceptable_penalty_points: f64,
}

impl Default for ScoreProfile {
    fn default() -> Self {
        Self { passing_threshold: 95.0, acceptable_penalty_points: 10.0 }
    }
}

/// The words that penalty points are divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaluationWords {
    /// How many.
    pub words: f64,
    /// The side that was counted.
    pub side: SideName,
    /// Characters to a word where characters were counted; 1 otherwise.
    pub divisor: f64,
}

/// The penalty of one rule at one severity.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRow {
    /// The rule.
    pub rule: &'static str,
    /// MQM error type.
    pub mqm: &'static str,
    /// The severity.
    pub severity: Severity,
    /// How many findings.
    pub count: usize,
    /// Points for one.
    pub multiplier: f64,
    /// Weight of the type.
    pub weight: f64,
    /// weight × count × multiplier.
    pub penalty: f64,
}

/// MQM scores, with what is needed to compute them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Calibrated linear score.
    pub calibrated: f64,
    /// Its 90 % credible interval, low and high.
    pub interval: (f64, f64),
    /// Raw score, not below 0.
    pub raw: f64,
    /// It reaches the threshold and nothing is critical.
    pub passes: bool,
    /// Absolute penalty total.
    pub penalty_total: f64,
    /// Points per 1,000 words.
    pub penalty_per_thousand: f64,
    /// What the points are divided by.
    pub words: EvaluationWords,
    /// What the points are made of.
    pub ledger: Vec<LedgerRow>,
    /// The fewest findings whose repair would make the text pass.
    pub mend_to_pass: Vec<FindingId>,
    /// How many more words would halve the interval.
    pub words_to_halve_interval: usize,
    /// The parameters used.
    pub profile: ScoreProfile,
}

/// What to do with a stretch of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triage {
    /// It may go out as it is.
    Publish,
    /// It wants an editor.
    Edit,
    /// To mend it would cost more than to translate it anew.
    Retranslate,
}

impl Triage {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Edit => "edit",
            Self::Retranslate => "retranslate",
        }
    }
}

/// From which estimates on a stretch is published or translated anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TriageThresholds {
    /// Published from here, in [0, 1].
    pub publish: f64,
    /// Translated anew below this, in [0, 1].
    pub retranslate: f64,
}

impl Default for TriageThresholds {
    /// `obelus eval --quality` tells what these mean for the development rows.
    fn default() -> Self {
        Self { publish: 0.8, retranslate: 0.4 }
    }
}

impl TriageThresholds {
    /// What to do with something that is so good.
    pub fn of(self, estimate: f64) -> Triage {
        if estimate >= self.publish {
            Triage::Publish
        } else if estimate < self.retranslate {
            Triage::Retranslate
        } else {
            Triage::Edit
        }
    }
}

/// An estimate, by statistics, of how good a stretch of the translation is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SegmentQuality {
    /// The stretch: a segment, or a sentence.
    pub span: Span,
    /// From 0 to 1, on the scale of direct assessment by people.
    pub estimate: f64,
    /// One in twenty is worse.
    pub low: f64,
    /// One in twenty is better.
    pub high: f64,
    /// What to do with it.
    pub triage: Triage,
}

/// How likely an editor is to change a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenScore {
    /// The word.
    pub span: Span,
    /// From 0 to 1.
    pub probability: f64,
}

/// All that is said about an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// What they amount to.
    pub score: Score,
    /// The names of the text, if they were asked for.
    pub entities: Vec<Entity>,
    /// How good each segment or sentence is, if that was asked for.
    pub segments: Vec<SegmentQuality>,
    /// How likely an editor is to change each word, if that was asked for.
    pub token_scores: Vec<TokenScore>,
    /// What was looked at.
    pub coverage: Coverage,
    /// Names the knowledge behind the report.
    pub knowledge_digest: u64,
}
