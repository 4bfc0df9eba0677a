//! What a publisher says its language is, where it is a language.

/// The two-letter codes of ISO 639-1 (<https://www.loc.gov/standards/iso639-2/php/code_list.php>): `uk` is one, `ua` is not.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz \
                     ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik \
                     io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml \
                     mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd \
                     se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi \
                     vo wa wo xh yi yo za zh zu";
/// Longest tag: RFC 5646 needs 35 for any that is in use.
const MAX_TAG_CHARS: usize = 35;

/// `tag` as RFC 5646 writes it; none where it names no language, as `jp`, `english` and `<b>` do not. Feed readers refuse such a
/// feed, or speak it in a wrong voice. Codes of three letters are taken as they are: there are eight thousand.
pub(super) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let is_known = match primary.len() {
        2 => CODES.split(' ').any(|code| code == primary),
        3 => primary.bytes().all(|byte| byte.is_ascii_lowercase()),
        _ => false,
    };
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_known && tag.len() <= MAX_TAG_CHARS && tag.split('-').all(part)).then_some(tag)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_tag_is_a_language_or_nothing() {
        for (tag, named) in [
            ("en-GB", Some("en-GB")),
            (" pt_BR ", Some("pt-BR")),
            ("zh-Hant-TW", Some("zh-Hant-TW")),
            ("fil", Some("fil")),
            ("jp", None),
            ("english", None),
            ("en-", None),
            ("x-default", None),
            ("", None),
            ("<b>", None),
        ] {
            assert_eq!(super::language(tag).as_deref(), named, "{tag}");
        }
    }
}
