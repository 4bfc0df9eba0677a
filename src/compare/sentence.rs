//! Splits blocks into sentences. Similar to UAX #29, with corrections for news: abbreviations, initials, `3. Mai`,
//! `a.m.`, closing quotes, full stops of other scripts.

use std::ops::Range;

use super::token::{Kind, Token};

/// Number of tokens after which a sentence in a script without full stops (Thai) ends at the next space.
const LONG_SENTENCE_TOKENS: usize = 80;
/// Limit of tokens in a sentence; bounds the work on one pair.
pub(super) const MAX_SENTENCE_TOKENS: usize = 800;

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "gov", "gen", "sen", "rep", "lt", "col", "sgt", "capt", "rev",
    "hon", "vs", "etc", "no", "nos", "inc", "ltd", "co", "corp", "dept", "est", "approx", "vol", "fig", "jan", "feb",
    "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "nr", "bzw", "ca", "evtl", "ggf", "inkl",
    "mio", "mrd", "str", "tel", "usw", "vgl", "sr", "sra", "dra", "ud", "uds", "ee", "uu", "av", "art", "pág", "núm",
    "mme", "mlle", "ste", "bd", "env", "m", "al", "i.e", "e.g", "a.m", "p.m", "u.s", "u.k", "d.h", "z.b", "u.a", "tzw",
    "np", "ul", "ok", "tys", "mln", "mld", "r", "w", "im", "ds", "г", "гг", "млн", "млрд", "тыс", "руб", "им", "ул",
    "см", "др", "т.е", "bl.a", "osv", "ca", "f.eks", "kl", "mvh", "sz", "kb", "stb", "pl", "dhr", "mevr", "bijv",
];

/// Beginnings of month names, which follow an ordinal with a full stop: `3. Mai`, `17. maaliskuuta`.
const MONTH_STEMS: &[&str] = &[
    "jan", "jän", "feb", "feber", "mär", "mar", "apr", "mai", "maj", "máj", "jun", "jun", "jul", "júl", "aug", "sep",
    "sze", "okt", "nov", "dez", "dec", "des", "led", "úno", "bře", "dub", "kvě", "červ", "srp", "zář", "říj", "list",
    "pros", "tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu",
];

/// The sentences of a block, as ranges of its tokens without gaps. White space belongs to the sentence before it.
pub(super) fn split_sentences(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < tokens.len() {
        at = match end_after(text, tokens, start, at) {
            Some(end) => {
                found.push(start..end);
                start = end;
                end
            }
            None => at + 1,
        };
    }
    if start < tokens.len() {
        found.push(start..tokens.len());
    }
    found
}

/// The end of the sentence, if the token at `at` is its last. `None` otherwise.
fn end_after(text: &str, tokens: &[Token], start: usize, at: usize) -> Option<usize> {
    let token = &tokens[at];
    // Only the first sentence of a block can begin with white space, which must not count.
    let length = at + 1 - start - usize::from(tokens[start].kind == Kind::Blank);
    if length >= MAX_SENTENCE_TOKENS {
        return Some(at + 1);
    }
    if token.kind == Kind::Blank && length >= LONG_SENTENCE_TOKENS && at > 0 {
        return (tokens[at - 1].kind == Kind::Character).then_some(at + 1);
    }
    if token.kind != Kind::Mark {
        return None;
    }
    match token_text(text, token).chars().next()? {
        '。' | '！' | '？' | '｡' | '។' => Some(after_closers(text, tokens, at + 1)),
        '!' | '?' | '؟' | '۔' | '।' | '॥' | '…' | '⁈' => end_after_stop(text, tokens, at),
        '.' if !is_inner_stop(text, tokens, start, at) => end_after_stop(text, tokens, at),
        _ => None,
    }
}

fn token_text<'a>(text: &'a str, token: &Token) -> &'a str {
    &text[token.range.start as usize..token.range.end as usize]
}

