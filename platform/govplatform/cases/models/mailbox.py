"""领导信箱: to whom a letter was written that came by the mailbox of a leader."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class LetterToLeader(models.Model):
    """The leader a letter is written to, as the site by which it came named them then.

    ``page``: id of their page on that site (``Case.came_by``), by which their letters are listed.
    """

    case = models.OneToOneField(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="to_leader")
    page = models.PositiveBigIntegerField()
    name = models.CharField(_("姓名"), max_length=255)
    post = models.CharField(_("职务"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("领导信箱来信")
        verbose_name_plural = _("领导信箱来信")
        indexes = [models.Index(fields=["page"], name="letter_to_page")]

    def __str__(self) -> str:
        return f"{self.post} {self.name}".strip()
