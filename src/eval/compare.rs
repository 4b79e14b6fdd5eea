//! Two runs of the same sets: what a change gained and lost, by rule, with the examples.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::eval::print::{Look, Table, heading, line, summary};
use crate::eval::result::{Example, Kind, Run, Section, Verdict};

/// Examples of each kind that are shown unless more are asked for.
pub const SHOWN: usize = 10;

/// What changed.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The line of the run before.
    pub before: String,
    /// The line of the run after.
    pub after: String,
    /// Sets that only one of the two has, which cannot be compared.
    pub unmatched: Vec<String>,
    /// Figures that changed.
    pub figures: Vec<Change>,
    /// By rule and by what became of it: gained and lost.
    pub rules: BTreeMap<String, Counts>,
    /// Findings and marks that only one of the two has, or that came out otherwise.
    pub examples: Vec<Moved>,
}

/// A figure that changed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Kind, set and setting.
    pub section: String,
    /// Its name.
    pub figure: String,
    /// Before; `None` where there was none.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
}

/// What a rule gained and lost.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// Right findings that are new.
    pub right_gained: usize,
    /// Right findings that are gone.
    pub right_lost: usize,
    /// False findings that are new, traps among them.
    pub false_gained: usize,
    /// False findings that are gone.
    pub false_lost: usize,
    /// Findings whose first repair became right.
    pub repairs_gained: usize,
    /// Findings whose first repair was right and no longer is.
    pub repairs_lost: usize,
}

/// Something that only one of two runs has.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// What that means.
    pub what: What,
    /// Kind and set.
    pub section: String,
    /// The finding or mark.
    pub example: Example,
}

/// What a difference means. In the order it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A new false finding.
    FalseGained,
    /// A right finding is gone.
    RightLost,
    /// A mark that was found is missed.
    MarkLost,
    /// A right first repair is gone, of a finding that stays.
    RepairLost,
    /// A new right finding.
    RightGained,
    /// A mark that was missed is found.
    MarkGained,
    /// A first repair became right.
    RepairGained,
    /// A false finding is gone.
    FalseLost,
}

impl What {
    fn title(self) -> &'static str {
        match self {
            Self::FalseGained => "new false findings",
            Self::RightLost => "right findings lost",
            Self::MarkLost => "marks no longer found",
            Self::RepairLost => "right repairs lost",
            Self::RightGained => "new right findings",
            Self::MarkGained => "marks newly found",
            Self::RepairGained => "repairs newly right",
            Self::FalseLost => "false findings gone",
        }
    }
}

/// Names a section in both runs.
fn key(section: &Section) -> (Kind, &str, &str) {
    (section.kind, &section.name, &section.setting)
}

fn label((kind, name, setting): (Kind, &str, &str)) -> String {
    format!("{} {name} ({setting})", kind.name())
}

/// Compares two runs, section by section.
pub fn compare(before: &Run, after: &Run) -> Comparison {
    let index = |run: &'_ Run| -> BTreeMap<(Kind, String, String), usize> {
        let keyed = run.sections.iter().enumerate();
        keyed.map(|(at, s)| ((s.kind, s.name.clone(), s.setting.clone()), at)).collect()
    };
    let (old, new) = (index(before), index(after));
    let mut comparison = Comparison {
        before: summary(before),
        after: summary(after),
        unmatched: Vec::new(),
        figures: Vec::new(),
        rules: BTreeMap::new(),
        examples: Vec::new(),
    };
    let mut seen = Seen::new();
    for (name, at) in &old {
        let Some(&other) = new.get(name) else {
            comparison.unmatched.push(format!("{} (before only)", label(key(&before.sections[*at]))));
            continue;
        };
        comparison.section(&before.sections[*at], &after.sections[other], &mut seen);
    }
    let only_after = new.iter().filter(|(name, _)| !old.contains_key(*name));
    comparison.unmatched.extend(only_after.map(|(_, at)| format!("{} (after only)", label(key(&after.sections[*at])))));
    comparison.examples.sort_by(|a, b| a.what.cmp(&b.what).then(b.example.confidence.total_cmp(&a.example.confidence)));
    comparison
}

/// Differences that have been noted: what, text, first and last character, rule.
type Seen = BTreeSet<(What, String, usize, usize, String)>;

/// What makes an example the same in another run.
fn identity(e: &Example) -> (bool, &str, usize, usize, &str) {
    (e.verdict.is_of_finding(), &e.text, e.start, e.end, &e.rule)
}

