"""The same invented articles for both sides."""

import uuid
from pathlib import Path
from typing import Any

from docx import Document

_SENTENCE = "各有关单位应当按照职责分工，把便民服务窗口的开放时间、办理事项和联系方式及时告知群众，方便就近办理。"
_CELLS = ["窗口", "开放时间", "联系方式"]


#: What an editor fills in beside the text; the same words on both sides.
ARTICLE_FACTS = {
    "source": "本站",
    "author": "张三",
    "keywords": "便民服务 窗口",
    "subject_class": "02",
    "summary": "各单位便民服务窗口的开放时间和联系方式。",
}


def article_title(number: int) -> str:
    return f"关于做好第{number}批便民服务窗口开放工作的情况通报"


def article_body() -> list[dict[str, Any]]:
    """Three headed parts of four paragraphs and a table of twelve rows, as StreamField data."""
    body: list[dict[str, Any]] = []
    for part in range(1, 4):
        body.append({"type": "heading", "value": {"level": "2", "text": f"第{part}部分"}})
        paragraphs = "".join(f"<p>{_SENTENCE * 2}</p>" for _paragraph in range(4))
        body.append({"type": "rich_text", "value": paragraphs})
    body.append({"type": "table", "value": {"caption": "窗口一览", "rows": _table_rows()}})
    return body


def _table_rows() -> list[list[str]]:
    return [_CELLS, *[[f"{row}号窗口", "工作日九时至十七时", "0000-0000000"] for row in range(1, 12)]]


def write_document(path: Path) -> None:
    """A Word file to import; no two are alike."""
    document = Document()
    document.add_heading(f"关于便民服务窗口开放工作的情况通报（{uuid.uuid4().hex[:8]}）", 0)
    document.add_paragraph("来源：本站")
    for part in range(1, 4):
        document.add_heading(f"第{part}部分", 1)
        for _paragraph in range(4):
            document.add_paragraph(_SENTENCE * 2)
    rows = _table_rows()
    table = document.add_table(len(rows), len(_CELLS))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(path))
