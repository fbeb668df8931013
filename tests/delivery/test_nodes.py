"""Front nodes: what the centre publishes is pushed to them over SSH, and they take nothing that is not proven."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.management import call_command
from django_tenants.utils import tenant_context

from govplatform.addresses.canonical import location_of
from govplatform.delivery.nodes import transport
from govplatform.delivery.nodes.configured import configured_nodes
from govplatform.delivery.nodes.line import Line
from govplatform.delivery.nodes.word import Unclear, Word, read_word, write_word
from govplatform.delivery.release.layout import GONE, place_of
from govplatform.delivery.release.signed import read_signed
from govplatform.delivery.release.store import STORE, Store
from govplatform.delivery.verifying.alarms import Alarms
from govplatform.delivery.verifying.faults import Fault, Kind
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .publishing import Publisher
from .ssh import Nodes, running
from .test_publisher import is_delivered, publisher, until

sshd = pytest.mark.sshd


@pytest.fixture
def centre(tmp_path: Path, settings: Any) -> Iterator[tuple[Publisher, Nodes]]:
    """A publisher without a database and one node that it may push to."""
    ours = Publisher(tmp_path / "ours")
    ours.folder.mkdir()
    with running(tmp_path / "nodes", ours.public_key, up=["one"]) as nodes:
        settings.DELIVERY_NODES, settings.DELIVERY_NODES_DIR = nodes.setting, nodes.own
        yield ours, nodes


def offered(ours: Publisher, envelope: bytes) -> dict[str, Any]:
    """What the node says to ``envelope`` once it was sent what it lacks."""
    server = configured_nodes()[0]
    while True:
        answer = transport.ask(server, "offer", envelope)
        if "lacks" not in answer:
            return answer
        transport.send(server, ours.root / STORE, answer["lacks"])


def parts_of(ours: Publisher, envelope: bytes) -> list[str]:
    return list(read_signed(envelope, ours.key.public_key()).parts.values())


def brought(ours: Publisher, before: bytes, envelope: bytes, places: Iterable[str] = ()) -> list[bytes]:
    """The parts that differ, and what lies at ``places``."""
    differ = set(parts_of(ours, envelope)) - set(parts_of(ours, before))
    return [*map(Store(ours.root).read, sorted(differ)), *(ours.files[place] for place in places)]


def lying(root: Path, host: str) -> dict[str, bytes]:
    tree = (root / host / "current").resolve()
    found = {}
    for path in tree.rglob("*"):
        place = str(path.relative_to(tree))
        # what the node is writing at this moment has another name in the next one
        with suppress(FileNotFoundError):
            if path.is_file() and not place.startswith(".release"):
                found[place] = path.read_bytes()
    return found


@sshd
def test_a_node_takes_what_is_proven_and_nothing_else(centre: tuple[Publisher, Nodes]):
    ours, nodes = centre
    server, root = configured_nodes()[0], nodes.root("one")
    first = ours.publish()
    assert offered(ours, first) == {"accepted": 1}
    assert lying(root, ours.host) == ours.meant()

    # a file that arrived damaged is asked for again, and an interrupted switch is ended
    second = ours.publish({"news/2/index.html": b"<h1>second</h1>", "news/1/index.html": None})
    lacks = transport.ask(server, "offer", second)["lacks"]
    transport.send(server, ours.root / STORE, lacks)
    damaged = root / STORE / lacks[0][:2] / lacks[0]
    damaged.write_bytes(b"{}")
    assert transport.ask(server, "offer", second) == {"lacks": lacks[:1]}
    # what came down goes while other files have not arrived; killed there, the rest follows with the next offer
    transport.send(server, ours.root / STORE, lacks)
    withdrawn = nodes.tree("one", ours.host) / "news/1/index.html"
    assert transport.ask(server, "offer", second)["lacks"] and withdrawn.exists()
    assert transport.ask(server, "urgent", second)["lacks"] and not withdrawn.exists()
    assert offered(ours, second) == {"accepted": 2} == offered(ours, second)
    assert lying(root, ours.host) == ours.meant()

    # an older release, a release of nobody, and whatever else the key is tried for
    assert offered(ours, first) == {"refused": "replayed", "newest": 2}
    stranger = Publisher(ours.folder.parent / "stranger", sequence=8)
    stranger.folder.mkdir()
    assert offered(stranger, stranger.publish({"index.html": b"<h1>defaced</h1>"}))["refused"] == "unsigned"
    assert lying(root, ours.host) == ours.meant()
    for words in (
        "sh",
        "offer; id",
        "rsync --server --sender -e.LsfxCIvu . /etc/passwd",
        "rsync --server -Re.iLs . /tmp/",
    ):
        with pytest.raises(transport.Unreachable):
            transport.ask(server, words)
    assert transport.ask(server, "state") == {"hosts": {ours.host: [2, len(ours.files)]}}

    # who loses what it remembers, or has its files meddled with, takes the newest anew
    (root / ours.host / "current").unlink()
    assert transport.ask(server, "state") == {"hosts": {}}
    assert offered(ours, second) == {"accepted": 2}
    assert lying(root, ours.host) == ours.meant()


@sshd
def test_sessions_share_a_connection_and_do_without_it(centre: tuple[Publisher, Nodes], tmp_path: Path):
    _ours, nodes = centre
    line = Line(configured_nodes()[0], tmp_path)
    assert line.server.line is not None
    line.keep()
    until(line.server.line.exists)
    (nodes.folder / "authorized_keys").rename(nodes.folder / "away")
    # nobody is let in any more, but who is in already
    assert transport.ask(line.server, "state") == {"hosts": {}}
    with pytest.raises(transport.Unreachable):
        transport.ask(configured_nodes()[0], "state")
    (nodes.folder / "away").rename(nodes.folder / "authorized_keys")
    line.end()
    assert not line.server.line.exists()
    line.server.line.write_bytes(b"left behind")
    assert transport.ask(line.server, "state") == {"hosts": {}}


@sshd
def test_what_came_down_is_one_word_over_the_standing_connection(centre: tuple[Publisher, Nodes], tmp_path: Path):
    ours, nodes = centre
    ours.files |= {f"news/{number}/index.html": b"<p>%d</p>" % number for number in range(2, 300)}
    first = ours.publish()
    assert offered(ours, first) == {"accepted": 1}
    line = Line(configured_nodes()[0], tmp_path)
    assert line.say(Word(first)) is None
    line.keep()
    tree, notice = nodes.tree("one", ours.host), f"{GONE}/news/1/index.html.html"

    # the word brings the part and the notice; what was published meanwhile is asked for and keeps nothing waiting
    second = ours.publish({"news/1/index.html": None, notice: b"<p>gone</p>", "news/new/index.html": b"<h1>new</h1>"})
    answer = line.say(Word(second, brought(ours, first, second, [notice]))) or {}
    assert (answer["down"], answer["lacks"]) == (True, [sha256(b"<h1>new</h1>").hexdigest()])
    assert not (tree / "news/1/index.html").exists() and (tree / notice).read_bytes() == b"<p>gone</p>"
    assert not (tree / "news/1/index.html.gz").exists()
    assert offered(ours, second) == {"accepted": 2}

    # a part in which nothing changes is not read for it; the node's own look finds that it is damaged
    third = ours.publish({"news/2/index.html": None})
    kept = sorted(set(parts_of(ours, third)) & set(parts_of(ours, first)))[0]
    damaged = nodes.root("one") / STORE / kept[:2] / kept
    damaged.chmod(0o644)
    damaged.write_bytes(b"{}")
    assert line.say(Word(third, brought(ours, second, third))) == {"accepted": 3}
    assert not (tree / "news/2/index.html").exists()
    assert transport.ask(line.server, "tidy") == {"removed": 0}
    fourth = ours.publish({"news/3/index.html": None})
    assert line.say(Word(fourth, brought(ours, third, fourth))) == {"lacks": [kept]}
    assert offered(ours, fourth) == {"accepted": 4} and lying(nodes.root("one"), ours.host) == ours.meant()

    # so is what came down on all sites at once, before there is a release of any
    assert line.say(Word(ours.take_out("news/4/index.html"))) == {"accepted": 1}
    assert not (tree / "news/4/index.html").exists()
    assert transport.ask(line.server, "urgent", ours.take_out("news/5/index.html")) == {"accepted": 2}
    assert not (tree / "news/5/index.html").exists()

    # the word is believed for its signature alone
    assert line.say(Word(third)) == {"refused": "replayed", "newest": 4}
    stranger = Publisher(tmp_path / "stranger", sequence=8)
    stranger.folder.mkdir()
    assert (line.say(Word(stranger.publish())) or {})["refused"] == "unsigned"
    line.end()
    assert line.say(Word(fourth)) is None


@pytest.mark.parametrize(
    "said", [b"{}\n", b"[]\n", b'{"envelope": -1, "brought": []}\n', b'{"envelope": 1e3, "brought": []}\n',
             b'{"envelope": 9999999999, "brought": []}\n', b'{"envelope": 1, "brought": [99999999]}\n', b"[" * 70_000]
)  # fmt: skip
def test_what_is_no_word_ends_the_connection(said: bytes):
    with pytest.raises(Unclear):
        read_word(BytesIO(said))
    assert read_word(BytesIO(write_word(Word(b"one", [b"", b"two"])))) == Word(b"one", [b"", b"two"])
    assert read_word(BytesIO(write_word(Word(b"one", [b"two"]))[:-1])) is None


@sshd
def test_a_site_goes_to_every_node_and_who_was_away_catches_up(
    live: Any, own_database: str, settings: Any, tmp_path: Path, monkeypatch: Any
):
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    key = Ed25519PrivateKey.generate()
    public = tmp_path / "key.pub"
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    monkeypatch.setenv("DELIVERY_SIGNING_KEY", _private(key))
    monkeypatch.setenv("DELIVERY_PUBLIC_KEY_FILE", str(tmp_path / "centre.pub"))
    tenant = get_tenant("alpha")
    with running(tmp_path / "nodes", public, up=["one"]) as nodes:
        monkeypatch.setenv("DELIVERY_NODES", nodes.setting)
        monkeypatch.setenv("DELIVERY_NODES_DIR", str(nodes.own))
        nodes.verifier("one").mkdir(mode=0o750, parents=True)
        Alarms(nodes.verifier("one") / "findings.jsonl").tell(Fault("x.example", "x", "a.html", Kind.CHANGED))
        with publisher(own_database, settings.DELIVERY_ROOT) as process:
            with tenant_context(tenant):
                page = factories.live_article(title="多节点发布测试")
            place = place_of(location_of(site_path(page)))
            until(lambda: is_delivered(tenant))
            one, two = (nodes.tree(name, tenant.public_host) for name in nodes.names)
            # what a verifier there found before
            until(lambda: _status()["one"]["findings"] == 1)
            until(lambda: "多节点发布测试".encode() in _read(one / place))
            # the other one is away, which keeps nobody waiting and is told
            assert not two.exists()
            until(lambda: "节点拒绝连接" in _status()["two"]["error"])
            until(lambda: not _status()["one"]["behind"])
            assert _status()["two"]["behind"] and not _status()["two"]["releases"]

            nodes.start("one", "two")
            # killed in the middle of a push, it leaves whole files and the next one goes on
            until(lambda: any((nodes.root("two") / STORE).glob("*/*")))
            process.kill()
            process.wait()
        with publisher(own_database, settings.DELIVERY_ROOT):
            until(lambda: "多节点发布测试".encode() in _read(two / place))
            until(lambda: not any(row["behind"] or row["error"] for row in _status().values()))
            assert _status()["one"]["releases"] == _status()["two"]["releases"]

            with tenant_context(tenant):
                withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
            until(lambda: not any((tree / place).exists() for tree in (one, two)))
            until(lambda: not any(row["behind"] for row in _status().values()))
            for name in nodes.names:
                assert lying(nodes.root(name), tenant.public_host) == lying(settings.DELIVERY_ROOT, tenant.public_host)


@pytest.mark.parametrize(
    "words", ["one", "one=ssh://nobody", "one=ssh://a@b one=ssh://a@c", "one=ssh://a:x@b", "../x=ssh://a@b"]
)
def test_unclear_nodes_are_refused_with_the_word(settings: Any, words: str):
    settings.DELIVERY_NODES = words
    with pytest.raises(Refused) as refused:
        configured_nodes()
    assert words.split()[-1] in str(refused.value.reasons)


# --- inside ------------------------------------------------------------------------------


def _private(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _status() -> dict[str, dict[str, Any]]:
    said = StringIO()
    call_command("delivery_status", "--json", stdout=said)
    return {row["node"]: row for row in json.loads(said.getvalue())["nodes"]}