impl Comparison {
    fn section(&mut self, before: &Section, after: &Section, seen: &mut Seen) {
        let names: BTreeSet<&String> = before.figures.keys().chain(after.figures.keys()).collect();
        for name in names {
            let (old, new) = (before.value(name), after.value(name));
            if old != new {
                let section = label(key(before));
                self.figures.push(Change { section, figure: name.clone(), before: old, after: new });
            }
        }
        let old: BTreeMap<_, &Example> = before.examples.iter().map(|e| (identity(e), e)).collect();
        let new: BTreeMap<_, &Example> = after.examples.iter().map(|e| (identity(e), e)).collect();
        let names: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        for name in names {
            let (old, new) = (old.get(&name).copied(), new.get(&name).copied());
            for (what, example) in moved(old, new) {
                self.note(what, example, before, seen);
            }
        }
    }

    /// Notes a difference once: one text is measured in several settings, and may stand in many files.
    fn note(&mut self, what: What, example: &Example, section: &Section, seen: &mut Seen) {
        let place = (what, example.text.clone(), example.start, example.end, example.rule.clone());
        if !seen.insert(place) {
            return;
        }
        if example.verdict.is_of_finding() {
            let counts = self.rules.entry(example.rule.clone()).or_default();
            *match what {
                What::RightGained => &mut counts.right_gained,
                What::RightLost => &mut counts.right_lost,
                What::FalseGained => &mut counts.false_gained,
                What::FalseLost => &mut counts.false_lost,
                What::RepairGained => &mut counts.repairs_gained,
                What::RepairLost => &mut counts.repairs_lost,
                What::MarkGained | What::MarkLost => return,
            } += 1;
        }
        self.examples.push(Moved { what, section: label(key(section)), example: example.clone() });
    }
}

/// What the difference between two states of one finding or mark means.
fn moved<'a>(old: Option<&'a Example>, new: Option<&'a Example>) -> Vec<(What, &'a Example)> {
    let is = |e: Option<&'a Example>, verdicts: &[Verdict]| e.filter(|e| verdicts.contains(&e.verdict));
    let mut all = Vec::new();
    let states: [(&[Verdict], What, What); 3] = [
        (&[Verdict::Right], What::RightGained, What::RightLost),
        (&[Verdict::False, Verdict::Trap], What::FalseGained, What::FalseLost),
        (&[Verdict::Found], What::MarkGained, What::MarkLost),
    ];
    for (verdicts, gained, lost) in states {
        match (is(old, verdicts), is(new, verdicts)) {
            (None, Some(new)) => all.push((gained, new)),
            (Some(old), None) => all.push((lost, old)),
            _ => {}
        }
    }
    if let Some((old, new)) = old.zip(new).filter(|(old, _)| old.verdict.is_of_finding()) {
        match (old.repaired, new.repaired) {
            (false, true) => all.push((What::RepairGained, new)),
            (true, false) => all.push((What::RepairLost, old)),
            _ => {}
        }
    }
    all
}

/// For people; the first two lines are for the commit message.
pub fn print(comparison: &Comparison, most: usize, look: Look) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "before: {}\nafter:  {}\n", comparison.before, comparison.after);
    if !comparison.unmatched.is_empty() {
        let _ = writeln!(out, "not compared: {}\n", comparison.unmatched.join("; "));
    }
    if comparison.figures.is_empty() && comparison.examples.is_empty() {
        out.push_str("nothing changed\n");
        return out;
    }
    if !comparison.rules.is_empty() {
        let _ = writeln!(out, "{}\n", heading("by rule", look));
        let mut table =
            Table::new(["rule", "right +", "right −", "false +", "false −", "right repairs +", "right repairs −"]);
        for (rule, c) in &comparison.rules {
            let numbers =
                [c.right_gained, c.right_lost, c.false_gained, c.false_lost, c.repairs_gained, c.repairs_lost];
            let cells = numbers.iter().map(|n| if *n == 0 { String::new() } else { n.to_string() });
            table.push(std::iter::once(rule.clone()).chain(cells).collect());
        }
        let _ = writeln!(out, "{}", table.draw(look));
    }
    for group in comparison.examples.chunk_by(|a, b| a.what == b.what) {
        let shown = most.min(group.len());
        let _ = writeln!(out, "{}\n", heading(&format!("{}: {shown} of {}", group[0].what.title(), group.len()), look));
        for moved in group.iter().take(shown) {
            out.push_str(&line(&moved.example, "", look));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}\n", heading("figures", look));
    let mut table = Table::new(["set", "figure", "before", "after"]);
    for change in &comparison.figures {
        let number = |n: Option<f64>| n.map(|n| format!("{}", (n * 1_000.0).round() / 1_000.0)).unwrap_or_default();
        table.push(vec![change.section.clone(), change.figure.clone(), number(change.before), number(change.after)]);
    }
    let _ = writeln!(out, "{}", table.draw(look));
    out
}
