//! Text → tokens that a mark never splits: words, numbers with their signs and units, times, addresses, single marks of
//! punctuation, runs of white space.

use unicode_segmentation::UnicodeSegmentation;

/// The tokens of `text`, in order; joined they are `text` again.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| c.is_whitespace() == first.is_whitespace();
        let (chunk, after) = rest.split_at(rest.find(|c| !same(c)).unwrap_or(rest.len()));
        if first.is_whitespace() {
            tokens.push(chunk);
        } else {
            push_words(&mut tokens, chunk);
        }
        rest = after;
    }
    tokens
}

/// Whether a token is white space.
pub(super) fn is_blank(token: &str) -> bool {
    token.chars().all(char::is_whitespace)
}

/// Whether a token has neither letters nor digits.
pub(super) fn is_punctuation(token: &str) -> bool {
    !token.chars().any(char::is_alphanumeric)
}

fn push_words<'a>(tokens: &mut Vec<&'a str>, chunk: &'a str) {
    let body = chunk.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '”', '’', '»']);
    let (address, tail) = if is_address(body) { chunk.split_at(body.len()) } else { ("", chunk) };
    if !address.is_empty() {
        tokens.push(address);
    }
    push_glued(tokens, tail);
}

fn is_address(chunk: &str) -> bool {
    chunk.contains("://") || chunk.starts_with("www.")
}

/// Pieces between Unicode word boundaries, those of one number, amount or time put together again.
fn push_glued<'a>(tokens: &mut Vec<&'a str>, chunk: &'a str) {
    let bounds: Vec<(usize, &str)> = chunk.split_word_bound_indices().collect();
    let mut start = 0;
    for (index, (at, piece)) in bounds.iter().enumerate() {
        let end = at + piece.len();
        let next = bounds.get(index + 1).map_or("", |(_, piece)| piece);
        let after = bounds.get(index + 2).map_or("", |(_, piece)| piece);
        if !belongs_together(&chunk[start..end], next, after) {
            tokens.push(&chunk[start..end]);
            start = end;
        }
    }
}

fn belongs_together(token: &str, next: &str, after: &str) -> bool {
    let Some(last) = token.chars().next_back() else { return false };
    let joins = |piece: &str, joiners: &str| piece.chars().count() == 1 && joiners.contains(piece);
    let starts_digit = |piece: &str| piece.starts_with(char::is_numeric);
    let starts_word = |piece: &str| piece.starts_with(char::is_alphanumeric);
    // £5, −3, #7
    if starts_digit(next) && (is_sign(last) && token.chars().count() == 1) {
        return true;
    }
    // 5%, 20°, 7€
    if last.is_numeric() && joins(next, "%‰°€£$¥") {
        return true;
    }
    // 11:40, 1/2, 2–3, 1’000, and with letters on one side COVID-19, 5-year
    let digits_around = last.is_numeric() && starts_digit(after) && joins(next, ":/.,-–'’");
    let hyphen =
        last.is_alphanumeric() && starts_word(after) && joins(next, "-") && (last.is_numeric() || starts_digit(after));
    // The joiner itself was taken for what follows it.
    let joined = ":/.,-–'’".contains(last) && token.chars().count() > 1 && starts_word(next);
    digits_around || hyphen || joined
}

fn is_sign(c: char) -> bool {
    matches!(c, '£' | '$' | '€' | '¥' | '₹' | '₽' | '₴' | '+' | '-' | '−' | '#' | '№')
}
