"""The names of Office Open XML: one short name for an element, whichever edition of the standard wrote it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
#: Prefix to the addresses that stand for it: of the transitional edition, then of the strict one (ISO/IEC 29500).
_NAMESPACES: dict[str, tuple[str, ...]] = {
    "w": (f"{_TRANSITIONAL}wordprocessingml/2006/main", f"{_STRICT}wordprocessingml/main"),
    "r": (f"{_TRANSITIONAL}officeDocument/2006/relationships", f"{_STRICT}officeDocument/relationships"),
    "m": (f"{_TRANSITIONAL}officeDocument/2006/math", f"{_STRICT}officeDocument/math"),
    "a": (f"{_TRANSITIONAL}drawingml/2006/main", f"{_STRICT}drawingml/main"),
    "wp": (f"{_TRANSITIONAL}drawingml/2006/wordprocessingDrawing", f"{_STRICT}drawingml/wordprocessingDrawing"),
    "pic": (f"{_TRANSITIONAL}drawingml/2006/picture", f"{_STRICT}drawingml/picture"),
    "mc": (f"{_TRANSITIONAL}markup-compatibility/2006",),
    "v": ("urn:schemas-microsoft-com:vml",),
    "o": ("urn:schemas-microsoft-com:office:office",),
    "w14": (f"{_MICROSOFT}word/2010/wordml",),
    "w15": (f"{_MICROSOFT}word/2012/wordml",),
    "w16se": (f"{_MICROSOFT}word/2015/wordml/symex",),
    "wps": (f"{_MICROSOFT}word/2010/wordprocessingShape",),
    "pr": (f"{_TRANSITIONAL}package/2006/relationships",),
    "ct": (f"{_TRANSITIONAL}package/2006/content-types",),
    "ds": (f"{_TRANSITIONAL}officeDocument/2006/customXml", f"{_STRICT}officeDocument/customXml"),
}
_PREFIXES = {address: prefix for prefix, addresses in _NAMESPACES.items() for address in addresses}
_OFF = frozenset({"0", "false", "off"})
_ON = frozenset({"1", "true", "on"})


@lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    address, _, local = tag.rpartition("}")
    return f"{_PREFIXES.get(address[1:], '?')}:{local}"


def name_of(element: Any) -> str:
    """Return the short name of an element, such as "w:p"; "?:p" for one of a namespace that is not known here."""
    return _short(element.tag)


def children(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of that short name."""
    return (child for child in element if _short(child.tag) == name)


def child(element: Any, *path: str) -> Any:
    """Return the first descendant by a path of short names, each a child of the one before; None without one."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def descendants(element: Any, name: str) -> Iterator[Any]:
    """Yield the descendants of that short name, in the order of the document."""
    return (found for found in element.iterdescendants() if _short(found.tag) == name)


def attribute(element: Any, name: str, default: str = "") -> str:
    """Return the attribute of that short name ("w:val"); a name without a prefix has no namespace."""
    if element is None:
        return default
    prefix, _, local = name.rpartition(":")
    if not prefix:
        return str(element.get(local, default))
    for address in _NAMESPACES[prefix]:
        value = element.get(f"{{{address}}}{local}")
        if value is not None:
            return str(value)
    return default


def value(element: Any, *path: str) -> str:
    """Return the "w:val" of the descendant by that path, "" without one."""
    return attribute(child(element, *path), "w:val")


def number(text: str, default: int = 0) -> int:
    """Return a whole number as an attribute writes it; the default for anything else or for absurd sizes."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else default


def flag(element: Any, name: str) -> bool | None:
    """Return whether an on/off property among the children is on; None where it is not given."""
    found = child(element, name) if element is not None else None
    return None if found is None else is_on(found)


def is_on(element: Any, name: str = "w:val") -> bool:
    """Say whether an on/off property is on: it is unless its value, the attribute `name`, says otherwise."""
    return attribute(element, name, "1").lower() not in _OFF


def is_set(element: Any, name: str) -> bool:
    """Say whether an on/off attribute is there and on."""
    return attribute(element, name).lower() in _ON


def text_in(element: Any) -> str:
    """Return the text of all runs inside an element."""
    return "".join(node.text or "" for node in descendants(element, "w:t"))
