"""The publishing gate in words (decision 024). The trigger in each schema has the last word."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.db.models import ManyToOneRel, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, get_page_models
from wagtail.query import PageQuerySet

from govplatform.confidentiality.models import Disposition
from govplatform.refusals import Refused

from ..models import Clearance, Decision, Withdrawal
from .digest import clearance_covers

#: Codes with which the triggers of the gate refuse: a page (GP002), a reviewer (GP003).
_GATE_CODES = frozenset({"GP002", "GP003"})


def moment_to_withdraw(page: Page) -> datetime:
    """The time of a withdrawal of ``page`` that is made now: never before the clearance that it takes back.

    Otherwise nothing could come down that was cleared before the clock was set back.
    """
    granted: datetime | None = Clearance.objects.filter(page_id=page.pk).aggregate(last=Max("granted_at"))["last"]
    return max(timezone.now(), granted) if granted is not None else timezone.now()


def is_refusal_of_gate(error: DatabaseError) -> bool:
    """Tell whether the gate's trigger refused. Any other error of the database may be over the next time."""
    return getattr(error.__cause__, "sqlstate", None) in _GATE_CODES


def is_structural(page: Page) -> bool:
    """Tell whether a page is a home page or column: the frame of the site, without content of its own."""
    return bool(getattr(page.specific_class, "is_structural", False)) or page.depth == 1


def is_never_shown(page: Page) -> bool:
    """Tell whether a page is cleared and never published (``ReviewedPage.never_shown``)."""
    return bool(getattr(page.specific_class, "never_shown", False))


def valid_clearance(page: Page) -> Clearance | None:
    """Return the clearance for the revision that is (or is about to be) live, or None."""
    return Clearance.objects.filter(
        page_id=page.pk, revision_id=page.live_revision_id, status=Clearance.Status.VALID
    ).first()


def require_clearance(page: Page) -> None:
    """Raise Refused unless ``page``, about to be stored live, is exactly what was cleared."""
    if page.pk is None or page.live_revision_id is None:
        raise Refused(_("“%(title)s”还没有经过审核：先送内容审核和保密审查，通过后自动发布。") % {"title": page.title})
    clearance = valid_clearance(page)
    if clearance is None:
        raise Refused(_("“%(title)s”的这一版本没有有效的审查通过，不能发布。请送审。") % {"title": page.title})
    require_public_columns_above(page)
    if not clearance_covers(clearance, page):
        raise Refused(
            _("“%(title)s”的内容、图片或附件与审查通过时不一致，不能发布。请重新送审。") % {"title": page.title}
        )


def require_public_columns_above(page: Page) -> None:
    """Raise Refused when ``page``, about to be shown, stands below a column that is not; what is shown already stays.

    The names in its address would be public, and nobody has confirmed them.
    """
    reasons = _named(page.get_ancestors())
    if reasons and not (page.pk is not None and Page.objects.filter(pk=page.pk, live=True).exists()):
        raise Refused(reasons)


def reasons_against_showing_below(parent: Page) -> list[str]:
    """Say which columns, from the top down to ``parent``, are not public; empty when all are."""
    return _named(parent.get_ancestors(inclusive=True))


def _named(columns: PageQuerySet) -> list[str]:
    """Name those of ``columns`` that are not public, from the top."""
    hidden = columns.filter(depth__gt=1, live=False).order_by("path")
    return [
        _("所在栏目“%(title)s”尚未公开，它的名称和网址还没有经人确认：待它公开后再办理，或移到别的栏目。")
        % {"title": title}
        for title in hidden.values_list("title", flat=True)
    ]


def require_nothing_shown_below(column: Page) -> None:
    """Raise Refused when ``column``, about to be stored as not public, has anything public below it."""
    if column.pk is None or not Page.objects.filter(pk=column.pk, live=True).exists():
        return
    if column.get_descendants().filter(live=True).exists():
        raise Refused(_("“%(title)s”之下还有已公开的栏目或信息，不能撤下；请先撤下它们。") % {"title": column.title})


