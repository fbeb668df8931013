"""推荐 to the home page of the superior site: proposed by an editor of the source, answered by one of the superior.

Accepting it is the sites' part (``sites.home.recommending``): the superior shows the resource on a repost of its own.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from content_library.models import Repost, Resource
from content_library.resources.showing import may_be_shown
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from .models import HomeProposal
from .permissions import reasons_against_recommending
from .reposting import origin_of, reasons_against_receiving, reasons_against_reposting

_LONGEST = 200


def propose_to_superior(resource: Resource, *, acting_user: User, note: str = "") -> HomeProposal:
    """Propose ``resource`` of the current site for the home page of its superior. Raises Refused with the reasons."""
    tenant = current_tenant()
    with acting(acting_user):
        if reasons := reasons_against_recommending(acting_user, tenant):
            raise Refused(reasons)
        if reasons := [*reasons_against_proposing(resource, tenant), *_against_length(note)]:
            raise Refused(reasons)
        assert tenant.parent is not None
        proposal = HomeProposal.objects.create(
            resource=resource,
            source=tenant,
            target=tenant.parent,
            note=note.strip(),
            proposed_by=acting_user,
            proposed_at=timezone.now(),
        )
        detail = {"superior": tenant.parent.code, "note": proposal.note, "resource": str(resource.uuid)}
        record_act("home.propose", acting_user=acting_user, obj=resource, detail=detail)
    return proposal


def take_back_proposal(proposal: HomeProposal, *, acting_user: User) -> None:
    """Take back a proposal of the current site that nobody has answered. Raises Refused."""
    tenant = current_tenant()
    with acting(acting_user):
        reasons = reasons_against_recommending(acting_user, tenant)
        if proposal.source_id != tenant.pk:
            reasons.append(_("这一推荐不是本站提出的。"))
        if reasons:
            raise Refused(reasons)
        close_proposal(proposal, HomeProposal.State.TAKEN_BACK)
        detail = {"superior": proposal.target.code, "resource": str(proposal.resource.uuid)}
        record_act("home.take_back", acting_user=acting_user, obj=proposal.resource, detail=detail)


def refuse_proposal(proposal: HomeProposal, *, acting_user: User, answer: str) -> None:
    """Refuse a proposal for the home page of the current site, with the reason. Raises Refused."""
    with acting(acting_user):
        if reasons := reasons_against_answering(proposal, acting_user):
            raise Refused(reasons)
        if not answer.strip():
            raise Refused(_("请写明不采用的理由，推荐的站点会看到。"))
        if reasons := _against_length(answer):
            raise Refused(reasons)
        close_proposal(proposal, HomeProposal.State.REFUSED, decided_by=acting_user, answer=answer.strip())
        detail = {"site": proposal.source.code, "answer": answer.strip(), "resource": str(proposal.resource.uuid)}
        record_act("home.refuse_proposal", acting_user=acting_user, obj=proposal.resource, detail=detail)


def close_proposal(proposal: HomeProposal, state: str, **facts: Any) -> None:
    """Change a waiting proposal into ``state`` as part of an act that has asked. Raises Refused when it waits no more.

    The other site may have been first: its chain is another, so the row itself tells.
    """
    waiting = HomeProposal.objects.filter(pk=proposal.pk, state=HomeProposal.State.WAITING)
    if not waiting.update(state=state, decided_at=timezone.now(), **facts):
        proposal.refresh_from_db()
        told = {"title": proposal.resource.title, "state": proposal.get_state_display()}
        raise Refused(_("“%(title)s”的推荐已有结果（%(state)s），没有改变。") % told)


def end_accepted(page_ids: Iterable[int]) -> None:
    """Note that these pages of the current site stand on its home page no longer; part of an act that has asked."""
    accepted = HomeProposal.objects.filter(
        target=current_tenant(), page_id__in=list(page_ids), state=HomeProposal.State.ACCEPTED
    )
    accepted.update(state=HomeProposal.State.ENDED)


def reasons_against_proposing(resource: Resource, tenant: Tenant) -> list[str]:
    """Say why ``tenant`` may not propose ``resource`` to its superior (now); empty when it may."""
    parent = tenant.parent
    if parent is None or parent.is_console:
        return [_("“%(site)s”没有上级站点，不能向上推荐。") % {"site": tenant.full_name}]
    told = {"title": resource.title, "site": parent.full_name}
    if resource.tenant_id != tenant.pk:
        return [_("“%(title)s”是别的站点发布的，由发布它的站点推荐。") % told]
    origin = origin_of(resource)
    reasons = [*reasons_against_reposting(origin), *reasons_against_receiving(origin, parent, Repost.Mode.MIRROR)]
    if HomeProposal.objects.filter(resource=resource, target=parent, state=HomeProposal.State.WAITING).exists():
        reasons.append(_("“%(title)s”已向“%(site)s”推荐，正在等待答复。") % told)
    return reasons


def reasons_against_answering(proposal: HomeProposal, user: User) -> list[str]:
    """Say why ``user`` may not answer ``proposal`` on the current site; empty when they may."""
    tenant = current_tenant()
    if proposal.target_id != tenant.pk:
        return [_("这一推荐不是向本站提出的。")]
    return reasons_against_recommending(user, tenant)


def waiting_proposals(*tenants: Tenant) -> Any:
    """Proposals for the home pages of ``tenants`` that can be answered, the oldest first; not what was withdrawn."""
    return (
        HomeProposal.objects.filter(may_be_shown("resource__"), target__in=tenants, state=HomeProposal.State.WAITING)
        .select_related("resource", "source", "target", "proposed_by")
        .order_by("proposed_at", "pk")
    )


def proposals_of(resource: Resource) -> Any:
    """What was proposed of ``resource`` and what became of it, the newest first."""
    found = HomeProposal.objects.filter(resource=resource).select_related("resource", "target", "decided_by")
    return found.order_by("-pk")


def _against_length(words: str) -> list[str]:
    return [_("理由最多 %(most)d 个字。") % {"most": _LONGEST}] if len(words.strip()) > _LONGEST else []
