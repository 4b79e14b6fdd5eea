//! Terms and what stands for them in texts: whether the glossary's matcher finds a form of a word, and only that.
//!
//! A folder has a table a language, `<language>.tsv`: a term as a glossary has it, the words of a text, whether they are a form
//! of the term (`match` or `no`), and in a word why.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::article::Language;
use crate::glossary::match_whole;

/// A row whose verdict was not that of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The term.
    pub term: String,
    /// The words of the text.
    pub text: String,
    /// What the table says of them, in a word.
    pub why: String,
    /// How the matcher found them; `None`: it did not, and should have.
    pub how: Option<String>,
}

/// The figures of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inflections {
    /// The language's tag.
    pub language: String,
    /// Rows that are a form of their term, and were found.
    pub found: usize,
    /// Rows that are one, and were not found.
    pub missed: usize,
    /// Rows that are none, and were found all the same.
    pub false_matches: usize,
    /// Rows that are none, and were left alone.
    pub left_alone: usize,
    /// The rows of the second and third kind.
    pub wrong: Vec<Wrong>,
}

impl Inflections {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.found + self.missed + self.false_matches + self.left_alone
    }

    /// Share of what was found that is a form; 1 where nothing was found.
    pub fn precision(&self) -> f64 {
        share(self.found, self.found + self.false_matches)
    }

    /// Share of the forms that was found; 1 where there are none.
    pub fn recall(&self) -> f64 {
        share(self.found, self.found + self.missed)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "rows of a table, not 2⁵² of them")]
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Measures every table of a folder, in the order of their names; where there are several, the last line is of all.
///
/// # Errors
/// The folder or a table cannot be read, or something in it is wrong; says where.
pub fn measure(folder: &Path) -> anyhow::Result<Vec<Inflections>> {
    let name = folder.display();
    let entries = std::fs::read_dir(folder).with_context(|| format!("{name}: cannot be read"))?;
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "tsv"));
    paths.sort();
    if paths.is_empty() {
        bail!("{name}: has no files that end in .tsv");
    }
    let mut measured = paths.iter().map(|path| table(path)).collect::<anyhow::Result<Vec<_>>>()?;
    if measured.len() > 1 {
        let sum = |of: fn(&Inflections) -> usize| measured.iter().map(of).sum();
        measured.push(Inflections {
            language: "all".to_owned(),
            found: sum(|m| m.found),
            missed: sum(|m| m.missed),
            false_matches: sum(|m| m.false_matches),
            left_alone: sum(|m| m.left_alone),
            wrong: Vec::new(),
        });
    }
    Ok(measured)
}

fn table(path: &Path) -> anyhow::Result<Inflections> {
    let name = path.display();
    let tag = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let language = Language::parse(&tag).with_context(|| format!("{name}: the file should be named for a language"))?;
    let text = std::fs::read_to_string(path).with_context(|| format!("{name}: cannot be read"))?;
    let mut measured = Inflections { language: tag, ..Inflections::default() };
    let rows = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with("# "));
    for (index, line) in rows.skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [term, text, verdict, why] = fields[..] else {
            bail!("{name}:{}: {} fields; there should be 4: term, text, verdict, why", index + 1, fields.len());
        };
        let how = match_whole(term, text, &language);
        let right = match (verdict, how.is_some()) {
            ("match", true) => &mut measured.found,
            ("match", false) => &mut measured.missed,
            ("no", true) => &mut measured.false_matches,
            ("no", false) => &mut measured.left_alone,
            _ => bail!("{name}:{}: {verdict:?} should be match or no", index + 1),
        };
        *right += 1;
        if (verdict == "match") != how.is_some() {
            let [term, text, why] = [term, text, why].map(str::to_owned);
            measured.wrong.push(Wrong { term, text, why, how: how.map(|how| format!("{how:?}")) });
        }
    }
    Ok(measured)
}

/// The figures as columns, with every row that went wrong below them.
pub fn print(measured: &[Inflections]) -> String {
    use std::fmt::Write as _;
    let mut out = format!("{:<9} {:>6} {:>6} {:>10} {:>7}\n", "language", "rows", "forms", "precision", "recall");
    for m in measured {
        let (forms, precision, recall) = (m.found + m.missed, m.precision(), m.recall());
        let _ = writeln!(out, "{:<9} {:>6} {:>6} {precision:>10.3} {recall:>7.3}", m.language, m.rows(), forms);
    }
    for m in measured {
        for wrong in &m.wrong {
            let Wrong { term, text, why, how } = wrong;
            let what = how.as_deref().map_or_else(|| "missed".to_owned(), |how| format!("no form, but {how}"));
            let _ = writeln!(out, "{}: {term} | {text} ({why}): {what}", m.language);
        }
    }
    out
}
