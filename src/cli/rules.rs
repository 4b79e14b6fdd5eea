//! `obelus rules`: the catalogue, from the same slice that the server lists.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

use crate::check::{CATALOGUE, Languages, Rule, rule};
use crate::engine::{Options, RuleOverride};
use crate::language::LanguageData;
use crate::wire;

/// What to say of them.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// How to print the list.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Print a rule's specification: what it marks, why, examples, what it leaves alone.
    Explain {
        /// The rule, such as word/doubled.
        id: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Aligned columns.
    Table,
    /// The ListRulesResponse, as the server sends it.
    Json,
    /// A Markdown table, as the README has it.
    Markdown,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let text = match &args.what {
        Some(What::Explain { id }) => explain(id)?,
        None => list(args.format)?,
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::from(super::NOTHING))
}

fn explain(id: &str) -> anyhow::Result<String> {
    if let Some(rule) = rule(id) {
        return Ok(format!("{}\n", rule.specification()));
    }
    let family: Vec<&Rule> = CATALOGUE.iter().copied().filter(|r| r.family() == id).collect();
    if !family.is_empty() {
        let all: Vec<_> = family.iter().map(|rule| rule.specification()).collect();
        return Ok(format!("{}\n", all.join("\n\n")));
    }
    // The engine knows what was meant.
    Options::default().set_rule(RuleOverride { rule: id.to_owned(), ..RuleOverride::default() })?;
    Ok(String::new())
}

fn list(format: Format) -> anyhow::Result<String> {
    match format {
        Format::Table => Ok(table()),
        Format::Markdown => Ok(markdown()),
        Format::Json => {
            let rules = CATALOGUE.iter().map(|rule| wire::rule_to_wire(rule)).collect();
            Ok(format!("{}\n", serde_json::to_string_pretty(&wire::v1::ListRulesResponse { rules })?))
        }
    }
}

fn needs(rule: &Rule) -> &'static str {
    match (rule.needs_source, rule.needs_glossary) {
        (true, true) => "source, glossary",
        (true, false) => "source",
        (false, true) => "glossary",
        (false, false) => "",
    }
}

fn languages(rule: &Rule) -> String {
    match rule.languages {
        Languages::Any => "any".to_owned(),
        languages => {
            let tags: Vec<_> = LanguageData::all().filter(|&l| languages.serve(l)).map(|l| l.tag()).collect();
            if tags.len() > 24 { format!("{} languages", tags.len()) } else { tags.join(" ") }
        }
    }
}

fn table() -> String {
    let width = CATALOGUE.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let line = |rule: &&Rule| format!("{:width$}  {:8}  {}\n", rule.id, rule.severity.name(), rule.summary);
    CATALOGUE.iter().map(line).collect()
}

/// The README's table; a test keeps the two the same.
pub(crate) fn markdown() -> String {
    let mut table = String::from("| rule | marks | severity | needs | languages |\n|---|---|---|---|---|\n");
    for rule in CATALOGUE {
        let row = format!(
            "| `{}` | {} | {} | {} | {} |\n",
            rule.id,
            rule.summary,
            rule.severity.name(),
            needs(rule),
            languages(rule)
        );
        table.push_str(&row);
    }
    table
}
