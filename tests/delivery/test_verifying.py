"""Somebody who can write files and releases, but has no key: every change is found, and what was published is back."""

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
from govplatform.delivery.verifying.verifier import Unusable

from .publishing import Publisher, entry, small

pytestmark = pytest.mark.unit


@pytest.fixture
def published(tmp_path: Path) -> Publisher:
    """Two releases of a site, seen by the verifier, so that the newest is remembered."""
    publisher = Publisher(tmp_path)
    publisher.publish()
    publisher.publish({"news/2/index.html": b"<p>second</p>"})
    assert publisher.verify(repair=True).faults == []
    return publisher


def settled(publisher: Publisher) -> bool:
    """Whether everything lies as it was published, and a second look finds nothing."""
    try:
        return publisher.lying() == publisher.meant() and publisher.verify().as_json()["ok"]
    except FileNotFoundError:
        # taken away while we looked
        return False


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
    (tree / "index.html").symlink_to("/etc/passwd")


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


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__.strip("_"))
def test_what_was_changed_is_found_and_put_back(published: Publisher, attack: Callable[[Path], None]):
    attack(published.tree)
    seen = published.verify()
    assert ATTACKS[attack] in {fault.fault for fault in seen.faults}
    assert not seen.restored and not seen.quarantined
    repaired = published.verify(repair=True)
    assert ATTACKS[attack] in {fault.fault for fault in repaired.faults}
    assert settled(published)


def test_a_changed_time_is_no_fault(published: Publisher):
    os.utime(published.tree / "index.html", (1, 1))
    assert published.verify().as_json()["ok"]


def test_what_a_link_leads_to_is_left_alone(published: Publisher, tmp_path: Path):
    outside = tmp_path / "outside"
    (outside / "1").mkdir(parents=True)
    (outside / "1/index.html").write_text("mine")
    shutil.rmtree(published.tree / "news")
    (published.tree / "news").symlink_to(outside)
    published.verify(repair=True)
    assert settled(published)
    assert [path.name for path in outside.rglob("*")] == ["1", "index.html"]
    assert (outside / "1/index.html").read_text() == "mine"


def test_an_old_release_that_was_signed_is_no_release(published: Publisher):
    """Its files are there as well: what was withdrawn since must not come back."""
    old = published.publish()
    published.publish({"news/1/index.html": None})
    assert published.verify().as_json()["ok"]
    (published.tree / RELEASE_FILE).write_bytes(old)
    (published.tree / "news/1").mkdir(exist_ok=True)
    (published.tree / "news/1/index.html").write_text("withdrawn")
    found = published.verify(repair=True)
    assert {Kind.REPLAYED, Kind.FOREIGN} <= {fault.fault for fault in found.faults}
    assert settled(published) and not (published.tree / "news/1/index.html").exists()


def test_a_tree_that_is_newer_than_what_is_remembered_is_not_rolled_back(published: Publisher):
    published.publish({"news/1/index.html": None}, whole=True)
    published.tree.unlink()
    published.tree.symlink_to("/etc")
    published.verify(repair=True)
    assert settled(published)


def test_two_sites_do_not_change_places(published: Publisher, tmp_path: Path):
    other = Publisher(tmp_path, "beta", "beta.example", published.key, {"index.html": b"beta"})
    other.publish()
    assert published.verify(repair=True).faults == []
    for folder, target in ((published.tree, "moved"), (other.tree, published.host), (None, other.host)):
        (folder.parent if folder else published.root / "moved").rename(published.root / target)
    found = published.verify(repair=True)
    assert {fault.host for fault in found.faults if fault.fault == Kind.OTHER_HOST} == {published.host, other.host}
    assert settled(published) and other.lying() == other.meant()


def test_a_host_that_another_site_took_over_is_its(published: Publisher, tmp_path: Path):
    after = Publisher(tmp_path, "beta", published.host, published.key, {"index.html": b"beta"})
    after.sequence = 0
    after.root.mkdir(exist_ok=True)
    entries = {place: entry(place, content, _store(after)) for place, content in after.files.items()}
    after.sequence = 1
    envelope = after.signed(entries, _store(after), signed_at="2026-12-01T00:00:00+00:00")
    _site(after).switch(envelope, entries.values(), _store(after), 1)
    assert after.verify(repair=True).as_json()["ok"] and after.lying() == after.meant()


