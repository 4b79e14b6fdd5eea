//! `obelus glossary`: glossaries from one format into another, what is wrong with them, what they are made of, and entries
//! proposed from a text and its translation.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum};

use crate::article::Language;
use crate::cli::{FINDINGS, NOTHING, complain, input};
use crate::finding::{EntityKind, Severity};
use crate::glossary::formats::{Direction, Loaded, read_directed};
use crate::glossary::lint::{Lint, lint};
use crate::glossary::stats::Stats;
use crate::glossary::{Entry, Format, Wanted, write_glossary};
use crate::mine::{self, Kind};
use crate::wire;

/// What to do with glossaries.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

/// What `--from` and `--to` take; a test keeps it the same as the formats.
const FORMATS: &str =
    "Formats: csv, deepl-csv, deepl-tsv, google-csv, google-tsv, aws-csv, tbx-2008, tbx-2019; --from also takes tbx.";

#[derive(Subcommand, Debug)]
enum What {
    /// Write a glossary in another format, and say what that has no place for.
    Convert(Convert),
    /// Look for entries that contradict each other, can do nothing, or would raise alarms everywhere.
    Lint(LintArgs),
    /// Count what glossaries are made of.
    Stats(StatsArgs),
    /// Propose names and terms from a text and its translation.
    Mine(Mine),
}

/// What to convert, and into what.
#[derive(clap::Args, Debug)]
#[command(after_help = FORMATS)]
struct Convert {
    /// The glossary; - is standard input.
    #[arg(value_name = "IN")]
    file: PathBuf,
    /// Where to write it; otherwise to standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The format that it is in (or tbx, of either year); otherwise its content tells.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Wanted>,
    /// The format to write; otherwise the ending of OUT tells: .tbx tbx-2019, .tsv deepl-tsv, all else csv.
    #[arg(long, value_name = "FORMAT")]
    to: Option<Format>,
    #[command(flatten)]
    languages: Languages,
}

#[derive(clap::Args, Debug)]
struct Languages {
    /// Language of the source forms (BCP 47): for entries that name none; of the others, only those that fit are taken.
    #[arg(long, value_name = "TAG")]
    source_language: Option<String>,
    /// Language of the target forms, likewise.
    #[arg(long, value_name = "TAG")]
    target_language: Option<String>,
}

#[derive(clap::Args, Debug)]
struct LintArgs {
    /// Glossaries; - is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The format that they are in; otherwise their content tells.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Wanted>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    format: LintFormat,
    /// Exit with 1 if there is anything to mend.
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LintFormat {
    /// A line a lint.
    Text,
    /// A LintGlossaryResponse a file, each on a line.
    Json,
}

#[derive(clap::Args, Debug)]
struct StatsArgs {
    /// Glossaries; - is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The format that they are in; otherwise their content tells.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Wanted>,
}

#[derive(clap::Args, Debug)]
struct Mine {
    /// The original.
    #[arg(long, value_name = "FILE")]
    source: PathBuf,
    /// The translation.
    #[arg(long, value_name = "FILE")]
    target: PathBuf,
    /// Language of the original (BCP 47); otherwise the file's name or the text tells.
    #[arg(long, value_name = "TAG")]
    source_language: Option<String>,
    /// Language of the translation (BCP 47); otherwise the file's name or the text tells.
    #[arg(long, value_name = "TAG")]
    target_language: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = MineFormat::Csv)]
    format: MineFormat,
    /// Propose nothing that is less likely than this, from 0 to 1.
    #[arg(long, value_name = "N", default_value_t = mine::Options::default().min_score)]
    min_score: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MineFormat {
    /// A glossary, with a column for the score.
    Csv,
    /// A MineGlossaryResponse.
    Json,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Convert(args) => convert(&args),
        What::Lint(args) => lint_files(&args),
        What::Stats(args) => stats(&args),
        What::Mine(args) => mine_texts(&args),
    }
}

fn read(path: &Path, wanted: Option<Wanted>, direction: &Direction) -> anyhow::Result<Loaded> {
    Ok(read_directed(path, &input::read_bytes(path)?, wanted, direction)?)
}

