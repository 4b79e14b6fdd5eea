//! `obelus train`: building the model files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::NOTHING;
use crate::train;

/// Which model to build, and from what.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// How good an English translation is, without its source.
    Alone {
        /// The folder of training data: smt-news.fi-en.train.jsonl.gz, mqm-news2020.zh-en.train.jsonl.gz, mlqe-pe.XX-en.train.jsonl.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that alone.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// Words in doubt and what stands in their place, choices.obm. Takes the language model that is built in.
    Choices {
        /// The folder of training data: mlqe-pe.LL-en.train.jsonl.gz (et, ro, ru), mqm-news2020.zh-en.train.jsonl.gz, and what
        /// lexicons are built from.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that choices.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// Garbled English, garble.obm. Takes the language model, the tagger and the parser that are built in: build those first.
    Garble {
        /// The folder of training data: mono/en.*.txt.gz, parallel/*-en.tsv.gz, mqm-news2020.zh-en.train.jsonl.gz,
        /// mlqe-pe.{ru,ro,et}-en.train.jsonl.gz, smt-news.fi-en.train.jsonl.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that garble.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// Bilingual lexicons between English and 13 languages.
    Lexicons {
        /// The folder that has parallel/ru-en.tsv.gz (source, English, origin) and lexicon/wikt2014.en-ru.tsv.gz (English,
        /// translation), and those of the other languages.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that lexicon.en.obm, lexicon.ru.obm and the others are written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// The language models, lm-LL.obm. English takes three minutes and 3 GB of memory, the others seconds.
    Lm {
        /// The folder of training data: mono/LL.NAME.txt.gz, a sentence or paragraph a line, and lexicon/NAME.en-LL.tsv.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that the models are written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
        /// Only these languages.
        #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
        language: Vec<String>,
    },
    /// The likeness of names across scripts.
    Names {
        /// The folder of pairs, ru-en.tsv.gz and others: English, original, how often.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that names.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// Trees of English sentences. It takes the tags of tagger.obm in the folder that it writes to: build that first.
    Parser {
        /// The folder of training data: tagged/en.ud-ewt.conllu.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that has tagger.obm and that parser.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// The quality of words and sentences. It looks at the rows through the other models that are built in.
    Quality {
        /// The folder of training data: mlqe-pe.LL-en.train.jsonl.gz (et, ro, ru), mqm-news2020.zh-en.train.jsonl.gz, and what
        /// lexicons are built from.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that quality.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// Parts of speech and features of English words.
    Tagger {
        /// The folder of training data: tagged/en.ud-ewt.conllu.gz, mono/en.*.txt.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that tagger.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Alone { data, out } => write(out, "alone.obm", &train::alone::build(data)?)?,
        What::Choices { data, out } => {
            let progress = ProgressBar::new_spinner();
            let (model, report) = train::choices::build(data, |step| progress.set_message(step.to_owned()))?;
            progress.finish_and_clear();
            writeln!(std::io::stdout().lock(), "{report}")?;
            write(out, "choices.obm", &model)?;
        }
        What::Lexicons { data, out } => {
            for (name, model) in lexicons(data)? {
                write(out, &name, &model)?;
            }
        }
        What::Garble { data, out } => {
            let progress = ProgressBar::new_spinner();
            progress.enable_steady_tick(std::time::Duration::from_millis(200));
            let (model, report) = train::garble::build(data, &progress)?;
            progress.finish_and_clear();
            writeln!(std::io::stdout().lock(), "{report}")?;
            write(out, "garble.obm", &model)?;
        }
        What::Lm { data, out, language } => lm(data, out, language)?,
        What::Names { data, out } => write(out, "names.obm", &train::names::build(data)?)?,
        What::Parser { data, out } => {
            let tagger = out.join("tagger.obm");
            let missing = || format!("{}: build it first, with obelus train tagger", tagger.display());
            let tagger = std::fs::read(&tagger).with_context(missing)?;
            write(out, "parser.obm", &train::parser::build(data, &tagger)?)?;
        }
        What::Quality { data, out } => write(out, "quality.obm", &quality(data)?)?,
        What::Tagger { data, out } => write(out, "tagger.obm", &train::tagger::build(data)?)?,
    }
    Ok(ExitCode::from(NOTHING))
}

fn lexicons(data: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let progress = ProgressBar::new(train::lexicon::LANGUAGES.len() as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").context("the progress bar")?;
    progress.set_style(style);
    let mut started = false;
    let files = train::lexicon::build(data, |language| {
        progress.inc(u64::from(started));
        progress.set_message(language.to_owned());
        started = true;
    });
    progress.finish_and_clear();
    files
}

fn quality(data: &Path) -> anyhow::Result<Vec<u8>> {
    let progress = ProgressBar::new(train::quality::STEPS);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").context("the progress bar")?;
    progress.set_style(style);
    let model = train::quality::build(data, |step| {
        progress.inc(1);
        progress.set_message(step.to_owned());
    });
    progress.finish_and_clear();
    model
}

fn lm(data: &Path, out: &Path, languages: &[String]) -> anyhow::Result<()> {
    let known = || train::lm::SIZES.iter().map(|size| size.language);
    if let Some(other) = languages.iter().find(|l| !known().any(|k| k == l.as_str())) {
        bail!("--language {other}: it should be one of {}", known().collect::<Vec<_>>().join(", "));
    }
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(std::time::Duration::from_millis(200));
    for size in train::lm::SIZES {
        if languages.is_empty() || languages.iter().any(|l| l == size.language) {
            let model = train::lm::build(data, size, &progress)?;
            progress.suspend(|| write(out, &format!("lm-{}.obm", size.language), &model))?;
        }
    }
    Ok(())
}

fn write(folder: &Path, name: &str, model: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    std::fs::write(&path, model).with_context(|| path.display().to_string())?;
    Ok(writeln!(std::io::stdout().lock(), "wrote {}, {} bytes", path.display(), model.len())?)
}
