//! What one element's name and attributes say.

use std::collections::HashMap;

use dom_query::{LocalName, NodeRef};

use super::marks::{self, Marks};

/// What an element's name and attributes say.
pub(super) struct Seen {
    /// Its name.
    pub(super) tag: LocalName,
    /// What class, id and the like say.
    pub(super) marks: Marks,
    /// Whether it is a landmark that holds no article.
    pub(super) landmark: bool,
    /// Whether it is off the page.
    pub(super) hidden: bool,
    /// Whether it is a field to type into.
    pub(super) typed: bool,
}

impl Seen {
    pub(super) fn of(node: &NodeRef<'_>, known: &mut HashMap<String, Marks>) -> Option<Self> {
        let element = node.element_ref()?;
        let mut seen = Self {
            tag: element.name.local.clone(),
            marks: Marks::default(),
            landmark: false,
            hidden: false,
            typed: false,
        };
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "class" | "id" | "itemprop" | "data-component" | "data-module" | "data-testid" | "data-type" => {
                    seen.marks = seen.marks.and(marks_of(value, known));
                }
                "role" => seen.landmark |= is_landmark(value),
                "hidden" => seen.hidden |= !value.eq_ignore_ascii_case("until-found"),
                "style" => seen.hidden |= hides(value),
                "type" => seen.typed |= matches!(value, "email" | "text" | "search" | "tel" | "password"),
                _ => {}
            }
        }
        seen.landmark |= matches!(&*seen.tag, "nav" | "dialog" | "search" | "menu");
        Some(seen)
    }
}

/// What a value says, from `known` where it was read before.
fn marks_of(value: &str, known: &mut HashMap<String, Marks>) -> Marks {
    if let Some(marks) = known.get(value) {
        return *marks;
    }
    let marks = marks::of(value);
    known.insert(value.to_owned(), marks);
    marks
}

fn is_landmark(role: &str) -> bool {
    matches!(
        role.trim(),
        "navigation"
            | "dialog"
            | "alertdialog"
            | "search"
            | "menu"
            | "menubar"
            | "banner"
            | "contentinfo"
            | "complementary"
            | "toolbar"
            | "tablist"
            | "tooltip"
            | "alert"
    )
}

/// Whether an inline style takes the element off the page.
fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).take(400).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}
