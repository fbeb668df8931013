"""The publisher's keys, with which releases are signed. The publisher alone has them."""

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.signing_keys import signing_key_from
from govplatform.system_words import system_words

from .release.signed import Release, sign
from .release.sm2 import Unable, public_half
from .release.store import put_at
from .release.taken_down import TakenDown, sign_taken_down


def publishers_key() -> Ed25519PrivateKey:
    """The key, from ``DELIVERY_SIGNING_KEY`` or from its file, which is made at first use.

    Its public half is written beside it (``DELIVERY_PUBLIC_KEY_FILE``, PEM) for those who verify, with that of the SM2
    key where there is one. Raises Refused when what is there is no such key.
    """
    key = signing_key_from(settings.DELIVERY_SIGNING_KEY, "DELIVERY_SIGNING_KEY", Path(settings.DELIVERY_KEY_FILE))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) + _sm2_public()
    path = Path(settings.DELIVERY_PUBLIC_KEY_FILE)
    if not path.exists() or path.read_bytes() != public:
        path.parent.mkdir(parents=True, exist_ok=True)
        put_at(public, path)
    return key


def sm2_key() -> Path | None:
    """The file of the second key; None where none is configured."""
    return Path(settings.DELIVERY_SM2_KEY_FILE) if settings.DELIVERY_SM2_KEY_FILE else None


def sign_release(release: Release, key: Ed25519PrivateKey) -> bytes:
    """The envelope of ``release``, signed with every key that is configured. Raises Refused."""
    try:
        return sign(release, key, sm2_key())
    except Unable as error:
        raise _not_sm2(error.strerror) from error


def sign_list(taken: TakenDown, key: Ed25519PrivateKey) -> bytes:
    """The same for a list of what came down. Raises Refused."""
    try:
        return sign_taken_down(taken, key, sm2_key())
    except Unable as error:
        raise _not_sm2(error.strerror) from error


def _sm2_public() -> bytes:
    path = sm2_key()
    if path is None:
        return b""
    try:
        stamp = path.stat()
        return _public_of(path, stamp.st_mtime_ns, stamp.st_size)
    except Unable as error:
        raise _not_sm2(error.strerror) from error
    except OSError as error:
        raise _not_sm2(system_words(error)) from error


@lru_cache(maxsize=4)
def _public_of(path: Path, _changed: int, _size: int) -> bytes:
    return public_half(path)


def _not_sm2(why: str | None) -> Refused:
    return Refused(
        _("DELIVERY_SM2_KEY_FILE 的 SM2 私钥不能使用：%(why)s。请用 openssl genpkey -algorithm SM2 生成 PEM 文件。")
        % {"why": why}
    )
