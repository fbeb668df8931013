"""Reads text files, and tables in text files."""

import csv
import io
from collections.abc import Iterator

from govplatform.untrusted_files.encodings import detect_encoding, read_text

from .context import Context, Items, ReadSource, Source
from .flow import Flow

CELL = 1_000_000


def read_plain_text(source: Source, context: Context, _read_source: ReadSource) -> Items:
    """Read a text file in whatever encoding it is."""
    flow = Flow(context, "body")
    for text in read_text(source.stream):
        flow.add(text.replace("\r\n", "\n").replace("\x00", ""))
        yield from flow.full()
    yield from flow.finish()


def read_csv(source: Source, context: Context, _read_source: ReadSource) -> Items:
    """Read a table in a text file as rows with tabs, whatever separates its cells; the first row is the head."""
    encoding = detect_encoding(source.stream)
    source.stream.seek(0)
    lines = io.TextIOWrapper(source.stream, encoding, "replace", newline="")
    flow = Flow(context, "body")
    yield from flow.begin_table("csv")
    try:
        for cells in _rows(lines):
            if not flow.header:
                flow.header = tuple(cells)
            flow.add("\t".join(cells) + "\n")
            yield from flow.full()
    finally:
        # The stream is not ours to close.
        lines.detach()
    yield from flow.end_table()


def _rows(lines: io.TextIOWrapper) -> Iterator[list[str]]:
    sample = lines.read(8192)
    lines.seek(0)
    delimiter = max(",\t;|，", key=sample.count)
    csv.field_size_limit(CELL)
    try:
        for cells in csv.reader((line.replace("\x00", "") for line in lines), delimiter=delimiter):
            yield [" ".join(cell.split()) if "\n" in cell or "\t" in cell else cell for cell in cells]
    except csv.Error:
        # A quote that never ends: the rest as it stands.
        for line in lines:
            yield [line.rstrip("\r\n")]
