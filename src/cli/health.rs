//! `redraft health`: sends one request to a running redraft, fast enough for a container's health check.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use url::Url;

use super::arguments::Settings;
use super::failure::Failure;
use super::{configuration, paint};

/// Time limit for the whole request.
const LIMIT: Duration = Duration::from_secs(3);
/// Most bytes of the answer that are read.
const MAX_ANSWER_BYTES: u64 = 4_096;

/// Requests `/health` at `url` or, without one, at the configured address.
pub(super) fn check_health(settings: &Settings, url: Option<&str>) -> Result<ExitCode, Failure> {
    let url = match url {
        Some(text) => {
            Url::parse(text).map_err(|error| Failure::Usage(format!("--url {text}: not an address: {error}")))?
        }
        None => address_of(configuration::load_config(settings, Vec::new())?.serve.listen, "/health")?,
    };
    let url = if url.path() == "/" { url.join("/health").context("not an address")? } else { url };
    paint::print_line(&get_body(&url, MAX_ANSWER_BYTES)?);
    Ok(ExitCode::SUCCESS)
}

/// The address of `path` on a listener, as reached from this machine.
pub(super) fn address_of(listen: SocketAddr, path: &str) -> Result<Url, Failure> {
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    let address = SocketAddr::new(ip, listen.port());
    Url::parse(&format!("http://{address}{path}")).map_err(|error| anyhow!("{address}: {error}").into())
}

/// Returns the body of a response with status 200, up to `most_bytes`.
pub(super) fn get_body(url: &Url, most_bytes: u64) -> anyhow::Result<String> {
    let (status, body) = get_response(url, most_bytes)?;
    if status == "200" { Ok(body) } else { Err(anyhow!("{url} answered {status}: {body}")) }
}

/// Returns the status and the body of a response, up to `most_bytes`.
pub(super) fn get_response(url: &Url, most_bytes: u64) -> anyhow::Result<(String, String)> {
    let deadline = Instant::now() + LIMIT;
    let left = || deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    if url.scheme() != "http" {
        bail!("{url}: only http is supported");
    }
    let host = url.host_str().context("the address has no host")?;
    let port = url.port_or_known_default().unwrap_or(80);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let address = (name, port).to_socket_addrs()?.next().with_context(|| format!("{host} has no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, left()).with_context(|| format!("no answer at {address}"))?;
    stream.set_write_timeout(Some(left()))?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n")?;
    stream.set_read_timeout(Some(left()))?;
    let mut answer = Vec::new();
    stream.take(most_bytes).read_to_end(&mut answer).with_context(|| format!("{address} answers too slowly"))?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split_whitespace().nth(1).unwrap_or("no status");
    Ok((status.to_owned(), body.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::BufRead;

    use super::*;

    /// Answers one request with these bytes. Returns the address, and a thread that ends with the request's first
    /// line.
    fn answering(bytes: &'static str) -> (Url, std::thread::JoinHandle<String>) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = std::io::BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let first = lines.next().unwrap();
            lines.find(String::is_empty);
            stream.write_all(bytes.as_bytes()).unwrap();
            first
        });
        (url, thread)
    }

    #[test]
    fn a_well_redraft_is_told_from_an_ill_one() {
        let (url, asked) = answering("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n");
        assert_eq!(get_body(&url, MAX_ANSWER_BYTES).unwrap(), "ok");
        assert_eq!(asked.join().unwrap(), "GET / HTTP/1.1");
        let (url, _) = answering("HTTP/1.1 503 Service Unavailable\r\n\r\nthe store is broken\n");
        assert!(
            get_body(&url, MAX_ANSWER_BYTES).unwrap_err().to_string().ends_with("answered 503: the store is broken")
        );
    }

    #[test]
    fn nobody_there_is_a_failure_at_once() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = get_body(&Url::parse(&format!("http://{free}/health")).unwrap(), MAX_ANSWER_BYTES).unwrap_err();
        assert!(error.to_string().contains("no answer at"), "{error:#}");
    }

    #[test]
    fn a_listener_on_all_addresses_is_asked_on_loopback() {
        assert_eq!(address_of("0.0.0.0:80".parse().unwrap(), "/health").unwrap().as_str(), "http://127.0.0.1/health");
        assert_eq!(address_of("[::]:8080".parse().unwrap(), "/health").unwrap().as_str(), "http://[::1]:8080/health");
    }
}
