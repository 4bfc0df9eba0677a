//! The identity of an article: reduces the many spellings of its address to one.

use std::sync::LazyLock;

use url::Url;

use super::suffix::registered_domain;

/// Query parameters that are removed from addresses; the file's head describes its format.
const TRACKING: &str = include_str!("../../config/tracking-parameters.txt");

/// Last path segments that show another form of the page above them, rather than a page of their own.
const VARIANTS: [&str; 6] = ["amp", "amp.html", "print", "mobile", "index.html", "index.php"];

/// The canonical spelling of `url`: no tracking parameters, no fragment (except `#!…`, which names a page), no dot
/// after the host. A [`Url`] already has a normalised scheme, host, port and path.
#[must_use]
pub fn canonical(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.fragment().is_some_and(|fragment| fragment.starts_with('!')) {
        url.set_fragment(None);
    }
    if let Some(host) =
        url.host_str().filter(|host| host.ends_with('.')).map(|host| host.trim_end_matches('.').to_owned())
    {
        // If the host cannot be changed, it stays as it is.
        let _ = url.set_host(Some(&host));
    }
    if let Some(query) = url.query() {
        let host = url.host_str().unwrap_or_default();
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair, host)).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
    url
}

/// The same address with https in place of http, or the reverse. `None` if it names a port, because a port serves only
/// one of the two.
#[must_use]
pub fn twin(url: &Url) -> Option<Url> {
    let other = match url.scheme() {
        "http" => "https",
        "https" => "http",
        _ => return None,
    };
    let mut twin = url.clone();
    (url.port().is_none() && twin.set_scheme(other).is_ok()).then_some(twin)
}

