"""The one list of what HTML may enter the platform with a document, and the cleaning against it."""

import re

import bleach

ALLOWED_TAGS = frozenset(
    {"p", "ul", "ol", "li", "b", "i", "u", "sup", "sub", "a", "br"},
)
ALLOWED_ATTRIBUTES: dict[str, list[str]] = {"a": ["href"], "ol": ["start"]}
ALLOWED_PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})

# The inline part, for the inside of a paragraph.
INLINE_TAGS = frozenset({"b", "i", "u", "sup", "sub", "a", "br"})

_ABSOLUTE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s]|tel:[+\d])", re.IGNORECASE)


def _allow_attribute(tag: str, name: str, value: str) -> bool:
    """Only absolute links (a relative one would point into the wrong site) and plain numbers."""
    if name not in ALLOWED_ATTRIBUTES.get(tag, []):
        return False
    if name == "href":
        return bool(_ABSOLUTE.match(value.strip()))
    return value.isascii() and value.isdigit() and len(value) <= 4


def clean_html(html: str) -> str:
    """HTML of paragraphs and lists, reduced to the allow-list."""
    return _clean(html, ALLOWED_TAGS)


def clean_inline_html(html: str) -> str:
    """HTML of the inside of one paragraph, reduced to the inline part of the allow-list."""
    return _clean(html, INLINE_TAGS)


def _clean(html: str, tags: frozenset[str]) -> str:
    return bleach.clean(
        html,
        tags=tags,
        attributes=_allow_attribute,
        protocols=ALLOWED_PROTOCOLS,
        strip=True,
        strip_comments=True,
    )
