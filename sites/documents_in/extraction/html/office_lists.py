"""Lists as Word and WPS write them into HTML: paragraphs with `mso-list`, whose number or bullet is plain text."""

import re

from bs4 import BeautifulSoup, Tag

from sites.documents_in.extraction.spacing import tidy

_LEVEL = re.compile(r"mso-list\s{0,9}:[^;]{0,80}\blevel(\d)", re.IGNORECASE)
_MARKER = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_SYMBOLS = re.compile(r"wingdings|webdings|symbol", re.IGNORECASE)
#: What counts: a digit, a Chinese number, one or two letters, closed by a stop or standing in brackets.
_NUMBER = re.compile(r"[\d一二三四五六七八九十百零〇①-⑳㈠-㈩甲乙丙丁]|^[（(]?[A-Za-z]{1,4}[.)）、．]$")
_ALONE = re.compile(r"[、）)】]$")


def read_office_lists(body: Tag) -> list[str]:
    """Make lists of the paragraphs with bullets, and plain text of the numbers of the others; return the bullets.

    Their numbers stay as the document writes them, as those of an imported document do: 一、 and （一） are no numbers
    that `<ol>` can say.
    """
    bullets: list[str] = []
    for paragraph in body.find_all(["p", "h1", "h2", "h3", "h4", "h5", "h6"]):
        level = _LEVEL.search(str(paragraph.get("style", "")))
        marker = paragraph.find(_is_marker) if level else None
        if level is None or not isinstance(marker, Tag):
            continue
        text = tidy(marker.get_text())
        if _is_number(marker, text):
            marker.string = text if _ALONE.search(text) else f"{text} "
        else:
            bullets.append(text)
            marker.decompose()
            _house(paragraph, int(level[1]))
    return bullets


def _is_marker(tag: Tag) -> bool:
    return tag.name == "span" and bool(_MARKER.search(str(tag.get("style", ""))))


def _is_number(marker: Tag, text: str) -> bool:
    # A bullet is a letter of a font of symbols: "l" in Wingdings is a dot.
    around = [marker, *marker.find_all(True), *list(marker.parents)[:2]]
    return not any(_SYMBOLS.search(str(tag.get("style", ""))) for tag in around) and bool(_NUMBER.search(text))


def _house(paragraph: Tag, level: int) -> None:
    """Make an item of a paragraph, in the list that ends right before it or in a new one; by its level deeper in it."""
    paragraph.name = "li"
    del paragraph["style"]
    before = paragraph.previous_sibling
    while before is not None and not isinstance(before, Tag) and not str(before).strip():
        before = before.previous_sibling
    if isinstance(before, Tag) and before.has_attr("data-office-list"):
        target = before
        for _deeper in range(1, level):
            target = _inner_list(target)
        target.append(paragraph.extract())
    else:
        paragraph.wrap(_new_list())


def _inner_list(outer: Tag) -> Tag:
    items = outer.find_all("li", recursive=False)
    if not items:
        return outer
    inner = items[-1].find("ul", recursive=False)
    if not isinstance(inner, Tag):
        inner = _new_list()
        items[-1].append(inner)
    return inner


def _new_list() -> Tag:
    return BeautifulSoup("", "lxml").new_tag("ul", attrs={"data-office-list": ""})
