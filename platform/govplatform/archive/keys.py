"""The platform's own key, with which it signs the certificates of archives. It never leaves the installation."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from govplatform.signing_keys import signing_key_from

from .package.certificate import public_hex


def signing_key() -> Ed25519PrivateKey:
    """The key, from ``ARCHIVE_SIGNING_KEY`` or from its file, which is made at first use.

    Raises Refused when what is there is no Ed25519 key.
    """
    return signing_key_from(settings.ARCHIVE_SIGNING_KEY, "ARCHIVE_SIGNING_KEY", Path(settings.ARCHIVE_KEY_FILE))


def ensure_key() -> str:
    """Make the key if there is none; return its public half as hexadecimal digits."""
    return public_hex(signing_key())


def known_key() -> str:
    """The public half of the key if this installation has one, else ''. Makes nothing."""
    if not settings.ARCHIVE_SIGNING_KEY.strip() and not Path(settings.ARCHIVE_KEY_FILE).exists():
        return ""
    return public_hex(signing_key())