/// The end of a sentence whose stop must be followed by white space and by a character that is not a lower-case letter.
fn end_after_stop(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let end = after_closers(text, tokens, at + 1);
    let blank = tokens.get(end.checked_sub(1)?)?.kind == Kind::Blank;
    let next = tokens.get(end).and_then(|token| token_text(text, token).chars().next())?;
    (blank && !next.is_lowercase() && !matches!(next, ',' | ';' | ':' | ')' | '-' | '–' | '—')).then_some(end)
}

/// The first token after closing quotes and brackets and the white space that follows.
fn after_closers(text: &str, tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while let Some(token) = tokens.get(at).filter(|token| token.kind == Kind::Mark) {
        let blank_behind = tokens.get(at + 1).is_none_or(|next| next.kind == Kind::Blank);
        let closes = match token_text(text, token).chars().next() {
            Some('”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）') => true,
            Some('"' | '\'' | '“' | '‘') => blank_behind,
            _ => false,
        };
        if !closes {
            break;
        }
        at += 1;
    }
    while tokens.get(at).is_some_and(|token| token.kind == Kind::Blank) {
        at += 1;
    }
    at
}

/// Whether a full stop belongs to an abbreviation, an initial or an ordinal.
fn is_inner_stop(text: &str, tokens: &[Token], start: usize, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]).filter(|_| at > start) else {
        return false;
    };
    let word = token_text(text, before);
    match before.kind {
        Kind::Word => {
            let mut chars = word.chars();
            let initial = chars.next().is_some_and(char::is_uppercase) && chars.next().is_none();
            initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str()) || is_dotted(text, tokens, at)
        }
        Kind::Number => {
            word.chars().count() <= 2 && (is_first(tokens, start, at - 1) || precedes_month(text, tokens, at))
        }
        _ => false,
    }
}

/// Whether a token is the first of its sentence, white space aside.
fn is_first(tokens: &[Token], start: usize, at: usize) -> bool {
    tokens[start..at].iter().all(|token| token.kind == Kind::Blank)
}

/// Whether the stop ends something like `a.m.` or `z.B.`: letter, stop, letter, this stop.
fn is_dotted(text: &str, tokens: &[Token], at: usize) -> bool {
    at >= 3 && token_text(text, &tokens[at - 2]) == "." && token_text(text, &tokens[at - 1]).chars().count() <= 2
}

fn precedes_month(text: &str, tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 2).is_some_and(|token| {
        let word = token_text(text, token).to_lowercase();
        token.kind == Kind::Word && MONTH_STEMS.iter().any(|stem| word.starts_with(stem))
    })
}

#[cfg(test)]
mod tests {
    use super::super::token::Vocabulary;
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let tokens = Vocabulary::default().tokens(text);
        split_sentences(text, &tokens)
            .into_iter()
            .map(|range| {
                text[tokens[range.start].range.start as usize..tokens[range.end - 1].range.end as usize].trim()
            })
            .collect()
    }

    #[test]
    fn sentences_end_at_stops_with_a_capital_behind() {
        assert_eq!(split("He left. She stayed! Why? Because."), ["He left.", "She stayed!", "Why?", "Because."]);
        assert_eq!(split("“I left.” She said so."), ["“I left.”", "She said so."]);
    }

    #[test]
    fn abbreviations_initials_and_ordinals_do_not_end_them() {
        for whole in ["Mr. Smith met J. R. Brown at 5 p.m. London time.", "Am 3. Mai kam Dr. Mann.", "3. Secure it."] {
            assert_eq!(split(whole), [whole]);
        }
    }

    #[test]
    fn other_scripts_have_their_own_stops() {
        assert_eq!(split("他走了。“她说！”我们在。"), ["他走了。", "“她说！”", "我们在。"]);
        assert_eq!(split("वह गया। वह आई।"), ["वह गया।", "वह आई।"]);
        assert_eq!(split("هل ذهب؟ نعم."), ["هل ذهب؟", "نعم."]);
    }
}
