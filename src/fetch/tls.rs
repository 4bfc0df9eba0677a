//! TLS configuration: rustls with ring, Mozilla's certificate authorities compiled in, plus the operator's own if a
//! file is configured.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::BadSettings;

/// Builds the TLS configuration of the client.
///
/// # Errors
/// If `ca_file` cannot be read or holds no certificate.
pub(super) fn build_config(ca_file: Option<&Path>) -> Result<ClientConfig, BadSettings> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BadSettings::Client(error.to_string()))?
        .with_root_certificates(load_authorities(ca_file)?)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn load_authorities(ca_file: Option<&Path>) -> Result<RootCertStore, BadSettings> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    if let Some(path) = ca_file {
        let bad = |why: String| BadSettings::CaFile(path.to_owned(), why);
        let file = CertificateDer::pem_file_iter(path).map_err(|error| bad(error.to_string()))?;
        let before = roots.len();
        for certificate in file {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
        if roots.len() == before {
            return Err(bad("it holds no certificate".to_owned()));
        }
    }
    Ok(roots)
}
