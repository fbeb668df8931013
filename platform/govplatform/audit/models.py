"""审计记录: append-only rows in hash chains, one chain per site and one for the platform."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.locks.order import PLATFORM_CHAIN

__all__ = ["IDENTITY_ACTS", "PLATFORM_CHAIN", "Entry"]

#: Acts that decide who somebody is and may do, in all chains: few among many, and read together by supervisors.
IDENTITY_ACTS = (
    "account.create",
    "account.deactivate",
    "account.link",
    "account.reset_confirmed",
    "account.reset_refused",
    "account.reset_request",
    "role.grant",
    "role.offer_confirmed",
    "role.offer_refused",
    "role.revoke",
)


class Entry(models.Model):
    """An entry of the audit record: one act, who did it, and to what.

    ``chain``: schema of the site or PLATFORM_CHAIN; ``number``: from 1, without gaps. ``actor_id`` None: no account
    acted. ``hash``: SM3 over the entry and ``previous_hash``, the hash of the one before it (``chain.py``).
    """

    chain = models.CharField(_("链"), max_length=63)
    number = models.BigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    act = models.CharField(_("行为"), max_length=80)
    actor_id = models.BigIntegerField(_("行为人编号"), null=True)
    actor_name = models.CharField(_("行为人"), max_length=150)
    object_type = models.CharField(_("对象类型"), max_length=100, blank=True)
    object_id = models.CharField(_("对象编号"), max_length=100, blank=True)
    object_title = models.CharField(_("对象"), max_length=255, blank=True)
    detail = models.JSONField(_("内容"), default=dict)
    previous_hash = models.CharField(_("前一哈希"), max_length=64)
    hash = models.CharField(_("哈希"), max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_chain_number")]
        indexes = [
            models.Index(fields=["chain", "-at"], name="audit_chain_at"),
            # By chain first: the gate asks for the acts on one page at every publication, and page 12 is on every site.
            models.Index(fields=["chain", "object_type", "object_id"], name="audit_chain_object"),
            models.Index(fields=["-at"], condition=models.Q(act__in=IDENTITY_ACTS), name="audit_identity_acts"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.number} {self.act}"


class AnchoredHead(models.Model):
    """The last anchor of one chain: the number and hash of its head at that time.

    Only a note, so that nobody reads all anchors every five minutes. What counts are the anchors in the platform's
    chain; ``verify_audit`` reads every one of them and names a note that runs ahead of them.
    """

    chain = models.CharField(_("链"), max_length=63, primary_key=True)
    number = models.BigIntegerField(_("序号"))
    hash = models.CharField(_("哈希"), max_length=64)
    at = models.DateTimeField(_("锚定时间"))

    class Meta:
        verbose_name = _("已锚定的链头")
        verbose_name_plural = _("已锚定的链头")

    def __str__(self) -> str:
        return f"{self.chain}#{self.number}"
