"""An archived page for the reader: its words and looks, without its scripts, and without a way out of the archive.

What is written here is a courtesy to browsers; that nothing is run and nothing is asked of another host is also said by
the reader's Content-Security-Policy (``tenancy.hosts``), which does not depend on what a page is made of.
"""

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from ..capture.shown_files import styled_addresses
from .links import Places

#: The last four change attributes of a drawing while it is shown: the place where a link leads, for one.
_DROPPED = frozenset({"script", "base", "template", "portal", "set", "animate", "animatemotion", "animatetransform"})
_REPLACED = frozenset({"iframe", "frame", "object", "embed", "applet", "frameset"})
_SHOWN = frozenset({"src", "poster", "data", "background"})
_LINKED = frozenset({"href", "xlink:href", "cite", "longdesc"})
_KEPT_LINKS = frozenset({"stylesheet", "icon", "apple-touch-icon"})
#: Attributes that act, or that fetch in ways which nothing here has to keep.
_FORGOTTEN = frozenset(
    {
        "action", "formaction", "ping", "srcdoc", "manifest", "archive", "codebase", "classid", "profile", "usemap",
        "imagesrcset", "imagesizes", "integrity", "nonce", "crossorigin", "target", "autofocus", "autoplay",
        "http-equiv", "attributionsrc", "lowsrc", "dynsrc",
    }
)  # fmt: skip
_IN_STYLES = re.compile(rb"""(?:@import\s++(?:url\()?|url\()\s*+["']?[^)"'\s;]*+["']?\s*+\)?""", re.IGNORECASE)

_TAG_IN_STYLES = re.compile(r"<(?=[A-Za-z/!?])")


class NotReadable(Exception):
    """The markup is nothing that a page can be made of."""


def rewritten_page(markup: bytes, charset: str, address: str, places: Places, banner: str, style_sheet: str) -> bytes:
    """The page for the reader, as UTF-8, with ``banner`` (HTML of our own) before everything else in its body.

    Raises NotReadable.
    """
    try:
        parser = lxml_html.HTMLParser(encoding=charset or None, remove_comments=True, remove_pis=True, huge_tree=False)
        root = lxml_html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotReadable(str(error)) from error
    base = _base_of(root, address, places)
    for element in list(root.iter(etree.Element)):
        _rewrite(element, base, places)
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    above = lxml_html.fragment_fromstring(banner)
    above.tail, body.text = body.text, None
    body.insert(0, above)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    head.insert(0, etree.Element("meta", charset="utf-8"))
    head.append(etree.Element("link", rel="stylesheet", href=style_sheet))
    return bytes(lxml_html.tostring(root, encoding="utf-8", doctype="<!doctype html>"))


def _base_of(root: Any, address: str, places: Places) -> str:
    found = root.find(".//base[@href]")
    base, _fragment = places.absolute(address, found.get("href")) if found is not None else (address, "")
    return base or address


def _rewrite(element: Any, base: str, places: Places) -> None:
    tag = str(element.tag).lower()
    if tag in _DROPPED or (tag == "meta" and ({"http-equiv", "charset"} & set(element.attrib))):
        element.drop_tree() if element.getparent() is not None else None
        return
    if tag in _REPLACED:
        _replace(element, base, places)
        return
    if tag == "link":
        relations = set(str(element.get("rel", "")).lower().split())
        source = places.shown(base, element.get("href", "")) if relations & _KEPT_LINKS else ""
        if not source:
            element.drop_tree() if element.getparent() is not None else None
            return
        for name in list(element.attrib):
            if name not in ("rel", "type", "media", "sizes"):
                del element.attrib[name]
        element.set("href", source)
        return
    for name in list(element.attrib):
        _rewrite_attribute(element, name, base, places)
    if tag == "style" and element.text:
        styles = rewritten_styles(element.text.encode(), base, places).decode("utf-8", "replace")
        element.text = _not_read_as_markup(styles)
    if tag == "form":
        element.set("inert", "")


def _rewrite_attribute(element: Any, name: str, base: str, places: Places) -> None:
    value = str(element.get(name))
    low = _local(name)
    if low in _FORGOTTEN or low.startswith("on"):
        del element.attrib[name]
    elif low == "srcset":
        kept = [
            " ".join([source, *words[1:2]])
            for candidate in value.split(",")
            if (words := candidate.split()) and (source := places.shown(base, words[0]))
        ]
        _set(element, name, ", ".join(kept))
    elif low in _SHOWN:
        _set(element, name, places.shown(base, value))
    elif low in _LINKED:
        # A drawing shows what it refers to; everything else leads there.
        drawn = element.tag in ("use", "image", "feimage") and not value.startswith("#")
        _set(element, name, places.shown(base, value) if drawn else places.link(base, value))
    elif low == "style" and "(" in value:
        _set(element, name, rewritten_styles(value.encode(), base, places).decode("utf-8", "replace"))


def _local(name: str) -> str:
    """``{namespace}href`` as ``xlink:href``, everything in lower case."""
    return f"xlink:{name.rpartition('}')[2]}".lower() if name.startswith("{") else name.lower()


def _set(element: Any, name: str, value: str) -> None:
    if value:
        element.set(name, value)
    else:
        del element.attrib[name]


def _replace(element: Any, base: str, places: Places) -> None:
    """In place of what another page was shown in: a link to it, or nothing."""
    found = element.get("src") or element.get("data") or ""
    target = places.link(base, found) if found else ""
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.text, element.tail = (element.get("title") or found) if target else "", tail
    element.tag = "a" if target else "span"
    if target:
        element.set("href", target)


def rewritten_styles(styles: bytes, address: str, places: Places) -> bytes:
    """A style sheet whose pictures and fonts come out of the archive; what is not in it is left out."""

    def put(match: re.Match[bytes]) -> bytes:
        found = next(styled_addresses(match[0]), "")
        source = places.shown(address, found) if found else ""
        if match[0].lower().startswith(b"@import"):
            return f'@import url("{source}")'.encode() if source else b'@import url("data:,")'
        return f'url("{source}")'.encode() if source else b'url("data:,")'

    return _IN_STYLES.sub(put, styles)


def _not_read_as_markup(styles: str) -> str:
    """Styles inside of a page in which nothing begins an element: in a drawing, browsers read them as markup."""
    return _TAG_IN_STYLES.sub("< ", styles.replace("<!--", "").replace("-->", ""))
