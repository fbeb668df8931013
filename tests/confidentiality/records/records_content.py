"""Files with something planted, and pages that carry them. Call inside a site's schema."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from django_tenants.utils import tenant_context
from PIL import Image
from wagtail.models import Page

from govplatform.confidentiality.models import Finding, Scan
from govplatform.review.gate.scans import current_scan
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered

#: Valid, of nobody.
NUMBER = "11010519491231002X"


def docx_with_comment(comment: str = NUMBER, author: str = "甲科") -> bytes:
    document = docx.Document()
    document.core_properties.author = author
    paragraph = document.add_paragraph("岗位信息表见附件。")
    document.add_comment(paragraph.runs, text=comment, author="甲")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def plain_docx(text: str = "岗位信息表。") -> bytes:
    document = docx.Document()
    document.core_properties.author = ""
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def jpeg_with_position() -> bytes:
    tags = Image.Exif()
    tags[0x010F] = "camera"
    tags[0x8825] = {1: "N", 2: (39.0, 54.0, 27.0), 3: "E", 4: (116.0, 23.0, 29.0)}
    stream = io.BytesIO()
    Image.new("RGB", (1280, 720), "seagreen").save(stream, "JPEG", exif=tags, comment=b"from the camera")
    return stream.getvalue()


def attached(*documents: Any) -> list[dict[str, Any]]:
    blocks = [{"type": "rich_text", "value": "<p>测试正文。</p>"}]
    return [*blocks, *({"type": "attachment", "value": {"document": item.pk}} for item in documents)]


def article_with(content: bytes, name: str = "岗位表.docx", **fields: Any) -> Any:
    item = factories.document(content, name, uploader="alpha_editor")
    return factories.draft_article(body=attached(item), **fields)


def exchange_bytes(item: Any, content: bytes) -> None:
    """Past every form: the same name in storage holds something else."""
    Path(item.file.path).write_bytes(content)


@layered
def once_at_confidentiality() -> tuple[int, int]:
    """On alpha: an article with an identity number in a comment of its attachment; keys of page and finding.

    For tests that leave the file as it is.
    """
    with tenant_context(get_tenant("alpha")):
        page = article_with(docx_with_comment())
        factories.submit(page)
        factories.approve(page, "alpha_content")
        scan = current_scan(page)
        assert scan is not None
        return page.pk, scan.findings.get(rule="id-card").pk


@pytest.fixture
def at_confidentiality(alpha: Any, once_at_confidentiality: tuple[int, int]) -> tuple[Any, Scan, Finding]:
    """(page, its scan, the finding of the number) before the confidentiality review."""
    page, finding = once_at_confidentiality
    found = Finding.objects.select_related("scan").get(pk=finding)
    return Page.objects.get(pk=page).specific, found.scan, found
