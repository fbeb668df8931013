"""The sentences on what a reading of a Word document left out or could not tell."""

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.word.blocks import LeftOut

# By kind, in the order in which they are shown: count and, where it helps to find the place, shown.
_SENTENCES: dict[str, str] = {
    "hidden": gettext_noop("文档含有 %(count)s 处隐藏文字，未导入；如原件要作为附件公开，请先删除隐藏文字。"),
    "struck": gettext_noop("文档含有 %(count)s 处带删除线的文字，未导入，请核对：%(shown)s。"),
    "prompt": gettext_noop("有 %(count)s 处未填写的表单提示文字，未导入。"),
    "contents": gettext_noop("文档的目录（%(count)s 行）未导入。"),
    "number": gettext_noop("有 %(count)s 处自动编号已转成文字，请核对。"),
    "format": gettext_noop("有 %(count)s 处编号的格式（%(shown)s）不能识别，已按阿拉伯数字写出，请核对。"),
    "uncounted": gettext_noop("有 %(count)s 处由域生成的编号（%(shown)s）无法算出，未导入，请对照原件补上。"),
    "equation": gettext_noop("文档含有 %(count)s 处公式，已转成一行文字，请对照原件核对：%(shown)s。"),
    "symbol": gettext_noop("有 %(count)s 个符号（%(shown)s）不能识别，未导入，请对照原件补上。"),
    "private": gettext_noop("有 %(count)s 处文字使用自造字，换一台电脑可能无法显示，请核对。"),
    "chunk": gettext_noop("文档嵌入的其他文档片段有 %(count)s 个无法读取（%(shown)s），未导入。"),
    "margins": gettext_noop("页眉、页脚的文字 %(count)s 处未导入：%(shown)s。"),
    "links": gettext_noop("有 %(count)s 个链接的地址无效或不允许，只保留了文字。"),
    "merged": gettext_noop("有 %(count)s 个表格含合并单元格，已展开，请核对。"),
    "damaged": gettext_noop("文档的部件 %(shown)s 已损坏，其中的内容未导入；请用 Word 或 WPS 另存一份后核对。"),
}


_CHANGES = gettext_noop(
    "文档含有修订痕迹，已按“接受全部修订”导入（插入 %(inserted)s 处，删除 %(deleted)s 处，移动 %(moved)s 处）；"
    "如原件要作为附件公开，请先接受或拒绝修订。"
)


def warnings_on(left_out: LeftOut) -> list[str]:
    """Return one sentence for each kind of what was left out."""
    changes = {kind: left_out.counts[kind] for kind in ("inserted", "deleted", "moved")}
    told = [said(_CHANGES, **changes)] if any(changes.values()) else []
    return told + [
        said(sentence, count=left_out.counts[kind], shown=left_out.shown(kind))
        for kind, sentence in _SENTENCES.items()
        if left_out.counts[kind]
    ]
