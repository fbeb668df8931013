"""HTML of a version as a page of this site shows it: only what is on the list, files under this site's addresses.

The library's HTML comes from every site and from other platforms, so it is cleaned each time it enters a page,
whoever wrote it. Nothing is fetched from anywhere: a picture, sound or film is one of the version's files or is
left out.
"""

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import quote, unquote

import bleach
from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe

from content_library.models import ResourceVersion
from content_library.resources.records import BLOB_SCHEME
from sites.pages.external_links import mark_external_links

#: Address of the library's files on every public host; see ``files.py``.
PUBLIC_FILES = "/library/files/"
_TAGS = frozenset(
    {
        "a", "audio", "b", "blockquote", "br", "caption", "col", "colgroup", "details", "div", "dd", "dl", "dt", "em",
        "figcaption", "figure", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "picture", "source", "span",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "video",
    }
)  # fmt: skip
#: What our own blocks are called in every theme; any other class could take hold of a theme's furniture.
_CLASSES = frozenset(
    {
        "attachment-block", "block-attachment", "block-chart", "block-gallery", "block-heading", "block-image",
        "block-media", "block-quotation", "block-rich_text", "block-table", "chart-block", "file-facts", "fold",
        "gallery", "media-block", "picture-block", "quotation", "table-frame", "visually-hidden",
    }
)  # fmt: skip
_PLAIN = {
    "a": {"href", "download"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "div": {"role", "tabindex", "aria-label"},
    "img": {"src", "srcset", "alt", "width", "height", "loading", "decoding", "sizes"},
    "ol": {"start"},
    "source": {"srcset", "type", "sizes"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src", "poster", "controls", "preload", "width", "height", "aria-label"},
}
_NUMBERS = frozenset({"width", "height", "colspan", "rowspan", "start", "tabindex"})
_WORDS = {
    "role": {"region"},
    "tabindex": {"0"},
    "loading": {"lazy", "eager"},
    "decoding": {"async", "auto", "sync"},
    "preload": {"none", "metadata"},
    "scope": {"col", "row"},
    "type": {"image/webp", "image/jpeg", "image/png", "image/gif", "image/avif"},
    "download": {"", "download"},
    "controls": {"", "controls"},
}
_ABSOLUTE = re.compile(r"(?:https?://[^\s/\\]|mailto:[^\s]|tel:[+\d])", re.IGNORECASE)
_SIZES = re.compile(r"[\w\s(),:.%\-]{1,200}")
_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/([^\s\"'<>]+)")
#: Elements whose content is no text: bleach would leave it standing.
_WITH_CONTENT = re.compile(
    r"<(script|style|iframe|object|embed|template|svg|math|noscript|textarea|title|xmp|noembed|noframes)\b.*?"
    r"(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_KEPT = 60_000


def files_address(prefix: str, sm3: str, name: str) -> str:
    """Address of a file of the library below ``prefix``."""
    return f"{prefix}{sm3}/{quote(name)}"


def shown_html(version: ResourceVersion, prefix: str = PUBLIC_FILES) -> SafeString:
    """The version's HTML, clean, with files below ``prefix``. Kept per version: it never changes."""
    key = f"repost:{version.pk}:{version.digest}:{prefix}"
    cache = caches["bodies"]
    kept: str | None = cache.get(key)
    if kept is None:
        files = {(f.blob_id, f.name) for f in version.files.all()} if BLOB_SCHEME in version.html else set()
        kept = clean(version.html, files, prefix)
        if len(kept) <= _LONGEST_KEPT:
            cache.set(key, kept)
    # Which hosts are ours may change: the mark is set anew.
    return mark_external_links(mark_safe(kept))


def clean(html: str, files: Collection[tuple[str, str]], prefix: str = PUBLIC_FILES) -> str:
    """``html`` reduced to the list. ``files``: (SM3, name) of what may be addressed."""

    def resolved(match: re.Match[str]) -> str:
        name = unquote(unescape(match[2]))
        return files_address(prefix, match[1], name) if (match[1], name) in files else ""

    def allowed(tag: str, name: str, value: str) -> bool:
        value = value.strip()
        if name == "class":
            return bool(value) and set(value.split()) <= _CLASSES
        if name not in _PLAIN.get(tag, ()):
            return False
        if name == "href":
            return value.startswith(prefix) or bool(_ABSOLUTE.match(value))
        if name in ("src", "poster"):
            return value.startswith(prefix)
        if name == "srcset":
            parts = [part.split() for part in value.split(",")]
            return all(part and part[0].startswith(prefix) for part in parts)
        if name in _WORDS:
            return value.lower() in _WORDS[name]
        if name in _NUMBERS:
            return value.isascii() and value.isdigit() and len(value) <= 5
        return name != "sizes" or _SIZES.fullmatch(value) is not None

    cleaned = bleach.clean(
        _BLOB.sub(resolved, _WITH_CONTENT.sub("", html)),
        tags=_TAGS,
        attributes=allowed,
        protocols={"http", "https", "mailto", "tel"},
        strip=True,
        strip_comments=True,
    )
    return cleaned.replace("<img>", "")
