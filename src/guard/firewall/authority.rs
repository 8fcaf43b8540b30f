//! The key that opened WebSockets are shown with: made for this run, kept in memory, trusted by this run's browser alone.

use std::sync::Arc;

use base64::Engine as _;
use hudsucker::certificate_authority::{CertificateAuthority as _, RcgenAuthority};
use hudsucker::hyper::http::uri::Authority;
use hudsucker::rustls::ServerConfig;
use hudsucker::rustls::crypto::aws_lc_rs;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PublicKeyData as _};
use sha2::{Digest as _, Sha256};

/// Certificates kept; a page opens sockets to a few hosts.
const CERTIFICATES: u64 = 256;

/// Issues a certificate for each host whose sockets are opened.
pub(super) struct RunAuthority {
    issuer: RcgenAuthority,
    fingerprint: String,
}

impl RunAuthority {
    /// Makes a key.
    ///
    /// # Errors
    /// Where this machine makes no keys.
    pub fn make() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let fingerprint = base64::engine::general_purpose::STANDARD
            .encode(Sha256::digest(key.subject_public_key_info()));
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // The certificates of hosts have this same key, so that the browser knows them by its fingerprint.
        let issuer = Issuer::new(params, key);
        Ok(Self {
            issuer: RcgenAuthority::new(issuer, CERTIFICATES, aws_lc_rs::default_provider()),
            fingerprint,
        })
    }

    /// Base64 of the SHA-256 of the public key, as `--ignore-certificate-errors-spki-list` takes it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What a server of this host would have; `None` where the host cannot be in a certificate.
    pub async fn server(&self, host: &str) -> Option<Arc<ServerConfig>> {
        // The issuer panics where a certificate cannot hold the name.
        if !host.is_ascii() {
            return None;
        }
        let host = Authority::try_from(host).ok()?;
        Some(self.issuer.gen_server_config(&host).await)
    }
}
