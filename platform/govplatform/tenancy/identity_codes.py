"""网站标识码: the ten characters that name a government site (docs/rules.md, unified metadata)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_PORTAL = re.compile(r"[1-9][0-9]{9}")
_MINISTRY = re.compile(r"bm[0-9]{8}")


def validate_identity_code(code: str) -> None:
    """Raise ValidationError unless ``code`` is a 6-digit division code and 4 digits, or ``bm`` and 8 digits."""
    if not (_PORTAL.fullmatch(code) or _MINISTRY.fullmatch(code)):
        raise ValidationError(
            _("网站标识码“%(code)s”不合规则：应为 10 位，6 位行政区划代码加 4 位数字，或 bm 加 8 位数字。"),
            params={"code": code},
            code="identity_code",
        )
