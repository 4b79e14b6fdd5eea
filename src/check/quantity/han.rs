//! Quantities in Chinese and Japanese, whose numbers are read letter by letter: 2.5亿, 三百二十一, 百分之二十.

use super::{Entry, FEWEST, MEASURES, Quantity, Reading, Scale, Sum, TABLE, plain_digits, runs};
use crate::analyse::Passage;
use crate::language::LanguageData;
use crate::span::Span;

/// The most letters of one number.
const MAX_LETTERS: usize = 32;

/// Reads a sentence.
pub(super) fn read(passage: &Passage<'_>, data: LanguageData, out: &mut Reading) {
    let words = data.table(TABLE);
    let (measures, counters) = (data.table(MEASURES), data.table("quantity-words"));
    let (place, text) = (passage.span(), passage.text.text());
    let letters: Vec<(usize, char)> = place.of(text).char_indices().map(|(at, c)| (place.start() + at, c)).collect();
    let letter = |i: usize| letters.get(i).map_or('\0', |&(_, c)| c);
    let byte = |i: usize| letters.get(i).map_or(place.end(), |&(at, _)| at);
    let entry = |c: char| Entry::of(words, c.encode_utf8(&mut [0; 4]));
    let masked = |at: usize| passage.text.masks().iter().any(|mask| mask.start() <= at && at < mask.end());
    let mut at = 0;
    while at < letters.len() {
        let begins =
            is_digit(letter(at)) || entry(letter(at)).is_some_and(|e| matches!(e.kind, "add" | "times" | "scale"));
        if !begins {
            if let Some(aside) = entry(letter(at)).filter(|e| e.kind == "aside") {
                out.loose.extend(aside.values.split(' ').filter_map(|v| v.parse::<f64>().ok()));
            }
            at += 1;
            continue;
        }
        let (mut sum, mut end, mut figure, mut scale) = (Sum::default(), at, None, None);
        let mut positional = false;
        while end < letters.len() && end < at + MAX_LETTERS {
            let c = letter(end);
            if is_digit(c) {
                let from = end;
                while is_digit(letter(end)) || (is_mark(letter(end)) && is_digit(letter(end + 1))) {
                    end += 1;
                }
                let span = Span::new(byte(from), byte(end));
                let numeral = plain_digits(span.of(text)).replace(',', "");
                let value = numeral.parse::<f64>().ok();
                if value.is_none() {
                    out.loose.extend(runs(&numeral));
                }
                let value = value.unwrap_or(0.0);
                out.loose.push(value);
                sum.add(value);
                figure = figure.or(Some((span, value)));
                // "3 000万" has a space now and then.
                if letter(end) == ' ' && entry(letter(end + 1)).is_some_and(|e| e.kind == "scale") {
                    end += 1;
                }
                positional = false;
                continue;
            }
            let Some(part) = entry(c) else { break };
            // "5700余万", "550多万": a few more than the figure.
            if part.kind == "and"
                && end > at
                && entry(letter(end + 1)).is_some_and(|e| matches!(e.kind, "scale" | "times"))
            {
                end += 1;
                continue;
            }
            match part.kind {
                "add" => {
                    // 二〇一九 is written digit by digit.
                    if positional {
                        sum.unit *= 10.0;
                    }
                    sum.unit += part.value();
                    sum.after_scale = false;
                    positional = true;
                }
                "times" => {
                    sum.times(part.value());
                    positional = false;
                }
                "scale" => {
                    sum.scale(part.value());
                    positional = false;
                }
                _ => break,
            }
            if figure.is_some() && part.kind != "add" {
                let span = Span::new(byte(end), byte(end + 1));
                scale = Some(scale.map_or(span, |first: Span| first.cover(span)));
            }
            end += 1;
        }
        let (next, after) = (letter(end), letter(end + 1));
        let measure_of = |from: usize| {
            (1..=MAX_UNIT).rev().find_map(|length| {
                let word = Span::new(byte(from), byte((from + length).min(letters.len()))).of(text);
                Some((measures.get(word).map(|row| row.column(0)), counters.get(word)?.column(0)))
                    .or_else(|| measures.get(word).map(|row| (Some(row.column(0)), "unit")))
            })
        };
        // 两成, 近三成: tenths, where the letter is no part of a word.
        let one = end == at + 1 || (figure.is_some() && scale.is_none());
        let tenths =
            one && next == TENTH && !entry(TENTH).is_none_or(|e| e.values.contains(after)) && sum.value() < 10.0;
        if tenths {
            if figure.is_some() {
                out.loose.pop();
            }
            let value = sum.value() * 10.0;
            out.loose.push(value);
            let span = Span::new(byte(at), byte(end + 1));
            out.words.push(words_at(value, span, at, end, true, None));
            at = end + 1;
            continue;
        }
        let value = sum.value();
        out.loose.push(value);
        if figure.is_none() && value >= FEWEST && value.fract() == 0.0 && !positional_run(at, end, &letter) {
            let before = at.checked_sub(1).map_or('\0', letter);
            let counted = measure_of(end).filter(|(_, kind)| matches!(*kind, "count" | "unit" | "currency"));
            if let Some((measure, _)) = counted.filter(|_| !matches!(before, '第' | '之' | '分' | '点' | '點' | '·'))
            {
                let span = Span::new(byte(at), byte(end));
                out.words.push(words_at(value, span, at, end, false, measure));
            }
        }
        if let Some((span, lead)) = figure.filter(|_| is_digit(letter(at)) && !masked(byte(at))) {
            let before = at.checked_sub(1).map_or('\0', letter);
            let fraction =
                at.checked_sub(3).is_some_and(|from| letter(from) == '百' && letter(at - 2) == '分' && before == '之');
            let after = letter(end);
            let four = span.len() == 4 && scale.is_none() && after == '年';
            let named = before.is_ascii_alphanumeric() || matches!(before, '-' | '–' | ':' | '/' | '：' | '.' | '第');
            let joined = after.is_ascii_alphabetic() || matches!(after, ':' | '/' | '：' | '时' | '時' | '点' | '點');
            out.figures.push(Quantity {
                value,
                others: if four { vec![value % 100.0] } else { Vec::new() },
                lead,
                span: Span::new(byte(at), byte(end)),
                figure: span,
                scale: scale.map(|span| Scale { span, value: value / lead.max(f64::MIN_POSITIVE) }),
                percent: fraction || entry(after).is_some_and(|e| e.kind == "percent"),
                unit: matches!(after, '米' | '公' | '千' | '吨' | '升' | '度'),
                measure: measure_of(end).and_then(|(measure, _)| measure),
                in_words: false,
                currency: None,
                year: four,
                day: matches!(after, '月' | '日' | '号' | '號'),
                free: !named && !joined && lead > 0.0,
                leads: matches!(after, '-' | '–' | '—' | '至' | '到' | '~' | '～' | '、') && is_digit(letter(end + 1)),
                first: at,
                last: end.saturating_sub(1),
            });
        }
        at = end.max(at + 1);
    }
}

/// 成, a tenth of the whole; its row has the letters that make another word of it.
const TENTH: char = '成';
/// The longest word for a unit.
const MAX_UNIT: usize = 4;

/// Whether letters are a single 一 or digits in a row, which may be anything: 一人一票, 二〇一九.
fn positional_run(at: usize, end: usize, letter: &impl Fn(usize) -> char) -> bool {
    let digit = |c: char| matches!(c, '〇' | '零');
    (at..end).any(|i| digit(letter(i))) && end - at > 2
}

/// A number in words.
fn words_at(
    value: f64,
    span: Span,
    first: usize,
    last: usize,
    percent: bool,
    measure: Option<&'static str>,
) -> Quantity {
    Quantity {
        value,
        others: Vec::new(),
        lead: value,
        span,
        figure: span,
        scale: None,
        percent,
        unit: measure.is_some(),
        measure,
        in_words: true,
        currency: None,
        year: false,
        day: false,
        free: true,
        leads: false,
        first,
        last,
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '\u{ff10}'..='\u{ff19}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '．' | '，')
}
