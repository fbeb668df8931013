"""Names that people tell each other apart by: nothing in them is unseen, and no letter passes for another.

Whoever confirms a role, or reads a review sheet, knows the person by these two.
"""

import re

from django.utils.translation import gettext as _

from govplatform.untrusted_files.characters import NEEDLESS

#: Letters of user names: Latin without accents and ideographs. Cyrillic а and Greek ο are drawn like Latin ones.
_USERNAME = re.compile(r"[A-Za-z0-9@.+_\-\u3400-\u9fff\U00020000-\U0003ffff]*")
_UNSEEN = re.compile(f"[{NEEDLESS}\x00-\x1f\x7f-\x9f]")


def reasons_against_username(username: str) -> list[str]:
    """Why nobody is called ``username``, as it is stored; the rules of Django's validator come besides."""
    if _USERNAME.fullmatch(username):
        return []
    return [_("用户名只能用汉字、英文字母、数字和 @ . + - _：别的文字里有字母与英文字母看上去一样，会认错人。")]


def reasons_against_full_name(full_name: str) -> list[str]:
    """Why nobody is called ``full_name``, without blanks around."""
    if not full_name:
        return [_("姓名不能为空。")]
    if _UNSEEN.search(full_name):
        return [_("姓名里有看不见的字符，请重新输入，不要粘贴。")]
    return []
