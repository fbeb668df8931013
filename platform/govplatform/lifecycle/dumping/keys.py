"""The key that dumps are encrypted with: a file outside of the platform's own folders, if there is one."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .sealing import KEY_BYTES, fingerprint


def dump_key() -> bytes | None:
    """The key in ``SITE_DUMP_KEY_FILE``; None when none is configured. Raises Refused when that file holds no key."""
    if not settings.SITE_DUMP_KEY_FILE:
        return None
    path = Path(settings.SITE_DUMP_KEY_FILE)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Refused(
            _("SITE_DUMP_KEY_FILE（%(path)s）里没有密钥：应为 64 位十六进制数字，且程序可以读取。") % {"path": path}
        )
    return key


def find_key(wanted: str) -> bytes:
    """The key with the fingerprint ``wanted``. Raises Refused when it is not the one that is configured."""
    key = dump_key()
    if key is None:
        raise Refused(
            _("备份是加密的（密钥指纹 %(wanted)s），平台没有配置密钥。请用 SITE_DUMP_KEY_FILE 指明密钥文件。")
            % {"wanted": wanted}
        )
    if fingerprint(key) != wanted:
        raise Refused(
            _("备份是用另一把密钥加密的：需要 %(wanted)s，现在配置的是 %(found)s。")
            % {"wanted": wanted, "found": fingerprint(key)}
        )
    return key
