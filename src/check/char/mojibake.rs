//! `char/mojibake`: letters that were written in one encoding and read in another.
//!
//! UTF-8 writes every letter that is not ASCII as two to four bytes, and a program that takes them for an old one-byte
//! encoding shows as many characters: “Ã©” for “é”, “РїСЂРё” for “при”. So a place is read back byte by byte, and it is a
//! mistake where that gives letters which make sense and what stands there does not.

use crate::analyse::{Document, Passage};
use crate::check::char::{is_in_address, widened};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, Table};
use crate::span::Span;

pub(in crate::check) static MOJIBAKE: Rule = Rule {
    id: "char/mojibake",
    summary: "Letters that were read in the wrong encoding: Ã© for é.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Major,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(mojibake),
};

/// Read back it makes sense, and as it stands nobody writes it. All 390 such places in 60 million words of
/// text in 11 languages were mistakes.
const READ_BACK: f64 = 0.97;
/// A word of accented letters alone is Cyrillic in another encoding.
const ACCENTS_ALONE: f64 = 0.95;
/// How often a text may have been read wrongly on top of itself: twice is seen, three times is not.
const TIMES_OVER: usize = 2;

fn mojibake(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let span = passage.span();
    let text = passage.text.text();
    let sentence = span.of(text);
    if sentence.is_ascii() {
        return;
    }
    for (place, meant) in places(sentence) {
        let place = place.shift(span.start());
        push(text, place, &meant, READ_BACK, out);
    }
    for (place, meant) in accents_alone(sentence) {
        push(text, place.shift(span.start()), &meant, ACCENTS_ALONE, out);
    }
}

fn push(text: &str, place: Span, meant: &str, confidence: f64, out: &mut Vec<Draft>) {
    if is_in_address(text, place) {
        return;
    }
    let message = if meant.is_empty() {
        "these characters are a byte order mark, read as text".to_owned()
    } else {
        format!("“{}” is “{meant}”, read in the wrong encoding", place.of(text))
    };
    let mut draft = Draft::new(place, confidence, message);
    if is_whole(meant) {
        draft = draft.fix(Fix::replace(place, meant, 0.96).safe());
    }
    let draft =
        draft.because(EvidenceKind::Pattern, "its bytes make sense in another encoding", None).of_group("mojibake");
    out.push(draft);
}

/// Whether all of a word could be read back: where a byte was lost on the way, its other half is still there.
fn is_whole(meant: &str) -> bool {
    let half = |c: char| matches!(c, 'Ã' | 'Â' | 'Ä' | 'Å' | 'Ð' | 'Ñ');
    let letters: Vec<char> = meant.chars().collect();
    let behind_small = letters.windows(2).any(|pair| pair[0].is_lowercase() && half(pair[1]));
    let before_accent = letters.windows(2).any(|pair| pair[0] == 'â' && !pair[1].is_ascii() && pair[1].is_alphabetic());
    !behind_small && !before_accent
}

/// The places of a text that were read wrongly, each with what was meant.
pub(super) fn places(text: &str) -> Vec<(Span, String)> {
    let units = units(text);
    let mut places = Vec::new();
    let mut rest = units.as_slice();
    while let Some(first) = rest.first() {
        let length = 1 + rest.windows(2).take_while(|pair| joins(text, &pair[0], &pair[1])).count();
        let (run, others) = rest.split_at(length);
        rest = others;
        let core = Span::new(first.span.start(), run[length - 1].span.end());
        let span = widened(text, core, char::is_alphabetic);
        let mut meant = read_back(span, text, run);
        for _ in 1..TIMES_OVER {
            let again = self::units(&meant);
            if again.is_empty() {
                break;
            }
            meant = read_back(Span::new(0, meant.len()), &meant, &again);
        }
        places.push((span, meant));
    }
    // Widening may have joined two.
    places.dedup_by(|next, kept| next.0.start() < kept.0.end());
    places
}

/// Whether two such letters belong to one place: a word, or words that were all read wrongly.
fn joins(text: &str, one: &Unit, next: &Unit) -> bool {
    let gap = &text[one.span.end()..next.span.start()];
    let word = gap.len() <= super::REACH && !gap.contains(char::is_whitespace);
    let words = gap.len() <= 4 && !gap.contains(char::is_alphabetic);
    one.page == next.page && (word || words)
}

