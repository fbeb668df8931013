"""The drawings of a Word document: their text boxes, pictures and drawn words, each read once."""

import re
from collections.abc import Iterator
from typing import Any

from sites.documents_in.extraction.word.names import attribute, child, children, is_set, name_of

_HIDDEN = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)
_READABLE = frozenset(
    ["w:t", "w:txbxContent", "a:blip", "v:imagedata", "w16se:symEx", "w:p", "m:t", "w:sym", "w:numFmt", "v:textpath"]
)
Drawn = tuple[str, Any, str]


def choose(alternatives: Any) -> Any:
    """Return the one of several ways to say the same (mc:AlternateContent) that is read: the first with content.

    The fallback is for programs that know none of the choices; to read both would double the text and its numbers.
    """
    fallback = child(alternatives, "mc:Fallback")
    for choice in children(alternatives, "mc:Choice"):
        if _is_readable(choice):
            return choice
    return fallback if fallback is not None else ()


def drawn(element: Any, alt: str = "") -> Iterator[Drawn]:
    """Yield what a drawing shows, as (kind, what, words).

    ("box", its content, ""), ("picture", id of a relationship, words for it), ("words", drawn text, "") or, for what is
    hidden, ("hidden", its element, "").
    """
    if _HIDDEN.search(attribute(element, "style")):
        yield "hidden", element, ""
        return
    properties = child(element, "wp:docPr")
    if properties is not None:
        if is_set(properties, "hidden"):
            yield "hidden", element, ""
            return
        alt = attribute(properties, "descr")
    for node in element:
        name = name_of(node)
        if name == "w:txbxContent":
            yield "box", node, ""
        elif name == "a:blip":
            target = attribute(node, "r:embed") or attribute(node, "r:link")
            if target:
                yield "picture", target, alt
        elif name == "v:imagedata":
            target = attribute(node, "r:id") or attribute(node, "r:link")
            if target:
                yield "picture", target, alt or attribute(element, "alt") or attribute(node, "o:title")
        elif name == "v:textpath":
            if attribute(node, "string").strip():
                yield "words", attribute(node, "string"), ""
        elif name == "mc:AlternateContent":
            chosen = choose(node)
            if len(chosen):
                yield from drawn(chosen, alt)
        elif len(node):
            yield from drawn(node, alt)


def _is_readable(choice: Any) -> bool:
    return any(name_of(node) in _READABLE for node in choice.iterdescendants())
