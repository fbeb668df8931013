"""A draft in another column, or as another kind of page (信息, 政策文件): what that means for it, and doing it.

The page stays the same: its number, its versions, opinions and findings, whoever had a hand in it. What the other kind
has no field for stays in the earlier versions, and comes back when the draft is changed back
(deploy/decisions/065-writing-goes-on.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelsearch import index
from wagtail.blocks import StreamValue
from wagtail.models import Page, ReferenceIndex, Revision, WorkflowState

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural, reasons_against_moving
from govplatform.review.permissions import EDIT, may_on_content
from govplatform.review.queries import site_path
from govplatform.review.reviewed_page import as_reviewed
from sites.articles.models import Article
from sites.columns.listing import end_listings_above
from sites.columns.models import Column, ColumnType
from sites.pages.content_page import ContentPage
from sites.pages.given_addresses import free_slug
from sites.pages.known_values import known_values
from sites.pages.left_as_typed import KEY, left_of
from sites.policies.models import Interpretation, PolicyDocument
from sites.service_guides.models import ServiceItem

from .permissions import require_writer

#: Kinds that may be changed into each other.
KINDS: Mapping[str, type[ContentPage]] = MappingProxyType(
    {"article": Article, "policy": PolicyDocument, "service": ServiceItem}
)
_USUAL: Mapping[str, Any] = MappingProxyType(
    {
        ColumnType.POLICIES: gettext_lazy("政策文件"),
        ColumnType.INTERPRETATIONS: gettext_lazy("政策解读"),
        ColumnType.SERVICES: gettext_lazy("办事指南"),
    }
)


@dataclass(frozen=True)
class Place:
    """Where a draft is to stand and as what. None: as it is."""

    column: Column | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Foreseen:
    """What a new place means, in the reader's words.

    ``before`` and ``after``: {"column", "kind", "address"}; ``left_out``: [(label, value)] that the other kind has no
    field for; ``filled``: [(label, value)] that it begins with; ``empty``: labels of its own fields that nothing is
    known for; ``missing``: what it asks for before 送审; ``hints``: sentences on what else changes.
    """

    before: dict[str, str]
    after: dict[str, str]
    left_out: list[tuple[str, str]] = field(default_factory=list)
    filled: list[tuple[str, str]] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def kind_of(page: Page) -> str | None:
    """Return the code of the kind of ``page`` (specific), None when it stays what it is."""
    return next((code for code, model in KINDS.items() if type(page) is model), None)


def reasons_against_placing(page: Any, place: Place) -> list[str]:
    """Say why a page (specific) may not get this place; empty when it may."""
    told = {"title": page.get_admin_display_title()}
    if is_structural(page):
        return [_("“%(title)s”是首页或栏目，在栏目管理里移动。") % told]
    if page.first_published_at is not None and not page.live:
        return [_("“%(title)s”曾经公开，网址要一直有答复，不能换栏目或类型。需要时请复制一份再改。") % told]
    # Whatever the new place is: the column is as much part of what is reviewed as the kind.
    reasons = reasons_against_moving(page, page.get_parent(), Page(pk=0))
    if place.kind is not None:
        reasons += _reasons_against_kind(page, place.kind)
    if place.column is not None and not page.can_move_to(place.column):
        reasons.append(_("栏目“%(column)s”里不能放这一类信息。") % {"column": place.column.title})
    return reasons


def foresee_place(page: Any, place: Place) -> Foreseen:
    """Return what ``place`` means for the newest version of ``page`` (specific). Nothing is stored."""
    now = page.get_latest_revision_as_object()
    then, filled = _as_kind(page, now, place)
    column = place.column or page.get_parent().specific
    slug = free_slug(page.slug, column, besides=page)
    changes_kind = type(then) is not type(now)
    before = {
        "column": page.get_parent().title,
        "kind": str(type(now)._meta.verbose_name),
        "address": site_path(page),
    }
    after = {
        "column": column.title,
        "kind": str(type(then)._meta.verbose_name),
        "address": f"{site_path(column)}{slug}/",
    }
    return Foreseen(
        before,
        after,
        left_out=_said(now, _own_fields(type(now), type(then))) if changes_kind else [],
        filled=_said(then, filled),
        empty=_empty(then, _own_fields(type(then), type(now))) if changes_kind else [],
        missing=[str(reason) for reason in as_reviewed(then).reasons_against_submitting()],
        hints=list(_hints(now, then, page, column)),
    )


def place_draft(page: Page, place: Place, *, acting_user: User) -> ContentPage:
    """Give a draft another column, another kind, or both, as one act; return the page as it is now.

    A new version is saved in the name of ``acting_user`` when the kind changes. Raises Refused with the reasons.
    """
    require_writer(acting_user)
    columns = [place.column.pk] if place.column is not None else []
    with acting(acting_user, pages=[page.pk, *columns]) as held:
        require_writer(acting_user, held.page(page.pk), *([place.column] if place.column is not None else []))
        draft: Any = held.page(page.pk).specific
        if place.column is not None:
            place = Place(Column.objects.get(pk=place.column.pk), place.kind)
        if reasons := reasons_against_placing(draft, place):
            raise Refused(reasons)
        moves = place.column is not None and place.column.pk != draft.get_parent().pk
        changes = place.kind is not None and place.kind != kind_of(draft)
        if not moves and not changes:
            raise Refused(_("“%(title)s”已经在这个栏目、是这个类型，没有需要改的。") % {"title": draft.title})
        detail: dict[str, Any] = {"before": {"column": draft.get_parent().title, "kind": type(draft)._meta.label_lower}}
        if changes:
            draft = _change_kind(draft, place, acting_user)
        if moves:
            draft = _move(draft, place.column, acting_user)
        detail["after"] = {"column": draft.get_parent().title, "kind": type(draft)._meta.label_lower}
        detail |= {"revision": draft.latest_revision_id, "address": site_path(draft)}
        record_act("page.place", acting_user=acting_user, obj=draft, detail=detail)
    return draft  # type: ignore[no-any-return]


# --- inside ------------------------------------------------------------------------------


def _reasons_against_kind(page: Any, kind: str) -> list[str]:
    names = "、".join(str(model._meta.verbose_name) for model in KINDS.values())
    if kind not in KINDS:
        return [_("没有“%(kind)s”这种类型，可用：%(known)s。") % {"kind": kind, "known": "、".join(KINDS)}]
    if kind_of(page) is None:
        told = {"kind": page._meta.verbose_name, "names": names}
        return [_("%(kind)s不能改变类型，只有%(names)s可以互改。") % told]
    if kind == kind_of(page):
        return []
    named = Interpretation.objects.filter(policy_id=page.pk).order_by("pk").values_list("title", flat=True)
    if type(page) is PolicyDocument and named:
        told = {"titles": "、".join(f"《{title}》" for title in named)}
        return [_("它是%(titles)s所解读的政策文件。请先在解读里改选另一件政策文件，再改变类型。") % told]
    return []


def _own_fields(model: type[ContentPage], other: type[ContentPage]) -> list[str]:
    """Names of the fields that ``model`` has and ``other`` has not."""
    known = {one.name for one in other._meta.get_fields()}
    return [one.name for one in model._meta.local_concrete_fields if one.name not in known and not one.primary_key]


def _as_kind(page: Any, now: Any, place: Place) -> tuple[Any, list[str]]:
    """Return (the newest version as the kind of ``place``, the names of the fields it begins with)."""
    model = KINDS.get(place.kind or "", type(now))
    if model is type(now):
        return now, []
    shared = {
        one.attname: getattr(now, one.attname) for one in model._meta.concrete_fields if hasattr(now, one.attname)
    }
    then: Any = model(**shared)
    then.content_type = ContentType.objects.get_for_model(model)
    then.page_ptr_id = now.pk
    then._cached_parent_obj = page.get_parent()
    filled = []
    column = place.column or page.get_parent().specific
    kept, left = _kept_before(page, model)
    then.left_as_typed = left_of(model, {**left, **now.left_as_typed})
    known = {**known_values(column), **kept}
    for name in _own_fields(model, type(now)):
        if name in known:
            one = model._meta.get_field(name)
            setattr(then, name, one.to_python(known[name]))
            filled.append(name)
    return then, filled


def _kept_before(page: Any, model: type[ContentPage]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (what the newest version that was of this kind says in the fields that other kinds have not, what was left
    as typed in them).
    """
    names = _own_fields(model, type(page))
    if not names:
        return {}, {}
    for content in page.revisions.order_by("-created_at", "-pk").values_list("content", flat=True):
        kept = {name: content[name] for name in names if content.get(name)}
        left = {name: one for name, one in (content.get(KEY) or {}).items() if name in names}
        if kept or left:
            return kept, left
    return {}, {}


