"""The blocks that the body of a page consists of; their templates lie in the theme (``blocks/``)."""

from types import MappingProxyType
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .table_block import TableBlock

RICH_TEXT_FEATURES = [
    "bold", "italic", "ol", "ul", "enclosures", "sign-off", "remark", "hr", "link", "document-link", "superscript",
    "subscript",
]  # fmt: skip


#: Levels of headings in a body, below its title.
HEADING_LEVELS = MappingProxyType({"2": _("一级标题"), "3": _("二级标题"), "4": _("三级标题")})


class HeadingBlock(blocks.StructBlock):
    level = blocks.ChoiceBlock(label=_("级别"), choices=list(HEADING_LEVELS.items()), default="2")
    text = blocks.CharBlock(label=_("文字"), max_length=200)

    class Meta:
        label = _("小标题")
        icon = "title"
        template = "blocks/heading.html"


class ImageBlock(blocks.StructBlock):
    """A picture. Without alternative text it may be saved, not handed in (``completeness``)."""

    image = ImageChooserBlock(label=_("图片"))
    caption = blocks.CharBlock(label=_("图注"), required=False, max_length=200)
    alt = blocks.CharBlock(
        label=_("替代文字"),
        required=False,
        max_length=200,
        help_text=_("读屏软件读出的内容；纯装饰图片请勾选下面一项。"),
    )
    decorative = blocks.BooleanBlock(label=_("纯装饰"), required=False)

    class Meta:
        label = _("图片")
        icon = "image"
        template = "blocks/image.html"


class GalleryItemBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(label=_("替代文字"), max_length=200)
    caption = blocks.CharBlock(label=_("图注"), required=False, max_length=200)


class GalleryBlock(blocks.StructBlock):
    items = blocks.ListBlock(GalleryItemBlock(), label=_("图片"), min_num=1)

    class Meta:
        label = _("图集")
        icon = "image"
        template = "blocks/gallery.html"


class AttachmentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("附件"))
    title = blocks.CharBlock(label=_("显示名称"), required=False, max_length=200)

    class Meta:
        label = _("附件")
        icon = "doc-full"
        template = "blocks/attachment.html"


class MediaBlock(blocks.StructBlock):
    """Audio or video, always with a transcript for those who cannot hear or see it."""

    kind = blocks.ChoiceBlock(label=_("类别"), choices=[("video", _("视频")), ("audio", _("音频"))])
    file = DocumentChooserBlock(label=_("文件"))
    title = blocks.CharBlock(label=_("标题"), max_length=200)
    transcript = blocks.TextBlock(label=_("文字稿"))
    poster = ImageChooserBlock(label=_("封面"), required=False)

    class Meta:
        label = _("音视频")
        icon = "media"
        template = "blocks/media.html"


class ChartBlock(blocks.StructBlock):
    """A chart as an image, with its numbers as a table beneath."""

    image = ImageChooserBlock(label=_("图表"))
    caption = blocks.CharBlock(label=_("图题"), required=False, max_length=200)
    alt = blocks.CharBlock(label=_("替代文字"), max_length=200)
    data_table = blocks.ListBlock(
        blocks.ListBlock(blocks.CharBlock(label=_("单元格"), required=False), label=_("行")),
        label=_("数据表"),
        required=False,
        default=[],
    )

    class Meta:
        label = _("图表")
        icon = "image"
        template = "blocks/chart.html"


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("引文"))
    attribution = blocks.CharBlock(label=_("出处"), required=False, max_length=200)

    class Meta:
        label = _("引文")
        icon = "openquote"
        template = "blocks/quotation.html"


class BodyBlock(blocks.StreamBlock):
    """The blocks of a body. A text without a word in it, as the editor opens one to write in, is not kept."""

    heading = HeadingBlock()
    rich_text = blocks.RichTextBlock(
        label=_("正文"), icon="pilcrow", required=False, features=RICH_TEXT_FEATURES, template="blocks/rich_text.html"
    )
    table = TableBlock()
    image = ImageBlock()
    gallery = GalleryBlock()
    attachment = AttachmentBlock()
    media = MediaBlock()
    chart = ChartBlock()
    quotation = QuotationBlock()

    def clean(self, value: blocks.StreamValue) -> blocks.StreamValue:
        cleaned = super().clean(value)
        return blocks.StreamValue(
            self, [(child.block_type, child.value, child.id) for child in cleaned if _kept(child)]
        )


def says_something(block: Any) -> bool:
    """Say whether a block of the body has content: a paragraph may be empty, no other block can be saved so."""
    return block.block_type != "rich_text" or bool(strip_tags(str(block.value.source)).replace("&nbsp;", " ").strip())


def _kept(block: Any) -> bool:
    return says_something(block) or "<hr" in str(block.value.source)
