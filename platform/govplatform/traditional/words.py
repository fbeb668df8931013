"""Words that are written in a given way whatever the tables of OpenCC say: those of the platform, then a site's own."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from django.utils.translation import gettext as _
from opencc import OpenCC

_FILE = Path(__file__).parent / "words.toml"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARKUP = frozenset('<>&"')
_LONGEST, MOST = 40, 500
#: Numbers of documents and filings are identifiers: whoever cites them must get them as they were given. In front of
#: the year stands a short name; what leads to it in a sentence (根据, 按照 …) is no part of it.
_NUMBERS = (
    r"(?:(?![按照根据依见和与及或的以于同经将对由在第])[\u4e00-\u9fff]){2,10}[〔［\[（(]\d{4}[〕］\])）]第?\d+号",
    r"[\u4e00-\u9fff]ICP备\d+号(?:-\d+)?",
    r"[\u4e00-\u9fff]公网安备\s*\d+号",
)


#: Traditional characters that OpenCC leaves as they are because they are simplified ones too, in other words.
_ALSO = str.maketrans("覆乾著瞭藉徵麼夥祇沈菸妳", "复干着了借征么伙只沉烟你")


class Words:
    """``known``: word -> how it is written. ``find`` matches such a word, or the number of a document."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = MappingProxyType(dict(known))
        # The longest that fits counts.
        longest_first = sorted(map(re.escape, known), key=len, reverse=True)
        self.find = re.compile("|".join([*_NUMBERS, *longest_first]))

    def written(self, word: str) -> str:
        return self.known.get(word, word)


@lru_cache(maxsize=256)
def words_of(own: str) -> Words:
    """The platform's words with a site's ``own`` (as ``read_words`` reads them), which go before them."""
    return Words({**_platform_words(), **read_words(own)[0]})


def read_words(text: str) -> tuple[dict[str, str], list[str]]:
    """Read one word a line, ``范长江=范長江``, or ``范仲淹`` for one that stays as it is; with its faults."""
    words: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        word, mark, written = (part.strip() for part in line.replace("＝", "=").partition("="))
        if not word and not mark:
            continue
        told = {"number": number, "line": line.strip()[:40], "longest": _LONGEST}
        if not word or (mark and not written):
            faults.append(_("第 %(number)s 行“%(line)s”：请写成“原词=繁体写法”，或只写一个不转换的词。") % told)
        elif max(len(word), len(written)) > _LONGEST or not _CHINESE.search(word) or not _MARKUP.isdisjoint(line):
            faults.append(
                _('第 %(number)s 行“%(line)s”：词语要有汉字，最长 %(longest)s 字，不能含有 < > & " 这些符号。') % told
            )
        elif written and _simplified(written) != _simplified(word):
            # What citizens read was cleared as it stands: other characters for it, and no other words.
            faults.append(
                _("第 %(number)s 行“%(line)s”：右边应当是左边这个词的繁体写法，字数相同，不能换成别的词。") % told
            )
        else:
            words[word] = written or word
    if len(words) > MOST:
        faults.append(_("最多 %(most)s 个词，现在有 %(count)s 个。") % {"most": MOST, "count": len(words)})
    return words, faults


def _simplified(text: str) -> str:
    return _to_simplified().convert(text).translate(_ALSO)


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


@cache
def _platform_words() -> Mapping[str, str]:
    read = tomllib.loads(_FILE.read_text("utf-8"))
    return MappingProxyType({**read["terms"], **read["names"]})
