"""The certificate of completeness: what was public, what was captured and what was read back are the same; signed.

Signed (Ed25519, RFC 8032) are the bytes of the certificate without its signature, in canonical form. The certificate
holds the digests of every other file of the payload, and the manifests hold the certificate's.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from govplatform.digests import Digest, Digester

from .written import canonical, readable

ALGORITHM = "Ed25519"
KIND = "govplatform-archive-certificate"


class Tally:
    """Addresses one after the other, summed up: how many, what they are, and what they answered."""

    def __init__(self) -> None:
        self.count = 0
        self._addresses = Digester()
        self._answers = Digester()

    def add(self, address: str, status: int, digest: Digest) -> None:
        self.count += 1
        self._addresses.update(address.encode() + b"\n")
        self._answers.update(f"{address} {status} {digest.bytes} {digest.sha256} {digest.sm3}\n".encode())

    def sums(self) -> dict[str, Any]:
        """``{"count", "addresses": {...}, "answers": {...}}`` with SHA-256 and SM3 of both lists; to be asked once."""
        addresses, answers = self._addresses.finish(), self._answers.finish()
        return {
            "count": self.count,
            "addresses": {"sha256": addresses.sha256, "sm3": addresses.sm3},
            "answers": {"sha256": answers.sha256, "sm3": answers.sm3},
        }


class AddressTally:
    """The list of the addresses that were public, before anything was asked for."""

    def __init__(self) -> None:
        self.count = 0
        self._addresses = Digester()

    def add(self, address: str) -> None:
        self.count += 1
        self._addresses.update(address.encode() + b"\n")

    def sums(self) -> dict[str, Any]:
        addresses = self._addresses.finish()
        return {"count": self.count, "addresses": {"sha256": addresses.sha256, "sm3": addresses.sm3}}


def files_of(digests: Mapping[str, Digest]) -> list[dict[str, Any]]:
    """``[{"path", "bytes", "sha256", "sm3"}]`` by path."""
    return [{"path": path, **asdict(digests[path])} for path in sorted(digests)]


def public_hex(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The public key as 64 hexadecimal digits."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def fingerprint(public: str) -> str:
    """What people compare: SHA-256 of the public key, in groups of four."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(digest[place : place + 4] for place in range(0, 32, 4))


def sign(statement: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The bytes of the certificate: ``statement`` with its signature. The same key and facts give the same bytes."""
    signature = {"algorithm": ALGORITHM, "key": public_hex(key), "value": key.sign(canonical(statement)).hex()}
    return readable({**statement, "signature": signature})


def is_signed(certificate: Mapping[str, Any]) -> bool:
    """Whether the signature of a certificate is that of its own key over everything else in it."""
    signature = certificate.get("signature")
    if not isinstance(signature, dict) or set(signature) != {"algorithm", "key", "value"}:
        return False
    statement = {name: value for name, value in certificate.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["key"]))
        key.verify(bytes.fromhex(signature["value"]), canonical(statement))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return signature["algorithm"] == ALGORITHM


def is_written_so(certificate: Mapping[str, Any], data: bytes) -> bool:
    """Whether ``data`` is the one form in which these facts are written."""
    return readable(dict(certificate)) == data
