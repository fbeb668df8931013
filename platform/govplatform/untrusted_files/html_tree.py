"""HTML read as browsers read it: the tree that the HTML standard makes of it, reported tag by tag."""

from html.parser import HTMLParser

from bleach._vendor import html5lib
from bleach.html5lib_shim import getTreeWalker  # type: ignore[attr-defined]


def read_tree(html: str, reader: HTMLParser) -> None:
    """Report the tree of ``html`` to ``reader``, by the ``handle_...`` methods of ``HTMLParser``.

    Comments and tags are reported where a browser sees them, and of an attribute that is given twice the first value.
    Time grows with the square of the depth: ask ``is_too_deep`` before.
    """
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for token in getTreeWalker("etree")(tree):
        kind = token["type"]
        if kind in ("StartTag", "EmptyTag"):
            reader.handle_starttag(token["name"], [(name, value) for (_space, name), value in token["data"].items()])
        elif kind == "EndTag":
            reader.handle_endtag(token["name"])
        elif kind in ("Characters", "SpaceCharacters"):
            reader.handle_data(token["data"])
        elif kind == "Comment":
            reader.handle_comment(token["data"])
