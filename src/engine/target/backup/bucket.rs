//! A bucket of an S3-compatible store. What the store answers is not believed either: each upload is read back and hashed.

use super::super::super::Result;
use super::super::{Cancel, Tell, Told};
use super::folder::{self, beside};
use super::proof::damaged;
use super::{Manifest, stopped};
use crate::problem::{Problem, ProblemKind};
use futures::StreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{ClientOptions, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use url::Url;

/// Stores take at most 10,000 parts, and none but the last may be smaller than 5 MiB.
const MOST_PARTS: u64 = 9_000;
const LEAST_PART: u64 = 8 * 1024 * 1024;

/// A store that says nothing for so long is not there; a part must have gone up by then.
const SILENCE: Duration = Duration::from_secs(300);

/// A few seconds in all: a store that stays away fails the backup while nothing is changed yet.
const RETRIES: usize = 5;

/// How to get into a bucket.
#[derive(Clone)]
pub struct Access {
    /// `s3://bucket/prefix`.
    pub url: String,
    /// Where the store answers; that of Amazon when none.
    pub endpoint: Option<String>,
    pub region: String,
    pub key_id: String,
    pub secret: String,
}

/// Without the keys.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Access({})", self.url)
    }
}

#[derive(Clone)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    prefix: Key,
    key_id: String,
    shown: String,
}

