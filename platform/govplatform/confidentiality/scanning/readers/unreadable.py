"""Findings and exceptions of readers for what cannot be read, or is not seen by whoever just opens the file."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from govplatform.rule_packs.severity import Severity
from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.faults import FaultKind, FileFault

from ..findings import Finding

FILE = "file"

ENCRYPTED = gettext_noop("文件已加密，无法检查。请去除密码保护后重新上传。")
CORRUPT = gettext_noop("文件已损坏或不完整，无法检查。请用原软件打开确认内容，另存一份后重新上传。")
BOMB = gettext_noop("压缩内容解压后异常巨大，已停止解压。请删除该压缩内容后重新上传。")
TOO_DEEP = gettext_noop("压缩文件嵌套层数过多，未再展开。请把内层文件直接放到外层后重新上传。")
TOO_MANY = gettext_noop("压缩文件内的文件过多，未全部检查。请拆分后重新上传。")
TOO_LONG = gettext_noop("文件文字过多，未全部检查。请把文件拆分成几份后重新上传。")
TOO_BIG = gettext_noop("文件过大，无法检查。请拆分，或另存为 DOCX、PDF 后重新上传。")
TOO_BIG_PICTURE = gettext_noop("图片尺寸异常巨大，未打开。请缩小图片后重新上传。")
NO_MEMORY = gettext_noop("检查所需内存超过上限，未全部检查。请把文件拆分成几份后重新上传。")
ENTITIES = gettext_noop("文件内含实体声明（DTD），不是正常的文档，已停止读取。请用原软件另存一份后重新上传。")
UNKNOWN = gettext_noop("无法识别的文件格式，无法检查。请另存为常用格式（DOCX、XLSX、PPTX、PDF、图片、ZIP）后重新上传。")
NO_UNPACKER = gettext_noop("不支持这种压缩格式，无法检查。请改用 ZIP 格式打包后重新上传。")
LOOK = "无法自动检查，请人工查看。"


_FAULTS: dict[FaultKind, str] = {
    "broken": CORRUPT,
    "bomb": BOMB,
    "too many": TOO_MANY,
    "encrypted": ENCRYPTED,
    "entities": ENTITIES,
    "too deep": CORRUPT,
}


class Unreadable(Exception):
    """A file, or a part of one, that gives no text.

    ``message``: Chinese, with the way out; ``severity``: of its finding.
    """

    def __init__(self, message: str, severity: Severity = "block") -> None:
        super().__init__(message)
        self.message = message
        self.severity: Severity = severity


class Exhausted(Unreadable):
    """The limits of the whole file are used up: reading ends at every level."""


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Turn a FileFault of ``untrusted_files`` that is raised inside into Unreadable."""
    try:
        yield
    except FileFault as fault:
        raise Unreadable(_FAULTS[fault.kind]) from fault


def make_finding(
    rule: str, severity: Severity, where: str, message: str, *, excerpt: str = "", value: str = ""
) -> Finding:
    """Make a finding of a reader; ``where`` is its place as a whole.

    ``value``: what makes it the same finding in another version of the file, by default ``message`` (see Finding.key).
    """
    key = hashlib.sha256("\x1f".join((rule, where, value or message)).encode()).hexdigest()
    return Finding(rule, severity, where, 0, 0, excerpt[:300], message, "", key)


def unreadable(where: str, message: str, severity: Severity = "block") -> Finding:
    """Make the finding that ``where`` could not be read.

    It has no key: whoever judged it judged these bytes, and what nobody can read may be anything in the next file.
    """
    return Finding("unreadable", severity, where, 0, 0, "", message)


def hidden_content(where: str, message: str) -> Finding:
    """Make the finding that ``where`` has content which is not seen by whoever just opens the file.

    It has no key either: what was looked up in one file says nothing of what the next one hides.
    """
    return Finding("hidden-content", "warn", where, 0, 0, "", message)
