"""What the reading libraries say of a file while they read it: passed on to the editor, not dropped."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from govplatform.sentences import gettext_noop, said

_SHOWN = 3
_LENGTH = 80
_KEPT = 50


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        if len(self.messages) < _KEPT:
            self.messages[" ".join(record.getMessage().split())[:_LENGTH]] = None


@contextmanager
def library_messages() -> Iterator[list[str]]:
    """Collect into the list, when the block ends, one warning on what libraries logged in it; none if they did not."""
    warnings: list[str] = []
    listener = _Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    try:
        yield warnings
    finally:
        root.removeHandler(listener)
        if listener.count:
            sentence = gettext_noop(
                "文件有不合规范之处，读取程序给出 %(count)s 条提示（%(shown)s）。内容可能不全，请对照原件核对。"
            )
            shown = "；".join(f"“{message}”" for message in list(listener.messages)[:_SHOWN])
            warnings.append(said(sentence, count=listener.count, shown=shown))
