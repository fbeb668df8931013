"""SM3, the national hash (GB/T 32905), through ``cryptography``.

``hashlib.new("sm3")`` depends on the OpenSSL build; this does not.
"""

from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SM3, Hash


def sm3_hex(data: bytes) -> str:
    """The SM3 of ``data`` as 64 lower-case hexadecimal digits."""
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize().hex()


def sm3_of_chunks(chunks: Iterable[bytes]) -> str:
    """The SM3 of all ``chunks`` together as 64 lower-case hexadecimal digits, for content too large for memory."""
    digest = Hash(SM3())
    for chunk in chunks:
        digest.update(chunk)
    return digest.finalize().hex()
