//! What PostgreSQL and Lockstep both can compute of rows: the server sums the hashes of a table without sending a row, and Lockstep says
//! beforehand what the sum will be when it has written some.
//!
//! The hash is that of `hashtextextended(ROW(...)::text COLLATE "C", 0)`, which PostgreSQL keeps stable because hash partitions rest on it.

use serde::{Deserialize, Serialize};

/// How many rows there are, and the sum of their hashes, which knows no order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub rows: u64,
    /// Modulo 2^64.
    pub sum: u64,
}

impl Digest {
    pub fn add(&mut self, hash: i64) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(hash.cast_unsigned());
    }

    pub fn take(&mut self, hash: i64) {
        self.rows = self.rows.saturating_sub(1);
        self.sum = self.sum.wrapping_sub(hash.cast_unsigned());
    }
}

/// The hash of the values at these positions.
pub fn hash_of<S: AsRef<str>>(row: &[Option<S>], positions: &[usize]) -> i64 {
    hash(record(positions.iter().map(|at| row.get(*at)?.as_ref().map(AsRef::as_ref))).as_bytes())
}

/// The text of a row as `record_out` prints it, which tells NULL, the empty text and separators apart.
pub fn record<'a>(values: impl Iterator<Item = Option<&'a str>>) -> String {
    let mut text = String::from("(");
    for (at, value) in values.enumerate() {
        if at > 0 {
            text.push(',');
        }
        let Some(value) = value else { continue };
        let special = |byte: u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',' | b' ' | b'\t'..=b'\r');
        if !value.is_empty() && !value.bytes().any(special) {
            text.push_str(value);
            continue;
        }
        text.push('"');
        for c in value.chars() {
            if matches!(c, '"' | '\\') {
                text.push(c);
            }
            text.push(c);
        }
        text.push('"');
    }
    text.push(')');
    text
}

/// Bob Jenkins' lookup3 with the seed 0, as PostgreSQL starts it on every machine that counts bytes from the lowest.
fn hash(bytes: &[u8]) -> i64 {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let start = 0x9e37_79b9_u32.wrapping_add(length).wrapping_add(3_923_095);
    let mut state = [start; 3];
    let mut chunks = bytes.chunks_exact(12);
    for chunk in &mut chunks {
        for (part, four) in state.iter_mut().zip(chunk.chunks_exact(4)) {
            *part = part.wrapping_add(word(four));
        }
        state = mixed(state);
    }
    let rest = chunks.remainder();
    for (at, part) in state.iter_mut().enumerate() {
        let four = rest.get(at * 4..rest.len().min(at * 4 + 4)).unwrap_or_default();
        // The lowest byte of the last word is left to the length.
        *part = part.wrapping_add(if at == 2 { word(four) << 8 } else { word(four) });
    }
    let [_, b, c] = finished(state);
    ((u64::from(b) << 32) | u64::from(c)).cast_signed()
}

fn mixed([mut a, mut b, mut c]: [u32; 3]) -> [u32; 3] {
    for turns in [[4, 6, 8], [16, 19, 4]] {
        a = a.wrapping_sub(c) ^ c.rotate_left(turns[0]);
        c = c.wrapping_add(b);
        b = b.wrapping_sub(a) ^ a.rotate_left(turns[1]);
        a = a.wrapping_add(c);
        c = c.wrapping_sub(b) ^ b.rotate_left(turns[2]);
        b = b.wrapping_add(a);
    }
    [a, b, c]
}

fn finished([mut a, mut b, mut c]: [u32; 3]) -> [u32; 3] {
    let step = |to: u32, from: u32, turn: u32| (to ^ from).wrapping_sub(from.rotate_left(turn));
    c = step(c, b, 14);
    a = step(a, c, 11);
    b = step(b, a, 25);
    c = step(c, b, 16);
    a = step(a, c, 4);
    b = step(b, a, 14);
    c = step(c, b, 24);
    [a, b, c]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_tells_null_the_empty_text_and_separators_apart() {
        for (values, text) in [
            (&[Some("1"), None, Some("")][..], "(1,,\"\")"),
            (&[Some("a,b"), Some("c d"), Some("q\"\\")], "(\"a,b\",\"c d\",\"q\"\"\\\\\")"),
            (&[Some("\u{b}"), Some("(")], "(\"\u{b}\",\"(\")"),
            (&[], "()"),
        ] {
            assert_eq!(record(values.iter().copied()), text);
        }
    }

    #[test]
    fn the_hash_is_postgresql_s() {
        for (text, expected) in [
            ("", -6_939_563_903_564_495_251),
            ("a", 3_591_986_179_850_072_241),
            ("abcd", -1_038_429_303_365_892_052),
            ("abcdefgh", -8_882_191_227_074_733_005),
            ("abcdefghijk", 3_112_909_444_737_856_467),
            ("abcdefghijkl", -7_556_637_188_122_330_412),
            ("abcdefghijklm", 8_871_624_171_452_417_744),
            ("(1,\"é 💶\",,\"\")", 4_058_355_416_014_275_534),
            ("0123456789012345678901234567890123456789", -1_709_038_554_607_151_176),
        ] {
            assert_eq!(hash(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn sums_know_no_order() {
        let hashes = [hash(b"(1)"), hash(b"(2)"), hash(b"(3)")];
        let of = |order: [usize; 3]| {
            let mut digest = Digest::default();
            order.iter().for_each(|at| digest.add(hashes[*at]));
            digest
        };
        assert_eq!(of([0, 1, 2]), of([2, 0, 1]));
        assert_ne!(of([0, 1, 2]), of([0, 1, 1]));
    }
}
