//! Turns errors of the HTTP client into [`Trouble`] with our own phrases, so that pages can show them in the reader's
//! language. The client's own message, which carries the system's error numbers, goes to the log.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::guard::not_public;
use super::lookup::LookupError;
use crate::model::{Fact, Trouble};

/// Length limit of a foreign error message, in characters.
const MAX_WORDS: usize = 200;

/// Messages of glibc and musl for a name server that does not respond. The standard library does not pass on the error
/// code behind them.
const NO_NAME_SERVER: [&str; 2] = ["Temporary failure", "Try again"];

/// The system's error numbers for too many open files: in this process, on this machine.
const TOO_MANY_FILES: [i32; 2] = [rustix::io::Errno::MFILE.raw_os_error(), rustix::io::Errno::NFILE.raw_os_error()];

/// The trouble for an error before the body began.
pub(super) fn trouble_before_body(error: &reqwest::Error) -> Trouble {
    log_cause(error);
    // The client reports a failed look-up as a failure to connect, so test for it first.
    match causes(error).find_map(|cause| cause.downcast_ref::<LookupError>()) {
        Some(LookupError::TooSlow(_)) => return Trouble::Timeout("looking up the host"),
        Some(LookupError::Forbidden(host, address)) => {
            let why = Fact::new("{host} leads to {why}").with(host.as_str()).with(not_public(*address));
            return Trouble::Forbidden(why);
        }
        Some(LookupError::Failed(_, error)) => return Trouble::Unreachable(without_address(error)),
        None => {}
    }
    match (error.is_timeout(), error.is_connect()) {
        (true, true) => Trouble::Timeout("connecting"),
        (true, false) => Trouble::Timeout("waiting for the first byte"),
        (false, _) => Trouble::Unreachable(phrase_of_innermost(error)),
    }
}

/// The trouble for an error while the body was read.
pub(super) fn trouble_within_body(error: &reqwest::Error) -> Trouble {
    log_cause(error);
    if error.is_timeout() {
        Trouble::Timeout("waiting for more of the body")
    } else {
        Trouble::Broken(phrase_of_innermost(error))
    }
}

/// Logs the innermost cause. The outer ones add nothing, and they name the address, which may be a secret; of a look-up only
/// the system's own words are logged for the same reason.
fn log_cause(error: &reqwest::Error) {
    let Some(cause) = causes(error).last() else { return };
    let cause = match cause.downcast_ref::<LookupError>() {
        None => cause.to_string(),
        Some(LookupError::Failed(_, error)) => error.to_string(),
        Some(LookupError::Forbidden(..) | LookupError::TooSlow(_)) => return,
    };
    let words: String = cause.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_WORDS).collect();
    tracing::debug!(error = words, "a request failed");
}

/// The reason why a name has no address.
fn without_address(error: &io::Error) -> Fact {
    let words = error.to_string();
    if NO_NAME_SERVER.iter().any(|silence| words.contains(silence)) {
        return Fact::new("the name server does not answer");
    }
    if is_too_many_files(error) { too_many_files() } else { Fact::new("its name has no address") }
}

/// Phrase for an error: that of the innermost cause that has one.
fn phrase_of_innermost(error: &(dyn Error + 'static)) -> Fact {
    let known: Vec<Fact> = causes(error).filter_map(phrase_of).collect();
    known.into_iter().last().unwrap_or_else(|| {
        let is_decode = error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_decode);
        if is_decode { Fact::new("it cannot be unpacked") } else { Fact::new("the connection failed") }
    })
}

/// Phrase for a single cause. `None` if we have no phrase for it.
fn phrase_of(cause: &(dyn Error + 'static)) -> Option<Fact> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls_phrase(error));
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return http_phrase(error);
    }
    let error = cause.downcast_ref::<io::Error>()?;
    // `Error::source` of an I/O error skips the error that it wraps, so look at the wrapped one here.
    let inner = error.get_ref().and_then(|inner| phrase_of(inner));
    inner.or_else(|| system_phrase(error))
}

fn http_phrase(error: &hyper::Error) -> Option<Fact> {
    Some(Fact::new(match () {
        () if error.is_parse_too_large() => "the head of the answer is too large",
        () if error.is_parse() => "the answer is not HTTP",
        () if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => CLOSED_EARLY,
        () => return None,
    }))
}

/// Phrase for a server that closes the connection before the response is complete.
const CLOSED_EARLY: &str = "connection closed too early";

fn tls_phrase(error: &rustls::Error) -> Fact {
    use rustls::CertificateError as Bad;
    let rustls::Error::InvalidCertificate(bad) = error else { return Fact::new("no secure connection (TLS)") };
    Fact::new(match bad {
        Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired (TLS)",
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet (TLS)",
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => "its certificate is for another name (TLS)",
        Bad::UnknownIssuer => "its certificate is from an unknown authority (TLS)",
        Bad::Revoked => "its certificate was revoked (TLS)",
        _ => "its certificate is wrong (TLS)",
    })
}

