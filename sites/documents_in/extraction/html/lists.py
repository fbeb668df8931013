"""The numbers of HTML lists: written out as text wherever a plain list would say another number."""

import re

from bs4 import Tag
from bs4.element import NavigableString

from sites.documents_in.extraction.html.styles import StyleSheets
from sites.documents_in.extraction.spacing import tidy
from sites.documents_in.extraction.word.number_formats import format_number

#: What the kinds of lists are called in HTML and CSS, to ECMA-376's name of the same count and what follows the number.
_FORMS = {
    "1": ("decimal", ". "), "a": ("lowerLetter", ". "), "i": ("lowerRoman", ". "),
    "decimal": ("decimal", ". "), "lower-alpha": ("lowerLetter", ". "), "lower-latin": ("lowerLetter", ". "),
    "upper-alpha": ("upperLetter", ". "), "upper-latin": ("upperLetter", ". "), "lower-roman": ("lowerRoman", ". "),
    "upper-roman": ("upperRoman", ". "), "decimal-leading-zero": ("decimalZero", ". "),
    "cjk-ideographic": ("chineseCounting", "、"), "simp-chinese-informal": ("chineseCountingThousand", "、"),
    "trad-chinese-informal": ("taiwaneseCountingThousand", "、"),
    "simp-chinese-formal": ("chineseLegalSimplified", "、"),
    "trad-chinese-formal": ("ideographLegalTraditional", "、"), "cjk-decimal": ("ideographDigital", "、"),
    "cjk-heavenly-stem": ("ideographTraditional", "、"), "cjk-earthly-branch": ("ideographZodiac", "、"),
}  # fmt: skip
_UPPER = {"A": ("upperLetter", ". "), "I": ("upperRoman", ". ")}
_BULLETS = ("disc", "circle", "square", "none")
_PARAGRAPHS = ("p", "div", "section", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "br")
_MOST = 3999
_INTEGER = re.compile(r"[+-]?\d{1,9}")


def write_numbers_out(body: Tag, sheets: StyleSheets) -> list[str]:
    """Write the numbers of lists as text where `<ol>` alone does not say them; return those that were written.

    A plain list runs 1, 2, 3 with items of one paragraph, and no other numbered list stands directly above it: an
    editor who saves the page would run the two together. Lists around or within one that is not plain are written
    out as well. A list in a table's cell always is, since cells hold text.
    """
    lists = [tag for tag in body.find_all(["ol", "ul"]) if isinstance(tag, Tag)]
    outermost: dict[int, Tag] = {}
    within: dict[int, list[Tag]] = {}
    for tag in lists:
        parent = tag.find_parent(["ol", "ul"])
        top = outermost[id(parent)] if parent is not None else tag
        outermost[id(tag)] = top
        within.setdefault(id(top), []).append(tag)
    written: list[str] = []
    for tag in lists:
        if outermost[id(tag)] is tag and not _is_sayable(tag, within[id(tag)], sheets):
            for inner in within[id(tag)]:
                written += _write_out(inner, sheets)
    return written


def _is_sayable(top: Tag, lists: list[Tag], sheets: StyleSheets) -> bool:
    numbered = [tag for tag in lists if tag.name == "ol"]
    if top.find_parent(["td", "th", "blockquote"]) is not None:
        return not numbered
    if top.name == "ol" and _follows_a_list(top):
        return False
    if not all(_is_plain(tag, sheets) for tag in numbered):
        return False
    return not (numbered and any(_has_paragraphs(item) for tag in lists for item in _items(tag)))


def _is_plain(tag: Tag, sheets: StyleSheets) -> bool:
    if tag.has_attr("reversed") or _form(tag, sheets) != ("decimal", ". "):
        return False
    return _integer(tag.get("start"), 1) == 1 and not any(item.has_attr("value") for item in _items(tag))


def _follows_a_list(tag: Tag) -> bool:
    before = tag.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    return isinstance(before, Tag) and (before.name == "ol" or before.has_attr("data-was-list"))


def _has_paragraphs(item: Tag) -> bool:
    """Say whether an item has more than one paragraph of its own."""
    own = [child for child in item.find_all(_PARAGRAPHS, recursive=False) if child.name == "br" or _text(child)]
    return len(own) > 1 or any(child.name in ("br", "table") for child in own)


def _form(tag: Tag, sheets: StyleSheets) -> tuple[str, str] | None:
    """Return (count, what follows the number) of a list; None for one that shows no numbers."""
    style = sheets.style_of(tag)
    for value in (style.get("list-style-type", ""), *style.get("list-style", "").split(), str(tag.get("type", ""))):
        if value in _UPPER:
            return _UPPER[value]
        if value.lower() in _FORMS:
            return _FORMS[value.lower()]
        if value.lower() in _BULLETS:
            return None
    return _FORMS["1"]


def _write_out(tag: Tag, sheets: StyleSheets) -> list[str]:
    items = _items(tag)
    # HTML Standard, 4.4.5: a reversed list without a valid `start` begins with the number of its items.
    step = -1 if tag.has_attr("reversed") else 1
    number = _integer(tag.get("start"), len(items) if step < 0 else 1)
    form = _form(tag, sheets) if tag.name == "ol" else None
    written = []
    for item in items:
        number = _integer(item.get("value"), number) if tag.name == "ol" else number
        own = _FORMS.get(str(item.get("type", "")).lower()) if item.has_attr("type") and form else form
        own = _UPPER.get(str(item.get("type", "")), own) if form else own
        if own is not None:
            label = _label(own[0], number) + own[1]
            _set_in_front(item, label)
            written.append(label)
        number += step
        item.name = "div"
    tag.name = "div"
    tag["data-was-list"] = ""
    return written


def _label(count: str, number: int) -> str:
    """Return a number as browsers write it (CSS Counter Styles Level 3): in digits beyond what its signs can say."""
    if count in ("lowerLetter", "upperLetter") and number > 0:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters if count == "lowerLetter" else letters.upper()
    if not 0 < number <= _MOST:
        return str(number)
    return format_number(count, number) or str(number)


def _set_in_front(item: Tag, label: str) -> None:
    """Set a number before the first text of an item, inside the paragraph that it begins with."""
    target = item
    while True:
        first = next((child for child in target.children if isinstance(child, Tag) or str(child).strip()), None)
        if not isinstance(first, Tag) or first.name not in ("p", "div", "section"):
            break
        target = first
    target.insert(0, NavigableString(label))


def _items(tag: Tag) -> list[Tag]:
    return [item for item in tag.find_all("li", recursive=False) if isinstance(item, Tag)]


def _integer(value: object, otherwise: int) -> int:
    text = str(value).strip() if value is not None else ""
    return int(text) if _INTEGER.fullmatch(text) else otherwise


def _text(tag: Tag) -> str:
    return tidy(tag.get_text())
