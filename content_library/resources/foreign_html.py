"""HTML that another platform brings: reduced to what our own bodies are made of."""

import re
from collections.abc import Callable, Container

import bleach

from .records import BLOB_SCHEME

_TAGS = frozenset(
    {
        "a", "audio", "b", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "em", "figcaption",
        "figure", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "picture", "s", "source", "span", "strong",
        "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "video",
    }
)  # fmt: skip
_PLAIN_ATTRIBUTES: dict[str, frozenset[str]] = {
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "img": frozenset({"alt", "width", "height", "loading"}),
    "audio": frozenset({"controls", "preload"}),
    "video": frozenset({"controls", "preload", "width", "height"}),
    "source": frozenset({"type", "sizes"}),
}
_FILE_ATTRIBUTES = {
    "img": {"src", "srcset"},
    "source": {"src", "srcset"},
    "audio": {"src"},
    "video": {"src", "poster"},
}
_PLAIN_VALUE = re.compile(r"[\w ./+\-，。、：；（）“”《》〔〕！？%;=\u3000-\u9fff]{0,300}")
_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/[^/\"<>\s]+")
_LINK = re.compile(r"(?:https?://[^\s/\"'<>]|mailto:[^\s]|tel:[+\d])", re.IGNORECASE)
_BLOCK = re.compile(r"block-[a-z_]{1,20}")
#: What stands in these is no text to keep. One that never ends takes the rest: else each is looked for to the end.
_DROPPED = re.compile(
    r"<(script|style|template|noscript|iframe|object|svg|math)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
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


def is_too_deep(html: str) -> bool:
    """Whether elements are nested deeper than any text needs; to be asked before the HTML is parsed."""
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                return True
    return False


def clean_foreign_html(html: str, sm3s: Container[str]) -> str:
    """Allowed tags and attributes alone; pictures and players show files that came along, nothing from elsewhere."""
    return bleach.clean(
        _DROPPED.sub("", html),
        tags=_TAGS,
        attributes=_allowed(sm3s),
        protocols=frozenset({"http", "https", "mailto", "tel", "library"}),
        strip=True,
        strip_comments=True,
    )


def _allowed(sm3s: Container[str]) -> Callable[[str, str, str], bool]:
    def is_ours(address: str) -> bool:
        match = _BLOB.fullmatch(address.strip())
        return match is not None and match[1] in sm3s

    def allow(tag: str, name: str, value: str) -> bool:
        if name in _FILE_ATTRIBUTES.get(tag, ()):
            return all(is_ours(part.strip().split(" ")[0]) for part in value.split(","))
        if tag == "a" and name == "href":
            return is_ours(value) or bool(_LINK.match(value.strip()))
        if tag == "div" and name == "class":
            return bool(_BLOCK.fullmatch(value))
        return name in _PLAIN_ATTRIBUTES.get(tag, ()) and bool(_PLAIN_VALUE.fullmatch(value))

    return allow