fn read_back(span: Span, text: &str, units: &[Unit]) -> String {
    let mut meant = String::with_capacity(span.len());
    let mut at = span.start();
    for unit in units.iter().filter(|u| span.contains(u.span)) {
        meant.push_str(&text[at..unit.span.start()]);
        if unit.letter != '\u{feff}' {
            meant.push(unit.letter);
        }
        at = unit.span.end();
    }
    meant.push_str(&text[at..span.end()]);
    meant
}

/// Characters that together are the bytes of one letter.
#[derive(Clone, Copy)]
struct Unit {
    span: Span,
    letter: char,
    page: usize,
    sure: bool,
}

/// Which column of the table each encoding has.
const WINDOWS_1252: usize = 0;
const WINDOWS_1250: usize = 1;
const WINDOWS_1251: usize = 2;
const MACINTOSH: usize = 3;

/// All letters that can be read back, of the encodings that some place of the text was surely read in.
fn units(text: &str) -> Vec<Unit> {
    let table = LanguageData::shared().table("codepages");
    let mut found: Vec<Unit> = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(c) = text[at..].chars().next() {
        match unit_at(text, at, c, before, &table) {
            Some(unit) => {
                at = unit.span.end();
                found.push(unit);
                before = Some(c);
            }
            None => {
                at += c.len_utf8();
                before = Some(c);
            }
        }
    }
    if found.is_empty() {
        return found;
    }
    sure_in_runs(&mut found);
    let mut sure = [false; 4];
    for unit in found.iter().filter(|u| u.sure) {
        sure[unit.page] = true;
    }
    // Some letters are the same bytes in Windows-1252 and 1250: they are of the one that the others are of.
    for unit in found.iter_mut().filter(|u| sure[WINDOWS_1250] && u.page == WINDOWS_1252) {
        if decoded(unit.span.of(text), WINDOWS_1250, &table).is_some_and(|(_, letter)| letter == unit.letter) {
            unit.page = WINDOWS_1250;
        }
    }
    found.retain(|u| sure[u.page]);
    found
}

/// Two letters in a row of a script that takes two bytes for each: no word of another language looks like that.
fn sure_in_runs(units: &mut [Unit]) {
    for at in 1..units.len() {
        let (one, next) = (units[at - 1], units[at]);
        let touching = one.page == next.page && one.span.end() == next.span.start();
        let (first, second) = (block_of(one.letter), block_of(next.letter));
        if touching && first == second && first != Block::Latin && first != Block::Sign {
            units[at - 1].sure = true;
            units[at].sure = true;
        }
    }
}

fn unit_at(text: &str, at: usize, c: char, before: Option<char>, table: &Table) -> Option<Unit> {
    let pages: &[usize] = match c {
        _ if c.is_ascii() => return None,
        'Â'..='Å' | 'Î'..='Ñ' | '×'..='Ù' | 'á'..='é' | 'ï' | 'ð' => &[WINDOWS_1252, WINDOWS_1250],
        'Ă' | 'Ĺ' | 'Đ' | 'Ń' | 'Ď' | 'Ř' | 'Ů' => &[WINDOWS_1250],
        'В'..='Е' | 'О'..='С' | 'Ч'..='Щ' | 'в'..='й' | 'п' | 'р' => &[WINDOWS_1251],
        '¬' | '√' | 'ƒ' | '≈' | '‚' => &[MACINTOSH],
        _ => return None,
    };
    let rest = &text[at..];
    let next = rest[c.len_utf8()..].chars().next()?;
    // “Ã Paris”: the second byte of “à” is a space that does not break, and has become one that does.
    if c == 'Ã' && next == ' ' && !before.is_some_and(char::is_uppercase) {
        let span = Span::new(at, at + c.len_utf8());
        return Some(Unit { span, letter: 'à', page: WINDOWS_1252, sure: false });
    }
    if next.is_ascii() || (pages[0] != MACINTOSH && is_common_letter(next)) {
        return None;
    }
    pages.iter().find_map(|&page| {
        let (length, letter) = decoded(rest, page, table)?;
        let span = Span::new(at, at + length);
        let last = span.of(text).chars().next_back()?;
        let after = text[span.end()..].chars().next();
        let sure = is_sure(page, letter, last, before, after);
        // “В Москве” with a space that does not break, “«ПРАВДЕ»”: letters that stand there by right.
        (page != WINDOWS_1251 || last != '\u{a0}').then_some(Unit { span, letter, page, sure })
    })
}

