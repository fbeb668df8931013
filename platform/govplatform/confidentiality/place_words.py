"""Words for places and rules of the scanner: ``sheet 名单!C17`` is 工作表“名单”C17."""

import re
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

Words = str | Promise

RULE_WORDS: dict[str, Words] = {
    "secrecy-mark": _("密级标志"),
    "internal-mark": _("内部资料标记"),
    "copy-number": _("份号"),
    "id-card": _("身份证号码"),
    "id-card-15": _("十五位身份证号码"),
    "bank-card": _("银行卡号"),
    "mobile": _("手机号码"),
    "landline": _("固定电话"),
    "passport": _("护照等证件号码"),
    "plate": _("车牌号码"),
    "email": _("电子邮箱"),
    "address": _("详细住址"),
    "dictionary": _("词库词语"),
    "aggregation": _("个人信息汇聚"),
    "metadata": _("信息项"),
    "map-number": _("审图号"),
    "external-link": _("外部链接"),
    "hidden-content": _("隐藏内容"),
    "gps": _("拍摄位置"),
    "unreadable": _("无法读取"),
    "active-content": _("打开时会自动执行的内容"),
}

#: Places without a number.
_PLACES: dict[str, Words] = {
    "body": _("正文"),
    "title": _("标题"),
    "summary": _("摘要"),
    "source": _("来源"),
    "author": _("作者"),
    "keywords": _("主题词"),
    "audience": _("服务对象"),
    "addressee": _("主送机关"),
    "signature": _("落款"),
    "validity note": _("有效性说明"),
    "document number": _("发文字号"),
    "index number": _("索引号"),
    "subject class": _("主题分类"),
    "document kind": _("体裁"),
    "validity": _("时效"),
    "disclosure": _("公开方式"),
    "issued by": _("发文机关"),
    "title for search engines": _("搜索引擎标题"),
    "description for search engines": _("搜索引擎描述"),
    "description": _("图片说明"),
    "map number": _("审图号"),
    "address of the page": _("页面网址"),
    "post": _("职务"),
    "office address": _("办公地址"),
    "office hours": _("办公时间"),
    "office phone": _("联系电话"),
    "responsible person": _("负责人"),
    "disclosure office": _("信息公开工作机构"),
    "fax": _("传真号码"),
    "period": _("统计时期"),
    "compiled by": _("发布机构"),
    "service code": _("事项编码"),
    "service organisation": _("实施机构"),
    "statutory limit": _("法定办结时限"),
    "promised limit": _("承诺办结时限"),
    "fees": _("收费标准"),
    "service place": _("办理地点"),
    "complaint phone": _("监督投诉电话"),
    "online address": _("网上办理地址"),
    "interview venue": _("访谈地点"),
    "interview host": _("主办单位"),
    "interview presenter": _("主持人"),
    "interview speaker": _("发言人"),
    "survey organiser": _("征集单位"),
    "department": _("答复单位"),
    "question": _("来信内容"),
    "answer": _("答复内容"),
    "online contact": _("互联网联系方式"),
    "published_at": _("发布时间"),
    "interpretations": _("解读"),
    "column": _("本栏目最近发布的信息"),
    "file": _("整个文件"),
    "file name": _("文件名"),
    "alternative text": _("替代文字"),
    "link addresses": _("链接地址"),
    "link": _("链接地址"),
    "hidden text": _("隐藏文字"),
    "tracked deletion": _("修订中删除的文字"),
    "tracked insertion": _("修订中插入的文字"),
    "document properties": _("文档属性"),
    "header and footer": _("页眉和页脚"),
    "header": _("页眉"),
    "footer": _("页脚"),
    "comment": _("批注"),
    "footnote": _("脚注"),
    "endnote": _("尾注"),
    "annotation": _("批注"),
    "text box": _("文本框"),
    "field": _("域代码"),
    "text chunk": _("图片中的附加文字"),
    "picture comment": _("图片备注"),
    "archive comment": _("压缩包备注"),
    "shared strings": _("表格中留存的文字"),
    "attributes": _("网页标签属性"),
    "message head": _("邮件头"),
    "hidden layer": _("隐藏的图层"),
    "data validation": _("数据有效性"),
    "WordArt": _("艺术字"),
    "list numbers": _("编号文字"),
    "sheet names": _("工作表名称"),
    "reading aid": _("注音"),
    "drop-down list": _("下拉选项"),
    "form field": _("表单域"),
    "author of comments and changes": _("批注和修订的作者"),
    "bookmark": _("书签"),
    "file names": _("其中的文件名"),
    "IPTC": _("图片附加信息"),
    "EXIF": _("图片拍摄信息"),
    "EXIF GPS": _("图片拍摄位置"),
    "XMP": _("图片附加信息"),
}

