"""What people ask of the publisher: everything anew, or the files of before. It is done by the publisher alone."""

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .changes import note_whole
from .going_back import reasons_against_going_back
from .models import Change, SiteDelivery
from .permissions import require_publisher
from .releasing import delivery_of

_LONGEST_REASON = 500


def ask_to_bake(tenant: Tenant, *, acting_user: User | None) -> None:
    """Have every file of the site rendered again. Raises Refused when the person may not."""
    with acting(acting_user, on=tenant, frozen_too=True):
        require_publisher(tenant, acting_user)
        delivery_of(tenant)
        SiteDelivery.objects.filter(pk=tenant.pk).update(whole=True)
        note_whole(tenant)
        record_act("delivery.bake", acting_user=acting_user, obj=tenant)


def ask_to_go_back(tenant: Tenant, sequence: int, *, acting_user: User | None, reason: str) -> None:
    """Have the files of an earlier release put in place again, but for what came down since. Raises Refused."""
    with acting(acting_user, on=tenant, frozen_too=True):
        require_publisher(tenant, acting_user)
        reason = reason.strip()
        reasons = reasons_against_going_back(tenant, sequence)
        if not reason:
            reasons.append(_("请写明退回以前版本的理由。"))
        if len(reason) > _LONGEST_REASON:
            reasons.append(_("理由最长 %(most)d 个字。") % {"most": _LONGEST_REASON})
        if reasons:
            raise Refused(reasons)
        Change.objects.create(tenant=tenant, back_to=sequence, reason=reason, made_at=timezone.now())
        detail = {"release": sequence, "reason": reason}
        record_act("delivery.go_back", acting_user=acting_user, obj=tenant, detail=detail)
