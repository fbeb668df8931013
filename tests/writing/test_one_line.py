"""A title is one line, whatever a browser lets through."""

from sites.pages.one_line import OneLine


def test_lines_are_joined_as_each_script_is_written() -> None:
    sent = {"title": "关于印发\r\n　办法的\u2028“通知”\n(AI \nplus)\n"}
    assert OneLine().value_from_datadict(sent, {}, "title") == "关于印发办法的“通知”(AI plus)"
    assert OneLine().value_from_datadict({}, {}, "title") is None
