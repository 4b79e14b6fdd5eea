//! Estimates for people at a terminal: how good each sentence is, which words an editor is likely to change, and the text in its
//! heat.

use std::io::{Result, Write};

use anstyle::{Ansi256Color, AnsiColor, Style};

use super::cells::{head, shown};
use super::terminal::Look;
use crate::article::Article;
use crate::finding::{Report, Triage};
use crate::span::Lines;

/// Words that are listed: those that are likeliest to be changed.
const LISTED: usize = 20;
/// Columns of a sentence's beginning.
const QUOTED: usize = 48;
/// A word that is less likely to be changed than this is cold.
const COLD: f64 = 0.2;
/// Backgrounds from warm to hot, each for a fifth of the way up.
const HEAT: [u8; 4] = [229, 222, 215, 209];

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn paint(look: Look, style: Style, text: &str) -> String {
    if look.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

fn style_of(triage: Triage) -> Style {
    match triage {
        Triage::Publish => AnsiColor::Green.on_default(),
        Triage::Edit => AnsiColor::Yellow.on_default(),
        Triage::Retranslate => AnsiColor::Red.on_default(),
    }
}

/// Writes a line for each segment or sentence: where it begins, how good it is and between what, what to do with it.
///
/// # Errors
/// Those of `out`.
pub fn segments(out: &mut impl Write, name: &str, article: &Article, report: &Report, look: Look) -> Result<()> {
    if report.segments.is_empty() {
        return writeln!(out, "nothing is estimated: no model serves these languages, or there is too little text");
    }
    let text = article.target().text();
    let mut lines = Lines::new(text);
    for segment in &report.segments {
        let at = lines.position(segment.span.start());
        let place = paint(look, BOLD, &format!("{}:{}:{}", shown(name).text, at.line, at.column));
        let triage = paint(look, style_of(segment.triage), &format!("{:11}", segment.triage.name()));
        let words = head(segment.span.of(text), QUOTED);
        let (estimate, low, high) = (segment.estimate, segment.low, segment.high);
        writeln!(out, "{place}  {estimate:.2} ({low:.2}–{high:.2})  {triage}  {}", paint(look, DIM, &words.text))?;
    }
    writeln!(out)
}

/// Writes the words that an editor is likeliest to change, likeliest first.
///
/// # Errors
/// Those of `out`.
pub fn tokens(out: &mut impl Write, name: &str, article: &Article, report: &Report, look: Look) -> Result<()> {
    if report.token_scores.is_empty() {
        return writeln!(out, "no word has a score: no model serves these languages, or there is too little text");
    }
    let text = article.target().text();
    let mut lines = Lines::new(text);
    let mut hottest: Vec<_> = report.token_scores.iter().collect();
    hottest.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.span.cmp(&b.span)));
    hottest.truncate(LISTED);
    let mut places: Vec<_> = hottest.iter().map(|token| token.span.start()).collect();
    places.sort_unstable();
    let positions: Vec<_> = places.iter().map(|at| (*at, lines.position(*at))).collect();
    for token in hottest {
        let Ok(found) = positions.binary_search_by_key(&token.span.start(), |(at, _)| *at) else { continue };
        let at = positions[found].1;
        let place = paint(look, BOLD, &format!("{}:{}:{}", shown(name).text, at.line, at.column));
        writeln!(out, "{place}  {:.2}  {}", token.probability, shown(token.span.of(text)).text)?;
    }
    writeln!(out)
}

/// Writes the text with every word in its heat: by colour, or, without colours, with the tenths of its probability below it.
///
/// # Errors
/// Those of `out`.
pub fn heat(out: &mut impl Write, article: &Article, report: &Report, look: Look) -> Result<()> {
    let text = article.target().text();
    let mut at = 0;
    for token in report.token_scores.iter().filter(|token| token.probability >= COLD && !token.span.is_empty()) {
        let Some(before) = text.get(at..token.span.start()) else { continue };
        plain(out, before)?;
        let word = shown(token.span.of(text)).text;
        let tenths = ((token.probability * 10.0) as usize).min(9);
        if look.color {
            let step = (tenths / 2).saturating_sub(1).min(HEAT.len() - 1);
            let hot = Style::new().bg_color(Some(Ansi256Color(HEAT[step]).into()));
            let hot = hot.fg_color(Some(AnsiColor::Black.into()));
            write!(out, "{hot}{word}{hot:#}")?;
        } else {
            let digit = char::from_u32('₀' as u32 + tenths as u32).unwrap_or(' ');
            write!(out, "{word}{digit}")?;
        }
        at = token.span.end();
    }
    plain(out, text.get(at..).unwrap_or(""))?;
    writeln!(out)
}

/// Text without what would steer a terminal; lines stay lines.
fn plain(out: &mut impl Write, text: &str) -> Result<()> {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        // Blanks at the ends stay: a word may stand beside them.
        write!(out, "{}", shown(line).text)?;
    }
    Ok(())
}
