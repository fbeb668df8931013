"""A release: the signed list of the parts of a site's files. The envelope is DSSE (secure-systems-lab/dsse, 1.0).

Who has the public key alone can tell a release of ours from anything else, on which site and host it belongs, and which
of two is the newer one.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .entries import DEPTHS, Faulty
from .layout import is_host

PAYLOAD_TYPE = "application/vnd.govplatform.release+json"
FORMAT = 1
#: No release of ours is larger: 4096 parts with their digests.
LARGEST = 2 * 1024 * 1024


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


def sign(release: Release, key: Ed25519PrivateKey) -> bytes:
    """The envelope of ``release``, one line of JSON."""
    payload = json.dumps(asdict(release), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signature = {"keyid": key_id(key.public_key()), "sig": _coded(key.sign(_what_is_signed(payload)))}
    envelope = {"payload": _coded(payload), "payloadType": PAYLOAD_TYPE, "signatures": [signature]}
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read_signed(envelope: bytes, key: Ed25519PublicKey) -> Release:
    """The release in ``envelope``, if ``key`` has signed it. Raises Faulty for anything else."""
    if len(envelope) > LARGEST:
        raise Faulty("the release is too large")
    try:
        outer = json.loads(envelope)
        payload = base64.b64decode(outer["payload"], validate=True)
        signatures = [base64.b64decode(one["sig"], validate=True) for one in outer["signatures"]]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise Faulty("the release cannot be read") from error
    if outer.get("payloadType") != PAYLOAD_TYPE:
        raise Faulty("the release is something else")
    if not any(_has_signed(key, one, payload) for one in signatures[:8]):
        raise Faulty("the release is not signed with the publisher's key")
    return _release(json.loads(payload))


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


def _has_signed(key: Ed25519PublicKey, signature: bytes, payload: bytes) -> bool:
    try:
        key.verify(signature, _what_is_signed(payload))
    except InvalidSignature:
        return False
    return True


def _what_is_signed(payload: bytes) -> bytes:
    """PAE of DSSE: type and payload with their lengths, so that neither can be taken for a piece of the other."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode()
