//! Prints the features of blocks, for training. Reads a directory of pages (`index.jsonl` with `id` and `url`, `html/ID.html`).
//! Prints a line of names, then one line a page: `{"id","blocks":[{"text","why","estimate","features":[…]}]}`. `why` is set if a
//! block is furniture by itself; such a block has no features.

use std::error::Error;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use redraft::extract::{Hints, explain};
use redraft::model::Page;
use serde_json::{Value, json};
use url::Url;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("name a directory of pages")?;
    let directory = Path::new(&directory);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut named = false;
    for line in std::fs::read_to_string(directory.join("index.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let id = row["id"].as_str().ok_or("a line of index.jsonl has no id")?;
        let Ok(bytes) = std::fs::read(directory.join("html").join(format!("{id}.html"))) else { continue };
        let url = row["url"]
            .as_str()
            .and_then(|url| Url::parse(url).ok())
            .map_or_else(|| Url::parse("https://page.example/a"), Ok)?;
        let blocks = explain(&Page { url, html: String::from_utf8_lossy(&bytes).into_owned() }, &Hints::default());
        if let (false, Some(block)) = (named, blocks.iter().find(|block| !block.features.is_empty())) {
            let names: Vec<&str> = block.features.iter().map(|(name, _)| name.as_str()).collect();
            writeln!(out, "{}", json!(names))?;
            named = true;
        }
        let blocks: Vec<Value> = blocks
            .iter()
            .map(|block| {
                let values: Vec<i32> = block.features.iter().map(|(_, value)| value.round() as i32).collect();
                json!({"text": block.text, "why": values.is_empty().then_some(&block.why), "estimate": block.estimate, "features": values})
            })
            .collect();
        writeln!(out, "{}", json!({"id": id, "blocks": blocks}))?;
    }
    Ok(())
}
