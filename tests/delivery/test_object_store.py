"""Front nodes that take releases from a bucket: the centre writes there, they read, and believe no more than others."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django_tenants.utils import tenant_context

from govplatform.addresses.canonical import location_of
from govplatform.delivery.nodes import transport
from govplatform.delivery.nodes.accepting import Node
from govplatform.delivery.nodes.bucket import Bucket, BucketError, BucketPlace, Unsound, name_of
from govplatform.delivery.nodes.configured import configured_nodes
from govplatform.delivery.nodes.polling import Poller
from govplatform.delivery.release.layout import GONE, place_of
from govplatform.delivery.release.signed import PublicKeys
from govplatform.delivery.release.store import STORE, Store
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT
from tests.ports import free_port

from .publishing import Publisher
from .s3 import READING, WRITING, Server, running
from .test_nodes import _private, _read, _status, brought, lying
from .test_publisher import is_delivered, publisher, until

s3 = pytest.mark.s3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("s3") / "server") as server:
        yield server


@pytest.fixture
def ours(server: Server, tmp_path: Path, settings: Any) -> Publisher:
    """A publisher without a database, which may write into the bucket."""
    return _ours(server, tmp_path, settings)


@pytest.fixture
def ours_alone(tmp_path: Path, settings: Any) -> Publisher:
    """The same, while nothing listens there."""
    return _ours(Server(tmp_path, free_port()), tmp_path, settings)


def _ours(server: Server, tmp_path: Path, settings: Any) -> Publisher:
    made = Publisher(tmp_path / "ours", host=f"{tmp_path.name.replace('_', '-')}.example")
    made.folder.mkdir()
    settings.DELIVERY_ROOT, settings.DELIVERY_SIGNING_KEY = made.root, _private(made.key)
    settings.DELIVERY_PUBLIC_KEY_FILE = tmp_path / "key.pub"
    _configure(server, tmp_path / "centre", settings)
    return made


@pytest.fixture
def poller(server: Server, ours: Publisher, tmp_path: Path) -> Poller:
    node = Node(tmp_path / "node", tmp_path / "own", PublicKeys(ours.key.public_key()))
    node.prepare()
    return Poller(node, server.reading)


def put(ours: Publisher, envelope: bytes) -> dict[str, Any]:
    """What the bucket says to ``envelope`` once it was brought what it lacks."""
    store = configured_nodes()[0]
    while "lacks" in (answer := transport.ask(store, "offer", envelope)):
        transport.send(store, ours.root / STORE, answer["lacks"])
    return answer


@s3
def test_a_node_takes_from_the_bucket_what_is_proven(server: Server, ours: Publisher, poller: Poller):
    store, root = configured_nodes()[0], poller.node.root
    first = ours.publish()
    assert put(ours, first) == {"accepted": 1} == put(ours, first)
    assert transport.ask(store, "state")["hosts"][ours.host] == [1, len(ours.files)]
    poller.look()
    assert lying(root, ours.host) == ours.meant()

    # what came down goes from nodes before files that the bucket still lacks
    notice = f"{GONE}/news/1/index.html.html"
    second = ours.publish({"news/1/index.html": None, notice: b"<p>gone</p>", "news/new/index.html": b"<h1>new</h1>"})
    new = sha256(b"<h1>new</h1>").hexdigest()
    transport.send(store, ours.root / STORE, map(_digest, brought(ours, first, second, [notice])))
    assert transport.ask(store, "urgent", second) == {"lacks": [new], "down": True}
    assert not poller.look()
    tree = root / ours.host / "current"
    assert not (tree / "news/1/index.html").exists() and (tree / notice).read_bytes() == b"<p>gone</p>"
    assert transport.ask(store, "offer", second) == {"lacks": [new]}
    # what somebody put there under its name is no file of ours
    server.writing.write(name_of(new), b"<h1>defaced</h1>")
    assert not poller.look() and not (tree / "news/new/index.html").exists()
    server.writing.delete([name_of(new)])
    assert put(ours, second) == {"accepted": 2}
    poller.look()
    assert lying(root, ours.host) == ours.meant()

    # what came down on all sites at once, before there is a release of any
    assert transport.ask(store, "urgent", ours.take_out("robots.txt")) == {"accepted": 1}
    assert poller.look() and lying(root, ours.host) == ours.meant()

    # an older release, one of nobody, and a node's key that is tried for writing
    assert put(ours, first) == {"refused": "replayed", "newest": 2}
    server.writing.write(f"releases/{ours.host}", first)
    assert not poller.look() and lying(root, ours.host) == ours.meant()
    stranger = Publisher(ours.folder.parent / "stranger", host=ours.host, sequence=8)
    stranger.folder.mkdir()
    server.writing.write(f"releases/{ours.host}", stranger.publish({"index.html": b"<h1>defaced</h1>"}))
    assert not poller.look() and lying(root, ours.host) == ours.meant()
    for attempt in (lambda: server.reading.write("releases/x", b""), lambda: server.reading.delete([name_of(new)])):
        with pytest.raises(BucketError):
            attempt()
    assert put(ours, second) == {"accepted": 2}
    assert transport.ask(store, "tidy") == {"removed": 0}


@s3
def test_a_site_goes_through_the_bucket_while_nodes_are_away(
    server: Server, live: Any, own_database: str, settings: Any, tmp_path: Path, monkeypatch: Any
):
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    key = Ed25519PrivateKey.generate()
    public = tmp_path / "key.pub"
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    monkeypatch.setenv("DELIVERY_SIGNING_KEY", _private(key))
    monkeypatch.setenv("DELIVERY_PUBLIC_KEY_FILE", str(tmp_path / "centre.pub"))
    _configure(server, tmp_path / "centre", settings)
    monkeypatch.setenv("DELIVERY_NODES", settings.DELIVERY_NODES)
    monkeypatch.setenv("DELIVERY_NODES_DIR", str(settings.DELIVERY_NODES_DIR))
    tenant = get_tenant("alpha")
    root = tmp_path / "node"
    with publisher(own_database, settings.DELIVERY_ROOT):
        with tenant_context(tenant):
            page = factories.live_article(title="对象存储测试")
        place = place_of(location_of(site_path(page)))
        until(lambda: is_delivered(tenant) and not _status()["bucket"]["behind"])
        # whoever begins later takes what there is
        tree = root / tenant.public_host / "current"
        with _polling(server, root, tmp_path / "own", public):
            until(lambda: "对象存储测试".encode() in _read(tree / place))
            with tenant_context(tenant):
                withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
            until(lambda: not (tree / place).exists())
            until(lambda: is_delivered(tenant) and not _status()["bucket"]["behind"])
            until(lambda: lying(root, tenant.public_host) == lying(settings.DELIVERY_ROOT, tenant.public_host))


@pytest.mark.unit
def test_a_bucket_that_is_away_is_told(ours_alone: Publisher, settings: Any):
    """To the centre, which tries again, and by the node, which goes on sending what it has."""
    place = BucketPlace.of(settings.DELIVERY_NODES.partition("=")[2])
    node = Node(ours_alone.folder / "node", ours_alone.folder / "own", ours_alone.key.public_key())
    assert not Poller(node, Bucket(place, READING)).look()
    for words in ("state", "tidy"):
        with pytest.raises(transport.Unreachable, match="对象存储没有完成请求"):
            transport.ask(configured_nodes()[0], words)
    (settings.DELIVERY_NODES_DIR / "bucket.key").write_text("one line")
    with pytest.raises(transport.Unreachable, match="应有两行"):
        transport.ask(configured_nodes()[0], "state")


@pytest.mark.unit
@pytest.mark.parametrize(
    "address", ["s3://x/y", "s3+https://x", "s3+https:///y", "s3+https://a:b@x/pages", "s3+https://x/../pages",
                "s3+https://x/pages?style=any", "s3+https://x:port/pages", "s3+https://x/Pages"]
)  # fmt: skip
def test_what_is_no_bucket(address: str):
    with pytest.raises(Unsound):
        BucketPlace.of(address)
    place = BucketPlace.of("s3+https://oss.example:9000/pages?region=cn-1&style=virtual")
    assert place == BucketPlace("https://oss.example:9000", "pages", "cn-1", "virtual")


@pytest.mark.unit
def test_a_file_is_kept_under_its_own_digest_alone(tmp_path: Path):
    store = Store(tmp_path)
    assert not store.take([b"ot", b"her"], _digest(b"one")) and not store.has(_digest(b"one"))
    assert store.take([b"o", b"ne"], _digest(b"one")) and store.read(_digest(b"one")) == b"one"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [_digest(b"one")]


# --- inside ------------------------------------------------------------------------------


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _configure(server: Server, folder: Path, settings: Any) -> None:
    folder.mkdir()
    (folder / "bucket.key").write_text("\n".join(WRITING) + "\n")
    settings.DELIVERY_NODES, settings.DELIVERY_NODES_DIR = f"bucket={server.address}", folder


@contextmanager
def _polling(server: Server, root: Path, own: Path, public: Path) -> Iterator[None]:
    credentials = own.with_name("reading.key")
    credentials.write_text("\n".join(READING) + "\n")
    command = [
        sys.executable, "-m", "govplatform.delivery.nodes.polling", "--bucket", server.address, "--root", str(root),
        "--own", str(own), "--key", str(public), "--credentials", str(credentials),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    try:
        yield
    finally:
        process.terminate()
        _out, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert {json.loads(line)["event"] for line in said.splitlines()} >= {"release_taken"}
