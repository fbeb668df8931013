"""The descriptions that DA/T 80-2019《政府网站网页归档指南》asks for: as JSON, as CSV and as XML.

The site is the fonds (全宗), a column a series (类), a page an item (件), an attachment or picture a part of items. Every
form says the same; each is written entry by entry, whatever the size of the site.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO
from xml.sax.saxutils import XMLGenerator

FONDS, SERIES, ITEM, PART = "fonds", "series", "item", "part"
NAMESPACE = "urn:govplatform:archive:1"

#: Field of a description -> its name in Chinese, in the order of the columns of the CSV.
FIELDS: Mapping[str, str] = {
    "level": "聚合层次",
    "identifier": "标识符",
    "within": "所属类别",
    "title": "题名",
    "author": "责任者",
    "source": "来源",
    "issued_by": "发文机关",
    "document_number": "发文字号",
    "issued_on": "成文日期",
    "published_at": "发布时间",
    "archived_at": "归档时间",
    "index_number": "索引号",
    "subject_class": "主题分类",
    "keywords": "主题词",
    "summary": "摘要",
    "audience": "服务对象",
    "validity": "时效",
    "disclosure": "公开属性",
    "language": "语种",
    "address": "网址",
    "answer": "应答状态",
    "format": "格式",
    "bytes": "大小（字节）",
    "sha256": "SHA-256",
    "sm3": "SM3",
    "file": "保存文件",
    "record": "记录标识",
    "relations": "关联",
}

Described = dict[str, Any]


def _plain(entry: Described) -> Iterator[tuple[str, str]]:
    """The fields that the entry has, in order, as text; relations as ``type address`` each."""
    for name in FIELDS:
        value = entry.get(name)
        if value in (None, "", []):
            continue
        if name == "relations":
            yield name, "; ".join(f"{one['type']} {one['address']}" for one in value)
        else:
            yield name, str(value)


def write_json(stream: BinaryIO, head: Described, entries: Iterable[Described]) -> None:
    """``{"standard", "fonds": {...}, "entries": [...]}``, one entry a line."""
    stream.write(b'{"standard":"DA/T 80-2019","fields":' + _dump(dict(FIELDS)))
    stream.write(b',\n"fonds":' + _dump(_ordered(head)) + b',\n"entries":[')
    for number, entry in enumerate(entries):
        stream.write((b",\n" if number else b"\n") + _dump(_ordered(entry)))
    stream.write(b"\n]}\n")


def _ordered(entry: Described) -> Described:
    return {name: entry[name] for name in FIELDS if entry.get(name) not in (None, "", [])}


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def write_csv(stream: BinaryIO, head: Described, entries: Iterable[Described]) -> None:
    """A table with Chinese headings, in UTF-8 with the mark that spreadsheets look for."""
    stream.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(FIELDS.values())
    table.writerow(_row(head))
    for entry in entries:
        table.writerow(_row(entry))
    text.flush()
    text.detach()


def _row(entry: Described) -> list[str]:
    found = dict(_plain(entry))
    return [_harmless(found.get(name, "")) for name in FIELDS]


def _harmless(cell: str) -> str:
    """A cell that spreadsheets take for text, whatever a title begins with."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def write_xml(stream: BinaryIO, head: Described, entries: Iterable[Described]) -> None:
    """``<archive><fonds/><series/><item/>…</archive>``, an element for each field."""
    made = XMLGenerator(stream, encoding="UTF-8", short_empty_elements=True)  # type: ignore[arg-type]
    made.startDocument()
    made.startElement("archive", {"xmlns": NAMESPACE, "standard": "DA/T 80-2019"})
    _element(made, head)
    for entry in entries:
        _element(made, entry)
    made.characters("\n")
    made.endElement("archive")
    made.characters("\n")
    made.endDocument()


def _element(made: XMLGenerator, entry: Described) -> None:
    made.characters("\n")
    made.startElement(str(entry["level"]), {})
    for name, value in _plain(entry):
        if name == "level":
            continue
        if name == "relations":
            for relation in entry["relations"]:
                made.startElement("relation", {"type": relation["type"], "address": _allowed(relation["address"])})
                made.endElement("relation")
            continue
        made.startElement(name, {"name": FIELDS[name]})
        made.characters(_allowed(value))
        made.endElement(name)
    made.endElement(str(entry["level"]))


def _allowed(text: str) -> str:
    """``text`` without the control characters that XML cannot hold."""
    return "".join(one for one in text if one in "\t\n\r" or ord(one) >= 32 and one not in "\ufffe\uffff")
