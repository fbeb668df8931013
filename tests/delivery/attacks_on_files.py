"""What somebody does who can write files and releases, but has no key; each to the tree of a published site."""

import base64
import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from govplatform.delivery.release.layout import RELEASE_FILE
from govplatform.delivery.verifying.faults import Kind


def _write_over(tree: Path) -> None:
    (tree / "index.html").write_bytes(b"<h1>hacked</h1>")


def _same_size(tree: Path) -> None:
    content = bytearray((tree / "index.html").read_bytes())
    content[5] ^= 1
    before = (tree / "index.html").stat()
    (tree / "index.html").write_bytes(content)
    os.utime(tree / "index.html", ns=(before.st_atime_ns, before.st_mtime_ns))


def _packed(tree: Path) -> None:
    (tree / "index.html.gz").write_bytes(b"\x1f\x8bother")


def _packed_that_is_not_meant(tree: Path) -> None:
    (tree / "robots.txt.gz").write_bytes(b"\x1f\x8bother")


def _link(tree: Path) -> None:
    (tree / "index.html").unlink()
    # no file of the machine: the next attack may write through the link before it is taken away
    elsewhere = tree.resolve().parents[3] / "elsewhere.txt"
    elsewhere.write_text("a file of somebody else")
    (tree / "index.html").symlink_to(elsewhere)


def _linked_folder(tree: Path) -> None:
    elsewhere = tree.resolve().parents[3] / "elsewhere"
    (tree / "news").rename(elsewhere)
    (tree / "news").symlink_to(elsewhere)


def _folder_in_the_way(tree: Path) -> None:
    (tree / "index.html").unlink()
    (tree / "index.html/deep").mkdir(parents=True)
    (tree / "index.html/deep/x.html").write_text("x")


def _file_in_the_way(tree: Path) -> None:
    shutil.rmtree(tree / "news")
    (tree / "news").write_text("x")


def _pipe(tree: Path) -> None:
    (tree / "index.html").unlink()
    os.mkfifo(tree / "index.html")


def _socket(tree: Path) -> None:
    here = os.getcwd()
    os.chdir(tree)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("robots.txt.new")
    finally:
        os.chdir(here)


