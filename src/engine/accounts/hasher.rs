//! argon2id with OWASP's parameters, off the threads that answer requests and never many at once: each costs 19 MiB.

use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes that are computed at the same time.
const AT_ONCE: usize = 4;

pub struct Hasher {
    permits: Arc<Semaphore>,
    /// Of a password that nobody has: verified for unknown people, so that they take as long as known ones.
    dummy: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and hashed with less than today's parameters.
    RightButWeak,
}

impl Hasher {
    pub async fn new() -> Result<Self> {
        let hasher = Self { permits: Arc::new(Semaphore::new(AT_ONCE)), dummy: String::new() };
        let dummy = hasher.hash(&hex::encode(rand::random::<[u8; 16]>())).await?;
        Ok(Self { dummy, ..hasher })
    }

    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.off_thread(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(failed))
            .await?
    }

    /// `known` is the stored hash; none verifies against the dummy and is always wrong.
    pub async fn verify(&self, password: &str, known: Option<&str>) -> Result<Verdict> {
        let password = password.to_owned();
        let stored = known.unwrap_or(&self.dummy).to_owned();
        let verdict = self.off_thread(move || verdict(&password, &stored)).await??;
        Ok(if known.is_some() { verdict } else { Verdict::Wrong })
    }

    async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _permit = self.permits.clone().acquire_owned().await.map_err(failed)?;
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}

fn verdict(password: &str, stored: &str) -> Result<Verdict> {
    let hash = PasswordHash::new(stored).map_err(failed)?;
    if Argon2::default().verify_password(password.as_bytes(), &hash).is_err() {
        return Ok(Verdict::Wrong);
    }
    let params = Params::try_from(&hash).map_err(failed)?;
    let weak = params.m_cost() < Params::DEFAULT_M_COST || params.t_cost() < Params::DEFAULT_T_COST;
    Ok(if weak { Verdict::RightButWeak } else { Verdict::Right })
}

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::new(ProblemKind::Internal, "The password could not be processed.").because(format!("{error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_has_at_least_the_parameters_of_owasp() {
        let hash = Hasher::new().await.unwrap().hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn long_passwords_that_differ_at_the_end_are_different() {
        let hasher = Hasher::new().await.unwrap();
        let long = "ä ".repeat(64);
        let hash = hasher.hash(&long).await.unwrap();
        assert_eq!(hasher.verify(&long, Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(hasher.verify(long.trim_end(), Some(&hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify(&long, None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_with_lower_parameters_is_right_but_weak() {
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let weak = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let hash = weak.hash_password(b"correct horse battery").unwrap().to_string();
        let hasher = Hasher::new().await.unwrap();
        assert_eq!(hasher.verify("correct horse battery", Some(&hash)).await.unwrap(), Verdict::RightButWeak);
    }
}
