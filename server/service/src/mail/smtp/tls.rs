//! TLS to a relay: rustls on ring, the machine's own root certificates, the host name always checked.

use super::{Stream, broken};
use crate::mail::failure::Cause;
use std::sync::Arc;
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

/// Whom to trust.
pub type Config = Arc<ClientConfig>;

/// Trusts the roots of this machine (its store, or what `SSL_CERT_FILE` names).
///
/// # Errors
/// A sentence, when there are none.
pub fn machine_roots() -> Result<Config, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(
            "This machine has no root certificates, so the relay's cannot be checked. Install ca-certificates.".to_owned()
        );
    }
    trusting(roots)
}

/// Trusts these roots.
///
/// # Errors
/// A sentence, when the cryptography cannot be set up.
pub fn trusting(roots: RootCertStore) -> Result<Config, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}."))?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

pub(super) async fn handshake(stream: Box<dyn Stream>, config: &Config, host: &str) -> Result<Box<dyn Stream>, Cause> {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|_| Cause::Certificate(format!("{host} is not a name")))?;
    match TlsConnector::from(Arc::clone(config)).connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(why)) => Cause::Certificate(why.to_string()),
            _ => broken(error),
        }),
    }
}
