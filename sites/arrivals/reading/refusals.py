"""Why the text of a page of a crawl is not taken, in words for whoever reads the report of a crawl.

The reader of documents tells whoever uploads one file what to do with it; there is no such file here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from govplatform.sentences import Sentence, gettext_noop, said
from sites.documents_in.extraction.encodings import BINARY, UNDECODABLE
from sites.documents_in.extraction.html.area_choice import FRAMES, LINKS
from sites.documents_in.extraction.html.reader import TOO_LONG
from sites.documents_in.extraction.html.tables import TOO_MANY_CELLS
from sites.documents_in.extraction.html.unclosed import TOO_DEEP

#: A page that cannot be kept as a text at all, whatever the reason.
_OTHER = gettext_noop("网页的正文无法取出，请在平台里另行录入。")
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        LINKS: gettext_noop("栏目页或首页：几乎只有导航和链接。"),
        FRAMES: gettext_noop("正文在内嵌框架里：框架里的网页如果抓到了，会单独列出。"),
        TOO_DEEP: gettext_noop("网页的结构嵌套过深，无法处理。"),
        TOO_LONG: gettext_noop("网页超过 %(most)s 段，不像一篇文章。"),
        TOO_MANY_CELLS: gettext_noop("网页的表格超过 %(most)s 个单元格，宜作为电子表格附件另行录入。"),
        UNDECODABLE: gettext_noop("无法识别网页的文字编码，或文字已经损坏。"),
        BINARY: gettext_noop("网页内含二进制数据，不是文本。"),
    }
)


def leads_nowhere_but_on(reason: str) -> bool:
    """Whether the text was refused because a page has nothing but links."""
    return _sentence(reason) == LINKS


def in_words_of_a_crawl(reason: str) -> str:
    """What a refusal of the reader of documents means for a page of a crawl."""
    words = _WORDS.get(_sentence(reason), _OTHER)
    values = reason.values if isinstance(reason, Sentence) else {}
    return said(words, **values) if "%(" in words else words


def _sentence(reason: str) -> str:
    return reason.sentence if isinstance(reason, Sentence) else reason
