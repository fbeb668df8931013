"""How a sender is reached, and files that came along: encrypted at rest with AES-GCM, bound to the case.

The key lies in a file: whoever has the database alone reads nothing of it. ``CASES_KEY_FILE`` holds 64 hexadecimal
digits and is made with the first case; it goes with the other keys of the installation, apart from backups
(docs/features/cases.md).
"""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.signing_keys import keep_new_key

_NONCE = 12
_KEY = 32


@dataclass(frozen=True)
class Contact:
    """Name, phone and mail address as they were typed; each may be ''."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


def encrypt(contact: Contact, number: str) -> bytes | None:
    """Return ``contact`` encrypted for the case ``number``; None where there is nothing to keep."""
    if not contact:
        return None
    return encrypt_bytes(json.dumps(asdict(contact), ensure_ascii=False).encode(), number)


def decrypt(kept: bytes | memoryview | None, number: str) -> Contact:
    """Return what was given with the case ``number``. Raises Refused where the key is another one."""
    if kept is None:
        return Contact()
    return Contact(**json.loads(decrypt_bytes(kept, number)))


def encrypt_bytes(plain: bytes, bound_to: str) -> bytes:
    """Return ``plain`` encrypted, so that it is read for ``bound_to`` alone."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, plain, bound_to.encode())


def decrypt_bytes(kept: bytes | memoryview, bound_to: str) -> bytes:
    """Return what ``encrypt_bytes`` was given. Raises Refused where the key is another one."""
    kept = bytes(kept)
    try:
        return AESGCM(_key()).decrypt(kept[:_NONCE], kept[_NONCE:], bound_to.encode())
    except InvalidTag as problem:
        raise Refused(
            _("联系方式和附件无法解密：密钥文件（CASES_KEY_FILE）与保存时不同，请平台运维人员找回原来的密钥。")
        ) from problem


def _key() -> bytes:
    path = Path(settings.CASES_KEY_FILE)
    if not path.exists():
        keep_new_key(path, secrets.token_hex(_KEY).encode())
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != _KEY:
        raise Refused(_("密钥文件 %(path)s 的内容不是 64 位十六进制数字，请平台运维人员处理。") % {"path": path.name})
    return key
