//! Made-up names, as many as are wanted, in Latin and Cyrillic letters; nobody is meant by them.

/// Consonants and vowels in both scripts. Every romanisation writes each of them alike, so that no two of the names are
/// spellings of one to `name/inconsistent`.
const CONSONANTS: [(char, char); 12] = [
    ('b', 'б'),
    ('v', 'в'),
    ('g', 'г'),
    ('d', 'д'),
    ('z', 'з'),
    ('k', 'к'),
    ('l', 'л'),
    ('m', 'м'),
    ('n', 'н'),
    ('p', 'п'),
    ('r', 'р'),
    ('t', 'т'),
];
const VOWELS: [(char, char); 4] = [('a', 'а'), ('o', 'о'), ('u', 'у'), ('i', 'и')];

/// Syllables that are used: the largest prime that the letters allow, so that the steps below meet every name before one
/// comes again.
const SYLLABLES: usize = 47;
/// How far apart in the list of all names two that follow each other are, so that neighbours do not begin alike.
const STEP: usize = 40_009;

/// The beginning of a name by its number, in Latin and in Cyrillic letters: four syllables, no two alike before 103,823.
///
/// The last syllable is the sum of the three others, so any two names differ in two syllables at least: a name is never one
/// letter away from another, which would make each a slip for its neighbour and the texts full of findings that no news has.
pub(crate) fn beginning(number: usize) -> (String, String) {
    let place = (number + 1) * STEP % SYLLABLES.pow(3);
    let digits = [place % SYLLABLES, place / SYLLABLES % SYLLABLES, place / SYLLABLES.pow(2)];
    let check = digits.iter().sum::<usize>() % SYLLABLES;
    let (mut latin, mut cyrillic) = (String::new(), String::new());
    for syllable in digits.into_iter().chain([check]) {
        for (l, c) in [CONSONANTS[syllable % CONSONANTS.len()], VOWELS[syllable / CONSONANTS.len()]] {
            latin.push(l);
            cyrillic.push(c);
        }
    }
    (title(&latin), title(&cyrillic))
}

/// With a capital.
fn title(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
