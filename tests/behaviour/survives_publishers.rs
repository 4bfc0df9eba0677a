//! Publishers whose servers break every rule: redraft stays up, publishes none of it and explains each problem, while
//! the healthy source beside them is polled and its edits are published.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use jiff::SignedDuration;

use crate::misbehaving::{Deed, Misbehaving, answer, html};
use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

/// 40 MiB of zeros, compressed with brotli.
const BROTLI_BOMB: [u8; 40] = [
    0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x9f, 0xff, 0xff, 0xff, 0x04, 0xf0,
    0x0c, 0x46, 0x10, 0x18, 0x0e, 0xef, 0xd7, 0xff, 0xef, 0xff, 0xfe, 0x19, 0xf0, 0x08, 0x8c, 0x32, 0x20, 0x0d, 0xdf,
    0xb3, 0xf0,
];

/// A story as a whole page that its publisher may edit.
fn story(figure: &str) -> Article {
    let mut story = budget();
    story.edit("12 million", figure);
    story
}

fn feed(links: &str) -> Vec<u8> {
    let xml = format!("<rss version='2.0'><channel><title>Odd</title>{links}</channel></rss>");
    answer("200 OK", "content-type: application/rss+xml\r\n", xml.as_bytes())
}

/// Misbehaving servers, each watched as a page and as a feed, and one healthy server.
struct Crowd {
    redraft: Redraft,
    healthy: NewsSite,
    servers: Vec<(&'static str, Misbehaving)>,
}

impl Crowd {
    /// All of them healthy, and checked once.
    async fn of(names: impl IntoIterator<Item = &'static str>) -> Self {
        let healthy = NewsSite::open().await;
        healthy.publish("/budget", &budget());
        healthy.feed("/feed.xml", &["/budget"]);
        let mut sources = format!("[[source]]\nurl = \"{}\"\nslug = \"healthy\"\n", healthy.url("/feed.xml"));
        let mut servers = Vec::new();
        for (number, name) in names.into_iter().enumerate() {
            let server = Misbehaving::open("127.0.0.1").await;
            server.does("/story", Deed::Says(html(story("12 million").html().as_bytes())));
            server.does("/feed", Deed::Says(feed("")));
            let (page, feed) = (server.url("/story"), server.url("/feed"));
            sources.extend([format!(
                "[[page]]\nurl = \"{page}\"\nslug = \"page-{number}\"\n[[source]]\nurl = \"{feed}\"\nslug = \"feed-{number}\"\n"
            )]);
            servers.push((name, server));
        }
        let mut redraft = Redraft::with(&sources).await;
        let patience = "host_spacing = \"0s\"\nread_timeout = \"400ms\"\ntotal_timeout = \"1500ms\"";
        redraft.reconfigure("host_spacing = \"0s\"", patience).await;
        redraft.look().await;
        assert_eq!(redraft.counts().versions as usize, servers.len() + 1);
        Self { redraft, healthy, servers }
    }