fn convert(args: &Convert) -> anyhow::Result<ExitCode> {
    let source = input::read_language("--source-language", args.languages.source_language.as_deref())?;
    let target = input::read_language("--target-language", args.languages.target_language.as_deref())?;
    let direction = Direction { source: source.clone(), target: target.clone(), both_ways: false };
    let loaded = read(&args.file, args.from, &direction)?;
    let to = args.to.unwrap_or_else(|| args.output.as_deref().map_or(Format::Csv, Format::of_name));
    let all = loaded.entries.len();
    let entries: Vec<Entry> =
        loaded.entries.into_iter().filter_map(|entry| in_languages(entry, source.as_ref(), target.as_ref())).collect();
    if all > entries.len() {
        complain(&format!("{} of {all} entries are in other languages and left out", all - entries.len()));
    }
    let written = write_glossary(&entries, to).with_context(|| args.file.display().to_string())?;
    for left_out in &written.left_out {
        complain(&format!(
            "{left_out} left out: {to} has no place for {}",
            if left_out.count == 1 { "it" } else { "them" }
        ));
    }
    match &args.output {
        Some(path) => {
            std::fs::write(path, &written.text).with_context(|| format!("{}: cannot be written", path.display()))?;
        }
        None => io::stdout().lock().write_all(written.text.as_bytes())?,
    }
    let place = args.output.as_ref().map_or(String::new(), |path| format!("{}: ", path.display()));
    complain(&format!("{place}{} from {} to {to}", counted(written.entries, "entry", "entries"), loaded.format));
    Ok(ExitCode::from(NOTHING))
}

/// The entry if its languages fit those that were asked for, with those that it lacks.
fn in_languages(mut entry: Entry, source: Option<&Language>, target: Option<&Language>) -> Option<Entry> {
    let fits = |own: &mut Option<Language>, asked: Option<&Language>| match (own.as_ref(), asked) {
        (Some(own), Some(asked)) => own.fits(asked),
        (None, Some(asked)) => {
            *own = Some(asked.clone());
            true
        }
        (_, None) => true,
    };
    // A list for the translation has no source to be of any language.
    let from = entry.source.is_empty() || fits(&mut entry.source_language, source);
    (from && fits(&mut entry.target_language, target)).then_some(entry)
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

fn lint_files(args: &LintArgs) -> anyhow::Result<ExitCode> {
    let mut found = false;
    let mut out = io::stdout().lock();
    for path in &args.files {
        let loaded = read(path, args.from, &Direction::default())?;
        let lints = lint(&loaded.entries);
        found |= !lints.is_empty();
        let name = path.display().to_string();
        match args.format {
            LintFormat::Text => out.write_all(in_words(&name, &loaded, &lints).as_bytes())?,
            LintFormat::Json => {
                let answer = wire::lint_response(&name, loaded.entries.len(), &lints, &loaded.lines);
                writeln!(out, "{}", wire::to_json(&answer)?)?;
            }
        }
    }
    Ok(ExitCode::from(if found && args.strict { FINDINGS } else { NOTHING }))
}

/// The lints of a glossary, a line each, and their number. Writing into a `String` cannot fail.
fn in_words(name: &str, loaded: &Loaded, lints: &[Lint]) -> String {
    let line = |entry: usize| loaded.lines.get(entry).copied().unwrap_or(0);
    let mut out = String::new();
    let entries = counted(loaded.entries.len(), "entry", "entries");
    if lints.is_empty() {
        let _ = writeln!(out, "{name}: nothing to mend ({entries})");
        return out;
    }
    for lint in lints {
        let _ = write!(out, "{name}:{}: {}  {}", line(lint.entry), lint.severity.name(), lint.kind.name());
        let _ = match lint.score {
            Some(score) => writeln!(out, "  {score:.2}"),
            None => writeln!(out),
        };
        let other = lint.other.map_or(String::new(), |other| format!(" (line {})", line(other)));
        let _ = writeln!(out, "    {}{other}; {}", lint.message, lint.advice);
    }
    let major = lints.iter().filter(|lint| lint.severity >= Severity::Major).count();
    let lints = counted(lints.len(), "lint", "lints");
    let _ = writeln!(out, "{name}: {lints}, {major} of them major ({entries})");
    out
}

fn stats(args: &StatsArgs) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    for (index, path) in args.files.iter().enumerate() {
        let loaded = read(path, args.from, &Direction::default())?;
        if index > 0 {
            writeln!(out)?;
        }
        out.write_all(table(&path.display().to_string(), &loaded).as_bytes())?;
    }
    Ok(ExitCode::from(NOTHING))
}

