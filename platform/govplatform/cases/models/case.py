"""来信 (a case): one thing that a citizen sent in, from its intake to its answer."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..kinds import Kind

#: Kinds that are never public, as the database knows them.
_NEVER_PUBLIC = (Kind.REPORT.value, Kind.DISCLOSURE.value)


class Case(models.Model):
    """One case. ``number`` and the query code, of which only a keyed hash is kept, are what its sender follows it by.

    ``came_by``: the site whose form was used; ``desk``: the site whose clerks take it in; ``organisation``: the site
    that answers, None until it is assigned; ``handler``: who of its editors has taken it up. ``contact``: encrypted
    (``contact.py``), None where nothing was given. ``token``: hash of the form's token, which makes one case at most;
    ``content``: hash of what was sent with it. ``answer``: as it was cleared and sent. ``published_path``: where the
    answer stands on the site of ``organisation``, '' where it is not public; ``published_title``: its title there.
    ``joined_to``: the case whose answer its sender gets as well (``joining.py``), also after both have ended.
    ``is_abuse``: closed as such. ``erased_at``: when everything was removed that it held of people (``retention``).
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待受理")
        ACCEPTED = "accepted", _("已受理，待交办")
        ASSIGNED = "assigned", _("办理中")
        IN_REVIEW = "in_review", _("答复审查中")
        REPLIED = "replied", _("已答复")
        CLOSED = "closed", _("已办结，未答复")
        JOINED = "joined", _("已并案，等待统一答复")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.SUBMITTED)
    came_by = models.ForeignKey(Tenant, verbose_name=_("来信站点"), on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Tenant, verbose_name=_("受理站点"), on_delete=models.PROTECT, related_name="desk_cases")
    organisation = models.ForeignKey(
        Tenant, verbose_name=_("办理站点"), null=True, on_delete=models.PROTECT, related_name="assigned_cases"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("办理人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("内容"))
    may_publish = models.BooleanField(_("同意公开"), default=False)
    contact = models.BinaryField(_("联系方式"), null=True)
    code_hash = models.CharField(max_length=64)
    token = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(_("来信时间"))
    accept_due = models.DateTimeField(_("受理期限"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    due_at = models.DateTimeField(_("答复期限"), null=True)
    extended = models.BooleanField(_("已延期"), default=False)
    ended_at = models.DateTimeField(_("办结时间"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    closing_reason = models.TextField(_("不予答复的理由"), blank=True)
    published_path = models.CharField(max_length=500, blank=True)
    published_title = models.CharField(max_length=255, blank=True, default="", db_default="")
    joined_to = models.ForeignKey(
        "self", verbose_name=_("并入的来信"), null=True, on_delete=models.PROTECT, related_name="joined"
    )
    is_abuse = models.BooleanField(_("滥用"), default=False, db_default=False)
    erased_at = models.DateTimeField(_("个人信息删除时间"), null=True)

    class Meta:
        verbose_name = _("来信")
        verbose_name_plural = _("来信")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=_NEVER_PUBLIC) | models.Q(may_publish=False, published_path=""),
                name="case_never_public",
            ),
            models.CheckConstraint(
                condition=models.Q(may_publish=True) | models.Q(published_path=""), name="case_public_if_agreed"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(title="", text="", contact=None),
                name="case_erased_is_empty",
            ),
        ]
        indexes = [
            # What is open, by who has to do something; what is done is paged by number.
            models.Index(fields=["desk", "accept_due"], condition=models.Q(state="submitted"), name="case_to_accept"),
            models.Index(fields=["desk", "-id"], name="case_of_desk"),
            models.Index(fields=["organisation", "-id"], name="case_of_organisation"),
            models.Index(fields=["submitted_at"], name="case_by_time"),
            models.Index(
                fields=["desk", "-ended_at"], condition=~models.Q(published_path=""), name="case_public_of_desk"
            ),
            # Of a kind that a site seldom gets nothing else is read.
            models.Index(fields=["desk", "kind", "-id"], name="case_of_desk_kind"),
            models.Index(fields=["organisation", "kind", "-id"], name="case_of_organisation_kind"),
            # Inboxes: what is open, the most urgent first, and what ended too late, the newest first.
            models.Index(
                Coalesce("due_at", "accept_due"),
                "id",
                condition=~models.Q(state__in=("replied", "closed")),
                name="case_open_by_due",
            ),
            models.Index(
                fields=["desk", "-id"],
                condition=models.Q(state__in=("replied", "closed"), ended_at__gt=models.F("due_at")),
                name="case_ended_late",
            ),
            models.Index(
                fields=["desk", "-id"],
                condition=models.Q(accepted_at__gt=models.F("accept_due")),
                name="case_accepted_late",
            ),
            # What is still kept of people, the longest first.
            models.Index(
                fields=["desk", "ended_at"],
                condition=models.Q(erased_at=None, ended_at__isnull=False),
                name="case_to_erase",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    @property
    def due(self) -> datetime | None:
        """Until when the next thing must be done with it; None when it has ended."""
        if self.is_over:
            return None
        return self.accept_due if self.state == self.State.SUBMITTED else self.due_at

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.REPLIED, self.State.CLOSED)

    @property
    def is_late(self) -> bool:
        """Whether its limit is over, or was when it ended."""
        if self.is_over:
            return self.due_at is not None and self.ended_at is not None and self.ended_at > self.due_at
        return self.due is not None and self.due < timezone.now()