/// Letters that are no second byte of anything: nearly every text is turned away here.
fn is_common_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{ff}' | '\u{410}'..='\u{44f}')
}

/// The letter that the characters at the head of `rest` are the bytes of, and how long they are.
fn decoded(rest: &str, page: usize, table: &Table) -> Option<(usize, char)> {
    let mut chars = rest.chars();
    let first = chars.next()?;
    let lead = byte_of(first, page, table)?;
    let more = match lead {
        0xc2..=0xdf => 1,
        0xe1..=0xef => 2,
        0xf0 => 3,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut length = first.len_utf8();
    for slot in bytes.iter_mut().skip(1).take(more) {
        let c = chars.next().filter(|c| !c.is_ascii())?;
        *slot = byte_of(c, page, table).filter(|byte| byte & 0xc0 == 0x80)?;
        length += c.len_utf8();
    }
    let letter = std::str::from_utf8(&bytes[..=more]).ok()?.chars().next()?;
    (block_of(letter) != Block::Other).then_some((length, letter))
}

fn byte_of(c: char, page: usize, table: &Table) -> Option<u8> {
    match u32::from(c) {
        // Where an encoding has no character, programs show the byte as a control.
        code @ 0x80..=0x9f => u8::try_from(code).ok(),
        code @ 0xa0..=0xff if page == WINDOWS_1252 => u8::try_from(code).ok(),
        code => u8::from_str_radix(table.get(&format!("{code:04x}"))?.column(page), 16).ok(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Letters of two bytes that stand singly among ASCII.
    Latin,
    /// Two bytes, and all letters of a word are such.
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    /// Three bytes: Vietnamese, Georgian, Indian, Thai.
    Further,
    /// Chinese, Japanese, Korean.
    Eastern,
    /// Quotation marks, dashes, signs, emoji.
    Sign,
    /// Nothing that a text would hold.
    Other,
}

fn block_of(c: char) -> Block {
    match c {
        '\u{a0}'..='\u{bf}' | '×' | '÷' => Block::Sign,
        '\u{c0}'..='\u{17f}' | '\u{218}'..='\u{21b}' => Block::Latin,
        '\u{386}'..='\u{3ce}' => Block::Greek,
        '\u{401}'..='\u{45f}' | '\u{490}' | '\u{491}' => Block::Cyrillic,
        '\u{5d0}'..='\u{5ea}' => Block::Hebrew,
        '\u{60c}'..='\u{6d3}' => Block::Arabic,
        '\u{904}'..='\u{e5b}' | '\u{10d0}'..='\u{10fa}' | '\u{1ea0}'..='\u{1ef9}' => Block::Further,
        '\u{3001}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}' => {
            Block::Eastern
        }
        '\u{2010}'..='\u{203a}'
        | '\u{20a0}'..='\u{20bf}'
        | '\u{2116}'
        | '\u{2122}'
        | '\u{2190}'..='\u{2193}'
        | '\u{2212}'
        | '\u{feff}'
        | '\u{1f300}'..='\u{1faff}' => Block::Sign,
        _ => Block::Other,
    }
}

/// Whether such characters, standing alone in a text, can be nothing but one letter read wrongly.
fn is_sure(page: usize, letter: char, last: char, before: Option<char>, after: Option<char>) -> bool {
    let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
    match block_of(letter) {
        // “â€™”, “вЂ™”, “ðŸ˜€”: three or four characters that no language puts side by side.
        Block::Sign if letter > '\u{ff}' => true,
        // “Â°C”, “Â£5”: a capital with a sign behind it, where no word ends in that capital.
        Block::Sign if page == WINDOWS_1251 => latin(before) && !may_end_word(last),
        Block::Sign => !before.is_some_and(char::is_alphabetic) && !may_close(last),
        Block::Latin if page == MACINTOSH || page == WINDOWS_1251 => latin(before) || latin(after),
        // “IRMÃ»”, “Ăştia”: a capital before a closing mark, or with a small letter of the language behind it.
        Block::Latin if lower(before) => true,
        Block::Latin if last.is_alphabetic() => false,
        Block::Latin if before.is_some_and(char::is_uppercase) && letter.is_lowercase() => false,
        Block::Latin => lower(after) || !may_end_word(last),
        Block::Further => lower(after) && lower(before),
        _ => false,
    }
}

/// Marks that stand right behind a word: there a capital before them may be the end of one.
fn may_end_word(c: char) -> bool {
    matches!(
        c,
        '»' | '›'
            | '«'
            | '‹'
            | '”'
            | '“'
            | '„'
            | '’'
            | '‘'
            | '‚'
            | '…'
            | '–'
            | '—'
            | '•'
            | '™'
            | '®'
            | '©'
            | '\u{a0}'
            | '°'
            | '†'
            | '‡'
            | '²'
            | '³'
            | '¹'
            | 'ª'
            | 'º'
            | '·'
            | '\u{ad}'
    )
}

/// Marks that may close a quotation, and the space of French.
fn may_close(c: char) -> bool {
    matches!(c, '»' | '›' | '«' | '‹' | '”' | '“' | '’' | '‘' | '\u{a0}')
}

/// Fewest letters of a word that nothing but accents gives away. Four in a row stand in no word of the languages that use them.
const ACCENTS: usize = 4;

/// Cyrillic text in Windows-1251 that was read as Latin-1: “Ïðèâåò” for “Привет”.
fn accents_alone(text: &str) -> Vec<(Span, String)> {
    let accented = |c: char| matches!(c, '\u{c0}'..='\u{ff}');
    let mut places: Vec<(Span, String)> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(accented).map(|found| at + found) {
        let length = text[start..].find(|c| !accented(c)).unwrap_or(text.len() - start);
        let span = Span::new(start, start + length);
        at = span.end();
        let near = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
        if near(text[..start].chars().next_back()) || near(text[at..].chars().next()) {
            continue;
        }
        let meant: String = span.of(text).chars().filter_map(|c| char::from_u32(u32::from(c) + 0x350)).collect();
        let joined = places.last().is_some_and(|(last, _)| text[last.end()..start].trim().is_empty());
        if joined && let Some((last, words)) = places.last_mut() {
            words.push_str(&text[last.end()..start]);
            words.push_str(&meant);
            *last = last.cover(span);
        } else if is_a_word(&meant) {
            places.push((span, meant));
        }
    }
    places
}

fn is_a_word(cyrillic: &str) -> bool {
    let vowel = |c: char| "аеиоуыэюяАЕИОУЫЭЮЯ".contains(c);
    let letters: Vec<char> = cyrillic.chars().collect();
    letters.len() >= ACCENTS
        && letters.iter().any(|&c| vowel(c))
        && letters.iter().any(|&c| !vowel(c))
        && letters[1..].iter().all(|c| c.is_lowercase() == letters[1].is_lowercase())
        && letters.windows(2).filter(|pair| pair[0] != pair[1]).count() >= ACCENTS - 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let mut mended = text.to_owned();
        for (span, meant) in places(text).into_iter().chain(accents_alone(text)).rev() {
            mended.replace_range(span.range(), &meant);
        }
        mended
    }

    #[test]
    fn what_was_read_wrongly_is_read_back() {
        for (wrong, right) in [
            ("l’Ã©tÃ© dernier", "l’été dernier"),
            ("donâ€™t â€œgoâ€\u{9d} â€“ now", "don’t “go” – now"),
            ("ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", "Привет, мир"),
            ("РџСЂРёРІРµС‚, РјРёСЂ", "Привет, мир"),
            ("25 Â°C", "25 °C"),
            ("mÃƒÂ©dia", "média"),
            ("pĹ‚atnoĹ›Ä‡", "płatność"),
            ("Viá»‡t Nam", "Việt Nam"),
            ("caf√© don‚Äôt", "café don’t"),
            ("Ïðèâåò, ìèð", "Привет, ìèð"),
            ("Ïðèâåò ìèð", "Привет мир"),
            ("fГјr", "für"),
            ("allÃ©e Ã Londres", "allée à Londres"),
        ] {
            assert_eq!(mended(wrong), right, "{wrong}");
        }
    }

    #[test]
    fn what_is_right_stays() {
        for text in [
            "IRMÃ» e NÃO",
            "A ROMÂNIA “Â”",
            "Ăştia",
            "В\u{a0}Москве",
            "С…",
            "ПРАВДЕ»",
            "perché…",
            "ESPAÑA”",
            "25 °C",
            "Їх «Ві»",
            "à » Paris",
            "Spaß”",
            "Fuß“",
            "ŁÓDŹ”",
            "Ří“",
            "в„Труд“",
            "naïveté",
            "éé",
            "√±2",
            "Å”",
            "½ ¾",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
