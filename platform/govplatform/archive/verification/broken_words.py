"""What may be wrong with a record, in the reader's language."""

from django.utils.translation import gettext as _

from ..package.warc_reading import Break


def in_words(problem: Break) -> str:
    """One sentence."""
    return {
        Break.CUT_OFF: _("记录不完整：文件在记录中间结束。"),
        Break.NO_GZIP: _("记录已损坏，不能解压。"),
        Break.NO_HEADERS: _("记录已损坏，头部不能识别。"),
        Break.NO_LENGTH: _("记录已损坏，没有可用的长度。"),
        Break.NO_END: _("记录没有在应当结束的地方结束。"),
        Break.NO_ANSWER: _("记录里没有网站的应答。"),
        Break.NOT_INDEXED: _("索引里没有这个网址。"),
        Break.WRONGLY_INDEXED: _("索引指向别处。"),
        Break.NO_ORIGINAL: _("这是重复内容的记录，而它所指的原记录不在归档里。"),
    }[problem]
