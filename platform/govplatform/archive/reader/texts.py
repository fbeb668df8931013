"""The words of the pages of an archive, kept beside the archives so that they can be searched.

They are made of the archive and can be made again at any time, so they are no part of it and nothing that it proves.
One line for each page; a search reads them from the beginning and holds one line in memory.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from lxml import etree
from lxml import html as lxml_html

from govplatform.whole_files import write_whole_file

from ..models import Archive
from ..package.descriptions import ITEM
from ..package.opening import Found, opened
from ..package.reading_descriptions import entries_of_level
from ..package.warc_reading import BrokenRecord

#: Of a page, in bytes and in characters: the product's own bounds.
_MOST_OF_A_PAGE, _MOST_OF_A_TEXT = 8 * 1024 * 1024, 200_000
_MOST_OF_A_LINE = 2 * 1024 * 1024
#: Characters shown around what was found.
_AROUND = 36
_NO_WORDS = ("script", "style", "template", "noscript", "head")
_BLOCKS = (
    "p", "div", "section", "article", "header", "footer", "nav", "aside", "li", "dt", "dd", "td", "th", "tr", "caption",
    "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "figure", "figcaption", "blockquote", "pre", "time", "button",
)  # fmt: skip


def texts_file(archive: Archive) -> Path:
    """Where the words of ``archive`` are kept; another archive in the same folder has others."""
    return Path(settings.ARCHIVE_ROOT) / "texts" / f"{archive.pk}-{archive.certificate[:16]}.jsonl"


def keep_texts(archive: Archive) -> int:
    """Write the words of all pages of a finished archive down; return of how many. Raises Refused, OSError.

    A page that cannot be read has none: whether an archive is whole is a matter of its verification.
    """
    kept = 0

    def lines() -> Iterator[bytes]:
        nonlocal kept
        folder = Path(archive.folder)
        with opened(folder, archive.name) as files:
            for item in entries_of_level(folder, ITEM):
                address = str(item.get("address", ""))
                try:
                    found = files.find(address)
                    text = _text_of(found) if found is not None else ""
                except (BrokenRecord, ValueError, KeyError):
                    continue
                if text:
                    kept += 1
                    told = {name: item.get(name, "") for name in ("address", "title", "published_at")}
                    yield json.dumps({**told, "text": text}, ensure_ascii=False).encode() + b"\n"

    path = texts_file(archive)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole_file(path, lines())
    return kept


def pages_with(archive: Archive, words: list[str], most: int) -> list[dict[str, Any]] | None:
    """The first ``most`` pages in whose text all ``words`` (case-folded) stand, each with its ``excerpt``.

    None when the words of the archive are not kept.
    """
    try:
        stream = texts_file(archive).open("rb")
    except OSError:
        return None
    found: list[dict[str, Any]] = []
    with stream:
        while len(found) < most and (line := stream.readline(_MOST_OF_A_LINE)):
            try:
                page = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if not isinstance(page, dict) or not {"address", "text"} <= page.keys():
                continue
            text = str(page.pop("text"))
            folded = text.casefold()
            if all(word in folded for word in words):
                found.append({**page, "excerpt": _excerpt(text, folded.find(words[0]), len(words[0]))})
    return found


def _text_of(found: Found) -> str:
    """The words of the main part of a page, with single blanks; '' for what is no page, and for too long a one."""
    kind = found.header("content-type")
    if found.status != 200 or not kind.startswith("text/html") or found.holder.size > _MOST_OF_A_PAGE:
        return ""
    charset = kind.partition("charset=")[2].strip(" \"';")
    try:
        parser = lxml_html.HTMLParser(encoding=charset or None, remove_comments=True, remove_pis=True, huge_tree=False)
        root = lxml_html.document_fromstring(b"".join(found.holder.chunks()), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
        return ""
    main = root.find(".//main")
    top = root if main is None else main
    for silent in list(top.iter(*_NO_WORDS)):
        silent.drop_tree()
    for block in top.iter(*_BLOCKS):
        # Words of two paragraphs are two words; those beside a link are one.
        block.tail = f" {block.tail or ''}"
    return " ".join("".join(top.itertext()).split())[:_MOST_OF_A_TEXT]


def _excerpt(text: str, at: int, length: int) -> str:
    # Case folding may change lengths, so the place is about where it is.
    at = max(0, min(at, len(text) - 1))
    begin, end = max(0, at - _AROUND), at + length + _AROUND
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
