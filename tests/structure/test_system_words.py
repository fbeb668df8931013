"""What the operating system says reaches people in their language, through one piece."""

import ast
import errno
import os
import socket
import ssl

import pytest

from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.whole_files import write_whole_file

from .test_gettext import ROOT, product_files

_OF_THE_SYSTEM = {"OSError", "IOError", "FileNotFoundError", "PermissionError", "ConnectionError", "TimeoutError"}
#: Calls that tell people nothing: they choose, translate, or write the server's own log.
_CALLS = {
    "isinstance",
    "is_passing",
    "system_words",
    "_kind",
    "type",
    "warning",
    "exception",
    "error",
    "info",
    "NoArchive",
    "_write",
}


def _names(node: ast.expr | None) -> set[str]:
    return {one.attr if isinstance(one, ast.Attribute) else one.id for one in _caught(node)}


def _caught(node: ast.expr | None) -> list[ast.Attribute | ast.Name]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return [part for part in parts if isinstance(part, ast.Attribute | ast.Name)]


def words_of_the_system(source: str) -> list[int]:
    """Lines on which a fault of the system is told in its own words."""
    found = []
    for handler in ast.walk(ast.parse(source)):
        if not isinstance(handler, ast.ExceptHandler) or not _names(handler.type) & _OF_THE_SYSTEM:
            continue
        above = {id(child): node for node in ast.walk(handler) for child in ast.iter_child_nodes(node)}
        for used in ast.walk(handler):
            if not isinstance(used, ast.Name) or used.id != handler.name:
                continue
            node: ast.AST = used
            around = above[id(node)]
            if isinstance(around, ast.Raise) or (isinstance(around, ast.Attribute) and around.attr != "strerror"):
                continue
            while not isinstance(around, ast.Call) and id(around) in above:
                around = above[id(around)]
            called = around.func if isinstance(around, ast.Call) else None
            if {getattr(called, "id", ""), getattr(called, "attr", "")} & _CALLS:
                continue
            if isinstance(called, ast.Name) and called.id == "str" and isinstance(above.get(id(around)), ast.Call):
                outer = above[id(around)]
                if getattr(outer.func, "id", "") in _CALLS:  # type: ignore[attr-defined]
                    continue
            found.append(used.lineno)
    return found


def test_no_refusal_tells_a_fault_of_the_system_in_its_own_words():
    found = {str(path.relative_to(ROOT)): words_of_the_system(path.read_text("utf-8")) for path in product_files(".py")}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOENT, "No such file or directory"), "没有这个文件或目录"),
        (OSError(errno.EPROTO, "Protocol error"), "系统错误 EPROTO"),
        (OSError("cannot identify image file"), "系统错误 OSError"),
        (socket.gaierror(-2, "Name or service not known"), "找不到这个主机名"),
        (ssl.SSLError(1, "wrong version number"), "加密连接失败，对方的证书可能无效"),
        (TimeoutError("timed out"), "等候超时"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "不是 UTF-8 编码的文本"),
        (ValueError("无效的地址"), "无效的地址"),
    ],
)
def test_every_fault_has_words(error, words):
    assert system_words(error) == words


def test_a_file_that_cannot_be_written_says_why_and_what_to_do(tmp_path):
    with pytest.raises(Refused) as refused:
        write_whole_file(tmp_path / "nowhere" / "list.csv", [b"1"])
    assert refused.value.reasons == [f"无法写入 {tmp_path}/nowhere/list.csv：没有这个文件或目录。请核对目录和权限。"]
    assert os.strerror(errno.ENOENT) not in str(refused.value)
