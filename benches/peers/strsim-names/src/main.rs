//! Names compared by strsim, behind the contract of `benches/peers/README.md`: texts as JSON lines in, findings out.
//!
//! A capitalised word that is much like a more frequent one is taken for a slip of it. A word that the text has in lower case too
//! is no name, and a possessive ending is none of the name's.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

/// Letters changed, at most.
const DISTANCE: usize = 2;
/// Or Jaro-Winkler similarity, at least.
const SIMILARITY: f64 = 0.9;
/// Shorter words are too much like each other.
const LETTERS: usize = 4;

#[derive(Deserialize)]
struct Text {
    id: String,
    target: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: String,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    start: usize,
    end: usize,
    rule: &'static str,
    message: String,
    replacements: Vec<&'a str>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let text: Text = serde_json::from_str(&line?)?;
        serde_json::to_writer(&mut out, &Answer { id: text.id.clone(), findings: check(&text.target) })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn check(text: &str) -> Vec<Finding<'_>> {
    let words = words(text);
    let lower: HashSet<&str> =
        words.iter().map(|(_, word)| *word).filter(|word| word.starts_with(char::is_lowercase)).collect();
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().count() >= LETTERS
            && !lower.contains(word.to_lowercase().as_str())
    };
    let mut times: HashMap<&str, usize> = HashMap::new();
    for (_, word) in words.iter().filter(|(_, word)| is_name(word)) {
        *times.entry(word).or_default() += 1;
    }
    let right: HashMap<&str, &str> = times.keys().filter_map(|word| Some((*word, meant(word, &times)?))).collect();
    let finding = |(start, word): &(usize, &str)| {
        let right = *right.get(word)?;
        let message = format!("“{word}” may be “{right}”");
        Some(Finding {
            start: *start,
            end: start + word.chars().count(),
            rule: "name",
            message,
            replacements: vec![right],
        })
    };
    words.iter().filter_map(finding).collect()
}

/// The more frequent word that is most like this one, if any is like it.
fn meant<'a>(word: &str, times: &HashMap<&'a str, usize>) -> Option<&'a str> {
    let frequent = times.iter().filter(|(_, count)| **count > times[word]).map(|(other, count)| (*other, *count));
    let alike = frequent.filter_map(|(other, count)| {
        let distance = strsim::damerau_levenshtein(word, other);
        (distance <= DISTANCE || strsim::jaro_winkler(word, other) >= SIMILARITY).then_some((
            distance,
            usize::MAX - count,
            other,
        ))
    });
    alike.min().map(|(_, _, other)| other)
}

/// Every word with its place in code points: letters, with hyphens and apostrophes between them.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut begin = None;
    let part = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’');
    for (place, (byte, c)) in text.char_indices().chain([(text.len(), ' ')]).enumerate() {
        match begin {
            None if c.is_alphabetic() => begin = Some((place, byte)),
            Some((start, from)) if !part(c) => {
                let word = text[from..byte].trim_end_matches(|c: char| !c.is_alphabetic());
                let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
                words.push((start, word));
                begin = None;
            }
            _ => {}
        }
    }
    words
}
