"""What a node reads of a release, without the way there: what differs, and nothing is believed that it did not read."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from govplatform.delivery.nodes.accepting import Node, accept, take_out, tidy
from govplatform.delivery.release.entries import digits_of, read_part, write_part
from govplatform.delivery.release.signed import read_signed
from govplatform.delivery.release.store import Store

from .publishing import Publisher

pytestmark = pytest.mark.unit


@pytest.fixture
def ours(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "ours")
    made.folder.mkdir()
    made.files |= {f"news/{number}/index.html": b"<p>%d</p>" % number for number in range(300)}
    return made


@pytest.fixture
def node(ours: Publisher, tmp_path: Path) -> Node:
    made = Node(tmp_path / "node", tmp_path / "own", ours.key.public_key())
    made.prepare()
    return made


def given(ours: Publisher, node: Node, envelope: bytes) -> dict[str, Any]:
    """What the node says once it has what it asked for."""
    while "lacks" in (answer := accept(node, envelope)):
        give(ours, node, answer["lacks"])
    return answer


def give(ours: Publisher, node: Node, digests: list[str]) -> None:
    for digest in digests:
        target = node.store.path_of(digest)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(Store(ours.root).path_of(digest), target)


def meddle(node: Node, digest: str, content: bytes) -> None:
    path = node.store.path_of(digest)
    path.chmod(0o644)
    path.write_bytes(content)


def test_a_part_that_somebody_changed_decides_nothing(ours: Publisher, node: Node):
    first = ours.publish()
    assert given(ours, node, first) == {"accepted": 1}
    # so many that a new tree is made of everything, also of what did not change
    changes: dict[str, bytes | None] = {f"news/{number}/index.html": b"<p>new %d</p>" % number for number in range(250)}
    changes |= {f"more/{number}.txt": b"%d" % number for number in range(100)}
    kept, second = _publish_with_a_part_that_stays(ours, changes, first)
    entries = read_part(node.store.read(kept))
    bad = node.store.put(b"<h1>defaced</h1>")
    forged = [type(one)(**(vars(one) | {"sha256": bad, "size": 16, "gzip": "", "gzip_size": 0, "brotli": "",
                                        "brotli_size": 0})) for one in entries]  # fmt: skip
    meddle(node, kept, write_part(forged))
    while kept not in (lacks := accept(node, second)["lacks"]):
        give(ours, node, lacks)
    assert given(ours, node, second) == {"accepted": 2}
    assert _lying(node, ours.host) == ours.meant()


def test_a_file_that_somebody_changed_is_found_while_a_tree_is_made(ours: Publisher, node: Node):
    first = ours.publish()
    assert "lacks" in accept(node, first)
    give(ours, node, accept(node, first)["lacks"])
    give(ours, node, accept(node, first)["lacks"])
    digest = next(one.sha256 for part in read_signed(first, node.key).parts.values()
                  for one in read_part(node.store.read(part)) if one.place == "robots.txt")  # fmt: skip
    meddle(node, digest, b"User-agent: x\n")
    assert accept(node, first) == {"lacks": [digest]}
    assert not (node.root / ours.host / "current").exists()
    assert given(ours, node, first) == {"accepted": 1} and tidy(node) == {"removed": 0}
    assert _lying(node, ours.host) == ours.meant()


# --- inside ------------------------------------------------------------------------------


def _publish_with_a_part_that_stays(
    ours: Publisher, changes: dict[str, bytes | None], first: bytes
) -> tuple[str, bytes]:
    """Its digest and the release; what would change the last part of ``first`` is left as it was."""
    before = read_signed(first, ours.key.public_key())
    digits, digest = sorted(before.parts.items())[-1]
    second = ours.publish({one: what for one, what in changes.items() if digits_of(one)[: before.depth] != digits})
    after = read_signed(second, ours.key.public_key())
    assert after.depth == before.depth and after.parts[digits] == digest
    return digest, second


def test_what_came_down_anywhere_goes_by_one_list_and_stays_away(ours: Publisher, node: Node, tmp_path: Path):
    """Until a release says so, also from the release of before that arrives behind the list."""
    words = ours.files["news/1/index.html"]
    assert given(ours, node, ours.publish()) == {"accepted": 1}
    behind = ours.publish({"late/index.html": b"<p>late</p>"})
    old = ours.take_out("news/1/index.html")
    taken = ours.take_out("late/index.html")
    assert take_out(node, taken) == {"accepted": 2} == take_out(node, taken)
    assert given(ours, node, behind) == {"accepted": 2}
    assert _lying(node, ours.host) == ours.meant() and "news/1/index.html" not in ours.meant()
    # a whole tree goes without it as well
    again = Node(tmp_path / "another", tmp_path / "another-own", node.key)
    again.prepare()
    assert take_out(again, taken) == {"accepted": 2} and given(ours, again, behind) == {"accepted": 2}
    assert _lying(again, ours.host) == ours.meant()
    # published again
    assert given(ours, node, ours.publish({"news/1/index.html": words})) == {"accepted": 5}
    assert _lying(node, ours.host) == ours.meant() and "news/1/index.html" in ours.meant()
    # an older list, and one of nobody
    assert take_out(node, old) == {"refused": "replayed", "newest": 2}
    stranger = Publisher(tmp_path / "stranger")
    stranger.folder.mkdir()
    stranger.publish()
    assert take_out(node, stranger.take_out("index.html", lists=9))["refused"] == "unsigned"
    assert _lying(node, ours.host) == ours.meant()


def _lying(node: Node, host: str) -> dict[str, bytes]:
    tree = (node.root / host / "current").resolve()
    found = {str(path.relative_to(tree)): path for path in tree.rglob("*") if path.is_file()}
    return {place: path.read_bytes() for place, path in found.items() if not place.startswith(".release")}


@pytest.mark.parametrize("days", [365, -365])
def test_a_wrong_clock_keeps_nothing_from_arriving_and_coming_down(
    ours: Publisher, node: Node, time_machine: Any, days: int
):
    time_machine.move_to(datetime.now(UTC) + timedelta(days=days))
    first = ours.publish()
    give(ours, node, accept(node, first)["lacks"])
    # what is still arriving looks a year old, or as if it came tomorrow: what goes is asked for again
    tidy(node)
    assert given(ours, node, first) == {"accepted": 1}
    second = ours.publish({"news/1/index.html": None, "news/2/index.html": b"<h1>second</h1>"})
    give(ours, node, accept(node, second, urgent=True)["lacks"])
    answer = accept(node, second, urgent=True)
    assert answer["down"] and "news/1/index.html" not in _lying(node, ours.host)
    assert given(ours, node, second) == {"accepted": 2}
    tidy(node)
    assert accept(node, first) == {"refused": "replayed", "newest": 2}
    assert _lying(node, ours.host) == ours.meant()
