//! Judges two texts with the library alone: `cargo run --example judge -- old.txt new.txt`. The first line of a file is the
//! headline, every other line a paragraph.

use std::error::Error;

use redraft::classify::classify;
use redraft::compare::compare;
use redraft::model::{Content, Judging, Op};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let (Some(old), Some(new)) = (paths.next(), paths.next()) else {
        return Err("give two files: the text as it was, the text as it is".into());
    };
    let (old, new) = (read(&old)?, read(&new)?);
    let comparison = compare(&old, &new);
    let verdict = classify(&old, &new, &comparison, &Judging::default());
    let meaning = if verdict.substantive { "an edit" } else { "not an edit" };
    println!("{meaning}, score {:.2}", verdict.score);
    for reason in &verdict.reasons {
        println!("{:.2} {}: {}", reason.score, reason.class.name(), reason.fact);
    }
    for segment in comparison.passages.iter().flat_map(|passage| &passage.segments) {
        match segment.op {
            Op::Removed => println!("- {}", segment.text.trim()),
            Op::Added => println!("+ {}", segment.text.trim()),
            Op::Same | Op::Moved | Op::MovedAway | Op::MovedAlong => {}
        }
    }
    Ok(())
}

fn read(path: &str) -> Result<Content, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned);
    Ok(Content::of_paragraphs(lines.next().unwrap_or_default(), lines))
}
