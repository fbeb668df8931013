"""常用答复: words with which answers of a site often begin."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class SavedReply(models.Model):
    """A text that the editors of ``site`` keep to begin an answer with; what is sent is reviewed like any answer."""

    site = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("内容"))

    class Meta:
        verbose_name = _("常用答复")
        verbose_name_plural = _("常用答复")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["site", "title"], name="case_saved_reply_once")]

    def __str__(self) -> str:
        return self.title
