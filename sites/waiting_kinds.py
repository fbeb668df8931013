"""The sheet of what can wait for a person (``govplatform.waiting``), the most pressing kinds first."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import tenant_context
from wagtail.models import Page, WorkflowState

from content_library.distribution.proposals import waiting_proposals
from content_library.distribution.queries import duties, open_duties
from govplatform.accounts.credentials.resets import resets_to_decide
from govplatform.accounts.models import User
from govplatform.accounts.offers.rules import offers_to, offers_to_confirm
from govplatform.accounts.permissions import is_platform_operator, is_supervisor
from govplatform.accounts.queries import tenants_where
from govplatform.accounts.roles import CLERK, CONFIDENTIALITY_REVIEWER, EDITOR, REVIEWER_CODES, SITE_ADMIN
from govplatform.cases.clock import limit_of
from govplatform.cases.models import Case
from govplatform.cases.queries import opinions_to_give, to_accept, to_answer
from govplatform.consequences.queries import find_rows, line_words
from govplatform.delivery.findings import shown_unsettled
from govplatform.lifecycle.applications.permissions import reasons_against_deciding
from govplatform.lifecycle.applications.queries import open_applications
from govplatform.lifecycle.models import SiteNotice
from govplatform.review.frame.queries import proposals_for
from govplatform.review.submission.came_down import news_of_withdrawals
from govplatform.review.submission.followups import open_followups
from govplatform.review.submission.queue import waiting_reviews
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant
from govplatform.waiting.registry import Kind, Matter

from .arrivals.clearing import decisions_waiting_for
from .interviews.queries import (
    asked_interviews,
    forgotten_interviews,
    undecided_interviews,
    unwritten_interviews,
)
from .service_guides.queries import incomplete_guides
from .surveys.queries import surveys_without_result

logger = logging.getLogger("govplatform.waiting")
#: Of one site and kind no more than these are looked up.
_MOST = 200


def _at(site: Tenant, name: str, *args: object) -> str:
    return console_url(site, reverse(name, args=args))


def _is_over(limit: datetime | None) -> bool:
    return limit is not None and limit < timezone.now()


def _reviews(user: User) -> Sequence[Matter]:
    return [
        Matter(
            _t("%(step)s：%(title)s") % {"step": item.step_label, "title": item.title},
            item.tenant, _at(item.tenant, "review_page", item.page_id), item.waiting_since, item.deadline, item.late,
        )
        for item in waiting_reviews(user)
    ]  # fmt: skip


def _again(user: User) -> Sequence[Matter]:
    return [
        Matter(item.title, item.tenant, _at(item.tenant, "review_followups"), item.since, item.due_at, item.late)
        for item in open_followups(user)
    ]


def _down(user: User) -> Iterator[Matter]:
    console = console_tenant()
    edited = {tenant.pk for tenant in tenants_where(user, {EDITOR.code})}
    for item in news_of_withdrawals(user):
        if user.pk in item.writers and item.tenant.pk in edited:
            address = _at(item.tenant, "wagtailadmin_pages:edit", item.page_id)
        elif is_supervisor(user):
            address = _at(console, "review_followups")
        else:
            address = _at(item.tenant, "review_page", item.page_id)
        yield Matter(item.words, item.tenant, address, item.last_at)


def _in_each(sites: Iterable[Tenant], look: Callable[[Tenant], list[Matter]]) -> Iterator[Matter]:
    """What waits inside each of the sites. One that is broken keeps nobody from what waits on the others."""
    for site in sites:
        try:
            with transaction.atomic(), tenant_context(site):
                found = look(site)
        except DatabaseError as problem:
            logger.warning("what waits on %s cannot be read: %s", site.code, problem)
            continue
        yield from found


def _returned(user: User) -> Iterator[Matter]:
    def look(site: Tenant) -> list[Matter]:
        states = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
        keys = [int(key) for key in states.values_list("object_id", flat=True)]
        # A notice of the life of a site is written by the platform in the name of who filed, who is no editor here.
        notices = SiteNotice.objects.filter(site_id=site.pk, live_at=None, down_at=None, page_id__isnull=False)
        whose = Q(latest_revision__user=user) | Q(pk__in=list(notices.values_list("page_id", flat=True)))
        pages = Page.objects.filter(whose, pk__in=keys).order_by("-latest_revision_created_at")
        return [
            Matter(page.title, site, _at(site, "wagtailadmin_pages:edit", page.pk), page.latest_revision_created_at)
            for page in pages[:_MOST]
        ]

    return _in_each(tenants_where(user, {EDITOR.code}), look)


def _duties(user: User) -> Iterator[Matter]:
    for site in tenants_where(user, REVIEWER_CODES | {SITE_ADMIN.code}):
        for duty in duties(open_duties(site)[:_MOST]):
            push = duty.target.push
            yield Matter(push.resource.title, site, _at(site, "pushes"), push.requested_at, duty.due_at, duty.late)


def _offers(user: User) -> Iterator[Matter]:
    console = console_tenant()
    for offer in offers_to(user):
        if offer.accepted_at is None:
            title = _t("邀请你担任%(role)s") % {"role": offer.get_role_display()}
            yield Matter(title, offer.tenant, _at(offer.tenant, "own_offers"), offer.offered_at)
    for offer in offers_to_confirm(user):
        title = _t("确认 %(name)s 担任%(role)s") % {"name": offer.person.full_name, "role": offer.get_role_display()}
        at = console if is_supervisor(user) or is_platform_operator(user) else offer.tenant.parent or console
        yield Matter(title, offer.tenant, _at(at, "offers_to_confirm"), offer.offered_at)


def _resets(user: User) -> Sequence[Matter]:
    waiting = list(resets_to_decide(user).select_related("person"))
    if not waiting:
        return []
    address = _at(console_tenant(), "account_resets")
    return [
        Matter(_t("重设 %(name)s 的账号") % {"name": reset.person.full_name}, None, address, reset.requested_at)
        for reset in waiting
    ]


def _applications(user: User) -> Iterator[Matter]:
    if not is_supervisor(user):
        return
    console = console_tenant()
    for one in open_applications():
        if not reasons_against_deciding(one, user):
            yield Matter(
                str(one),
                one.tenant,
                _at(console, "site_application", one.pk),
                one.filed_at,
                one.due_at,
                _is_over(one.due_at),
            )


def _frames(user: User) -> Iterator[Matter]:
    sites = list(tenants_where(user, REVIEWER_CODES | {SITE_ADMIN.code}))
    if is_supervisor(user) or is_platform_operator(user):
        sites.append(console_tenant())

    def look(site: Tenant) -> list[Matter]:
        words = _t("文字改动：%(name)s")
        return [
            Matter(words % {"name": one.object_title}, site, _at(site, "frame_texts"), one.proposed_at)
            for one in proposals_for(user)[:_MOST]
        ]

    return _in_each(sites, look)


def _arrivals(user: User) -> Iterator[Matter]:
    def look(site: Tenant) -> list[Matter]:
        waiting = decisions_waiting_for(user)
        return [Matter(str(decision), site, _at(site, "arrivals"), decision.proposed_at) for decision in waiting]

    return _in_each(tenants_where(user, {CONFIDENTIALITY_REVIEWER.code}), look)


def _proposals(user: User) -> Iterator[Matter]:
    for one in waiting_proposals(*tenants_where(user, {EDITOR.code}))[:_MOST]:
        yield Matter(one.resource.title, one.target, _at(one.target, "home_proposals"), one.proposed_at)


def _late_words(case: Case) -> str:
    """Number and kind; of what is late the article as well, which whoever is late is held to."""
    return f"{case}（{limit_of(case).article}）" if case.is_late and not case.is_over else str(case)


def _letter(case: Case, site: Tenant) -> Matter:
    # The number alone: what somebody wrote is read where each look at it can be told.
    limit = case.due
    return Matter(_late_words(case), site, _at(site, "case", case.pk), case.submitted_at, limit, case.is_late)


def _letters(user: User) -> Iterator[Matter]:
    for case in to_accept(tenants_where(user, {CLERK.code}))[:_MOST]:
        yield _letter(case, case.desk)
    for case in to_answer(tenants_where(user, {EDITOR.code}))[:_MOST]:
        assert case.organisation is not None
        yield _letter(case, case.organisation)
    for opinion in opinions_to_give(tenants_where(user, {EDITOR.code}))[:_MOST]:
        assert opinion.site is not None
        yield _letter(opinion.case, opinion.site)


def _guides(user: User) -> Iterator[Matter]:
    def look(site: Tenant) -> list[Matter]:
        lacking = incomplete_guides().count()
        if not lacking:
            return []
        return [Matter(_t("%(count)d 篇办事指南有缺项") % {"count": lacking}, site, _at(site, "services"))]

    return _in_each(tenants_where(user, {EDITOR.code, SITE_ADMIN.code}), look)


def _interviews(user: User) -> Iterator[Matter]:
    """For editors what was left open, what waits for its transcript, and what citizens ask; for confidentiality
    reviewers what comes soon and has no decision."""

    def of_editors(site: Tenant) -> list[Matter]:
        left = [
            Matter(_t("访谈一直开着：%(title)s") % {"title": one.page.title}, site, _at(site, "interview", one.page_id),
                   one.changed_at, late=True)
            for one in forgotten_interviews()
        ]  # fmt: skip
        ended = [
            Matter(_t("访谈等待实录：%(title)s") % {"title": one.page.title}, site, _at(site, "interview", one.page_id),
                   one.ended_at)
            for one in unwritten_interviews()
        ]  # fmt: skip
        asked = [
            Matter(_t("网友提问 %(n)d 个：%(title)s") % {"n": page.waiting, "title": page.title}, site,
                   _at(site, "interview_questions", page.pk), None, page.asks_until)
            for page in asked_interviews()[:_MOST]
        ]  # fmt: skip
        return [*left, *ended, *asked]

    def of_confidentiality(site: Tenant) -> list[Matter]:
        return [
            Matter(_t("访谈等待保密审查决定：%(title)s") % {"title": page.title}, site, _at(site, "interview", page.pk),
                   None, page.starts_at, _is_over(page.starts_at))
            for page in undecided_interviews()[:_MOST]
        ]  # fmt: skip

    yield from _in_each(tenants_where(user, {EDITOR.code}), of_editors)
    yield from _in_each(tenants_where(user, {CONFIDENTIALITY_REVIEWER.code}), of_confidentiality)


def _surveys(user: User) -> Iterator[Matter]:
    def look(site: Tenant) -> list[Matter]:
        return [
            Matter(one.title, site, _at(site, "survey", one.pk), one.closes_at)
            for one in surveys_without_result()[:_MOST]
        ]

    return _in_each(tenants_where(user, {EDITOR.code}), look)


def _undone(user: User) -> Sequence[Matter]:
    if not is_platform_operator(user):
        return []
    address = _at(console_tenant(), "consequences")
    return [Matter(line_words(row.line), None, address, row.made_at) for row in find_rows()[:_MOST]]


def _tampered(user: User) -> Sequence[Matter]:
    if not is_platform_operator(user):
        return []
    address = _at(console_tenant(), "deliveries")
    return [
        Matter(
            _t("静态页面被改动：%(where)s（%(fault)s）") % {"where": one.where_words, "fault": one.fault_words},
            one.tenant, address, one.taken_in_at,
        )
        for one in shown_unsettled(_MOST)
    ]  # fmt: skip


KINDS = (
    Kind("tampered", _("静态页面被改动"), _tampered),
    Kind("review", _("等待审查"), _reviews),
    Kind("again", _("等待复核和确认"), _again),
    Kind("returned", _("退回修改"), _returned),
    Kind("down", _("已撤回的信息"), _down),
    Kind("letter", _("来信办理"), _letters),
    Kind("duty", _("限时转载"), _duties),
    Kind("application", _("网站事项审批"), _applications),
    Kind("frame", _("文字改动确认"), _frames),
    Kind("arrival", _("历史内容审查决定"), _arrivals),
    Kind("proposal", _("下级站点的推荐"), _proposals),
    Kind("guides", _("办事指南有缺项"), _guides),
    Kind("interview", _("在线访谈"), _interviews),
    Kind("survey", _("征集调查已结束，没有公布结果"), _surveys),
    Kind("offer", _("任职邀请"), _offers),
    Kind("reset", _("账号重设"), _resets),
    Kind("undone", _("没有办成的后续事项"), _undone),
)
