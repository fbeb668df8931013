"""The platform's own key, with which it signs the certificates of archives. It never leaves the installation."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .package.certificate import public_hex

_HEX_DIGITS = 64


def signing_key() -> Ed25519PrivateKey:
    """The key, from ``ARCHIVE_SIGNING_KEY`` or from its file, which is made at first use.

    Raises Refused when what is there is no Ed25519 key.
    """
    given = settings.ARCHIVE_SIGNING_KEY.strip()
    if given:
        return _read(given, "ARCHIVE_SIGNING_KEY")
    path = Path(settings.ARCHIVE_KEY_FILE)
    if not path.exists():
        _make(path)
    return _read(path.read_text(), str(path))


def ensure_key() -> str:
    """Make the key if there is none; return its public half as hexadecimal digits."""
    return public_hex(signing_key())


def known_key() -> str:
    """The public half of the key if this installation has one, else ''. Makes nothing."""
    if not settings.ARCHIVE_SIGNING_KEY.strip() and not Path(settings.ARCHIVE_KEY_FILE).exists():
        return ""
    return public_hex(signing_key())


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name: of two processes at once both go on with the same key.
    being_made = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(being_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(pem)
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