def _said(page: Any, names: list[str]) -> list[tuple[str, str]]:
    """Return label and words of those fields that say something beyond what every new page says."""
    said = []
    for name in names:
        one = page._meta.get_field(name)
        value = getattr(page, name)
        if value in (None, "") or value == one.get_default() or (isinstance(value, StreamValue) and not value):
            continue
        if isinstance(value, StreamValue):
            value = _("%(count)d 块") % {"count": len(value)}
        words = getattr(page, f"get_{name}_display", lambda value=value: value)()
        said.append((str(one.verbose_name), str(words)))
    return said


def _empty(page: Any, names: list[str]) -> list[str]:
    return [str(page._meta.get_field(name).verbose_name) for name in names if getattr(page, name) in (None, "")]


def _hints(now: Any, then: Any, page: Any, column: Any) -> Any:
    usual = _USUAL.get(getattr(column, "column_type", ""))
    if usual is not None and str(usual) != str(type(then)._meta.verbose_name):
        told = {"column": column.title, "usual": usual, "kind": type(then)._meta.verbose_name}
        yield _("栏目“%(column)s”通常放%(usual)s，这一条会是%(kind)s。") % told
    source = known_values(page.get_parent().specific)["source"]
    if column.pk != page.get_parent().pk and now.source == source and known_values(column)["source"] != source:
        yield _("来源仍是“%(source)s”；新栏目的新稿一般是“%(usual)s”，需要时请自己改。") % {
            "source": source,
            "usual": known_values(column)["source"],
        }