/// The identity of an article after a fetch: `asked` is the requested address, `answered` the one after redirects,
/// `declared` the one that the page claims (`rel=canonical`, `og:url`). In doubt it stays the requested one.
///
/// A redirect within the site counts, unless it ends at the home page, where sites often send removed articles. A
/// redirect to another site counts only if the page there declares an address on that site; consent and login walls do
/// not. A declared address counts on its own site, unless it is the home page or a section above the article.
#[must_use]
pub fn settle(asked: &Url, answered: &Url, declared: Option<&Url>) -> Url {
    let fits = |url: &&Url| is_web(url) && (!is_home(url) || is_home(asked));
    let declared = declared.filter(fits).filter(|url| same_site(url, answered) && !is_section_above(url, answered));
    let answered = Some(answered).filter(fits).filter(|url| same_site(url, asked));
    canonical(declared.or(answered).unwrap_or(asked))
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether `lower` is a page below `upper`, and not only another form of it.
fn is_section_above(upper: &Url, lower: &Url) -> bool {
    let rest = lower.path().strip_prefix(upper.path().trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'));
    upper.query().is_none() && rest.is_some_and(|rest| !rest.is_empty() && !is_variant(rest))
}

/// Whether the end of a path only selects a form of the page above it.
fn is_variant(end: &str) -> bool {
    let end = end.trim_end_matches('/');
    VARIANTS.contains(&end.to_ascii_lowercase().as_str()) || end.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_home(url: &Url) -> bool {
    url.path().trim_matches('/').is_empty() && url.query().is_none()
}

/// Whether both hosts belong to one owner: the same registered domain, or the same host.
#[must_use]
pub fn same_site(one: &Url, other: &Url) -> bool {
    fn site(url: &Url) -> Option<&str> {
        let host = url.host_str()?;
        match url.host()? {
            url::Host::Domain(name) => registered_domain(name).or(Some(host)),
            _ => Some(host),
        }
    }
    site(one).is_some() && site(one) == site(other)
}

/// A line of [`TRACKING`].
struct Rule {
    name: &'static str,
    any_ending: bool,
    hosts: Vec<&'static str>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let lines = TRACKING.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines.filter_map(|line| parse_rule(line.split_whitespace())).collect()
});

fn parse_rule(mut words: impl Iterator<Item = &'static str>) -> Option<Rule> {
    let pattern = words.next()?;
    let name = pattern.strip_suffix('*');
    Some(Rule { name: name.unwrap_or(pattern), any_ending: name.is_some(), hosts: words.collect() })
}

fn is_tracking(pair: &str, host: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    RULES.iter().any(|rule| {
        let named = if rule.any_ending { name.starts_with(rule.name) } else { name == rule.name };
        named && (rule.hosts.is_empty() || rule.hosts.iter().any(|of| is_below(host, of)))
    })
}

fn is_below(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[track_caller]
    fn becomes(from: &str, to: &str) {
        assert_eq!(canonical(&url(from)).as_str(), to);
        assert_eq!(canonical(&url(to)).as_str(), to, "not stable");
    }

    #[test]
    fn tracking_parameters_go_and_the_others_stay_as_they_are() {
        becomes("https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a");
        becomes("https://example.org/a?id=7&fbclid=x&b=%C3%A9", "https://example.org/a?id=7&b=%C3%A9");
        becomes("https://example.org/a?UTM_Source=x&b", "https://example.org/a?b");
        becomes("https://example.org/a?utm_source=x&amp;utm_medium=y", "https://example.org/a");
        becomes("https://example.org/a?", "https://example.org/a");
        becomes("https://example.org/?p=12&page=2", "https://example.org/?p=12&page=2");
    }

    #[test]
    fn some_parameters_are_tracking_on_some_hosts_only() {
        becomes("https://www.bbc.co.uk/news/1?at_anything=RSS", "https://www.bbc.co.uk/news/1");
        becomes("https://example.org/a?at_anything=RSS", "https://example.org/a?at_anything=RSS");
        becomes("https://notbbc.com/a?at_anything=RSS", "https://notbbc.com/a?at_anything=RSS");
    }

    #[test]
    fn spellings_of_an_address_become_one() {
        becomes("HTTP://Example.ORG:80/a/./b/../c#comments", "http://example.org/a/c");
        becomes("https://example.org./a", "https://example.org/a");
        becomes("https://example.org/#!/story/7", "https://example.org/#!/story/7");
    }

    #[track_caller]
    fn settles(asked: &str, answered: &str, declared: Option<&str>, expected: &str) {
        assert_eq!(settle(&url(asked), &url(answered), declared.map(url).as_ref()).as_str(), expected);
    }

    #[test]
    fn redirects_and_declarations_within_the_site_are_followed() {
        let (a, b) = ("https://www.example.org/a", "https://example.org/b?utm_source=x");
        settles(a, b, None, "https://example.org/b");
        settles(a, a, Some("https://example.org/2026/a"), "https://example.org/2026/a");
        settles(
            "https://example.org/a/amp",
            "https://example.org/a/amp",
            Some("https://example.org/a"),
            "https://example.org/a",
        );
    }

    #[test]
    fn home_pages_sections_and_other_sites_are_not_articles() {
        let a = "https://example.org/news/a";
        settles(a, "https://example.org/", None, a);
        settles(a, "https://example.org/", Some("https://example.org/"), a);

        for declared in
            ["https://example.org/", "https://example.org/news", "https://evil.example/a", "mailto:a@example.org"]
        {
            settles(a, a, Some(declared), a);
        }
    }

    #[test]
    fn another_site_is_followed_only_where_its_page_says_so() {
        let (asked, there) = ("https://feeds.example/1", "https://paper.example/story");
        settles(asked, there, Some("https://www.paper.example/story"), "https://www.paper.example/story");
        settles(asked, "https://consent.example/collect?session=1", None, asked);
        settles(asked, there, Some("https://elsewhere.example/story"), asked);
    }

    #[test]
    fn hosts_under_a_public_suffix_are_different_sites() {
        let (one, other) = ("https://one.github.io/a", "https://other.github.io/a");
        settles(one, one, Some(other), one);
        settles("http://127.0.0.1/a", "http://127.0.0.2/b", None, "http://127.0.0.1/a");
    }
}
