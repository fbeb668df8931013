"""What a library says of a file reaches the editor."""

import logging
from pathlib import Path

import pytest

from sites.documents_in.extraction import extract_document
from sites.documents_in.extraction.library_messages import library_messages
from tests.documents_in.fictional import NOTICE, warned, write_pdf

pytestmark = pytest.mark.unit


def test_messages_are_counted_and_the_first_are_shown() -> None:
    with library_messages() as warnings:
        for number in (1, 2, 2, 3, 4):
            logging.getLogger("some.library").warning("object %d is odd", number)
        logging.getLogger("some.library").info("not worth a word")
    assert len(warnings) == 1
    assert "给出 5 条提示" in warnings[0] and "object 3 is odd" in warnings[0] and "object 4" not in warnings[0]


def test_a_reading_without_messages_adds_nothing() -> None:
    with library_messages() as warnings:
        pass
    assert warnings == []


def test_a_pdf_with_a_wrong_table_of_its_objects_says_so(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", NOTICE)
    data = path.read_bytes()
    at = data.rindex(b"startxref")
    path.write_bytes(data[:at] + b"startxref\n7\n%%EOF\n")
    document = extract_document(path, filename="a.pdf")
    assert document.title
    assert warned(document, "读取程序给出")
