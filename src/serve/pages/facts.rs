//! Facts as HTML: our words in the language of whoever reads the page, words of others isolated from them.

use super::phrases::Phrases;
use crate::model::{Fact, Locale, Value, without_error_numbers};
use crate::render::{escape, plain, quotes_in};

/// `fact` in the language of `phrases`. Words of others are in `language`, which is empty where it is not known, as HTML has it; what
/// is in English says so.
pub(super) fn html(fact: &Fact, phrases: Phrases, language: &str) -> String {
    let teller = Teller { phrases, language };
    let mut html = String::new();
    teller.push_fact(&mut html, fact);
    html
}

struct Teller<'a> {
    phrases: Phrases,
    language: &'a str,
}

impl Teller<'_> {
    fn push_fact(&self, html: &mut String, fact: &Fact) {
        let form = fact
            .number()
            .map_or_else(|| self.phrases.find(fact.phrase()), |number| self.phrases.form(fact.phrase(), number));
        let is_english = !self.phrases.has(fact.phrase()) && self.phrases.0 != Locale::English;
        let mut rest = form;
        while let Some((before, place)) = rest.split_once('{') {
            let (name, after) = place.split_once('}').unwrap_or((place, ""));
            push_ours(html, before, is_english);
            if let Some(value) = fact.value(name) {
                self.push_value(html, value);
            }
            rest = after;
        }
        push_ours(html, rest, is_english);
    }

    fn push_value(&self, html: &mut String, value: &Value) {
        match value {
            Value::Words(words) => self.push_theirs(html, words),
            Value::Quoted(words) => {
                let (open, close) = quotes_in(self.phrases.0);
                html.push_str(open);
                self.push_theirs(html, words);
                html.push_str(close);
            }
            Value::English(words) => push_ours(html, &plain(&without_error_numbers(words)), true),
            Value::Number(number) => html.push_str(&number.to_string()),
            Value::Facts(facts) => {
                for (at, fact) in facts.iter().enumerate() {
                    html.push_str(if at == 0 { "" } else { ", " });
                    self.push_fact(html, fact);
                }
            }
        }
    }

    fn push_theirs(&self, html: &mut String, words: &str) {
        html.extend(["<bdi lang=\"", &escape(self.language), "\">", &escape(&plain(words)), "</bdi>"]);
    }
}

/// Words of ours; in English where the page's language has none for them.
fn push_ours(html: &mut String, words: &str, is_english: bool) {
    if is_english && words.chars().any(char::is_alphabetic) {
        html.extend(["<span lang=\"en\">", &escape(words), "</span>"]);
    } else {
        html.push_str(&escape(words));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_ours_are_translated_and_words_of_others_are_set_apart() {
        let change = Fact::new("{old} → {new}").quoting("a <b>").quoting("כן.");
        let fact = Fact::new("{fact} and {number} more").with(Fact::new("figure {change}").with(change)).with(2_u32);
        assert_eq!(
            html(&fact, Phrases(Locale::German), "he"),
            "Zahl „<bdi lang=\"he\">a &lt;b&gt;</bdi>“ → „<bdi lang=\"he\">כן.</bdi>“ und 2 weitere"
        );
        assert_eq!(html(&Fact::new("there again"), Phrases(Locale::English), ""), "there again");
    }

    #[test]
    fn what_is_left_in_english_says_so() {
        let polish = Phrases(Locale::Polish);
        let kept = Fact::english("Connection reset by peer (os error 104)");
        assert_eq!(html(&kept, polish, "pl"), "<span lang=\"en\">Connection reset by peer</span>");
        let unknown = Fact::kept("said by a later redraft: {x}".to_owned(), vec!["tak".into()]);
        assert_eq!(
            html(&unknown, polish, ""),
            "<span lang=\"en\">said by a later redraft: </span><bdi lang=\"\">tak</bdi>"
        );
    }
}
