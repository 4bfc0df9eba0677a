//! A payload of the operator's own making: JSON in whose texts `{{name}}` stands for something of an entry.
//!
//! The template is read as JSON first and filled afterwards, text by text: whatever a headline says, the outcome is the same JSON
//! with other texts. A text that is nothing but a placeholder becomes the value itself: a score stays a number, classes a list.

use serde_json::Value;

use super::text::shortened;

/// A template that was read: valid JSON, all of whose placeholders are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Value);

/// What stands between two placeholders, or a placeholder.
enum Part<'a> {
    Text(&'a str),
    Field { name: &'a str, most_chars: Option<usize> },
}

impl Template {
    /// What a template may speak of.
    pub const NAMES: [&'static str; 21] = [
        "entry",
        "id",
        "title",
        "summary",
        "text",
        "html",
        "url",
        "article_url",
        "headline",
        "was",
        "now",
        "kind",
        "classes",
        "score",
        "disclosure",
        "date",
        "language",
        "sources",
        "publication",
        "site",
        "notice",
    ];

    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong, as a fragment that follows the name of the setting.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        check(&value)?;
        Ok(Self(value))
    }

    /// The template with `fields` in place of its placeholders; one that there is not is empty.
    #[must_use]
    pub fn fill(&self, fields: &Value) -> Value {
        filled(&self.0, fields)
    }
}

/// Refuses placeholders that nothing fills.
fn check(value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) => parts(text).into_iter().try_for_each(|part| match part {
            Part::Field { name, .. } if !Template::NAMES.contains(&name) => {
                Err(format!("has {{{{{name}}}}}, and there are {}", Template::NAMES.join(", ")))
            }
            _ => Ok(()),
        }),
        Value::Array(list) => list.iter().try_for_each(check),
        Value::Object(map) => map.values().try_for_each(check),
        _ => Ok(()),
    }
}

fn filled(value: &Value, fields: &Value) -> Value {
    match value {
        Value::String(text) => match parts(text)[..] {
            [Part::Field { name, most_chars: None }] => fields[name].clone(),
            ref parts => parts.iter().map(|part| written(part, fields)).collect::<String>().into(),
        },
        Value::Array(list) => list.iter().map(|value| filled(value, fields)).collect(),
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), filled(value, fields))).collect(),
        other => other.clone(),
    }
}

/// A part as text: lists with commas, cut to its length where it has one.
fn written(part: &Part<'_>, fields: &Value) -> String {
    match part {
        Part::Text(text) => (*text).to_owned(),
        Part::Field { name, most_chars } => {
            let text = as_text(&fields[*name]);
            most_chars.map_or_else(|| text.clone(), |most| cut(&text, most))
        }
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(as_text).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// At most so many characters, the `…` of a cut included; lines stay lines where nothing is cut.
pub(super) fn cut(text: &str, most_chars: usize) -> String {
    if text.chars().count() <= most_chars { text.to_owned() } else { shortened(text, most_chars.saturating_sub(2)) }
}

/// `text` in parts: `{{name}}` and `{{name:200}}` are fields, anything else is text.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, inside, after)) = next(rest) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let (name, most) =
            inside.split_once(':').map_or((inside, None), |(name, most)| (name, most.trim().parse().ok()));
        parts.push(Part::Field { name: name.trim(), most_chars: most });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// The first placeholder with what is before and after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inside, after) = rest.split_once("}}")?;
    Some((before, inside, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fill(template: &str) -> Value {
        let fields = json!({ "title": "A \"quoted\" \\ title\n", "score": 0.75, "classes": ["figure", "quote"],
            "text": "one two three four five", "entry": { "id": "tag:x" } });
        Template::parse(template).unwrap().fill(&fields)
    }

    #[test]
    fn what_is_filled_in_stays_inside_its_text_whatever_it_says() {
        let filled =
            fill(r#"{"a": "{{title}}!", "b": ["{{ score }}", "s {{score}}"], "c": {"d": "{{classes}}"}, "e": 7}"#);
        let expected = json!({ "a": "A \"quoted\" \\ title\n!", "b": [0.75, "s 0.75"], "c": { "d": ["figure", "quote"] }, "e": 7 });
        assert_eq!(filled, expected);
        assert_eq!(
            fill(r#"["{{entry}}", "in {{classes}}", "{{language}}", "{{ {{x"]"#),
            json!([{ "id": "tag:x" }, "in figure, quote", null, "{{ {{x"])
        );
    }

    #[test]
    fn a_length_cuts_between_words() {
        assert_eq!(fill(r#"["{{text:12}}", "{{text:100}}"]"#), json!(["one two …", "one two three four five"]));
    }

    #[test]
    fn what_nothing_fills_is_refused_when_it_is_read() {
        for (template, why) in [
            ("{", "is not JSON"),
            (r#"{"a": ["{{titel}}"]}"#, "has {{titel}}, and there are entry, id, title"),
            ("text {{title}}", "is not JSON"),
        ] {
            let error = Template::parse(template).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
