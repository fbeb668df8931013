"""What a page or style sheet shows besides its own bytes: pictures, style sheets, scripts, fonts, sound, film."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

_IN_STYLES = re.compile(
    rb"""url\(\s*+(?:"([^"\n]*+)"|'([^'\n]*+)'|([^)\s"']*+))\s*+\)|@import\s++(?:"([^"\n]*+)"|'([^'\n]*+)')""",
    re.IGNORECASE,
)
_NAMING = ("href", "src", "srcset", "poster", "data", "style")
#: Everything that can name another address, in the order of the page. By the attributes: to ask every element for six
#: of them takes twice as long.
_WITH_ADDRESSES = etree.XPath(" | ".join([*(f"//@{name}/.." for name in _NAMING), "//style"]))
#: A path from the root of the site in which there is nothing to resolve; most links are of this kind.
_PLAIN_PATH = re.compile(r"(?=/)(?:/[\w\-][\w\-.]*+)*+/?(?:\?[\w\-=&]*+)?", re.ASCII)
_SHOWN_LINKS = frozenset({"stylesheet", "icon", "apple-touch-icon", "preload", "manifest", "mask-icon"})


@dataclass
class Seen:
    """A page as it was read. ``shown``: addresses of what it shows; ``linked``: of what it leads to; both absolute."""

    title: str = ""
    language: str = ""
    shown: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)


def read_page(markup: bytes, address: str, charset: str = "utf-8") -> Seen:
    """Read an HTML page that was sent from ``address``. Broken markup is read as browsers do, roughly."""
    seen = Seen()
    if not markup.strip():
        return seen
    try:
        root = lxml_html.document_fromstring(
            markup, parser=lxml_html.HTMLParser(encoding=charset or "utf-8", remove_comments=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
        return seen
    seen.language = str(root.get("lang") or "")
    title = root.find(".//title")
    if title is not None:
        seen.title = " ".join(str(title.text_content()).split())
    site = "/".join(address.split("/", 3)[:3])
    for element in _WITH_ADDRESSES(root):
        for kind, found in _addresses_of(element):
            absolute = f"{site}{found}" if _PLAIN_PATH.fullmatch(found) else _joined(address, found)
            if absolute:
                (seen.shown if kind == "shown" else seen.linked).append(absolute)
    return seen


def _addresses_of(element: Any) -> Iterator[tuple[str, str]]:
    tag = element.tag
    if tag in ("a", "area"):
        if element.get("href"):
            yield "linked", element.get("href")
    elif tag == "link":
        if element.get("href"):
            shown = _SHOWN_LINKS & set(str(element.get("rel", "")).lower().split())
            yield ("shown" if shown else "linked"), element.get("href")
    elif tag not in ("form", "base"):
        for name in ("src", "poster", "data"):
            if element.get(name):
                yield "shown", element.get(name)
        for candidate in str(element.get("srcset", "")).split(","):
            if words := candidate.split():
                yield "shown", words[0]
    if element.get("style"):
        for found in styled_addresses(str(element.get("style")).encode()):
            yield "shown", found
    if tag == "style" and element.text:
        for found in styled_addresses(element.text.encode()):
            yield "shown", found


def styled_addresses(styles: bytes) -> Iterator[str]:
    """Yield the addresses in a style sheet, as they are written there."""
    for match in _IN_STYLES.finditer(styles):
        found = next((group for group in match.groups() if group), b"")
        if found and not found.lower().startswith(b"data:"):
            yield found.decode("utf-8", "replace")


def read_styles(styles: bytes, address: str) -> Seen:
    return Seen(shown=[one for found in styled_addresses(styles) if (one := _joined(address, found))])


def _joined(address: str, found: str) -> str:
    """``found`` on the page at ``address`` as an absolute address of the web without its fragment; '' for others."""
    try:
        joined = urldefrag(urljoin(address, "".join(found.split()))).url
        parts = urlsplit(joined)
        return joined if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""
