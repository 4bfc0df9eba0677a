//! XML as a tree, read by another parser than the one that wrote it, every check on.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use quick_xml::{XmlVersion, escape};

/// The namespaces that our feeds may use, with the prefixes that everybody knows them by.
const NAMESPACES: [(&str, &str); 3] = [
    ("http://www.w3.org/2005/Atom", "atom"),
    ("http://purl.org/syndication/thread/1.0", "thr"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
];

/// An element with all that is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// `title` without a namespace, `atom:title` with one, whatever its prefix.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// Its own text.
    pub(super) text: String,
    /// Whether a character of it was written by its hexadecimal number.
    pub(super) is_hex: bool,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find_map(|(own, value)| (own == name).then_some(value.as_str()))
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// This element and all within it.
    pub(super) fn each(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.children.iter().flat_map(Self::each)).collect()
    }
}

/// The document's element; why it is none, else.
pub(super) fn read(text: &str) -> Result<Element, String> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut open = vec![Element::default()];
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => Some(namespace.as_ref().to_owned()),
            ResolveResult::Unbound => None,
            ResolveResult::Unknown(prefix) => return Err(format!("prefix {prefix:?} is not declared")),
        };
        let parent = open.len() - 1;
        match event {
            Event::Start(start) => open.push(element(&start, namespace.as_deref())?),
            Event::Empty(start) => open[parent].children.push(element(&start, namespace.as_deref())?),
            Event::End(_) => {
                let closed = open.pop().ok_or("an end without a beginning")?;
                open.last_mut().ok_or("an end without a beginning")?.children.push(closed);
            }
            Event::Text(text) => open[parent].text.push_str(&text.xml10_content()),
            Event::CData(text) => open[parent].text.push_str(&text.xml10_content()),
            Event::GeneralRef(named) => {
                let letter = named.resolve_char_ref().map_err(|error| error.to_string())?.map(String::from);
                let name = named.xml10_content();
                open[parent].is_hex |= name.starts_with("#x");
                let known = letter.or_else(|| escape::resolve_xml_entity(&name).map(str::to_owned));
                open[parent].text.push_str(&known.ok_or_else(|| format!("entity {name} is not declared"))?);
            }
            Event::DocType(_) | Event::PI(_) => return Err("a document type or an instruction".to_owned()),
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    let [mut document] = <[Element; 1]>::try_from(open).map_err(|open| format!("<{}> is not closed", open[1].name))?;
    match (document.children.len(), document.text.trim()) {
        (1, "") => Ok(document.children.remove(0)),
        _ => Err("not one element".to_owned()),
    }
}

fn element(start: &BytesStart<'_>, namespace: Option<&str>) -> Result<Element, String> {
    let local = start.local_name().as_ref().to_owned();
    let name = match namespace {
        None => local,
        Some(namespace) => {
            let known = NAMESPACES.into_iter().find(|(address, _)| *address == namespace);
            format!("{}:{local}", known.ok_or_else(|| format!("namespace {namespace} is not known"))?.1)
        }
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { name, attributes, ..Element::default() })
}
