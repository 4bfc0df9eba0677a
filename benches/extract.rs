//! The cost of extracting a page. `cargo bench --bench extract`

use redraft::extract::{Hints, extract};
use redraft::model::Page;
use url::Url;

fn main() {
    divan::main();
}

/// The corpus page with its paragraphs and links repeated, up to the size of an ordinary news page (about 120 KB).
fn ordinary() -> Option<Page> {
    let html = include_str!("../tests/corpus/pages/harbour.html");
    let (head, rest) = html.split_once("<p>Ferries")?;
    let paragraph =
        "<p>Ferries will carry commuters across the bay, and the night bus will take the long way round, he said.</p>"
            .repeat(30);
    let links = "<li class=\"menu__item\"><a class=\"menu__link\" href=\"/local/some-other-story\">Some other story of the day</a></li>".repeat(1_000);
    let html = format!("{head}{paragraph}<p>Ferries{rest}<nav><ul>{links}</ul></nav>");
    Some(Page { url: Url::parse("https://news.example/local/harbour-bridge").ok()?, html })
}

#[divan::bench]
fn an_ordinary_page(bencher: divan::Bencher<'_, '_>) {
    let page = ordinary();
    bencher.bench(|| page.as_ref().map(|page| extract(divan::black_box(page), &Hints::default(), None)));
}

#[divan::bench(sample_count = 5)]
fn a_page_that_is_nothing_but_open_tags(bencher: divan::Bencher<'_, '_>) {
    let page = Url::parse("https://news.example/deep").ok().map(|url| Page { url, html: "<ul><li>".repeat(65_536) });
    bencher.bench(|| page.as_ref().map(|page| extract(divan::black_box(page), &Hints::default(), None)));
}
