"""What came down and no release says yet: the verifier knows it by one signed list, which no other one undoes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from govplatform.delivery.release.entries import Faulty
from govplatform.delivery.release.signed import read_signed
from govplatform.delivery.release.taken_down import FILE, read_taken_down
from govplatform.delivery.verifying.faults import Kind

from .publishing import Publisher
from .test_verifying import published, settled
from .test_watching import eventually, kinds, watched

__all__ = ["published"]
pytestmark = pytest.mark.unit
NEWS = "news/1/index.html"


def lies(publisher: Publisher, place: str = NEWS) -> bool:
    return (publisher.tree / place).exists()


def list_of(publisher: Publisher) -> bytes:
    """The list that lies there; b"" while the verifier is replacing it."""
    try:
        return (publisher.root / FILE).read_bytes()
    except FileNotFoundError:
        return b""


def test_what_came_down_is_not_put_back_and_the_next_release_ends_that(published: Publisher):
    assert published.verify(repair=True).faults == []
    words = published.files[NEWS]
    published.take_out(NEWS)
    assert published.verify(repair=True).faults == [] and settled(published)
    # A release without it, then it is published again, with the same bytes.
    published.publish({"index.html": b"<h1>without</h1>" * 200})
    assert published.verify(repair=True).faults == [] and settled(published)
    published.publish({NEWS: words})
    assert published.verify(repair=True).faults == [] and lies(published) and settled(published)
    # The list stays where it is, and what is lost now comes back.
    (published.tree / NEWS).unlink()
    assert kinds(published.verify(repair=True)) == {Kind.MISSING} and settled(published)


def test_a_publisher_that_was_killed_behind_the_list_is_followed(published: Publisher):
    published.verify(repair=True)
    published.take_out(NEWS, remove=False)
    assert kinds(published.verify(repair=True)) == {Kind.FOREIGN} and settled(published)


def _removed(root: Path, _old: bytes) -> None:
    (root / FILE).unlink()


def _older(root: Path, old: bytes) -> None:
    (root / FILE).write_bytes(old)


def _of_another_key(root: Path, _old: bytes) -> None:
    other = Publisher(root.parent / "other", key=Ed25519PrivateKey.generate())
    other.publish()
    (root / FILE).write_bytes(other.take_out(NEWS, lists=99))


def _a_folder(root: Path, _old: bytes) -> None:
    (root / FILE).unlink()
    (root / FILE).mkdir()


def _a_link(root: Path, _old: bytes) -> None:
    (root / FILE).rename(root.parent / "elsewhere")
    (root / FILE).symlink_to(root.parent / "elsewhere")


@pytest.mark.parametrize("attack", [_removed, _older, _of_another_key, _a_folder, _a_link])
def test_who_meddles_with_the_list_brings_nothing_back(published: Publisher, attack: Callable[[Path, bytes], None]):
    published.verify(repair=True)
    old = published.take_out("robots.txt")
    published.publish({"robots.txt": b"User-agent: *\nAllow: /\n"})
    newest = published.take_out(NEWS)
    assert published.verify(repair=True).faults == []
    attack(published.root, old)
    found = published.verify(repair=True)
    assert [fault.place for fault in found.faults] == [FILE]
    # neither what came down is back, nor what was published since gone
    assert settled(published) and (published.root / FILE).read_bytes() == newest
    assert published.verify(repair=True).faults == []


def test_a_list_without_a_memory_takes_nothing_away_that_was_published_since(published: Publisher, tmp_path: Path):
    old = published.take_out(NEWS)
    published.publish({NEWS: b"<p>again</p>" * 300})
    published.take_out("robots.txt")
    published.publish({"robots.txt": None})
    (published.root / FILE).write_bytes(old)
    assert published.verify(repair=True, memory=tmp_path / "new").faults == [] and settled(published)


def test_a_list_is_of_its_host_and_site_alone(published: Publisher, tmp_path: Path):
    """A site that has the host by now is not concerned by what came down on the one before."""
    published.take_out(NEWS)
    published.site, published.files[NEWS] = "beta", b"<p>beta</p>" * 300
    published.sequence = 0
    published.publish(whole=True)
    assert published.verify(repair=True, memory=tmp_path / "new").faults == [] and lies(published)


def test_a_list_is_no_release_and_a_release_no_list(published: Publisher):
    key = published.key.public_key()
    release, taken = published.publish(), published.take_out(NEWS)
    with pytest.raises(Faulty):
        read_signed(taken, key)
    with pytest.raises(Faulty):
        read_taken_down(release, key)


def test_a_watch_follows_the_list(published: Publisher):
    with watched(published, every=0.2) as (findings, _thread):
        published.take_out(NEWS)
        published.take_out("robots.txt", remove=False)
        # of this list too a release may never come: what it names goes, what the list before named stays away
        eventually(lambda: not lies(published, "robots.txt"))
        old = (published.root / FILE).read_bytes()
        newest = published.take_out("index.html")
        eventually(lambda: (published.folder / "memory/taken-down.json").read_bytes() == newest)
        # in one step: half of a list would be one that nobody signed
        (published.folder / "aside").write_bytes(old)
        (published.folder / "aside").replace(published.root / FILE)
        eventually(lambda: list_of(published) == newest)
        assert not lies(published) and not lies(published, "index.html")
        assert kinds(findings) <= {Kind.FOREIGN, Kind.REPLAYED}