fn system_phrase(error: &io::Error) -> Option<Fact> {
    use ErrorKind::{
        AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable,
        NetworkDown, NetworkUnreachable, PermissionDenied, TimedOut, UnexpectedEof,
    };
    Some(Fact::new(match error.kind() {
        ConnectionRefused => "connection refused",
        ConnectionReset | ConnectionAborted | BrokenPipe => "connection reset",
        UnexpectedEof => CLOSED_EARLY,
        TimedOut => "connection timed out",
        HostUnreachable => "no way to its host",
        NetworkUnreachable | NetworkDown | AddrNotAvailable => "no way to its network",
        PermissionDenied => "this machine does not allow the connection",
        _ if is_too_many_files(error) => return Some(too_many_files()),
        _ => return None,
    }))
}

fn is_too_many_files(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|number| TOO_MANY_FILES.contains(&number))
}

fn too_many_files() -> Fact {
    Fact::new("too many files are open on this machine")
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rustls::CertificateError;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use url::Url;

    use super::super::{Settings, Want, Web};
    use super::*;
    use crate::model::{Reply, Validators};

    /// Wraps an error, as the client does.
    #[derive(Debug, thiserror::Error)]
    #[error("client error (Connect)")]
    struct Wrapped(#[source] io::Error);

    fn phrase_for(cause: io::Error) -> String {
        phrase_of_innermost(&Wrapped(io::Error::new(cause.kind(), Wrapped(cause)))).to_string()
    }

    #[test]
    fn system_errors_become_phrases_without_error_numbers() {
        use rustix::io::Errno;
        for (number, words) in [
            (Errno::CONNREFUSED, "connection refused"),
            (Errno::CONNRESET, "connection reset"),
            (Errno::CONNABORTED, "connection reset"),
            (Errno::PIPE, "connection reset"),
            (Errno::TIMEDOUT, "connection timed out"),
            (Errno::HOSTUNREACH, "no way to its host"),
            (Errno::NETUNREACH, "no way to its network"),
            (Errno::ACCESS, "this machine does not allow the connection"),
            (Errno::MFILE, "too many files are open on this machine"),
            (Errno::NFILE, "too many files are open on this machine"),
            (Errno::IO, "the connection failed"),
        ] {
            assert_eq!(phrase_for(number.into()), words, "{number:?}");
        }
    }

    #[test]
    fn an_invalid_certificate_is_described() {
        for (bad, words) in [
            (CertificateError::Expired, "its certificate has expired (TLS)"),
            (CertificateError::NotValidYet, "its certificate is not valid yet (TLS)"),
            (CertificateError::NotValidForName, "its certificate is for another name (TLS)"),
            (CertificateError::UnknownIssuer, "its certificate is from an unknown authority (TLS)"),
            (CertificateError::Revoked, "its certificate was revoked (TLS)"),
            (CertificateError::BadSignature, "its certificate is wrong (TLS)"),
        ] {
            let error = rustls::Error::InvalidCertificate(bad);
            assert_eq!(phrase_for(io::Error::new(ErrorKind::InvalidData, error)), words);
        }
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
        assert_eq!(phrase_for(io::Error::new(ErrorKind::InvalidData, alert)), "no secure connection (TLS)");
    }

    /// Message of a fetch from a server that answers every request with these bytes and then closes the connection.
    async fn fetch_from(scheme: &str, answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("{scheme}://{}/", listener.local_addr().unwrap())).unwrap();
        let serving = tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let _ = connection.read(&mut [0; 4_096]).await;
                let _ = connection.write_all(answer).await;
            }
        });
        let settings = Settings { allow_private: vec!["127.0.0.0/8".parse().unwrap()], ..Settings::default() };
        let web = Web::new(&settings).unwrap();
        let came = web.get(&url, &Validators::default(), Want::Feed, Timestamp::UNIX_EPOCH).await;
        serving.abort();
        match came.reply {
            Reply::Trouble(trouble) => trouble.to_string(),
            other => panic!("no trouble but {other:?}"),
        }
    }

    #[tokio::test]
    async fn failures_of_servers_become_phrases() {
        for (scheme, answer, words) in [
            ("http", &b""[..], "unreachable: connection closed too early"),
            ("http", b"HTTP/1.1 200 OK\r\ncontent-le", "unreachable: connection closed too early"),
            ("http", b"220 mail.example ESMTP\r\n", "unreachable: the answer is not HTTP"),
            ("https", b"HTTP/1.1 400 Bad Request\r\n\r\n", "unreachable: no secure connection (TLS)"),
            ("https", b"", "unreachable: connection closed too early"),
            (
                "http",
                b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
                "broken answer: connection closed too early",
            ),
            (
                "http",
                b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-encoding: gzip\r\n\r\nhalf",
                "broken answer: it cannot be unpacked",
            ),
            (
                "http",
                b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-encoding: x-foo\r\n\r\nhalf",
                "broken answer: it is coded as “x-foo”, which we did not ask for",
            ),
        ] {
            assert_eq!(fetch_from(scheme, answer).await, words, "{scheme} {:?}", String::from_utf8_lossy(answer));
        }
    }

    #[test]
    fn a_name_without_an_address_differs_from_a_silent_name_server() {
        for (error, words) in [
            ("failed to lookup address information: Name or service not known", "its name has no address"),
            ("failed to lookup address information: Name does not resolve", "its name has no address"),
            (
                "failed to lookup address information: Temporary failure in name resolution",
                "the name server does not answer",
            ),
            ("failed to lookup address information: Try again", "the name server does not answer"),
        ] {
            assert_eq!(without_address(&io::Error::other(error)).to_string(), words);
        }
    }
}
