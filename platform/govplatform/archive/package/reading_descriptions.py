"""Reading the descriptions of an archive entry by entry."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .descriptions import ITEM, SERIES
from .layout import METADATA_JSON

_MOST_OF_A_LINE = 256 * 1024


def entries_of_level(folder: Path, level: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of ``level`` in the order of the file. What is no entry is passed over. Raises OSError."""
    # Every entry begins its line with its level (descriptions.write_json).
    beginning = f'{{"level":"{level}"'.encode()
    with (folder / METADATA_JSON).open("rb") as stream:
        while line := stream.readline(_MOST_OF_A_LINE):
            if not line.startswith(beginning):
                continue
            try:
                entry = json.loads(line.rstrip(b",\n"))
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict):
                yield entry


def columns(folder: Path) -> list[dict[str, Any]]:
    """The columns, each ``{"title", "path", "depth", "items"}``, parents before those below them."""
    counts: dict[str, int] = {}
    for item in entries_of_level(folder, ITEM):
        within = str(item.get("within", ""))
        counts[within] = counts.get(within, 0) + 1
    found = []
    for series in entries_of_level(folder, SERIES):
        address = str(series.get("address", ""))
        path = "/" + address.split("/", 3)[3] if address.count("/") > 2 else "/"
        title = str(series.get("title", ""))
        found.append({"title": title, "path": path, "depth": max(0, path.count("/") - 2), "items": counts.get(path, 0)})
    return sorted(found, key=lambda column: str(column["path"]))


def items_in(folder: Path, path: str) -> Iterator[dict[str, Any]]:
    """Yield the pages in the column at ``path``; of '' those in no column."""
    for item in entries_of_level(folder, ITEM):
        if str(item.get("within", "")) == path:
            yield item


def items_about(folder: Path, words: list[str], most: int) -> list[dict[str, Any]]:
    """The first ``most`` pages in whose title, index number, keywords or summary all ``words`` stand."""
    found = []
    for item in entries_of_level(folder, ITEM):
        text = " ".join(
            str(item.get(name, "")) for name in ("title", "index_number", "document_number", "keywords", "summary")
        )
        if all(word in text.casefold() for word in words):
            found.append(item)
            if len(found) >= most:
                break
    return found
