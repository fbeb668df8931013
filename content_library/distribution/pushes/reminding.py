"""催办 by hand: who pushed reminds the sites that have not done it yet, with a word of their own."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused

from ..models import Push, PushNotice, PushTarget
from ..permissions import reasons_against_pushing
from ..queries import duties, open_targets
from .actions import chain_of

#: A site is not reminded again sooner than this; our own number, no regulation names one.
AGAIN = timedelta(hours=1)
LONGEST_NOTE = 200


def remind_sites(push: Push, target_ids: Collection[int], *, note: str, acting_user: User) -> int:
    """Put a reminder on the start page of the sites with these duties; return how many were reminded.

    ``target_ids``: of duties of this push; what is done meanwhile, or was reminded of within the hour, is left out.
    ``note``: up to LONGEST_NOTE characters, read by the site's reviewers and administrator; '' for none. Raises Refused
    with the reasons, also when nobody is left to be reminded.
    """
    resource, note = push.resource, note.strip()
    source = resource.tenant or resource.holder
    with schema_context("public"), acting(acting_user, chain_of(source), on=source, frozen_too=False):
        reasons = reasons_against_pushing(acting_user, resource)
        if len(note) > LONGEST_NOTE:
            reasons.append(_("催办说明最多 %(most)s 个字。") % {"most": LONGEST_NOTE})
        if not target_ids:
            reasons.append(_("请勾选要催办的站点。"))
        if reasons:
            raise Refused(reasons)
        now = timezone.now()
        waiting = open_targets().filter(push=push, pk__in=target_ids).exclude(reminded_at__gt=now - AGAIN)
        held = [duty.target for duty in duties(locking(waiting)) if not duty.done]
        if not held:
            raise Refused(_("所选站点都已办结，或一小时内催办过。"))
        for target in held:
            PushNotice.objects.update_or_create(
                target=target,
                defaults={"late": target.due_at < now, "made_at": now, "note": note, "by": acting_user.full_name},
            )
        PushTarget.objects.filter(pk__in=[target.pk for target in held]).update(reminded_at=now)
        detail = {"push": push.pk, "sites": len(held), "note": note}
        record_act("push.remind", acting_user=acting_user, obj=resource, detail=detail, chain=chain_of(source))
    return len(held)


def remind_late(push: Push, *, note: str, acting_user: User) -> int:
    """Remind every site that is late with this push; as ``remind_sites``."""
    late = open_targets().filter(push=push, due_at__lt=timezone.now()).values_list("pk", flat=True)
    return remind_sites(push, list(late), note=note, acting_user=acting_user)
