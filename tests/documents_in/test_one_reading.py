"""A document written with radicals and compatibility ideographs is stored with the ordinary ones, in every format."""

from pathlib import Path

import pytest

from sites.documents_in.extraction.extract import extract_document

pytestmark = pytest.mark.unit

SENTENCE = "各镇⼈⺠政府要保障\uf98e度用⽔，12个村①至③类全部覆盖。"
ORDINARY = "各镇人民政府要保障年度用水，12个村①至③类全部覆盖。"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("通知.txt", f"关于用⽔的通知\n\n{SENTENCE}\n"),
        (
            "通知.html",
            f"<html><head><meta charset=utf-8><title>关于用⽔的通知</title></head><body><h1>关于用⽔的通知</h1>"
            f"<p>{SENTENCE}</p><table><tr><td>⻓度</td><td>⼆</td></tr><tr><td>a</td><td>b</td></tr></table></body></html>",
        ),
    ],
)
def test_what_is_stored_has_ordinary_ideographs_and_nothing_else_is_changed(
    tmp_path: Path, name: str, written: str
) -> None:
    path = tmp_path / name
    path.write_text(written)
    document = extract_document(path, filename=name)
    stored = str(document)
    assert document.title == "关于用水的通知"
    assert ORDINARY in stored
    assert not any(0x2E80 <= ord(character) <= 0x2FDF for character in stored)


def test_a_title_out_of_the_name_of_the_file_is_folded_too(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    assert "⽔" not in extract_document(path, filename="用⽔.txt").title
