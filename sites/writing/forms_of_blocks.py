"""How a body and its tables are shown to whoever writes them: the scripts of Wagtail's blocks with our own on top."""

from functools import cached_property
from typing import Any

from django import forms
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.blocks.struct_block import StructBlockAdapter

from govplatform.console.uploads import kinds_of_files, words_of_uploads
from sites.documents_in.extraction.pasting import PASTE_LIMITS
from sites.pages.blocks import BodyBlock
from sites.pages.table_block import TableBlock

GRID = "table_block/js/vendor/handsontable-6.2.2.full.min.js"
GRID_STYLE = "table_block/css/vendor/handsontable-6.2.2.full.min.css"


class BodyAdapter(StreamBlockAdapter):
    """A body that opens as a text to write in, takes what is pasted as blocks, and can be tidied."""

    js_constructor = "writing.Body"

    def js_args(self, block: BodyBlock) -> list[Any]:
        name, groups, states, meta = super().js_args(block)
        meta["writing"] = {
            "paste": reverse("writing_paste"),
            "unpaste": reverse("writing_unpaste"),
            "tidy": reverse("writing_tidy"),
            "check": reverse("writing_check"),
            "checkWords": _words_of_checking(),
            "most": {"text": PASTE_LIMITS.text_bytes, "pictures": PASTE_LIMITS.images_total_bytes},
            "words": _words_of_body(),
            "uploads": {
                "address": reverse("writing_upload"),
                "kinds": kinds_of_files(),
                "words": {**words_of_uploads(), **_words_of_uploading()},
            },
        }
        return [name, groups, states, meta]

    @cached_property
    def media(self) -> forms.Media:
        ours = (
            "clipboard",
            "rich_text",
            "notice",
            "pasting",
            "tidying",
            "uploading",
            "check_places",
            "check_marks",
            "check_list",
            "checking",
            "body",
        )
        scripts = [static(f"writing/{name}.js") for name in ours]
        return forms.Media(
            js=[
                versioned_static("wagtailadmin/js/telepath/blocks.js"),
                versioned_static("wagtailadmin/js/draftail.js"),
                static("console/uploads.js"),
                *scripts,
            ],
            css={"all": [static("writing/writing.css"), static("console/uploads.css")]},
        )


class TableAdapter(StructBlockAdapter):
    """A table as one grid. The grid's own script is large and is loaded with the first table on a page."""

    js_constructor = "writing.Table"

    def js_args(self, block: TableBlock) -> list[Any]:
        name, _children, meta = super().js_args(block)
        return [
            name,
            {
                "label": meta["label"],
                "description": meta["description"],
                "required": False,
                "icon": meta["icon"],
                "blockDefId": meta["blockDefId"],
                "isPreviewable": meta["isPreviewable"],
                "grid": versioned_static(GRID),
                "style": versioned_static(GRID_STYLE),
                "helpText": meta.get("helpText", ""),
                "words": _words_of_table(),
            },
        ]

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[versioned_static("wagtailadmin/js/telepath/blocks.js"), static("writing/table.js")],
            css={"all": [static("writing/writing.css")]},
        )


def register_all() -> None:
    """Tell Wagtail which form a body and a table have."""
    register(BodyAdapter(), BodyBlock)
    register(TableAdapter(), TableBlock)


def _words_of_body() -> dict[str, str]:
    return {
        "text": _("正文"),
        "tidy": _("一键排版"),
        "reading": _("正在整理粘贴的内容……"),
        "pasted": _("已粘贴。"),
        "leftOut": _("已粘贴，以下内容没有进来："),
        "undoPaste": _("撤销这次粘贴"),
        "undone": _("已撤销。"),
        "lost": _("连接不上服务器，没有粘贴。剪贴板里的内容还在，恢复后请再粘贴一次。"),
        "tooMuch": _("粘贴的内容太大。请分几次粘贴，或用“文档导入”。"),
        "again": _("再试一次"),
        "close": _("关闭"),
        "nothing": _("没有需要排版的地方。"),
        "preview": _("排版会改动这些地方"),
        "explain": _("划掉的删去，底色标出的加上；确认之前正文不变。"),
        "apply": _("按此排版"),
        "cancel": _("不改"),
        "tidied": _("已排版。"),
        "undoTidy": _("撤销排版"),
        "lostTidy": _("连接不上服务器，没有排版，正文不变。"),
        "changed": _("正文已有新的改动，请重新点“一键排版”。"),
    }


def _words_of_uploading() -> dict[str, str]:
    return {
        "hint": _("也可以把图片和附件拖到正文里要放的位置，一次可以多个。"),
        "pictureIn": _("已插入图片“{title}”。送审前请补上替代文字。"),
        "fileIn": _("已插入附件“{title}”。"),
        "show": _("看位置"),
    }


def _words_of_checking() -> dict[str, str]:
    return {
        "name": _("边写边查"),
        "count": _("边写边查：{n} 处"),
        "none": _("没有需要留意的地方。"),
        "explain": _("按保密扫描和词库的规则。Alt+F7 到下一处；是否修改由你决定，不影响保存。"),
        "text": _("正文"),
        "cell": _("表格第 {row} 行第 {column} 列"),
        "jump": _("看位置"),
        "jumpTo": _("看“{words}”的位置"),
        "take": _("改为“{words}”"),
        "remove": _("删去"),
        "pass": _("先不管"),
        "close": _("关闭"),
    }


def _words_of_table() -> dict[str, str]:
    return {
        "caption": _("表题"),
        "header": _("首行是表头"),
        "rowAbove": _("在上方插入行"),
        "rowBelow": _("在下方插入行"),
        "columnLeft": _("在左侧插入列"),
        "columnRight": _("在右侧插入列"),
        "removeRow": _("删除行"),
        "removeColumn": _("删除列"),
        "rowUp": _("行上移"),
        "rowDown": _("行下移"),
        "columnBack": _("列左移"),
        "columnOn": _("列右移"),
        "merge": _("合并单元格"),
        "split": _("拆分单元格"),
        "left": _("左对齐"),
        "center": _("居中"),
        "right": _("右对齐"),
        "undo": _("撤销"),
        "redo": _("重做"),
        "keys": _("Tab 和方向键移动，回车换行；可以粘贴 Excel、WPS 表格和网页里的表格。"),
        "noGrid": _("表格编辑器没有载入，请检查网络后刷新页面；表格的内容没有丢。"),
        "across": _("选中的区域跨着合并的单元格，请先拆分再移动。"),
    }
