"""A character that the font of a PDF has not is said, and the other file has it."""

from datetime import UTC, datetime

import pytest

from govplatform.cases.disclosure.delivering import Letter
from govplatform.refusals import Refused
from sites.interaction.requests.letter_docx import letter_as_docx
from sites.interaction.requests.letter_pdf import letter_as_pdf


def test_a_rare_character_of_a_name_is_no_gap_in_the_letter():
    letter = Letter("1", "告知书", "王\U00020bb7", "予以公开。", "测试局", datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(Refused, match="没有“\U00020bb7”：请下载 Word 文档"):
        letter_as_pdf(letter)
    assert letter_as_docx(letter)
