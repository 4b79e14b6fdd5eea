//! The report that is published: every figure of a run, with date, version and commit, and what the figures mean.

use std::fmt::Write as _;

use crate::eval::print::{self, Look};
use crate::eval::result::{Kind, Run, Section};

/// What is said about a kind before its table.
fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Cases => {
            "Articles as machine translation left them. An editor marked every fault and wrote what would do in its place.\n\
             A finding is right when it fits a mark: they overlap, and at least half of the finding lies inside the mark, or it covers the mark and is at most 12 characters longer; findings and marks are paired one to one.\n\
             *Right first repairs* counts marks for which the first suggestion gives exactly the text with a replacement that the editor accepts.\n\
             *Traps* are places that look wrong and are right.\n\
             On the *clean twins*, the same articles as an editor would print them, every finding is a false alarm.\n\
             *Given* says what the checker saw beside the translation."
        }
        Kind::Clean => {
            "News as it was published, with professional translations. Every finding counts as a false alarm, right or not.\n\
             The same English text stands in many files, each time with a source in another language; in *all* and *into …* the same finding in the same text counts once, and so do the words. *Per 1,000 in a file* is the rate that the reader of one file meets."
        }
        Kind::Drift => {
            "The same news with one occurrence of a repeated name respelled. *Found* means that a finding fits it, as in the articles above, and that the untouched twin has no such finding there; *rightly repaired* that the first suggestion restores the text.\n\
             *New false alarms* are findings elsewhere that the untouched twin does not have."
        }
        Kind::Contrast => {
            "Documents that stand there by machine and by hand. The area under the curve says how often a document by hand gets the better score, or has fewer findings a word, than one by machine: 0.5 is chance."
        }
        Kind::Labelled => {
            "Sentences and documents in which people marked errors, or to which they gave scores.\n\
             People disagree on such data (two professionals' marks overlap at a character F1 of 0.33 to 0.43), so every figure stands beside what a dumb rule gets: *random spans* are spans as long as the findings, put anywhere in their rows.\n\
             A word's score is the confidence of the surest finding on it. *r* is Pearson's correlation and *ρ* Spearman's, of the score of a row (minus penalty points a word) with people's direct assessment (DA), with minus the translation edit rate (HTER), and with minus the penalty points of the marks (MQM); the dumb rules are: longer is worse, and an unusual length for the source's is worse."
        }
    }
}

/// The report as Markdown.
pub fn write(run: &Run, date: &str, command: &str) -> String {
    let mut out = String::new();
    let commit = if run.commit.is_empty() { "no commit".to_owned() } else { format!("commit {}", run.commit) };
    let _ = writeln!(
        out,
        "# Measurements\n\n\
         {date}, Obelus {}, {commit}, knowledge {}.\n\
         Written by `{command} --report`; not to be edited by hand.\n\n\
         In brackets: 95 % bootstrap intervals, documents drawn with replacement 1,000 times.\n\
         Findings count from a confidence of {:.1} on, the default.\n\
         What is measured here was looked at while the rules were made; no figure is from texts kept aside.\n",
        run.version,
        run.knowledge,
        crate::engine::DEFAULT_MIN_CONFIDENCE,
    );
    let _ = writeln!(out, "In a line: {}.\n", print::summary(run));
    for kind in Kind::ALL {
        let sections: Vec<&Section> = run.sections.iter().filter(|s| s.kind == kind).collect();
        if sections.is_empty() {
            let _ = writeln!(out, "## {}\n\nNot measured in this run.\n", print::title(kind));
            continue;
        }
        let _ = writeln!(out, "## {}\n\n{}\n", print::title(kind), about(kind));
        let _ = writeln!(out, "{}", print::table(kind, &sections, Look::Markdown));
    }
    for dimension in ["rule", "type", "severity", "confidence", "kind", "system"] {
        out.push_str(&print::by(run, dimension, Look::Markdown));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
