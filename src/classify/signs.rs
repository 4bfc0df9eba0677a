//! Signs that change what a number says: a currency, a minus, a per cent.

use super::hunk::{Hunk, Side};
use super::told::change;
use crate::model::{Class, Fact, Reason};

/// Signs of currencies that news write before or behind amounts.
const CURRENCIES: &str = "$£€¥₹₽₺₴₩₪₫₦₱฿₡₲₵₸₼₾¢";
const MINUS: [&str; 2] = ["-", "−"];

/// Another sign at a number: .72 for another currency, .70 for a minus, .45 for a per cent that came or went. Typography has
/// no say here: the letters are the same, the amounts are not.
pub(super) fn sign(hunk: &Hunk) -> Option<Reason> {
    if !hunk.old.words.is_empty() || !hunk.new.words.is_empty() {
        return None;
    }
    let (old, new) = (currencies(&hunk.old), currencies(&hunk.new));
    let score = if !old.is_empty() && !new.is_empty() && old != new {
        0.72
    } else if hunk.before_digit && !hunk.after_digit && is_minus(&hunk.old) != is_minus(&hunk.new) {
        0.70
    } else if hunk.old.shown.contains('%') != hunk.new.shown.contains('%') && hunk.after_digit {
        0.45
    } else {
        return None;
    };
    let fact = Fact::new("figure: {change}").with(change(&hunk.old.shown, &hunk.new.shown));
    Some(Reason { class: Class::Figure, score, fact })
}

fn currencies(side: &Side) -> Vec<char> {
    side.shown.chars().filter(|c| CURRENCIES.contains(*c)).collect()
}

fn is_minus(side: &Side) -> bool {
    MINUS.contains(&side.shown.as_str())
}
