"""Lines made to send a pattern astray come back at once (a hang would end in the suite's own limit)."""

from pathlib import Path

import pytest

from tests.documents_in.fictional import NOTICE, TITLE, from_lines

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "line",
    [
        "局" * 79 + "x",
        "返回首页" * 45 + "x",
        "打印 " * 60 + "x",
        "云江省财政厅 " * 11 + "x",
        "第一章" * 5000,
        "（" * 8_000,
        "〔2023〕" * 1500,
        "一、" * 5000,
        "关于" * 1500 + "通知",
        "发布日期：" * 3000,
        "2023年" * 1500,
        "总 则 " * 5000,
        "云江省人民政府" * 800 + "2023年5月9日",
        "《" * 2000 + "关于" + "》" * 2000,
    ],
)
def test_line(tmp_path: Path, line: str) -> None:
    document = from_lines(tmp_path, [TITLE, NOTICE[4], line, NOTICE[6]])
    assert document.title == TITLE
