"""What the page of an interview lists: its guests, and pictures that live text may show."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class GuestBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("姓名"), max_length=40)
    post = blocks.CharBlock(label=_("职务"), max_length=120)
    portrait = ImageChooserBlock(label=_("照片"), required=False)

    class Meta:
        label = _("嘉宾")
        icon = "user"


class GuestsBlock(blocks.StreamBlock):
    guest = GuestBlock()

    class Meta:
        required = False


class PhotoBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(label=_("替代文字"), max_length=200)
    caption = blocks.CharBlock(label=_("图注"), required=False, max_length=200)

    class Meta:
        label = _("图片")
        icon = "image"


class PhotosBlock(blocks.StreamBlock):
    photo = PhotoBlock()

    class Meta:
        required = False
