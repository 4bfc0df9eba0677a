//! Clients that misbehave in every way we know, all at once, while others request pages.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::child::{Process, get};

/// Clients per kind of misbehaviour.
const CROWD: usize = 4;

/// One kind of misbehaviour; it gives up once the server does.
type Attack = fn(&mut TcpStream) -> std::io::Result<()>;

const ATTACKS: [(&str, Attack); 14] = [
    ("says nothing", |stream| stream.read(&mut [0]).map(drop)),
    ("drips a head", |stream| {
        stream.write_all(b"GET / HTTP/1.1\r\nX: ")?;
        loop {
            stream.write_all(b"y")?;
            thread::sleep(Duration::from_millis(20));
        }
    }),
    ("sends an endless head", |stream| {
        stream.write_all(b"GET / HTTP/1.1\r\n")?;
        (0..).try_for_each(|n| stream.write_all(format!("X-{n}: {}\r\n", "y".repeat(200)).as_bytes()))
    }),
    ("sends an endless line", |stream| {
        loop {
            stream.write_all(&[b'G'; 4096])?;
        }
    }),
    ("sends an endless address", |stream| {
        stream.write_all(b"GET /")?;
        loop {
            stream.write_all(&[b'a'; 4096])?;
        }
    }),
    ("sends an endless body", |stream| {
        stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        loop {
            stream.write_all(b"4\r\nabcd\r\n")?;
        }
    }),
    ("announces a body of any size", |stream| {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n")?;
        loop {
            stream.write_all(&[0; 4096])?;
        }
    }),
    ("smuggles", |stream| {
        stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }),
    ("asks and asks and never listens", |stream| {
        loop {
            stream.write_all(b"GET /style.css HTTP/1.1\r\nHost: x\r\n\r\n")?;
        }
    }),
    ("asks for a thousand pages in one breath", |stream| {
        stream.write_all(&b"GET /edits.atom HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000))?;
        stream.shutdown(Shutdown::Write)?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }),
    ("closes half of it", |stream| {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")?;
        stream.shutdown(Shutdown::Write)?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }),
    ("speaks TLS", |stream| {
        stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }),
    ("speaks HTTP/2", |stream| {
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }),
    ("uses methods and paths that nobody has", |stream| {
        for line in
            ["CONNECT x:80", "TRACE /", "PROPFIND /", "GET /../../etc/passwd", "GET /%00", "OPTIONS *", "GET \u{0} "]
        {
            let Ok(mut other) = TcpStream::connect(stream.peer_addr()?) else { continue };
            other.set_read_timeout(Some(Duration::from_secs(20)))?;
            let _ = other.write_all(format!("{line} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
            let _ = other.shutdown(Shutdown::Write);
            let mut heard = String::new();
            let _ = other.read_to_string(&mut heard);
            assert!(!heard.contains("root:") && !heard.starts_with("HTTP/1.1 2"), "{line}: {heard}");
        }
        Ok(())
    }),
];

#[test]
fn whatever_clients_do_others_are_answered_and_it_ends_well() {
    let limits =
        ["serve.head_timeout=500ms", "serve.idle_timeout=1s", "serve.write_timeout=500ms", "serve.connections=40"];
    let process = Process::start("", &limits, &[]);
    let (address, over) = (process.address, AtomicBool::new(false));
    thread::scope(|scope| {
        let crowds: Vec<_> = ATTACKS
            .iter()
            .flat_map(|attack| std::iter::repeat_n(attack, CROWD))
            .map(|(name, attack)| scope.spawn(move || attacked(name, *attack, address)))
            .collect();
        let over = &over;
        let reader = scope.spawn(move || {
            let mut answers = 0;
            while !over.load(Ordering::Relaxed) || answers == 0 {
                assert!(get(address, "/").starts_with("HTTP/1.1 200"), "answer {answers}");
                answers += 1;
            }
            answers
        });
        let failed: Vec<_> = crowds.into_iter().filter_map(|crowd| crowd.join().err()).collect();
        over.store(true, Ordering::Relaxed);
        assert!(failed.is_empty());
        assert!(reader.join().unwrap() > 0);
    });
    let metrics = process.get("/metrics");
    assert!(metrics.contains("redraft_panics_total 0"), "{metrics}");
    process.signal(Signal::TERM);
    assert_eq!(process.ends().code, Some(0));
}

/// The server must end the connection, not the client.
fn attacked(name: &str, attack: Attack, address: SocketAddr) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    if let Err(error) = attack(&mut stream) {
        let waited = matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
        assert!(!waited, "a client that {name} is never sent away");
    }
}
