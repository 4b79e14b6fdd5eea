//! Building a table of slots: a pilot for each bucket, the fullest buckets first.

use crate::models::slots::{BEHIND, BUCKET, FULL, bucket, fingerprint, mixed, place};

/// Seeds that are tried before giving up; the first has always done.
const SEEDS: u32 = 50;

/// Puts keys, each once, and their values into a table: `width` bits a slot, of which the values take `value_bits`.
///
/// # Errors
/// No seed gives every bucket a pilot, which does not happen unless a key stands there twice.
pub fn build(pairs: &[(u64, u32)], width: u32, value_bits: u32) -> anyhow::Result<Vec<u8>> {
    (0..SEEDS).find_map(|seed| attempt(pairs, width, value_bits, seed)).ok_or_else(|| {
        anyhow::anyhow!("no perfect hash of {} keys was found: is one of them there twice?", pairs.len())
    })
}

fn attempt(pairs: &[(u64, u32)], width: u32, value_bits: u32, seed: u32) -> Option<Vec<u8>> {
    let count = if pairs.is_empty() { 0 } else { (pairs.len() as f64 / FULL) as usize + 1 };
    let buckets = pairs.len().div_ceil(BUCKET);
    // Keys by bucket: counted, then put in place.
    let hashed: Vec<u64> = pairs.iter().map(|(key, _)| mixed(*key, seed)).collect();
    let mut starts = vec![0_u32; buckets + 1];
    for &h in &hashed {
        starts[bucket(h, buckets) + 1] += 1;
    }
    for at in 0..buckets {
        starts[at + 1] += starts[at];
    }
    let mut fill = starts.clone();
    let mut members = vec![0_u32; pairs.len()];
    for (index, &h) in hashed.iter().enumerate() {
        let next = &mut fill[bucket(h, buckets)];
        members[*next as usize] = index as u32;
        *next += 1;
    }
    let of = |b: u32| starts[b as usize] as usize..starts[b as usize + 1] as usize;
    let mut order: Vec<u32> = (0..buckets as u32).collect();
    order.sort_by_key(|&b| std::cmp::Reverse(of(b).len()));
    let mut taken = vec![false; count];
    let mut pilots = vec![0_u16; buckets];
    let mut slots = vec![0_u8; (count * width as usize).div_ceil(8) + BEHIND];
    let print_bits = width - value_bits;
    let mut places = Vec::new();
    for b in order {
        let keys = &members[of(b)];
        let fits = |pilot: u16, places: &mut Vec<usize>| {
            places.clear();
            keys.iter().all(|&key| {
                let at = place(hashed[key as usize], pilot, count);
                let free = !taken[at] && !places.contains(&at);
                places.push(at);
                free
            })
        };
        let pilot = (0..=u16::MAX).find(|&pilot| fits(pilot, &mut places))?;
        pilots[b as usize] = pilot;
        for (&key, &at) in keys.iter().zip(&places) {
            taken[at] = true;
            let print = u64::from(fingerprint(hashed[key as usize], print_bits));
            let bit = at * width as usize;
            let slot = (print << value_bits | u64::from(pairs[key as usize].1)) << (bit % 8);
            for (byte, part) in slots[bit / 8..].iter_mut().zip(slot.to_le_bytes()).take(5) {
                *byte |= part;
            }
        }
    }
    let mut bytes = Vec::new();
    for number in [count as u32, buckets as u32, seed, width] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(pilots.iter().flat_map(|pilot| pilot.to_le_bytes()));
    bytes.extend(slots);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::slots::Slots;

    #[test]
    fn every_key_is_found_and_few_others() {
        let pairs: Vec<(u64, u32)> = (0..20_000_u64).map(|n| (n * n + 7, (n % 1_000) as u32)).collect();
        let bytes = build(&pairs, 23, 10).expect("it is built");
        let table = Slots::new(&bytes, 10).expect("it is sound");
        assert!(pairs.iter().all(|(key, value)| table.get(*key) == Some(*value)));
        let wrong = (0..100_000_u64).filter(|n| table.get(n + (1 << 40)).is_some()).count();
        assert!(wrong < 30, "{wrong} of 100,000, and one in 8,192 is expected");
    }

    #[test]
    fn none_is_a_table_too() {
        let bytes = build(&[], 14, 6).expect("it is built");
        assert_eq!(Slots::new(&bytes, 6).expect("it is sound").get(5), None);
    }

    #[test]
    fn damage_is_no_panic() {
        let bytes = build(&[(1, 2), (3, 4)], 14, 6).expect("it is built");
        for at in 0..bytes.len() {
            assert!(Slots::new(&bytes[..at], 6).is_none(), "cut at {at}");
            let mut bad = bytes.clone();
            bad[at] ^= 0xff;
            if let Some(table) = Slots::new(&bad, 6) {
                for key in 0..50 {
                    let _ = table.get(key);
                }
            }
        }
    }
}
