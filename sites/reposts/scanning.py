"""The text and files of a repost for the confidentiality scan of the receiving site.

Reposts are reviewed like the site's own text:
《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第三部分第（二）项.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from bs4 import BeautifulSoup

from content_library.metadata import CONTENT_FIELDS, DOCUMENT_FIELDS
from content_library.models import Repost, ResourceFile, ResourceVersion
from content_library.resources.blobs import open_blob
from content_library.resources.plain_text import text_of
from content_library.resources.records import BLOB_SCHEME
from content_library.vocabularies.words import values_in_words
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.subject import SubjectFile
from sites.pages.text import PageText, own_hosts, read_rich_text

from .queries import Shown

#: Kind of these files in the records of scans; ``object_id`` is that of the library's file.
FILE_KIND = "library"
#: Not read as text: moments, the picture, and what a piece of its own tells.
_NO_TEXT = frozenset({"title", "source", "url", "image", "published_at", "issued_on", "index_number"})
#: Everything else that the page shows of a version, so that a field that is added is scanned too.
_SHOWN_METADATA = tuple(
    dict.fromkeys(
        [
            *(field.code for field in (*CONTENT_FIELDS, *DOCUMENT_FIELDS) if field.code not in _NO_TEXT),
            *("addressee", "signature", "validity_note"),
        ]
    )
)


def scan_pieces(page: Any, cleared: Shown | None) -> Iterator[Piece]:
    """Yield title, metadata and text of the version that would be shown; a repost of mode link has no text.

    ``cleared`` None: the version is not in the library, only the title is yielded.
    """
    yield Piece(page.title, "title")
    yield Piece(page.source, "source")
    if cleared is None:
        return
    # What citizens read in the place of codes.
    metadata = values_in_words(cleared.version.metadata)
    for name in _SHOWN_METADATA:
        if value := str(metadata.get(name) or ""):
            yield Piece(value, name.replace("_", " "))
    if cleared.resource.tenant_id is None:
        # What another platform writes there; numbers of this one are drawn by the site's pattern.
        yield Piece(str(metadata.get("index_number") or ""), "index number")
        yield Piece(str(metadata.get("url") or ""), "link addresses", hidden=True)
    if page.mode != Repost.Mode.LINK:
        yield from text_to_scan(cleared.version).pieces()


def scan_facts(page: Any, cleared: Shown | None) -> dict[str, Any]:
    """Return the facts that the scan judges besides the pieces; without a version or for a link, only of the page."""
    facts: dict[str, Any] = {"title": page.title, "kind": "article", "source": page.source}
    if cleared is None or page.mode == Repost.Mode.LINK:
        return facts
    text = text_to_scan(cleared.version)
    return {
        **facts,
        "text": cleared.version.text,
        "links": text.links,
        "own_hosts": own_hosts(text.links),
        "pictures": text.pictures,
    }


def scan_files(page: Any, cleared: Shown | None) -> list[SubjectFile]:
    """Return every file of the version once, by its SM3; scaled renditions are left out, as their image is scanned.

    Empty without a version and for a link.
    """
    if cleared is None or page.mode == Repost.Mode.LINK:
        return []
    found: dict[str, SubjectFile] = {}
    for file in cleared.version.files.exclude(kind=ResourceFile.Kind.RENDITION):
        words = tuple((where, text) for where, text in (("title", file.title), ("map number", file.map_number)) if text)
        found.setdefault(
            file.blob_id,
            SubjectFile(FILE_KIND, file.pk, file.name, file.blob_id, partial(_open, file.blob_id), words),
        )
    return list(found.values())


def text_to_scan(version: ResourceVersion) -> PageText:
    """Return running text, tables, alternative texts, links and hidden text of the version's HTML, and its images."""
    soup = BeautifulSoup(version.html, "lxml")
    text = PageText()
    read_rich_text(text, version.html)
    # Addresses of the version's own files, which are scanned themselves.
    text.links = [link for link in text.links if not link["url"].startswith(BLOB_SCHEME)]
    for table in soup.find_all("table"):
        rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
        text.tables.append(rows)
        caption = table.find("caption")
        table.replace_with(caption if caption is not None else "")
    text.body = [text_of(str(soup))]
    text.alternatives = [str(tag["alt"]) for tag in soup.find_all(alt=True) if tag["alt"]]
    text.pictures = [
        {"title": file.title, "description": "", "map_number": file.map_number, "where": "body"}
        for file in version.files.filter(kind=ResourceFile.Kind.IMAGE)
    ]
    return text


def _open(sm3: str) -> BinaryIO:
    return cast(BinaryIO, open_blob(sm3))
