"""The console speaks one Chinese: what Wagtail says of things is said in the words of this product.

Our catalogue lies before Wagtail's (``LOCALE_PATHS``), so each of its sentences that uses another word has an entry of
ours. A new version of Wagtail that brings new sentences is met here.
"""

import gettext
import re
from pathlib import Path

import pytest
import wagtail

from .catalogues import LOCALE

pytestmark = pytest.mark.unit

#: The parts of Wagtail whose screens the console has.
PARTS = ("", "admin", "images", "documents", "embeds", "contrib/table_block")
#: A word that nobody here uses, or a way of writing -> what is said instead.
NOT_OURS = {
    r"您": "你",
    r"缩略名|(?i:\bslug)": "地址标识",
    r"父页面|父结点": "上级页面",
    r"子页面": "下级页面",
    r"集合|选集": "文件夹",
    r"工作流": "审查流程",
    r"任务": "环节",
    r"文档": "附件",
    r"评论": "批注",
    r"批准": "通过",
    r"拒绝|驳回": "退回",
    r"取消发布|发行": "撤下，发布",
    r"过滤": "筛选",
    r"帐号|账户|帐户": "账号",
    r"注销": "退出",
    r"面包屑|开关": "打开或收起",
    r"修订版本": "版本",
    r"对不起|抱歉": "说明原因",
    r"(?i:wagtail)": "管理后台",
    r" 之前$": "前",
    r"'[^']*'": "“”",
}


_OF_MANY = {"%(counter)s", "%(count)s", "%(num_user)s", "%(live_descendant_count)s"}


def effective(domain: str) -> dict[str, str]:
    """Sentence of Wagtail -> the Chinese that a reader of the console gets."""
    found: dict[str, str] = {}
    home = Path(wagtail.__file__).parent
    for part in PARTS:
        path = home / part / "locale/zh_Hans/LC_MESSAGES" / f"{domain}.mo"
        if path.exists():
            found |= _read(path)
    return found | _read(LOCALE / "zh_Hans/LC_MESSAGES" / f"{domain}.mo")


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {str(key if isinstance(key, str) else key[0]): said for key, said in catalogue.items() if key}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_wagtail_says_our_words(domain):
    said = {text: re.sub(r"<[^>]*>|%\(\w+\)s", "", chinese) for text, chinese in effective(domain).items()}
    wrong = {
        f"{word} -> {ours}": sorted(text for text in said if re.search(word, said[text]))
        for word, ours in NOT_OURS.items()
    }
    assert {word: texts for word, texts in wrong.items() if texts} == {}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_places_of_wagtails_sentences_are_kept(domain):
    place = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
    ours = _read(LOCALE / "zh_Hans/LC_MESSAGES" / f"{domain}.mo")
    wrong = {
        text: said for text, said in ours.items()
        # What stands only in the form for many: Chinese has one form.
        if set(place.findall(said)) - set(place.findall(text)) - _OF_MANY
    }  # fmt: skip
    assert wrong == {}
