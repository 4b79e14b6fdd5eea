//! `obelus eval`: how good it is, by texts that people have marked.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::check::{CATALOGUE, Rule, is_family, rule as check_rule};
use crate::cli::check::parse_rule;
use crate::cli::{NOTHING, complain};
use crate::engine::{Engine, Options, VERSION};
use crate::eval::answer::{Answers, Checker};
use crate::eval::cases::{self, Case, Setting};
use crate::eval::labelled::{self, fit};
use crate::eval::print::{self, Look};
use crate::eval::result::{Run, Verdict};
use crate::eval::{
    clean, compare, contrast, drift, garble, inflections, language_model, lexicons, names, quality, repairs, report,
    senses, trees,
};
use crate::rows::{self, Uses};
use crate::style::Style;

/// What to measure and how to print it.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Labelled JSON lines, plain or .gz; or a folder: its case folders, its JSON lines (measured by what is in them), and the
    /// same of the folders cases/ and eval/ in it.
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Case folders: a translation, its source, glossary, marks and clean twin; each in four settings, with and without source
    /// and glossary.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    case: Vec<PathBuf>,
    /// Published text: every finding is a false alarm.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    clean: Vec<PathBuf>,
    /// Documents in which names were respelled.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    drift: Vec<PathBuf>,
    /// Documents that stand there by machine and by hand.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    contrast: Vec<PathBuf>,
    /// Whether the glossary's matcher finds the forms of words, and only those: a folder with a table a language.
    #[arg(long, value_name = "DIR",
        conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "fit", "report", "save", "rule"])]
    inflections: Option<PathBuf>,
    /// Pairs of names across scripts, ru-en.tsv.gz and others in a folder: how well names are told from look-alikes.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save"])]
    names: Option<PathBuf>,
    /// Sentences of clean news, spoilt on purpose in seven ways: how well they are told from the untouched. The folder has
    /// eval/clean-news.XX-en.jsonl.gz, and for the thresholds train/mono/en.news*.txt.gz and train/smt-news.XX-en.train.jsonl.gz.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save", "names", "inflections"])]
    garble: Option<PathBuf>,
    /// Perplexity of the language models on clean news, each beside an unpruned one that is trained for it in this run from
    /// train/mono/LL.*.txt.gz; eval/clean-news.*.jsonl.gz is read. All take some six minutes and 3 GB of memory.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save", "names", "inflections", "garble"])]
    language_model: Option<PathBuf>,
    /// The bilingual lexicons and the alignment of words, on the clean news and the MLQE-PE rows of a folder.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save"])]
    lexicons: Option<PathBuf>,
    /// The entries of senses, by language: how many there are, and what they find in the files of FOLDER/eval.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save"])]
    senses: Option<PathBuf>,
    /// The quality of words and sentences, on the MLQE-PE and MQM rows and the clean news of a folder.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save"])]
    quality: Option<PathBuf>,
    /// The repairs of findings, against the words of post-editors in the MLQE-PE rows of a folder; of unsure findings, too, from
    /// a confidence of 0.25 on or from --min-confidence.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save"])]
    repairs: Option<PathBuf>,
    /// Measure this quality.obm with --quality, and not the one that is built in.
    #[arg(long, value_name = "FILE", requires = "quality")]
    model: Option<PathBuf>,
    /// Tags and trees of English sentences in CoNLL-U, of which every tenth document is measured.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "compare", "report", "save"])]
    trees: Option<PathBuf>,
    /// What a change gained and lost: two runs saved with --save or --format json.
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 2,
        conflicts_with_all = ["paths", "case", "clean", "drift", "contrast", "answers", "fit", "report", "save", "rule"])]
    compare: Option<Vec<PathBuf>>,
    /// Measure these answers instead of checking: JSON lines of CheckTextResponse, whose requestId is FILE/ID or ID for rows
    /// (FILE without .jsonl.gz), FOLDER for a case, FOLDER/clean for its clean twin.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rule", "style"])]
    answers: Option<PathBuf>,
    /// Whether the checks see the sources; for cases, whether the settings with a source are measured.
    #[arg(long, value_enum, default_value_t = YesNo::Yes)]
    source: YesNo,
    /// Findings less sure than this do not count, from 0 to 1 [default: 0.5].
    #[arg(long, value_name = "N")]
    min_confidence: Option<f64>,
    /// Leave out the names that every desk knows, as in obelus check.
    #[arg(long)]
    no_builtin_glossary: bool,
    /// A rule or family, done otherwise, as in obelus check.
    #[arg(long, value_name = "ID[=off|neutral|minor|major|critical]", value_delimiter = ',')]
    rule: Vec<String>,
    /// Only these rules or families, the others off; whatever --rule says comes after it.
    #[arg(long, value_name = "ID", value_delimiter = ',', conflicts_with = "answers")]
    only: Vec<String>,
    /// The desk's habits: ap, guardian, plain, reuters, un.
    #[arg(long, value_name = "PROFILE")]
    style: Option<String>,
    /// Call a word wrong from this score on, from 0 to 1.
    #[arg(long, value_name = "N", conflicts_with = "fit")]
    threshold: Option<f64>,
    /// Call a word wrong from the score on that agrees best with the marks of this file.
    #[arg(long, value_name = "FILE")]
    fit: Option<PathBuf>,
    /// Also count by rule, type, severity, confidence, kind, system or document; may be given more than once.
    #[arg(long, value_enum, value_delimiter = ',')]
    by: Vec<Dimension>,
    /// Also show N examples: false, missed, right, found, twice or trap; may be given more than once.
    #[arg(long, value_names = ["WHAT", "N"], num_args = 2)]
    show: Vec<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Also write everything, with every finding and mark, to a file that --compare reads.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Write the figures, with date, version and commit, to a Markdown file.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "docs/measurements.md")]
    report: Option<PathBuf>,
    /// Threads; otherwise one a processor.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns.
    Table,
    /// Everything, as --compare reads it.
    Json,
    /// Tables in Markdown.
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Dimension {
    Rule,
    Type,
    Severity,
    Confidence,
    Kind,
    System,
    Document,
}

