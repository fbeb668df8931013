"""Keys with which the platform signs: given in the environment, or in a file that is made at first use."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.utils.translation import gettext as _

from .refusals import Refused

_HEX_DIGITS = 64


def signing_key_from(given: str, name: str, path: Path) -> Ed25519PrivateKey:
    """The key in ``given``, the value of the setting ``name``; where that is empty the one in ``path``.

    Raises Refused when what is there is no Ed25519 key.
    """
    if given.strip():
        return _read(given.strip(), name)
    if not path.exists():
        keep_new_key(
            path, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
    return _read(path.read_text(), str(path))


def keep_new_key(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` for its owner alone, unless there is a key already; that one counts then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name: of two processes at once both go on with the same key.
    being_made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(being_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(being_made, path)
    except FileExistsError:
        pass
    finally:
        being_made.unlink()


def _read(text: str, where: str) -> Ed25519PrivateKey:
    try:
        if len(text.strip()) == _HEX_DIGITS:
            return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        key = None  # type: ignore[assignment]
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(
            _("%(where)s 里不是 Ed25519 私钥。请填写 PKCS#8 格式的 PEM，或 64 位十六进制数字。") % {"where": where}
        )
    return key
