"""What the import tests share: calls of the verbs, and documents with pictures and tables."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx

from tests.documents_in.fictional import NOTICE, TITLE, picture

TABLE_ROWS = [["项目", "完成率"], ["管网巡查", "九成五"], ["水质检测", "全部完成"]]


def call(verb: Callable[..., Any], *words: str) -> tuple[int, dict[str, Any]]:
    """(exit status, the JSON object) of a verb."""
    done = verb(*words, "--json")
    lines = done.stdout.strip().splitlines()
    assert len(lines) == 1, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done.returncode, json.loads(lines[0])


def import_files(
    verb: Callable[..., Any], *files: Path | str, column: str = "policies", user: str = "alpha_editor", more: str = ""
) -> tuple[int, dict[str, Any]]:
    words = ["import_documents", "--site", "alpha", "--column", column, "--as", user]
    return call(verb, *words, *more.split(), *[str(file) for file in files])


def review(verb: Callable[..., Any], page: int, reviewer: str) -> dict[str, Any]:
    status, answer = call(
        verb, "review", "--site", "alpha", "--page", str(page), "--as", reviewer, "--approve", "--opinion", "同意。"
    )
    assert status == 0, answer
    return answer


def write_report(path: Path, lines: list[str] | None = None) -> Path:
    """The notice with a table and a picture before its signature, as a Word file."""
    lines = lines or NOTICE
    document = docx.Document()
    for line in lines[:-3]:
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=2)
    for row, values in zip(table.rows, TABLE_ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    (path.parent / "picture.png").write_bytes(picture())
    document.add_picture(str(path.parent / "picture.png"))
    for line in lines[-3:-1]:
        document.add_paragraph(line)
    document.save(str(path))
    return path


__all__ = ["NOTICE", "TABLE_ROWS", "TITLE", "call", "import_files", "review", "write_report"]
