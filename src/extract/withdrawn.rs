//! What a page says in the place of an article that was withdrawn: "This article has been removed at the request of …".

use std::ops::Range;
use std::sync::LazyLock;

use super::furniture::furniture;
use super::hints::{Fates, Hints};
use super::parse;
use super::text::is_wide;
use super::walk::{Noscript, Run, walk};
use crate::model::Page;

/// Words of a block that is a notice: retractions that give their reasons have more than a hundred.
const MAX_NOTICE_WORDS: usize = 200;
/// Words of a page's first blocks that are searched, links aside.
const SEARCHED_WORDS: usize = 600;
/// How one language says that an article was withdrawn.
#[derive(Debug, Default)]
struct Language {
    what: Vec<Stem>,
    gone: Vec<Stem>,
    unless: Vec<Stem>,
    /// Words for "or".
    or: Vec<&'static str>,
}

/// The beginning of a word, or of several in a row.
#[derive(Debug)]
struct Stem {
    text: &'static str,
    /// Whether the last word ends here.
    is_whole: bool,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut languages: Vec<(&str, Language)> = Vec::new();
    for line in include_str!("words/withdrawn.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some(((name, part), words)) =
            line.split_once(": ").and_then(|(head, words)| Some((head.split_once(' ')?, words)))
        else {
            continue;
        };
        if languages.last().is_none_or(|(last, _)| *last != name) {
            languages.push((name, Language::default()));
        }
        let Some((_, language)) = languages.last_mut() else { continue };
        let words = words.split(", ");
        match part {
            "what" => language.what.extend(words.map(Stem::of)),
            "gone" => language.gone.extend(words.map(Stem::of)),
            "unless" => language.unless.extend(words.map(Stem::of)),
            _ => language.or.extend(words),
        }
    }
    languages.into_iter().map(|(_, language)| language).collect()
});

/// The words with which `page`, which is not the article's own, says that the article was withdrawn; `None` if it does not. Text
/// before headings, the page's own text before boxes of links and banners.
#[must_use]
pub fn withdrawal(page: &Page, hints: &Hints) -> Option<String> {
    let document = parse::parse(&page.html);
    let walked = walk(&document, &Fates::on(&document, hints), Noscript::Shown);
    let reasons = furniture(&walked);
    let mut left = SEARCHED_WORDS;
    let near = walked.runs.iter().zip(&reasons).take_while(|(run, _)| {
        left = left.saturating_sub(run.words - run.link_words.min(run.words));
        left > 0
    });
    let said: Vec<(&Run, bool)> =
        near.filter(|(run, _)| is_notice(run)).map(|(run, reason)| (run, reason.is_some())).collect();
    let best = said.iter().min_by_key(|(run, is_furniture)| (*is_furniture, run.level.is_some()));
    best.map(|(run, _)| run.text.clone())
}

/// Whether a block says so by itself, and is not the title of something else.
fn is_notice(run: &Run) -> bool {
    let is_link = run.link_words * 2 > run.words;
    !is_link && run.words <= MAX_NOTICE_WORDS && sentences(&run.plain).any(says_withdrawn)
}

/// Whether a sentence says so in each language in which it may: related ones share words for what happened and not for doubt.
fn says_withdrawn(sentence: &str) -> bool {
    let mut told = LANGUAGES.iter().filter_map(|language| Some((language, language.place(sentence)?))).peekable();
    told.peek().is_some() && told.all(|(language, place)| language.is_sure(sentence, &place))
}

fn sentences(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(['.', '!', '?', '。', '！', '？', '।', '؟', '۔', '…'])
}

impl Language {
    /// Where a sentence says that something was withdrawn, if it speaks of an article.
    fn place(&self, sentence: &str) -> Option<Range<usize>> {
        let find = |stems: &[Stem]| stems.iter().find_map(|stem| stem.find(sentence));
        find(&self.what).and_then(|_| find(&self.gone))
    }

