//! Blobs: bytes by their SHA-256, on disk or in an S3-compatible store. Names that readers know live in the database (`files`).
//!
//! A blob is written before the transaction that names it, whole or not at all; one that nobody names does no harm.

use std::{collections::HashMap, path::Path, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use gp_kernel::{Error, ErrorKind, Result};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart, aws::AmazonS3Builder,
    local::LocalFileSystem, memory::InMemory, path::Path as Key,
};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;

/// A SHA-256 in hexadecimal: the name of a blob.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    /// Reads a stored digest; `None` when it is not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    fn key(&self) -> Key {
        Key::from(format!("blobs/{}/{}", &self.0[..2], self.0))
    }
}

async fn digest_of(file: &Path, buffer: &mut [u8]) -> std::io::Result<(Digest, u64)> {
    let mut input = tokio::fs::File::open(file).await?;
    let (mut hasher, mut size) = (Sha256::new(), 0);
    loop {
        let read = input.read(buffer).await?;
        if read == 0 {
            return Ok((Digest(hex(&hasher.finalize())), size));
        }
        hasher.update(&buffer[..read]);
        size += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Where blobs live. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BlobStore {
    store: Arc<dyn ObjectStore>,
}

impl BlobStore {
    /// Opens `s3://BUCKET[/PREFIX]?endpoint=…&region=…` (keys from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`),
    /// or the data folder when `url` is empty.
    ///
    /// # Errors
    /// When the address is not understood or the folder cannot be made.
    pub fn open(url: &str, data: &Path) -> Result<Self> {
        let store: Arc<dyn ObjectStore> = if url.is_empty() {
            let root = data.join("files");
            std::fs::create_dir_all(&root).map_err(|e| Error::from(e).at(root.display()))?;
            Arc::new(LocalFileSystem::new_with_prefix(&root).map_err(fault)?.with_fsync(true))
        } else {
            open_s3(url)?
        };
        Ok(Self { store })
    }

    /// Blobs that live as long as this value: for tests.
    pub fn in_memory() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
        }
    }

    /// Keeps these bytes; done already when the same bytes are there.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer or is full.
    pub async fn put(&self, bytes: Bytes) -> Result<Digest> {
        let digest = Digest::of(&bytes);
        if !self.has(&digest).await? {
            self.store
                .put(&digest.key(), PutPayload::from_bytes(bytes))
                .await
                .map_err(fault)?;
        }
        Ok(digest)
    }

    /// Keeps the bytes of a file, whatever its size, and says how many there are; done already when they are there.
    ///
    /// # Errors
    /// When the file cannot be read or changes meanwhile; `Unavailable` when the store does not answer or is full.
    pub async fn put_file(&self, file: &Path) -> Result<(Digest, u64)> {
        let told = |e: std::io::Error| Error::from(e).at(file.display());
        let mut buffer = vec![0; 1 << 20];
        let (digest, size) = digest_of(file, &mut buffer).await.map_err(told)?;
        if self.has(&digest).await? {
            return Ok((digest, size));
        }
        if size <= 8 << 20 {
            let bytes = tokio::fs::read(file).await.map_err(told)?;
            return Ok((self.put(Bytes::from(bytes)).await?, size));
        }
        let upload = self.store.put_multipart(&digest.key()).await.map_err(fault)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, 8 << 20);
        let mut input = tokio::fs::File::open(file).await.map_err(told)?;
        let mut hasher = Sha256::new();
        loop {
            let read = input.read(&mut buffer).await.map_err(told)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            upload.wait_for_capacity(2).await.map_err(fault)?;
            upload.write(&buffer[..read]);
        }
        if hex(&hasher.finalize()) != digest.0 {
            upload.abort().await.map_err(fault)?;
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("{}: the file changed while it was read", file.display()),
            ));
        }
        upload.finish().await.map_err(fault)?;
        Ok((digest, size))
    }

    /// Whether the blob is there.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn has(&self, digest: &Digest) -> Result<bool> {
        match self.store.head(&digest.key()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(fault(error)),
        }
    }

    /// All of a blob.
    ///
    /// # Errors
    /// `NotFound`, or `Unavailable` when the store does not answer.
    pub async fn get(&self, digest: &Digest) -> Result<Bytes> {
        self.store
            .get(&digest.key())
            .await
            .map_err(fault)?
            .bytes()
            .await
            .map_err(fault)
    }

    /// The bytes of a blob from `start` up to, not including, `end`, as they come.
    ///
    /// # Errors
    /// See [`BlobStore::get`].
    pub async fn stream(
        &self,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
        let options = GetOptions {
            range: (start < end).then_some(GetRange::Bounded(start..end)),
            ..GetOptions::default()
        };
        let got = self.store.get_opts(&digest.key(), options).await.map_err(fault)?;
        Ok(got.into_stream().map_err(fault))
    }

    /// All digests with their sizes: for `check` and `backup`.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn list(&self) -> Result<HashMap<String, u64>> {
        let mut found = HashMap::new();
        let mut entries = self.store.list(Some(&Key::from("blobs")));
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(fault)?;
            if let Some(name) = entry.location.filename() {
                found.insert(name.to_owned(), entry.size);
            }
        }
        Ok(found)
    }
}

fn open_s3(url: &str) -> Result<Arc<dyn ObjectStore>> {
    let wrong = |why: String| {
        Error::invalid(format!("blob store address {url:?}: {why}"))
            .hint("use s3://BUCKET[/PREFIX]?endpoint=https://HOST&region=REGION, or leave it empty for files on disk")
    };
    let parsed = url::Url::parse(url).map_err(|e| wrong(e.to_string()))?;
    if parsed.scheme() != "s3" {
        return Err(wrong("it does not begin with s3://".to_owned()));
    }
    let bucket = parsed
        .host_str()
        .ok_or_else(|| wrong("the bucket is missing".to_owned()))?;
    // With several providers compiled in, the client needs to be told which one; a second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    for (name, value) in parsed.query_pairs() {
        builder = match name.as_ref() {
            "endpoint" => builder
                .with_allow_http(value.starts_with("http://"))
                .with_endpoint(value),
            "region" => builder.with_region(value),
            other => return Err(wrong(format!("the option {other} is unknown"))),
        };
    }
    let store = builder.build().map_err(|e| wrong(e.to_string()))?;
    let prefix = parsed.path().trim_matches('/');
    Ok(if prefix.is_empty() {
        Arc::new(store)
    } else {
        Arc::new(object_store::prefix::PrefixStore::new(store, prefix))
    })
}

fn fault(error: object_store::Error) -> Error {
    let kind = match &error {
        object_store::Error::NotFound { .. } => ErrorKind::NotFound,
        _ => ErrorKind::Unavailable,
    };
    Error::new(kind, format!("files: {error}"))
}
