//! A table from hashed keys to a few bits each, read in place: a perfect hash tells each key's slot, and a fingerprint in the
//! slot tells other keys.
//!
//! Keys fall into buckets of five or so. A bucket's pilot, 16 bits, sends its keys to slots of their own (the way of CHD and
//! PTHash: Belazzougui and others 2009, Pibiri and Trani 2021), so that a table is 97 % full and a look-up reads two places.
//! A key that is not in the table is taken for one that is once in two to the bits of the fingerprint.
//!
//! Layout, little endian: slots `u32`, buckets `u32`, seed `u32`, bytes of a slot `u32`, then the pilots, then the slots.

use crate::models::Reader;

/// Keys of a bucket, on average: with six, a million keys leave some bucket without a pilot.
pub const BUCKET: usize = 5;
/// How full a table is.
pub const FULL: f64 = 0.97;

/// Mixes a key's bits (the finaliser of SplitMix64, Steele and others 2014).
pub fn mix(key: u64) -> u64 {
    let mut x = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A key's bits, mixed with the table's seed.
pub fn mixed(key: u64, seed: u32) -> u64 {
    mix(key ^ (u64::from(seed) << 32))
}

/// A number below `of` from the upper half of some mixed bits.
fn below(bits: u64, of: usize) -> usize {
    (((bits >> 32) * of as u64) >> 32) as usize
}

/// A mixed key's bucket.
pub fn bucket(mixed: u64, buckets: usize) -> usize {
    below(mixed, buckets)
}

/// Where a pilot sends a mixed key.
pub fn place(mixed: u64, pilot: u16, slots: usize) -> usize {
    let pilot = (u64::from(pilot) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    below((mixed ^ pilot ^ (pilot >> 29)).wrapping_mul(0xd6e8_feb8_6659_fd93), slots)
}

/// A mixed key's fingerprint of so many bits; never 0, which an empty slot has.
pub fn fingerprint(mixed: u64, bits: u32) -> u32 {
    ((mixed as u32) & ((1_u32 << bits) - 1)).max(1)
}

/// A table.
#[derive(Clone, Copy, Debug)]
pub struct Slots<'a> {
    pilots: &'a [u8],
    slots: &'a [u8],
    /// How many there are of each.
    count: usize,
    buckets: usize,
    seed: u32,
    /// Bits of a slot.
    width: u32,
    /// Those of them that are no fingerprint.
    value_bits: u32,
}

/// Bytes after the last slot, so that five can be read from any.
pub const BEHIND: usize = 4;

impl<'a> Slots<'a> {
    /// Reads a table whose slots hold values of so many bits; `None` where the lengths do not agree.
    pub fn new(bytes: &'a [u8], value_bits: u32) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (count, buckets) = (reader.u32()? as usize, reader.u32()? as usize);
        let (seed, width) = (reader.u32()?, reader.u32()?);
        let (pilots, slots) = bytes.get(16..)?.split_at_checked(buckets.checked_mul(2)?)?;
        let sound = value_bits < width
            && width <= 32
            && slots.len() == count.checked_mul(width as usize)?.div_ceil(8) + BEHIND
            && (count == 0 || buckets > 0);
        sound.then_some(Self { pilots, slots, count, buckets, seed, width, value_bits })
    }

    /// The value of a key.
    pub fn get(&self, key: u64) -> Option<u32> {
        if self.count == 0 {
            return None;
        }
        let mixed = mixed(key, self.seed);
        let at = bucket(mixed, self.buckets) * 2;
        let pilot = self.pilots.get(at..)?.first_chunk::<2>()?;
        let bit = place(mixed, u16::from_le_bytes(*pilot), self.count) * self.width as usize;
        let [a, b, c, d, e] = *self.slots.get(bit / 8..)?.first_chunk::<5>()?;
        let slot = (u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]) >> (bit % 8)) & ((1 << self.width) - 1);
        let value = slot & ((1 << self.value_bits) - 1);
        let print = (slot >> self.value_bits) as u32;
        (print == fingerprint(mixed, self.width - self.value_bits)).then_some(value as u32)
    }
}