def _device(tree: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root makes devices")
    (tree / "robots.txt").unlink()
    os.mknod(tree / "robots.txt", 0o644 | 0o020000, os.makedev(1, 5))


def _hard_link(tree: Path) -> None:
    os.link(tree / "index.html", tree.resolve().parents[3] / "handle")


def _deleted(tree: Path) -> None:
    (tree / "news/1/index.html").unlink()


def _all_deleted(tree: Path) -> None:
    shutil.rmtree(tree / "news")


def _tree_deleted(tree: Path) -> None:
    shutil.rmtree(tree.resolve())


def _mode(tree: Path) -> None:
    (tree / "index.html").chmod(0o600)


def _runnable(tree: Path) -> None:
    (tree / "index.html").chmod(0o4755)


def _shut_folder(tree: Path) -> None:
    (tree / "news").chmod(0o700)


def _foreign(tree: Path) -> None:
    (tree / "news/shell.php").write_text("<?php")


def _look_alikes(tree: Path) -> None:
    (tree / "Index.html").write_text("x")
    (tree / "news/1/ｉndex.html").write_text("x")
    (tree / "café.html").write_text("x")
    (tree / "cafe\u0301.html").write_text("x")
    Path(os.fsdecode(os.fsencode(tree) + b"/bad\xff.html")).write_text("x")


def _hidden(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".git/config").write_text("x")
    (tree / ".new.folder").mkdir()
    (tree / ".new.folder/x.html").write_text("x")
    (tree / ".new.link").symlink_to("/etc")


def _too_deep(tree: Path) -> None:
    here = os.getcwd()
    os.chdir(tree)
    try:
        for _level in range(600):
            os.mkdir("d")
            os.chdir("d")
        Path("x.html").write_text("x")
    finally:
        os.chdir(here)


def _link_elsewhere(tree: Path) -> None:
    tree.unlink()
    tree.symlink_to("/etc")


def _link_is_a_folder(tree: Path) -> None:
    inside = tree.resolve()
    tree.unlink()
    shutil.copytree(inside, tree)
    (tree / "index.html").write_text("hacked")


def _link_is_gone(tree: Path) -> None:
    tree.unlink()


def _trees_is_a_link(tree: Path) -> None:
    trees = tree.parent / "trees"
    trees.rename(tree.resolve().parents[3] / "moved")
    trees.symlink_to(tree.resolve().parents[3] / "moved")


def _another_tree(tree: Path) -> None:
    shutil.copytree(tree.resolve(), tree.parent / "trees/99")
    (tree.parent / "trees/99/index.html").write_text("hacked")
    (tree.parent / ".current.x").symlink_to("trees/99")
    (tree.parent / ".current.x").replace(tree)


def _host_is_gone(tree: Path) -> None:
    shutil.rmtree(tree.parent)


def _host_is_a_link(tree: Path) -> None:
    outside = tree.parent.parent.parent / "outside"
    tree.parent.rename(outside)
    tree.parent.symlink_to(outside)


def _foreign_host(tree: Path) -> None:
    shutil.copytree(tree.parent, tree.parent.parent / "evil.example", symlinks=True)


def _foreign_host_without_a_release(tree: Path) -> None:
    (tree.parent.parent / "evil.example/current").mkdir(parents=True)
    (tree.parent.parent / "evil.example/current/index.html").write_text("x")


def _beside(tree: Path) -> None:
    (tree.parent / "next").mkdir()
    (tree.parent / "trees/.hidden").mkdir()
    (tree.parent.parent / "Alpha.EXAMPLE").mkdir()
    (tree.parent.parent / "note.txt").write_text("x")


def _no_release(tree: Path) -> None:
    (tree / RELEASE_FILE).unlink()


def _release_is_a_link(tree: Path) -> None:
    moved = tree.resolve().parents[3] / "release"
    (tree / RELEASE_FILE).rename(moved)
    (tree / RELEASE_FILE).symlink_to(moved)


def _release_is_huge(tree: Path) -> None:
    with (tree / RELEASE_FILE).open("r+b") as stream:
        stream.truncate(100 << 30)


def _release_says_more(tree: Path) -> None:
    envelope = json.loads((tree / RELEASE_FILE).read_bytes())
    payload = json.loads(base64.b64decode(envelope["payload"]))
    payload["sequence"] += 1
    envelope["payload"] = base64.b64encode(json.dumps(payload).encode()).decode()
    (tree / RELEASE_FILE).write_text(json.dumps(envelope))


#: Attack -> what is said of it, among other things.
ATTACKS: dict[Callable[[Path], None], Kind] = {
    _write_over: Kind.CHANGED, _same_size: Kind.CHANGED, _packed: Kind.CHANGED,
    _packed_that_is_not_meant: Kind.FOREIGN, _link: Kind.LINK, _linked_folder: Kind.LINK,
    _folder_in_the_way: Kind.NO_FILE, _file_in_the_way: Kind.LINK, _pipe: Kind.NO_FILE, _socket: Kind.FOREIGN,
    _device: Kind.NO_FILE, _hard_link: Kind.LINKED, _deleted: Kind.MISSING, _all_deleted: Kind.MISSING,
    _tree_deleted: Kind.CURRENT, _mode: Kind.MODE, _runnable: Kind.MODE, _shut_folder: Kind.MODE,
    _foreign: Kind.FOREIGN, _look_alikes: Kind.FOREIGN, _hidden: Kind.FOREIGN, _too_deep: Kind.FOREIGN,
    _link_elsewhere: Kind.CURRENT, _link_is_a_folder: Kind.CURRENT, _link_is_gone: Kind.MISSING,
    _trees_is_a_link: Kind.CURRENT, _another_tree: Kind.CHANGED, _host_is_gone: Kind.MISSING,
    _host_is_a_link: Kind.LINK, _foreign_host: Kind.OTHER_HOST,
    _foreign_host_without_a_release: Kind.UNKNOWN_HOST, _beside: Kind.FOREIGN, _no_release: Kind.UNSIGNED,
    _release_is_a_link: Kind.UNSIGNED, _release_is_huge: Kind.UNSIGNED, _release_says_more: Kind.UNSIGNED,
}  # fmt: skip
