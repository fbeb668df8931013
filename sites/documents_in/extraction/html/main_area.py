"""The search for the main area of a page that no known container marks, by the library readability."""

import re
from dataclasses import dataclass, field
from typing import Any

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from sites.documents_in.extraction.html.elements import UNREAD
from sites.documents_in.extraction.html.link_texts import share_in_links
from sites.documents_in.extraction.html.styles import classes_of
from sites.documents_in.extraction.html.tables import own_cells, own_rows
from sites.documents_in.extraction.spacing import CJK

MARK = "data-place"
#: Elements beyond which a page is not given to the library, which compares each with what lies around it.
MOST_ELEMENTS = 20_000
#: Characters, each counted once for every element around it, beyond which neither: it reads the text of each anew.
MOST_WORK = 20_000_000
#: Blocks beyond which the library does not look for further parts of the text: it compares each with every other.
MOST_SEGMENTS = 100
_INLINE_NAMES = "a abbr b big cite code em font i label s small span strong sub sup tt u"
_INLINE = frozenset(_INLINE_NAMES.split())
_BLOCK_NAMES = """
    address article blockquote body center dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 header hr li main ol
    p pre section summary ul
"""
_NAMES = _INLINE.union(_BLOCK_NAMES.split())
_PARTS = ("td", "th", "tr", "tbody", "thead", "tfoot")
_HOLDERS = frozenset({"article", "body", "center", "dd", "div", "li", "main", "section"})
#: The library's thresholds are made for English: it counts commas and full stops of ASCII, and letters.
_SIGNS = str.maketrans({"，": ", ", "、": ", ", "；": ", ", "。": ". "})
_CHARACTER = re.compile(f"([{CJK}])")
_AS_LETTERS = r"\1ab"
#: Characters of the longest cell of a table of data.
LONGEST_CELL = 200
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BESIDE = re.compile("comment|related|recommend|sharing|disqus|pinglun|xiangguan", re.IGNORECASE)
_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|zip|rar|7z|txt|rtf)(?:[?#].{0,200})?$", re.IGNORECASE)


@dataclass
class MainArea:
    """The part of a page that holds its text.

    roots: elements in the order of the page, none within another. left_out: elements within them that are beside the
    text, such as lists of related pages and readers' comments.
    """

    roots: list[Tag]
    left_out: list[Tag] = field(default_factory=list)


def find_main_area(body: Tag) -> MainArea | None:
    """Return the main area of a page, or None where the library finds none. Unseen text has to be taken out before.

    The library gets a copy of the tree with a number on each element, and says by the numbers that are left what it
    takes for the text. Nothing else of its answer is read: our own tree keeps tables, lists and formatting. What it
    would cut out of the middle of the text stays, unless it is mostly links or called comments and the like.
    """
    if sum(1 for _ in body.find_all(True)) > MOST_ELEMENTS:
        return None
    with_text, work = _with_text(body)
    if work > MOST_WORK:
        return None
    # Only pages need it, and it takes a tenth of a second to load.
    from lxml.html import Element
    from readability.readability import Document, Unparseable

    class Marked(Document):  # type: ignore[misc]
        """The library's reader, with the numbers of the elements that it takes for an answer.

        Steps of it are left out that take time by the square of the page and find nothing for us.
        """

        kept: frozenset[int] = frozenset()
        found = False

        def get_clean_html(self) -> str:
            self.kept = frozenset(int(tag.get(MARK)) for tag in self.html.iter() if tag.get(MARK))
            return str(self.html.text_content())

        def select_best_candidate(self, candidates: Any) -> Any:
            best = super().select_best_candidate(candidates)
            self.found = bool(best)
            return best

        def class_weight(self, e: Any) -> float:
            # The library names the body so that its own rule for good names prefers it, which it must not.
            return 0 if e.tag == "body" else float(super().class_weight(e))

        def merge_article_segments(self, candidates: Any, best_candidate: Any, score_threshold: Any) -> None:
            if len(candidates) <= MOST_SEGMENTS:
                super().merge_article_segments(candidates, best_candidate, score_threshold)

        def get_editorial_leads(self, best_elem: Any) -> list[Any]:
            return []

        def get_preserved_elements(self, node: Any) -> dict[Any, bool]:
            return {}

    tags: list[Tag] = []
    top = Element("html")
    _copy(body, top, "body", tags, with_text)
    reader = Marked(top)
    try:
        reader.summary(html_partial=True)
    except Unparseable:
        return None
    if not reader.found:
        return None
    kept = {id(tags[number]) for number in reader.kept}
    area = MainArea(roots=[])
    if id(body) in kept:
        area.roots.append(body)
        _leave_out(body, kept, area)
    else:
        _compare(body, kept, area)
    area.roots = _whole_tables(area.roots)
    return area if area.roots else None


def _with_text(body: Tag) -> tuple[set[int], int]:
    """Return (ids of the elements that hold text which would be read, characters times the elements around them)."""
    found = {id(body)}
    work = 0
    for text in body.find_all(string=True):
        if isinstance(text, PreformattedString) or not text.strip():
            continue
        around = [id(tag) for tag in text.parents]
        found.update(around)
        work += len(text) * len(around)
    return found, work


def _copy(tag: Tag, parent: Any, name: str, tags: list[Tag], with_text: set[int], *, flat: bool = False) -> Any:
    """Copy an element with its text into the tree of the library.

    A table of data becomes one paragraph (flat), its cells divided by commas: single cells are too short to count.
    """
    from lxml.etree import SubElement

    made = SubElement(parent, name)
    made.set(MARK, str(len(tags)))
    tags.append(tag)
    for key, value in (("id", tag.get("id")), ("itemprop", tag.get("itemprop")), ("class", " ".join(classes_of(tag)))):
        if value:
            made.set(key, _FORBIDDEN.sub("", value if isinstance(value, str) else " ".join(value)))
    # Lines between breaks count as paragraphs.
    broken = name in _HOLDERS and tag.find("br", recursive=False) is not None
    inner, last = made, None
    for child in tag.children:
        if isinstance(child, Tag):
            called = "span" if flat else "p" if is_data_table(child) else _name(child)
            if child.name == "br":
                inner, last = made, (made[-1] if len(made) else None)
            elif child.name not in UNREAD and id(child) in with_text:
                if broken and called in _INLINE and inner is made:
                    inner = SubElement(made, "p")
                elif called not in _INLINE:
                    inner = made
                last = _copy(
                    child, inner, called, tags, with_text, flat=flat or (child.name == "table" and called == "p")
                )
                if flat and child.name in ("td", "th"):
                    last.tail = ", "
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            text = _CHARACTER.sub(_AS_LETTERS, _FORBIDDEN.sub("", str(child))).translate(_SIGNS)
            if broken and inner is made and text.strip():
                inner, last = SubElement(made, "p"), None
            if last is None:
                inner.text = (inner.text or "") + text
            else:
                last.tail = (last.tail or "") + text
    return made


def is_data_table(tag: Tag) -> bool:
    """Say whether an element is a table of short cells in rows and columns, not a frame for looks."""
    if tag.name != "table" or tag.find("table") is not None:
        return False
    rows = [[len(cell.get_text(strip=True)) for cell in own_cells(row)] for row in own_rows(tag)]
    return len(rows) > 1 and max(map(len, rows)) > 1 and max(max(row, default=0) for row in rows) <= LONGEST_CELL


def _name(tag: Tag) -> str:
    """Return the name of an element in the copy.

    Forms hold whole pages, and the library drops them. Tables that are frames are blocks: the library takes a cell for
    a paragraph, and would find the row best, with the navigation beside the text.
    """
    if tag.name in _NAMES:
        return tag.name
    return "span" if ":" in tag.name else "div"


def _compare(node: Tag, kept: set[int], area: MainArea) -> None:
    """Find the roots below an element that is not kept itself."""
    for child in _children(node):
        if id(child) in kept:
            area.roots.append(child)
            _leave_out(child, kept, area)
        else:
            _compare(child, kept, area)


def _whole_tables(roots: list[Tag]) -> list[Tag]:
    """Return roots with the whole table of data instead of parts of it: cells alone say nothing."""
    whole: dict[int, Tag] = {}
    for root in roots:
        table = root.find_parent("table") if root.name in _PARTS else None
        taken = table if table is not None and is_data_table(table) else root
        whole.setdefault(id(taken), taken)
    return [taken for taken in whole.values() if not any(id(around) in whole for around in taken.parents)]


def _leave_out(node: Tag, kept: set[int], area: MainArea) -> None:
    for child in _children(node):
        if id(child) in kept or any(id(tag) in kept for tag in child.find_all(True)):
            _leave_out(child, kept, area)
        elif _is_named_beside(child) or (share_in_links([child]) > 0.5 and not _holds_files(child)):
            area.left_out.append(child)


def _is_named_beside(tag: Tag) -> bool:
    """Say whether the page itself calls an element something that stands beside an article."""
    return bool(_BESIDE.search(" ".join([*classes_of(tag), str(tag.get("id", ""))])))


def _holds_files(tag: Tag) -> bool:
    """Say whether links in an element lead to files: lists of attachments are links, and part of the text."""
    return any(_FILE.search(str(link.get("href", ""))) for link in tag.find_all("a"))


def _children(node: Tag) -> list[Tag]:
    return [child for child in node.children if isinstance(child, Tag)]
