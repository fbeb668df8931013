"""Pictures, charts and attachments of the demo open with the libraries they are meant for."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image, ImageStat
from pypdf import PdfReader

from sites.demo.attachments import make_attachment
from sites.demo.charts import SIZE, draw_chart
from sites.demo.content import Attachment, Chart, DemoSite, Item, PolicyDocument
from sites.demo.pictures import MOTIFS, draw_picture
from sites.demo.reading import load_province

PROVINCE = load_province()
CASES = [(attachment, item, site) for site in PROVINCE.sites for item in site.items for attachment in item.attachments]
CHARTS = [block for site in PROVINCE.sites for item in site.items for block in item.blocks if isinstance(block, Chart)]


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_picture_is_a_light_jpeg_of_exact_size(motif: str) -> None:
    data = draw_picture(motif, 11)
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.format, image.size, image.mode) == ("JPEG", (1600, 900), "RGB")
        assert max(ImageStat.Stat(image).stddev) > 15, "not a plain surface"
    assert len(data) < 200_000


def test_there_are_many_motifs() -> None:
    assert len(MOTIFS) >= 16


def test_the_seed_decides_the_picture() -> None:
    assert draw_picture("reservoir", 3) == draw_picture("reservoir", 3)
    assert draw_picture("reservoir", 3) != draw_picture("reservoir", 4)


def test_the_content_shows_most_motifs() -> None:
    used = {item.picture.motif for site in PROVINCE.sites for item in site.items if item.picture}
    assert len(used) >= 14


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_a_chart_is_a_png(chart: Chart) -> None:
    with Image.open(io.BytesIO(draw_chart(chart))) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", SIZE)


def test_a_chart_with_a_label_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="3 labels"):
        draw_chart(Chart("bar", "甲", "%", ("a", "b", "c"), (1.0, 2.0), "乙"))


@pytest.mark.parametrize(("attachment", "item", "site"), CASES, ids=lambda value: getattr(value, "filename", None))
def test_an_attachment_opens_and_holds_its_data(attachment: Attachment, item: Item, site: DemoSite) -> None:
    data = make_attachment(attachment, item, site)
    assert data == make_attachment(attachment, item, site)
    match attachment.format:
        case "pdf":
            reader = PdfReader(io.BytesIO(data))
            text = "".join("".join(page.extract_text() for page in reader.pages).split())
            assert isinstance(item, PolicyDocument)
            assert item.issued_by in text
            assert item.document_number in text
            assert item.title.removeprefix(item.issued_by)[-8:] in text
        case "docx":
            document = Document(io.BytesIO(data))
            assert attachment.title in [paragraph.text for paragraph in document.paragraphs]
            assert [cell.text for cell in document.tables[0].rows[0].cells] == list(attachment.head)
            assert document.core_properties.author == item.source
        case "xlsx":
            sheet = load_workbook(io.BytesIO(data)).worksheets[0]
            rows = list(sheet.iter_rows(min_row=2, max_row=2 + len(attachment.rows), values_only=True))
            assert rows[0] == attachment.head
            assert [str(row[0]) for row in rows[1:]] == [row[0] for row in attachment.rows]
            assert any(isinstance(cell, int | float) for row in rows[1:] for cell in row)


def test_long_documents_run_over_numbered_pages() -> None:
    attachment, item, site = next(case for case in CASES if case[0].format == "pdf")
    pages = PdfReader(io.BytesIO(make_attachment(attachment, item, site))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"— {number} —" in page.extract_text()
    assert all(first.mediabox == second.mediabox for first, second in pairwise(pages))
