"""Pictures that were pasted and that no version of a page may be showing yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PastedPicture(models.Model):
    """A picture of the site that came with a pasting; its row goes when it is used, or with the picture itself."""

    image = models.OneToOneField(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("图片"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    pasted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("粘贴人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    pasted_at = models.DateTimeField(_("粘贴时间"))

    class Meta:
        verbose_name = _("粘贴的图片")
        verbose_name_plural = _("粘贴的图片")
