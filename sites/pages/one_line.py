"""A field for one line that grows with its words, so that whoever writes sees the whole of it."""

import re
from typing import Any

from wagtail.admin.widgets import AdminAutoHeightTextInput

#: Characters beside which a new line leaves no gap: Chinese is written without.
_WIDE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u303f\uff00-\uffef“”‘’—…·"
_IS_WIDE = re.compile(f"[{_WIDE}]")


def joined(text: str) -> str:
    """Return ``text`` as one line: Chinese goes on without a gap, other words with one."""
    lines = text.splitlines()
    if len(lines) < 2:
        return "".join(lines)
    parts: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        if parts and not _IS_WIDE.match(parts[-1][-1]) and not _IS_WIDE.match(line[0]):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


class OneLine(AdminAutoHeightTextInput):
    """A text area without new lines: what the browser lets through (``one_line.js``) is joined here."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-one-line": "", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return joined(value) if isinstance(value, str) else value
