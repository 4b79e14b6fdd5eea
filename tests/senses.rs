//! The entries of senses: what a row must be like, and its own examples, each of which must be marked and left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use obelus::article::{Article, Language, Side};
use obelus::check::CATALOGUE;
use obelus::engine::{Engine, Never, Options, RuleOverride};
use obelus::language::LanguageData;
use obelus::senses::{Alone, Entry, Senses};
use rayon::prelude::*;

/// Every table, by source and target.
fn tables() -> Vec<(LanguageData, LanguageData, &'static Senses)> {
    let pairs = LanguageData::all().flat_map(|source| LanguageData::all().map(move |target| (source, target)));
    pairs.filter_map(|(source, target)| Some((source, target, Senses::between(source, target)?))).collect()
}

fn entries() -> Vec<(LanguageData, LanguageData, Entry)> {
    let all = tables().into_iter();
    all.flat_map(|(source, target, senses)| (0..senses.len()).map(move |i| (source, target, senses.entry(i)))).collect()
}

#[test]
fn rows_are_well_made() {
    let mut wrong = String::new();
    for (source, target, entry) in entries() {
        let mut complain =
            |what: &str| writeln!(wrong, "{}/senses-{}: {}: {what}", source.tag(), target.tag(), entry.key());
        let bad: BTreeSet<&str> = entry.wrong().map(|r| r.text).collect();
        let good: BTreeSet<&str> = entry.right().map(|r| r.text).collect();
        let fine = [
            (bad.is_empty(), "nothing is wrong"),
            (good.is_empty(), "nothing is right"),
            (bad.intersection(&good).next().is_some(), "a rendering is wrong and right"),
            (!(0.3..=0.95).contains(&entry.sure()), "`sure` is from 0.3 to 0.95"),
            (entry.problem().is_some(), entry.problem().unwrap_or_default()),
        ];
        for (_, what) in fine.iter().filter(|(fails, _)| *fails) {
            complain(what).expect("a string takes all");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_told_alone_is_a_wrong_rendering_of_its_entry() {
    let mut wrong = String::new();
    for (source, target, senses) in tables() {
        let entries: BTreeMap<&str, Entry> = (0..senses.len()).map(|i| senses.entry(i)).map(|e| (e.key(), e)).collect();
        for (key, listed) in Alone::listed(source, target) {
            let known: BTreeSet<&str> = entries.get(key).into_iter().flat_map(|e| e.wrong()).map(|r| r.text).collect();
            for rendering in listed.iter().filter(|rendering| !known.contains(*rendering)) {
                writeln!(wrong, "{}/alone-{}: {key}: {rendering}", source.tag(), target.tag())
                    .expect("a string takes all");
            }
        }
    }
    assert!(wrong.is_empty(), "no wrong renderings of these entries:\n{wrong}");
}

#[test]
fn calques_are_well_made() {
    let mut seen = BTreeSet::new();
    let mut wrong = String::new();
    for target in LanguageData::all() {
        for entry in Alone::own(target) {
            let good: BTreeSet<&str> = entry.right().map(|r| r.text).collect();
            let twice = entry.wrong().any(|r| !seen.insert((target.tag(), r.text)));
            let same = entry.wrong().any(|r| good.contains(r.text));
            let one_word = entry.wrong().any(|r| !r.text.contains([' ', '-']));
            let unsure = !(0.3..=0.95).contains(&entry.sure());
            if good.is_empty() || twice || same || one_word || unsure || entry.problem().is_some() {
                writeln!(wrong, "{}/calques: {}", target.tag(), entry.key()).expect("a string takes all");
            }
        }
    }
    assert!(wrong.is_empty(), "without repair, twice, right too, of one word, or not as a row is written:\n{wrong}");
}

#[test]
fn every_example_is_told_and_its_mending_is_left_alone() {
    let engine = Engine::new();
    let mut options = Options::default();
    options.min_confidence = 0.0;
    let families: BTreeSet<&str> = CATALOGUE.iter().map(|rule| rule.family()).filter(|f| *f != "sense").collect();
    for family in families {
        let off = RuleOverride { rule: family.to_owned(), enabled: Some(false), ..RuleOverride::default() };
        options.set_rule(off).expect("a family");
    }
    let marks = |source: (&str, LanguageData), target: (&str, LanguageData), fits: &dyn Fn(&str) -> bool| {
        let side = |(text, data): (&str, LanguageData)| Side::new(text, Language::parse(data.tag()).ok());
        let article = Article::new(Some(side(source)), side(target));
        let report = engine.check(&article, &options, &Never).expect("nothing stops it");
        let evidence = report.findings.iter().flat_map(|f| &f.evidence);
        evidence.filter(|e| fits(&e.detail)).count()
    };
    let wrong: Vec<String> = entries()
        .into_par_iter()
        .filter_map(|(source, target, entry)| {
            let [original, bad, good] = entry.example()?;
            // Another entry for the same words may tell it in its stead.
            let told = marks((original, source), (bad, target), &|_| true) > 0;
            let silent = marks((original, source), (good, target), &|words| words == entry.source()) == 0;
            let what = match (told, silent) {
                (true, true) => return None,
                (false, _) => "its wrong example is not marked",
                (_, false) => "its right example is marked",
            };
            Some(format!("{}/senses-{}: {}: {what}", source.tag(), target.tag(), entry.key()))
        })
        .collect();
    assert!(wrong.is_empty(), "{} examples fail:\n{}", wrong.len(), wrong.join("\n"));
}