#: Places with a number, a sheet or a name in them; the first that fits counts.
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = (
    (re.compile(r"notes of slide (\d+)"), lambda n: _t("第 %s 张幻灯片备注") % n),
    (re.compile(r"hidden slide (\d+)"), lambda n: _t("第 %s 张幻灯片（隐藏）") % n),
    (re.compile(r"slide (\d+)"), lambda n: _t("第 %s 张幻灯片") % n),
    (re.compile(r"comment (\d+) on slide (\d+)"), lambda n, m: _t("第 %(m)s 张幻灯片批注 %(n)s") % {"m": m, "n": n}),
    (re.compile(r"(alternative text|hidden text) on (.+)"), lambda what, on: f"{where_words(on)}：{where_words(what)}"),
    (re.compile(r"annotation on page (\d+)"), lambda n: _t("第 %s 页批注") % n),
    (re.compile(r"page (\d+)"), lambda n: _t("第 %s 页") % n),
    (re.compile(r"(footnote|endnote|comment|header|footer) (\d+)"), lambda kind, n: f"{_PLACES[kind]} {n}"),
    (re.compile(r"table (\d+)"), lambda n: _t("表格 %s") % n),
    (re.compile(r"transcript (\d+)"), lambda n: _t("文字稿 %s") % n),
    (re.compile(r"comment (.+)!(\w+)"), lambda s, c: _t("工作表“%(s)s”%(c)s 批注") % {"s": s, "c": c}),
    (re.compile(r"hidden sheet (.+)!(\w+)"), lambda s, c: _t("隐藏的工作表“%(s)s”%(c)s") % {"s": s, "c": c}),
    (re.compile(r"hidden row (.+)!(\w+)"), lambda s, c: _t("工作表“%(s)s”%(c)s（隐藏的行）") % {"s": s, "c": c}),
    (re.compile(r"hidden column (.+)!(\w+)"), lambda s, c: _t("工作表“%(s)s”%(c)s（隐藏的列）") % {"s": s, "c": c}),
    (re.compile(r"hidden text (.+)!(\w+)"), lambda s, c: _t("工作表“%(s)s”%(c)s（隐藏文字）") % {"s": s, "c": c}),
    (re.compile(r"sheet (.+)!(\w+)"), lambda s, c: _t("工作表“%(s)s”%(c)s") % {"s": s, "c": c}),
    (re.compile(r"hidden sheet (.+)"), lambda s: _t("隐藏的工作表“%s”") % s),
    (re.compile(r"hidden row (.+)"), lambda s: _t("工作表“%s”隐藏的行") % s),
    (re.compile(r"hidden column (.+)"), lambda s: _t("工作表“%s”隐藏的列") % s),
    (re.compile(r"sheet (.+)"), lambda s: _t("工作表“%s”") % s),
    (
        re.compile(r"(text box|alternative text|header|footer|data validation|hidden text) (.+)"),
        lambda what, sheet: _t("工作表“%(s)s”%(what)s") % {"s": sheet, "what": _PLACES[what]},
    ),
    (re.compile(r"form field (.+)"), lambda name: _t("表单域“%s”") % name),
    (re.compile(r"defined name (.+)"), lambda name: _t("定义的名称“%s”") % name),
    (re.compile(r"elsewhere in the file: (.+)"), lambda name: _t("文件其他位置（内部的“%s”）") % name),
    (re.compile(r"part (.+)"), lambda name: _t("文件内部的部分“%s”") % name),
    (re.compile(r"attachment (.+)"), lambda name: _t("其中的附件“%s”") % name),
)


#: A place with a colon of its own.
_ELSEWHERE = "elsewhere in the file"


def where_words(where: str) -> str:
    """``where`` of a finding or part in the reader's words; a place that has none is returned as it is."""
    path, colon, place = where.rpartition(": ")
    if path == _ELSEWHERE or path.endswith(f": {_ELSEWHERE}"):
        path, place = path[: -len(_ELSEWHERE) - 2], f"{_ELSEWHERE}{colon}{place}"
    inside = [_place(part) if part.startswith("attachment ") else f"“{part}”" for part in path.split(": ") if part]
    return "：".join([*inside, _place(place)])


def rule_words(rule: str) -> str:
    """The rule in the reader's words; one that has none is returned as it is."""
    return str(RULE_WORDS.get(rule, rule))


def _place(place: str) -> str:
    if (words := _PLACES.get(place)) is not None:
        return str(words)
    for form, say in _FORMS:
        if found := form.fullmatch(place):
            return say(*found.groups())
    return place
