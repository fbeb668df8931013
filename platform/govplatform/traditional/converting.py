"""A page in simplified characters -> the same page in traditional ones.

Text and what is read out or shown instead of it are converted, links to pages lead to their traditional pages; every
other byte is copied: addresses, ids, scripts, values of forms. Our own templates write the markup, so a tag is what
stands between angle brackets with quoted values.
"""

import re
from functools import cache

from opencc import OpenCC

from .addresses import LANGUAGE, PLAIN_LANGUAGE, has_variant, variant_of
from .words import Words

#: Characters as they are written in Taiwan, without its words: 為 群 眾, not 爲 羣 衆, and 信息 stays 信息.
_CONFIG = "s2tw"
_TAG = re.compile(
    r"<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|<![^>]*>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"(?<=\s)(?P<name>[a-zA-Z][\w\-]*)=\"(?P<value>[^\"]*)\"")
#: What stands in them is no text, or somebody's own.
_WHOLE = frozenset({"script", "style", "textarea"})
#: Attributes that are shown or read out, also by the site's script and style sheets.
_SHOWN = frozenset({
    "alt", "title", "placeholder", "aria-label", "aria-description", "label",
    "data-name", "data-copied", "data-reading", "data-paused", "data-silent", "data-pause", "data-resume",
    "data-suggest-label", "data-suggest-none", "data-suggest-some",
})  # fmt: skip
_LEADS = {"a": "href", "form": "action"}
#: No text of a page has these (Unicode: noncharacters): between two texts, and in the place of a word that is given.
_BETWEEN, _WORD = "\ufdd0", "\ufdd1"
_NEVER = {ord(_BETWEEN): None, ord(_WORD): None}


def traditional_page(html: str, words: Words, root: str) -> str:
    """``html`` in traditional characters. ``root``: scheme and host of the site, ``https://www.example.cn``."""
    apart = _taken_apart(html.translate(_NEVER), root)
    # One conversion for the whole page: most of its cost is per call.
    texts = iter(traditional_text(_BETWEEN.join(apart.texts), words).split(_BETWEEN))
    return "".join(next(texts) if piece is None else piece for piece in apart.pieces)


def traditional_text(text: str, words: Words) -> str:
    """``text`` with the given words as they are given."""
    given: list[str] = []

    def hold(found: re.Match[str]) -> str:
        given.append(words.written(found[0]))
        return _WORD

    converted = _converter().convert(words.find.sub(hold, text))
    back = iter(given)
    return re.sub(_WORD, lambda _found: next(back), converted)


# --- inside ------------------------------------------------------------------------------


class _Apart:
    """A page in pieces. ``pieces``: markup as it was, None for a text; ``texts``: these, in order."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.pieces: list[str | None] = []
        self.texts: list[str] = []

    def take(self, html: str) -> None:
        at = 0
        while (tag := _TAG.search(html, at)) is not None:
            self._text(html[at : tag.start()])
            at = tag.end()
            if tag["name"] is None or tag["end"]:
                self.pieces.append(tag[0])
                continue
            name = tag["name"].lower()
            self._tag(name, tag[0])
            if name in _WHOLE or ' translate="no"' in tag[0]:
                end = _end_of(html, name, at)
                self.pieces.append(html[at:end])
                at = end
        self._text(html[at:])

    def _text(self, text: str) -> None:
        if text.isascii():
            self.pieces.append(text)
        else:
            self.pieces.append(None)
            self.texts.append(text)

    def _tag(self, name: str, tag: str) -> None:
        at = 0
        for attribute in _ATTRIBUTE.finditer(tag):
            key, value = attribute["name"].lower(), attribute["value"]
            self.pieces.append(tag[at : attribute.start("value")])
            at = attribute.end("value")
            if key in _SHOWN or (name == "meta" and key == "content" and not _is_address(value)):
                self._text(value)
            elif name == "html" and key == "lang" and value == PLAIN_LANGUAGE:
                self.pieces.append(LANGUAGE)
            elif _leads_to_pages(name, key, tag):
                self.pieces.append(self._leading(value))
            else:
                self.pieces.append(value)
        self.pieces.append(tag[at:])

    def _leading(self, address: str) -> str:
        host = self.root if address.startswith(f"{self.root}/") else ""
        path = address.removeprefix(host)
        is_here = path.startswith("/") and not path.startswith("//")
        return f"{host}{variant_of(path)}" if is_here and has_variant(path.partition("#")[0]) else address


def _taken_apart(html: str, root: str) -> _Apart:
    apart = _Apart(root)
    apart.take(html)
    return apart


def _leads_to_pages(name: str, key: str, tag: str) -> bool:
    """Whether the attribute ``key`` of ``tag`` leads to another page, and not to one in a certain language."""
    if name == "link":
        return key == "href" and ' rel="canonical"' in tag
    return key == _LEADS.get(name) and " hreflang=" not in tag


def _is_address(value: str) -> bool:
    return "://" in value or value.startswith("/")


def _end_of(html: str, name: str, at: int) -> int:
    """Where the end tag of an element ``name`` begins, whose start tag ended at ``at``."""
    depth = 1
    for tag in re.compile(rf"<(/?){re.escape(name)}(?=[\s>/])", re.IGNORECASE).finditer(html, at):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return len(html)


@cache
def _converter() -> OpenCC:
    return OpenCC(_CONFIG)
