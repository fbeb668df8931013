"""Large files are read to their end within the limits; broken ones, however broken, end as findings."""

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from PIL import Image

from .archives import zipped
from .planted import NUMBER
from .test_pdf import pdf
from .test_pictures import exif

MOST_MB = 512
MUTANTS = 40


@pytest.mark.soak
def test_a_workbook_of_fifty_thousand_rows(tmp_path: Path, guarded_scan: Any) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for number in range(1, 50_001):
        sheet.append([number, f"单位{number}", "政府信息公开", number * 1.5, NUMBER if number == 50_000 else "无"])
    book.save(tmp_path / "a.xlsx")
    scanned = guarded_scan(tmp_path / "a.xlsx")
    assert scanned.places() == ["sheet 名单!E50000"]
    assert scanned.unreadable() == {}
    assert 0 < scanned.answer["peak_mb"] < MOST_MB


def test_a_document_of_two_hundred_pages(tmp_path: Path, guarded_scan: Any) -> None:
    document = docx.Document()
    for _ in range(200 * 20):
        document.add_paragraph("为贯彻落实政府信息公开条例，现将有关事项通知如下，请各单位认真执行。" * 2)
    document.add_paragraph(NUMBER)
    document.save(str(tmp_path / "a.docx"))
    scanned = guarded_scan(tmp_path / "a.docx")
    assert scanned.places() == ["body"]
    assert 0 < scanned.answer["peak_mb"] < MOST_MB
    assert sum(len(part["text"]) for part in scanned.answer["parts"]) < 250_000


def test_more_text_than_anyone_reads(tmp_path: Path, guarded_scan: Any) -> None:
    (tmp_path / "a.txt").write_bytes(f"{NUMBER}\n".encode() + b"text of a file\n" * 3_000_000)
    scanned = guarded_scan(tmp_path / "a.txt")
    assert scanned.places() == ["body"]
    assert "过多" in scanned.unreadable()["file"]
    assert 0 < scanned.answer["peak_mb"] < MOST_MB


def test_a_table_in_an_archive(tmp_path: Path, scan: Any) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.csv": f"姓名,证件\n甲,{NUMBER}\n".encode(), "b.txt": NUMBER.encode()}))
    assert scan(tmp_path / "a.zip").places() == ["a.csv: body", "b.txt: body"]


def seed(kind: str) -> bytes:
    target = io.BytesIO()
    if kind == "docx":
        document = docx.Document()
        document.add_comment(document.add_paragraph(NUMBER).runs, text="批注", author="甲")
        document.save(target)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        book.active["A1"] = NUMBER
        book.save(target)
    elif kind == "pptx":
        slides = pptx.Presentation()
        slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = NUMBER
        slides.save(target)
    elif kind == "pdf":
        pdf(NUMBER, form="value").write(target)
    else:
        Image.effect_noise((60, 60), 50).convert("RGB").save(target, {"jpg": "JPEG"}.get(kind, kind), exif=exif())
    return target.getvalue()


def mutant(data: bytes, dice: random.Random, *, archive: bool) -> bytes:
    """Some bytes changed: anywhere, or inside of one part of an archive that is whole otherwise."""
    if not archive:
        changed = bytearray(data)
        for _ in range(dice.randint(1, 12)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        return bytes(changed[: dice.randrange(len(changed))] if dice.random() < 0.2 else changed)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        members = {name: bytearray(parts.read(name)) for name in parts.namelist()}
    victim = members[dice.choice([name for name, content in members.items() if content])]
    for _ in range(dice.randint(1, 8)):
        victim[dice.randrange(len(victim))] = dice.choice(b'<>"/&0aw \xff9')
    return zipped({name: bytes(content) for name, content in members.items()})


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "pdf", "jpg", "png", "webp", "tiff"])
def test_no_damage_makes_the_scan_fail(tmp_path: Path, scan: Any, kind: str) -> None:
    dice, data = random.Random(kind), seed(kind)
    for number in range(MUTANTS):
        path = tmp_path / f"{number}.{kind}"
        path.write_bytes(mutant(data, dice, archive=kind in ("docx", "xlsx", "pptx") and number % 2 == 0))
        scan(path)