/// The numbers of a glossary. Writing into a `String` cannot fail.
fn table(name: &str, loaded: &Loaded) -> String {
    let stats = Stats::of(&loaded.entries);
    let mut out = String::new();
    let _ = writeln!(out, "{name}: {} ({})", counted(stats.entries, "entry", "entries"), loaded.format);
    if stats.entries == 0 {
        return out;
    }
    let share = |count: usize| format!("{:.0} %", 100.0 * count as f64 / stats.entries as f64);
    let mut row = |what: &str, name: &str, count: usize, note: &str| {
        let _ = writeln!(out, "{}", format!("  {what:<10} {name:<20} {count:>8}  {note}").trim_end());
    };
    let mut first = "languages";
    for (pair, &count) in &stats.pairs {
        row(std::mem::take(&mut first), pair, count, &share(count));
    }
    first = "kinds";
    for (kind, &count) in &stats.kinds {
        row(std::mem::take(&mut first), if kind.is_empty() { "not said" } else { kind }, count, &share(count));
    }
    first = "statuses";
    for (status, &count) in &stats.statuses {
        row(std::mem::take(&mut first), status, count, &share(count));
    }
    first = "lengths";
    for (&length, &count) in &stats.lengths {
        row(std::mem::take(&mut first), &counted(length, "word", "words"), count, "");
    }
    row("forbidden", "entries with some", stats.with_forbidden, &share(stats.with_forbidden));
    row("", "forms", stats.forbidden, "");
    row("duplicates", "", stats.duplicates, &share(stats.duplicates));
    if let Some((form, length)) = &stats.longest {
        let form: String = form.chars().take(60).collect();
        let _ = writeln!(out, "  longest    “{form}” ({})", counted(*length, "word", "words"));
    }
    out
}

fn mine_texts(args: &Mine) -> anyhow::Result<ExitCode> {
    if !(0.0..=1.0).contains(&args.min_score) {
        bail!("--min-score is {}; it should lie between 0 and 1", args.min_score);
    }
    let side = |flag: &str, tag: Option<&str>, path: &Path| -> anyhow::Result<(Option<Language>, String)> {
        let language = input::read_language(flag, tag)?.or_else(|| input::language_of_name(path));
        Ok((language, input::read_text(path)?))
    };
    let (from, source) = side("--source-language", args.source_language.as_deref(), &args.source)?;
    let (to, target) = side("--target-language", args.target_language.as_deref(), &args.target)?;
    let options = mine::Options { min_score: args.min_score, ..mine::Options::default() };
    let mined = mine::mine(&source, &target, [from, to], &options);
    let text = match args.format {
        MineFormat::Json => format!("{}\n", serde_json::to_string_pretty(&wire::mine_response("", &mined))?),
        MineFormat::Csv => {
            let entry = |candidate: &mine::Candidate| Entry {
                kind: (candidate.kind == Kind::Term).then_some(EntityKind::Term),
                extra: vec![
                    ("score".to_owned(), format!("{:.3}", candidate.score)),
                    ("together".to_owned(), candidate.together.to_string()),
                ],
                ..mined.entry(candidate)
            };
            write_glossary(&mined.candidates.iter().map(entry).collect::<Vec<_>>(), Format::Csv)?.text
        }
    };
    if mined.candidates.is_empty() {
        complain("nothing to propose: no name or term stands in sentences that render each other often enough");
    }
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::from(NOTHING))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_format() {
        assert!(FORMATS.contains(&Format::ALL.map(Format::name).join(", ")));
    }
}
