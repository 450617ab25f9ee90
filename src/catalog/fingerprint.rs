//! SHA-256 over canonical JSON: equal values have equal fingerprints.

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;

/// 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// Of any value whose serialisation is deterministic (ordered maps, no floats).
    pub fn of<T: Serialize>(value: &T) -> Self {
        let mut sink = Hasher(Sha256::new());
        serde_json::to_writer(&mut sink, value).expect("a value of ours serialises");
        Self(hex::encode(sink.0.finalize()))
    }

    /// Of bytes as they are.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// The same as that of a list of the values, of which only one is there at a time.
    pub fn of_each<T: Serialize>(values: impl Iterator<Item = T>) -> Self {
        let mut sink = Hasher(Sha256::new());
        let mut json = serde_json::Serializer::new(&mut sink);
        json.collect_seq(values).expect("values of ours serialise");
        Self(hex::encode(sink.0.finalize()))
    }

    /// The first twelve digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Hasher(Sha256);

impl std::io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn values_one_by_one_have_the_fingerprint_of_their_list() {
        let values = [("a", Some(1)), ("b", None)];
        assert_eq!(Fingerprint::of_each(values.iter()), Fingerprint::of(&values.to_vec()));
        assert_eq!(Fingerprint::of_each(std::iter::empty::<u8>()), Fingerprint::of(&Vec::<u8>::new()));
    }
}
