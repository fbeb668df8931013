"""Text made to keep a pattern busy: read to its end in time that grows with its length."""

import pytest

from govplatform.confidentiality.scanning.engine import MOST_PER_RULE, scan_pieces
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.rules import RULE_IDS
from govplatform.confidentiality.scanning.settings import DictionaryWord, ScanSettings


@pytest.mark.parametrize(
    "repeated",
    [
        "1",
        "1 ",
        # The same work as the one before, with other blanks between the figures.
        *(pytest.param(figure, marks=pytest.mark.soak) for figure in ("1\t", "1\n", "1-")),
        " ",
        "\n",
        "\t",
        "密",
        "机密",
        "机 ",
        "★",
        "★机密",
        "a",
        "a.",
        "@",
        "a@",
        "a@a.",
        "村",
        "路1",
        "村一",
        "路一号",
        "栋1",
        "1栋",
        "不予公开",
        "内部资料",
        "（",
        "第1份",
        "份 ",
        "京A",
        "E1234567",
        "姓名：",
        "张三，男，",
        "王",
        "王·",
        "110101",
        "6222 ",
        "0471-",
        "(010)",
        "138 ",
        "12345678 ",
        "图",
        "男",
        "：",
        "使123",
        "军官证号",
        "=13812345678",
        "65101234/",
        "京 A 1 ",
    ],
)
def test_hostile_megabytes_are_read_to_their_end(repeated: str) -> None:
    """Work that grew with the square of the text would not come back in the lifetime of a test run."""
    piece = Piece(repeated * (600_000 // len(repeated)), "body")
    findings = scan_pieces([piece], ScanSettings(words=(DictionaryWord("甲乙", "wrong", "warn"),)))
    assert len(findings) <= MOST_PER_RULE * len(RULE_IDS)
