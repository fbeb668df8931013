"""推荐 (proposals): what a site would like to see on its superior's home page, and what was answered."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from govplatform.tenancy.models import Tenant


class HomeProposal(models.Model):
    """One proposal of one resource. ``page_id``: the page of ``target`` that shows it, once accepted.

    ``note``: why it is proposed; ``answer``: why it is refused.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待答复")
        ACCEPTED = "accepted", _("已采用")
        REFUSED = "refused", _("未采用")
        TAKEN_BACK = "taken_back", _("已收回")
        ENDED = "ended", _("已撤下")

    resource = models.ForeignKey(Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Tenant, verbose_name=_("推荐站点"), on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Tenant, verbose_name=_("上级站点"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    note = models.CharField(_("推荐理由"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("推荐人"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("推荐时间"))
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("答复人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("答复时间"), null=True)
    page_id = models.BigIntegerField(_("页面"), null=True)

    class Meta:
        verbose_name = _("推荐")
        verbose_name_plural = _("推荐")
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "target"], condition=models.Q(state="waiting"), name="one_waiting_proposal"
            )
        ]
        indexes = [models.Index(fields=["target"], condition=models.Q(state="waiting"), name="proposal_waiting")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.source_id} {self.state}"
