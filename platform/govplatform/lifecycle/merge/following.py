"""What a merge does besides moving content: roles are offered on the other site, and taken back with it."""

import logging
from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.models import Membership, RoleOffer
from govplatform.accounts.offers.actions import offer_role, withdraw_offer
from govplatform.accounts.roles import ROLES
from govplatform.refusals import Refused

from ..models import Merge, SiteNotice
from ..notices.actions import end_notice

logger = logging.getLogger("govplatform.lifecycle")


def offer_roles(merge: Merge) -> list[dict[str, Any]]:
    """Offer everybody of the source the same role on the destination, in the name of whoever began the merge.

    Returns the roles that were not offered, as ``[{"kind", "count", "reason"}]``. May be called again.
    """
    left: list[dict[str, Any]] = []
    there = set(Membership.objects.filter(tenant=merge.destination).values_list("user_id", "role"))
    there |= set(_waiting(merge).values_list("person_id", "role"))
    held = Membership.objects.filter(tenant=merge.source).select_related("user").order_by("user__username", "role")
    for membership in held:
        if (membership.user_id, membership.role) in there or merge.requested_by is None:
            continue
        try:
            offer_role(membership.user, membership.role, tenant=merge.destination, acting_user=merge.requested_by)
        except Refused as refusal:
            who = _("%(user)s 的“%(role)s”没有邀请：%(reason)s") % {
                "user": membership.user,
                "role": ROLES[membership.role].label,
                "reason": "".join(refusal.reasons),
            }
            left.append({"kind": str(_("任职")), "count": 1, "reason": who})
    return left


def take_offers_back(merge: Merge) -> int:
    """Withdraw the offers of a merge that nobody has answered; return how many."""
    people = Membership.objects.filter(tenant=merge.source).values("user_id")
    taken = 0
    for offer in _waiting(merge).filter(person__in=people, offered_by=merge.requested_by).select_related("offered_by"):
        try:
            withdraw_offer(offer, acting_user=offer.offered_by)
            taken += 1
        except Refused as refusal:
            logger.warning("merge %s: offer %s stays: %s", merge.pk, offer.pk, refusal)
    return taken


def end_completion(merge: Merge) -> list[str]:
    """The completion notice of a merge that was taken back is wanted no more: its page comes down, or is deleted when
    it was never public and nobody has decided on it. Returns a sentence for each page that stays, with the reason.
    """
    stays: list[str] = []
    found = SiteNotice.objects.filter(application=merge.application, kind=SiteNotice.Kind.COMPLETION)
    for notice in found.select_related("application__tenant", "site"):
        try:
            stays += end_notice(notice, merge=merge.pk)
        except Refused as refusal:
            logger.warning("merge %s: its completion notice stays: %s", merge.pk, refusal)
            stays += refusal.reasons
            continue
        # The merge may be run again, and wants a notice of its own then.
        SiteNotice.objects.filter(pk=notice.pk).delete()
    return stays


def _waiting(merge: Merge) -> Any:
    return RoleOffer.objects.filter(tenant=merge.destination, state=RoleOffer.State.WAITING)
