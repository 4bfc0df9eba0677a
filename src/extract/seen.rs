//! What one element's name and attributes say.

use std::collections::HashMap;

use dom_query::{LocalName, NodeRef};

use super::marks::{self, Marks};

/// Whether an element is a landmark that holds no article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Landmark {
    /// It is none of these.
    #[default]
    None,
    /// A box that comes to the reader: a dialog, an alert, a note at the side. Of these, a correction is the article's.
    Announcement,
    /// What leads elsewhere: navigation, search, a menu.
    Navigation,
}

/// What an element's name and attributes say.
pub(super) struct Seen {
    /// Its name.
    pub(super) tag: LocalName,
    /// What class, id and the like say.
    pub(super) marks: Marks,
    /// What sort of landmark it is.
    pub(super) landmark: Landmark,
    /// Whether its text is a correction, as microdata says.
    pub(super) is_correction: bool,
    /// Whether it is off the page.
    pub(super) hidden: bool,
    /// Whether it is a field to type into.
    pub(super) typed: bool,
}

impl Seen {
    /// An element without attributes.
    pub(super) fn named(name: &str) -> Self {
        Self {
            tag: LocalName::from(name),
            marks: Marks::default(),
            landmark: Landmark::None,
            is_correction: false,
            hidden: false,
            typed: false,
        }
    }

    pub(super) fn of(node: &NodeRef<'_>, known: &mut HashMap<String, Marks>) -> Option<Self> {
        let element = node.element_ref()?;
        let mut seen = Self::named(&element.name.local);
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "itemprop" => {
                    seen.is_correction = value.split_whitespace().any(|name| name == "correction");
                    seen.marks = seen.marks.and(marks_of(value, known));
                }
                "class" | "id" | "data-component" | "data-module" | "data-testid" | "data-type" => {
                    seen.marks = seen.marks.and(marks_of(value, known));
                }
                "role" => seen.landmark = seen.landmark.max(landmark(value)),
                "hidden" => seen.hidden |= !value.eq_ignore_ascii_case("until-found"),
                "style" => seen.hidden |= hides(value),
                "type" => seen.typed |= matches!(value, "email" | "text" | "search" | "tel" | "password"),
                _ => {}
            }
        }
        let by_name = match &*seen.tag {
            "nav" | "search" | "menu" => Landmark::Navigation,
            "dialog" => Landmark::Announcement,
            _ => Landmark::None,
        };
        seen.landmark = seen.landmark.max(by_name);
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

fn landmark(role: &str) -> Landmark {
    match role.trim() {
        "navigation" | "search" | "menu" | "menubar" | "toolbar" | "tablist" | "tooltip" => Landmark::Navigation,
        "dialog" | "alertdialog" | "alert" | "complementary" | "banner" | "contentinfo" => Landmark::Announcement,
        _ => Landmark::None,
    }
}

/// Whether an inline style takes the element off the page.
fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).take(400).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}
