//! Changed rows in little room: a release may change a million, and a preview must not take a machine for it.

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::io::{Read, Write};
use std::marker::PhantomData;

/// Bytes from which a block is compressed.
const BLOCK: usize = 64 * 1024;

/// Of nine: the one that gains most for its time.
const LEVEL: u32 = 3;

/// As many are sorted: more than people read.
const SORTED: usize = 100_000;

/// Values in their order, taken out as often as one likes and never all at once. It is written as a list of them.
#[derive(PartialEq, Eq)]
pub struct Packed<T> {
    len: usize,
    blocks: Vec<Box<[u8]>>,
    /// A line each; those that came last.
    open: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Packed<T> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn push_line(&mut self, line: &str) {
        self.open.extend([line, "\n"]);
        self.len += 1;
        if self.open.len() >= BLOCK {
            self.blocks.push(pack(&self.open));
            self.open.clear();
        }
    }

    fn blocks(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.blocks.iter().map(|block| unpack(block)).chain(std::iter::once(Cow::Borrowed(self.open.as_str())))
    }
}

fn pack(lines: &str) -> Box<[u8]> {
    let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(LEVEL));
    out.write_all(lines.as_bytes()).and_then(|()| out.finish()).expect("memory takes what is written").into()
}

fn unpack(block: &[u8]) -> Cow<'_, str> {
    let mut lines = String::with_capacity(2 * BLOCK);
    flate2::read::DeflateDecoder::new(block).read_to_string(&mut lines).expect("a block of ours unpacks");
    Cow::Owned(lines)
}

impl<T: Serialize + DeserializeOwned> Packed<T> {
    pub fn push(&mut self, value: &T) {
        self.push_line(&serde_json::to_string(value).expect("a value of ours serialises"));
    }

    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.blocks().flat_map(|lines| lines.lines().map(read).collect::<Vec<T>>())
    }

    /// As many at a time.
    pub fn chunks(&self, size: usize) -> impl Iterator<Item = Vec<T>> {
        let mut rest = self.iter();
        std::iter::from_fn(move || Some(rest.by_ref().take(size).collect::<Vec<T>>()).filter(|chunk| !chunk.is_empty()))
    }

    /// The same values otherwise.
    pub fn map(&mut self, change: impl FnMut(T) -> T) {
        *self = self.iter().map(change).collect();
    }

    /// Too many for people to read stay in the order in which they came.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        if self.len > SORTED {
            return;
        }
        let keyed = |lines: Cow<'_, str>| lines.lines().map(|line| (key(&read(line)), line.to_owned())).collect::<Vec<_>>();
        let mut lines: Vec<(K, String)> = self.blocks().flat_map(keyed).collect();
        lines.sort_by(|(one, _), (other, _)| one.cmp(other));
        *self = Self::default();
        lines.iter().for_each(|(_, line)| self.push_line(line));
    }
}

fn read<T: DeserializeOwned>(line: &str) -> T {
    serde_json::from_str(line).expect("a value of ours is read back")
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self { len: 0, blocks: Vec::new(), open: String::new(), of: PhantomData }
    }
}

impl<T> Clone for Packed<T> {
    fn clone(&self) -> Self {
        Self { len: self.len, blocks: self.blocks.clone(), open: self.open.clone(), of: PhantomData }
    }
}

impl<T: Serialize + DeserializeOwned> FromIterator<T> for Packed<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut packed = Self::default();
        values.into_iter().for_each(|value| packed.push(&value));
        packed
    }
}

impl<T: Serialize + DeserializeOwned> From<Vec<T>> for Packed<T> {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

impl<T: Serialize + DeserializeOwned + fmt::Debug> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Serialize + DeserializeOwned> Visitor<'de> for List<T> {
            type Value = Packed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut packed = Packed::default();
                while let Some(value) = list.next_element()? {
                    packed.push(&value);
                }
                Ok(packed)
            }
        }

        from.deserialize_seq(List(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::Row;

    fn rows(count: usize) -> Vec<Row> {
        let row = |at: usize| vec![Some(format!("{}", count - at)), None, Some(format!("line\n{}", "x".repeat(at % 90)))];
        (0..count).map(row).collect()
    }

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        for count in [0, 1, 10_000] {
            let packed = Packed::from(rows(count));
            assert_eq!((packed.len(), packed.is_empty()), (count, count == 0));
            assert_eq!(packed.iter().collect::<Vec<_>>(), rows(count));
            assert_eq!(packed.chunks(300).map(|chunk| chunk.len()).sum::<usize>(), count);
            let written = serde_json::to_string(&packed).unwrap();
            assert_eq!(written, serde_json::to_string(&rows(count)).unwrap());
            assert_eq!(serde_json::from_str::<Packed<Row>>(&written).unwrap(), packed);
        }
        assert!(Packed::from(rows(10_000)).blocks.len() > 3);
    }

    #[test]
    fn it_is_sorted_and_changed_block_by_block() {
        let mut packed = Packed::from(rows(5_000));
        packed.sort_by_key(|row| row[0].clone());
        let mut sorted = rows(5_000);
        sorted.sort_by_key(|row| row[0].clone());
        assert_eq!(packed.iter().collect::<Vec<_>>(), sorted);
        packed.map(|row| row.into_iter().take(1).collect());
        assert!(packed.iter().all(|row| row.len() == 1));
        assert_eq!(packed.len(), 5_000);
    }
}