impl Dimension {
    fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Type => "type",
            Self::Severity => "severity",
            Self::Confidence => "confidence",
            Self::Kind => "kind",
            Self::System => "system",
            Self::Document => "document",
        }
    }
}

/// The report when nothing is named: what a clone can always measure.
const OWN_CORPUS: &str = "tests/corpus";

/// A file, and what it is measured for.
struct Set {
    path: PathBuf,
    uses: Wanted,
}

enum Wanted {
    /// What a flag said.
    Named(Uses),
    /// What its rows tell.
    Guessed,
}

const NO_USE: Uses = Uses { labelled: false, clean: false, drift: false, contrast: false };

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let shows = shows(&args.show)?;
    let look = if args.format == Format::Markdown { Look::Markdown } else { Look::Text };
    let mut out = io::stdout().lock();
    if let Some([before, after]) = args.compare.as_deref() {
        let comparison = compare::compare(&read_run(before)?, &read_run(after)?);
        let most = shows.iter().map(|&(_, most)| most).max().unwrap_or(compare::SHOWN);
        match args.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&comparison)?)?,
            _ => write!(out, "{}", compare::print(&comparison, most, look))?,
        }
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.inflections {
        write!(out, "{}", inflections::print(&inflections::measure(folder)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.senses {
        write!(out, "{}", senses::table(&senses::measure(folder)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(file) = &args.trees {
        write!(out, "{}", trees::table(&trees::measure(file)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.names {
        write!(out, "{}", names::table(&names::measure(folder)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.garble {
        let model = crate::models::language_model("en").context("there is no language model of English")?;
        let [_, news] = garble::held(folder)?;
        let held: Vec<String> = news.into_iter().map(|sentence| sentence.text).collect();
        write!(out, "{}", garble::table(&garble::measure(folder, &garble::scorers(model, &held)?)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.language_model {
        write!(out, "{}", language_model::table(&language_model::measure(folder)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.quality {
        write!(out, "{}", quality::table(&quality::measure(folder, args.model.as_deref())?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.repairs {
        let Checker::Engine { mut options, .. } = checker(args)? else { bail!("--repairs asks the engine") };
        options.min_confidence = args.min_confidence.unwrap_or(repairs::ASKED);
        write!(out, "{}", repairs::table(&repairs::measure(folder, &options)?, options.min_confidence))?;
        return Ok(ExitCode::from(NOTHING));
    }
    if let Some(folder) = &args.lexicons {
        write!(out, "{}", lexicons::table(&lexicons::measure(folder)?))?;
        return Ok(ExitCode::from(NOTHING));
    }
    let checker = checker(args)?;
    let (sets, folders) = sets(args)?;
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    if !(1..=super::check::MAX_JOBS).contains(&jobs) {
        bail!("--jobs {jobs}: it should be from 1 to {}", super::check::MAX_JOBS);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().context("cannot start threads")?;
    let run = pool.install(|| measure(args, &checker, &sets, &folders))?;
    if let Some(path) = &args.save {
        write_whole(path, &serde_json::to_string(&run)?)?;
    }
    match args.format {
        Format::Json => writeln!(out, "{}", serde_json::to_string(&run)?)?,
        _ => {
            write!(out, "{}", print::tables(&run, look))?;
            for dimension in &args.by {
                write!(out, "{}", print::by(&run, dimension.name(), look))?;
            }
            for &(verdict, most) in &shows {
                write!(out, "{}", print::examples(&run, verdict, most, look))?;
            }
            let summary = print::summary(&run);
            if !summary.is_empty() {
                writeln!(out, "{summary}")?;
            }
        }
    }
    out.flush()?;
    if let Some(path) = &args.report {
        let command = format!("obelus eval {}", named(args).join(" "));
        let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        write_whole(path, &report::write(&run, &date, &command))?;
        complain(&format!("wrote {}", path.display()));
    }
    Ok(ExitCode::from(NOTHING))
}

/// What was named, as it can be named again.
fn named(args: &Args) -> Vec<String> {
    let mut words: Vec<String> = args.paths.iter().map(|p| p.display().to_string()).collect();
    let flags =
        [("--case", &args.case), ("--clean", &args.clean), ("--drift", &args.drift), ("--contrast", &args.contrast)];
    for (flag, paths) in flags.into_iter().filter(|(_, paths)| !paths.is_empty()) {
        words.push(flag.to_owned());
        words.extend(paths.iter().map(|p| p.display().to_string()));
    }
    words
}

/// `--show false 20`.
fn shows(words: &[String]) -> anyhow::Result<Vec<(Verdict, usize)>> {
    let read = |pair: &[String]| {
        let verdict = match pair[0].as_str() {
            "false" => Verdict::False,
            "missed" => Verdict::Missed,
            "right" => Verdict::Right,
            "found" => Verdict::Found,
            "twice" => Verdict::Twice,
            "trap" | "traps" => Verdict::Trap,
            other => bail!("--show {other}: it should be false, missed, right, found, twice or trap"),
        };
        let most =
            pair[1].parse().with_context(|| format!("--show {} {}: a number should follow", pair[0], pair[1]))?;
        Ok((verdict, most))
    };
    words.chunks(2).filter(|pair| pair.len() == 2).map(read).collect()
}

fn read_run(path: &Path) -> anyhow::Result<Run> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{}: is no run of obelus eval; save one with --save", path.display()))
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let name = path.display();
    let part = path.with_extension("part");
    std::fs::write(&part, text).with_context(|| format!("{name}: cannot be written"))?;
    std::fs::rename(&part, path).with_context(|| format!("{name}: cannot be written"))
}

/// Who is measured. `obelus.toml` and the variables of `obelus check` are not asked: figures should not depend on where they are
/// taken.
fn checker(args: &Args) -> anyhow::Result<Checker> {
    for (flag, value) in [("--min-confidence", args.min_confidence), ("--threshold", args.threshold)] {
        if let Some(value) = value.filter(|v| !(0.0..=1.0).contains(v)) {
            bail!("{flag} {value}: it should lie between 0 and 1");
        }
    }
    if let Some(path) = &args.answers {
        return Ok(Checker::Answers(Answers::read(path)?));
    }
    let mut options = Options::default();
    options.min_confidence = args.min_confidence.unwrap_or(options.min_confidence);
    options.builtin_glossary = !args.no_builtin_glossary;
    if let Some(name) = &args.style {
        options.style = Some(Style::named(name).with_context(|| {
            format!("--style {name}: it should be one of {}", Style::ALL.map(Style::name).join(", "))
        })?);
    }
    for only in &args.only {
        if check_rule(only).is_none() && !is_family(only) {
            bail!("--only {only}: it should be a rule or a family; obelus rules lists them");
        }
    }
    let off = |rule: &&&Rule| !args.only.iter().any(|only| *only == rule.id || *only == rule.family());
    for rule in CATALOGUE.iter().filter(off).filter(|_| !args.only.is_empty()) {
        options.set_rule(parse_rule(&format!("{}=off", rule.id))?)?;
    }
    options.next_layer();
    for rule in &args.rule {
        options.set_rule(parse_rule(rule).context("--rule")?).context("--rule")?;
    }
    Ok(Checker::Engine { engine: Engine::new(), options: Box::new(options) })
}

/// What is to be measured: files with their uses, and case folders.
fn sets(args: &Args) -> anyhow::Result<(Vec<Set>, Vec<PathBuf>)> {
    let (mut sets, mut folders) = (Vec::new(), args.case.clone());
    for path in &args.paths {
        if path.is_dir() {
            expand(path, &mut sets, &mut folders)?;
        } else {
            sets.push(Set { path: path.clone(), uses: Wanted::Named(Uses { labelled: true, ..NO_USE }) });
        }
    }
    let named = [
        (&args.clean, Uses { clean: true, ..NO_USE }),
        (&args.drift, Uses { drift: true, ..NO_USE }),
        (&args.contrast, Uses { contrast: true, ..NO_USE }),
    ];
    for (paths, uses) in named {
        sets.extend(paths.iter().map(|path| Set { path: path.clone(), uses: Wanted::Named(uses) }));
    }
    if sets.is_empty() && folders.is_empty() && args.report.is_some() {
        expand(Path::new(OWN_CORPUS), &mut sets, &mut folders)
            .with_context(|| format!("nothing is named, and {OWN_CORPUS} cannot be measured instead"))?;
    }
    if sets.is_empty() && folders.is_empty() {
        bail!(
            "nothing to measure: name labelled files, a folder, or --case, --clean, --drift, --contrast (obelus eval --help)"
        );
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = folders.iter().find(|folder| !seen.insert(folder.as_path())) {
        bail!("{}: is named twice", twice.display());
    }
    Ok((sets, folders))
}

/// The case folders and labelled files of a folder, and of the folders `cases` and `eval` in it.
fn expand(folder: &Path, sets: &mut Vec<Set>, folders: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if cases::is_case(folder) {
        folders.push(folder.to_owned());
        return Ok(());
    }
    let before = sets.len() + folders.len();
    for part in [folder.to_owned(), folder.join("cases"), folder.join("eval")] {
        if part != folder && !part.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&part).with_context(|| format!("{}: cannot be read", part.display()))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() && cases::is_case(&path) {
                folders.push(path);
            } else if path.is_file() && (name.ends_with(".jsonl") || name.ends_with(".jsonl.gz")) {
                sets.push(Set { path, uses: Wanted::Guessed });
            }
        }
    }
    if sets.len() + folders.len() == before {
        bail!("{}: has neither case folders nor files that end in .jsonl or .jsonl.gz", folder.display());
    }
    Ok(())
}

fn measure(args: &Args, checker: &Checker, sets: &[Set], folders: &[PathBuf]) -> anyhow::Result<Run> {
    let with_source = args.source == YesNo::Yes;
    let least = args.min_confidence.unwrap_or(crate::engine::DEFAULT_MIN_CONFIDENCE);
    let mut settings = labelled::Settings { with_source, min_confidence: least, word_threshold: args.threshold };
    if let Some(path) = &args.fit {
        let measured = labelled::measure(&rows::read(path)?, checker, &settings)?;
        let threshold = fit(&measured);
        settings.word_threshold = threshold;
        match threshold {
            Some(threshold) => complain(&format!("word threshold {threshold:.3}, fitted on {}", path.display())),
            None => bail!("--fit {}: no word of it has a score, so there is nothing to fit", path.display()),
        }
    }
    let mut run =
        Run { version: VERSION.to_owned(), commit: commit(), knowledge: checker.knowledge(), sections: Vec::new() };
    let progress = progress(sets.len() + usize::from(!folders.is_empty()));
    if !folders.is_empty() {
        progress.set_message("cases");
        let cases: Vec<Case> = folders.iter().map(|folder| cases::read(folder)).collect::<anyhow::Result<_>>()?;
        let settings: Vec<Setting> = Setting::EVERY.into_iter().filter(|s| with_source || !s.has_source()).collect();
        // Answers were given once, whatever was known then.
        let settings = if checker.can_be_asked() { settings } else { vec![Setting::Both] };
        run.sections.extend(cases::measure(&cases, &settings, checker, least)?);
        progress.inc(1);
    }
    let (mut clean_files, mut drift_files, mut contrast_files, mut labelled_files) = (vec![], vec![], vec![], vec![]);
    for set in sets {
        progress.set_message(set.path.display().to_string());
        let file = rows::read(&set.path)?;
        let uses = match set.uses {
            Wanted::Named(uses) => uses,
            Wanted::Guessed => Uses::of(&file),
        };
        if uses.clean {
            clean_files.push(clean::measure(&file, checker, with_source, least)?);
        }
        if uses.drift {
            if !Uses::of(&file).drift {
                bail!(
                    "{}: has no span with the right spelling (\"was\"), so no name was respelled",
                    set.path.display()
                );
            }
            drift_files.push(drift::measure(&file, checker, with_source, least)?);
        }
        if uses.contrast {
            if !Uses::of(&file).contrast {
                bail!("{}: has no documents by machine beside some by hand (system: reference)", set.path.display());
            }
            contrast_files.push(contrast::measure(&file, checker, with_source, least)?);
        }
        if uses.labelled {
            labelled_files.push(labelled::measure(&file, checker, &settings)?);
        }
        progress.inc(1);
    }
    run.sections.extend(clean::sections(&clean_files, with_source));
    run.sections.extend(drift::sections(&drift_files, with_source));
    run.sections.extend(contrast::sections(&contrast_files, with_source));
    run.sections.extend(labelled::sections(labelled_files, &settings));
    progress.finish_and_clear();
    Ok(run)
}

fn progress(steps: usize) -> ProgressBar {
    if steps < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(steps as u64).with_style(style)
}

/// The commit of the working tree, with a star where something in it is changed; empty outside of a tree of this program, whose
/// commit would say nothing about the figures.
fn commit() -> String {
    let git = |words: &[&str]| {
        let output = Command::new("git").args(words).output().ok().filter(|o| o.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let manifest = git(&["rev-parse", "--show-toplevel"])
        .and_then(|top| std::fs::read_to_string(Path::new(&top).join("Cargo.toml")).ok());
    let ours = format!("name = \"{}\"", env!("CARGO_PKG_NAME"));
    if !manifest.is_some_and(|text| text.lines().any(|line| line == ours)) {
        return String::new();
    }
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return String::new() };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_none_or(|changes| !changes.is_empty());
    if changed { format!("{commit}*") } else { commit }
}