def require_withdrawal(page: Page) -> None:
    """Raise Refused unless ``page``, live in the database and about to be stored otherwise, may come down.

    It may with a withdrawal and its reason, newer than the clearance, or at the end of the time cleared with it.
    """
    stored = Page.objects.filter(pk=page.pk, live=True).first()
    if stored is None:
        return
    if page.expired and stored.expire_at is not None and stored.expire_at <= timezone.now():
        return
    granted = (
        Clearance.objects.filter(page_id=page.pk, revision_id=stored.live_revision_id)
        .order_by("-granted_at")
        .values_list("granted_at", flat=True)
        .first()
    )
    since = {"withdrawn_at__gte": granted} if granted else {}
    if not Withdrawal.objects.filter(page_id=page.pk, **since).exists():
        raise Refused(_("“%(title)s”已经发布，撤下须写明理由：请由审查人办理撤回。") % {"title": page.title})


def reasons_against_deleting(page: Page) -> list[str]:
    """What was public or was decided on stays on record, and what a cleared page refers to stays as it was cleared.

    Empty for a draft nobody has judged, and for a column that nothing leads to.
    """
    if titles := _titles_of_cleared_referrers(page):
        return [
            _(
                "“%(title)s”是已通过审查的%(pages)s所引用的，删除会使公众看到的内容发生变化，不能删除。"
                "需要删除时，请先在引用它的信息中改去，送审发布后再删。"
            )
            % {"title": page.title, "pages": "、".join(f"《{title}》" for title in titles)}
        ]
    if is_structural(page):
        return []
    if page.live:
        return [_("“%(title)s”已经发布，不能删除；如需撤下，请由审查人办理撤回。") % {"title": page.title}]
    if page.first_published_at is not None or Decision.objects.filter(page_id=page.pk).exists():
        return [_("“%(title)s”发布过或有审查意见，须保留备查，不能删除。") % {"title": page.title}]
    if Disposition.objects.filter(page_id=page.pk).exists():
        return [_("“%(title)s”的扫描发现已有处理结论，须保留备查，不能删除。") % {"title": page.title}]
    return []


def _titles_of_cleared_referrers(page: Page) -> list[str]:
    """Titles of pages with a valid clearance that name ``page`` in a field of their own; deleting it would empty that.

    The policy that is interpreted, the column that a topic gathers from.
    """
    model = page.specific_class
    titles: list[str] = []
    # Most of these fields have no name on the other side, which Django calls hidden.
    for relation in model._meta.get_fields(include_hidden=True) if model is not None else ():
        if not isinstance(relation, ManyToOneRel) or relation.parent_link:
            continue
        referrer: Any = relation.related_model
        if not issubclass(referrer, Page) or getattr(referrer, "is_structural", True):
            continue
        cleared = referrer._default_manager.filter(
            **{relation.field.name: page.pk}, clearances__status=Clearance.Status.VALID
        )
        titles += cleared.exclude(pk=page.pk).order_by("pk").distinct().values_list("title", flat=True)
    return titles


def reasons_against_moving(page: Page, parent_before: Page, parent_after: Page) -> list[str]:
    """Say why a page may not get another parent; empty when it may.

    The column is part of what was cleared: a live page stays where it is. A column may be moved with everything below
    it, for no clearance says where its column stands, and the ledger answers the old addresses.
    """
    if parent_before.pk == parent_after.pk:
        return []
    if is_structural(page):
        reasons = reasons_against_showing_below(parent_after) if page.live else []
        if parent_after.get_children().filter(slug=page.slug).exclude(pk=page.pk).exists():
            reasons.append(
                _("“%(parent)s”之下已经有网址别名为“%(slug)s”的页面，请先改其中一个的别名再移动。")
                % {"parent": parent_after.title, "slug": page.slug}
            )
        return reasons
    told = {"title": page.title}
    if page.live:
        return [_("“%(title)s”已经发布，所在栏目也经过审查，不能移到别的栏目。") % told]
    if page.workflow_in_progress:
        return [_("“%(title)s”正在审核中，退回或撤回送审之后才能移到别的栏目。") % told]
    if Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).exists():
        return [_("“%(title)s”已通过审查、等待发布，所在栏目也经过审查，不能移到别的栏目。") % told]
    return []


def structural_types() -> list[int]:
    """Return the ContentType ids of home page and columns on the current site."""
    models = [model for model in get_page_models() if getattr(model, "is_structural", False)]
    return [ContentType.objects.get_for_model(model).pk for model in models]
