//! TLS for whatever is reached by HTTP: rustls on ring, trusting what the operating system trusts.
//!
//! The provider is chosen here and handed over explicitly, so no process-wide default is needed and
//! none is changed. It must not know requests or keys.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

/// Whether the server is reached by TLS.
pub(crate) enum Transport {
    /// `https://`: certificates are verified by the operating system's roots.
    Tls,
    /// `http://`: no root is trusted, so no TLS connection can be made by mistake.
    Plain,
}

/// The TLS configuration for a transport.
pub(crate) fn client_config(transport: &Transport) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(match transport {
        Transport::Tls => builder.with_platform_verifier()?.with_no_client_auth(),
        Transport::Plain => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    })
}
