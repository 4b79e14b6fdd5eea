//! Quantities in Chinese and Japanese, whose numbers are read letter by letter: 2.5亿, 三百二十一, 百分之二十.

use super::{Entry, Quantity, Reading, Scale, Sum, TABLE, plain_digits, runs};
use crate::analyse::Passage;
use crate::language::LanguageData;
use crate::span::Span;

/// The most letters of one number.
const MAX_LETTERS: usize = 32;

/// Reads a sentence.
pub(super) fn read(passage: &Passage<'_>, data: LanguageData, out: &mut Reading) {
    let words = data.table(TABLE);
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
        let value = sum.value();
        out.loose.push(value);
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

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '\u{ff10}'..='\u{ff19}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '．' | '，')
}