    /// Whether it leaves no doubt.
    fn is_sure(&self, sentence: &str, place: &Range<usize>) -> bool {
        let is_doubtful = self.unless.iter().any(|stem| stem.find(sentence).is_some());
        !is_doubtful && !self.is_one_of_two(sentence, place)
    }

    /// Whether the words at `place` are one of two alternatives: `moved or deleted`.
    fn is_one_of_two(&self, sentence: &str, place: &Range<usize>) -> bool {
        let rest = &sentence[place.end..];
        let after = rest.trim_start_matches(|c: char| c.is_alphanumeric() && !stands_anywhere(c)).trim_start();
        let before = sentence[..place.start].trim_end();
        let ends_word = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
        self.or.iter().any(|or| {
            let anywhere = or.chars().next().is_some_and(stands_anywhere);
            let follows = after.strip_prefix(or).is_some_and(|rest| anywhere || ends_word(rest));
            let precedes =
                before.strip_suffix(or).is_some_and(|rest| anywhere || rest.is_empty() || rest.ends_with(' '));
            follows || precedes
        })
    }
}

impl Stem {
    fn of(written: &'static str) -> Self {
        let whole = written.strip_suffix('$');
        Self { text: whole.unwrap_or(written), is_whole: whole.is_some() }
    }

    /// Its first place in `text`.
    fn find(&self, text: &str) -> Option<Range<usize>> {
        let anywhere = self.text.chars().next().is_some_and(stands_anywhere);
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        text.match_indices(self.text).map(|(at, found)| at..at + found.len()).find(|place| {
            let begins = anywhere || !is_letter(text[..place.start].chars().next_back());
            begins && !(self.is_whole && is_letter(text[place.end..].chars().next()))
        })
    }
}

