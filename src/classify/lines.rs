//! Lines beside the text that no list of phrases knows: how to reach the newsroom, the day of an edition, what a text rests on.

use super::lexicon::Lexicons;

/// A call to write to the newsroom has at most so many words.
const MAX_CONTACT_WORDS: usize = 24;
/// The day of an edition has at most so many words.
const MAX_DAY_WORDS: usize = 6;
/// A source's title, publisher and day have at most so many words.
const MAX_CITATION_WORDS: usize = 32;

/// Whether a line (at N2) gives an address of the newsroom, is nothing but a day, or names a source.
pub(super) fn is_beside_text(form: &str, words: usize) -> bool {
    is_contact(form, words) || is_day(form, words) || is_citation(form, words)
}

/// "Are you there? Write to news@example.org".
fn is_contact(form: &str, words: usize) -> bool {
    let address = |word: &str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    words <= MAX_CONTACT_WORDS && form.split(' ').any(address)
}

/// "Friday, March 14, 2014": names of days and months, and numbers.
fn is_day(form: &str, words: usize) -> bool {
    let days = &Lexicons::get().phrases.days;
    let mut named = false;
    let mut all = form.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let day = days.contains(word);
        named |= day;
        day || word.starts_with(|c: char| c.is_ascii_digit())
    });
    words <= MAX_DAY_WORDS && all.all(|known| known) && named && form.contains(|c: char| c.is_ascii_digit())
}

/// `"Bridge opened". Example Times, May 3, 1932`: a title between quotation marks, and a year at the end.
fn is_citation(form: &str, words: usize) -> bool {
    let dated = form.rsplit([' ', ',']).next().is_some_and(|year| year.len() == 4 && year.parse::<u16>().is_ok());
    dated && words <= MAX_CITATION_WORDS && matches!(form.matches('"').count(), 1 | 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_beside(text: &str) -> bool {
        let form = crate::compare::normal::comparison_form(text);
        is_beside_text(&form, form.split(' ').count())
    }

    #[test]
    fn addresses_days_and_sources_stand_beside_the_text() {
        for text in [
            "Were you on the ferry? Write to news@example.org",
            "Friday, March 14, 2014",
            "3. Mai 2019",
            "Jane Doe. “Ferry stopped after accident”. Example Times, May 3, 2019",
        ] {
            assert!(is_beside(text), "{text}");
        }
        for text in
            ["He was born in 1932", "12 dead", "He called it “a farce” in March 2012, and left.", "May 3 was a Friday"]
        {
            assert!(!is_beside(text), "{text}");
        }
    }
}
