//! `obelus check`: texts in, findings out.

use std::io::{self, BufRead, BufReader, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use clap::builder::BoolishValueParser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::article::{Article, Side};
use crate::cli::config::CheckConfig;
use crate::cli::documents::{self, Defaults, Grouper, Item, Outcome};
use crate::cli::{ERROR, FINDINGS, NOTHING, complain, input, is_broken_pipe};
use crate::engine::{Engine, Never, Options, RuleOverride};
use crate::finding::{Report, Severity, TriageThresholds};
use crate::span::Encoding;
use crate::style::Style;
use crate::wire::ResponseWriter;
use crate::write::quality;
use crate::write::terminal::{self, Look};

/// What to check and how.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Translations to check; - is standard input.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The original of the one translation named.
    #[arg(long, value_name = "FILE")]
    source: Option<PathBuf>,
    /// A glossary (CSV, TSV or TBX); may be given more than once [env: OBELUS_GLOSSARY=, paths as in PATH].
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    /// A file of patterns of your own (TOML); may be given more than once [env: OBELUS_PATTERNS=, paths as in PATH].
    #[arg(long, value_name = "FILE")]
    patterns: Vec<PathBuf>,
    /// Language of the original (BCP 47); otherwise the file's name or the text tells.
    #[arg(long, value_name = "TAG", env = "OBELUS_FROM")]
    from: Option<String>,
    /// Language of the translation (BCP 47); otherwise the file's name or the text tells.
    #[arg(long, value_name = "TAG", env = "OBELUS_TO")]
    to: Option<String>,
    /// How to print; terminal for texts and jsonl for JSON lines, unless said otherwise.
    #[arg(long, value_enum, env = "OBELUS_FORMAT")]
    format: Option<Format>,
    /// The unit of offsets in JSON [default: utf8].
    #[arg(long, value_enum, env = "OBELUS_OFFSET_ENCODING")]
    offset_encoding: Option<OffsetEncoding>,
    /// Say nothing that is less sure than this, from 0 to 1 [default: 0.5].
    #[arg(long, value_name = "N", env = "OBELUS_MIN_CONFIDENCE")]
    min_confidence: Option<f64>,
    /// A rule or family, done otherwise: term=off, word/doubled=major; with nothing behind it, switched on.
    #[arg(long, value_name = "ID[=off|neutral|minor|major|critical]", value_delimiter = ',', env = "OBELUS_RULE")]
    rule: Vec<String>,
    /// The desk's habits: ap, guardian, plain, reuters, un.
    #[arg(long, value_name = "PROFILE", env = "OBELUS_STYLE")]
    style: Option<String>,
    /// What the files are: texts, or JSON lines with id, source, target, doc.
    #[arg(long, value_enum, default_value_t = InputFormat::Text, env = "OBELUS_INPUT_FORMAT")]
    input_format: InputFormat,
    /// Threads; otherwise one a processor.
    #[arg(long, value_name = "N", env = "OBELUS_JOBS")]
    jobs: Option<usize>,
    /// Exit with 1 if a finding is this grave or graver.
    #[arg(long, value_enum, env = "OBELUS_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Leave out the names that every desk knows: countries, capitals, great organisations.
    #[arg(long, env = "OBELUS_NO_BUILTIN_GLOSSARY", value_parser = BoolishValueParser::new())]
    no_builtin_glossary: bool,
    /// Also print the names found.
    #[arg(long)]
    entities: bool,
    /// Also print how good each sentence is, and what to do with it.
    #[arg(long)]
    quality: bool,
    /// Also print how likely an editor is to change each word; at a terminal, the likeliest.
    #[arg(long)]
    token_scores: bool,
    /// Also print the text with its words in their heat: how likely an editor is to change them.
    #[arg(long)]
    heat: bool,
    /// Triage: publish what is estimated at least so good, from 0 to 1 [default: 0.8].
    #[arg(long, value_name = "N", env = "OBELUS_PUBLISH")]
    publish: Option<f64>,
    /// Triage: translate anew what is estimated worse than this, from 0 to 1 [default: 0.4].
    #[arg(long, value_name = "N", env = "OBELUS_RETRANSLATE")]
    retranslate: Option<f64>,
    /// Also print where the time went, on standard error.
    #[arg(long)]
    timings: bool,
    /// One line a file instead of one block a finding; the usual thing for more than 20 files.
    #[arg(long)]
    summary: bool,
    /// Colour.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// A CheckTextResponse.
    Json,
    /// A CheckTextResponse a line.
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum InputFormat {
    Text,
    Jsonl,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OffsetEncoding {
    Utf8,
    Utf16,
    Utf32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Minor,
    Major,
    Critical,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            Self::Minor => Severity::Minor,
            Self::Major => Severity::Major,
            Self::Critical => Severity::Critical,
        }
    }
}

