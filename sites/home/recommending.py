"""推荐 on the home page: what stands in front of the newest lines, of the site's own and of what its sites propose.

No word changes: a page of the site is public by its own clearance, and what another site proposes is shown on a repost,
which this site reviews (docs/features/distribution.md). Whatever is not public is not shown.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.distribution.models import HomeProposal
from content_library.distribution.permissions import reasons_against_recommending
from content_library.distribution.proposals import close_proposal, end_accepted, reasons_against_answering
from content_library.distribution.reposting import origin_of, reposts_on
from content_library.models import Repost
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.permissions import EDIT, may_on_content, reasons_against_writing_at
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.current import current_tenant
from sites.columns.models import Column
from sites.reposts.actions import repost_resource

from .events import PageRecommended
from .models import Recommended


def recommend_page(page: Page, *, acting_user: User) -> None:
    """Have a public page stand among the recommended ones of the home page. Raises Refused with the reasons."""
    with acting(acting_user, pages=[page.pk]) as held:
        page = held.page(page.pk)
        told = {"title": page.title}
        reasons = reasons_against_recommending(acting_user, current_tenant())
        reasons += reasons_against_writing_at(acting_user, page)
        if is_structural(page):
            reasons.append(_("“%(title)s”是首页或栏目，不能推荐。") % told)
        elif not page.live:
            reasons.append(_("“%(title)s”没有公开，发布之后才能推荐。") % told)
        elif Recommended.objects.filter(page=page).exists():
            reasons.append(_("“%(title)s”已经推荐到首页。") % told)
        if reasons:
            raise Refused(reasons)
        _recommend(page, acting_user)
        record_act("home.recommend", acting_user=acting_user, obj=page)


def end_recommendation(page: Page, *, acting_user: User) -> None:
    """Take a page off the recommended ones of the home page; the page itself stays. Raises Refused."""
    with acting(acting_user, pages=[page.pk]) as held:
        page = held.page(page.pk)
        reasons = reasons_against_recommending(acting_user, current_tenant())
        if reasons := [*reasons, *reasons_against_writing_at(acting_user, page)]:
            raise Refused(reasons)
        deleted, _kinds = Recommended.objects.filter(page=page).delete()
        if not deleted:
            raise Refused(_("“%(title)s”没有推荐到首页。") % {"title": page.title})
        end_accepted([page.pk])
        follow(PageRecommended(page=page))
        record_act("home.end_recommendation", acting_user=acting_user, obj=page)


def accept_proposal(proposal: HomeProposal, column: Column, *, acting_user: User) -> tuple[int, list[str]]:
    """Show what a site proposes on the home page: on the repost that there is, else on a new mirror in ``column``.

    Returns the id of that page, and why it could not be handed in for review; it is shown once it is public. Raises
    Refused with the reasons, also those that speak against the repost.
    """
    with acting(acting_user, pages=[column.pk]):
        reasons = reasons_against_answering(proposal, acting_user)
        if reasons := [*reasons, *reasons_against_writing_at(acting_user, column)]:
            raise Refused(reasons)
        # A copy is shown as what it was copied from, as everywhere.
        resource, tenant = origin_of(proposal.resource), current_tenant()
        present = reposts_on(tenant, [resource]).get(resource.pk)
        if present is None:
            made = repost_resource(resource, column=column, mode=Repost.Mode.MIRROR, acting_user=acting_user)
        page_id = present.page_id if present is not None else made.page_id
        page = Page.objects.get(pk=page_id)
        close_proposal(proposal, HomeProposal.State.ACCEPTED, decided_by=acting_user, page_id=page_id)
        _recommend(page, acting_user)
        detail = {"site": proposal.source.code, "column": page.get_parent().title, "resource": str(resource.uuid)}
        record_act("home.accept_proposal", acting_user=acting_user, obj=page, detail=detail)
    if present is not None:
        return page_id, []
    try:
        submit_for_review(page, acting_user=acting_user)
    except Refused as refusal:
        return page_id, refusal.reasons
    return page_id, []


def may_recommend(user: Any, page: Page) -> bool:
    """Tell whether a menu offers the screen for this page."""
    return bool(page.live and not is_structural(page) and may_on_content(user, EDIT))


def _recommend(page: Page, acting_user: User) -> None:
    facts = {"recommended_by": acting_user, "recommended_at": timezone.now()}
    Recommended.objects.get_or_create(page=page, defaults=facts)
    follow(PageRecommended(page=page))
