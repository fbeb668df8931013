"""The cell formats of a workbook that show nothing: the number format ;;; and white letters without a fill."""

from typing import Any

from .office_package import Package
from .xml_parts import attribute, local, xml_tree


def hidden_formats(package: Package, name: str) -> frozenset[str]:
    """Return the numbers (as text) of the cell formats whose content is not seen; ``name``: of the part with styles."""
    root = xml_tree(package.open(name))
    formats: dict[str, str] = {}
    white: set[int] = set()
    filled: set[int] = set()
    hidden: set[str] = set()
    for part in root:
        kind = local(part)
        if kind == "numFmts":
            formats = {attribute(child, "numFmtId"): attribute(child, "formatCode") for child in part}
        elif kind == "fonts":
            white = {number for number, child in enumerate(part) if _is_white(child)}
        elif kind == "fills":
            filled = {number for number, child in enumerate(part) if _is_filled(child)}
        elif kind == "cellXfs":
            for number, child in enumerate(part):
                blank = formats.get(attribute(child, "numFmtId"), "").strip('"') == ";;;"
                pale = _number(child, "fontId") in white and _number(child, "fillId") not in filled
                if blank or pale:
                    hidden.add(str(number))
    return frozenset(hidden)


def _number(element: Any, name: str) -> int:
    value = attribute(element, name)
    return int(value) if value.isdigit() else 0


def _is_white(font: Any) -> bool:
    return any(
        local(child) == "color"
        and (attribute(child, "rgb")[-6:].lower() == "ffffff" or attribute(child, "theme") == "0")
        for child in font
    )


def _is_filled(fill: Any) -> bool:
    if any(local(child) == "gradientFill" for child in fill):
        return True
    return any(
        local(child) == "patternFill"
        and attribute(child, "patternType") not in ("", "none")
        and not any(local(c) == "fgColor" and attribute(c, "rgb")[-6:].lower() == "ffffff" for c in child)
        for child in fill
    )
