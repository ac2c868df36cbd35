//! TLS at the listener: certificates from files, or ordered and renewed by ACME (RFC 8555, challenge tls-alpn-01), so that a
//! library needs no second program in front. What must never be here: what is said inside.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::StreamExt as _;
use gp_kernel::{Error, Result};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use rustls_acme::{AcmeConfig, caches::DirCache};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// What a client says when it only looks whether the name is ours (RFC 8737).
const CHALLENGE: &[u8] = b"acme-tls/1";

/// Whose certificates are ordered, and where.
#[derive(Debug, Clone, Default)]
pub struct Acme {
    /// Names of this site, `library.example`.
    pub domains: Vec<String>,
    /// An e-mail address for the authority's warnings.
    pub contact: String,
    /// The authority's directory; empty: Let's Encrypt.
    pub directory: String,
    /// Certificates (PEM) by which the authority itself is known; nothing: those that browsers know.
    pub roots: Option<PathBuf>,
    /// Where account and certificates are kept.
    pub folder: PathBuf,
}

/// How connections are encrypted. Cheap to clone.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// With a certificate (chain) and its key, both PEM.
    ///
    /// # Errors
    /// When a file cannot be read, is no PEM, or the two do not belong together.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self> {
        let wrong = |path: &Path, error: &dyn std::fmt::Display| Error::invalid(format!("{}: {error}", path.display()));
        let chain: Vec<CertificateDer<'_>> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .map_err(|e| wrong(certificate, &e))?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|e| wrong(key, &e))?;
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::internal(format!("TLS: {e}")))?
            .with_no_client_auth()
            .with_single_cert(chain, private)
            .map_err(|e| wrong(certificate, &e).hint("certificate and key must belong together"))?;
        Ok(Self::new(config))
    }

    /// With certificates that are ordered now and renewed in time, for as long as the process lives.
    ///
    /// # Errors
    /// When no name is given or the authority's own certificates cannot be read.
    pub fn from_acme(acme: Acme) -> Result<Self> {
        if acme.domains.is_empty() {
            return Err(Error::invalid("certificates are to be ordered, but for no name"));
        }
        let mut order = AcmeConfig::new_with_provider(&acme.domains, provider()).cache(DirCache::new(acme.folder));
        if let Some(roots) = &acme.roots {
            order = order.client_tls_config(Arc::new(trusting(roots)?));
        }
        if !acme.contact.is_empty() {
            order = order.contact_push(format!("mailto:{}", acme.contact));
        }
        order = match acme.directory.as_str() {
            "" => order.directory_lets_encrypt(true),
            directory => order.directory(directory),
        };
        let mut state = order.state();
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::internal(format!("TLS: {e}")))?
            .with_no_client_auth()
            .with_cert_resolver(state.resolver());
        tokio::spawn(async move {
            while let Some(event) = state.next().await {
                match event {
                    Ok(event) => tracing::info!(?event, "certificates"),
                    Err(error) => tracing::error!(%error, "certificates: the order failed and will be tried again"),
                }
            }
        });
        let mut config = config;
        config.alpn_protocols.push(CHALLENGE.to_vec());
        Ok(Self::new(config))
    }

    fn new(mut config: ServerConfig) -> Self {
        config.alpn_protocols.extend([b"h2".to_vec(), b"http/1.1".to_vec()]);
        Self(TlsAcceptor::from(Arc::new(config)))
    }

    /// The greeting. `None`: it was only a look at whose name this is.
    pub(crate) async fn accept(&self, stream: TcpStream) -> std::io::Result<Option<TlsStream<TcpStream>>> {
        let stream = self.0.accept(stream).await?;
        let challenge = stream.get_ref().1.alpn_protocol() == Some(CHALLENGE);
        Ok((!challenge).then_some(stream))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn trusting(roots: &Path) -> Result<ClientConfig> {
    let wrong = |error: &dyn std::fmt::Display| Error::invalid(format!("{}: {error}", roots.display()));
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(roots).map_err(|e| wrong(&e))? {
        let certificate = certificate.map_err(|e| wrong(&e))?;
        store.add(certificate).map_err(|e| wrong(&e))?;
    }
    Ok(ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::internal(format!("TLS: {e}")))?
        .with_root_certificates(store)
        .with_no_client_auth())
}
