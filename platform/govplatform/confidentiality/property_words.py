"""Words for the properties that programs write into documents, and which of them tell something about people.

Names as the formats write them: ``creator`` of office files is the author, ``Creator`` of a PDF the program
(ECMA-376 part 2, clause 11; ISO 32000-1, 14.3.3; [MS-OLEPS]).
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Who wrote it, where, from what, with which words of their own: what a reviewer has to see.
TELLING: dict[str, str | Promise] = {
    "creator": _("作者"),
    "Author": _("作者"),
    "author": _("作者"),
    "lastModifiedBy": _("最后编辑人"),
    "last_saved_by": _("最后编辑人"),
    "Company": _("单位"),
    "company": _("单位"),
    "Manager": _("主管"),
    "manager": _("主管"),
    "Template": _("模板"),
    "template": _("模板"),
    "HyperlinkBase": _("链接的起点"),
    "description": _("备注"),
    "comments": _("备注"),
    "initial-creator": _("作者"),
    "printed-by": _("打印人"),
}
#: What a program notes for itself.
_OTHER: dict[str, str | Promise] = {
    "title": _("标题"),
    "Title": _("标题"),
    "subject": _("主题"),
    "Subject": _("主题"),
    "keywords": _("关键词"),
    "Keywords": _("关键词"),
    "keyword": _("关键词"),
    "category": _("类别"),
    "contentStatus": _("内容状态"),
    "language": _("语言"),
    "revision": _("保存次数"),
    "revision_number": _("保存次数"),
    "editing-cycles": _("保存次数"),
    "editing-duration": _("编辑用时"),
    "TotalTime": _("编辑用时（分钟）"),
    "created": _("建立时间"),
    "creation-date": _("建立时间"),
    "CreationDate": _("建立时间"),
    "create_time": _("建立时间"),
    "modified": _("修改时间"),
    "date": _("修改时间"),
    "ModDate": _("修改时间"),
    "last_saved_time": _("修改时间"),
    "lastPrinted": _("打印时间"),
    "last_printed": _("打印时间"),
    "Application": _("制作程序"),
    "AppVersion": _("程序版本"),
    "generator": _("制作程序"),
    "creating_application": _("制作程序"),
    "Creator": _("制作程序"),
    "Producer": _("制作程序"),
    "KSOProductBuildVer": _("制作程序"),
    "Trapped": _("陷印"),
    "Pages": _("页数"),
    "Slides": _("幻灯片数"),
    "Notes": _("备注数"),
    "HiddenSlides": _("隐藏的幻灯片数"),
    "Words": _("词数"),
    "Characters": _("字符数"),
    "CharactersWithSpaces": _("字符数（含空格）"),
    "Lines": _("行数"),
    "Paragraphs": _("段落数"),
    "PresentationFormat": _("放映方式"),
    "DocSecurity": _("保护方式"),
    "security": _("保护方式"),
    "ScaleCrop": _("缩略图裁切"),
    "LinksUpToDate": _("链接是否更新"),
    "SharedDoc": _("是否共享"),
    "HyperlinksChanged": _("链接是否改过"),
}
_NO, _YES = _("否"), _("是")
_TRUTHS: dict[str, str | Promise] = {"false": _NO, "False": _NO, "true": _YES, "True": _YES}


def read_property(line: str) -> tuple[str, str]:
    """Split one line of a part 文档属性 into name and value; a line without a name has the name ''."""
    name, colon, value = line.partition(": ")
    return (name, value) if colon else ("", line)


def property_words(name: str) -> str:
    """Return the name in the reader's words; '' for one that only its program knows."""
    return str(TELLING.get(name) or _OTHER.get(name) or (name if not name.isascii() else ""))


def value_words(value: str) -> str:
    """Return yes and no in words, anything else as it is."""
    return str(_TRUTHS.get(value, value))
