//! The HTTP client's errors as a site's trouble: each kind in words of ours, so that pages can say it in their reader's language. The
//! client's own words, which carry the system's error numbers, go to the log.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::guard::not_public;
use super::lookup::LookupError;
use crate::model::{Fact, Trouble};

/// Longest words taken from a foreign error, in characters.
const MAX_WORDS: usize = 200;

/// Errors that a name server's silence is reported with, by glibc and by musl. The code behind them is lost in the standard library.
const NO_NAME_SERVER: [&str; 2] = ["Temporary failure", "Try again"];

/// The system's numbers for too many open files: of the process, of the machine.
const TOO_MANY_FILES: [i32; 2] = [rustix::io::Errno::MFILE.raw_os_error(), rustix::io::Errno::NFILE.raw_os_error()];

/// What went wrong before the body.
pub(super) fn before_body(error: &reqwest::Error) -> Trouble {
    log(error);
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
        (false, _) => Trouble::Unreachable(kind_of(error)),
    }
}

/// What went wrong within the body.
pub(super) fn within_body(error: &reqwest::Error) -> Trouble {
    log(error);
    if error.is_timeout() { Trouble::Timeout("waiting for more of the body") } else { Trouble::Broken(kind_of(error)) }
}

/// Logs the innermost cause: the outer ones only say that there is one, and name the address, which is a secret where it is a
/// webhook's; so does that of a look-up, but for what the system said.
fn log(error: &reqwest::Error) {
    let Some(cause) = causes(error).last() else { return };
    let cause = match cause.downcast_ref::<LookupError>() {
        None => cause.to_string(),
        Some(LookupError::Failed(_, error)) => error.to_string(),
        Some(LookupError::Forbidden(..) | LookupError::TooSlow(_)) => return,
    };
    let words: String = cause.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_WORDS).collect();
    tracing::debug!(error = words, "a request failed");
}

/// Why a name led to no address.
fn without_address(error: &io::Error) -> Fact {
    let words = error.to_string();
    if NO_NAME_SERVER.iter().any(|silence| words.contains(silence)) {
        return Fact::new("the name server does not answer");
    }
    if is_too_many_files(error) { too_many_files() } else { Fact::new("its name has no address") }
}

/// The kind of an error: that of its innermost cause that has one.
fn kind_of(error: &(dyn Error + 'static)) -> Fact {
    let known: Vec<Fact> = causes(error).filter_map(known).collect();
    known.into_iter().last().unwrap_or_else(|| {
        let is_decode = error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_decode);
        if is_decode { Fact::new("it cannot be unpacked") } else { Fact::new("the connection failed") }
    })
}

/// The kind of one cause, if it has one.
fn known(cause: &(dyn Error + 'static)) -> Option<Fact> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return of_http(error);
    }
    let error = cause.downcast_ref::<io::Error>()?;
    // The standard library leaves this cause out of the chain: it goes on with the cause of this one.
    let inner = error.get_ref().and_then(|inner| known(inner));
    inner.or_else(|| of_system(error))
}

fn of_http(error: &hyper::Error) -> Option<Fact> {
    Some(Fact::new(match () {
        () if error.is_parse_too_large() => "the head of the answer is too large",
        () if error.is_parse() => "the answer is not HTTP",
        () if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => CLOSED_EARLY,
        () => return None,
    }))
}

/// What is said where a server hangs up before all is there.
const CLOSED_EARLY: &str = "connection closed too early";

fn of_tls(error: &rustls::Error) -> Fact {
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

fn of_system(error: &io::Error) -> Option<Fact> {
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

    /// An error around another, as the client wraps them.
    #[derive(Debug, thiserror::Error)]
    #[error("client error (Connect)")]
    struct Wrapped(#[source] io::Error);

    fn told(cause: io::Error) -> String {
        kind_of(&Wrapped(io::Error::new(cause.kind(), Wrapped(cause)))).to_string()
    }

    #[test]
    fn the_systems_errors_are_told_in_words_without_their_numbers() {
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
            assert_eq!(told(number.into()), words, "{number:?}");
        }
    }

    #[test]
    fn a_certificate_that_is_wrong_says_in_which_way() {
        for (bad, words) in [
            (CertificateError::Expired, "its certificate has expired (TLS)"),
            (CertificateError::NotValidYet, "its certificate is not valid yet (TLS)"),
            (CertificateError::NotValidForName, "its certificate is for another name (TLS)"),
            (CertificateError::UnknownIssuer, "its certificate is from an unknown authority (TLS)"),
            (CertificateError::Revoked, "its certificate was revoked (TLS)"),
            (CertificateError::BadSignature, "its certificate is wrong (TLS)"),
        ] {
            let error = rustls::Error::InvalidCertificate(bad);
            assert_eq!(told(io::Error::new(ErrorKind::InvalidData, error)), words);
        }
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
        assert_eq!(told(io::Error::new(ErrorKind::InvalidData, alert)), "no secure connection (TLS)");
    }

    /// What a fetch from a server says that answers each connection with these bytes, once it was asked something, and closes it.
    async fn met(scheme: &str, answer: &'static [u8]) -> String {
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
    async fn what_servers_do_is_told_in_words_of_ours() {
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
            assert_eq!(met(scheme, answer).await, words, "{scheme} {:?}", String::from_utf8_lossy(answer));
        }
    }

    #[test]
    fn a_name_without_an_address_is_another_thing_than_a_name_server_that_is_silent() {
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
