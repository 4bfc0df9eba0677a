//! What of a long comparison is on its page: changes with what stands around them; what is far from any change is folded, or
//! left out where there is much of it.

use super::moves::Jump;

/// Unchanged paragraphs left open beside a change.
const OPEN_AROUND: usize = 1;
/// Fewer unchanged paragraphs in a row than this are not worth folding.
const MIN_FOLDED: usize = 2;
/// Of longer runs of unchanged paragraphs the middle is left out: the version's own page has the whole text.
const MAX_RUN: usize = 20;
/// Paragraphs that stay at either end of such a run, to know the place by.
const RUN_EDGE: usize = 3;
/// Most HTML of one page of a comparison: pages stay below 60 KB. What does not fit is on the next page.
const MAX_ROWS_BYTES: usize = 48 * 1024;
/// What a row needs besides its text: elements, classes, a label.
const ROW_BYTES: usize = 220;

/// Something on both sides, or on one.
#[derive(Default)]
pub(super) struct Row {
    /// `same`, `restyled`, `divided`, `changed`, `added`, `removed`, `moved`, `changed moved`, `trace moved` at the old place of text that
    /// moved; for the stylesheet.
    pub(super) fate: &'static str,
    /// The kind of block, for the stylesheet.
    pub(super) kind: &'static str,
    /// What happened, in words; empty where nothing did.
    pub(super) label: String,
    /// HTML; empty where it is only on the other side.
    pub(super) old: String,
    pub(super) new: String,
    /// Between the two places of what moved.
    pub(super) jump: Jump,
}

impl Row {
    fn is_same(&self) -> bool {
        self.fate == "same"
    }

    /// Whether a reader who looks for changes can pass over it.
    fn is_quiet(&self) -> bool {
        self.is_same() || matches!(self.fate, "restyled" | "divided")
    }

    /// How much of the page it takes, roughly.
    fn bytes(&self) -> usize {
        ROW_BYTES + self.new.len() + if self.is_same() { 0 } else { self.old.len() }
    }
}

/// A run of rows, folded or open.
#[derive(Default)]
pub(super) struct Part {
    /// How many rows the run has, where it is folded.
    pub(super) folded: usize,
    /// How many of these are written differently.
    pub(super) restyled: usize,
    pub(super) rows: Vec<Row>,
    /// How many rows are left out after [`Part::rows`], before [`Part::rest`].
    pub(super) left_out: usize,
    pub(super) rest: Vec<Row>,
}

/// Rows in runs, those far from any change folded, and how many rows at the end are too much for one page.
pub(super) fn fold(rows: Vec<Row>) -> (Vec<Part>, usize) {
    let open = open(&rows);
    let mut parts: Vec<Part> = Vec::new();
    for (row, open) in rows.into_iter().zip(open) {
        match parts.last_mut() {
            Some(part) if (part.folded == 0) == open => {
                part.rows.push(row);
                part.folded += usize::from(!open);
            }
            _ => parts.push(Part { folded: usize::from(!open), rows: vec![row], ..Part::default() }),
        }
    }
    for part in &mut parts {
        part.restyled = part.rows.iter().filter(|row| !row.is_same()).count();
        if part.folded < MIN_FOLDED {
            part.folded = 0;
        } else if part.folded > MAX_RUN && part.restyled == 0 {
            part.rest = part.rows.split_off(part.folded - RUN_EDGE);
            part.rows.truncate(RUN_EDGE);
            part.left_out = part.folded - 2 * RUN_EDGE;
        }
    }
    bounded(parts)
}

/// Which rows are a change or close to one. Words that are only written differently are a change where nothing else is.
fn open(rows: &[Row]) -> Vec<bool> {
    let all_quiet = rows.iter().all(Row::is_quiet);
    let is_change = |row: &Row| if all_quiet { !row.is_same() } else { !row.is_quiet() };
    let is_open = |at: usize| {
        let near = at.saturating_sub(OPEN_AROUND)..=(at + OPEN_AROUND).min(rows.len() - 1);
        rows[near].iter().any(is_change)
    };
    (0..rows.len()).map(is_open).collect()
}

/// The parts that fit [`MAX_ROWS_BYTES`], the last one perhaps in part, and how many rows do not.
fn bounded(parts: Vec<Part>) -> (Vec<Part>, usize) {
    let mut room = MAX_ROWS_BYTES;
    let mut fits = |row: &Row| {
        // Once a row does not fit, none does: the page ends there, without holes.
        room = if row.bytes() <= room { room - row.bytes() } else { 0 };
        room > 0
    };
    let (mut kept, mut cut) = (Vec::new(), 0);
    for mut part in parts {
        let total = part.rows.len() + part.left_out + part.rest.len();
        let whole = part.rows.iter().chain(&part.rest).take_while(|row| fits(row)).count();
        if whole == part.rows.len() + part.rest.len() {
            kept.push(part);
            continue;
        }
        part.rows.truncate(whole);
        cut += total - part.rows.len();
        part.folded = if part.folded > 0 && whole >= MIN_FOLDED { part.rows.len() } else { 0 };
        part.restyled = part.rows.iter().filter(|row| !row.is_same()).count();
        (part.left_out, part.rest) = (0, Vec::new());
        if !part.rows.is_empty() {
            kept.push(part);
        }
    }
    (kept, cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(fate: &'static str, bytes: usize) -> Row {
        let text = "x".repeat(bytes);
        Row { fate, kind: "paragraph", label: String::new(), old: text.clone(), new: text, jump: Jump::default() }
    }

    #[test]
    fn a_long_unchanged_run_keeps_its_ends_only() {
        let mut rows: Vec<Row> = (0..3000).map(|_| row("same", 150)).collect();
        rows[1500] = row("changed", 150);
        let (parts, cut) = fold(rows);
        let shape: Vec<_> =
            parts.iter().map(|part| (part.folded, part.rows.len(), part.left_out, part.rest.len())).collect();
        assert_eq!(shape, [(1499, 3, 1493, 3), (0, 3, 0, 0), (1498, 3, 1492, 3)]);
        assert_eq!(cut, 0);
    }

    #[test]
    fn a_short_unchanged_run_is_folded_whole() {
        let mut rows: Vec<Row> = (0..=MAX_RUN + 1).map(|_| row("same", 10)).collect();
        rows[0] = row("added", 10);
        let (parts, _) = fold(rows);
        assert_eq!((parts[1].folded, parts[1].rows.len(), parts[1].left_out), (MAX_RUN, MAX_RUN, 0));
    }

    #[test]
    fn a_rewrite_ends_where_the_page_is_full_and_counts_the_rest() {
        let (parts, cut) = fold((0..3000).map(|_| row("changed", 150)).collect());
        let shown: usize = parts.iter().map(|part| part.rows.len()).sum();
        let bytes: usize = parts.iter().flat_map(|part| &part.rows).map(Row::bytes).sum();
        assert_eq!(shown + cut, 3000);
        assert!(bytes <= MAX_ROWS_BYTES && bytes > MAX_ROWS_BYTES - 1000, "{bytes}");
        let (parts, cut) = fold(vec![row("changed", MAX_ROWS_BYTES), row("changed", 1)]);
        assert_eq!((parts.len(), cut), (0, 2), "a hole would hide a change");
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(fold(Vec::new()).0.len(), 0);
    }
}
