"""The equations of Word (Office Math, ECMA-376 Part 1, 22.1) as a line of text with raised and lowered parts."""

from collections.abc import Callable
from typing import Any

from sites.documents_in.extraction.word.names import attribute, child, children, name_of
from sites.documents_in.extraction.word.spans import Span

Parts = list[Span]
_ACCENTS = {"\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "¯", "\u0307": "˙", "\u20d7": "→"}


def equation(element: Any) -> Parts:
    """Return an equation (m:oMath or what holds some) as spans."""
    return _inside(element)


def _inside(element: Any) -> Parts:
    parts: Parts = []
    for node in element if element is not None else ():
        name = name_of(node)
        if name == "m:r":
            text = "".join(piece.text or "" for piece in node if name_of(piece) in ("m:t", "w:t"))
            parts += [Span(text)] if text else []
        elif name in _SHAPES:
            parts += _SHAPES[name](node)
        elif name == "m:ctrlPr" or name.endswith("Pr"):
            continue
        else:
            parts += _inside(node)
    return parts


def _part(element: Any, name: str) -> Parts:
    return _inside(child(element, name))


def _text(parts: Parts) -> str:
    return "".join(span.text for span in parts)


def _grouped(parts: Parts) -> Parts:
    """Return parts in brackets unless they are one number or letter, so that the line says the same as the picture."""
    text = _text(parts).strip()
    if len(text) <= 1 or (text.replace(".", "").isalnum() and text.isascii() and text.replace(".", "").isdigit()):
        return parts
    return [Span("("), *parts, Span(")")]


def _at(parts: Parts, position: str) -> Parts:
    return [Span(span.text, position=position) for span in parts]


def _fraction(node: Any) -> Parts:
    return [*_grouped(_part(node, "m:num")), Span("/"), *_grouped(_part(node, "m:den"))]


def _scripts(node: Any) -> Parts:
    return _part(node, "m:e") + _at(_part(node, "m:sub"), "sub") + _at(_part(node, "m:sup"), "sup")


def _before(node: Any) -> Parts:
    return _at(_part(node, "m:sub"), "sub") + _at(_part(node, "m:sup"), "sup") + _part(node, "m:e")


def _root(node: Any) -> Parts:
    return [*_at(_part(node, "m:deg"), "sup"), Span("√"), *_grouped(_part(node, "m:e"))]


def _operator(node: Any) -> Parts:
    properties = child(node, "m:naryPr")
    sign = attribute(child(properties, "m:chr"), "m:val", "∫")
    return [
        Span(sign),
        *_at(_part(node, "m:sub"), "sub"),
        *_at(_part(node, "m:sup"), "sup"),
        *_part(node, "m:e"),
    ]


def _delimited(node: Any) -> Parts:
    properties = child(node, "m:dPr")
    first = attribute(child(properties, "m:begChr"), "m:val", "(")
    last = attribute(child(properties, "m:endChr"), "m:val", ")")
    between = attribute(child(properties, "m:sepChr"), "m:val", "|")
    parts: Parts = [Span(first)]
    for index, inner in enumerate(children(node, "m:e")):
        parts += ([Span(between)] if index else []) + _inside(inner)
    return [*parts, Span(last)]


def _function(node: Any) -> Parts:
    return _part(node, "m:fName") + _grouped(_part(node, "m:e"))


def _lower_limit(node: Any) -> Parts:
    return _part(node, "m:e") + _at(_part(node, "m:lim"), "sub")


def _upper_limit(node: Any) -> Parts:
    return _part(node, "m:e") + _at(_part(node, "m:lim"), "sup")


def _accent(node: Any) -> Parts:
    sign = attribute(child(node, "m:accPr", "m:chr"), "m:val", "\u0302")
    return [*_part(node, "m:e"), Span(_ACCENTS.get(sign, sign))]


def _matrix(node: Any) -> Parts:
    parts: Parts = [Span("[")]
    for index, row in enumerate(children(node, "m:mr")):
        parts += [Span("; ")] if index else []
        for place, cell in enumerate(children(row, "m:e")):
            parts += ([Span(", ")] if place else []) + _inside(cell)
    return [*parts, Span("]")]


def _lines(node: Any) -> Parts:
    parts: Parts = []
    for index, row in enumerate(children(node, "m:e")):
        parts += ([Span("; ")] if index else []) + _inside(row)
    return parts


_SHAPES: dict[str, Callable[[Any], Parts]] = {
    "m:f": _fraction,
    "m:sSup": _scripts,
    "m:sSub": _scripts,
    "m:sSubSup": _scripts,
    "m:sPre": _before,
    "m:rad": _root,
    "m:nary": _operator,
    "m:d": _delimited,
    "m:func": _function,
    "m:limLow": _lower_limit,
    "m:limUpp": _upper_limit,
    "m:acc": _accent,
    "m:m": _matrix,
    "m:eqArr": _lines,
}
