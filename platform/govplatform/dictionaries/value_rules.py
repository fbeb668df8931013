"""Rules of what may stand on an allow-list: a value too short or too broad would hide what a scan should find."""

import re

from django.utils.translation import gettext as _

from .effective import ADDRESS, EMAIL, HOST, LINK, NUMBER, comparable_value

VALUE_CHARACTERS = 300
_NUMBER_DIGITS = (3, 20)
_ADDRESS_CHARACTERS = 5
_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9\u4e00-\u9fff]([a-z0-9\u4e00-\u9fff-]*)(\.[a-z0-9\u4e00-\u9fff-]+)+")
_NUMBER_TEXT = re.compile(r"[\d０-９+＋()（）\-－—– ,，转分机*#.]+")
_IDENTITY = re.compile(r"\d{17}[\dXx]|\d{15}")


def reasons_against_value(value: str, kind: str) -> list[str]:
    """Why ``value`` may not be put on the allow-list, empty when it may; ``kind`` as in ``AllowedValue.Kind``."""
    value = value.strip()
    if not value:
        return [_("内容：没有填写。")]
    if len(value) > VALUE_CHARACTERS or any(character < " " or character == "\x7f" for character in value):
        return [_("内容：最多 %(most)d 个字符，不能换行。") % {"most": VALUE_CHARACTERS}]
    form = comparable_value(value, kind)
    checks = {
        NUMBER: _against_number,
        EMAIL: lambda _value, f: [] if _EMAIL.fullmatch(f) else [_("内容：这不是电子邮箱地址，请核对。")],
        ADDRESS: _against_address,
        LINK: _against_link,
        HOST: lambda _value, f: [] if _HOST.fullmatch(f) else [_("内容：这不是域名，应形如 www.example.org。")],
    }
    if kind not in checks:
        return [_("类别：请选择一种。")]
    return checks[kind](value, form)


def _against_number(value: str, form: str) -> list[str]:
    compact = re.sub(r"[\s-]", "", value)
    if _IDENTITY.fullmatch(compact):
        return [_("内容：这像是公民身份号码，不能列入白名单。")]
    least, most = _NUMBER_DIGITS
    if not _NUMBER_TEXT.fullmatch(value) or not least <= len(form) <= most:
        return [
            _("内容：电话应为 %(least)d 至 %(most)d 位数字，可以带区号、连字符和括号。")
            % {"least": least, "most": most}
        ]
    return []


def _against_address(_value: str, form: str) -> list[str]:
    if len(form) < _ADDRESS_CHARACTERS:
        return [_("内容：地址至少 %(least)d 个字符，请写完整。") % {"least": _ADDRESS_CHARACTERS}]
    return []


def _against_link(_value: str, form: str) -> list[str]:
    host = comparable_value(form, HOST)
    if not _HOST.fullmatch(host):
        return [_("内容：这不是网页地址，应形如 https://www.example.org/page。")]
    return []