    /// Each one misbehaves while the healthy one edits its article.
    async fn misbehave(&self, deeds: &[(&'static str, Deed)]) {
        for ((_, server), (_, deed)) in self.servers.iter().zip(deeds) {
            server.does("/story", deed.clone());
            server.does("/feed", deed.clone());
        }
        self.healthy.publish("/budget", &story("21 million"));
        let polls = self.healthy.requests("/feed.xml").len();
        self.redraft.after(HALF_AN_HOUR).await;
        self.redraft.after(HALF_AN_HOUR).await;
        assert_eq!(self.healthy.requests("/feed.xml").len(), polls + 2, "the healthy feed is polled on time");
    }

    /// Only the healthy one's edit is published, and each problem is reported.
    async fn assert_contained(&self) {
        let entries = self.redraft.feed("/edits.atom").await;
        assert_eq!(entries.len(), 1, "{entries:#?}");
        assert!(entries[0].html.contains("<b>21</b>"), "{entries:#?}");
        for (number, (name, _)) in self.servers.iter().enumerate() {
            for kind in ["page", "feed"] {
                let path = format!("/sources/{kind}-{number}.json");
                let told = self.redraft.get(&path, &[]).await.text().await.unwrap();
                let told: serde_json::Value = serde_json::from_str(&told).unwrap();
                assert!(told["trouble"].is_string(), "{name} as a {kind}: {told}");
            }
        }
    }

    /// All are healthy again, with an edit made meanwhile: each edit is published.
    async fn assert_recovered(&self) {
        for (_, server) in &self.servers {
            server.does("/story", Deed::Says(html(story("33 million").html().as_bytes())));
            server.does("/feed", Deed::Says(feed("")));
        }
        self.redraft.days(2).await;
        assert_eq!(self.redraft.counts().edits as usize, self.servers.len() + 1);
    }
}

async fn survive(deeds: &[(&'static str, Deed)]) {
    let crowd = Crowd::of(deeds.iter().map(|(name, _)| *name)).await;
    crowd.misbehave(deeds).await;
    crowd.assert_contained().await;
    crowd.assert_recovered().await;
}

fn says(bytes: &[u8]) -> Deed {
    Deed::Says(bytes.to_vec())
}

fn coded(coding: &str, body: &[u8]) -> Deed {
    Deed::Says(answer("200 OK", &format!("content-type: text/html\r\ncontent-encoding: {coding}\r\n"), body))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_stall_drip_and_never_end_are_given_up() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n";
    let page = html(story("77 million").html().as_bytes());
    survive(&[
        ("accepts and never answers", Deed::Stalls(Vec::new())),
        ("stalls in the status line", Deed::Stalls(b"HTTP/1.1 20".to_vec())),
        ("stalls in the headers", Deed::Stalls(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec())),
        ("stalls in the body", Deed::Stalls(page[..page.len() / 2].to_vec())),
        ("drips", Deed::Drips(page, Duration::from_millis(100))),
        ("endless headers", Deed::Repeats(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-more: and more\r\n".repeat(100))),
        ("an endless header", Deed::Repeats(b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'a'; 4096])),
        ("an endless status line", Deed::Repeats(b"HTTP/1.1 200 ".to_vec(), vec![b'a'; 4096])),
        ("an endless body", Deed::Repeats(head.to_vec(), vec![b'a'; 65_536])),
        ("interim answers without end", Deed::Repeats(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec())),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_cut_or_miscounted_are_never_shorter_articles() {
    let page = html(story("77 million").html().as_bytes());
    let chunked = |chunks: &[u8]| {
        says(&[b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n", chunks].concat())
    };
    survive(&[
        ("shorter than announced", says(&page[..page.len() - 300])),
        ("cut within a chunk", chunked(b"400\r\n<html><p>half")),
        ("cut between chunks", chunked(b"4\r\nhalf\r\n")),
        ("a chunk's size that is none", chunked(b"4\r\nhalf\r\nxyz\r\nrest\r\n0\r\n\r\n")),
        ("a chunk larger than memory", chunked(b"ffffffffffffffff\r\nhalf")),
        ("a negative chunk", chunked(b"-4\r\nhalf\r\n0\r\n\r\n")),
        (
            "two lengths",
            says(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\ncontent-length: 9\r\n\r\n<p>x"),
        ),
        ("a negative length", says(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: -4\r\n\r\n<p>x")),
        ("nothing", says(b"")),
        ("no HTTP", says(b"SSH-2.0-OpenSSH_9.2\r\n")),
        ("bytes of no kind", says(&[0, 255, 1, 254, 13, 10, 13, 10])),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_and_codings_that_lie_are_trouble() {
    let zeros = vec![b'0'; 40 << 20];
    let page = story("77 million").html().into_bytes();
    let packed = gzip(&page);
    let wrong_sum = [&packed[..packed.len() - 8], &[0; 8]].concat();
    survive(&[
        ("a gzip bomb", coded("gzip", &gzip(&zeros))),
        ("a brotli bomb", coded("br", &BROTLI_BOMB)),
        ("a zstd bomb", coded("zstd", &zstd::encode_all(&zeros[..], 1).unwrap())),
        ("a deflate bomb", coded("deflate", &deflate(&zeros))),
        ("gzip twice", coded("gzip, gzip", &gzip(&packed))),
        ("gzip in brotli's name", coded("br", &packed)),
        ("a wrong checksum", coded("gzip", &wrong_sum)),
        ("gzip cut short", coded("gzip", &packed[..packed.len() / 2])),
        ("a coding of its own", coded("x-foo", &page)),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_and_types_that_carry_no_page_are_trouble() {
    let page = story("77 million").html().into_bytes();
    let status = |status: &str| Deed::Says(answer(status, "content-type: text/html\r\n", &page));
    let typed = |kind: &str| Deed::Says(answer("200 OK", &format!("content-type: {kind}\r\n"), &page));
    let busy = |after: &str| Deed::Says(answer("429 Slow Down", &format!("retry-after: {after}\r\n"), b""));
    survive(&[
        ("101", says(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n<p>x")),
        ("203", status("203 Other")),
        ("204", says(b"HTTP/1.1 204 No Content\r\n\r\n")),
        ("206", status("206 Partial Content")),
        ("300", status("300 Multiple Choices")),
        ("304", says(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
        ("418", status("418 Teapot")),
        ("500", status("500 Oops")),
        ("600", status("600 Odd")),
        ("999", status("999 No")),
        ("a picture", typed("image/png")),
        ("a film", typed("video/mp4")),
        ("later: in the past", busy("Thu, 01 Jan 1970 00:00:00 GMT")),
        ("later: less than nothing", busy("-5")),
        ("later: some time", busy("some time")),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_long_a_server_wants_to_be_left_alone_it_is_asked_after_a_week() {
    let deeds = ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"];
    let deeds =
        deeds.map(|after| ("later", Deed::Says(answer("429 Slow Down", &format!("retry-after: {after}\r\n"), b""))));
    let crowd = Crowd::of(deeds.iter().map(|(name, _)| *name)).await;
    crowd.misbehave(&deeds).await;
    let asked = || crowd.servers.iter().map(|(_, server)| server.connections()).collect::<Vec<_>>();
    let before = asked();
    crowd.redraft.days(6).await;
    assert_eq!(asked(), before);
    crowd.redraft.days(3).await;
    assert!(asked().iter().zip(&before).all(|(now, before)| now > before));
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_without_end_or_sense_are_trouble() {
    let leads = |location: &str| Deed::Says(answer("302 Found", &format!("location: {location}\r\n"), b""));
    let deeds = [
        ("to itself", leads("?")),
        ("to and fro", leads("/fro")),
        ("on and on", leads("/1")),
        ("nowhere", Deed::Says(answer("302 Found", "", b""))),
        ("to no address", leads("http://[::1")),
        ("to an endless address", leads(&format!("/{}", "a".repeat(5_000)))),
    ];
    let crowd = Crowd::of(deeds.iter().map(|(name, _)| *name)).await;
    for (_, server) in &crowd.servers {
        server.does("/story?", leads("/story"));
        server.does("/feed?", leads("/feed"));
        server.does("/fro", leads("/fro2"));
        server.does("/fro2", leads("/fro"));
        (1..9).for_each(|hop| server.does(&format!("/{hop}"), leads(&format!("/{}", hop + 1))));
        server.does("/9", Deed::Says(html(story("77 million").html().as_bytes())));
    }
    crowd.misbehave(&deeds).await;
    crowd.assert_contained().await;
    crowd.assert_recovered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_feeds_that_are_made_to_hurt_a_parser_hurt_nobody() {
    let page = |text: String| Deed::Says(html(text.as_bytes()));
    let deeds = [
        ("deep nesting", page("<ul><li>".repeat(20_000))),
        ("noscript in noscript", page("<noscript>".repeat(14_500))),
        ("tables in tables", page("<table><tr><td>".repeat(5_000))),
        (
            "letters of no charset",
            Deed::Says(answer("200 OK", "content-type: text/html; charset=x-none\r\n", &[0xff; 5_000])),
        ),
        ("attributes", page(format!("<p {}>", (0..100_000).map(|n| format!("a{n}=1 ")).collect::<String>()))),
        ("a million entries", Deed::Says(feed(&"<item/>".repeat(1_000_000)))),
        ("as many as fit", Deed::Says(feed(&"<item/>".repeat(700_000)))),
        (
            "entities in entities",
            Deed::Says(feed("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><item>&b;</item")),
        ),
    ];
    let crowd = Crowd::of(deeds.iter().map(|(name, _)| *name)).await;
    crowd.misbehave(&deeds).await;
    let entries = crowd.redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    crowd.assert_recovered().await;
}

/// Spellings of one forbidden address, with this port.
fn spellings(port: u16) -> Vec<String> {
    let hosts = [
        "127.0.0.2",
        "127.2",
        "2130706434",
        "0x7f000002",
        "0x7f.0.0.2",
        "0177.0.0.2",
        "127.0.0.2.",
        "%31%32%37.0.0.2",
        "127。0。0。2",
        "[::ffff:127.0.0.2]",
        "[::ffff:7f00:2]",
        "[::127.0.0.2]",
        "[64:ff9b::7f00:2]",
        "[2002:7f00:2::]",
        "reader@127.0.0.2",
        "reader:secret@127.0.0.2",
        "127.0.0.1@127.0.0.2",
        "[::1]",
        "0",
    ];
    let schemes = ["https", "ftp", "gopher", "ws", "file"].map(|scheme| format!("{scheme}://127.0.0.2:{port}/"));
    hosts.map(|host| format!("http://{host}:{port}/")).into_iter().chain(schemes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_not_allowed_is_reached_by_any_way() {
    let canary = Misbehaving::open("127.0.0.2").await;
    let beside = tokio::net::TcpListener::bind(("::1", canary.address.port())).await;
    let origin = Misbehaving::open("127.0.0.1").await;
    let healthy = NewsSite::open().await;
    healthy.publish("/budget", &budget());
    healthy.feed("/feed.xml", &["/budget"]);
    let spellings = spellings(canary.address.port());
    let mut sources = format!("[[source]]\nurl = \"{}\"\n", healthy.url("/feed.xml"));
    let mut entries = String::new();
    for (number, target) in spellings.iter().enumerate() {
        for (status, kind) in [("301 Moved", "a"), ("302 Found", "b"), ("307 Moved", "c")] {
            let path = format!("/{kind}{number}");
            origin.does(&path, Deed::Says(answer(status, &format!("location: {target}\r\n"), b"")));
            entries.extend([format!("<item><title>x</title><link>{}</link></item>", origin.url(&path))]);
        }
        sources.extend([format!("[[source]]\nurl = \"{}\"\n", origin.url(&format!("/b{number}")))]);
        entries.extend([format!(
            "<item><title>x</title><link>{target}</link><enclosure url='{target}' type='audio/mpeg' length='1'/></item>"
        )]);
        let page = format!(
            "<meta http-equiv=refresh content='0;url={target}'><link rel=canonical href='{target}'><link rel=icon href='{target}'>\
             <meta property='og:url' content='{target}'><base href='{target}'><img src='{target}'>{}",
            story("12 million").html()
        );
        origin.does(&format!("/d{number}"), Deed::Says(html(page.as_bytes())));
        entries.extend([format!("<item><title>x</title><link>{}</link></item>", origin.url(&format!("/d{number}")))]);
    }
    origin.does("/feed", Deed::Says(feed(&format!("<image><url>{}</url></image>{entries}", spellings[0]))));
    sources.extend([format!("[[source]]\nurl = \"{}\"\nslug = \"all\"\n", origin.url("/feed"))]);
    let mut redraft = Redraft::with(&sources).await;
    redraft.reconfigure("127.0.0.0/8", "127.0.0.1/32").await;
    redraft.look().await;
    healthy.publish("/budget", &story("21 million"));
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(canary.connections(), 0);
    if let Ok(beside) = beside {
        let came = tokio::time::timeout(Duration::from_millis(1), beside.accept()).await;
        assert!(came.is_err(), "{came:?}");
    }
    assert!(redraft.feed("/edits.atom").await.iter().any(|entry| entry.html.contains("<b>21</b>")));
    let article = redraft.article(&origin.url("/b0")).unwrap();
    let words = article.notes.last().unwrap().why.to_string();
    assert!(words.contains("127.0.0.2 is not a public address"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_read_what_went_wrong_in_words_and_no_error_number() {
    let site = NewsSite::open().await;
    // A port without a listener.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    site.put(
        "/rss",
        200,
        &[],
        &format!(
            "<rss version='2.0'><channel><title>Echo</title><item><title>Lost</title>\
        <link>http://{closed}/lost</link><guid>1</guid></item></channel></rss>"
        ),
    );
    let sources = format!(
        "[[source]]\nurl = \"http://{closed}/rss\"\nslug = \"gone\"\n[[source]]\nurl = \"{}\"\nslug = \"echo\"\nignore_robots = \
         \"our own\"\n[[page]]\nurl = \"http://{closed}/page\"\nslug = \"page\"\nignore_robots = \"our own\"\n",
        site.url("/rss")
    );
    let process = crate::child::Process::start(&sources, &[], &[]);
    for (path, words) in [
        ("/sources/gone", "connection refused"),
        ("/sources/page", "connection refused"),
        ("/sources", "connection refused"),
        ("/sources.json", "unreachable: connection refused"),
        ("/sources/gone.json", "unreachable: connection refused"),
        (&format!("/why?url=http://{closed}/lost"), "trouble: unreachable: connection refused"),
        ("/articles/1", "connection refused"),
        ("/articles/2", "connection refused"),
        ("/articles/1.json", "\"article\""),
        ("/outbox.json", "{"),
        ("/edits.atom", "<feed"),
        ("/metrics", "redraft_polls_total"),
    ] {
        process.shows(path, words);
        let answer = process.get(path);
        for never in ["os error", "tcp connect", "client error", "hyper", "reqwest", "Os {"] {
            assert!(!answer.contains(never), "{path}: {never}: {answer}");
        }
    }
}
