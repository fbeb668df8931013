"""`scan --file`: files from anywhere, without a site and without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from .archives import zeros, zipped
from .planted import NUMBER

ROOT = Path(__file__).resolve().parents[3]


def scan(tmp_path: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """The verb where no database answers and none may be started."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.demo",
        "GOVPLATFORM_VAR": str(tmp_path / "var"),
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "scan", *words], capture_output=True, text=True, env=environment
    )


@pytest.fixture
def document(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph(f"证件 {NUMBER}，量子技能")
    path = tmp_path / "名单.docx"
    document.save(str(path))
    return path


def test_findings_as_json_and_no_database(tmp_path: Path, document: Path) -> None:
    (tmp_path / "clean.txt").write_text("公开的文字", encoding="utf-8")
    done = scan(tmp_path, "--json", "--file", str(document), str(tmp_path / "clean.txt"))
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)["files"]
    assert first["file"] == str(document)
    assert first["readable"] is True
    finding = next(finding for finding in first["findings"] if finding["rule"] == "id-card")
    assert (finding["severity"], finding["where"], finding["offset"]) == ("block", "body", 3)
    assert NUMBER not in done.stdout
    assert second["findings"] == []
    assert not (tmp_path / "var" / "postgres").exists()
    assert not list(tmp_path.glob("var/**/postmaster.pid"))


def test_findings_for_people(tmp_path: Path, document: Path) -> None:
    done = scan(tmp_path, "--file", str(document))
    assert done.returncode == 0
    assert "必须处理" in done.stdout
    assert "公民身份证号码" in done.stdout


def test_hostile_files_end_as_findings(tmp_path: Path) -> None:
    bomb = tmp_path / "a.zip"
    bomb.write_bytes(zipped({"inner.zip": zeros(400 * 1024 * 1024)}))
    done = scan(tmp_path, "--json", "--file", str(bomb))
    assert done.returncode == 0
    assert [(f["rule"], f["where"]) for f in json.loads(done.stdout)["files"][0]["findings"]] == [
        ("unreadable", "inner.zip/0.dll")
    ]


def test_a_rule_pack_and_a_dictionary(tmp_path: Path, document: Path) -> None:
    words = tmp_path / "words.csv"
    words.write_text("词语,类别,程度,建议\n量子技能,错误表述,必须处理,量子技术\n", encoding="utf-8-sig")
    done = scan(tmp_path, "--json", "--rule-pack", "national", "--dictionary", str(words), "--file", str(document))
    assert done.returncode == 0, done.stderr
    found = [f for f in json.loads(done.stdout)["files"][0]["findings"] if f["rule"] == "dictionary"]
    assert [(f["severity"], f["suggestion"]) for f in found] == [("block", "量子技术")]
    assert scan(tmp_path, "--rule-pack", "nowhere", "--file", str(document)).returncode == 3


def test_wrong_use(tmp_path: Path, document: Path) -> None:
    for words in (
        ["--file", str(tmp_path / "missing.docx")],
        ["--file", str(document), "--page", "3"],
        ["--file", str(document), "--site", "alpha"],
        ["--page", "3"],
        [],
    ):
        assert scan(tmp_path, *words).returncode == 2, words
