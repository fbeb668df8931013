"""SM2 signatures with SM3 (GB/T 32918.2, DER as GB/T 35276 has it), by the OpenSSL of the system (decision 088).

The library of the other key does not offer SM2; OpenSSL does, and its program is on every machine that has nginx.
"""

import errno
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

#: The identity that GB/T 35276 takes where none was agreed on.
_IDENTITY = "1234567812345678"
_PATIENCE = 30.0
#: What OpenSSL calls the curve in the text of a key.
_CURVE = b"SM2"


class Unable(OSError):
    """OpenSSL is not there, or does not take the key; the text says what it said.

    An error of the system, and no word about a signature: whoever cannot ask must not take files away for it.
    """

    def __init__(self, said: str) -> None:
        super().__init__(errno.EIO, said)


def sign_sm2(content: bytes, key: Path) -> bytes:
    """The signature of ``content`` with the private key in ``key`` (PEM). Raises Unable."""
    return _said(["dgst", "-sm3", "-sigopt", f"distid:{_IDENTITY}", "-sign", str(key)], content)


def has_signed_sm2(content: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the owner of the key ``public`` (PEM) has signed ``content``. Raises Unable where nobody can say."""
    return _is_signed(sha256(content).digest(), signature, public, _Content(content))


def public_half(key: Path) -> bytes:
    """The public key of the private one in ``key``, PEM. Raises Unable for any other key."""
    public = _said(["pkey", "-in", str(key), "-pubout"], b"")
    if not is_sm2(public):
        raise Unable(f"{key}: no SM2 key")
    return public


def is_sm2(public: bytes) -> bool:
    """Whether ``public`` (PEM) is a key of the curve of SM2. Raises Unable where nobody can say."""
    with _held(public) as (name, handles):
        return _CURVE in _run(["pkey", "-pubin", "-in", name, "-noout", "-text"], b"", handles).stdout


# --- inside ------------------------------------------------------------------------------


class _Content:
    """What is signed, beside its digest: equal to any other, so that answers are remembered by the digest alone."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4096)
def _is_signed(_digest: bytes, signature: bytes, public: bytes, what: _Content) -> bool:
    """Asked again and again of the releases that are in force; a process for each answer would be much."""
    with _held(public) as (key, first), _held(signature) as (signed, second):
        command = ["dgst", "-sm3", "-sigopt", f"distid:{_IDENTITY}", "-verify", key, "-signature", signed]
        return _run(command, what.content, [*first, *second]).returncode == 0


@contextmanager
def _held(content: bytes) -> Iterator[tuple[str, Sequence[int]]]:
    """A name under which a program reads ``content``, which lies in memory alone, and the handles that it needs."""
    with ExitStack() as opened:
        handle = os.memfd_create("key")
        opened.callback(os.close, handle)
        os.write(handle, content)
        os.lseek(handle, 0, os.SEEK_SET)
        yield f"/dev/fd/{handle}", [handle]


def _said(words: Sequence[str], content: bytes, handles: Sequence[int] = ()) -> bytes:
    done = _run(words, content, handles)
    if done.returncode:
        raise Unable(done.stderr.decode("utf-8", "replace").strip()[:300])
    return done.stdout


def _run(words: Sequence[str], content: bytes, handles: Sequence[int]) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["openssl", *words], input=content, capture_output=True, pass_fds=handles, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unable("openssl cannot be started, or does not end") from error
