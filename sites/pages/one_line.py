"""A field for one line that grows with its words, so that whoever writes sees the whole of it."""

import re
from typing import Any

from wagtail.admin.widgets import AdminAutoHeightTextInput

#: Characters beside which a new line leaves no gap: Chinese is written without.
_WIDE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u303f\uff00-\uffef“”‘’—…·"
_BESIDE_CHINESE = re.compile(f"(?<=[{_WIDE}])[^\\S\n]*\n\\s*|\\s*\n\\s*(?=[{_WIDE}])")


def joined(text: str) -> str:
    """Return ``text`` as one line: Chinese goes on without a gap, other words with one."""
    lines = "\n".join(text.splitlines()).strip("\n")
    return re.sub(r"\s*\n\s*", " ", _BESIDE_CHINESE.sub("", lines))


class OneLine(AdminAutoHeightTextInput):
    """A text area without new lines: what the browser lets through (``one_line.js``) is joined here."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-one-line": "", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return joined(value) if isinstance(value, str) else value