/// From this many files on, one line a file.
const SUMMARY_FROM: usize = 21;
/// Documents that are read ahead for each thread: enough to keep threads busy, few enough to bound memory.
const READ_AHEAD: usize = 16;

/// The most threads: more than any machine that this will run on has processors.
pub(super) const MAX_JOBS: usize = 512;

/// Everything that flags, environment and file said, resolved.
struct Plan {
    options: Options,
    defaults: Defaults,
    encoding: Encoding,
    format: Option<Format>,
    fail_on: Option<Severity>,
    jobs: usize,
    /// The glossaries were named for this run, so one that does not fit is an error; those of the configuration that do not
    /// fit are passed over.
    strict: bool,
}

/// What the run has come to.
#[derive(Default)]
struct Tally {
    gravest: Option<Severity>,
    failed: bool,
    stages: Vec<(&'static str, Duration)>,
}

impl Tally {
    fn add(&mut self, report: &Report, stages: &[(&'static str, Duration)]) {
        self.gravest = self.gravest.max(report.findings.iter().map(|f| f.severity).max());
        for &(stage, time) in stages {
            match self.stages.iter_mut().find(|(name, _)| *name == stage) {
                Some((_, spent)) => *spent += time,
                None => self.stages.push((stage, time)),
            }
        }
    }

    fn exit(&self, fail_on: Option<Severity>) -> ExitCode {
        ExitCode::from(match (self.failed, fail_on) {
            (true, _) => ERROR,
            (false, Some(floor)) if self.gravest >= Some(floor) => FINDINGS,
            _ => NOTHING,
        })
    }
}

pub(super) fn run(args: Args, file: CheckConfig) -> anyhow::Result<ExitCode> {
    let mut files = args.files.clone();
    if files.is_empty() {
        if io::stdin().is_terminal() {
            bail!("nothing to check: name a file, or - for standard input (obelus check --help)");
        }
        files.push(PathBuf::from(input::STDIN));
    }
    if files.iter().filter(|f| f.as_os_str() == input::STDIN).count() > 1 {
        bail!("- stands here twice; standard input can be read once");
    }
    let plan = plan(&args, file)?;
    let engine = Engine::new();
    let mut tally = Tally::default();
    let done = match args.input_format {
        InputFormat::Text => check_texts(&args, &plan, &engine, &files, &mut tally),
        InputFormat::Jsonl => check_lines(&args, &plan, &engine, &files, &mut tally),
    };
    match done {
        // A reader who has seen enough does not undo what was found.
        Err(error) if !is_broken_pipe(&error) => Err(error),
        _ => Ok(tally.exit(plan.fail_on)),
    }
}

fn plan(args: &Args, file: CheckConfig) -> anyhow::Result<Plan> {
    let mut options = Options::default();
    if let Some(least) = args.min_confidence.or(file.min_confidence) {
        if !(0.0..=1.0).contains(&least) {
            bail!("--min-confidence {least}: it should lie between 0 and 1");
        }
        options.min_confidence = least;
    }
    if let Some(name) = args.style.as_ref().or(file.style.as_ref()) {
        let Some(style) = Style::named(name) else {
            bail!(
                "--style {name}: there is no such profile; it should be one of {}",
                Style::ALL.map(Style::name).join(", ")
            );
        };
        options.style = Some(style);
    }
    for (rule, setting) in &file.rules {
        options.set_rule(parse_rule(&format!("{rule}={setting}")).context("obelus.toml, [check.rules]")?)?;
    }
    options.next_layer();
    for rule in &args.rule {
        options.set_rule(parse_rule(rule).context("--rule")?).context("--rule")?;
    }
    options.include_entities = args.entities;
    options.include_quality = args.quality;
    // Rows of JSON lines are segments, but not many who check thousands of them want to wait for this.
    options.estimate_segments = false;
    options.include_token_scores = args.token_scores || args.heat;
    options.triage = triage(args.publish.or(file.publish), args.retranslate.or(file.retranslate))?;
    options.builtin_glossary = !(args.no_builtin_glossary || file.no_builtin_glossary);
    let glossaries = input::listed(&args.glossary, "OBELUS_GLOSSARY", file.glossaries);
    options.glossaries = input::read_glossaries(&glossaries)?;
    for path in input::listed(&args.patterns, "OBELUS_PATTERNS", file.patterns) {
        options.patterns.push(crate::patterns::read(&path)?);
    }
    let fail_on = args.fail_on.or(choice("fail-on", file.fail_on.as_deref())?).map(FailOn::severity);
    let defaults = Defaults {
        from: input::read_language("--from", args.from.as_deref().or(file.from.as_deref()))?,
        to: input::read_language("--to", args.to.as_deref().or(file.to.as_deref()))?,
    };
    let named = choice::<OffsetEncoding>("offset-encoding", file.offset_encoding.as_deref())?;
    let encoding = match args.offset_encoding.or(named).unwrap_or(OffsetEncoding::Utf8) {
        OffsetEncoding::Utf8 => Encoding::Utf8,
        OffsetEncoding::Utf16 => Encoding::Utf16,
        OffsetEncoding::Utf32 => Encoding::Utf32,
    };
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    let format = args.format.or(choice("format", file.format.as_deref())?);
    let jobs = args.jobs.or(file.jobs).unwrap_or(available);
    if !(1..=MAX_JOBS).contains(&jobs) {
        bail!("--jobs {jobs}: it should be from 1 to {MAX_JOBS}");
    }
    Ok(Plan { options, defaults, encoding, format, fail_on, jobs, strict: !args.glossary.is_empty() })
}

/// The thresholds of triage; one that is set alone never crosses the default of the other.
fn triage(publish: Option<f64>, retranslate: Option<f64>) -> anyhow::Result<TriageThresholds> {
    for (name, value) in [("publish", publish), ("retranslate", retranslate)] {
        if let Some(value) = value.filter(|value| !(0.0..=1.0).contains(value)) {
            bail!("--{name} {value}: it should lie between 0 and 1");
        }
    }
    let usual = TriageThresholds::default();
    let lower = retranslate.unwrap_or(usual.retranslate.min(publish.unwrap_or(1.0)));
    let upper = publish.unwrap_or(usual.publish.max(lower));
    if lower > upper {
        bail!("--retranslate {lower}: it should not be above --publish {upper}");
    }
    Ok(TriageThresholds { publish: upper, retranslate: lower })
}

/// A value of the configuration file, among those that the flag of that name takes.
fn choice<T: ValueEnum>(key: &str, value: Option<&str>) -> anyhow::Result<Option<T>> {
    let Some(value) = value else { return Ok(None) };
    let wanted = || {
        let names = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        names.map(|name| name.get_name().to_owned()).collect::<Vec<_>>().join(", ")
    };
    T::from_str(value, false)
        .map(Some)
        .map_err(|_| anyhow::anyhow!("obelus.toml: {key} = {value:?} should be one of {}", wanted()))
}

/// `term=off`, `word/doubled=major`, `word/doubled`.
pub(super) fn parse_rule(text: &str) -> anyhow::Result<RuleOverride> {
    let (rule, setting) = text.split_once('=').unwrap_or((text, "on"));
    let mut over = RuleOverride { rule: rule.to_owned(), ..RuleOverride::default() };
    if matches!(setting, "on" | "off") {
        over.enabled = Some(setting == "on");
    } else {
        let severity = Severity::ALL.into_iter().find(|s| s.name() == setting);
        over.severity =
            Some(severity.with_context(|| {
                format!("{text}: {setting:?} should be off, on, neutral, minor, major or critical")
            })?);
    }
    Ok(over)
}

fn check_texts(args: &Args, plan: &Plan, engine: &Engine, files: &[PathBuf], tally: &mut Tally) -> anyhow::Result<()> {
    if args.source.is_some() && files.len() > 1 {
        bail!(
            "--source belongs to one translation, and {} are named; use --input-format jsonl for many pairs",
            files.len()
        );
    }
    if args.source.as_deref() == Some(Path::new(input::STDIN)) && files[0].as_os_str() == input::STDIN {
        bail!("source and translation cannot both be standard input");
    }
    let format = plan.format.unwrap_or(Format::Terminal);
    if format == Format::Json && files.len() > 1 {
        bail!("--format json is one answer, and {} files are named; use --format jsonl", files.len());
    }
    let source =
        args.source.as_deref().map(|path| Ok::<_, anyhow::Error>((path, input::read_text(path)?))).transpose()?;
    let look = look(args);
    let brief = args.summary || files.len() >= SUMMARY_FROM;
    let progress = progress(brief && files.len() >= SUMMARY_FROM, files.len() as u64);
    let mut out = io::BufWriter::new(anstream::AutoStream::new(io::stdout().lock(), color_choice(look.color)));
    let mut table = terminal::RuleCounts::default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(plan.jobs).build().context("cannot start threads")?;
    // A batch at a time, so that memory does not grow with the number of files.
    for batch in files.chunks(plan.jobs * READ_AHEAD) {
        let check = |path: &PathBuf| check_text(engine, plan, path, source.as_ref());
        let checked: Vec<_> = pool.install(|| batch.par_iter().map(check).collect());
        for (path, checked) in batch.iter().zip(checked) {
            let name = path.display().to_string();
            progress.inc(1);
            let Text { article, report, stages } = match checked {
                Ok(checked) => checked,
                Err(error) if files.len() > 1 => {
                    progress.suspend(|| complain(&format!("{error:#}")));
                    tally.failed = true;
                    continue;
                }
                Err(error) => return Err(error),
            };
            tally.add(&report, &stages);
            let writer = ResponseWriter::new(&article, plan.encoding);
            match format {
                Format::Terminal if brief => terminal::summary_line(&mut out, &name, &report, &look)?,
                Format::Terminal => at_terminal(&mut out, args, &name, &article, &report, &look)?,
                Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&writer.response("", &report))?)?,
                Format::Jsonl => documents::write_line(&mut out, &writer.response(&name, &report))?,
            }
            table.add(&report);
        }
    }
    progress.finish_and_clear();
    if brief && format == Format::Terminal {
        terminal::rule_table(&mut out, &table, &look)?;
    }
    out.flush()?;
    if args.timings {
        print_timings(tally);
    }
    Ok(())
}

/// All that was asked for about one text.
fn at_terminal(
    out: &mut impl Write,
    args: &Args,
    name: &str,
    article: &Article,
    report: &Report,
    look: &Look,
) -> io::Result<()> {
    if args.heat {
        quality::heat(out, article, report, *look)?;
    }
    if args.token_scores {
        quality::tokens(out, name, article, report, *look)?;
    }
    if args.quality {
        quality::segments(out, name, article, report, *look)?;
    }
    terminal::write(out, name, article, report, look)
}

fn article(plan: &Plan, path: &Path, source: Option<&(&Path, String)>) -> anyhow::Result<Article> {
    let text = input::read_text(path)?;
    let to = plan.defaults.to.clone().or_else(|| input::language_of_name(path));
    let source = source.map(|(path, text)| {
        Side::new(text.clone(), plan.defaults.from.clone().or_else(|| input::language_of_name(path)))
    });
    let article = Article::new(source, Side::new(text, to));
    if article.source().is_some() && article.target().text().trim().is_empty() {
        bail!("{}: the translation is empty, and its source is not", path.display());
    }
    if let Some(target) = article.target().language().filter(|_| plan.strict) {
        for glossary in &plan.options.glossaries {
            let from = article.source().and_then(Side::language);
            if !glossary.is_empty() && !glossary.serves(from, target) {
                let pair = from.map_or_else(|| target.to_string(), |from| format!("{from} → {target}"));
                bail!("--glossary: {} has no entries for {pair}; it has {}", glossary.name(), glossary.languages());
            }
        }
    }
    Ok(article)
}

/// A text that has been checked.
struct Text {
    article: Article,
    report: Report,
    stages: Vec<(&'static str, Duration)>,
}

/// Reads and checks a text, and notes how long each stage took.
fn check_text(engine: &Engine, plan: &Plan, path: &Path, source: Option<&(&Path, String)>) -> anyhow::Result<Text> {
    let article = article(plan, path, source)?;
    let mut stages = Vec::new();
    let mut last = Instant::now();
    let mut observe = |stage: &'static str| {
        let now = Instant::now();
        stages.push((stage, now - last));
        last = now;
    };
    let report = engine.check_with(&article, &plan.options, &Never, &mut observe)?;
    if plan.strict && !input::a_glossary_fits(&report) {
        let languages: Vec<String> = plan.options.glossaries.iter().map(|g| g.languages()).collect();
        let target = &report.coverage.target_language.tag;
        bail!("{}: the text is in {target}, and the glossaries have {}", path.display(), languages.join(", "));
    }
    Ok(Text { article, report, stages })
}

fn print_timings(tally: &Tally) {
    let total: Duration = tally.stages.iter().map(|(_, spent)| *spent).sum();
    let mut err = io::stderr().lock();
    for (stage, spent) in tally.stages.iter().copied().chain([("total", total)]) {
        let _ = writeln!(err, "{stage:10} {:10.3} ms", spent.as_secs_f64() * 1_000.0);
    }
}

fn check_lines(args: &Args, plan: &Plan, engine: &Engine, files: &[PathBuf], tally: &mut Tally) -> anyhow::Result<()> {
    let format = plan.format.unwrap_or(Format::Jsonl);
    if format == Format::Json {
        bail!("--format json is one answer; JSON lines are answered with --format jsonl");
    }
    if args.source.is_some() {
        bail!("--source belongs to a text; JSON lines have their sources in them");
    }
    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(plan.jobs).build().context("cannot start threads")?;
    let look = look(args);
    let mut out = io::BufWriter::new(anstream::AutoStream::new(io::stdout().lock(), color_choice(look.color)));
    let mut table = terminal::RuleCounts::default();
    let total: u64 = files.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|m| m.len()).sum();
    let progress = progress(!io::stdout().is_terminal(), total);
    progress.set_style(bytes_style());
    for path in files {
        let reader: Box<dyn BufRead> = if path.as_os_str() == input::STDIN {
            Box::new(io::stdin().lock())
        } else {
            let file = std::fs::File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
            Box::new(BufReader::new(file))
        };
        let mut lines = Lines {
            reader,
            grouper: Some(Grouper::default()),
            defaults: &plan.defaults,
            name: path.display().to_string(),
        };
        loop {
            let (batch, bytes) = lines.batch(plan.jobs * READ_AHEAD)?;
            if batch.is_empty() {
                break;
            }
            let outcomes: Vec<Outcome> = pool.install(|| {
                batch.into_par_iter().map(|item| documents::check(item, engine, &plan.options, plan.strict)).collect()
            });
            for outcome in outcomes {
                write_outcome(&mut out, outcome, format, args, plan, &look, tally, &mut table)?;
            }
            progress.inc(bytes);
        }
    }
    progress.finish_and_clear();
    if args.summary && format == Format::Terminal {
        terminal::rule_table(&mut out, &table, &look)?;
    }
    out.flush()?;
    if args.timings {
        // Stages of documents that were checked side by side would not add up; the whole run does.
        tally.stages.push(("run", started.elapsed()));
        print_timings(tally);
    }
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "the loop's own state, passed on once")]
fn write_outcome(
    out: &mut impl Write,
    outcome: Outcome,
    format: Format,
    args: &Args,
    plan: &Plan,
    look: &Look,
    tally: &mut Tally,
    table: &mut terminal::RuleCounts,
) -> anyhow::Result<()> {
    match outcome {
        Outcome::Bad(error) => {
            tally.failed = true;
            if format == Format::Jsonl {
                documents::write_line(out, &error)?;
            } else {
                complain(&error["error"].to_string());
            }
        }
        Outcome::Unfit { ids, message } => {
            tally.failed = true;
            if format != Format::Jsonl {
                complain(&message);
            } else {
                for id in ids {
                    documents::write_line(
                        out,
                        &serde_json::json!({ "requestId": id, "error": { "message": message } }),
                    )?;
                }
            }
        }
        Outcome::Checked(checked) => {
            tally.gravest = tally.gravest.max(checked.gravest());
            table.add(&checked.report);
            match format {
                Format::Terminal if args.summary => terminal::summary_line(out, &checked.name, &checked.report, look)?,
                Format::Terminal => terminal::write(out, &checked.name, &checked.article, &checked.report, look)?,
                Format::Json | Format::Jsonl => {
                    for row in checked.rows(plan.encoding) {
                        documents::write_line(out, &row)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Lines of one file, put together into documents.
struct Lines<'a> {
    reader: Box<dyn BufRead>,
    grouper: Option<Grouper>,
    defaults: &'a Defaults,
    name: String,
}

impl Lines<'_> {
    /// The next documents, and how many bytes were read for them; nothing at the end.
    fn batch(&mut self, documents: usize) -> anyhow::Result<(Vec<Item>, u64)> {
        let mut items = Vec::new();
        let mut bytes = 0;
        let mut line = Vec::new();
        while items.len() < documents {
            let Some(grouper) = &mut self.grouper else { break };
            line.clear();
            let read = self.reader.read_until(b'\n', &mut line);
            bytes += read.with_context(|| format!("{}: cannot be read", self.name))? as u64;
            if line.is_empty() {
                items.extend(self.grouper.take().and_then(Grouper::finish));
            } else {
                items.extend(grouper.push(&line, self.defaults));
            }
        }
        Ok((items, bytes))
    }
}

fn look(args: &Args) -> Look {
    let stdout = io::stdout();
    let color = match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
    };
    let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
    Look { width, color, show_entities: args.entities }
}

fn color_choice(color: bool) -> anstream::ColorChoice {
    if color { anstream::ColorChoice::AlwaysAnsi } else { anstream::ColorChoice::Never }
}

/// A progress bar on standard error, if that is a terminal and there is cause for one.
fn progress(wanted: bool, length: u64) -> ProgressBar {
    if wanted && io::stderr().is_terminal() { ProgressBar::new(length) } else { ProgressBar::hidden() }
}

fn bytes_style() -> ProgressStyle {
    let template = "{wide_bar} {bytes}/{total_bytes} {eta}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
