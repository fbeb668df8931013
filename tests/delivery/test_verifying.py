"""Somebody who can write files and releases, but has no key: every change is found, and what was published is back."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from govplatform.delivery.release.layout import RELEASE_FILE, TREES
from govplatform.delivery.verifying.faults import Kind
from govplatform.delivery.verifying.verifier import Unusable

from .attacks_on_files import ATTACKS
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


def test_a_tree_that_is_newer_than_what_is_remembered_is_not_rolled_back(published: Publisher, tmp_path: Path):
    published.publish({"news/1/index.html": None}, whole=True)
    published.tree.unlink()
    # No folder of the machine: what is tried here is whether a file in it is touched.
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / "kept").write_text("somebody else's")
    published.tree.symlink_to(elsewhere)
    published.verify(repair=True)
    assert settled(published)
    assert [path.name for path in elsewhere.iterdir()] == ["kept"]


def test_a_release_that_could_not_be_written_leaves_nothing(published: Publisher):
    before = published.lying()
    store, files = store_of(published), {"a.html": b"<p>a</p>", "b.html": b"<p>b</p>"}
    entries = [entry(place, content, store) for place, content in files.items()]
    store.path_of(entries[1].sha256).unlink()
    store.path_of(entries[1].sha256).mkdir()
    site = site_of(published)
    with pytest.raises(IsADirectoryError):
        site.switch(published.signed({one.place: one for one in entries}, store), entries, store, 3)
    assert published.lying() == before and not (site.folder / TREES / "3").exists()


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
    entries = {place: entry(place, content, store_of(after)) for place, content in after.files.items()}
    after.sequence = 1
    envelope = after.signed(entries, store_of(after), signed_at="2026-12-01T00:00:00+00:00")
    site_of(after).switch(envelope, entries.values(), store_of(after), 1)
    assert after.verify(repair=True).as_json()["ok"] and after.lying() == after.meant()


def store_of(publisher: Publisher):
    from govplatform.delivery.release.store import Store

    return Store(publisher.root)


def site_of(publisher: Publisher):
    from govplatform.delivery.release.trees import Site

    return Site(publisher.root, publisher.host)


def test_a_damaged_copy_is_not_put_back(published: Publisher):
    """The file is away then, so that the application is asked, and the alarm says so."""
    content = published.files["index.html"]
    from hashlib import sha256

    blob = store_of(published).path_of(sha256(content).hexdigest())
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
    store, site = store_of(published), site_of(published)
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
