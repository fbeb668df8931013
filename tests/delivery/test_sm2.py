"""Releases signed with SM2 too: by the arithmetic of GB/T 32918.2 and not by the program that signed them."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SM3, Hash

from govplatform.delivery import keys
from govplatform.delivery.nodes.accepting import Node, accept
from govplatform.delivery.release.entries import Faulty
from govplatform.delivery.release.signed import Release, read_public_keys, read_signed, sign
from govplatform.delivery.release.sm2 import Unable, public_half
from govplatform.delivery.verifying.faults import Kind
from govplatform.delivery.verifying.sweeping import sweep
from govplatform.delivery.verifying.verifier import Unusable, verifier
from govplatform.refusals import Refused

from .publishing import Publisher

pytestmark = pytest.mark.unit
#: The curve of GB/T 32918.5.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


@pytest.fixture(scope="module")
def sm2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("sm2") / "sm2.pem")


def test_the_second_signature_is_sm2_with_sm3(sm2: Path, tmp_path: Path):
    ours, release = Publisher(tmp_path), _release()
    first, second = (one["sig"] for one in json.loads(sign(release, ours.key, sm2))["signatures"])
    payload = base64.b64decode(json.loads(sign(release, ours.key))["payload"])
    kind = b"application/vnd.govplatform.release+json"
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    ours.key.public_key().verify(base64.b64decode(first), signed)
    assert _is_signed(signed, base64.b64decode(second), public_half(sm2))
    assert not _is_signed(signed + b" ", base64.b64decode(second), public_half(sm2))


def test_who_has_both_public_keys_asks_for_both(sm2: Path, tmp_path: Path):
    ours, release = Publisher(tmp_path), _release()
    both = read_public_keys(ours.public_key.read_bytes() + public_half(sm2))
    envelope = sign(release, ours.key, sm2)
    assert read_signed(envelope, both) == release == read_signed(envelope, ours.key.public_key())
    with pytest.raises(Faulty, match="SM2"):
        read_signed(sign(release, ours.key), both)
    with pytest.raises(Faulty, match="SM2"):
        read_signed(sign(release, ours.key, _made(tmp_path / "other.pem")), both)
    stranger = Publisher(tmp_path / "stranger")
    with pytest.raises(Faulty, match="publisher's key"):
        read_signed(sign(release, stranger.key, sm2), both)


def test_node_and_verifier_take_what_bears_both(sm2: Path, tmp_path: Path, monkeypatch: Any):
    ours = Publisher(tmp_path)
    ours.public_key.write_bytes(ours.public_key.read_bytes() + public_half(sm2))
    node = Node(tmp_path / "node", tmp_path / "own", read_public_keys(ours.public_key.read_bytes()))
    node.prepare()
    plain = ours.publish()
    assert accept(node, plain)["refused"] == "unsigned"
    assert {fault.fault for fault in ours.verify().faults} == {Kind.UNKNOWN_HOST}
    ours.sm2 = sm2
    assert "lacks" in accept(node, ours.publish({"robots.txt": b""}))
    assert not ours.verify(repair=True).faults
    # without OpenSSL nobody can say, and nothing is taken away for it
    ours.publish({"robots.txt": b"x"})
    with verifier(ours.place(), repair=True) as means:
        monkeypatch.setenv("PATH", str(tmp_path))
        for _step in sweep(means):
            pass
    assert {fault.fault for fault in means.findings.faults} == {Kind.UNREADABLE} and ours.lying() == ours.meant()
    with pytest.raises(Unusable, match="openssl"):
        ours.verify()


def test_public_keys_are_one_of_each(sm2: Path, tmp_path: Path):
    ours = Publisher(tmp_path).public_key.read_bytes()
    _made(tmp_path / "ec", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    other = subprocess.run(["openssl", "pkey", "-in", tmp_path / "ec", "-pubout"], capture_output=True, check=True)
    public = public_half(sm2)
    for content in (b"", public, ours + ours, ours + public + public, ours + other.stdout):
        with pytest.raises(Faulty):
            read_public_keys(content)
    with pytest.raises(Unable):
        public_half(tmp_path / "ec")


def test_the_publisher_signs_with_what_is_configured(sm2: Path, tmp_path: Path, settings: Any):
    settings.DELIVERY_SIGNING_KEY = ""
    settings.DELIVERY_KEY_FILE, settings.DELIVERY_PUBLIC_KEY_FILE = tmp_path / "key.pem", tmp_path / "key.pub"
    settings.DELIVERY_SM2_KEY_FILE = str(sm2)
    key = keys.publishers_key()
    both = read_public_keys((tmp_path / "key.pub").read_bytes())
    assert both.sm2 == public_half(sm2)
    assert read_signed(keys.sign_release(_release(), key), both) == _release()
    for wrong in (tmp_path / "none", tmp_path / "key.pem"):
        settings.DELIVERY_SM2_KEY_FILE = str(wrong)
        with pytest.raises(Refused, match="DELIVERY_SM2_KEY_FILE"):
            keys.publishers_key()


# --- inside ------------------------------------------------------------------------------


def _made(path: Path, kind: str = "SM2", *more: str) -> Path:
    subprocess.run(["openssl", "genpkey", "-algorithm", kind, *more, "-out", path], capture_output=True, check=True)
    return path


def _release() -> Release:
    return Release("alpha", "alpha.example", 1, "2026-11-30T00:00:00+00:00", 0, 0, 0)


def _is_signed(content: bytes, signature: bytes, public: bytes) -> bool:
    """GB/T 32918.2, 7: verification, with the usual identity."""
    point = base64.b64decode(b"".join(public.splitlines()[1:-1]))[-64:]
    x, y = (int.from_bytes(point[start : start + 32], "big") for start in (0, 32))
    identity = b"1234567812345678"
    head = (len(identity) * 8).to_bytes(2, "big") + identity
    z = _sm3(head + b"".join(one.to_bytes(32, "big") for one in (A, B, *G, x, y)))
    e = int.from_bytes(_sm3(z + content), "big")
    r, s = decode_dss_signature(signature)
    t = (r + s) % N
    found = _added(_times(s, G), _times(t, (x, y)))
    return t != 0 and found is not None and (e + found[0]) % N == r


def _sm3(content: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize()


Point = tuple[int, int] | None


def _added(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % P == 0:
        return None
    slope = (
        (3 * one[0] * one[0] + A) * pow(2 * one[1], -1, P)
        if one == other
        else (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    )
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def _times(number: int, point: Point) -> Point:
    found: Point = None
    while number:
        if number & 1:
            found = _added(found, point)
        point, number = _added(point, point), number >> 1
    return found