def _change_kind(old: Any, place: Place, acting_user: User) -> Any:
    """Let the same page be of another kind. Its row of the old kind goes, everything that names the page stays."""
    then, _filled = _as_kind(old, old.get_latest_revision_as_object(), place)
    model, kind = type(then), ContentType.objects.get_for_model(then)
    index.remove_object(old)
    ReferenceIndex.remove_for_object(old)
    # The row of the new kind beside that of the page, and then the page is of that kind. Deleting the old row as Django
    # does it would take versions and reviews along.
    then.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=old.pk).update(content_type=kind)
    type(old)._base_manager.filter(pk=old.pk)._raw_delete(using=type(old)._base_manager.db)
    numbers = {"object_id": str(old.pk), "base_content_type": ContentType.objects.get_for_model(Page)}
    Revision.objects.filter(**numbers).update(content_type=kind)
    WorkflowState.objects.filter(**numbers).update(content_type=kind)
    page: Any = model._default_manager.get(pk=old.pk)
    for one in model._meta.concrete_fields:
        if one.name in _WRITTEN or one in model._meta.local_concrete_fields:
            setattr(page, one.attname, getattr(then, one.attname))
    page.left_as_typed = then.left_as_typed
    page.save(clean=False)
    page.save_revision(user=acting_user, clean=False, log_action=True)
    return model._default_manager.get(pk=old.pk)


#: What a person writes of the fields that every page has; the rest of them belongs to the stored page.
_WRITTEN = frozenset({"title", "draft_title", "slug", "seo_title", "search_description", "go_live_at", "expire_at"})


def _move(draft: Any, column: Any, acting_user: User) -> Any:
    """Move a draft below ``column``, with an address that is free there."""
    slug = free_slug(draft.slug, column, besides=draft)
    if slug != draft.slug:
        draft = draft.get_latest_revision_as_object()
        draft.slug = slug
        draft.save(clean=False)
        draft.save_revision(user=acting_user, clean=False)
    draft.move(column, pos="last-child", user=acting_user)
    moved = type(draft)._default_manager.get(pk=draft.pk)
    end_listings_above(moved)
    return moved


def may_place(user: Any, page: Any) -> bool:
    """Tell whether a menu offers the screen for this page."""
    return may_on_content(user, EDIT) and not reasons_against_placing(page, Place())
