//! A stable 64-bit name for bytes (FNV-1a): the same on every machine and in every version, which `std`'s hashers are not.
//! It names things; it defends nothing.

/// Collects bytes.
#[derive(Clone, Copy, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Adds bytes, and a border after them, so that "ab" + "c" is not "a" + "bc".
    pub fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The name.
    pub fn finish(self) -> u64 {
        // FNV mixes its low bits poorly for short input; one round of a finaliser (SplitMix64) spreads them.
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
