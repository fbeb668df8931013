"""A release: the signed list of the parts of a site's files. The envelope is DSSE (secure-systems-lab/dsse, 1.0).

Who has the public key alone can tell a release of ours from anything else, on which site and host it belongs, and which
of two is the newer one.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from .entries import DEPTHS, Faulty
from .layout import is_host
from .sm2 import has_signed_sm2, is_sm2, public_half, sign_sm2

PAYLOAD_TYPE = "application/vnd.govplatform.release+json"
FORMAT = 1
#: No release of ours is larger: 4096 parts with their digests.
LARGEST = 2 * 1024 * 1024
_MOST_SIGNATURES = 8
_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\n?", re.DOTALL)
#: What a signature in DER begins with: asked of those alone, OpenSSL is not started for others.
_SEQUENCE = b"\x30"


@dataclass(frozen=True)
class Release:
    """``sequence``: rises by at least one with each release of the site; ``signed_at``: ISO 8601, UTC.

    ``depth``: digits that tell the parts apart; ``parts``: those digits -> SHA-256 of the part, for parts with files
    in them; ``files``, ``bytes``: of all of them.
    """

    site: str
    host: str
    sequence: int
    signed_at: str
    files: int
    bytes: int
    depth: int
    parts: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a public key in envelopes: the first digits of the SHA-256 of its bytes."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


@dataclass(frozen=True)
class PublicKeys:
    """The publisher's, as whoever verifies has them. ``sm2`` (PEM): where there is one, both have to have signed."""

    ed25519: Ed25519PublicKey
    sm2: bytes = b""


#: Who has no SM2 key of the publisher's has the other one alone.
PublicKey = Ed25519PublicKey | PublicKeys


def read_public_keys(content: bytes) -> PublicKeys:
    """The keys in the file of the publisher's public ones: an Ed25519 key, and an SM2 key or none, PEM.

    Raises Faulty for any other, Unable without OpenSSL.
    """
    found: list[Ed25519PublicKey] = []
    sm2 = b""
    for pem in _PEM.findall(content):
        try:
            key = load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if isinstance(key, Ed25519PublicKey):
            found.append(key)
        elif key is None and not sm2 and is_sm2(pem):
            sm2 = pem
        else:
            raise Faulty("a public key is neither Ed25519 nor SM2")
    if len(found) != 1:
        raise Faulty("there is no Ed25519 key, or more than one")
    return PublicKeys(found[0], sm2)


def sign(release: Release, key: Ed25519PrivateKey, sm2: Path | None = None) -> bytes:
    """The envelope of ``release``, one line of JSON. ``sm2``: file of a second key. Raises Unable of ``sm2.py``."""
    return sign_facts(asdict(release), PAYLOAD_TYPE, key, sm2)


def sign_facts(facts: Any, kind: str, key: Ed25519PrivateKey, sm2: Path | None = None) -> bytes:
    """The envelope of ``facts`` as a payload of the type ``kind``; whoever asks for another type takes it for nothing.

    Raises Unable of ``sm2.py``.
    """
    payload = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    what = _what_is_signed(payload, kind)
    signatures = [{"keyid": key_id(key.public_key()), "sig": _coded(key.sign(what))}]
    if sm2 is not None:
        name = sha256(public_half(sm2)).hexdigest()[:16]
        signatures.append({"keyid": name, "sig": _coded(sign_sm2(what, sm2))})
    envelope = {"payload": _coded(payload), "payloadType": kind, "signatures": signatures}
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read_signed(envelope: bytes, key: PublicKey) -> Release:
    """The release in ``envelope``, if ``key`` has signed it, with both keys where it has two. Raises Faulty else, and
    Unable where an SM2 signature cannot be looked at.
    """
    return _release(read_facts(envelope, PAYLOAD_TYPE, key, LARGEST))


def read_facts(envelope: bytes, kind: str, key: PublicKey, largest: int) -> Any:
    """What ``sign_facts`` was given for that type. Raises Faulty for anything else, and Unable as ``read_signed``."""
    keys = key if isinstance(key, PublicKeys) else PublicKeys(key)
    if len(envelope) > largest:
        raise Faulty("what should be signed is too large")
    try:
        outer = json.loads(envelope)
        payload = base64.b64decode(outer["payload"], validate=True)
        signatures = [base64.b64decode(one["sig"], validate=True) for one in outer["signatures"]]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise Faulty("what should be signed cannot be read") from error
    if outer.get("payloadType") != kind:
        raise Faulty("what is signed is something else")
    what, signatures = _what_is_signed(payload, kind), signatures[:_MOST_SIGNATURES]
    if not any(_has_signed(keys.ed25519, one, what) for one in signatures):
        raise Faulty("it is not signed with the publisher's key")
    if keys.sm2 and not any(_has_sm2(keys.sm2, one, what) for one in signatures):
        raise Faulty("it is not signed with the publisher's SM2 key")
    return json.loads(payload)


def _release(facts: Any) -> Release:
    """Whoever has the key may still have made a mistake: nothing is taken that would lead out of the site's folder."""
    try:
        release = Release(**facts)
        sound = (
            release.format == FORMAT
            and is_host(release.host)
            and release.sequence > 0
            and release.depth in DEPTHS
            and all(len(digits) == release.depth for digits in release.parts)
            and all(len(digest) == 64 and int(digest, 16) >= 0 for digest in release.parts.values())
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise Faulty("the release cannot be read") from error
    if not sound:
        raise Faulty("the release says what no release says")
    return release


def _has_signed(key: Ed25519PublicKey, signature: bytes, what: bytes) -> bool:
    try:
        key.verify(signature, what)
    except InvalidSignature:
        return False
    return True


def _has_sm2(public: bytes, signature: bytes, what: bytes) -> bool:
    return signature.startswith(_SEQUENCE) and has_signed_sm2(what, signature, public)


def _what_is_signed(payload: bytes, kind: str) -> bytes:
    """PAE of DSSE: type and payload with their lengths, so that neither can be taken for a piece of the other."""
    named = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(named), named, len(payload), payload)


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode()
