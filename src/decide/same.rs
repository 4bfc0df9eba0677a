//! Whether two addresses are one article: pages sometimes name another's address as their own, by mistake for all of a site.

use std::collections::HashSet;

use crate::model::{Article, Content, History};

/// Two headlines with at least this share of the shorter one's words in common are one article's.
const ALIKE: f64 = 0.6;
/// At least this share of one's paragraphs stands in the other.
const SHARED: f64 = 0.5;

/// Whether an article that was looked at for the first time and names the address of `other` as its own is `other`: a headline
/// of theirs is alike, or half of its paragraphs are in `kept`, the other's newest version. Where the other was not looked at
/// yet, a source that lists both under different titles says that they are two.
#[must_use]
pub fn are_one(history: &History, content: &Content, other: &Article, kept: Option<&Content>) -> bool {
    let told = [history.article.headline.as_str(), content.headline.as_str()];
    let alike = told.iter().any(|headline| headline.is_empty() || are_alike(headline, &other.headline));
    let Some(kept) = kept else {
        let listed_together = history.article.sources.iter().any(|source| other.sources.contains(source));
        return alike || other.headline.is_empty() || !listed_together;
    };
    alike || shares_text(content, kept)
}

fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let shorter = one.len().min(other.len());
    shorter > 0 && one.intersection(&other).count() as f64 >= shorter as f64 * ALIKE
}

fn words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn shares_text(content: &Content, kept: &Content) -> bool {
    let known: HashSet<&str> = kept.blocks.iter().map(|block| block.text.as_str()).collect();
    let shared = content.blocks.iter().filter(|block| known.contains(block.text.as_str())).count();
    shared > 0 && shared as f64 >= content.blocks.len() as f64 * SHARED
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use url::Url;

    use super::*;
    use crate::model::{ArticleId, Block, BlockKind};

    fn article(id: u64, headline: &str, source: &str) -> Article {
        let url = Url::parse(&format!("https://news.example/{id}")).unwrap();
        let article = Article::unseen(ArticleId(id), url, headline.to_owned(), Timestamp::UNIX_EPOCH);
        Article { sources: vec![source.parse().unwrap()], ..article }
    }

    fn content(headline: &str, texts: &[&str]) -> Content {
        let block = |text: &&str| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() };
        Content { headline: headline.to_owned(), blocks: texts.iter().map(block).collect(), ..Content::default() }
    }

    fn first_look(article: Article) -> History {
        History { article, announced: None, latest: None, identities: Vec::new(), published: Vec::new() }
    }

    #[test]
    fn a_headline_or_half_of_the_text_in_common_makes_one() {
        let history = first_look(article(2, "Bridge shut for months", "a"));
        let other = article(1, "The bridge will be shut for six months", "a");
        let seen = content("Bridge shut", &["One.", "Two."]);
        assert!(are_one(&history, &seen, &other, Some(&content("x", &[]))));
        let other = article(1, "Harbour gets a crane", "a");
        assert!(are_one(&history, &seen, &other, Some(&content("x", &["Two.", "Three."]))));
        assert!(!are_one(&history, &seen, &other, Some(&content("x", &["Three."]))));
    }

    #[test]
    fn of_one_that_was_not_looked_at_only_its_feed_can_say_that_it_is_another() {
        let history = first_look(article(2, "Bridge shut for months", "a"));
        let seen = content("Bridge shut for months", &["One."]);
        assert!(!are_one(&history, &seen, &article(1, "Harbour gets a crane", "a"), None));
        assert!(are_one(&history, &seen, &article(1, "Harbour gets a crane", "b"), None));
        assert!(are_one(&history, &seen, &article(1, "", "a"), None));
    }
}
