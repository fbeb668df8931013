"""What was judged of one file counts for the next under the same number only where both show it."""

import io

import pytest

from govplatform.confidentiality.running import _key
from govplatform.confidentiality.scanning.findings import Finding
from govplatform.confidentiality.scanning.readers.unreadable import hidden_content, make_finding, unreadable
from govplatform.confidentiality.scanning.settings import ScanSettings
from govplatform.confidentiality.subject import SubjectFile

pytestmark = pytest.mark.unit


def keys(finding: Finding) -> tuple[str, str]:
    """The finding's key in a file, and after the bytes under the same number were exchanged."""
    first, second = (SubjectFile("document", 7, "a.docx", letter * 64, open=io.BytesIO) for letter in "ab")
    return _key(finding, first, ScanSettings()), _key(finding, second, ScanSettings())


@pytest.mark.parametrize("finding", [unreadable("whole file", "文件加密"), hidden_content("sheet 2", "隐藏的工作表")])
def test_what_nobody_sees_is_judged_anew_when_the_bytes_are_others(finding: Finding) -> None:
    before, after = keys(finding)
    assert before != after


def test_what_both_show_keeps_its_judgement() -> None:
    before, after = keys(make_finding("metadata", "warn", "docProps/core.xml", "作者：某人"))
    assert before == after
