//! The cost of comparing and judging: an article of 1,000 words with one edit (bar 1.5 ms), and adversarial texts of
//! 200,000 words of every kind that we could think of (bar 2 s each).

use divan::{Bencher, black_box};
use redraft::classify::classify;
use redraft::compare::compare;
use redraft::model::{Content, Judging};

fn main() {
    divan::main();
}

/// Pseudo-random words without a library: the Lehmer sequence.
fn words(count: usize, vocabulary: u64, seed: u64) -> Vec<String> {
    let mut state = seed.max(1);
    let next = |state: &mut u64| {
        *state = *state * 48_271 % 2_147_483_647;
        *state
    };
    (0..count).map(|_| format!("w{}", next(&mut state) % vocabulary)).collect()
}

/// Paragraphs of three sentences of fifteen words.
fn article(count: usize, vocabulary: u64, seed: u64) -> Content {
    let words = words(count, vocabulary, seed);
    let paragraphs = words.chunks(45).map(|paragraph| {
        let sentences = paragraph.chunks(15).map(|sentence| format!("The {}.", sentence.join(" ")));
        sentences.collect::<Vec<_>>().join(" ")
    });
    Content::of_paragraphs("A headline of some words", paragraphs)
}

fn judge(old: &Content, new: &Content) -> f64 {
    let comparison = compare(black_box(old), black_box(new));
    classify(old, new, &comparison, &Judging::default()).score
}

#[divan::bench]
fn thousand_words_one_edit(bencher: Bencher) {
    let old = article(1_000, 400, 1);
    let mut new = old.clone();
    new.blocks[11].text =
        new.blocks[11].text.replacen(" w", " changed w", 1).replacen(". The", ", allegedly 12. The", 1);
    bencher.bench(|| judge(&old, &new));
}

#[divan::bench]
fn thousand_words_rewritten(bencher: Bencher) {
    let (old, new) = (article(1_000, 400, 1), article(1_000, 400, 2));
    bencher.bench(|| judge(&old, &new));
}

/// Adversarial texts of 200,000 words, by name.
const HOSTILE: [&str; 9] = [
    "two texts",
    "one word",
    "two words",
    "one block",
    "one sentence",
    "short sentences",
    "digits",
    "reversed",
    "quotes",
];

fn hostile(name: &str) -> (Content, Content) {
    const WORDS: usize = 200_000;
    let repeat = |text: &str| Content::of_paragraphs("x", [text.repeat(WORDS)]);
    match name {
        "two texts" => (article(WORDS, 5_000, 1), article(WORDS, 5_000, 2)),
        "one word" => (repeat("a "), repeat("a a, ")),
        "two words" => (article(WORDS, 2, 1), article(WORDS, 2, 7)),
        "one block" => {
            let whole =
                |seed| article(WORDS, 3_000, seed).blocks.iter().map(|b| b.text.clone()).collect::<Vec<_>>().join(" ");
            (Content::of_paragraphs("x", [whole(1)]), Content::of_paragraphs("x", [whole(2)]))
        }
        "one sentence" => {
            let whole = |seed| words(WORDS, 3_000, seed).join(" ");
            (Content::of_paragraphs("x", [whole(1)]), Content::of_paragraphs("x", [whole(2)]))
        }
        "short sentences" => {
            let lines = |seed| words(19_000, 50, seed).into_iter().map(|word| format!("So {word} a b c d e f g h."));
            (Content::of_paragraphs("x", lines(1)), Content::of_paragraphs("x", lines(2)))
        }
        "digits" => (repeat("111 "), repeat("1,1.1 ")),
        "reversed" => {
            let old = article(WORDS, 5_000, 1);
            let mut new = old.clone();
            new.blocks.reverse();
            (old, new)
        }
        _ => (repeat("“a.”) "), repeat("“a.”) b ")),
    }
}

#[divan::bench(args = HOSTILE, sample_count = 3, sample_size = 1)]
fn hostile_texts(bencher: Bencher, name: &str) {
    let (old, new) = hostile(name);
    bencher.bench_local(|| judge(&old, &new));
}