impl Bucket {
    /// Nothing is asked of the store yet.
    pub fn new(access: &Access) -> Result<Self> {
        let unusable = |cause: &str| {
            Problem::new(ProblemKind::Invalid, "The bucket for backups cannot be used.")
                .because(cause)
                .way_out("Write it as s3://bucket/prefix, and its endpoint as https://host.")
        };
        let url = Url::parse(&access.url).map_err(|error| unusable(&format!("Its address is not a URL: {error}.")))?;
        let name = url.host_str().filter(|_| url.scheme() == "s3").ok_or_else(|| unusable("Its address names no bucket."))?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(unusable("Its address holds more than bucket and prefix."));
        }
        let prefix = Key::from_url_path(url.path()).map_err(|_| unusable("Its prefix cannot be used."))?;
        if access.endpoint.as_deref().is_some_and(|endpoint| !is_safe(endpoint)) {
            return Err(unusable("Its endpoint is not encrypted, and a backup holds everything."));
        }
        // Another part of the program may have chosen it already, and it is the same one.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new().with_allow_http(true).with_timeout_disabled().with_read_timeout(SILENCE);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(&access.region)
            .with_access_key_id(&access.key_id)
            .with_secret_access_key(&access.secret)
            .with_client_options(client)
            .with_retry(RetryConfig { max_retries: RETRIES, ..RetryConfig::default() });
        if let Some(endpoint) = &access.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build().map_err(|error| unusable(&format!("{error}.")))?;
        Ok(Self {
            store: Arc::new(store),
            prefix,
            key_id: access.key_id.clone(),
            shown: access.url.trim_end_matches('/').to_owned(),
        })
    }

    fn key(&self, name: &str) -> Key {
        self.prefix.clone().join(name)
    }

    fn failed(&self, what: &str, error: &object_store::Error) -> Problem {
        let kind = match error {
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => ProblemKind::Forbidden,
            object_store::Error::NotFound { .. } => ProblemKind::NotFound,
            _ => ProblemKind::Unreachable,
        };
        // Stores repeat the name of the key that they refuse.
        let cause = error.to_string().replace(&self.key_id, "the key");
        Problem::new(kind, format!("{what} {self}.")).because(format!("{cause}.")).way_out(
            "Check that the store answers, that the bucket is there, and that the key may read, write, list and delete in it.",
        )
    }

    /// Uploads a proven file, proves the copy, and only then writes what describes it.
    pub async fn keep(&self, file: &Path, manifest: &Manifest, tell: Tell<'_>, cancel: &Cancel) -> Result<()> {
        self.upload(file, manifest, tell, cancel).await?;
        let proven = tokio::select! {
            biased;
            () = cancel.wait() => Err(stopped()),
            proven = self.prove(manifest, tell) => proven,
        };
        let described = match proven {
            Ok(()) => self.describe(&beside(&manifest.file), manifest).await,
            Err(problem) => Err(problem),
        };
        if described.is_err() {
            // What is left all the same is found and removed at the console's next start.
            let _unproven = self.store.delete(&self.key(&manifest.file)).await;
        }
        described
    }

    async fn upload(&self, file: &Path, manifest: &Manifest, tell: Tell<'_>, cancel: &Cancel) -> Result<()> {
        let key = self.key(&manifest.file);
        let unsent = |error| self.failed("The backup could not be uploaded to", &error);
        let mut upload = self.store.put_multipart(&key).await.map_err(unsent)?;
        let sent = tokio::select! {
            biased;
            () = cancel.wait() => Err(stopped()),
            sent = self.parts(upload.as_mut(), file, manifest.bytes, tell) => sent,
        };
        if let Err(problem) = sent {
            let _parts_without_an_end = upload.abort().await;
            return Err(problem);
        }
        upload.complete().await.map(|_| ()).map_err(unsent)
    }

    async fn parts(&self, upload: &mut dyn MultipartUpload, file: &Path, bytes: u64, tell: Tell<'_>) -> Result<()> {
        let unread = |error: std::io::Error| {
            Problem::new(ProblemKind::Internal, "The backup could not be read for its upload.").because(format!("{error}."))
        };
        let size = usize::try_from((bytes / MOST_PARTS).max(LEAST_PART)).unwrap_or(usize::MAX);
        let mut source = tokio::fs::File::open(file).await.map_err(unread)?;
        let mut done = 0;
        while done < bytes {
            let mut part = Vec::with_capacity(size);
            (&mut source).take(size as u64).read_to_end(&mut part).await.map_err(unread)?;
            if part.is_empty() {
                return Err(unread(std::io::ErrorKind::UnexpectedEof.into()));
            }
            done += part.len() as u64;
            let sent = upload.put_part(PutPayload::from(part)).await;
            sent.map_err(|error| self.failed("The backup could not be uploaded to", &error))?;
            tell(Told::Progress { done, total: bytes, unit: "bytes", what: "Uploaded".to_owned() });
        }
        Ok(())
    }

    /// Writes a backup to a file, and holds it against its manifest.
    pub async fn fetch(&self, manifest: &Manifest, file: &Path) -> Result<()> {
        let mut out = folder::create(file).await.map_err(|error| self.unwritten(&error))?;
        self.read(manifest, &mut out).await
    }

    fn unwritten(&self, error: &std::io::Error) -> Problem {
        Problem::new(ProblemKind::Internal, format!("The backup could not be fetched from {self}."))
            .because(format!("{error}."))
            .way_out("Free space in the backup directory.")
    }

    /// Holds what the store gives back against what was sent.
    async fn prove(&self, manifest: &Manifest, tell: Tell<'_>) -> Result<()> {
        tell(Told::Note(format!("Reading the backup back from {self}")));
        self.read(manifest, &mut tokio::io::sink()).await
    }

    async fn read(&self, manifest: &Manifest, out: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
        let unread = |error| self.failed("The backup could not be read back from", &error);
        let got = self.store.get(&self.key(&manifest.file)).await.map_err(unread)?;
        let (mut stream, mut bytes, mut hash) = (got.into_stream(), 0_u64, Sha256::new());
        while let Some(part) = stream.next().await {
            let part = part.map_err(unread)?;
            bytes += part.len() as u64;
            hash.update(&part);
            out.write_all(&part).await.map_err(|error| self.unwritten(&error))?;
        }
        out.flush().await.map_err(|error| self.unwritten(&error))?;
        let sha256 = hex::encode(hash.finalize());
        if bytes == manifest.bytes && sha256 == manifest.sha256 {
            return Ok(());
        }
        Err(Problem::new(ProblemKind::Conflict, format!("{self} does not give back the backup that it was given."))
            .because(format!(
                "It was given {} bytes with the SHA-256 {}, and gives {bytes} with {sha256}.",
                manifest.bytes, manifest.sha256
            ))
            .way_out("Do not trust this store with backups before somebody knows why."))
    }

    /// Writes the manifest under a name, and looks whether it is there.
    pub async fn describe(&self, name: &str, manifest: &Manifest) -> Result<()> {
        let json = serde_json::to_vec_pretty(manifest).map_err(|error| {
            Problem::new(ProblemKind::Internal, "The manifest could not be written.").because(format!("{error}."))
        })?;
        let key = self.key(name);
        let unwritten = |error| self.failed("The manifest could not be written to", &error);
        self.store.put(&key, PutPayload::from(json.clone())).await.map_err(unwritten)?;
        let there = self.store.get(&key).await.map_err(unwritten)?.bytes().await.map_err(unwritten)?;
        if there == json {
            return Ok(());
        }
        Err(Problem::new(ProblemKind::Conflict, format!("{self} does not give back the manifest that it was given."))
            .way_out("Do not trust this store with backups before somebody knows why."))
    }

    /// What describes a backup.
    pub async fn manifest(&self, file: &str) -> Result<Manifest> {
        let unread = |error| self.failed("The manifest could not be read from", &error);
        let json = self.store.get(&self.key(&beside(file))).await.map_err(unread)?.bytes().await.map_err(unread)?;
        serde_json::from_slice(&json).map_err(|error| damaged(file, format!("Its manifest cannot be understood: {error}.")))
    }

    /// Removes a backup, and then what describes it. What is gone already is no failure.
    pub async fn remove(&self, file: &str) -> Result<()> {
        for name in [file.to_owned(), beside(file)] {
            match self.store.delete(&self.key(&name)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(self.failed("A backup could not be removed from", &error)),
            }
        }
        Ok(())
    }

    /// Of everything that lies directly under the prefix.
    pub async fn names(&self) -> Result<Vec<String>> {
        let listed = self.store.list_with_delimiter(Some(&self.prefix)).await;
        let objects = listed.map_err(|error| self.failed("The backups could not be listed in", &error))?.objects;
        Ok(objects.iter().filter_map(|object| object.location.filename().map(str::to_owned)).collect())
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({self})")
    }
}

/// Encrypted, or on this machine.
fn is_safe(endpoint: &str) -> bool {
    let Ok(url) = Url::parse(endpoint) else { return false };
    url.scheme() == "https" || (url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")))
}