def _store(publisher: Publisher):
    from govplatform.delivery.release.store import Store

    return Store(publisher.root)


def _site(publisher: Publisher):
    from govplatform.delivery.release.trees import Site

    return Site(publisher.root, publisher.host)


def test_a_damaged_copy_is_not_put_back(published: Publisher):
    """The file is away then, so that the application is asked, and the alarm says so."""
    content = published.files["index.html"]
    from hashlib import sha256

    blob = _store(published).path_of(sha256(content).hexdigest())
    blob.chmod(0o644)
    blob.write_bytes(b"hacked")
    (published.tree / "index.html").write_bytes(b"hacked")
    found = published.verify(repair=True)
    assert [(fault.place, fault.done) for fault in found.faults] == [("index.html", "not_in_store")]
    assert found.restored == [] and not (published.tree / "index.html").exists()
    assert published.lying() == {place: one for place, one in published.meant().items() if place != "index.html"}


def test_without_the_store_sound_files_stay(published: Publisher):
    shutil.rmtree(published.root / ".store")
    (published.tree / "news/1/index.html").write_text("hacked")
    found = published.verify(repair=True)
    assert [(fault.place, fault.done) for fault in found.faults] == [("news/1/index.html", "not_in_store")]
    assert (published.tree / "index.html").read_bytes() == published.files["index.html"]


def test_what_nobody_can_prove_is_not_sent(published: Publisher, tmp_path: Path):
    """A verifier that never saw the release, and a store without its parts."""
    shutil.rmtree(published.root / ".store")
    (published.root / ".store").mkdir()
    found = published.verify(repair=True, memory=tmp_path / "another")
    assert {fault.fault for fault in found.faults} == {Kind.PART, Kind.UNPROVEN}
    assert published.lying() == {}


def test_evidence_is_kept_within_bounds(published: Publisher, tmp_path: Path):
    (published.tree / "evil.html").write_bytes(b"evil")
    with (published.tree / "huge.html").open("wb") as stream:
        stream.truncate(100 << 30)
    for number in range(20):
        (published.tree / f"{number}.html").write_bytes(bytes([number]) * 700)
    found = published.verify(repair=True, bounds=small())
    assert settled(published)
    kept = [path for path in (tmp_path / "quarantine").iterdir() if path.suffix != ".json"]
    assert kept and sum(path.stat().st_size for path in kept) <= small().all
    assert len(found.quarantined) == 22 and sum(1 for one in found.quarantined if one["kept"]) == len(kept)


def test_many_faults_are_counted(published: Publisher, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("govplatform.delivery.verifying.faults.MOST_TOLD", 3)
    for number in range(10):
        (published.tree / f"{number}.html").write_text("x")
    found = published.verify().as_json()
    assert len(found["faults"]) == 3 and found["not_told"] == 7


def test_what_is_being_written_is_left_alone(published: Publisher):
    (published.tree / "news/.new.abc").write_text("half")
    (published.tree.parent / ".current.123").symlink_to("trees/7")
    assert published.verify(repair=True).as_json()["ok"]
    assert (published.tree / "news/.new.abc").exists()


def test_a_killed_publisher_has_left_a_signed_list_and_the_files_follow(published: Publisher):
    store, site = _store(published), _site(published)
    published.files["index.html"] = b"<h1>new</h1>"
    del published.files["news/2/index.html"]
    entries = {place: entry(place, content, store) for place, content in published.files.items()}
    published.sequence += 1
    site.bring_in_line(published.signed(entries, store), [], [], store)
    assert published.lying() != published.meant()
    published.verify(repair=True)
    assert settled(published)


def test_a_closed_site_may_be_removed(published: Publisher):
    published.files.clear()
    published.publish(whole=True)
    assert published.verify(repair=True).as_json()["ok"]
    shutil.rmtree(published.tree.parent)
    assert published.verify().as_json()["ok"]


def test_a_folder_that_is_no_root_is_not_repaired(published: Publisher, tmp_path: Path):
    other = tmp_path / "home"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(Unusable):
        published.verify(repair=True, root=other, memory=tmp_path / "none")
    with pytest.raises(Unusable):
        published.verify(repair=True, quarantine=published.root / "quarantine")
    assert (other / "letter.txt").exists()
