"""The list of HTML elements that may enter or be shown on the platform, and cleaning against it (with bleach).

``BODY`` is what the bodies of our own pages are made of. The other lists are its variations: each names what it leaves
out, and nothing may stand in one of them that ``BODY`` does not have.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

import bleach

from .links import read_link

#: To be raised when the rules for values of attributes below change.
_RULES = 1
_NUMBERS = frozenset({"width", "height", "colspan", "rowspan", "start"})
#: Attributes with a fixed set of values.
_WORDS: dict[str, frozenset[str]] = {
    "role": frozenset({"region"}),
    "tabindex": frozenset({"0"}),
    "loading": frozenset({"lazy", "eager"}),
    "decoding": frozenset({"async", "auto", "sync"}),
    "preload": frozenset({"none", "metadata"}),
    "scope": frozenset({"col", "row"}),
    "type": frozenset({"image/webp", "image/jpeg", "image/png", "image/gif", "image/avif"}),
    "download": frozenset({"", "download"}),
    "controls": frozenset({"", "controls"}),
}
_FILES = frozenset({"src", "poster", "srcset"})
_ABSOLUTE = re.compile(r"(?:https?://[^\s/\\\"'<>]|mailto:[^\s]|tel:[+\d])", re.IGNORECASE)
_SIZES = re.compile(r"[\w\s(),:.%\-]{1,200}")
_PLAIN_TEXT = re.compile(r"[\w ./+\-，。、：；（）“”《》〔〕！？%;=\u3000-\u9fff]{0,300}")
_PROTOCOLS = frozenset({"http", "https", "mailto", "tel", "library"})
#: Elements whose content is no text: bleach would leave it standing. One that never ends takes the rest, else each is
#: looked for to the end.
_WITH_CONTENT = re.compile(
    r"<(script|style|iframe|object|embed|template|svg|math|noscript|textarea|title|xmp|noembed|noframes)\b.*?"
    r"(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
#: They stand alone or end with the next one of their kind, so they nest in nothing by themselves.
_FLAT = frozenset(
    {
        "area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
        "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    }
)  # fmt: skip
#: The parser's time grows with the square of the depth; no text needs a tenth of this.
DEEPEST = 500

Filter = Callable[..., Any]


def _nothing(_address: str) -> bool:
    return False


@dataclass(frozen=True)
class AllowList:
    """Elements, attributes and classes that HTML may have. ``attributes``: tag -> names.

    ``classes``: the values of ``class`` that may stand on any tag. ``plain_text``: values of attributes with words
    (``alt``, ``aria-label``) may have letters and common punctuation alone.
    """

    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    classes: frozenset[str] = frozenset()
    plain_text: bool = False

    @cached_property
    def fingerprint(self) -> str:
        """A SHA-256 that changes with the list and with the version of the library that cleans."""
        listed = {tag: sorted(self.attributes.get(tag, ())) for tag in sorted(self.tags)}
        told = repr((bleach.__version__, _RULES, listed, sorted(self.classes), self.plain_text))
        return hashlib.sha256(told.encode()).hexdigest()

    def clean(self, html: str, *, is_file: Callable[[str], bool] = _nothing, filters: Sequence[Filter] = ()) -> str:
        """Return ``html`` with nothing that the list does not have: other tags go, their content stays.

        Scripts, frames and the like go with their content. ``is_file``: whether an address is one of the files that
        came along; pictures, sounds and films may show nothing else, and a link leads there or to an absolute address.
        ``filters``: of bleach, applied to the clean tree.
        """
        cleaner = bleach.Cleaner(
            tags=self.tags,
            attributes=lambda tag, name, value: self._allows(tag, name, value, is_file),
            protocols=_PROTOCOLS,
            strip=True,
            strip_comments=True,
            filters=list(filters),
        )
        return cleaner.clean(_WITH_CONTENT.sub("", html))

    def _allows(self, tag: str, name: str, value: str, is_file: Callable[[str], bool]) -> bool:
        value = value.strip()
        if name == "class":
            return bool(value) and set(value.split()) <= self.classes
        if name not in self.attributes.get(tag, ()):
            return False
        if name == "href":
            # bleach hands character references on as they are written
            return is_file(value) or is_absolute(unescape(value))
        if name in _FILES:
            addresses = value.split(",") if name == "srcset" else [value]
            return all(is_file(part.strip().split(" ")[0]) for part in addresses)
        if name in _NUMBERS:
            return value.isascii() and value.isdigit() and len(value) <= 5
        if name in _WORDS:
            return value.lower() in _WORDS[name]
        if name == "sizes":
            return _SIZES.fullmatch(value) is not None
        return not self.plain_text or _PLAIN_TEXT.fullmatch(value) is not None


def is_absolute(address: str) -> bool:
    """Whether a link leads to a host, a mailbox or a telephone number.

    A relative one would lead to another page on each site that shows it.
    """
    return _ABSOLUTE.match(address) is not None and read_link(address).kind in ("host", "other")


def is_too_deep(html: str) -> bool:
    """Whether elements are nested deeper than any text needs; to be asked before the HTML is parsed."""
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                return True
    return False


#: Classes of our own blocks in every theme; any other class could pick up a theme's styles for its own frame.
_BLOCK_CLASSES = frozenset(
    {
        "block-attachment", "block-chart", "block-gallery", "block-heading", "block-image", "block-media",
        "block-quotation", "block-rich_text", "block-table",
    }
)  # fmt: skip

#: Paragraphs below the text of an official document: signature and date, its note, the lines of 附件：.
CLOSING_CLASSES = frozenset({"sign-off", "remark", "enclosures"})

#: What the bodies of our own pages are made of, wherever they are shown.
BODY = AllowList(
    tags=frozenset(
        {
            "a", "audio", "b", "blockquote", "br", "caption", "col", "colgroup", "dd", "details", "div", "dl", "dt",
            "em", "figcaption", "figure", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "picture", "s",
            "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
            "u", "ul", "video",
        }
    ),
    attributes={
        "a": frozenset({"href", "download"}),
        "audio": frozenset({"src", "controls", "preload", "aria-label"}),
        "div": frozenset({"role", "tabindex", "aria-label"}),
        "img": frozenset({"src", "srcset", "alt", "width", "height", "loading", "decoding", "sizes"}),
        "ol": frozenset({"start"}),
        "source": frozenset({"src", "srcset", "type", "sizes"}),
        "td": frozenset({"colspan", "rowspan"}),
        "th": frozenset({"colspan", "rowspan", "scope"}),
        "video": frozenset({"src", "poster", "controls", "preload", "width", "height", "aria-label"}),
    },
    classes=_BLOCK_CLASSES
    | CLOSING_CLASSES
    | {
        "align-center", "align-right",
        "attachment-block", "chart-block", "file-facts", "fold", "gallery", "media-block", "picture-block", "quotation",
        "table-frame", "visually-hidden",
    },
)  # fmt: skip

_FOR_OUR_OWN = frozenset({"aria-label", "role", "tabindex", "download", "decoding"})
#: What another platform sends: nothing that hides words from sight, no names for screen readers alone.
FOREIGN = AllowList(
    tags=BODY.tags,
    attributes={
        tag: names - {"aria-label", "role", "tabindex", "download", "decoding"}
        for tag, names in BODY.attributes.items()
    },
    classes=_BLOCK_CLASSES,
    plain_text=True,
)

#: The inside of one paragraph out of a document that is imported.
DOCUMENT_INLINE = AllowList(
    tags=frozenset({"b", "i", "u", "sup", "sub", "a", "br"}), attributes={"a": frozenset({"href"})}
)

#: Paragraphs and lists out of a document that is imported; everything else of it becomes a block of its own.
DOCUMENT = AllowList(
    tags=DOCUMENT_INLINE.tags | {"p", "ul", "ol", "li"},
    attributes={**DOCUMENT_INLINE.attributes, "ol": frozenset({"start"})},
    classes=CLOSING_CLASSES,
)
