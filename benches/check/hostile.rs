//! What an attacker would send: a megabyte of one thing.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use obelus::engine::{Engine, Never, Options};

use crate::names::beginning;
use crate::texts::article;

const BYTES: usize = 1 << 20;

/// A piece of a text, by its number.
type Piece = fn(usize) -> String;

/// Each is made of its pieces until the line is full.
const TEXTS: [(&str, Piece); 14] = [
    ("no-space", |_| "a".into()),
    ("thai", |_| "ภาษาไทย".into()),
    ("emoji", |_| "👩‍👩‍👧‍👦".into()),
    ("combining", |_| "a\u{301}\u{302}\u{303}".into()),
    ("quotes", |_| "“".into()),
    ("doubled", |_| "the ".into()),
    ("months", |_| "may 3 ".into()),
    ("digits", |_| "0123456789".into()),
    // Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, Kana, Hangul, Han.
    ("mixed-scripts", |_| "aβвגدकทハ한字".into()),
    // Marks, embeddings, overrides and isolates, in the order of their numbers, so that they nest and close nothing.
    ("bidi-controls", |_| {
        "\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".into()
    }),
    // Each ends a piece that is no sentence yet, so that all of them are one piece.
    ("separators", |number| if number == 0 { "a".into() } else { "\r".into() }),
    ("closing-lines", |number| if number < 4 { "a\n".into() } else { ")\n".into() }),
    ("names", |number| format!("{}ov, ", beginning(number).0)),
    ("one-name-respelled", |number| format!("{}, ", respelled(number))),
];

/// A name of thirteen letters with one or two of them replaced, in another way for each number.
fn respelled(number: usize) -> String {
    let mut name: Vec<char> = "Meshcheryakov".chars().collect();
    // The capital stays: without it, it would be no name.
    let places = name.len() - 1;
    let mut number = number;
    for _ in 0..2 {
        name[1 + number % places] = char::from(b'a' + (number / places % 26) as u8);
        number /= places * 26;
    }
    name.into_iter().collect()
}

/// A text of each.
pub(crate) fn hostile(criterion: &mut Criterion) {
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    for (name, piece) in TEXTS {
        let target = LazyCell::new(|| article(None, line(piece)));
        group.throughput(Throughput::Bytes(BYTES as u64));
        group.bench_function(name, |b| {
            let article = &*target;
            b.iter(|| black_box(engine.check(article, &Options::default(), &Never)));
        });
    }
    group.finish();
}

/// Pieces, as many as fit.
fn line(piece: Piece) -> String {
    let mut line = String::with_capacity(BYTES);
    for number in 0.. {
        let next = piece(number);
        if line.len() + next.len() > BYTES {
            break;
        }
        line.push_str(&next);
    }
    line
}