/// Whether words of this letter's script may begin anywhere: no blanks between them, or small words before them.
fn stands_anywhere(letter: char) -> bool {
    is_wide(letter) || matches!(letter, '\u{590}'..='\u{8ff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(html: &str) -> Option<String> {
        withdrawal(&Page { url: "https://news.example/a".parse().unwrap(), html: html.to_owned() }, &Hints::default())
    }

    const NOTICES: [&str; 60] = [
        "This article has been withdrawn.",
        "This story has been retracted. It relied on documents that turned out to be forged.",
        "This article was removed on 3 May 2026 following a complaint to the press council.",
        "We have taken down this report after legal advice.",
        "The article you are looking for has been deleted by its author.",
        "Article withdrawn",
        "Editor’s note: The Gazette has unpublished this piece.",
        "This story is no longer available.",
        "Dieser Artikel wurde zurückgezogen.",
        "Der Beitrag wurde auf Wunsch der Betroffenen gelöscht.",
        "Wir haben diesen Text depubliziert.",
        "Dieser Bericht ist nicht mehr verfügbar.",
        "Cet article a été retiré à la suite d’une décision de justice.",
        "La rédaction a dépublié cet article.",
        "Ce contenu n’est plus disponible.",
        "Este artículo ha sido retirado por la redacción.",
        "La noticia fue eliminada por contener errores.",
        "Esta reportagem foi removida por decisão judicial.",
        "O artigo já não está disponível.",
        "Questo articolo è stato ritirato.",
        "L’articolo è stato rimosso su richiesta dell’interessato.",
        "Aquest article ha estat retirat.",
        "Dit artikel is ingetrokken.",
        "Het stuk is offline gehaald na een klacht.",
        "Den här artikeln har tagits bort.",
        "Artikeln är avpublicerad.",
        "Denne artikel er trukket tilbage.",
        "Denne artikkelen er trukket tilbake.",
        "Saken er avpublisert.",
        "Tämä juttu on poistettu.",
        "Ten artykuł został usunięty.",
        "Redakcja wycofała ten tekst.",
        "Tento článek byl stažen.",
        "Tento článok bol odstránený.",
        "Ezt a cikket eltávolítottuk.",
        "Acest articol a fost retras.",
        "Тази статия е премахната.",
        "Эта статья удалена по решению редакции.",
        "Редакция отозвала: материал снят с публикации.",
        "Цю статтю видалено.",
        "Матеріал знято з публікації.",
        "Ovaj članak je povučen.",
        "Овај чланак је уклоњен.",
        "Ta članek je bil umaknjen.",
        "Šis straipsnis pašalintas.",
        "Šis raksts ir izņemts.",
        "See artikkel on eemaldatud.",
        "Το άρθρο αποσύρθηκε.",
        "Bu haber yayından kaldırıldı.",
        "Artikel ini telah dihapus.",
        "Bài viết này đã bị gỡ bỏ.",
        "यह लेख हटा दिया गया है।",
        "تم حذف هذا المقال.",
        "تم سحب التقرير بناء على طلب الناشر.",
        "این مقاله حذف شده است.",
        "הכתבה הוסרה.",
        "この記事は取り下げられました。",
        "该文章已被删除。",
        "이 기사는 삭제되었습니다.",
        "บทความนี้ถูกลบแล้ว",
    ];

    #[test]
    fn a_notice_of_withdrawal_is_known_in_38_languages_wherever_it_stands() {
        assert_eq!(LANGUAGES.len(), 38);
        let mut unknown = Vec::new();
        for notice in NOTICES {
            for html in [
                format!("<title>x</title><h1>{notice}</h1>"),
                format!("<title>x</title><h1>Swing bridge to close</h1><p>{notice}</p>"),
                format!("<html><body><nav><a href=/>Home</a></nav><main><div class=notice role=alert>{notice}</div></main></body></html>"),
                format!("<html><body><article><h1>Council approves budget</h1><div><p>{notice}</p></div></article>
                         <aside><h2>Most read</h2><ul><li><a href=/a>Minister deletes post</a></li></ul></aside></body></html>"),
            ] {
                if said(&html).as_deref() != Some(notice) {
                    unknown.push((said(&html), html));
                }
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }

    #[test]
    fn what_a_page_says_of_any_address_is_not_a_notice() {
        let mut taken = Vec::new();
        for text in [
            "Page not found",
            "404",
            "Gone",
            "Sorry, we can’t find that page. It may have been moved or deleted.",
            "The page you requested may have been removed.",
            "The article you are looking for might have been removed, had its name changed, or is temporarily unavailable.",
            "This article has been moved.",
            "The page has been removed or renamed.",
            "If the story was deleted, try our search.",
            "Die Seite wurde möglicherweise gelöscht.",
            "Der Artikel wurde verschoben oder gelöscht.",
            "La page que vous cherchez a peut-être été supprimée.",
            "Cet article a été déplacé ou supprimé.",
            "Es posible que la página haya sido eliminada.",
            "El artículo puede haber sido eliminado.",
            "A página pode ter sido removida.",
            "Strona mogła zostać usunięta.",
            "Strona została usunięta lub przeniesiona.",
            "Возможно, страница была удалена.",
            "Сторінку видалено або переміщено.",
            "お探しのページは削除されたか、移動した可能性があります。",
            "该页面可能已被删除。",
            "페이지가 삭제되었거나 이동되었을 수 있습니다.",
            "ربما تم حذف الصفحة",
            "The council removed the statue from the square on Friday.",
            "Der Verdächtige hat alle Daten gelöscht.",
        ] {
            taken.extend(said(&format!("<html><body><main><h1>Oops</h1><p>{text}</p></main></body></html>")));
        }
        assert!(taken.is_empty(), "{taken:#?}");
    }

    #[test]
    fn a_teaser_that_tells_of_another_article_is_not_a_notice() {
        let page =
            "<html><body><h1>Page not found</h1><ul><li><a href=/a>Newspaper story retracted after review</a></li>
                    <li><a href=/b>Study article withdrawn</a></li></ul></body></html>";
        assert_eq!(said(page), None);
    }
}
